//! The frame around everything: start screen or an open project, file dialogs, toasts, the look.

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui_notify::Toasts;

use super::clock;
use super::command::Command;
use super::copies::{Copies, Then};
use super::field;
use super::files::{Answer, FileDialog, Purpose};
use super::leave::{self, Away, Unsaved};
use super::picture;
use super::rescue::{self, RescueDialog};
use super::settings::{Scale, Settings, free_path, project_folder};
use super::start::{Choice, Start};
use super::versions::{self, VersionsDialog};
use super::workbench::{Leave, Workbench};
use super::{Place, Theme, recovery};
use crate::crash;
use crate::document::{Document, keeping_of_user};
use crate::model::Project;
use crate::store::{self, Keeping, Publishing, SaveState, Snapshot, StoreError, state_folder};

/// The program as eframe runs it.
pub struct App {
    theme: Theme,
    settings: Settings,
    place: Place,
    /// After so many frames the window is put where it can be seen.
    astray: u8,
    screen: Screen,
    dialog: Option<FileDialog>,
    /// Files that are being written on threads of their own.
    copies: Copies,
    versions: Option<VersionsDialog>,
    /// About a file that did not open.
    rescue: Option<RescueDialog>,
    keeping: Keeping,
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
    /// The program of this user, on `file` or on the start screen. Says what was wrong with the settings, and what became
    /// of the work if the program broke before.
    #[must_use]
    pub fn new(ctx: &egui::Context, settings: Settings, problem: Option<String>, file: Option<PathBuf>) -> Self {
        let mut app = Self::with(ctx, settings, project_folder()).keeping(keeping_of_user());
        if let Some(problem) = problem {
            app.warn(problem);
        }
        if let Some(folder) = state_folder() {
            app.tell_of_crash(&folder);
        }
        if let Some(file) = file {
            app.open(ctx, &file);
        }
        app
    }

    /// The same program, keeping projects in this way.
    #[must_use]
    pub fn keeping(mut self, keeping: Keeping) -> Self {
        self.keeping = keeping;
        self
    }

