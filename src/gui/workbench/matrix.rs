//! The Matrix among the workspaces, and the files that are written of tables and pages.

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{CentralPanel, Panel, Popup, Ui};
use egui_notify::Toasts;

use super::{Workbench, said, side_frame, warn};
use crate::gui::Theme;
use crate::gui::request::Request;

impl Workbench {
    pub(super) fn matrix_panels(&mut self, ui: &mut Ui, theme: &Theme, modal_open: bool, requests: &mut Vec<Request>) {
        if self.board.is_counting() {
            self.simulator.update(&self.document, ui.ctx());
            self.board.count(&self.document, &self.simulator, ui.ctx());
        }
        Panel::right("cell").default_size(328.0).min_size(280.0).max_size(520.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                let found = (&self.problems[..], self.checker.outcomes());
                self.board.cell_ui(ui, theme, &self.document, &self.selection, found, requests);
            },
        );
        let keys = !modal_open && !ui.ctx().text_edit_focused() && !Popup::is_any_open(ui.ctx());
        CentralPanel::no_frame().show(ui, |ui| {
            self.board.ui(ui, theme, &self.document, &self.selection, keys, requests);
        });
    }

    /// Where the question is what nobody has decided, that is the next thing to look at.
    pub(super) fn next_open(&mut self, ctx: &egui::Context, toasts: &mut Toasts) {
        let mut requests = Vec::new();
        if !self.board.next_open(&mut requests) {
            said(toasts, "Everything that is shown is decided");
        }
        for request in requests {
            self.run(request, ctx, toasts);
        }
    }

    /// Where the table that is to be exported is suggested to go: beside the project.
    #[must_use]
    pub fn table_path(&self) -> Option<PathBuf> {
        let written = self.exporting.as_ref()?;
        let path = self.document.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Some(path.with_file_name(format!("{name} {}.{}", written.name, written.ending)))
    }

    /// Writes the table that was to be exported.
    pub fn write_table(&mut self, path: &Path, toasts: &mut Toasts) {
        let Some(written) = self.exporting.take() else { return };
        let what = if written.ending == "html" { "page" } else { "table" };
        match std::fs::write(path, written.text) {
            Ok(()) => {
                toasts.success(format!("The {what} is in {}.", path.display())).duration(Some(Duration::from_secs(5)));
            }
            Err(error) => {
                let path = path.display();
                warn(toasts, &format!("The {what} could not be written to {path}: {error}. Choose another place."));
            }
        }
    }
}
