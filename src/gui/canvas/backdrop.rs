//! What lies behind the drawing: the dot grid, and on an empty canvas what to do first.

use egui::epaint::{Mesh, StrokeKind};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use egui_phosphor::regular as icon;

use super::camera::Camera;
use super::text;
use crate::gui::theme::Theme;

/// Dots at every third step of the grid; coarser when far away, and faded out before they become noise.
pub(super) fn paint_grid(painter: &Painter, camera: &Camera, theme: &Theme) {
    let mut step = 24.0 * camera.zoom();
    if step < 12.0 {
        step *= 4.0;
    }
    let strength = ((step - 9.0) / 8.0).clamp(0.0, 1.0);
    if strength == 0.0 {
        return;
    }
    let view = painter.clip_rect();
    let origin = camera.screen_from_canvas(Pos2::ZERO);
    let first = |low: f32, origin: f32| origin + ((low - origin) / step).floor() * step;
    // Whole pixels, or dots of the same size would look different.
    let pixels = painter.ctx().pixels_per_point();
    let whole = |points: f32| (points * pixels).round() / pixels;
    let wanted = 2.0 * (0.9 * camera.zoom().sqrt()).clamp(0.6, 1.4);
    let side = whole(wanted).max(1.0 / pixels);
    // As much ink as if they were of the size that is wanted.
    let color = theme.palette.grid.gamma_multiply(strength * (wanted / side).powi(2).min(1.0));
    let mut dots = Mesh::default();
    let mut y = first(view.top(), origin.y);
    while y < view.bottom() + step {
        let mut x = first(view.left(), origin.x);
        while x < view.right() + step {
            let corner = pos2(whole(x - side / 2.0), whole(y - side / 2.0));
            dots.add_colored_rect(Rect::from_min_size(corner, vec2(side, side)), color);
            x += step;
        }
        y += step;
    }
    painter.add(Shape::mesh(dots));
}

/// What to do first.
pub(super) fn paint_hint(painter: &Painter, theme: &Theme, editable: bool) {
    let p = &theme.palette;
    let middle = painter.clip_rect().center();
    if !editable {
        text::write(painter, middle, Align2::CENTER_CENTER, "This journey has no states yet.", 18.0, p.text_muted);
        return;
    }
    let ghost = Rect::from_center_size(middle - vec2(0.0, 76.0), vec2(192.0, 64.0));
    painter.rect(ghost, 10, Color32::TRANSPARENT, Stroke::new(1.5, p.outline), StrokeKind::Inside);
    text::write(painter, ghost.center(), Align2::CENTER_CENTER, icon::PLUS, 26.0, p.text_muted);
    let first = "Double-click anywhere to create the first state";
    text::write_strong(painter, middle, Align2::CENTER_CENTER, first, 20.0, p.text);
    let then = "Then drag from the dots on its edge to say what leads on, and to where.";
    text::write(painter, middle + vec2(0.0, 30.0), Align2::CENTER_CENTER, then, 14.5, p.text_muted);
}

/// From very far away: every card as a plain rectangle, all in one mesh.
pub(super) fn paint_quads(painter: &Painter, quads: impl Iterator<Item = (Rect, Color32)>) {
    let mut mesh = Mesh::default();
    for (rect, color) in quads {
        mesh.add_colored_rect(rect, color);
    }
    painter.add(Shape::mesh(mesh));
}
