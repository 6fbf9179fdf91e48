//! An open project: the panels around the canvas, and the step at the end of a frame that runs what they asked for.

mod arrange;
mod checking;
mod clipboard;
mod commands;
mod dialogs;
mod matrix;
mod presenting;
mod status;

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{CentralPanel, Frame, Margin, Panel, Popup, Ui};
use egui_notify::Toasts;

use super::canvas::{Canvas, CanvasView};
use super::checker::Checker;
use super::command::Command;
use super::delete::DeleteDialog;
use super::files::Purpose;
use super::find::Finder;
use super::import::ImportDialog;
use super::inspector;
use super::matrix::{Board, Written};
use super::notice::Notices;
use super::outline::Outline;
use super::palette::Palette;
use super::problems::{Problems, ShownDialog};
use super::request::{Request, Selection};
use super::results::Results;
use super::simulator::Simulator;
use super::stories::StoriesDialog;
use super::timing::TimingDialog;
use super::{Theme, top_bar};
use crate::crash;
use crate::document::Document;
use crate::exchange::sheet::{to_csv, to_tabs};
use crate::model::{Edit, EntityId};
use crate::simulation::Problem;
use crate::store::StoreError;

/// The question a workspace answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workspace {
    /// What should happen?
    Design,
    /// What have we not decided?
    Matrix,
    /// What would happen, to whom, why?
    Simulate,
    /// How much, and how sure?
    Results,
}

/// What the workbench asks of the frame around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Start,
    NewJourney,
    Ask(Purpose),
    Versions,
    OpenCopy,
    EditAnyway,
    /// Whether the journey is presented has changed.
    Present,
    ToggleLook,
    Larger,
    Smaller,
}

/// An open project with everything around it.
pub struct Workbench {
    document: Document,
    workspace: Workspace,
    selection: Selection,
    canvas: Canvas,
    outline: Outline,
    board: Board,
    simulator: Simulator,
    results: Results,
    /// The table that is to be written once it is known where.
    exporting: Option<Written>,
    /// Errors and warnings; hints stand in the list of problems alone.
    problems: Vec<Problem>,
    checker: Checker,
    listed: Problems,
    showing: Option<ShownDialog>,
    /// The revision that the selection was looked through at.
    settled: Option<u64>,
    deleting: Option<DeleteDialog>,
    stories: Option<StoriesDialog>,
    timing: Option<TimingDialog>,
    importing: Option<ImportDialog>,
    finder: Option<Finder>,
    palette: Option<Palette>,
    shortcuts: bool,
    /// Chrome is away, type is large, and nobody is named.
    presenting: bool,
    leave: Option<Leave>,
    notices: Notices,
    /// A text had the focus or a list was open when the last frame ended.
    held: bool,
}

