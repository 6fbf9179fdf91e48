//! Asking for a file. The path can always be typed; where the system has a file dialog, *Browse…* opens it on a thread
//! of its own, so that the frame never waits.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use egui::{Key, Modal, Ui};

use super::Theme;
use crate::simulation::Severity;

/// What the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    SaveCopy,
    SaveElsewhere,
    Share,
    Import,
    ExportTable,
    ExportPage,
    ExportPicture,
    Compare,
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a project",
            Self::SaveCopy => "Save a copy",
            Self::SaveElsewhere => "Save elsewhere",
            Self::Share => "Share without contacts",
            Self::Import => "Import recorded events",
            Self::ExportTable => "Export a table",
            Self::ExportPage => "Write a page to print",
            Self::ExportPicture => "Export a picture",
            Self::Compare => "Compare with another project",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Open => "A project file ends in .statecraft. You can also drop it on the window.",
            Self::SaveCopy => "The copy holds everything, contacts included. This project stays open.",
            Self::SaveElsewhere => "The project goes on in this file, with its history. The old file is left as it is.",
            Self::Share => {
                "The file has the journey and its world: no contacts, no imported data, no history, no names of scenarios."
            }
            Self::Import => "A text file with a row per event: CSV, tabs, or columns parted by spaces.",
            Self::ExportTable => {
                "A CSV file for spreadsheets: numbers as plain numbers, the names of the columns first."
            }
            Self::ExportPage => "An HTML file, whole in itself: any browser shows it and prints it on A3 or A4.",
            Self::ExportPicture => {
                "The ending says what it becomes: .png, .svg or .pdf. With several states selected, only these are drawn. \
                 A PNG has two pixels to a point; end its name in @1x, @3x or @4x for more or less."
            }
            Self::Compare => "A project file ends in .statecraft. It is only read.",
        }
    }

    /// The ending of the file that is written.
    fn writes(self) -> Option<&'static str> {
        match self {
            Self::SaveCopy | Self::SaveElsewhere | Self::Share => Some("statecraft"),
            Self::ExportTable => Some("csv"),
            Self::ExportPage => Some("html"),
            Self::ExportPicture => Some("png"),
            Self::Open | Self::Import | Self::Compare => None,
        }
    }

    fn confirm(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::SaveCopy => "Save copy",
            Self::SaveElsewhere => "Save here",
            Self::Share => "Write the file",
            Self::Import => "Continue",
            Self::ExportTable | Self::ExportPage | Self::ExportPicture => "Export",
            Self::Compare => "Choose",
        }
    }
}

/// A dialog that asks for one file.
pub struct FileDialog {
    purpose: Purpose,
    path: String,
    browsing: Option<(Instant, Receiver<Option<PathBuf>>)>,
    /// The system had no dialog to show.
    no_browser: bool,
    focused: bool,
    /// What would be replaced, once that was said.
    replaces: Option<PathBuf>,
}

/// How a dialog goes on.
pub enum Answer {
    Open,
    Cancelled,
    Chosen(PathBuf),
}

