//! The inspector of a team.

use egui::Ui;

use super::Scene;
use crate::gui::request::Request;
use crate::model::{Edit, TeamId};

impl Scene<'_> {
    pub(super) fn team(&self, ui: &mut Ui, id: TeamId, requests: &mut Vec<Request>) {
        let Some(team) = self.project.teams.get(&id) else { return };
        self.head(ui, "team", &team.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &team.name, |name| Edit::RenameTeam(id, name), requests);
        self.uses_of(ui, id.into(), requests);
        self.delete_button(ui, vec![id.into()], requests);
    }
}