    /// A program with settings of its own, which keeps new projects in `folder`, and nothing beside them.
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
            place: settings.place.unwrap_or_default(),
            astray: 0,
            settings,
            screen: Screen::Start(Start::new()),
            dialog: None,
            copies: Copies::default(),
            versions: None,
            rescue: None,
            keeping: Keeping::default(),
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
        let keeping = self.keeping.clone();
        self.open_with(ctx, path, &keeping);
    }

    fn open_with(&mut self, ctx: &egui::Context, path: &Path, keeping: &Keeping) {
        // What is open is closed first: it may be the same file.
        if self.workbench().is_some_and(|workbench| workbench.document().path() == path) {
            self.screen = Screen::Start(Start::new());
        }
        match Document::open_with(path, keeping) {
            Ok(document) => self.show(ctx, document),
            Err(error) if error.calls_for_rescue() => {
                let versions = store::versions(keeping, path);
                self.rescue = Some(RescueDialog::new(path, &error, versions));
            }
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
        match Document::create_with(&path, project, &self.keeping) {
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
        listen(&document, ctx);
        self.turn_to(ctx, Screen::Open(Box::new(Workbench::new(document))));
    }

    /// Says once what became of the work when the program broke; it stays until it is closed.
    pub fn tell_of_crash(&mut self, folder: &Path) {
        let Some(report) = crash::latest(folder) else { return };
        if self.settings.crash_told() == Some(report.name.as_str()) {
            return;
        }
        let sentences = recovery::sentences(&report, self.settings.recent.first().map(PathBuf::as_path), &self.keeping);
        self.toasts.warning(in_lines(&sentences)).duration(None);
        self.settings.set_crash_told(report.name);
    }

    /// Moves the window to where it can be seen, since the monitor on which it was is gone.
    pub(super) fn come_back(&mut self) {
        // Before it is shown, not every system moves a window.
        self.astray = 3;
    }

    fn refuse(&mut self, error: &StoreError) {
        self.warn(error.to_string());
    }

    fn warn(&mut self, sentence: impl Into<String>) {
        self.toasts.warning(in_lines(&sentence.into())).duration(Some(Duration::from_secs(15)));
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
            (Purpose::SaveCopy | Purpose::Share, Screen::Open(workbench)) => {
                let document = workbench.document();
                let folder = document.path().parent().unwrap_or(&self.folder);
                Some(free_path(folder, &document.project().info.name))
            }
            // Where it lies is what does not work.
            (Purpose::SaveElsewhere, Screen::Open(workbench)) => {
                Some(free_path(&self.folder, &workbench.document().project().info.name))
            }
            (Purpose::ExportTable | Purpose::ExportPage, Screen::Open(workbench)) => workbench.table_path(),
            (Purpose::ExportPicture, Screen::Open(workbench)) => {
                Some(workbench.document().path().with_extension("png"))
            }
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
                self.copies.write(workbench.document().snapshot(), path.to_owned(), Then::SayCopy, ctx);
            }
            (Purpose::SaveElsewhere, Screen::Open(workbench)) => {
                let document = workbench.document();
                make_folder_of(path);
                let then = Then::GoOn { revision: document.revision() };
                self.copies.write(document.snapshot_to_move(), path.to_owned(), then, ctx);
            }
            (Purpose::Share, Screen::Open(workbench)) => {
                let (snapshot, mentions) = workbench.document().snapshot_without_contacts();
                self.copies.write(snapshot, path.to_owned(), Then::SayShared(mentions), ctx);
            }
            (Purpose::ExportTable | Purpose::ExportPage, Screen::Open(workbench)) => {
                workbench.write_table(path, &mut self.toasts);
            }
            (Purpose::ExportPicture, Screen::Open(workbench)) => {
                let (project, theme) = (workbench.document().project().clone(), self.theme.clone());
                let (only, path) = (workbench.several_states(), path.to_owned());
                self.copies.run(Then::SayPicture, ctx, move || {
                    let only = (!only.is_empty()).then_some(&only);
                    picture::write(&project, &theme, only, &path).map(|()| path)
                });
            }
            (Purpose::Compare, Screen::Open(workbench)) => workbench.compare_with(path.to_owned()),
            (Purpose::Import, Screen::Open(workbench)) => workbench.import(path.to_owned(), ctx),
            _ => self.go(ctx, Away::Open(path.to_owned())),
        }
    }

    /// Says how the files ended that were being written, and goes on with them.
    fn poll_copies(&mut self, ctx: &egui::Context) {
        for (then, result) in self.copies.ended() {
            match (then, result) {
                (_, Err(why)) => self.warn(why),
                (Then::SayCopy, Ok(path)) => {
                    self.toasts.success(format!("A copy is in {}.", path.display()));
                }
                (Then::SayPicture, Ok(path)) => {
                    self.toasts.success(format!("The picture is in {}.", path.display()));
                }
                (Then::Open, Ok(path)) => self.go(ctx, Away::Open(path)),
                (Then::SayShared(mentions), Ok(path)) => {
                    self.toasts.success(format!("The journey without contacts is in {}.", path.display()));
                    for place in mentions {
                        self.warn(format!(
                            "A contact is still named in {place}. Look at it before you give the file away."
                        ));
                    }
                }
                (Then::GoOn { revision }, Ok(path)) => self.go_on_in(ctx, &path, revision),
            }
        }
    }

    fn go_on_in(&mut self, ctx: &egui::Context, path: &Path, revision: u64) {
        let Screen::Open(workbench) = &mut self.screen else { return };
        if workbench.document().revision() != revision {
            // It was edited meanwhile; the file gets that, too.
            let then = Then::GoOn { revision: workbench.document().revision() };
            self.copies.write(workbench.document().snapshot_to_move(), path.to_owned(), then, ctx);
            return;
        }
        match workbench.go_on_in(path) {
            Ok(()) => {
                listen(workbench.document(), ctx);
                self.settings.remember(path);
                self.toasts.success(format!("The project goes on in {}.", path.display()));
            }
            Err(error) => self.refuse(&error),
        }
    }

    /// Why the open project cannot be left just now.
    fn unsaved(&self) -> Option<Unsaved> {
        let document = self.workbench()?.document();
        match (document.save_state(), document.publishing()) {
            (SaveState::Failed { why }, _) => Some(Unsaved::InMemory(why)),
            (_, Publishing::Failed { why }) => Some(Unsaved::NotPublished(why)),
            _ => None,
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
        let Some(unsaved) = self.unsaved() else {
            // Meanwhile it could be saved.
            self.leaving = None;
            return;
        };
        match leave::ui(ctx, &self.theme, &unsaved) {
            leave::Answer::Open => {}
            leave::Answer::Stay => self.leaving = None,
            leave::Answer::SaveElsewhere => {
                self.leaving = None;
                self.ask(Purpose::SaveElsewhere);
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
            Leave::Versions => {
                let path = self.workbench().map(|workbench| workbench.document().path().to_owned());
                let versions = path.map(|path| store::versions(&self.keeping, &path)).unwrap_or_default();
                self.versions = Some(VersionsDialog::new(versions));
            }
            Leave::OpenCopy => self.open_copy(ctx),
            Leave::EditAnyway => {
                let Some(path) = self.workbench().map(|workbench| workbench.document().path().to_owned()) else {
                    return;
                };
                let keeping = Keeping { take_over: true, ..self.keeping.clone() };
                self.open_with(ctx, &path, &keeping);
            }
            Leave::ToggleLook => self.toggle_look(ctx),
            Leave::Present => self.present(ctx),
            Leave::Larger => self.set_scale(ctx, self.settings.scale.larger()),
            Leave::Smaller => self.set_scale(ctx, self.settings.scale.smaller()),
        }
    }

    /// Writes what is open to the folder of new projects, and opens that.
    fn open_copy(&mut self, ctx: &egui::Context) {
        let Screen::Open(workbench) = &self.screen else { return };
        let snapshot = workbench.document().snapshot();
        let path = free_path(&self.folder, &workbench.document().project().info.name);
        make_folder_of(&path);
        self.copies.write(snapshot, path, Then::Open, ctx);
    }

    fn versions_ui(&mut self, ctx: &egui::Context) {
        let Some(dialog) = &self.versions else { return };
        match dialog.ui(ctx, &self.theme) {
            versions::Answer::Open => {}
            versions::Answer::Close => self.versions = None,
            versions::Answer::OpenCopy(version) => {
                self.versions = None;
                let name = self.workbench().map(|workbench| workbench.document().project().info.name.clone());
                let when = clock::day_and_time(version.at).replace(':', ".");
                let target = free_path(&self.folder, &format!("{} {when}", name.unwrap_or_default()));
                make_folder_of(&target);
                self.copies.run(Then::Open, ctx, move || {
                    let written = Snapshot::of_file(&version.path).and_then(|version| version.write(&target));
                    written.map(|()| target).map_err(|error| error.to_string())
                });
            }
        }
    }

    fn rescue_ui(&mut self, ctx: &egui::Context) {
        let Some(dialog) = &mut self.rescue else { return };
        let path = dialog.path().to_owned();
        match dialog.ui(ctx, &self.theme) {
            rescue::Answer::Open => {}
            rescue::Answer::Close => self.rescue = None,
            rescue::Answer::Show => {
                self.rescue = None;
                self.go(ctx, Away::Open(path));
            }
            rescue::Answer::ShowVersion(aside) => {
                self.rescue = None;
                self.go(ctx, Away::Open(path));
                self.toasts.info(format!("The damaged file is kept as {}.", aside.display()));
            }
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
        crash::break_on_purpose("window");
        field::finish_typing(&ctx);
        if self.astray > 0 {
            self.astray -= 1;
            ctx.request_repaint();
            if self.astray == 0 {
                ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(egui::pos2(40.0, 40.0)));
            }
        }
        self.place = self.place.followed(&ctx);
        if ctx.input(|input| input.viewport().close_requested()) {
            self.settings.set_place(self.place);
        }
        let modal_open =
            self.dialog.is_some() || self.leaving.is_some() || self.versions.is_some() || self.rescue.is_some();
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
        self.versions_ui(&ctx);
        self.rescue_ui(&ctx);
        self.poll_copies(&ctx);
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

/// Broken between words, since a toast is as wide as its longest line.
fn in_lines(text: &str) -> String {
    const WIDTH: usize = 84;
    let (mut lines, mut length) = (String::new(), 0);
    for word in text.split(' ') {
        let more = word.chars().count() + 1;
        if length > 0 {
            lines.push(if length + more > WIDTH { '\n' } else { ' ' });
        }
        length = if length + more > WIDTH { more } else { length + more };
        lines.push_str(word);
    }
    lines
}

/// Draws a frame when there is something to say about saving.
fn listen(document: &Document, ctx: &egui::Context) {
    let repaint = ctx.clone();
    document.on_save_state(std::sync::Arc::new(move || repaint.request_repaint()));
}

/// Makes the folder that a file is to be in. If that fails, writing the file says so.
fn make_folder_of(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
}
