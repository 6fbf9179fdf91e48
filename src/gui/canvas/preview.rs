//! What a gesture shows while it lasts: handles, the rubber band, the arrow that is being drawn.

use std::collections::BTreeSet;

use egui::epaint::StrokeKind;
use egui::{Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::geometry::{Curve, Side, boundary_point, snapped};
use super::gesture::Gesture;
use super::{Canvas, CanvasView};
use crate::model::{EntityId, NodeId};

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
            Gesture::Move { grabbed, shift, .. } => self.paint_guides(painter, view, *grabbed, &shift.nodes),
            Gesture::None | Gesture::Pan => {}
        }
        if self.gesture == Gesture::None {
            for (_, _, at) in self.handle_places() {
                painter.circle(at, 5.5, p.card, accent);
            }
            for arrow in view.selection.iter() {
                let EntityId::Transition(arrow) = arrow else { continue };
                let Some(arrow) = self.projection.arrow(arrow).filter(|_| view.editable) else { continue };
                for t in [0.0, 1.0] {
                    painter.circle(self.camera.screen_from_canvas(arrow.curve.at(t)), 4.5, p.card, accent);
                }
            }
        }
    }

    /// Lines from the dragged card to the nearest ones that it is level with.
    fn paint_guides(&self, painter: &Painter, view: &CanvasView, grabbed: NodeId, moved: &BTreeSet<NodeId>) {
        let Some(card) = self.projection.card(grabbed).filter(|card| !card.hollow) else { return };
        let (visible, home) = (self.camera.visible(), card.rect);
        let others = || self.projection.cards().filter(|other| !other.hollow && !moved.contains(&other.id));
        for side in Side::ALL {
            let level = others().filter(|other| visible.intersects(other.rect)).filter_map(|other| {
                let apart = other.rect.center() - home.center();
                let ahead = apart.dot(side.normal());
                (apart.dot(side.axis()).abs() < 0.5 && ahead > 1.0).then_some((ahead, other.rect))
            });
            let Some((_, nearest)) = level.min_by(|one, other| one.0.total_cmp(&other.0)) else { continue };
            let far = nearest.center() - side.normal() * (nearest.size() * side.normal().abs()).length() / 2.0;
            let ends = [side.port(home, 0.0), far].map(|place| self.camera.screen_from_canvas(place));
            painter.line_segment(ends, Stroke::new(1.0, view.theme.palette.accent));
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

fn paint_tip(painter: &Painter, tip: Pos2, along: Vec2, stroke: Stroke) {
    let across = vec2(-along.y, along.x) * 5.0;
    let back = tip - along * 11.0;
    painter.add(Shape::convex_polygon(vec![tip, back + across, back - across], stroke.color, Stroke::NONE));
}
