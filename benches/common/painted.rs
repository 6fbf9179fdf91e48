//! A canvas that is painted by hand and can do nothing but be looked at, panned, zoomed and have one card dragged: what the
//! same drawing costs at least.

use egui::epaint::{CubicBezierShape, Mesh};
use egui::{
    Align2, CentralPanel, Color32, Event, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2,
};
use statecraft::model::Project;

use super::screen::Screen;
use super::turns::Frames;

const CARD: Vec2 = vec2(192.0, 64.0);

pub(crate) struct Painted {
    screen: Screen,
    view: View,
}

struct View {
    cards: Vec<(Rect, String)>,
    arrows: Vec<(usize, usize)>,
    centre: Pos2,
    zoom: f32,
    dragged: Option<usize>,
}

impl Painted {
    /// With everything in view, or in the middle at `zoom`.
    pub(crate) fn on(project: &Project, zoom: Option<f32>) -> Self {
        let slots: std::collections::BTreeMap<_, _> =
            project.nodes.keys().enumerate().map(|(slot, id)| (*id, slot)).collect();
        let cards: Vec<(Rect, String)> = project
            .nodes
            .values()
            .map(|node| (Rect::from_center_size(pos2(node.position.x, node.position.y), CARD), node.name.clone()))
            .collect();
        let arrows = project
            .transitions
            .values()
            .filter_map(|arrow| Some((slots[&arrow.source], slots[&arrow.target?])))
            .collect();
        let bounds = cards.iter().map(|card| card.0).reduce(Rect::union).expect("a state");
        let fit = (1200.0 / bounds.width()).min(720.0 / bounds.height());
        let (centre, zoom) = (bounds.center(), zoom.unwrap_or(fit));
        let view = View { cards, arrows, centre, zoom, dragged: None };
        let mut painted = Self { screen: Screen::default(), view };
        for _ in 0..10 {
            painted.frame(Vec::new());
        }
        painted
    }
}

impl Frames for Painted {
    fn frame(&mut self, events: Vec<Event>) {
        self.screen.frame(events, |ui| {
            CentralPanel::no_frame().show(ui, |ui| {
                let rect = ui.available_rect_before_wrap();
                self.view.navigate(ui, rect);
                self.view.paint(&ui.painter_at(rect), rect);
            });
        });
    }
}

impl View {
    fn navigate(&mut self, ui: &egui::Ui, view: Rect) {
        let (scroll, zoom, pointer, down, pressed) = ui.input(|input| {
            (
                input.smooth_scroll_delta(),
                input.zoom_delta(),
                input.pointer.latest_pos(),
                input.pointer.primary_down(),
                input.pointer.primary_pressed(),
            )
        });
        self.centre -= scroll / self.zoom;
        self.zoom *= zoom;
        let Some(pointer) = pointer else { return };
        let place = self.centre + (pointer - view.center()) / self.zoom;
        if pressed {
            self.dragged = self.cards.iter().rposition(|(card, _)| card.contains(place));
        }
        if !down {
            self.dragged = None;
        }
        if let Some(card) = self.dragged {
            self.cards[card].0.set_center(place);
        }
    }

    fn paint(&self, painter: &Painter, view: Rect) {
        let at = |place: Pos2| view.center() + (place - self.centre) * self.zoom;
        let stroke = Stroke::new((1.5 * self.zoom).max(0.5), Color32::DARK_GRAY);
        let font = |size: f32| FontId::proportional(((size * self.zoom * 2.0).floor() / 2.0).max(4.0));
        for (from, to) in &self.arrows {
            let (from, to) = (self.cards[*from].0, self.cards[*to].0);
            let (tail, head) = (at(from.right_center()), at(to.left_center()));
            if !view.intersects(Rect::from_two_pos(tail, head)) {
                continue;
            }
            if self.zoom < 0.35 {
                painter.line_segment([tail, head], stroke);
                continue;
            }
            let bend = vec2(60.0 * self.zoom, 0.0);
            let points = [tail, tail + bend, head - bend, head];
            painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
            let wing = 6.0 * self.zoom;
            let tip = vec![head, head + vec2(-wing * 1.6, wing), head + vec2(-wing * 1.6, -wing)];
            painter.add(Shape::convex_polygon(tip, Color32::DARK_GRAY, Stroke::NONE));
            if self.zoom >= 0.5 {
                let middle = tail + (head - tail) / 2.0;
                painter.text(middle, Align2::CENTER_CENTER, "purchase", font(12.5), Color32::BLACK);
            }
        }
        let mut mesh = Mesh::default();
        for (card, name) in &self.cards {
            let rect = Rect::from_min_max(at(card.min), at(card.max));
            if !view.intersects(rect) {
                continue;
            }
            if self.zoom < 0.12 {
                mesh.add_colored_rect(rect, Color32::LIGHT_BLUE);
                continue;
            }
            painter.rect(rect, 10.0 * self.zoom, Color32::WHITE, stroke, StrokeKind::Inside);
            if self.zoom >= 0.35 {
                painter.text(rect.center(), Align2::CENTER_CENTER, name, font(15.5), Color32::BLACK);
            }
        }
        painter.add(mesh);
    }
}
