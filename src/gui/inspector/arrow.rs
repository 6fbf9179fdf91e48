//! The inspector of an arrow: read aloud, then part by part.

use egui::Ui;

use super::{Scene, choose};
use crate::gui::request::Request;
use crate::model::{Edit, NodeId, NodeKind, TransitionId, sentence};

impl Scene<'_> {
    pub(super) fn arrow(&self, ui: &mut Ui, id: TransitionId, requests: &mut Vec<Request>) {
        let Some(arrow) = self.project.transitions.get(&id) else { return };
        ui.label(self.theme.caption("arrow"));
        self.theme.sunken_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(self.theme.subheading(sentence::transition(self.project, arrow)));
        });
        self.problems_of(ui, id.into());
        self.section(ui, "When");
        if let Some(words) = self.trigger_editor(ui, arrow) {
            requests.push(Request::Edit(Edit::SetTrigger(id, words)));
        }
        self.section(ui, "If");
        if let Some(text) = self.guard_editor(ui, ("guard", id), &arrow.guard) {
            requests.push(Request::Edit(Edit::SetGuard(id, text)));
        }
        self.section(ui, "Then");
        if let Some(actions) = self.actions_editor(ui, ("actions", id), &arrow.actions) {
            requests.push(Request::Edit(Edit::SetTransitionActions(id, actions)));
        }
        self.section(ui, "From and to");
        self.ends(ui, id, requests);
    }

    fn ends(&self, ui: &mut Ui, id: TransitionId, requests: &mut Vec<Request>) {
        let arrow = &self.project.transitions[&id];
        let nodes: Vec<NodeId> = self.project.document_order().iter().map(|(_, node)| node.id).collect();
        let name = |id: &NodeId| self.project.node_label(*id);
        let sources: Vec<NodeId> =
            nodes.iter().copied().filter(|id| self.project.nodes[id].kind != NodeKind::End).collect();
        self.caption(ui, "From");
        if let Some(source) =
            choose(ui, ("source", id), ("From", &name(&arrow.source)), &sources, name, |node| *node == arrow.source)
        {
            requests.push(Request::Edit(Edit::SetSource(id, source)));
        }
        self.caption(ui, "To");
        let targets: Vec<Option<NodeId>> = std::iter::once(None).chain(nodes.into_iter().map(Some)).collect();
        let target_name = |target: &Option<NodeId>| {
            target.as_ref().map_or_else(|| String::from("(stay: nothing is left, no timer starts again)"), name)
        };
        let current = target_name(&arrow.target);
        if let Some(target) =
            choose(ui, ("target", id), ("To", &current), &targets, target_name, |node| *node == arrow.target)
        {
            requests.push(Request::Edit(Edit::SetTarget(id, target)));
        }
        if self.project.ends_inside(arrow) {
            let mut restart = arrow.restart;
            if ui.checkbox(&mut restart, "Leave and enter anew: timers start again").changed() {
                requests.push(Request::Edit(Edit::SetRestart(id, restart)));
            }
        }
        let source = self.project.nodes.get(&arrow.source);
        if source.is_some_and(|node| matches!(node.kind, NodeKind::Group | NodeKind::Parallel)) {
            let mut interrupt = arrow.interrupt;
            if ui.checkbox(&mut interrupt, "Interrupt: nothing inside can answer before it").changed() {
                requests.push(Request::Edit(Edit::SetInterrupt(id, interrupt)));
            }
        }
    }
}
