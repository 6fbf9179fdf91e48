//! What the pointer does: pan, move, rubber band, connect, reconnect, bend. Each ends in at most one edit.

use std::collections::BTreeSet;

use egui::{CursorIcon, Event, Key, PointerButton, Pos2, Rect, Response, Ui};

use super::bend;
use super::geometry::Side;
use super::moving::Moving;
use super::projection::{Hit, Shift};
use super::select::{self, caught_by};
use super::{Canvas, CanvasView, Fit};
use crate::gui::request::{Request, Selection};
use crate::model::{Edit, EntityId, NodeId, Point, TransitionId};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Gesture {
    #[default]
    None,
    Pan,
    Move(Moving),
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
    /// The middle of an arrow is being pulled, from where it was pressed; `middle` is where its middle lay then.
    Bend {
        arrow: TransitionId,
        from: Pos2,
        middle: Pos2,
        #[expect(clippy::option_option, reason = "not pulled yet, or straight, or bent")]
        bend: Option<Option<Point>>,
    },
}

impl Gesture {
    pub(super) fn shift(&self) -> Shift {
        match self {
            Self::Move(moving) => moving.shift(),
            Self::Bend { arrow, bend, .. } => Shift { bend: bend.map(|bend| (*arrow, bend)), ..Shift::default() },
            _ => Shift::default(),
        }
    }

    /// Whether the rubber band lies over `node`.
    pub(super) fn catches(&self, node: NodeId) -> bool {
        matches!(self, Self::Band { caught, .. } if caught.contains(&node.into()))
    }

    /// The card that an arrow would be dropped on, or the group that states would.
    pub(super) fn aims_at(&self) -> Option<NodeId> {
        match self {
            Self::Connect { target, .. } | Self::Reconnect { target, .. } => *target,
            Self::Move(moving) => moving.other_group(),
            _ => None,
        }
    }
}

