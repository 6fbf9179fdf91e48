//! Text on the canvas: broken into lines once, at 100 %, and written at any zoom in few sizes, so that zooming does not
//! lay out every label anew.

use std::cell::RefCell;
use std::collections::BTreeMap;

use egui::epaint::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Vec2};
use hashbrown::HashMap;

use crate::gui::theme::{Theme, strong_family};

/// A blank at which no line ends.
pub(super) const TIE: char = '\u{a0}';

/// Lines of a text and the room they take at 100 %.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Broken {
    pub(super) lines: Vec<String>,
    pub(super) size: Vec2,
}

/// Texts that have been measured, so that after an edit only new ones are laid out. Two drawings later they are forgotten.
#[derive(Default)]
pub(super) struct Measured {
    now: RefCell<Known>,
    before: Known,
    pixels_per_point: f32,
}

/// What came out, by text and by size, width and number of rows.
type Known = HashMap<String, BTreeMap<(u32, u32, usize), Broken>>;

impl Measured {
    /// Before a drawing is made anew.
    pub(super) fn begin(&mut self, pixels_per_point: f32) {
        self.before = self.now.take();
        if (self.pixels_per_point - pixels_per_point).abs() > f32::EPSILON {
            self.before.clear();
            self.pixels_per_point = pixels_per_point;
        }
    }

    fn get(&self, text: &str, key: (u32, u32, usize)) -> Option<Broken> {
        let now = self.now.borrow().get(text).and_then(|known| known.get(&key)).cloned();
        now.or_else(|| {
            let before = self.before.get(text)?.get(&key)?.clone();
            self.put(text, key, before.clone());
            Some(before)
        })
    }

    fn put(&self, text: &str, key: (u32, u32, usize), broken: Broken) {
        self.now.borrow_mut().entry_ref(text).or_default().insert(key, broken);
    }
}

/// Measures with the fonts of the window.
pub(super) struct Ruler<'a> {
    painter: &'a Painter,
    measured: Option<&'a Measured>,
}

impl<'a> Ruler<'a> {
    pub(super) fn new(painter: &'a Painter) -> Self {
        Self { painter, measured: None }
    }

    /// One that asks `measured` first.
    pub(super) fn with(painter: &'a Painter, measured: &'a Measured) -> Self {
        Self { painter, measured: Some(measured) }
    }

    /// At most `rows` lines of at most `width`; what is too long ends in an ellipsis. [`TIE`] keeps words in one line, and
    /// comes out as a blank.
    pub(super) fn broken(&self, text: &str, size: f32, width: f32, rows: usize) -> Broken {
        let Some(measured) = self.measured else { return self.laid_out(text, size, width, rows) };
        let known = |width: f32, rows: usize| {
            let key = (size.to_bits(), width.to_bits(), rows);
            measured.get(text, key).unwrap_or_else(|| {
                let broken = self.laid_out(text, size, width, rows);
                measured.put(text, key, broken.clone());
                broken
            })
        };
        // Most texts fit into one line, whatever its width.
        let line = known(f32::INFINITY, usize::MAX);
        if line.lines.len() == 1 && line.size.x <= width { line } else { known(width, rows) }
    }

    fn laid_out(&self, text: &str, size: f32, width: f32, rows: usize) -> Broken {
        let mut job = LayoutJob::simple(text.to_owned(), Theme::font(size), Color32::WHITE, width);
        job.wrap =
            TextWrapping { max_width: width, max_rows: rows, break_anywhere: rows == 1, ..TextWrapping::default() };
        let galley = self.painter.layout_job(job);
        let line = |line: String| line.trim_end().replace(TIE, " ");
        Broken { lines: rows_of(&galley).into_iter().map(line).collect(), size: galley.size() }
    }
}

/// The text of every row, as typed. What the rows themselves say has the first of several letters that make one sign, such
/// as an emoji, in the place of each.
fn rows_of(galley: &Galley) -> Vec<String> {
    let mut letters = galley.job.text.chars().peekable();
    let mut rows = Vec::with_capacity(galley.rows.len());
    for (number, row) in galley.rows.iter().enumerate() {
        let elided = galley.elided && number + 1 == galley.rows.len();
        let count = row.glyphs.len() - usize::from(elided && !row.glyphs.is_empty());
        let mut text: String = letters.by_ref().take(count).collect();
        if elided {
            text.push('…');
        } else if letters.peek() == Some(&'\n') {
            letters.next();
        }
        rows.push(text);
    }
    rows
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
    fn what_is_known_is_what_would_be_laid_out() {
        let mut measured = Measured::default();
        let mut output = egui::Context::default().run_ui(egui::RawInput::default(), |ui| {
            let plain = Ruler::new(ui.painter());
            for _ in 0..3 {
                measured.begin(1.0);
                let ruler = Ruler::with(ui.painter(), &measured);
                for text in ["", "New", "New customers of the year", "a\nb", "after\u{a0}48\u{a0}h", "漢字かな交じり文"]
                {
                    for (width, rows) in [(f32::INFINITY, 1), (60.0, 1), (60.0, 3), (300.0, 2), (0.0, 1)] {
                        for size in [11.0, 15.5] {
                            let wanted = plain.broken(text, size, width, rows);
                            assert_eq!(ruler.broken(text, size, width, rows), wanted, "{text:?} {width} {rows}");
                        }
                    }
                }
            }
        });
        output.textures_delta.clear();
        let known = measured.now.borrow().len();
        measured.begin(1.0);
        measured.begin(1.0);
        assert!(known == 6 && measured.before.is_empty() && measured.now.borrow().is_empty());
    }

    #[test]
    fn lines_are_what_was_typed_whatever_signs_they_hold() {
        let ctx = egui::Context::default();
        crate::gui::theme::install_fonts(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let ruler = Ruler::new(ui.painter());
            for text in ["reminder ✉\u{fe0f} ok", "👩\u{200d}💻 office fit", "🇩🇪 e\u{301}", "a\u{a0}b", "見込み客 고객"]
            {
                assert_eq!(ruler.broken(text, 15.5, f32::INFINITY, 1).lines, [text.replace(TIE, " ")]);
                let narrow = ruler.broken(text, 15.5, 60.0, 3).lines;
                assert_eq!(narrow.concat().replace(' ', ""), text.replace([' ', TIE], ""), "{narrow:?}");
            }
            assert_eq!(ruler.broken("one\ntwo", 15.5, 90.0, 3).lines, ["one", "two"]);
            let cut = ruler.broken("a ✉\u{fe0f} much longer name", 15.5, 60.0, 1).lines.concat();
            assert!(cut.starts_with("a ✉\u{fe0f}") && cut.ends_with('…'), "{cut}");
        });
        output.textures_delta.clear();
    }

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
