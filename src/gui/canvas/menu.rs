//! What a right click offers.

use egui::{Popup, Response, SetOpenCommand, Ui};
use egui_phosphor::regular as icon;

use super::projection::Hit;
use super::{Canvas, CanvasView};
use crate::gui::breakpoint;
use crate::gui::command::Command;
use crate::gui::request::Request;
use crate::gui::theme::Theme;
use crate::model::{Edit, EntityId, Node, NodeId, NodeKind, Stage, TransitionId};

impl Canvas {
    pub(super) fn menu(
        &mut self,
        ui: &Ui,
        view: &CanvasView,
        background: &Response,
        touched: &[(Hit, Response)],
        requests: &mut Vec<Request>,
    ) {
        let any = |asked: fn(&Response) -> bool| asked(background) || touched.iter().any(|(_, region)| asked(region));
        let command = if any(Response::secondary_clicked) {
            if let Some(pos) = ui.input(|input| input.pointer.latest_pos()) {
                let hit = self.hit(pos);
                self.menu = (self.camera.canvas_from_screen(pos), hit);
                select_under(view, hit.map_or_else(Vec::new, |hit| self.meant_by(hit)), requests);
            }
            Some(SetOpenCommand::Bool(true))
        } else {
            any(Response::clicked).then_some(SetOpenCommand::Bool(false))
        };
        Popup::context_menu(background).open_memory(command).show(|ui| {
            ui.set_min_width(200.0);
            match self.menu.1 {
                Some(Hit::Card(node)) if view.editable => self.card_menu(ui, view, node, requests),
                Some(Hit::Arrow(arrow)) if view.editable => self.arrow_menu(ui, view, arrow, requests),
                Some(Hit::Card(node)) => breakpoint_entries(ui, view, node.into(), requests),
                Some(Hit::Arrow(arrow)) => breakpoint_entries(ui, view, arrow.into(), requests),
                None => self.canvas_menu(ui, view, requests),
            }
        });
    }

    fn canvas_menu(&mut self, ui: &mut Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        if view.editable {
            for (kind, symbol) in [
                (NodeKind::State, icon::PLUS),
                (NodeKind::Group, icon::STACK),
                (NodeKind::Parallel, icon::COLUMNS),
                (NodeKind::End, icon::FLAG_CHECKERED),
                (NodeKind::Resume, icon::CLOCK_COUNTER_CLOCKWISE),
            ] {
                if entry(ui, symbol, &format!("New {} here", kind.label()), "") {
                    requests.push(self.new_state(view.project, kind, self.menu.0));
                }
            }
            command(ui, Command::Paste, requests);
            ui.separator();
        }
        if entry(ui, icon::SELECTION_ALL, "Select all", "Ctrl+A") {
            let nodes = view.project.nodes.keys().map(|id| EntityId::from(*id));
            let arrows = view.project.transitions.keys().map(|id| EntityId::from(*id));
            requests.push(Request::Select(nodes.chain(arrows).collect()));
        }
        if view.editable && entry(ui, Command::Tidy.icon(), Command::Tidy.name(), "Ctrl+Shift+T") {
            requests.push(Request::Command(Command::Tidy));
        }
        if entry(ui, icon::CORNERS_OUT, "Show everything", "Shift+1") {
            self.fit();
        }
        if entry(ui, icon::MAGNIFYING_GLASS, "Zoom to 100 %", "Ctrl+0") {
            self.zoom_to_100();
        }
        let words = if self.shows_minimap() { "Hide the minimap" } else { "Show the minimap" };
        if entry(ui, Command::Minimap.icon(), words, "Ctrl+M") {
            self.toggle_minimap();
        }
        command(ui, Command::Find, requests);
    }

