//! Where things are, for those who ask from outside.

use egui::{Pos2, Rect};

use super::Canvas;
use super::arrow::ArrowData;
use crate::model::{NodeId, TransitionId};

impl Canvas {
    /// The place of a state on the screen, as last drawn.
    #[must_use]
    pub fn card_on_screen(&self, node: NodeId) -> Option<Rect> {
        self.projection.card(node).map(|card| self.camera.screen_rect(card.rect))
    }

    /// A point of an arrow's curve on the screen: 0 is its tail, 1 its head.
    #[must_use]
    pub fn arrow_on_screen(&self, arrow: TransitionId, along: f32) -> Option<Pos2> {
        self.projection.arrow(arrow).map(|arrow| self.camera.screen_from_canvas(arrow.curve.at(along)))
    }

    /// The place under the pointer, in the units of the drawing, if it is over the canvas.
    #[must_use]
    pub fn under_pointer(&self, ctx: &egui::Context) -> Option<Pos2> {
        let pos = ctx.input(|input| input.pointer.latest_pos())?;
        let place = self.camera.canvas_from_screen(pos);
        self.camera.visible().contains(place).then_some(place)
    }

    /// The open group at a place of the drawing.
    #[must_use]
    pub fn group_at(&self, place: Pos2) -> Option<NodeId> {
        self.projection.group_at(place)
    }

    /// The rectangle of a card, in the units of the drawing.
    #[must_use]
    pub fn card_rect(&self, node: NodeId) -> Option<Rect> {
        self.projection.card(node).map(|card| card.rect)
    }

    /// Where a group is collapsed and expanded on the screen.
    #[must_use]
    pub fn toggle_on_screen(&self, node: NodeId) -> Option<Rect> {
        self.projection.card(node)?.toggle_rect().map(|rect| self.camera.screen_rect(rect))
    }

    /// How many arrows are drawn as the one that `arrow` is part of; 0 where it is not seen.
    #[must_use]
    pub fn drawn_together(&self, arrow: TransitionId) -> usize {
        self.projection.arrow(arrow).map_or(0, ArrowData::count)
    }
}