/// Where a button was let go in this frame. A slow frame may hold moves before it, and moves after it, too.
fn let_go(ui: &Ui) -> Option<Pos2> {
    ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::PointerButton { pos, pressed: false, .. } => Some(*pos),
            _ => None,
        })
    })
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
            self.proceed(ui, view, background, pointer);
        }
        if background.drag_stopped() {
            self.proceed(ui, view, background, let_go(ui).or(pointer));
            self.finish(view, requests);
        }
        self.clicks(ui, view, background, touched, requests);
        self.set_cursor(ui, view, pointer, background);
    }

    fn clicks(
        &mut self,
        ui: &Ui,
        view: &CanvasView,
        background: &Response,
        touched: &[(Hit, Response)],
        requests: &mut Vec<Request>,
    ) {
        let pointer = ui.input(|input| input.pointer.latest_pos());
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
            let meant = hit.map_or_else(Vec::new, |hit| self.meant_by(hit));
            select::click(view, &meant, ui.input(|input| input.modifiers.shift), requests);
        }
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
        match self.hit(pressed) {
            Some(Hit::Card(grabbed)) => {
                let moved = if view.selection.contains(grabbed) {
                    view.selection.clone()
                } else if shift_key {
                    view.selection.toggled(grabbed)
                } else {
                    Selection::one(grabbed)
                };
                if moved != *view.selection {
                    requests.push(Request::Select(moved.clone()));
                }
                self.begin_move(view, grabbed, place, &moved).map_or(Gesture::None, Gesture::Move)
            }
            Some(Hit::Arrow(arrow)) if self.projection.arrow(arrow).is_some_and(|drawn| drawn.count() == 1) => {
                if !view.selection.contains(arrow) {
                    requests.push(Request::Select(Selection::one(arrow)));
                }
                let middle = self.projection.arrow(arrow).map_or(place, |arrow| arrow.curve.at(0.5));
                Gesture::Bend { arrow, from: place, middle, bend: None }
            }
            _ => {
                let base = if shift_key { view.selection.clone() } else { Selection::default() };
                Gesture::Band { from: place, to: place, base, caught: BTreeSet::new() }
            }
        }
    }

    fn proceed(&mut self, ui: &Ui, view: &CanvasView, background: &Response, pointer: Option<Pos2>) {
        let Some(pos) = pointer else { return };
        let place = self.camera.canvas_from_screen(pos);
        let under = self.projection.card_at(place);
        let mut gesture = std::mem::take(&mut self.gesture);
        match &mut gesture {
            Gesture::None => {}
            Gesture::Pan => {
                self.camera.pan(background.drag_delta());
                self.fit = Fit::Left;
            }
            Gesture::Move(moving) => self.proceed_move(ui, moving, place),
            Gesture::Band { from, to, caught, .. } => {
                *to = place;
                *caught = caught_by(&self.projection, Rect::from_two_pos(*from, *to));
            }
            Gesture::Connect { to, target, .. } | Gesture::Reconnect { to, target, .. } => {
                *to = place;
                *target = under;
            }
            Gesture::Bend { arrow, from, middle, bend } => {
                if let Some((source, target, own)) = self.ends_of(view, *arrow)
                    && (bend.is_some() || (place - *from).length() * self.camera.zoom() >= 3.0)
                {
                    *bend = Some(bend::pulled(source, target, *middle, place - *from, own));
                    self.fit = Fit::Left;
                }
            }
        }
        self.gesture = gesture;
    }

    /// What an arrow joins on the drawing, and where its middle would lie by itself.
    fn ends_of(&self, view: &CanvasView, arrow: TransitionId) -> Option<(Rect, Rect, Pos2)> {
        let joined = view.project.transitions.get(&arrow)?;
        let rect = |id: NodeId| self.projection.stand_in(id).map(|card| card.rect);
        let own = self.projection.arrow(arrow)?.own.at(0.5);
        Some((rect(joined.source)?, rect(joined.target.unwrap_or(joined.source))?, own))
    }

    fn finish(&mut self, view: &CanvasView, requests: &mut Vec<Request>) {
        match std::mem::take(&mut self.gesture) {
            Gesture::None
            | Gesture::Pan
            | Gesture::Reconnect { target: None, .. }
            | Gesture::Bend { bend: None, .. } => {}
            Gesture::Move(moving) => {
                requests.extend(moving.request(view.project));
                self.keep_until_done();
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
                requests.push(self.state_at(view.project, source, to));
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
            Gesture::Bend { arrow, bend: Some(bend), .. } => {
                if view.project.transitions.get(&arrow).is_some_and(|arrow| arrow.bend != bend) {
                    requests.push(Request::Edit(Edit::SetBend(arrow, bend)));
                    self.keep_until_done();
                }
            }
        }
    }

    /// What was dragged stays where it was dropped until the edit is done.
    fn keep_until_done(&mut self) {
        if let Some(built) = &mut self.built {
            built.shift = Shift::default();
        }
    }

    fn double_click(&mut self, view: &CanvasView, pointer: Option<Pos2>, requests: &mut Vec<Request>) {
        let Some(pos) = pointer.filter(|_| view.editable) else { return };
        if let Some(arrow) = self.bend_at(view, pos) {
            requests.push(Request::Edit(Edit::SetBend(arrow, None)));
            return;
        }
        match self.hit(pos) {
            Some(Hit::Card(node)) => self.start_rename(node),
            Some(Hit::Arrow(arrow)) => self.ask_trigger(arrow),
            None => {
                let place = self.camera.canvas_from_screen(pos);
                requests.push(self.new_state(view.project, crate::model::NodeKind::State, place));
                self.fit = Fit::Left;
            }
        }
    }

    fn set_cursor(&self, ui: &Ui, view: &CanvasView, pointer: Option<Pos2>, background: &Response) {
        let icon = match (&self.gesture, pointer.filter(|_| background.contains_pointer())) {
            (Gesture::Pan, _) => CursorIcon::Grabbing,
            (Gesture::Move(moving), _) => {
                if moving.is_copy() {
                    CursorIcon::Copy
                } else {
                    CursorIcon::Move
                }
            }
            (Gesture::Bend { .. }, _) => CursorIcon::Move,
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
