//! A small picture of a journey, for the cards of the start screen.

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::Theme;
use crate::model::{NodeId, Point, Project, Stage};

/// The states and arrows of a journey, ready to be painted at any size.
pub struct Thumbnail {
    nodes: Vec<(NodeId, Point, Option<Stage>)>,
    arrows: Vec<(NodeId, NodeId)>,
}

/// Size of a card in the units of the drawing.
const CARD: Vec2 = vec2(150.0, 64.0);

impl Thumbnail {
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let nodes = project.nodes.values().map(|node| (node.id, node.position, node.stage)).collect();
        let arrows = project
            .transitions
            .values()
            .filter_map(|arrow| Some((arrow.source, arrow.target?)))
            .filter(|(source, target)| source != target)
            .collect();
        Self { nodes, arrows }
    }

    /// Paints the whole journey into `area`.
    pub fn paint(&self, painter: &Painter, area: Rect, theme: &Theme) {
        let mut bounds = Rect::NOTHING;
        for (_, position, _) in &self.nodes {
            bounds = bounds.union(Rect::from_center_size(pos2(position.x, position.y), CARD));
        }
        if !bounds.is_finite() {
            return;
        }
        let bounds = bounds.expand(24.0);
        let scale = (area.width() / bounds.width()).min(area.height() / bounds.height());
        let place = |point: &Point| area.center() + (pos2(point.x, point.y) - bounds.center()) * scale;
        let at = |id: NodeId| self.nodes.iter().find(|(node, ..)| *node == id).map(|(_, point, _)| place(point));
        for (source, target) in &self.arrows {
            if let (Some(from), Some(to)) = (at(*source), at(*target)) {
                arrow(painter, from, to, CARD * scale, theme.palette.arrow);
            }
        }
        for (_, point, stage) in &self.nodes {
            let rect = Rect::from_center_size(place(point), CARD * scale);
            let radius = (rect.height() * 0.16).round().clamp(2.0, 6.0);
            let corners = CornerRadius::from(radius);
            painter.rect_filled(rect, corners, theme.palette.card);
            let band = Rect::from_min_size(rect.min, vec2(rect.width() * 0.2, rect.height()));
            let left = CornerRadius { ne: 0, se: 0, ..corners };
            let color = stage.map_or(theme.palette.outline, |stage| theme.stage(stage).fill);
            painter.rect_filled(band, left, color);
            let line = vec2(rect.width() * 0.42, (rect.height() * 0.13).max(1.5));
            let name =
                Rect::from_min_size(pos2(band.right() + rect.width() * 0.1, rect.center().y - line.y / 2.0), line);
            painter.rect_filled(name, CornerRadius::same(1), theme.palette.text_muted);
            painter.rect_stroke(rect, corners, Stroke::new(1.0, theme.palette.outline), StrokeKind::Inside);
        }
    }
}

/// A line from the edge of one card to the edge of the other, with a head.
fn arrow(painter: &Painter, from: Pos2, to: Pos2, card: Vec2, color: Color32) {
    let direction = (to - from).normalized();
    let edge = |towards: Vec2| {
        let reach = (card.x / 2.0 / towards.x.abs().max(1e-3)).min(card.y / 2.0 / towards.y.abs().max(1e-3));
        towards * reach
    };
    // A little to the right of its way, so that the two arrows of a pair stay apart.
    let aside = direction.rot90() * 3.0;
    let (start, tip) = (from + edge(direction) + aside, to - edge(direction) + aside);
    painter.line_segment([start, tip], Stroke::new(1.25, color));
    let back = tip - direction * 6.0;
    let wing = direction.rot90() * 2.8;
    painter.add(Shape::convex_polygon(vec![tip, back + wing, back - wing], color, Stroke::NONE));
}
