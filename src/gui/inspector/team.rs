//! The inspector of a team.

use egui::Ui;

use super::Scene;
use super::assumption::Place;
use crate::analysis::Bounds;
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{Edit, Hours, TeamId};

impl Scene<'_> {
    pub(super) fn team(&self, ui: &mut Ui, id: TeamId, requests: &mut Vec<Request>) {
        let Some(team) = self.project.teams.get(&id) else { return };
        self.head(ui, "team", &team.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &team.name, |name| Edit::RenameTeam(id, name), requests);
        let mut changed = team.clone();
        self.caption(ui, "Works, in the time zone of the journey");
        if let Some(hours) = self.hours_field(ui, ("team hours", id), "Hours", team.hours) {
            changed.hours = hours;
        }
        self.caption(ui, "People");
        let place = Place { name: "People", unit: "", bounds: Bounds::NotNegative };
        self.assumption(ui, ("people", id), &place, &mut changed.people);
        self.caption(ui, "What one of them gets done in a week");
        let place = Place { name: "Done in a week", unit: "", bounds: Bounds::NotNegative };
        self.assumption(ui, ("per week", id), &place, &mut changed.per_week);
        let together = (team.people.likely * team.per_week.likely * 100.0).round() / 100.0;
        ui.label(self.theme.caption(format!("Together {together} a week. Contacts who need the team wait in turn.")));
        self.caption(ui, "Note");
        let look = Look::line("Note").rows(2);
        if let Some(note) = text_field(ui, ("team note", id), &team.note, &look).finished {
            changed.note = note;
        }
        if changed != *team {
            requests.push(Request::Edit(Edit::SetTeam(changed)));
        }
        self.uses_of(ui, id.into(), requests);
        self.delete_button(ui, vec![id.into()], requests);
    }

    /// The hours once they were changed; what cannot be read stays, with the reason below.
    pub(super) fn hours_field(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        name: &str,
        hours: Hours,
    ) -> Option<Hours> {
        let field = text_field(ui, key, &hours.to_string(), &Look::line(name).hint("Mon–Fri 09:00–17:00"));
        match field.draft.parse::<Hours>() {
            Ok(hours) => field.finished.map(|_| hours),
            Err(problem) => {
                self.refused(ui, key, &field, &format!("{problem}."));
                None
            }
        }
    }
}
