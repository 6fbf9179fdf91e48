//! What a gesture shows while it lasts: handles, the rubber band, the arrow that is being drawn.

use std::collections::BTreeSet;

use egui::epaint::StrokeKind;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::geometry::{Curve, boundary_point, snapped};
use super::gesture::Gesture;
use super::projection::Hit;
use super::{Canvas, CanvasView};
use crate::model::NodeId;

impl Canvas {
    /// Handles, the rubber band, and the arrow that is being drawn.
    pub(super) fn paint_gesture(&self, painter: &Painter, view: &CanvasView) {
        let p = &view.theme.palette;
        let accent = Stroke::new(2.0, p.accent);
        match &self.gesture {
            Gesture::Band { from, to, .. } => {
                let band = self.camera.screen_rect(Rect::from_two_pos(*from, *to));
                painter.rect(band, 3, p.accent.gamma_multiply(0.10), Stroke::new(1.0, p.accent), StrokeKind::Inside);
            }
            Gesture::Connect { source, side, to, target } => {
                let Some(card) = self.projection.card(*source) else { return };
                let start = self.camera.screen_from_canvas(side.port(card.rect, 0.0));
                let end = self.aim(*target, *to, start);
                let arm = (start.distance(end) * 0.4).clamp(10.0, 120.0);
                let curve = Curve([start, start + side.normal() * arm, end + (start - end) * 0.2, end]);
                painter.line(curve.polyline(), accent);
                paint_tip(painter, end, curve.direction(1.0), accent);
                if target.is_none() {
                    self.paint_ghost(painter, view, *to);
                }
            }
            Gesture::Reconnect { arrow, head, to, target } => {
                let Some(arrow) = self.projection.arrow(*arrow) else { return };
                let fixed = self.camera.screen_from_canvas(arrow.curve.at(if *head { 0.0 } else { 1.0 }));
                let free = self.aim(*target, *to, fixed);
                painter.extend(Shape::dashed_line(&[fixed, free], accent, 6.0, 4.0));
                let (end, along) = if *head { (free, free - fixed) } else { (fixed, fixed - free) };
                paint_tip(painter, end, along.normalized(), accent);
            }
            Gesture::Move(moving) => {
                for guide in moving.guides() {
                    let ends = guide.map(|place| self.camera.screen_from_canvas(place));
                    painter.line_segment(ends, Stroke::new(1.0, p.accent));
                }
                if moving.is_copy() {
                    self.paint_ghosts(painter, view, moving.ghosts());
                }
            }
            Gesture::Bend { arrow, .. } => {
                if let Some(arrow) = self.projection.arrow(*arrow) {
                    paint_bend(painter, self.camera.screen_from_canvas(arrow.curve.at(0.5)), accent, p.card);
                }
            }
            Gesture::None | Gesture::Pan => {}
        }
        if self.gesture == Gesture::None {
            for (_, _, at) in self.handle_places() {
                painter.circle(at, 5.5, p.card, accent);
            }
            for arrow in self.selected_arrows(view).filter(|_| view.editable) {
                for t in [0.0, 1.0] {
                    painter.circle(self.camera.screen_from_canvas(arrow.curve.at(t)), 4.5, p.card, accent);
                }
            }
            self.paint_bends(painter, view, accent);
        }
    }

    /// The places to pull or to straighten an arrow by, where no label lies on them.
    fn paint_bends(&self, painter: &Painter, view: &CanvasView, accent: Stroke) {
        let hovered = match self.hovered {
            Some(Hit::Arrow(arrow)) => self.projection.arrow(arrow).filter(|arrow| arrow.count() == 1),
            _ => None,
        };
        for arrow in self.selected_arrows(view).chain(hovered).filter(|_| view.editable) {
            let middle = arrow.curve.at(0.5);
            if !arrow.label_rect.contains(middle) {
                let fill = if arrow.is_bent { accent.color } else { view.theme.palette.card };
                paint_bend(painter, self.camera.screen_from_canvas(middle), accent, fill);
            }
        }
    }

    /// Where copies would come to lie.
    fn paint_ghosts(&self, painter: &Painter, view: &CanvasView, (nodes, by): (&BTreeSet<NodeId>, Vec2)) {
        let p = &view.theme.palette;
        for card in self.projection.cards().filter(|card| nodes.contains(&card.id)) {
            let rect = self.camera.screen_rect(card.rect.translate(by));
            let fill = if card.hollow { Color32::TRANSPARENT } else { p.accent.gamma_multiply(0.12) };
            painter.rect(rect, 10, fill, Stroke::new(1.5, p.accent), StrokeKind::Inside);
        }
    }

    /// Where the free end of a new arrow is drawn: at the edge of the card it would hit, else at the pointer.
    fn aim(&self, target: Option<NodeId>, to: Pos2, from: Pos2) -> Pos2 {
        let card = target.and_then(|target| self.projection.card(target));
        card.map_or_else(
            || self.camera.screen_from_canvas(to),
            |card| {
                let rect = self.camera.screen_rect(card.rect);
                boundary_point(rect, from - rect.center())
            },
        )
    }

    /// The state that would be made by letting go here.
    fn paint_ghost(&self, painter: &Painter, view: &CanvasView, place: Pos2) {
        let rect = Rect::from_center_size(snapped(place), vec2(192.0, 64.0));
        let rect = self.camera.screen_rect(rect);
        let p = &view.theme.palette;
        painter.rect(rect, 10, p.accent.gamma_multiply(0.08), Stroke::new(1.5, p.accent), StrokeKind::Inside);
    }
}

/// A diamond: dragged it bends the arrow, clicked twice it straightens it.
fn paint_bend(painter: &Painter, at: Pos2, edge: Stroke, fill: Color32) {
    let corners = [vec2(0.0, -6.0), vec2(6.0, 0.0), vec2(0.0, 6.0), vec2(-6.0, 0.0)];
    painter.add(Shape::convex_polygon(corners.map(|corner| at + corner).to_vec(), fill, edge));
}

fn paint_tip(painter: &Painter, tip: Pos2, along: Vec2, stroke: Stroke) {
    let across = vec2(-along.y, along.x) * 5.0;
    let back = tip - along * 11.0;
    painter.add(Shape::convex_polygon(vec![tip, back + across, back - across], stroke.color, Stroke::NONE));
}
