//! What the pointer does: pan, move, rubber band, connect, reconnect. Each ends in at most one request.

use std::collections::BTreeSet;

use egui::{CursorIcon, Key, PointerButton, Pos2, Rect, Response, Ui, Vec2};

use super::arrow::TOLERANCE;
use super::card::TEXT_FROM;
use super::geometry::{Side, snapped};
use super::projection::{Hit, Shift};
use super::{Canvas, CanvasView, Fit};
use crate::gui::request::{Request, Selection};
use crate::model::{Edit, EntityId, NodeId, NodeKind, Point, Project, TransitionId};

/// How near to a handle a press counts, in points on the screen.
const HANDLE: f32 = 12.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Gesture {
    #[default]
    None,
    Pan,
    /// `from` is where the grabbed card was pressed.
    Move {
        grabbed: NodeId,
        from: Pos2,
        shift: Shift,
    },
    Band {
        from: Pos2,
        to: Pos2,
        base: Selection,
        caught: BTreeSet<EntityId>,
    },
    Connect {
        source: NodeId,
        side: Side,
        to: Pos2,
        target: Option<NodeId>,
    },
    /// An end of an arrow is being taken elsewhere.
    Reconnect {
        arrow: TransitionId,
        head: bool,
        to: Pos2,
        target: Option<NodeId>,
    },
}

impl Gesture {
    pub(super) fn shift(&self) -> Shift {
        match self {
            Self::Move { shift, .. } => shift.clone(),
            _ => Shift::default(),
        }
    }

    /// Whether the rubber band lies over `node`.
    pub(super) fn catches(&self, node: NodeId) -> bool {
        matches!(self, Self::Band { caught, .. } if caught.contains(&node.into()))
    }

    /// The card that an arrow would be dropped on.
    pub(super) fn aims_at(&self) -> Option<NodeId> {
        match self {
            Self::Connect { target, .. } | Self::Reconnect { target, .. } => *target,
            _ => None,
        }
    }
}

