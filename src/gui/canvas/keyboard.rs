//! What keys do while no text is being typed. A key that is used is consumed, so that nothing else reacts to it.

use egui::{Key, Modifiers, Popup, Ui, Vec2, vec2};

use super::gesture::Gesture;
use super::moving::move_by;
use super::select::with_inner;
use super::{Canvas, CanvasView};
use crate::gui::request::{Request, Selection};
use crate::model::{EntityId, NodeId};

const ARROW_KEYS: [(Key, Vec2); 4] = [
    (Key::ArrowLeft, vec2(-1.0, 0.0)),
    (Key::ArrowRight, vec2(1.0, 0.0)),
    (Key::ArrowUp, vec2(0.0, -1.0)),
    (Key::ArrowDown, vec2(0.0, 1.0)),
];

impl Canvas {
    pub(super) fn keys(&mut self, ui: &Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        let dialog = ui.memory(|memory| memory.top_modal_layer().is_some());
        let elsewhere = dialog || ui.ctx().text_edit_focused() || Popup::is_any_open(ui.ctx());
        if elsewhere || self.is_typing() || self.gesture != Gesture::None {
            return;
        }
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::Num0) {
            self.zoom_to_100();
        }
        // On most keyboards Shift+1 arrives as an exclamation mark.
        if pressed(Modifiers::SHIFT, Key::Num1) || pressed(Modifiers::SHIFT, Key::Exclamationmark) {
            self.fit();
        }
        if pressed(Modifiers::SHIFT, Key::Num2) {
            self.fit_selection(view.selection);
        }
        if pressed(Modifiers::COMMAND, Key::A) {
            let nodes = view.project.nodes.keys().map(|id| EntityId::from(*id));
            let arrows = view.project.transitions.keys().map(|id| EntityId::from(*id));
            requests.push(Request::Select(nodes.chain(arrows).collect()));
        }
        if !view.selection.is_empty() && pressed(Modifiers::NONE, Key::Escape) {
            requests.push(Request::Select(Selection::default()));
        }
        for (key, towards) in ARROW_KEYS {
            if pressed(Modifiers::ALT, key) {
                requests.extend(self.neighbour(view, towards).map(|node| Request::Select(Selection::one(node))));
            }
        }
        if view.editable {
            self.editing_keys(ui, view, requests);
        }
    }

    /// The state that an arrow joins to the selected one, nearest to straight in that direction.
    fn neighbour(&mut self, view: &CanvasView, towards: Vec2) -> Option<NodeId> {
        let Some(EntityId::Node(from)) = view.selection.single() else { return None };
        let home = self.projection.card(from)?.rect.center();
        let joined = view.project.transitions.values().filter_map(|arrow| match arrow.target? {
            target if arrow.source == from => Some(target),
            target if target == from => Some(arrow.source),
            _ => None,
        });
        let aside = |node: &NodeId| {
            let way = self.projection.card(*node)?.rect.center() - home;
            let along = way.dot(towards);
            (along > 0.0).then(|| (way - towards * along).length() / along)
        };
        let (_, node) = joined
            .filter_map(|node| aside(&node).map(|aside| (aside, node)))
            .min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))?;
        self.reveal(node.into());
        Some(node)
    }

    fn editing_keys(&mut self, ui: &Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let drawn = |id: &EntityId| matches!(id, EntityId::Node(_) | EntityId::Transition(_));
        let selected: Vec<EntityId> = view.selection.iter().filter(drawn).collect();
        if selected.is_empty() {
            return;
        }
        if pressed(Modifiers::NONE, Key::Delete) || pressed(Modifiers::NONE, Key::Backspace) {
            requests.push(Request::Delete(selected));
            return;
        }
        let single = view.selection.single();
        if single.is_some() && pressed(Modifiers::NONE, Key::F2)
            || focus_free(ui) && pressed(Modifiers::NONE, Key::Enter)
        {
            match single {
                Some(EntityId::Node(node)) => self.start_rename(node),
                Some(EntityId::Transition(arrow)) => self.ask_trigger(arrow),
                _ => {}
            }
            return;
        }
        for (key, towards) in ARROW_KEYS {
            if let Some(EntityId::Node(node)) = single
                && pressed(Modifiers::COMMAND, key)
            {
                requests.extend(self.connected_towards(view, node, towards));
            } else if pressed(Modifiers::SHIFT, key) {
                nudge(view, towards * 32.0, requests);
            } else if focus_free(ui) && pressed(Modifiers::NONE, key) {
                nudge(view, towards * 8.0, requests);
            }
        }
    }

    /// A connected state beside `node`, in the first free place in that direction.
    fn connected_towards(&mut self, view: &CanvasView, node: NodeId, towards: Vec2) -> Option<Request> {
        let rect = self.projection.card(node)?.rect;
        let mut place = rect.center() + towards * vec2(304.0, 160.0);
        while self.projection.cards().any(|card| !card.hollow && card.rect.expand(16.0).contains(place)) {
            place += vec2(towards.y.abs(), towards.x.abs()) * vec2(224.0, 96.0);
        }
        let request = self.state_beside(view.project, node, place);
        Some(request)
    }
}

/// Plain keys work the widget that was reached by Tab, if there is one.
fn focus_free(ui: &Ui) -> bool {
    !ui.ctx().egui_wants_keyboard_input()
}

fn nudge(view: &CanvasView, by: Vec2, requests: &mut Vec<Request>) {
    let nodes = with_inner(view.project, view.selection);
    if !nodes.is_empty() {
        requests.push(Request::Edit(move_by(view.project, &nodes, by)));
    }
}
