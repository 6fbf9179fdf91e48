//! The inspector of a state.

use egui::{RichText, Ui};
use egui_phosphor::regular as icon;

use super::{Scene, choose, choose_sized, ended_by};
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::trigger_text::print_trigger;
use crate::model::{Edit, NodeId, NodeKind, Transition};

impl Scene<'_> {
    pub(super) fn state(&self, ui: &mut Ui, id: NodeId, requests: &mut Vec<Request>) {
        let Some(node) = self.project.nodes.get(&id) else { return };
        self.head(ui, node.kind.label(), &node.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &node.name, |name| Edit::RenameNode(id, name), requests);
        self.caption(ui, "Stage of the lifecycle");
        if let Some(stage) = self.stage_combo(ui, "stage", node.stage) {
            requests.push(Request::Edit(Edit::SetStage(vec![id], stage)));
        }
        self.caption(ui, "Owner: who is responsible");
        let look = Look::line("Owner").hint("Marketing, Sales, CRM …");
        if let Some(owner) = text_field(ui, ("owner", id), &node.owner, &look).finished {
            requests.push(Request::Edit(Edit::SetOwner(id, owner)));
        }
        self.caption(ui, "Note");
        let look = Look::line("Note").rows(2).hint("What it means to be here");
        if let Some(note) = text_field(ui, ("note", id), &node.note, &look).finished {
            requests.push(Request::Edit(Edit::SetNodeNote(id, note)));
        }
        ui.horizontal(|ui| {
            if self.project.info.start == Some(id) {
                ui.label(self.theme.muted(format!("{}  Contacts start here", icon::FLAG)));
            } else if self.theme.secondary_button(ui, format!("{}  Start here", icon::FLAG)).clicked() {
                requests.push(Request::Edit(Edit::SetStart(id)));
            }
            Self::kind_choice(ui, id, node.kind, requests);
        });
        self.arrows(ui, id, requests);
        self.section(ui, "On entry");
        if let Some(actions) = self.actions_editor(ui, ("entry", id), &node.on_entry) {
            requests.push(Request::Edit(Edit::SetEntryActions(id, actions)));
        }
        self.section(ui, "On exit");
        if let Some(actions) = self.actions_editor(ui, ("exit", id), &node.on_exit) {
            requests.push(Request::Edit(Edit::SetExitActions(id, actions)));
        }
        self.delete_button(ui, vec![id.into()], requests);
    }

    /// States and ends run in this version; the other kinds can only have come with a file.
    fn kind_choice(ui: &mut Ui, id: NodeId, kind: NodeKind, requests: &mut Vec<Request>) {
        let kinds = [NodeKind::State, NodeKind::End];
        let text = |kind: &NodeKind| {
            String::from(if *kind == NodeKind::End {
                "an end: the journey is over"
            } else {
                "a state: contacts rest here"
            })
        };
        let current = match kind {
            NodeKind::State | NodeKind::End => text(&kind),
            other => other.label().to_owned(),
        };
        if let Some(kind) = choose(ui, ("kind", id), &current, &kinds, text, |other| *other == kind) {
            requests.push(Request::Edit(Edit::SetNodeKind(id, kind)));
        }
    }

    fn arrows(&self, ui: &mut Ui, id: NodeId, requests: &mut Vec<Request>) {
        self.section(ui, "Arrows that leave");
        let arrows: Vec<&Transition> = self.project.outgoing(id).collect();
        if arrows.len() > 1 {
            ui.label(self.theme.caption("Tried from top to bottom: the first whose condition holds is taken."));
        }
        for (index, arrow) in arrows.iter().enumerate() {
            let order = |ui: &mut Ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                // From the right: later stands at the end of the line.
                let later = self.order_button(ui, icon::CARET_DOWN, "Try later", index + 1 < arrows.len());
                let earlier = self.order_button(ui, icon::CARET_UP, "Try earlier", index > 0);
                (earlier, later)
            };
            let link = |ui: &mut Ui| {
                let size = egui::vec2(ui.available_width(), 28.0);
                let button = egui::Button::new(RichText::new(self.arrow_text(arrow))).truncate();
                ui.add_sized(size, button)
                    .on_hover_text(crate::model::sentence::transition(self.project, arrow))
                    .clicked()
            };
            let ((earlier, later), clicked) = ended_by(ui, order, link);
            if earlier || later {
                requests.push(Request::Edit(Edit::Rank(arrow.id, if earlier { index - 1 } else { index + 1 })));
            }
            if clicked {
                requests.push(Request::Show(arrow.id.into()));
            }
        }
        if self.project.nodes.get(&id).is_some_and(|node| node.kind == NodeKind::End) {
            ui.label(self.theme.muted("No arrow can leave an end."));
            return;
        }
        let targets: Vec<Option<NodeId>> =
            std::iter::once(None).chain(self.project.document_order().iter().map(|(_, node)| Some(node.id))).collect();
        let name = |target: &Option<NodeId>| match target {
            None => String::from("(stay here)"),
            Some(target) => self.project.node_label(*target),
        };
        let current = format!("{}  New arrow to …", icon::PLUS);
        if let Some(target) =
            choose_sized(ui, ("new arrow", id), ui.available_width(), &current, &targets, name, |_| false)
        {
            requests.push(Request::Create(Edit::AddTransition { source: id, target, trigger: String::new() }));
        }
    }

    fn order_button(&self, ui: &mut Ui, sign: &str, name: &str, possible: bool) -> bool {
        let response = ui.add_enabled_ui(possible, |ui| self.theme.quiet_button(ui, sign)).inner;
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, possible, name));
        response.on_hover_text(name).clicked()
    }

    /// `purchase [count(purchase) >= 5] → Loyal`
    pub(super) fn arrow_text(&self, arrow: &Transition) -> String {
        let trigger = print_trigger(self.project, &arrow.trigger);
        let trigger = if trigger.is_empty() { String::from("no trigger") } else { trigger };
        let guard = if arrow.guard.is_empty() { String::new() } else { format!(" [{}]", arrow.guard) };
        let target = arrow.target.map_or_else(|| String::from("(stay)"), |target| self.project.node_label(target));
        format!("{trigger}{guard} → {target}")
    }
}
