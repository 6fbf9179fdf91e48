//! A table of results on the screen, with buttons to copy it and to write it to a file.

use egui::{Align, Label, Layout, Rect, RichText, ScrollArea, Sense, TextWrapMode, Ui, WidgetText, pos2, vec2};
use egui_phosphor::regular as icon;

use crate::analysis::Sheet;
use crate::gui::Theme;
use crate::gui::request::Request;
use crate::gui::theme::inside;

const ROW: f32 = 26.0;
/// Longer tables are cut until somebody asks for all of it.
const ROWS: usize = 12;
const GAP: f32 = 16.0;

/// *Copy* and *Export…*, from the right.
pub(super) fn buttons(ui: &mut Ui, theme: &Theme, sheet: &Sheet, requests: &mut Vec<Request>) {
    for (sign, word, tooltip, request) in [
        (icon::EXPORT, "Export…", "Write the table to a CSV file", Request::ExportTable(sheet.clone())),
        (icon::COPY, "Copy", "Copy the table, to be pasted into a spreadsheet", Request::CopyTable(sheet.clone())),
    ] {
        let response = theme.quiet_button(ui, format!("{sign}  {word}"));
        response.widget_info(|| {
            let name = format!("{} {}", word.trim_end_matches('…'), sheet.name);
            egui::WidgetInfo::labeled(egui::WidgetType::Button, true, name)
        });
        if response.on_hover_text(tooltip).clicked() {
            requests.push(request);
        }
    }
}

/// Draws the table.
pub(super) fn table(ui: &mut Ui, theme: &Theme, sheet: &Sheet) {
    let id = ui.id().with(("all of", &sheet.name));
    let whole = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let count = if whole { sheet.rows.len() } else { sheet.rows.len().min(ROWS) };
    let widths = widths(ui, theme, sheet, count);
    let needed: f32 = widths.iter().map(|width| width + GAP).sum::<f32>() - GAP;
    let room = ui.available_width();
    ScrollArea::horizontal().id_salt(("table", &sheet.name)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut widths = widths;
        // What is left over goes to the name.
        widths[0] += (room - needed).clamp(0.0, 320.0);
        let head = sheet.head.iter().map(|head| theme.caption(*head)).collect::<Vec<_>>();
        row(ui, theme, &head, &widths, sheet, None);
        for (index, cells) in sheet.rows.iter().take(count).enumerate() {
            let texts: Vec<RichText> = cells
                .iter()
                .enumerate()
                .map(|(column, cell)| match cell {
                    crate::analysis::sheet::Cell::Missing(why) => theme.caption(*why),
                    _ if column == 0 => theme.strong(cell.shown()),
                    _ => theme.text(cell.shown()),
                })
                .collect();
            row(ui, theme, &texts, &widths, sheet, Some(index));
        }
    });
    if sheet.rows.len() > ROWS {
        let words = if whole { String::from("Show fewer") } else { format!("Show all {} rows", sheet.rows.len()) };
        if theme.quiet_button(ui, words).clicked() {
            ui.data_mut(|data| data.insert_temp(id, !whole));
        }
    }
}

fn widths(ui: &Ui, theme: &Theme, sheet: &Sheet, count: usize) -> Vec<f32> {
    let width = |text: RichText| {
        let text = WidgetText::from(text);
        text.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, egui::TextStyle::Body).size().x.ceil()
    };
    let mut widths: Vec<f32> = sheet.head.iter().map(|head| width(theme.caption(*head))).collect();
    for cells in sheet.rows.iter().take(count) {
        for (known, cell) in widths.iter_mut().zip(cells) {
            let most = if cell.is_text() { 260.0 } else { f32::INFINITY };
            *known = known.max(width(theme.strong(cell.shown())).min(most));
        }
    }
    widths
}

/// The head, or a row with its place.
fn row(ui: &mut Ui, theme: &Theme, texts: &[RichText], widths: &[f32], sheet: &Sheet, place: Option<usize>) {
    let width = widths.iter().map(|width| width + GAP).sum::<f32>() - GAP;
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    if place.is_none_or(|place| place > 0) {
        let line = if place.is_none() { rect.bottom() } else { rect.top() };
        ui.painter().hline(rect.x_range(), line, egui::Stroke::new(1.0, theme.palette.border));
    }
    let mut left = rect.left();
    for (column, (text, width)) in texts.iter().zip(widths).enumerate() {
        let cell = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, rect.bottom()));
        // Numbers stand under one another.
        let is_text = sheet.rows.first().is_none_or(|row| row.get(column).is_none_or(|cell| cell.is_text()));
        let layout = if is_text { Layout::left_to_right(Align::Center) } else { Layout::right_to_left(Align::Center) };
        inside(ui, cell, layout, |ui| ui.add(Label::new(text.clone()).truncate()));
        left += width + GAP;
    }
}