    fn card_menu(&mut self, ui: &mut Ui, view: &CanvasView, id: NodeId, requests: &mut Vec<Request>) {
        let Some(node) = view.project.nodes.get(&id) else { return };
        if entry(ui, icon::PENCIL_SIMPLE, "Rename", "F2") {
            self.start_rename(id);
        }
        if view.project.info.start != Some(id) && entry(ui, icon::PLAY_CIRCLE, "Start here", "") {
            requests.push(Request::Edit(Edit::SetStart(id)));
        }
        let around = node.parent.and_then(|parent| view.project.nodes.get(&parent));
        if let Some(group) = around.filter(|group| group.kind == NodeKind::Group && group.initial != Some(id))
            && node.kind != NodeKind::Resume
            && entry(ui, icon::SIGN_IN, &format!("Begin {} here", group.name), "")
        {
            requests.push(Request::Edit(Edit::SetInitial(group.id, id)));
        }
        stage_menu(ui, view.theme, id, node.stage, requests);
        ui.menu_button(format!("{}  Kind", icon::SHAPES), |ui| {
            for kind in NodeKind::ALL {
                let chosen = node.kind == kind;
                if ui.selectable_label(chosen, kind.label()).clicked() && !chosen {
                    requests.push(Request::Edit(Edit::SetNodeKind(id, kind)));
                    ui.close();
                }
            }
        });
        if !matches!(node.kind, NodeKind::End | NodeKind::Resume) {
            ui.separator();
            let trigger = String::new;
            if entry(ui, icon::ARROW_RIGHT, "Add a connected state", "Ctrl+Right")
                && let Some(card) = self.projection.card(id)
            {
                let beside = card.rect.center() + egui::vec2(304.0, 0.0);
                requests.push(self.state_beside(view.project, id, beside));
            }
            if entry(ui, icon::ARROW_CLOCKWISE, "Add an arrow to itself", "") {
                requests.push(Request::Create(Edit::AddTransition {
                    source: id,
                    target: Some(id),
                    trigger: trigger(),
                }));
            }
            if entry(ui, icon::PUSH_PIN, "Add an arrow that stays", "") {
                requests.push(Request::Create(Edit::AddTransition { source: id, target: None, trigger: trigger() }));
            }
        }
        ui.separator();
        group_entries(ui, view, node, requests);
        arrange_menu(ui, view, requests);
        for one in [Command::Cut, Command::Copy, Command::Duplicate] {
            command(ui, one, requests);
        }
        ui.separator();
        breakpoint_entries(ui, view, id.into(), requests);
        ui.separator();
        let several = view.selection.iter().filter(|id| matches!(id, EntityId::Node(_))).count() > 1;
        if several && entry(ui, Command::Tidy.icon(), "Tidy what is selected", "Ctrl+Shift+T") {
            requests.push(Request::Command(Command::Tidy));
        }
        delete_entry(ui, view, id.into(), requests);
    }

    fn arrow_menu(&mut self, ui: &mut Ui, view: &CanvasView, id: TransitionId, requests: &mut Vec<Request>) {
        let Some(arrow) = view.project.transitions.get(&id) else { return };
        if entry(ui, icon::LIGHTNING, "Change what sets it off", "F2") {
            self.ask_trigger(id);
        }
        if let Some(target) = arrow.target.filter(|target| *target != arrow.source) {
            let backwards = Edit::AddTransition { source: target, target: Some(arrow.source), trigger: String::new() };
            let possible = backwards.plan(view.project).is_ok();
            if possible && entry(ui, icon::ARROW_U_DOWN_LEFT, "Add an arrow back", "") {
                requests.push(Request::Create(backwards));
            }
        }
        if arrow.bend.is_some() && entry(ui, Command::Straighten.icon(), "Straighten", "") {
            requests.push(Request::Edit(Edit::SetBend(id, None)));
        }
        let position = view.project.outgoing(arrow.source).position(|other| other.id == id).unwrap_or(0);
        if position > 0 && entry(ui, icon::ARROW_UP, "Try before the others", "") {
            requests.push(Request::Edit(Edit::Rank(id, 0)));
        }
        let source = view.project.nodes.get(&arrow.source);
        if source.is_some_and(|node| matches!(node.kind, NodeKind::Group | NodeKind::Parallel)) {
            let words = if arrow.interrupt { "Interrupt no longer" } else { "Interrupt what is inside" };
            if entry(ui, icon::HAND_PALM, words, "") {
                requests.push(Request::Edit(Edit::SetInterrupt(id, !arrow.interrupt)));
            }
        }
        if view.project.ends_inside(arrow) {
            let words = if arrow.restart { "Do not leave and enter anew" } else { "Leave and enter anew" };
            if entry(ui, icon::ARROW_CLOCKWISE, words, "") {
                requests.push(Request::Edit(Edit::SetRestart(id, !arrow.restart)));
            }
        }
        ui.separator();
        breakpoint_entries(ui, view, id.into(), requests);
        ui.separator();
        delete_entry(ui, view, id.into(), requests);
    }
}

