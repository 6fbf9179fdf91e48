//! Rows of bars: a name, a bar on a scale that all rows share, the number in words. What the colours say is also said by
//! the words.

use egui::{Align, Color32, CornerRadius, Label, Layout, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::gui::Theme;
use crate::gui::theme::inside;

const ROW: f32 = 34.0;
const BAR: f32 = 16.0;

/// One row. Positions are from 0 to 1.
#[derive(Default)]
pub(super) struct Bar {
    pub(super) label: String,
    /// From, to, colour; the first lies below the others.
    pub(super) parts: Vec<(f64, f64, Color32)>,
    /// An interval around the end of the bar.
    pub(super) interval: Option<(f64, f64)>,
    /// A line across, as for a middle.
    pub(super) mark: Option<f64>,
    pub(super) number: String,
    pub(super) note: String,
}

/// Draws the rows.
pub(super) fn bars(ui: &mut Ui, theme: &Theme, rows: &[Bar]) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for row in rows {
            bar(ui, theme, row);
        }
    });
}

fn bar(ui: &mut Ui, theme: &Theme, row: &Bar) {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    response.widget_info(|| {
        let words = [row.label.as_str(), &row.number, &row.note].map(str::trim);
        egui::WidgetInfo::labeled(egui::WidgetType::Label, true, words.join(", "))
    });
    if !ui.is_rect_visible(rect) {
        return;
    }
    let name = (width * 0.24).clamp(110.0, 240.0);
    let words = (width * 0.3).clamp(170.0, 260.0);
    let cell = |left: f32, right: f32| Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
    inside(ui, cell(rect.left(), rect.left() + name), Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(theme.text(&row.label)).truncate().selectable(false));
    });
    let track = cell(rect.left() + name + 12.0, rect.right() - words - 16.0);
    draw(ui, theme, track, row);
    inside(ui, cell(rect.right() - words, rect.right()), Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme.spacing.small;
        ui.add(Label::new(theme.strong(&row.number)).selectable(false));
        ui.add(Label::new(theme.caption(&row.note)).truncate().selectable(false));
    });
}

#[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
fn draw(ui: &Ui, theme: &Theme, track: Rect, row: &Bar) {
    let painter = ui.painter();
    let middle = track.center().y;
    let at = |share: f64| track.left() + track.width() * share.clamp(0.0, 1.0) as f32;
    let rounded = CornerRadius::same(theme.radii.small / 2);
    let line = |left: f32, right: f32| Rect::from_x_y_ranges(left..=right, middle - BAR / 2.0..=middle + BAR / 2.0);
    painter.rect_filled(line(track.left(), track.right()), rounded, theme.palette.sunken);
    for (from, to, color) in &row.parts {
        // What is there at all is seen.
        let right = at(*to).max(at(*from) + if to > from { 2.0 } else { 0.0 });
        painter.rect_filled(line(at(*from), right), rounded, *color);
    }
    let ink = Stroke::new(1.5, theme.palette.text);
    if let Some((low, high)) = row.interval {
        painter.hline(at(low)..=at(high), middle, ink);
        for end in [low, high] {
            painter.vline(at(end), middle - 5.0..=middle + 5.0, ink);
        }
    }
    if let Some(mark) = row.mark {
        painter.vline(at(mark), middle - BAR / 2.0 - 3.0..=middle + BAR / 2.0 + 3.0, Stroke::new(2.0, ink.color));
    }
}

/// What the colours of a chart mean: a dot and a word for each.
pub(super) fn legend(ui: &mut Ui, theme: &Theme, entries: &[(Color32, &str)]) {
    ui.horizontal_wrapped(|ui| {
        for (color, words) in entries {
            let (rect, _) = ui.allocate_exact_size(vec2(10.0, 14.0), Sense::hover());
            ui.painter().circle_filled(rect.center(), 5.0, *color);
            ui.label(theme.caption(*words));
            ui.add_space(theme.spacing.small);
        }
    });
}