impl Canvas {
    pub(super) fn gestures(
        &mut self,
        ui: &Ui,
        view: &CanvasView,
        background: &Response,
        touched: &[(Hit, Response)],
        requests: &mut Vec<Request>,
    ) {
        let pointer = ui.input(|input| input.pointer.latest_pos());
        self.hover(ui, view, background, pointer);
        // Escape also ends the drag itself, so it has to be heard first.
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            self.gesture = Gesture::None;
        }
        if background.drag_started() {
            self.begin(ui, view, background, requests);
        }
        if background.dragged() {
            self.proceed(view, background, pointer);
        }
        if background.drag_stopped() {
            self.finish(view, requests);
        }
        let on_regions = |asked: fn(&Response) -> bool| touched.iter().find(|(_, region)| asked(region));
        let double = background.double_clicked() || on_regions(Response::double_clicked).is_some();
        let clicked_region = on_regions(Response::clicked);
        if double {
            self.double_click(view, pointer, requests);
        } else if background.clicked() || clicked_region.is_some() {
            // A screen reader clicks without a pointer.
            let told =
                clicked_region.filter(|(_, region)| !pointer.is_some_and(|pos| region.rect.expand(8.0).contains(pos)));
            let hit = told.map_or_else(|| pointer.and_then(|pos| self.hit(pos)), |(hit, _)| Some(*hit));
            if told.is_none()
                && let Some(follow) = pointer.and_then(|pos| self.dot_at(view, pos))
            {
                requests.push(follow);
                return;
            }
            click(view, hit, ui.input(|input| input.modifiers.shift), requests);
        }
        self.set_cursor(ui, view, pointer, background);
    }

    /// The contact whose dot lies at a place on the screen.
    fn dot_at(&self, view: &CanvasView, pos: Pos2) -> Option<Request> {
        let Some(Hit::Card(node)) = self.hit(pos) else { return None };
        let dots = view.overlay?.dots.get(&node)?;
        let card = self.projection.card(node)?;
        Some(Request::Follow(node, super::dots::dot_at(card, dots, self.camera.canvas_from_screen(pos))?))
    }

    /// What lies at a place on the screen.
    pub(super) fn hit(&self, pos: Pos2) -> Option<Hit> {
        let place = self.camera.canvas_from_screen(pos);
        let labels = self.camera.zoom() >= super::arrow::LABELS_FROM;
        let arrow = || self.projection.arrow_at(place, TOLERANCE / self.camera.zoom(), labels).map(Hit::Arrow);
        self.projection.card_at(place).map(Hit::Card).or_else(arrow)
    }

    fn hover(&mut self, ui: &Ui, view: &CanvasView, background: &Response, pointer: Option<Pos2>) {
        let over = pointer.filter(|_| background.contains_pointer() && !self.is_typing());
        let busy = self.gesture != Gesture::None || ui.input(|input| input.pointer.any_down());
        if busy {
            self.hovered = self.hovered.filter(|_| self.gesture == Gesture::None);
            return;
        }
        self.hovered = over.and_then(|pos| self.hit(pos));
        let near = |node: NodeId, pos: Pos2| {
            self.projection.card(node).is_some_and(|card| self.camera.screen_rect(card.rect).expand(14.0).contains(pos))
        };
        self.handles = match self.hovered {
            Some(Hit::Card(node)) => Some(node),
            _ => self.handles.filter(|node| over.is_some_and(|pos| near(*node, pos))),
        };
        self.handles = self.handles.filter(|node| {
            let leads_on = |kind| !matches!(kind, NodeKind::End | NodeKind::Resume);
            let kind = view.project.nodes.get(node).map(|node| node.kind);
            view.editable && self.camera.zoom() >= TEXT_FROM && kind.is_some_and(leads_on)
        });
    }

    /// The four handles of the card that shows them.
    pub(super) fn handle_places(&self) -> impl Iterator<Item = (NodeId, Side, Pos2)> {
        let card = self.handles.and_then(|node| self.projection.card(node));
        card.into_iter().flat_map(|card| {
            Side::ALL.map(|side| (card.id, side, self.camera.screen_from_canvas(side.port(card.rect, 0.0))))
        })
    }

    fn handle_at(&self, pos: Pos2) -> Option<(NodeId, Side)> {
        self.handle_places().find(|(_, _, at)| at.distance(pos) <= HANDLE).map(|(node, side, _)| (node, side))
    }

    /// The end of a selected arrow at `pos`; true for its head.
    fn arrow_end_at(&self, view: &CanvasView, pos: Pos2) -> Option<(TransitionId, bool)> {
        let place = self.camera.canvas_from_screen(pos);
        let reach = HANDLE / self.camera.zoom();
        let ends = |id: EntityId| match id {
            EntityId::Transition(id) => self.projection.arrow(id),
            _ => None,
        };
        view.selection.iter().filter_map(ends).find_map(|arrow| {
            let at = |t: f32| arrow.curve.at(t).distance(place) <= reach;
            if at(1.0) && arrow.target.is_some() {
                Some((arrow.id, true))
            } else {
                at(0.0).then_some((arrow.id, false))
            }
        })
    }

    fn begin(&mut self, ui: &Ui, view: &CanvasView, background: &Response, requests: &mut Vec<Request>) {
        let Some(pressed) = ui.input(|input| input.pointer.press_origin()) else { return };
        let primary = background.drag_started_by(PointerButton::Primary);
        let space = ui.input(|input| input.key_down(Key::Space));
        if background.drag_started_by(PointerButton::Middle) || (primary && space) {
            self.gesture = Gesture::Pan;
        } else if primary {
            self.gesture = self.begin_primary(ui, view, pressed, requests);
        }
    }

    fn begin_primary(&self, ui: &Ui, view: &CanvasView, pressed: Pos2, requests: &mut Vec<Request>) -> Gesture {
        let place = self.camera.canvas_from_screen(pressed);
        if !view.editable {
            return Gesture::Pan;
        }
        if let Some((arrow, head)) = self.arrow_end_at(view, pressed) {
            return Gesture::Reconnect { arrow, head, to: place, target: None };
        }
        if let Some((source, side)) = self.handle_at(pressed) {
            return Gesture::Connect { source, side, to: place, target: None };
        }
        let shift_key = ui.input(|input| input.modifiers.shift);
        if let Some(grabbed) = self.projection.card_at(place) {
            let moved = if view.selection.contains(grabbed) {
                view.selection.clone()
            } else if shift_key {
                view.selection.toggled(grabbed)
            } else {
                Selection::one(grabbed)
            };
            let nodes = with_inner(view.project, &moved);
            if moved != *view.selection {
                requests.push(Request::Select(moved));
            }
            return Gesture::Move { grabbed, from: place, shift: Shift { nodes, by: Vec2::ZERO } };
        }
        let base = if shift_key { view.selection.clone() } else { Selection::default() };
        Gesture::Band { from: place, to: place, base, caught: BTreeSet::new() }
    }

    fn proceed(&mut self, view: &CanvasView, background: &Response, pointer: Option<Pos2>) {
        let Some(pos) = pointer else { return };
        let place = self.camera.canvas_from_screen(pos);
        let under = self.projection.card_at(place);
        match &mut self.gesture {
            Gesture::None => {}
            Gesture::Pan => {
                self.camera.pan(background.drag_delta());
                self.fit = Fit::Left;
            }
            Gesture::Move { grabbed, from, shift } => {
                let hollow = self.projection.card(*grabbed).is_some_and(|card| card.hollow);
                let home = view
                    .project
                    .nodes
                    .get(grabbed)
                    .filter(|_| !hollow)
                    .map_or(Pos2::ZERO, |node| Pos2::new(node.position.x, node.position.y));
                shift.by = snapped(home + (place - *from)) - home;
                if (place - *from).length() * self.camera.zoom() < 3.0 {
                    shift.by = Vec2::ZERO;
                }
                self.fit = Fit::Left;
            }
            Gesture::Band { from, to, caught, .. } => {
                *to = place;
                let band = Rect::from_two_pos(*from, *to);
                *caught = caught_by(&self.projection, band);
            }
            Gesture::Connect { to, target, .. } | Gesture::Reconnect { to, target, .. } => {
                *to = place;
                *target = under;
            }
        }
    }

    fn finish(&mut self, view: &CanvasView, requests: &mut Vec<Request>) {
        match std::mem::take(&mut self.gesture) {
            Gesture::None | Gesture::Pan | Gesture::Reconnect { target: None, .. } => {}
            Gesture::Move { shift, .. } => {
                if shift.by != Vec2::ZERO {
                    requests.push(Request::Edit(move_by(view.project, &shift.nodes, shift.by)));
                    // The cards stay where they were dropped until the edit is done.
                    if let Some(built) = &mut self.built {
                        built.shift = Shift::default();
                    }
                }
            }
            Gesture::Band { base, caught, .. } => {
                let selection: Selection = base.iter().chain(caught).collect();
                if selection != *view.selection {
                    requests.push(Request::Select(selection));
                }
            }
            Gesture::Connect { source, target: Some(target), .. } => {
                let trigger = String::new();
                requests.push(Request::Create(Edit::AddTransition { source, target: Some(target), trigger }));
            }
            Gesture::Connect { source, to, target: None, .. } => {
                requests.push(self.connected_state(view.project, source, to));
            }
            Gesture::Reconnect { arrow, head, target: Some(target), .. } => {
                let current = view.project.transitions.get(&arrow);
                let same = current
                    .is_some_and(|arrow| if head { arrow.target == Some(target) } else { arrow.source == target });
                let edit = if head { Edit::SetTarget(arrow, Some(target)) } else { Edit::SetSource(arrow, target) };
                if !same {
                    requests.push(Request::Edit(edit));
                }
            }
        }
    }

    /// A new state at `place` and an arrow to it from `source`.
    pub(super) fn connected_state(&mut self, project: &Project, source: NodeId, place: Pos2) -> Request {
        self.connected = true;
        let parent = project.nodes.get(&source).and_then(|node| node.parent);
        let name = free_name(project, parent, "New state");
        Request::Create(Edit::AddConnectedState { source, name, position: point(place), trigger: String::new() })
    }

    /// A new state at `place`, inside the group that lies there.
    pub(super) fn new_state(&mut self, project: &Project, kind: NodeKind, place: Pos2) -> Request {
        self.connected = false;
        let parent = self.projection.group_at(place);
        let name = free_name(project, parent, &format!("New {}", kind.label()));
        Request::Create(Edit::AddNode { kind, name, parent, position: point(place) })
    }

    fn double_click(&mut self, view: &CanvasView, pointer: Option<Pos2>, requests: &mut Vec<Request>) {
        let Some(pos) = pointer.filter(|_| view.editable) else { return };
        match self.hit(pos) {
            Some(Hit::Card(node)) => self.start_rename(node),
            Some(Hit::Arrow(arrow)) => self.ask_trigger(arrow),
            None => {
                let place = self.camera.canvas_from_screen(pos);
                requests.push(self.new_state(view.project, NodeKind::State, place));
                self.fit = Fit::Left;
            }
        }
    }

    fn set_cursor(&self, ui: &Ui, view: &CanvasView, pointer: Option<Pos2>, background: &Response) {
        let icon = match (&self.gesture, pointer.filter(|_| background.contains_pointer())) {
            (Gesture::Pan, _) => CursorIcon::Grabbing,
            (Gesture::Move { .. }, _) => CursorIcon::Move,
            (Gesture::Connect { .. } | Gesture::Reconnect { .. }, _) => CursorIcon::Crosshair,
            (_, Some(_)) if ui.input(|input| input.key_down(Key::Space)) && !ui.ctx().text_edit_focused() => {
                CursorIcon::Grab
            }
            (_, Some(pos)) if self.handle_at(pos).is_some() || self.arrow_end_at(view, pos).is_some() => {
                CursorIcon::Crosshair
            }
            (_, Some(_)) if self.hovered.is_some() => CursorIcon::PointingHand,
            _ => return,
        };
        ui.ctx().set_cursor_icon(icon);
    }
}

