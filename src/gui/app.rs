//! The frame around everything: start screen or an open project, file dialogs, toasts, the look.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use egui_notify::Toasts;

use super::Theme;
use super::command::Command;
use super::files::{Answer, FileDialog, Purpose};
use super::leave::{self, Away};
use super::settings::{Scale, Settings, free_path, project_folder};
use super::start::{Choice, Start};
use super::workbench::{Leave, Workbench};
use crate::document::Document;
use crate::model::{Project, Time};
use crate::store::{SaveState, StoreError};

/// The program as eframe runs it.
pub struct App {
    theme: Theme,
    settings: Settings,
    screen: Screen,
    dialog: Option<FileDialog>,
    /// Copies that are being written on threads of their own.
    copies: Vec<Receiver<Result<PathBuf, StoreError>>>,
    /// What waits for an answer, since the project is not saved.
    leaving: Option<Away>,
    toasts: Toasts,
    folder: PathBuf,
    title: String,
}

enum Screen {
    Start(Start),
    Open(Box<Workbench>),
}

impl App {
    /// The program of this user, on `file` or on the start screen.
    #[must_use]
    pub fn new(ctx: &egui::Context, file: Option<PathBuf>) -> Self {
        let (settings, problem) = Settings::load();
        let mut app = Self::with(ctx, settings, project_folder());
        if let Some(problem) = problem {
            app.warn(problem);
        }
        if let Some(file) = file {
            app.open(ctx, &file);
        }
        app
    }

    /// A program with settings of its own, which keeps new projects in `folder`.
    #[must_use]
    pub fn with(ctx: &egui::Context, settings: Settings, folder: PathBuf) -> Self {
        super::theme::install_fonts(ctx);
        // Ctrl with 0 and the wheel zooms the canvas, not the whole window.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let theme = Theme::of(settings.look);
        theme.apply(ctx);
        ctx.set_zoom_factor(settings.scale.factor());
        let toasts =
            Toasts::default().with_anchor(egui_notify::Anchor::BottomRight).with_margin(egui::vec2(16.0, 104.0));
        Self {
            theme,
            settings,
            screen: Screen::Start(Start::new()),
            dialog: None,
            copies: Vec::new(),
            leaving: None,
            toasts,
            folder,
            title: String::new(),
        }
    }

    /// The open project, for those who look from outside.
    #[must_use]
    pub fn workbench(&self) -> Option<&Workbench> {
        match &self.screen {
            Screen::Open(workbench) => Some(workbench),
            Screen::Start(_) => None,
        }
    }

    /// Opens a project, or says why not.
    pub fn open(&mut self, ctx: &egui::Context, path: &Path) {
        match Document::open(path) {
            Ok(document) => self.show(ctx, document),
            Err(error) => self.refuse(&error),
        }
    }

