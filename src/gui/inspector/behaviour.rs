//! The inspector of a behaviour.

use egui::Ui;

use super::Scene;
use crate::gui::request::Request;
use crate::model::{BehaviourId, Edit};

impl Scene<'_> {
    pub(super) fn behaviour(&self, ui: &mut Ui, id: BehaviourId, requests: &mut Vec<Request>) {
        let Some(behaviour) = self.project.behaviours.get(&id) else { return };
        self.head(ui, "behaviour", &behaviour.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &behaviour.name, |name| Edit::RenameBehaviour(id, name), requests);
        self.uses_of(ui, id.into(), requests);
        self.delete_button(ui, vec![id.into()], requests);
    }
}
