//! What lies under the pointer: cards, arrows, and the handles that they show.

use egui::{Pos2, Response, Ui};

use super::arrow::{LABELS_FROM, TOLERANCE};
use super::card::TEXT_FROM;
use super::geometry::Side;
use super::gesture::Gesture;
use super::projection::Hit;
use super::{Canvas, CanvasView};
use crate::gui::request::Request;
use crate::model::{EntityId, NodeId, NodeKind, TransitionId};

/// How near to a handle a press counts, in points on the screen.
const HANDLE: f32 = 12.0;

impl Canvas {
    /// What lies at a place on the screen.
    pub(super) fn hit(&self, pos: Pos2) -> Option<Hit> {
        let place = self.camera.canvas_from_screen(pos);
        let labels = self.camera.zoom() >= LABELS_FROM;
        let arrow = || self.projection.arrow_at(place, TOLERANCE / self.camera.zoom(), labels).map(Hit::Arrow);
        self.projection.card_at(place).map(Hit::Card).or_else(arrow)
    }

    /// Everything that is selected by a click on it: of arrows that are drawn as one, all.
    pub(super) fn meant_by(&self, hit: Hit) -> Vec<EntityId> {
        match hit {
            Hit::Card(node) => vec![node.into()],
            Hit::Arrow(arrow) => self.projection.arrow(arrow).map_or_else(
                || vec![arrow.into()],
                |drawn| drawn.members.iter().map(|id| EntityId::from(*id)).collect(),
            ),
        }
    }

    /// The contact whose dot lies at a place on the screen.
    pub(super) fn dot_at(&self, view: &CanvasView, pos: Pos2) -> Option<Request> {
        let Some(Hit::Card(node)) = self.hit(pos) else { return None };
        let dots = view.overlay?.dots.get(&node)?;
        let card = self.projection.card(node)?;
        Some(Request::Follow(node, super::dots::dot_at(card, dots, self.camera.canvas_from_screen(pos))?))
    }

    pub(super) fn hover(&mut self, ui: &Ui, view: &CanvasView, background: &Response, pointer: Option<Pos2>) {
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

    pub(super) fn handle_at(&self, pos: Pos2) -> Option<(NodeId, Side)> {
        self.handle_places().find(|(_, _, at)| at.distance(pos) <= HANDLE).map(|(node, side, _)| (node, side))
    }

    /// The end of a selected arrow at `pos`; true for its head.
    pub(super) fn arrow_end_at(&self, view: &CanvasView, pos: Pos2) -> Option<(TransitionId, bool)> {
        let place = self.camera.canvas_from_screen(pos);
        let reach = HANDLE / self.camera.zoom();
        self.selected_arrows(view).find_map(|arrow| {
            let at = |t: f32| arrow.curve.at(t).distance(place) <= reach;
            if at(1.0) && arrow.target.is_some() {
                Some((arrow.id, true))
            } else {
                at(0.0).then_some((arrow.id, false))
            }
        })
    }

    /// The bent arrow whose bend lies at `pos`, if it shows it: it is selected or pointed at.
    pub(super) fn bend_at(&self, view: &CanvasView, pos: Pos2) -> Option<TransitionId> {
        let place = self.camera.canvas_from_screen(pos);
        let reach = HANDLE / self.camera.zoom();
        let hovered = match self.hovered {
            Some(Hit::Arrow(arrow)) => self.projection.arrow(arrow),
            _ => None,
        };
        let mut shown = self.selected_arrows(view).chain(hovered);
        let is_there = |arrow: &&super::ArrowData| {
            arrow.is_bent && arrow.curve.at(0.5).distance(place) <= reach && !arrow.label_rect.contains(place)
        };
        shown.find(is_there).map(|arrow| arrow.id)
    }

    /// The selected arrows that are drawn by themselves.
    pub(super) fn selected_arrows(&self, view: &CanvasView) -> impl Iterator<Item = &super::ArrowData> {
        let arrows = view.selection.iter().filter_map(|id| match id {
            EntityId::Transition(id) => self.projection.arrow(id),
            _ => None,
        });
        arrows.filter(|arrow| arrow.count() == 1)
    }
}