impl Workbench {
    #[must_use]
    pub fn new(document: Document) -> Self {
        Self {
            document,
            workspace: Workspace::Design,
            selection: Selection::default(),
            canvas: Canvas::new(),
            outline: Outline::default(),
            board: Board::default(),
            simulator: Simulator::default(),
            results: Results::default(),
            exporting: None,
            problems: Vec::new(),
            checker: Checker::default(),
            listed: Problems::default(),
            showing: None,
            settled: None,
            stories: None,
            timing: None,
            deleting: None,
            importing: None,
            finder: None,
            palette: None,
            shortcuts: false,
            presenting: false,
            leave: None,
            notices: Notices::default(),
            held: false,
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Goes on in another file, to which the project was written.
    ///
    /// # Errors
    /// When that file does not open as the project that this is.
    pub fn go_on_in(&mut self, path: &Path) -> Result<(), StoreError> {
        self.document.go_on_in(path)
    }

    pub fn is_presenting(&self) -> bool {
        self.presenting
    }

    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Saving, Saved 12:04, or Not saved and why.
    #[must_use]
    pub fn saved_text(&self) -> String {
        top_bar::saved_text(&self.document)
    }

    /// Begins to import the events of a file.
    pub fn import(&mut self, path: PathBuf, ctx: &egui::Context) {
        self.importing = Some(ImportDialog::new(path, &self.document, ctx));
    }

    /// One frame. `modal_open`: a dialog lies over everything, so the keys are not ours.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme, toasts: &mut Toasts, modal_open: bool) -> Option<Leave> {
        let ctx = ui.ctx().clone();
        self.check(&ctx, toasts);
        let mut requests = Vec::new();
        let news = self.document.news();
        for sentence in self.notices.take(news) {
            toasts.info(sentence).duration(Some(Duration::from_secs(10)));
        }
        let modal_open = modal_open || self.dialog_is_open();
        if !modal_open {
            if self.presenting {
                requests.extend(self.presenter_keys(&ctx).map(Request::Command));
            }
            requests.extend(
                Command::pressed(&ctx, self.workspace == Workspace::Simulate).into_iter().map(Request::Command),
            );
            if !self.presenting {
                self.clipboard_keys(&ctx, &mut requests);
            }
        }
        if self.presenting {
            self.presented_panels(ui, theme, modal_open, &mut requests);
        } else {
            self.panels(ui, theme, modal_open, &mut requests);
        }
        if self.finder.as_ref().is_some_and(Finder::had_focus)
            && ctx.input(|input| input.key_pressed(egui::Key::Escape))
        {
            self.finder = None;
            self.canvas.mark_found(std::collections::BTreeSet::new());
        }
        let holds = ctx.text_edit_focused() || Popup::is_any_open(&ctx);
        if self.held && !modal_open && !holds && !self.canvas.is_typing() {
            // The key that ended a text or closed a list in a panel is not meant for the canvas.
            ctx.input_mut(|input| {
                input.consume_key(egui::Modifiers::NONE, egui::Key::Enter);
                input.consume_key(egui::Modifiers::NONE, egui::Key::Escape);
            });
        }
        if matches!(self.workspace, Workspace::Design | Workspace::Simulate) {
            self.canvas_ui(ui, theme, &mut requests);
        }
        self.dialogs_ui(&ctx, theme, toasts, &mut requests);
        if !requests.is_empty() {
            // What they change is drawn in the next frame.
            ctx.request_repaint();
        }
        // A text that was finished by pressing Undo comes before the undoing, wherever its field stands.
        requests.sort_by_key(|request| matches!(request, Request::Command(_)));
        for request in requests {
            match &request {
                Request::Edit(edit) | Request::Create(edit) => crash::note(edit),
                Request::Command(command) => crash::note(command),
                other => crash::note(other),
            }
            self.run(request, &ctx, toasts);
        }
        self.held = ctx.text_edit_focused() || Popup::is_any_open(&ctx);
        self.leave.take()
    }

    /// The bars and panels around the canvas.
    fn panels(&mut self, ui: &mut Ui, theme: &Theme, modal_open: bool, requests: &mut Vec<Request>) {
        Panel::top("top bar").exact_size(52.0).frame(bar_frame(theme)).show(ui, |ui| {
            top_bar::ui(ui, theme, &self.document, self.workspace, requests);
        });
        self.notices.ui(ui, theme, &self.document, requests);
        Panel::bottom("status bar").exact_size(32.0).frame(bar_frame(theme)).show(ui, |ui| {
            self.status_ui(ui, theme, requests);
        });
        if self.workspace == Workspace::Design && self.listed.is_open() {
            self.problems_panel(ui, theme, requests);
        }
        match self.workspace {
            Workspace::Design => self.design_panels(ui, theme, requests),
            Workspace::Matrix => self.matrix_panels(ui, theme, modal_open, requests),
            Workspace::Simulate => self.simulate_panels(ui, theme, requests),
            Workspace::Results => self.results_panels(ui, theme, requests),
        }
    }

    fn design_panels(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        Panel::left("outline").default_size(248.0).min_size(200.0).max_size(420.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                let marked = (&self.selection, self.simulator.breakpoints());
                let found = (&self.problems[..], self.checker.outcomes());
                self.outline.ui(ui, theme, &self.document, marked, found, requests);
            },
        );
        Panel::right("inspector").default_size(328.0).min_size(300.0).max_size(520.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                let project = self.document.project();
                if Simulator::has_switches(project, &self.selection) {
                    let frame = Frame::new().inner_margin(Margin::symmetric(0, 10));
                    Panel::bottom("breakpoints of the selection").frame(frame).show(ui, |ui| {
                        self.simulator.switches_ui(ui, project, &self.selection, requests);
                    });
                }
                let found = (&self.problems[..], self.checker.outcomes());
                inspector::ui(ui, theme, &self.document, &self.selection, found, requests);
            },
        );
    }

    fn simulate_panels(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        self.simulator.update(&self.document, ui.ctx());
        Panel::bottom("player").exact_size(92.0).frame(bar_frame(theme)).show(ui, |ui| {
            self.simulator.player_ui(ui, theme, self.document.project(), requests);
        });
        Panel::left("people").default_size(248.0).min_size(220.0).max_size(420.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                self.simulator.people_ui(ui, theme, &self.document, requests);
            },
        );
        Panel::right("story").default_size(364.0).min_size(300.0).max_size(620.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                // As wide while there is nothing to tell.
                ui.take_available_width();
                let marked = (&self.selection, !self.document.read_only());
                self.simulator.story_ui(ui, theme, self.document.project(), marked, requests);
            },
        );
    }

    fn results_panels(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        self.simulator.update(&self.document, ui.ctx());
        let project = self.document.project();
        Panel::left("parts").exact_size(216.0).frame(side_frame(theme)).show(ui, |ui| {
            self.results.parts_ui(ui, theme, project, &self.simulator);
        });
        CentralPanel::no_frame().show(ui, |ui| {
            self.results.ui(ui, theme, &self.document, &self.simulator, requests);
        });
    }

    fn canvas_ui(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        let simulating = self.workspace == Workspace::Simulate;
        let overlay = if simulating { self.simulator.overlay(self.document.project()) } else { None };
        CentralPanel::no_frame().show(ui, |ui| {
            let view = CanvasView {
                project: self.document.project(),
                revision: self.document.revision(),
                selection: &self.selection,
                problems: &self.problems,
                theme,
                overlay: overlay.as_ref(),
                breakpoints: self.simulator.breakpoints(),
                editable: !simulating && !self.presenting && !self.document.read_only(),
            };
            let room = ui.max_rect();
            self.canvas.ui(ui, &view, requests);
            let project = (self.document.project(), self.document.revision());
            if let Some(finder) = &mut self.finder {
                if finder.ui(ui.ctx(), theme, room, project, requests) {
                    self.finder = None;
                }
                let found = self.finder.as_ref().map(Finder::found).unwrap_or_default();
                self.canvas.mark_found(found);
            }
        });
    }

    fn run(&mut self, request: Request, ctx: &egui::Context, toasts: &mut Toasts) {
        match request {
            Request::Edit(edit) => {
                self.perform(edit, toasts);
            }
            Request::Announce(edit) => {
                let created = self.perform(edit, toasts);
                if !created.is_empty() {
                    let title = self.document.undo_title().unwrap_or_default();
                    said(toasts, &format!("{}. It stands in the outline of Design.", crate::model::capitalised(title)));
                }
            }
            Request::CompareStories(id) => {
                let project = self.document.project();
                self.stories =
                    project.expectations.get(&id).map(|expectation| StoriesDialog::new(project, expectation));
            }
            Request::Create(edit) => self.create(edit, ctx, toasts),
            Request::Place(edit) => {
                self.place(edit, toasts);
            }
            Request::Paste(text) => self.paste(&text, ctx, toasts),
            Request::Delete(ids) => self.delete(ids, toasts),
            Request::Select(selection) => self.selection = selection,
            Request::Show(id) => {
                self.selection = Selection::one(id);
                self.canvas.reveal(id);
            }
            Request::Breakpoint(breakpoint) => self.simulator.toggle(breakpoint),
            Request::Follow(node, place) => self.simulator.follow(node, place, self.document.project()),
            Request::CopyTable(sheet) => {
                ctx.copy_text(to_tabs(&sheet));
                said(toasts, &format!("Copied the table {}", sheet.name));
            }
            Request::CopyText { name, text } => {
                ctx.copy_text(text);
                said(toasts, &format!("Copied {name}"));
            }
            Request::ExportText(written) => {
                let purpose = if written.ending == "html" { Purpose::ExportPage } else { Purpose::ExportTable };
                self.exporting = Some(written);
                self.leave = Some(Leave::Ask(purpose));
            }
            Request::ExportTable(sheet) => {
                let text = to_csv(&sheet);
                self.exporting = Some(Written { name: sheet.name, ending: "csv", text });
                self.leave = Some(Leave::Ask(Purpose::ExportTable));
            }
            Request::AskForVersion => self.leave = Some(Leave::Ask(Purpose::Compare)),
            Request::ShowContact(name, time) => {
                self.workspace = Workspace::Simulate;
                self.simulator.show_contact(&name, time, self.document.project());
            }
            Request::OpenCopy => self.leave = Some(Leave::OpenCopy),
            Request::EditAnyway => self.leave = Some(Leave::EditAnyway),
            Request::Command(command) => self.command(command, ctx, toasts),
        }
    }

    /// Makes a project file the other version of this journey.
    pub fn compare_with(&mut self, path: PathBuf) {
        self.results.compare_with(path);
    }

    /// What was created, or nothing after saying why not.
    fn perform(&mut self, edit: Edit, toasts: &mut Toasts) -> Vec<EntityId> {
        match self.document.perform(edit) {
            Ok(performed) => performed.created,
            Err(refusal) => {
                warn(toasts, &refusal.to_string());
                Vec::new()
            }
        }
    }

    fn create(&mut self, edit: Edit, ctx: &egui::Context, toasts: &mut Toasts) {
        let created = self.perform(edit, toasts);
        let node = created.iter().find(|id| matches!(id, EntityId::Node(_)));
        let arrow = created.iter().find(|id| matches!(id, EntityId::Transition(_)));
        let Some(id) = node.or(arrow).or(created.last()).copied() else { return };
        self.selection = Selection::one(id);
        match (node, arrow) {
            // A new state that was dragged out asks for its name; its event is asked for when the arrow is looked at.
            (Some(EntityId::Node(id)), _) => self.canvas.start_rename(*id),
            (None, Some(EntityId::Transition(id))) => self.canvas.ask_trigger(*id),
            _ => super::field::focus(ctx, ("name", id)),
        }
    }

    fn delete(&mut self, ids: Vec<EntityId>, toasts: &mut Toasts) {
        if ids.is_empty() {
            return;
        }
        match DeleteDialog::new(self.document.project(), &ids) {
            Some(dialog) => self.deleting = Some(dialog),
            None => {
                self.perform(Edit::Delete(ids), toasts);
            }
        }
    }
}

fn bar_frame(theme: &Theme) -> Frame {
    Frame::new().fill(theme.palette.panel).inner_margin(Margin::symmetric(12, 0))
}

fn side_frame(theme: &Theme) -> Frame {
    Frame::new().fill(theme.palette.panel).inner_margin(Margin { left: 14, right: 14, top: 12, bottom: 0 })
}

fn said(toasts: &mut Toasts, sentence: &str) {
    toasts.basic(sentence).duration(Some(Duration::from_secs(3)));
}

fn warn(toasts: &mut Toasts, sentence: &str) {
    toasts.warning(sentence).duration(Some(Duration::from_secs(10)));
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
