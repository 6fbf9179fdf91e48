//! Text on the canvas: broken into lines once, at 100 %, and written at any zoom in few sizes, so that zooming does not
//! lay out every label anew.

use egui::epaint::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Vec2};

use crate::gui::theme::{Theme, strong_family};

/// Lines of a text and the room they take at 100 %.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Broken {
    pub(super) lines: Vec<String>,
    pub(super) size: Vec2,
}

/// Measures with the fonts of the window.
pub(super) struct Ruler<'a>(pub(super) &'a Painter);

impl Ruler<'_> {
    /// At most `rows` lines of at most `width`; what is too long ends in an ellipsis.
    pub(super) fn broken(&self, text: &str, size: f32, width: f32, rows: usize) -> Broken {
        let mut job = LayoutJob::simple(text.to_owned(), Theme::font(size), Color32::WHITE, width);
        job.wrap =
            TextWrapping { max_width: width, max_rows: rows, break_anywhere: rows == 1, ..TextWrapping::default() };
        let galley = self.0.layout_job(job);
        Broken { lines: galley.rows.iter().map(|row| row.text().trim_end().to_owned()).collect(), size: galley.size() }
    }
}

/// The font for a text of `size` at `zoom`: never larger than asked, and one of few.
pub(super) fn stepped(size: f32, zoom: f32) -> f32 {
    let wanted = size * zoom;
    if wanted < 18.0 { (wanted * 2.0).floor() / 2.0 } else { wanted.floor() }.max(4.0)
}

/// Writes one line and gives the room it took.
pub(super) fn write(painter: &Painter, pos: Pos2, anchor: Align2, text: &str, size: f32, color: Color32) -> Rect {
    painter.text(pos, anchor, text, Theme::font(size), color)
}

/// Writes one line that stands out.
pub(super) fn write_strong(
    painter: &Painter,
    pos: Pos2,
    anchor: Align2,
    text: &str,
    size: f32,
    color: Color32,
) -> Rect {
    painter.text(pos, anchor, text, FontId::new(size, strong_family()), color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_larger_than_its_room_and_comes_in_few_sizes() {
        let mut sizes: Vec<f32> = (35..=300u16).map(|percent| stepped(15.0, f32::from(percent) / 100.0)).collect();
        for (percent, size) in (35..=300u16).zip(&sizes) {
            assert!(*size <= 15.0 * f32::from(percent) / 100.0 + 0.001);
        }
        sizes.dedup();
        assert!(sizes.len() < 60, "{}", sizes.len());
    }
}
