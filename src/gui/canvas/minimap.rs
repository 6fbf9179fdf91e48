//! A small picture of everything in the corner of the canvas. A click or a drag in it moves the view there.

use egui::epaint::{Mesh, StrokeKind};
use egui::{
    Area, Color32, CornerRadius, Id, Order, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, WidgetType, vec2,
};

use super::{Canvas, CanvasView, Fit};

const SIZE: Vec2 = vec2(208.0, 140.0);
/// From the corner of the canvas.
const AWAY: f32 = 12.0;

impl Canvas {
    pub(super) fn minimap_ui(&mut self, ui: &Ui, view: &CanvasView) {
        let Some(bounds) = self.projection.bounds().filter(|_| self.minimap) else { return };
        let whole = bounds.expand(24.0);
        let corner = ui.clip_rect().right_bottom() - SIZE - Vec2::splat(AWAY);
        let area = Area::new(Id::new("minimap")).order(Order::Middle).fixed_pos(corner).constrain(false);
        area.show(ui.ctx(), |ui| {
            let (rect, response) = ui.allocate_exact_size(SIZE, Sense::CLICK | Sense::DRAG);
            response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Map of the journey"));
            let picture = Picture::of(whole, rect.shrink(6.0));
            self.paint_minimap(ui, view, rect, &picture);
            let pressed = response.is_pointer_button_down_on() || response.clicked();
            if let Some(pos) = response.interact_pointer_pos().filter(|_| pressed) {
                self.camera.center_on(picture.place(pos));
                self.fit = Fit::Left;
            }
            response.on_hover_text("Click or drag to move the view");
        });
    }

    fn paint_minimap(&self, ui: &Ui, view: &CanvasView, rect: Rect, picture: &Picture) {
        let p = &view.theme.palette;
        let radius = CornerRadius::same(view.theme.radii.small);
        let painter = ui.painter();
        painter.add(view.theme.shadow_low().as_shape(rect, radius));
        painter.rect(rect, radius, p.panel, Stroke::new(1.0, p.outline), StrokeKind::Inside);
        let mut mesh = Mesh::default();
        for card in self.projection.cards() {
            let at = picture.rect(card.rect);
            if card.hollow {
                painter.rect_stroke(at, 1, Stroke::new(1.0, p.outline), StrokeKind::Inside);
                continue;
            }
            let color: Color32 = if view.selection.contains(card.id) { p.accent } else { card.far_color(view.theme) };
            mesh.add_colored_rect(Rect::from_center_size(at.center(), at.size().max(Vec2::splat(2.0))), color);
        }
        painter.add(Shape::mesh(mesh));
        let seen = picture.rect(self.camera.visible()).intersect(rect.shrink(2.0));
        painter.rect(seen, 2, p.accent.gamma_multiply(0.10), Stroke::new(1.5, p.accent), StrokeKind::Inside);
    }
}

/// Places of the drawing in a small rectangle of the screen.
struct Picture {
    middle: Pos2,
    center: Pos2,
    scale: f32,
}

impl Picture {
    fn of(whole: Rect, room: Rect) -> Self {
        let size = whole.size().max(Vec2::splat(1.0));
        let scale = (room.width() / size.x).min(room.height() / size.y);
        Self { middle: whole.center(), center: room.center(), scale }
    }

    fn rect(&self, rect: Rect) -> Rect {
        let at = |place: Pos2| self.center + (place - self.middle) * self.scale;
        Rect::from_min_max(at(rect.min), at(rect.max))
    }

    fn place(&self, pos: Pos2) -> Pos2 {
        self.middle + (pos - self.center) / self.scale
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn a_place_in_the_picture_is_that_place_of_the_drawing() {
        let whole = Rect::from_min_max(pos2(-100.0, -50.0), pos2(900.0, 450.0));
        let picture = Picture::of(whole, Rect::from_min_size(pos2(10.0, 20.0), SIZE));
        let card = Rect::from_center_size(pos2(300.0, 100.0), vec2(192.0, 64.0));
        assert!(picture.place(picture.rect(card).center()).distance(card.center()) < 0.01);
        assert!(Rect::from_min_size(pos2(10.0, 20.0), SIZE).expand(0.1).contains_rect(picture.rect(whole)));
    }
}
