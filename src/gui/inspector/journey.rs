//! The inspector of the journey as a whole: what is shown when nothing is selected.

use egui::Ui;

use super::{Scene, choose};
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{Edit, EntityId, NodeId};

impl Scene<'_> {
    pub(super) fn journey(&self, ui: &mut Ui, requests: &mut Vec<Request>) {
        let info = &self.project.info;
        self.head(ui, "Journey", &info.name);
        self.problems_of(ui, EntityId::Info);
        self.caption(ui, "What it is about, and the question it answers");
        let note = text_field(ui, "journey note", &info.note, &Look::line("Note").rows(5));
        if let Some(note) = note.finished {
            requests.push(Request::Edit(Edit::SetJourneyNote(note)));
        }
        self.caption(ui, "Contacts start in");
        let states: Vec<NodeId> = self.project.document_order().iter().map(|(_, node)| node.id).collect();
        let current = info.start.map_or_else(|| String::from("nowhere yet"), |start| self.project.node_label(start));
        let name = |id: &NodeId| self.project.node_label(*id);
        if let Some(start) =
            choose(ui, "start", ("Contacts start in", &current), &states, name, |id| Some(*id) == info.start)
        {
            requests.push(Request::Edit(Edit::SetStart(start)));
        }
        self.caption(ui, "Time zone");
        let look = Look::line("Time zone").hint("UTC, or Europe/Berlin");
        let field = text_field(ui, "journey zone", &info.zone, &look);
        if field.draft != info.zone {
            let edit = Edit::SetZone(field.draft.clone());
            requests.extend(self.accepted(ui, "journey zone", &field, edit));
        }
        self.policy(ui, requests);
        self.discount(ui, requests);
        ui.add_space(self.theme.spacing.medium);
        self.theme.sunken_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(self.theme.muted("Select a state or an arrow to see and change what it does."));
        });
    }
}