    fn create(&mut self, ctx: &egui::Context, project: &Project) {
        if let Err(error) = std::fs::create_dir_all(&self.folder) {
            self.warn(format!(
                "{} cannot be made: {error}. Make the folder, or set another home.",
                self.folder.display()
            ));
            return;
        }
        let path = free_path(&self.folder, &project.info.name);
        match Document::create(&path, project) {
            Ok(document) => {
                self.show(ctx, document);
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let kept = format!("Kept as {name} in {}", self.folder.display());
                self.toasts.info(kept).duration(Some(Duration::from_secs(5)));
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn show(&mut self, ctx: &egui::Context, document: Document) {
        self.settings.remember(document.path());
        let repaint = ctx.clone();
        document.on_save_state(std::sync::Arc::new(move || repaint.request_repaint()));
        self.turn_to(ctx, Screen::Open(Box::new(Workbench::new(document))));
    }

    fn refuse(&mut self, error: &StoreError) {
        self.warn(error.to_string());
    }

    fn warn(&mut self, sentence: impl Into<String>) {
        self.toasts.warning(sentence.into()).duration(Some(Duration::from_secs(15)));
    }

    fn toggle_look(&mut self, ctx: &egui::Context) {
        let look = self.settings.look.next();
        self.settings.set_look(look);
        self.theme = Theme::of(look);
        self.theme.apply(ctx);
    }

    fn set_scale(&mut self, ctx: &egui::Context, scale: Scale) {
        self.settings.set_scale(scale);
        self.apply_scale(ctx);
    }

    /// Type is two steps larger on the wall.
    fn apply_scale(&self, ctx: &egui::Context) {
        let scale = self.settings.scale;
        ctx.set_zoom_factor(if self.is_presenting() { scale.larger().larger() } else { scale }.factor());
    }

    fn is_presenting(&self) -> bool {
        self.workbench().is_some_and(Workbench::is_presenting)
    }

    /// Shows another screen; a presentation ends with what it presented.
    fn turn_to(&mut self, ctx: &egui::Context, screen: Screen) {
        let presented = self.is_presenting();
        self.screen = screen;
        if presented {
            self.present(ctx);
        }
    }

    /// Fills the screen with what is presented, or goes back to the window.
    fn present(&self, ctx: &egui::Context) {
        self.apply_scale(ctx);
        ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.is_presenting()));
    }

    fn ask(&mut self, purpose: Purpose) {
        let suggestion = match (purpose, &self.screen) {
            (Purpose::SaveCopy, Screen::Open(workbench)) => {
                let document = workbench.document();
                let folder = document.path().parent().unwrap_or(&self.folder);
                Some(free_path(folder, &document.project().info.name))
            }
            (Purpose::ExportTable, Screen::Open(workbench)) => workbench.table_path(),
            (Purpose::Compare, Screen::Open(workbench)) => {
                Some(workbench.document().path().parent().unwrap_or(&self.folder).join(""))
            }
            (Purpose::Open, _) => Some(self.folder.join("")),
            _ => None,
        };
        self.dialog = Some(FileDialog::new(purpose, suggestion));
    }

    fn chosen(&mut self, ctx: &egui::Context, purpose: Purpose, path: &Path) {
        match (purpose, &mut self.screen) {
            (Purpose::SaveCopy, Screen::Open(workbench)) => {
                self.copies.push(write_copy(workbench.document(), path.to_owned(), ctx.clone()));
            }
            (Purpose::ExportTable, Screen::Open(workbench)) => workbench.write_table(path, &mut self.toasts),
            (Purpose::Compare, Screen::Open(workbench)) => workbench.compare_with(path.to_owned()),
            (Purpose::Import, Screen::Open(workbench)) => workbench.import(path.to_owned(), ctx),
            _ => self.go(ctx, Away::Open(path.to_owned())),
        }
    }

    /// Says how the copies ended that were being written.
    fn poll_copies(&mut self) {
        let mut ended = Vec::new();
        self.copies.retain(|copy| match copy.try_recv() {
            Ok(result) => {
                ended.push(result);
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        });
        for result in ended {
            match result {
                Ok(path) => {
                    self.toasts.success(format!("A copy is in {}.", path.display()));
                }
                Err(error) => self.refuse(&error),
            }
        }
    }

    /// Why the open project cannot be saved just now.
    fn unsaved(&self) -> Option<String> {
        match self.workbench()?.document().save_state() {
            SaveState::Failed { why } => Some(why),
            SaveState::Saving | SaveState::Saved { .. } => None,
        }
    }

    /// Leaves the open project; asks before where that would lose something.
    fn go(&mut self, ctx: &egui::Context, away: Away) {
        if self.unsaved().is_some() {
            self.leaving = Some(away);
            return;
        }
        match away {
            Away::To(Leave::NewJourney) => self.create(ctx, &Project::named("New journey")),
            Away::To(_) => self.turn_to(ctx, Screen::Start(Start::new())),
            Away::Open(path) => self.open(ctx, &path),
            Away::CloseWindow => {}
        }
    }

    fn leaving_ui(&mut self, ctx: &egui::Context) {
        if ctx.input(|input| input.viewport().close_requested()) && self.unsaved().is_some() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.leaving = Some(Away::CloseWindow);
        }
        let Some(away) = self.leaving.clone() else { return };
        let Some(why) = self.unsaved() else {
            // Meanwhile it could be saved.
            self.leaving = None;
            return;
        };
        match leave::ui(ctx, &self.theme, &why) {
            leave::Answer::Open => {}
            leave::Answer::Stay => self.leaving = None,
            leave::Answer::SaveCopy => {
                self.leaving = None;
                self.ask(Purpose::SaveCopy);
            }
            leave::Answer::Leave => {
                self.leaving = None;
                self.turn_to(ctx, Screen::Start(Start::new()));
                if away == Away::CloseWindow {
                    ctx.send_viewport_cmd(egui::ViewportCommand::Close);
                } else {
                    self.go(ctx, away);
                }
            }
        }
    }

    fn run_choice(&mut self, ctx: &egui::Context, choice: Choice) {
        match choice {
            Choice::Sample(sample) => self.create(ctx, &sample.project()),
            Choice::Blank => self.create(ctx, &Project::named("New journey")),
            Choice::AskForFile => self.ask(Purpose::Open),
            Choice::Recent(path) => self.open(ctx, &path),
            Choice::Forget(path) => self.settings.forget(&path),
            Choice::ToggleLook => self.toggle_look(ctx),
            Choice::Scale(scale) => self.set_scale(ctx, scale),
        }
    }

    fn run_leave(&mut self, ctx: &egui::Context, leave: Leave) {
        match leave {
            Leave::Start | Leave::NewJourney => self.go(ctx, Away::To(leave)),
            Leave::Ask(purpose) => self.ask(purpose),
            Leave::ToggleLook => self.toggle_look(ctx),
            Leave::Present => self.present(ctx),
            Leave::Larger => self.set_scale(ctx, self.settings.scale.larger()),
            Leave::Smaller => self.set_scale(ctx, self.settings.scale.smaller()),
        }
    }

    fn take_dropped_files(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let Some(path) = dropped.into_iter().map(|file| file.path().to_owned()).next() else { return };
        let is_project = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("statecraft"));
        let purpose = if is_project || self.workbench().is_none() { Purpose::Open } else { Purpose::Import };
        self.chosen(ctx, purpose, &path);
    }

