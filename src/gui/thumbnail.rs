//! A small picture of a journey, for the cards of the start screen.

use egui::{Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::Theme;
use crate::model::{NodeId, Project, Stage};

/// The states and arrows of a journey, ready to be painted at any size.
pub struct Thumbnail {
    /// Groups before what is inside them.
    shapes: Vec<Card>,
    arrows: Vec<(NodeId, NodeId)>,
}

struct Card {
    id: NodeId,
    /// In the units of the drawing.
    rect: Rect,
    stage: Option<Stage>,
    /// A group, drawn as a frame around what is inside.
    frame: bool,
}

/// Size of a card in the units of the drawing.
const CARD: Vec2 = vec2(170.0, 70.0);

impl Thumbnail {
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut shapes: Vec<Card> = Vec::new();
        // Backwards, so that a group comes after what is inside and can be drawn around it.
        for (_, node) in project.document_order().into_iter().rev() {
            let inside = shapes.iter().filter(|card| project.nodes[&card.id].parent == Some(node.id));
            let around = inside.fold(Rect::NOTHING, |around, card| around.union(card.rect));
            let frame = around.is_finite();
            let own = Rect::from_center_size(pos2(node.position.x, node.position.y), CARD);
            let rect = if frame { around.expand(26.0) } else { own };
            shapes.push(Card { id: node.id, rect, stage: node.stage, frame });
        }
        shapes.reverse();
        let arrows = project
            .transitions
            .values()
            .filter_map(|arrow| Some((arrow.source, arrow.target?)))
            .filter(|(source, target)| source != target)
            .collect();
        Self { shapes, arrows }
    }

    /// Paints the whole journey into `area`.
    pub fn paint(&self, painter: &Painter, area: Rect, theme: &Theme) {
        let bounds = self.shapes.iter().fold(Rect::NOTHING, |bounds, card| bounds.union(card.rect));
        if !bounds.is_finite() {
            return;
        }
        let bounds = bounds.expand(16.0);
        let scale = (area.width() / bounds.width()).min(area.height() / bounds.height());
        let place = |rect: Rect| {
            Rect::from_center_size(area.center() + (rect.center() - bounds.center()) * scale, rect.size() * scale)
        };
        for card in self.shapes.iter().filter(|card| card.frame) {
            let stroke = Stroke::new(1.0, theme.palette.border);
            painter.rect(place(card.rect), CornerRadius::same(5), theme.palette.canvas, stroke, StrokeKind::Inside);
        }
        let at = |id: NodeId| self.shapes.iter().find(|card| card.id == id).map(|card| place(card.rect));
        for (source, target) in &self.arrows {
            if let (Some(from), Some(to)) = (at(*source), at(*target)) {
                arrow(painter, from, to, theme.palette.arrow);
            }
        }
        for card in self.shapes.iter().filter(|card| !card.frame) {
            paint_card(painter, place(card.rect), card.stage, theme);
        }
    }
}

fn paint_card(painter: &Painter, rect: Rect, stage: Option<Stage>, theme: &Theme) {
    let corners = CornerRadius::from((rect.height() * 0.16).round().clamp(2.0, 6.0));
    painter.rect_filled(rect, corners, theme.palette.card);
    let band = Rect::from_min_size(rect.min, vec2(rect.width() * 0.2, rect.height()));
    let color = stage.map_or(theme.palette.outline, |stage| theme.stage(stage).fill);
    painter.rect_filled(band, CornerRadius { ne: 0, se: 0, ..corners }, color);
    let line = vec2(rect.width() * 0.42, (rect.height() * 0.13).max(1.5));
    let name = Rect::from_min_size(pos2(band.right() + rect.width() * 0.1, rect.center().y - line.y / 2.0), line);
    painter.rect_filled(name, CornerRadius::same(1), theme.palette.text_muted);
    painter.rect_stroke(rect, corners, Stroke::new(1.0, theme.palette.outline), StrokeKind::Inside);
}

/// A line from the edge of one shape to the edge of the other, with a head.
fn arrow(painter: &Painter, from: Rect, to: Rect, color: Color32) {
    if from.contains_rect(to) || to.contains_rect(from) {
        return;
    }
    let direction = (to.center() - from.center()).normalized();
    let edge = |rect: Rect, towards: Vec2| {
        let reach =
            (rect.width() / 2.0 / towards.x.abs().max(1e-3)).min(rect.height() / 2.0 / towards.y.abs().max(1e-3));
        rect.center() + towards * reach
    };
    // A little to the right of its way, so that the two arrows of a pair stay apart.
    let aside = direction.rot90() * 2.5;
    let (start, tip) = (edge(from, direction) + aside, edge(to, -direction) + aside);
    painter.line_segment([start, tip], Stroke::new(1.0, color));
    let back = tip - direction * 5.0;
    let wing = direction.rot90() * 2.4;
    painter.add(Shape::convex_polygon(vec![tip, back + wing, back - wing], color, Stroke::NONE));
}
