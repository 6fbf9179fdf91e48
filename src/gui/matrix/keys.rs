//! The keys of the table: arrows walk, Enter answers, Ctrl+C copies.

use egui::{Event, Key, Modifiers, Ui};

use super::{Board, cell_id};
use crate::document::Document;
use crate::gui::request::Request;

impl Board {
    /// They rest while a text is being typed, while a list is open, and while something beside the table has the focus.
    pub(super) fn keys(&mut self, ui: &Ui, document: &Document, requests: &mut Vec<Request>) {
        let Some((row, column)) = self.cursor else { return };
        let at = &self.matrix.columns[column];
        let own = cell_id(self.matrix.rows[row].state, at.asked, at.bucket);
        let focused = ui.memory(egui::Memory::focused);
        if focused.is_some_and(|focused| focused != own) {
            return;
        }
        if ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy))) {
            requests.push(self.copied(document.project()));
        }
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let steps = |back, forth| {
            let forth = isize::try_from(pressed(forth)).unwrap_or(0);
            forth - isize::try_from(pressed(back)).unwrap_or(0)
        };
        let right = steps(Key::ArrowLeft, Key::ArrowRight);
        let page = (self.window.y / super::table::ROW).max(2.0);
        #[expect(clippy::cast_possible_truncation, reason = "rows in a window")]
        let down = steps(Key::ArrowUp, Key::ArrowDown) + (page as isize - 1) * steps(Key::PageUp, Key::PageDown);
        let ends = steps(Key::Home, Key::End);
        let walk = |shown: &[usize], from: usize, by: isize| {
            let place = shown.iter().position(|shown| *shown == from).unwrap_or(0);
            let place = place.saturating_add_signed(by).min(shown.len().saturating_sub(1));
            shown.get(place).copied()
        };
        if right != 0 || down != 0 || ends != 0 {
            let far = ends.saturating_mul(isize::MAX / 4);
            let next =
                walk(&self.view.rows, row, down).zip(walk(&self.view.columns, column, right.saturating_add(far)));
            if let Some(next) = next {
                self.go(next, requests);
            }
        }
        if pressed(Key::Enter) > 0 {
            self.answering = true;
            ui.ctx().request_repaint();
        }
    }
}
