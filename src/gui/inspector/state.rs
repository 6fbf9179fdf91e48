//! The inspector of a state.

use egui::{RichText, Ui};
use egui_phosphor::regular as icon;

use super::{Scene, choose, choose_sized, ended_by};
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::trigger_text::print_trigger;
use crate::model::{Edit, Node, NodeId, NodeKind, Point, Transition};

impl Scene<'_> {
    pub(super) fn state(&self, ui: &mut Ui, id: NodeId, requests: &mut Vec<Request>) {
        let Some(node) = self.project.nodes.get(&id) else { return };
        self.head(ui, node.kind.label(), &node.name);
        self.problems_of(ui, id.into());
        self.edit(ui, |ui| self.about(ui, node, requests));
        self.nesting(ui, node, requests);
        self.arrows(ui, id, requests);
        self.section(ui, "On entry");
        if let Some(actions) = self.edit(ui, |ui| self.actions_editor(ui, ("entry", id), &node.on_entry)) {
            requests.push(Request::Edit(Edit::SetEntryActions(id, actions)));
        }
        self.section(ui, "On exit");
        if let Some(actions) = self.edit(ui, |ui| self.actions_editor(ui, ("exit", id), &node.on_exit)) {
            requests.push(Request::Edit(Edit::SetExitActions(id, actions)));
        }
    }

    fn about(&self, ui: &mut Ui, node: &Node, requests: &mut Vec<Request>) {
        let id = node.id;
        self.name_field(ui, id.into(), &node.name, |name| Edit::RenameNode(id, name), requests);
        self.caption(ui, "Stage of the lifecycle");
        if let Some(stage) = self.stage_combo(ui, "stage", &[node.stage]) {
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
        });
        self.caption(ui, "Kind");
        Self::kind_choice(ui, id, node.kind, requests);
    }

    fn kind_choice(ui: &mut Ui, id: NodeId, kind: NodeKind, requests: &mut Vec<Request>) {
        let text = |kind: &NodeKind| {
            String::from(match kind {
                NodeKind::State => "a state: contacts rest here",
                NodeKind::Group => "a group: one state inside is active",
                NodeKind::Parallel => "a parallel: every group inside is active",
                NodeKind::End => "an end: the journey, or its group, is over",
                NodeKind::Resume => "a resume: back to where the group was left",
            })
        };
        if let Some(kind) =
            choose(ui, ("kind", id), ("Kind", &text(&kind)), &NodeKind::ALL, text, |other| *other == kind)
        {
            requests.push(Request::Edit(Edit::SetNodeKind(id, kind)));
        }
    }

    /// Which group is around it, what is inside, and where that begins.
    fn nesting(&self, ui: &mut Ui, node: &Node, requests: &mut Vec<Request>) {
        let inside: Vec<&Node> = self.project.children(Some(node.id)).collect();
        self.edit(ui, |ui| self.place(ui, node, &inside, requests));
        if !holds(node) {
            return;
        }
        self.caption(ui, "Holds");
        for child in &inside {
            if self.theme.quiet_button(ui, format!("{}  {}", icon::ARROW_ELBOW_DOWN_RIGHT, child.name)).clicked() {
                requests.push(Request::Show(child.id.into()));
            }
        }
        let buttons = |ui: &mut Ui| {
            if self.theme.secondary_button(ui, format!("{}  State inside", icon::PLUS)).clicked() {
                let free =
                    (1..).map(|n: u32| if n == 1 { String::from("New state") } else { format!("New state {n}") });
                let taken = |name: &String| inside.iter().any(|child| child.name.eq_ignore_ascii_case(name));
                let bottom = inside.iter().map(|child| child.position.y).fold(node.position.y - 104.0, f32::max);
                requests.push(Request::Create(Edit::AddNode {
                    kind: NodeKind::State,
                    name: free.into_iter().find(|name| !taken(name)).unwrap_or_default(),
                    parent: Some(node.id),
                    position: Point::new(node.position.x, bottom + 104.0),
                }));
            }
            if !inside.is_empty() && self.theme.secondary_button(ui, "Ungroup").clicked() {
                requests.push(Request::Edit(Edit::Ungroup(node.id)));
            }
        };
        self.edit(ui, |ui| ui.horizontal(buttons));
    }

    /// Which group is around it, and where it begins.
    fn place(&self, ui: &mut Ui, node: &Node, inside: &[&Node], requests: &mut Vec<Request>) {
        let order = self.project.document_order();
        let groups: Vec<Option<NodeId>> = std::iter::once(None)
            .chain(
                order
                    .iter()
                    .map(|(_, other)| *other)
                    .filter(|other| holds(other) && other.id != node.id)
                    .map(|other| Some(other.id)),
            )
            .collect();
        if groups.len() > 1 {
            self.caption(ui, "Inside");
            let text = |group: &Option<NodeId>| {
                group.map_or_else(|| String::from("no group"), |group| self.project.node_label(group))
            };
            let current = text(&node.parent);
            if let Some(parent) =
                choose(ui, ("parent", node.id), ("Inside", &current), &groups, text, |group| *group == node.parent)
            {
                requests.push(Request::Edit(Edit::SetParent(vec![node.id], parent)));
            }
        }
        let name = |id: &NodeId| self.project.node_label(*id);
        if node.kind == NodeKind::Group && !inside.is_empty() {
            self.caption(ui, "Begins with");
            let states: Vec<NodeId> =
                inside.iter().filter(|child| child.kind != NodeKind::Resume).map(|child| child.id).collect();
            let current = node.initial.map_or_else(|| String::from("nothing yet"), |initial| name(&initial));
            if let Some(initial) = choose(ui, ("initial", node.id), ("Begins with", &current), &states, name, |id| {
                Some(*id) == node.initial
            }) {
                requests.push(Request::Edit(Edit::SetInitial(node.id, initial)));
            }
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
                let later =
                    self.order_button(ui, icon::CARET_DOWN, "Try later", self.editable && index + 1 < arrows.len());
                let earlier = self.order_button(ui, icon::CARET_UP, "Try earlier", self.editable && index > 0);
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
        let chosen = self.edit(ui, |ui| {
            let width = ui.available_width();
            choose_sized(ui, ("new arrow", id), width, ("New arrow", &current), &targets, name, |_| false)
        });
        if let Some(target) = chosen {
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

/// Whether others can stand inside it.
fn holds(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Group | NodeKind::Parallel)
}