impl FileDialog {
    #[must_use]
    pub fn new(purpose: Purpose, suggestion: Option<PathBuf>) -> Self {
        let path = suggestion.map(|path| path.display().to_string()).unwrap_or_default();
        Self { purpose, path, browsing: None, no_browser: false, focused: false, replaces: None }
    }

    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Answer {
        self.poll();
        let mut answer = Answer::Open;
        let modal = Modal::new(egui::Id::new("file dialog")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(520.0);
            ui.label(theme.heading(self.purpose.title()));
            ui.add_space(theme.spacing.small);
            ui.label(theme.muted(self.purpose.hint()));
            ui.add_space(theme.spacing.medium);
            let confirmed = self.path_ui(ui, theme);
            if self.no_browser {
                let sentence = "This system showed no file dialog. Type the path, or drop the file on the window.";
                ui.label(theme.caption(sentence));
            }
            let said = self.replaces.as_ref().filter(|path| **path == self.target());
            if let Some(path) = said {
                ui.add_space(theme.spacing.small);
                let sentence = format!("There already is a file {}. It would be replaced.", path.display());
                ui.label(theme.problem(Severity::Warning, &sentence));
            }
            let confirm = if said.is_some() { "Replace it" } else { self.purpose.confirm() };
            ui.add_space(theme.spacing.medium);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let chosen = !self.path.trim().is_empty();
                let pressed = ui.add_enabled_ui(chosen, |ui| theme.primary_button(ui, confirm)).inner.clicked();
                if chosen && (pressed || confirmed) {
                    let target = self.target();
                    let loses = self.purpose.writes().is_some() && target.is_file();
                    if loses && self.replaces.as_ref() != Some(&target) {
                        self.replaces = Some(target);
                    } else {
                        answer = Answer::Chosen(target);
                    }
                }
                if theme.secondary_button(ui, "Cancel").clicked() {
                    answer = Answer::Cancelled;
                }
            });
        });
        if modal.should_close() && matches!(answer, Answer::Open) {
            answer = Answer::Cancelled;
        }
        answer
    }

    /// The path as typed; a file to write without an ending gets ours, so that it is known for what it is later.
    fn target(&self) -> PathBuf {
        let path = PathBuf::from(self.path.trim());
        let bare = path.extension().is_none() && !path.is_dir();
        match self.purpose.writes().filter(|_| bare) {
            Some(ending) => path.with_extension(ending),
            None => path,
        }
    }

    /// Returns whether Enter was pressed in the field.
    fn path_ui(&mut self, ui: &mut Ui, theme: &Theme) -> bool {
        ui.horizontal(|ui| {
            let browse = 110.0;
            let edit = egui::TextEdit::singleline(&mut self.path)
                .hint_text("Path of the file")
                .desired_width(ui.available_width() - browse)
                .margin(super::theme::FIELD_MARGIN);
            let response = ui.add(edit);
            super::field::titled(&response, "Path of the file", &self.path);
            if !self.focused {
                response.request_focus();
                self.focused = true;
            }
            let busy = self.browsing.is_some();
            let button = ui.add_enabled_ui(!busy, |ui| theme.secondary_button(ui, "Browse…")).inner;
            if button.clicked() {
                self.browsing = Some((Instant::now(), browse_for(self.purpose, ui.ctx().clone())));
                self.no_browser = false;
            }
            response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
        })
        .inner
    }

    fn poll(&mut self) {
        let Some((begin, receiver)) = &self.browsing else { return };
        match receiver.try_recv() {
            Ok(path) => {
                match path {
                    Some(path) => self.path = path.display().to_string(),
                    // Nobody cancels that fast: there was no dialog.
                    None => self.no_browser = begin.elapsed() < Duration::from_millis(400),
                }
                self.browsing = None;
            }
            Err(TryRecvError::Disconnected) => self.browsing = None,
            Err(TryRecvError::Empty) => {}
        }
    }
}

fn browse_for(purpose: Purpose, ctx: egui::Context) -> Receiver<Option<PathBuf>> {
    let (sender, receiver) = channel();
    let ask = move || {
        let dialog = rfd::FileDialog::new().set_title(purpose.title());
        let chosen = match purpose {
            Purpose::Open | Purpose::Compare => dialog.add_filter("Statecraft project", &["statecraft"]).pick_file(),
            Purpose::SaveCopy | Purpose::SaveElsewhere | Purpose::Share => {
                dialog.add_filter("Statecraft project", &["statecraft"]).save_file()
            }
            Purpose::ExportTable => dialog.add_filter("CSV", &["csv"]).save_file(),
            Purpose::ExportPage => dialog.add_filter("Page", &["html"]).save_file(),
            Purpose::ExportPicture => dialog.add_filter("Pictures", &["png", "svg", "pdf"]).save_file(),
            Purpose::Import => dialog.add_filter("Tables", &["csv", "tsv", "txt", "log"]).pick_file(),
        };
        // The window may be gone by now; then nobody is waiting.
        let _ = sender.send(chosen);
        ctx.request_repaint();
    };
    if cfg!(target_os = "macos") {
        // There, dialogs belong to the main thread.
        ask();
    } else {
        std::thread::spawn(ask);
    }
    receiver
}
