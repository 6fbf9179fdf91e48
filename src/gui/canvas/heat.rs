//! The colour of a card by the time spent in its state, and what the colours mean.

use egui::epaint::Mesh;
use egui::{Align2, Painter, Rect, Shape, pos2, vec2};

use super::text::{self, Ruler};
use crate::gui::theme::Theme;
use crate::model::time::describe_milliseconds;

/// Where a mean time lies between the shortest and the longest, from 0 to 1. In steps of equal ratio, for times in states
/// differ by hours and by months.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a colour")]
pub(super) fn share(time: i64, (shortest, longest): (i64, i64)) -> f32 {
    let log = |time: i64| (time.max(1_000) as f64).ln();
    let (low, high) = (log(shortest), log(longest));
    if high - low < 1e-9 { 0.5 } else { ((log(time) - low) / (high - low)).clamp(0.0, 1.0) as f32 }
}

/// In the corner of the canvas.
pub(super) fn paint_legend(painter: &Painter, theme: &Theme, (shortest, longest): (i64, i64)) {
    const STEPS: u8 = 24;
    const END_SIZE: f32 = 11.0;
    let p = &theme.palette;
    let ends =
        [format!("up to {}", describe_milliseconds(shortest)), format!("{} and more", describe_milliseconds(longest))];
    let words: f32 = ends.iter().map(|end| Ruler::new(painter).broken(end, END_SIZE, f32::INFINITY, 1).size.x).sum();
    let width = (words + 48.0).max(216.0);
    let frame = Rect::from_min_size(painter.clip_rect().left_bottom() + vec2(14.0, -66.0), vec2(width, 52.0));
    painter.rect(
        frame,
        theme.radii.medium,
        p.panel,
        egui::Stroke::new(1.0, p.border),
        egui::epaint::StrokeKind::Inside,
    );
    let inner = frame.shrink2(vec2(12.0, 7.0));
    let size = theme.sizes.small;
    text::write(painter, inner.left_top(), Align2::LEFT_TOP, "Mean time in a state so far", size, p.text);
    let bar = Rect::from_min_size(pos2(inner.left(), inner.top() + 18.0), vec2(inner.width(), 7.0));
    let mut mesh = Mesh::default();
    let width = bar.width() / f32::from(STEPS);
    for step in 0..STEPS {
        let left = bar.left() + f32::from(step) * width;
        let part = Rect::from_min_max(pos2(left, bar.top()), pos2(left + width, bar.bottom()));
        mesh.add_colored_rect(part, theme.spent(f32::from(step) / f32::from(STEPS - 1)));
    }
    painter.add(Shape::mesh(mesh));
    painter.rect_stroke(bar, 0, egui::Stroke::new(1.0, p.outline), egui::epaint::StrokeKind::Outside);
    let [low, high] = &ends;
    text::write(painter, inner.left_bottom() + vec2(0.0, 3.0), Align2::LEFT_BOTTOM, low, END_SIZE, p.text_muted);
    text::write(painter, inner.right_bottom() + vec2(0.0, 3.0), Align2::RIGHT_BOTTOM, high, END_SIZE, p.text_muted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_up_in_equal_ratios_and_stay_between_the_ends() {
        let scale = (1_000 * 60, 1_000 * 60 * 100);
        assert!(share(60_000, scale) < 1e-6 && share(1, scale) < 1e-6);
        assert!((share(600_000, scale) - 0.5).abs() < 1e-4);
        assert!((share(i64::MAX, scale) - 1.0).abs() < 1e-6);
        assert!((share(7, (7, 7)) - 0.5).abs() < 1e-6);
    }
}