/// What can be done to a group, and what makes one.
fn group_entries(ui: &mut Ui, view: &CanvasView, node: &Node, requests: &mut Vec<Request>) {
    let is_group = matches!(node.kind, NodeKind::Group | NodeKind::Parallel)
        && view.project.nodes.values().any(|inner| inner.parent == Some(node.id));
    if is_group {
        let words = if node.collapsed { "Expand" } else { "Collapse" };
        if entry(ui, Command::Collapse.icon(), words, "Ctrl+E") {
            requests.push(Request::Edit(Edit::SetCollapsed(node.id, !node.collapsed)));
        }
        if entry(ui, Command::Ungroup.icon(), Command::Ungroup.name(), "Ctrl+Shift+G") {
            requests.push(Request::Edit(Edit::Ungroup(node.id)));
        }
    }
    command(ui, Command::Group, requests);
    if let Some(around) = node.parent.and_then(|parent| view.project.nodes.get(&parent))
        && entry(ui, icon::SIGN_OUT, &format!("Take out of {}", around.name), "")
    {
        requests.push(Request::Edit(Edit::SetParent(vec![node.id], around.parent)));
    }
}

/// What needs several states.
fn arrange_menu(ui: &mut Ui, view: &CanvasView, requests: &mut Vec<Request>) {
    if view.selection.iter().filter(|id| matches!(id, EntityId::Node(_))).count() < 2 {
        return;
    }
    ui.menu_button(format!("{}  Arrange", Command::AlignLeft.icon()), |ui| {
        ui.set_min_width(220.0);
        for one in Command::ARRANGING {
            command(ui, one, requests);
        }
    });
}

/// A command of the list, with its keys.
fn command(ui: &mut Ui, command: Command, requests: &mut Vec<Request>) {
    let keys = command.shortcut_text(ui.ctx());
    let button = egui::Button::new(format!("{}  {}", command.icon(), command.name())).shortcut_text(keys);
    if ui.add(button).on_hover_text(command.tooltip()).clicked() {
        requests.push(Request::Command(command));
        ui.close();
    }
}

/// What the menu is about becomes the selection, unless it is part of it.
fn select_under(view: &CanvasView, meant: Vec<EntityId>, requests: &mut Vec<Request>) {
    if meant.iter().any(|id| !view.selection.contains(*id)) {
        requests.push(Request::Select(meant.into_iter().collect()));
    }
}

fn stage_menu(ui: &mut Ui, theme: &Theme, id: NodeId, current: Option<Stage>, requests: &mut Vec<Request>) {
    ui.menu_button(format!("{}  Stage", icon::PALETTE), |ui| {
        ui.set_min_width(130.0);
        for stage in Stage::ALL.map(Some).into_iter().chain([None]) {
            let words = stage.map_or_else(
                || theme.text("none"),
                |stage| theme.text(format!("{}  {}", theme.stage(stage).icon, stage.label())),
            );
            if ui.selectable_label(current == stage, words).clicked() {
                requests.push(Request::Edit(Edit::SetStage(vec![id], stage)));
                ui.close();
            }
        }
    });
}

fn breakpoint_entries(ui: &mut Ui, view: &CanvasView, id: EntityId, requests: &mut Vec<Request>) {
    breakpoint::entries(ui, view.project, view.breakpoints, id, requests);
}

fn delete_entry(ui: &mut Ui, view: &CanvasView, id: EntityId, requests: &mut Vec<Request>) {
    if entry(ui, icon::TRASH, "Delete", "Del") {
        let many = view.selection.contains(id);
        let ids = if many { view.selection.iter().collect() } else { vec![id] };
        requests.push(Request::Delete(ids));
    }
}

fn entry(ui: &mut Ui, symbol: &str, words: &str, shortcut: &str) -> bool {
    let button = egui::Button::new(format!("{symbol}  {words}")).shortcut_text(shortcut);
    let clicked = ui.add(button).clicked();
    if clicked {
        ui.close();
    }
    clicked
}