fn click(view: &CanvasView, hit: Option<Hit>, shift: bool, requests: &mut Vec<Request>) {
    let id: Option<EntityId> = hit.map(|hit| match hit {
        Hit::Card(node) => node.into(),
        Hit::Arrow(arrow) => arrow.into(),
    });
    let selection = match id {
        Some(id) if shift => view.selection.toggled(id),
        Some(id) => Selection::one(id),
        None if shift => return,
        None => Selection::default(),
    };
    if selection != *view.selection {
        requests.push(Request::Select(selection));
    }
}

/// Cards that the band touches; where it touches none, the arrows that it crosses.
fn caught_by(projection: &super::Projection, band: Rect) -> BTreeSet<EntityId> {
    let cards = projection
        .cards()
        .filter(|card| if card.hollow { band.contains_rect(card.rect) } else { band.intersects(card.rect) });
    let cards: BTreeSet<EntityId> = cards.map(|card| card.id.into()).collect();
    if !cards.is_empty() {
        return cards;
    }
    let crossed = projection.arrows().filter(|arrow| arrow.line.iter().any(|place| band.contains(*place)));
    crossed.map(|arrow| arrow.id.into()).collect()
}

/// The selected states, with everything inside selected groups.
pub(super) fn with_inner(project: &Project, selection: &Selection) -> BTreeSet<NodeId> {
    let selected = |node: NodeId| selection.contains(node);
    let mut nodes = BTreeSet::new();
    for (_, node) in project.document_order() {
        if selected(node.id) || node.parent.is_some_and(|parent| nodes.contains(&parent)) {
            nodes.insert(node.id);
        }
    }
    nodes
}

pub(super) fn move_by(project: &Project, nodes: &BTreeSet<NodeId>, by: Vec2) -> Edit {
    let moved = nodes.iter().filter_map(|id| project.nodes.get(id));
    Edit::MoveNodes(moved.map(|node| (node.id, Point::new(node.position.x + by.x, node.position.y + by.y))).collect())
}

fn point(place: Pos2) -> Point {
    let place = snapped(place);
    Point::new(place.x, place.y)
}

fn free_name(project: &Project, parent: Option<NodeId>, wish: &str) -> String {
    let taken = |name: &str| project.children(parent).any(|node| node.name.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{wish} {number}"));
    std::iter::once(wish.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