    fn dialog_ui(&mut self, ctx: &egui::Context) {
        let Some(dialog) = &mut self.dialog else { return };
        let purpose = dialog.purpose();
        match dialog.ui(ctx, &self.theme) {
            Answer::Open => {}
            Answer::Cancelled => self.dialog = None,
            Answer::Chosen(path) => {
                self.dialog = None;
                self.chosen(ctx, purpose, &path);
            }
        }
    }

    fn update_title(&mut self, ctx: &egui::Context) {
        let title = match self.workbench() {
            Some(workbench) => {
                format!("{} – {} – Statecraft", workbench.document().project().info.name, workbench.saved_text())
            }
            None => String::from("Statecraft"),
        };
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// One frame of the whole window.
    pub fn frame_ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        finish_typing(&ctx);
        let modal_open = self.dialog.is_some() || self.leaving.is_some();
        match &mut self.screen {
            Screen::Start(start) => {
                let mut choice = start.ui(ui, &self.theme, &self.settings);
                if !modal_open {
                    for command in Command::pressed(&ctx, false) {
                        choice = match command {
                            Command::NewJourney => Some(Choice::Blank),
                            Command::Open => Some(Choice::AskForFile),
                            Command::ToggleTheme => Some(Choice::ToggleLook),
                            Command::Larger => Some(Choice::Scale(self.settings.scale.larger())),
                            Command::Smaller => Some(Choice::Scale(self.settings.scale.smaller())),
                            _ => choice,
                        };
                    }
                }
                if let Some(choice) = choice {
                    self.run_choice(&ctx, choice);
                }
            }
            Screen::Open(workbench) => {
                let leave = workbench.ui(ui, &self.theme, &mut self.toasts, modal_open);
                if let Some(leave) = leave {
                    self.run_leave(&ctx, leave);
                }
            }
        }
        self.dialog_ui(&ctx);
        self.leaving_ui(&ctx);
        self.poll_copies();
        self.take_dropped_files(&ctx);
        self.toasts.show(&ctx);
        self.update_title(&ctx);
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame_ui(ui);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.theme.palette.canvas.to_normalized_gamma_f32()
    }
}

/// Takes the focus from the text that is being typed, so that its field finishes it with this frame, where what happens
/// next may take the field away: the window closes, a file is dropped, a screen reader presses something else.
fn finish_typing(ctx: &egui::Context) {
    if !ctx.text_edit_focused() {
        return;
    }
    let Some(focused) = ctx.memory(egui::Memory::focused) else { return };
    let leaves = ctx.input(|input| {
        input.viewport().close_requested()
            || !input.raw.dropped_files.is_empty()
            || input.events.iter().any(|event| {
                matches!(event, egui::Event::AccessKitActionRequest(request)
                    if request.action == egui::accesskit::Action::Click && request.target_node != focused.accesskit_id())
            })
    });
    if leaves {
        ctx.memory_mut(|memory| memory.surrender_focus(focused));
    }
}

/// Writes a copy where it holds no frame up.
fn write_copy(document: &Document, path: PathBuf, ctx: egui::Context) -> Receiver<Result<PathBuf, StoreError>> {
    let (sender, receiver) = channel();
    let snapshot = document.snapshot();
    std::thread::spawn(move || {
        let result = snapshot.write(&path).map(|()| path);
        // The window may be gone by now; the copy is written all the same.
        let _ = sender.send(result);
        ctx.request_repaint();
    });
    receiver
}

/// A time of the system's clock as the title bar shows it: `12:04`.
#[must_use]
pub fn clock(at: std::time::SystemTime) -> String {
    let since = at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let time = Time(i64::try_from(since.as_millis()).unwrap_or(0));
    time.local_clock()
}
