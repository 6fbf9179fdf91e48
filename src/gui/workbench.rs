//! An open project: the panels around the canvas, and the step at the end of a frame that runs what they asked for.

mod presenting;

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{CentralPanel, Frame, Margin, Panel, Popup, Ui};
use egui_notify::Toasts;

use super::canvas::{Canvas, CanvasView};
use super::command::Command;
use super::delete::{self, DeleteDialog};
use super::files::Purpose;
use super::import::{self, ImportDialog, Outcome as ImportOutcome};
use super::inspector;
use super::outline::Outline;
use super::request::{Request, Selection};
use super::results::Results;
use super::simulator::Simulator;
use super::{Theme, shortcuts, top_bar};
use crate::analysis::{Sheet, problems};
use crate::document::{Document, Refusal};
use crate::exchange::sheet::{to_csv, to_tabs};
use crate::model::{Edit, EntityId, NodeId, NodeKind, Point};
use crate::simulation::{Problem, Severity};

/// The question a workspace answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workspace {
    /// What should happen?
    Design,
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
    simulator: Simulator,
    results: Results,
    /// The table that is to be written once it is known where.
    exporting: Option<Sheet>,
    problems: Vec<Problem>,
    checked: Option<u64>,
    deleting: Option<DeleteDialog>,
    importing: Option<ImportDialog>,
    shortcuts: bool,
    /// Chrome is away, type is large, and nobody is named.
    presenting: bool,
    leave: Option<Leave>,
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
            simulator: Simulator::default(),
            results: Results::default(),
            exporting: None,
            problems: Vec::new(),
            checked: None,
            deleting: None,
            importing: None,
            shortcuts: false,
            presenting: false,
            leave: None,
            held: false,
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
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
        self.check();
        let mut requests = Vec::new();
        let modal_open = modal_open || self.deleting.is_some() || self.importing.is_some() || self.shortcuts;
        if !modal_open {
            if self.presenting {
                requests.extend(self.presenter_keys(&ctx).map(Request::Command));
            }
            requests.extend(
                Command::pressed(&ctx, self.workspace == Workspace::Simulate).into_iter().map(Request::Command),
            );
        }
        if self.presenting {
            self.presented_panels(ui, theme, &mut requests);
        } else {
            self.panels(ui, theme, &mut requests);
        }
        let holds = ctx.text_edit_focused() || Popup::is_any_open(&ctx);
        if self.held && !modal_open && !holds && !self.canvas.is_typing() {
            // The key that ended a text or closed a list in a panel is not meant for the canvas.
            ctx.input_mut(|input| {
                input.consume_key(egui::Modifiers::NONE, egui::Key::Enter);
                input.consume_key(egui::Modifiers::NONE, egui::Key::Escape);
            });
        }
        if self.workspace != Workspace::Results {
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
            self.run(request, &ctx, toasts);
        }
        self.held = ctx.text_edit_focused() || Popup::is_any_open(&ctx);
        self.leave.take()
    }

    /// The bars and panels around the canvas.
    fn panels(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        Panel::top("top bar").exact_size(52.0).frame(bar_frame(theme)).show(ui, |ui| {
            top_bar::ui(ui, theme, &self.document, self.workspace, requests);
        });
        Panel::bottom("status bar").exact_size(32.0).frame(bar_frame(theme)).show(ui, |ui| {
            self.status_ui(ui, theme, requests);
        });
        match self.workspace {
            Workspace::Design => self.design_panels(ui, theme, requests),
            Workspace::Simulate => self.simulate_panels(ui, theme, requests),
            Workspace::Results => self.results_panels(ui, theme, requests),
        }
    }

    /// Problems are looked for again when the drawing has changed.
    fn check(&mut self) {
        let revision = self.document.revision();
        if self.checked != Some(revision) {
            self.problems = problems(self.document.project());
            self.checked = Some(revision);
            let project = self.document.project();
            self.selection.retain(|id| project.entity(id).is_some());
        }
    }

    fn design_panels(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        Panel::left("outline").default_size(248.0).min_size(200.0).max_size(420.0).frame(side_frame(theme)).show(
            ui,
            |ui| {
                let marked = (&self.selection, self.simulator.breakpoints());
                self.outline.ui(ui, theme, &self.document, marked, &self.problems, requests);
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
                inspector::ui(ui, theme, &self.document, &self.selection, &self.problems, requests);
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
                self.simulator.story_ui(ui, theme, self.document.project(), &self.selection, requests);
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
            self.canvas.ui(ui, &view, requests);
        });
    }

    fn status_ui(&self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        ui.horizontal_centered(|ui| {
            let errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            let warnings = self.problems.len() - errors;
            let text = match (errors, warnings) {
                (0, 0) => theme.caption(format!("{} No problems", egui_phosphor::regular::CHECK_CIRCLE)),
                (0, _) => theme.problem(Severity::Warning, &counted(warnings, "warning")).size(theme.sizes.small),
                (_, 0) => theme.problem(Severity::Error, &counted(errors, "error")).size(theme.sizes.small),
                _ => {
                    let both = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
                    theme.problem(Severity::Error, &both).size(theme.sizes.small)
                }
            };
            let response = ui.add(egui::Button::new(text).frame(false));
            if response.on_hover_text("Go to the next problem (F8)").clicked() {
                requests.push(Request::Command(Command::NextProblem));
            }
            let project = self.document.project();
            ui.separator();
            ui.label(theme.caption(format!(
                "{}, {}",
                counted(project.states().count(), "state"),
                counted(project.transitions.len(), "arrow")
            )));
            if self.workspace == Workspace::Results {
                return;
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                top_bar::tool(ui, theme, Command::ZoomToFit, None, true, requests);
                let zoom = theme.caption(format!("{:.0} %", self.canvas.zoom() * 100.0));
                if ui.add(egui::Button::new(zoom).frame(false)).on_hover_text("Zoom to 100 % (Ctrl+0)").clicked() {
                    requests.push(Request::Command(Command::ZoomTo100));
                }
            });
        });
    }

    fn dialogs_ui(&mut self, ctx: &egui::Context, theme: &Theme, toasts: &mut Toasts, requests: &mut Vec<Request>) {
        if self.shortcuts && shortcuts::ui(ctx, theme) {
            self.shortcuts = false;
        }
        if let Some(dialog) = &self.deleting {
            match dialog.ui(ctx, theme) {
                delete::Answer::Open => {}
                delete::Answer::Keep => self.deleting = None,
                delete::Answer::Delete(ids) => {
                    self.deleting = None;
                    requests.push(Request::Edit(Edit::Delete(ids)));
                }
            }
        }
        self.import_ui(ctx, theme, toasts);
    }

    fn import_ui(&mut self, ctx: &egui::Context, theme: &Theme, toasts: &mut Toasts) {
        let Some(dialog) = &mut self.importing else { return };
        match dialog.ui(ctx, theme, self.document.project()) {
            ImportOutcome::Open => {}
            ImportOutcome::Cancelled => self.importing = None,
            ImportOutcome::CallOff => self.document.cancel_import(),
            ImportOutcome::Done(done) => {
                let import::Done { info, dataset, notes } = *done;
                let events = dataset.event_names.clone();
                let occurrences = dataset.times.len() as u64;
                match self.document.start_import(info, dataset, events) {
                    Ok(transfer) => dialog.save(transfer, occurrences, notes),
                    Err(refusal) => {
                        self.importing = None;
                        warn(toasts, &refusal.to_string());
                    }
                }
            }
        }
        let Some(ended) = self.document.poll_import() else { return };
        let notes = self.importing.take().map(ImportDialog::into_notes).unwrap_or_default();
        match ended {
            Ok(performed) => {
                toasts.success(crate::model::capitalised(&performed.title)).duration(Some(Duration::from_secs(5)));
                for note in notes {
                    toasts.info(note).duration(Some(Duration::from_secs(10)));
                }
                let dataset = self.document.project().datasets.keys().next_back().copied();
                self.simulator.choose_dataset(dataset);
                self.workspace = Workspace::Simulate;
            }
            Err(Refusal::Cancelled) => {}
            Err(refusal) => warn(toasts, &refusal.to_string()),
        }
    }

    fn run(&mut self, request: Request, ctx: &egui::Context, toasts: &mut Toasts) {
        match request {
            Request::Edit(edit) => {
                self.perform(edit, toasts);
            }
            Request::Create(edit) => self.create(edit, ctx, toasts),
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
            Request::ExportTable(sheet) => {
                self.exporting = Some(sheet);
                self.leave = Some(Leave::Ask(Purpose::ExportTable));
            }
            Request::AskForVersion => self.leave = Some(Leave::Ask(Purpose::Compare)),
            Request::ShowContact(name, time) => {
                self.workspace = Workspace::Simulate;
                self.simulator.show_contact(&name, time, self.document.project());
            }
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

    fn command(&mut self, command: Command, ctx: &egui::Context, toasts: &mut Toasts) {
        match command {
            _ if self.presenting && !command.is_for_the_wall() => {}
            Command::NewJourney => self.leave = Some(Leave::NewJourney),
            Command::Open => self.leave = Some(Leave::Ask(Purpose::Open)),
            Command::SaveCopy => self.leave = Some(Leave::Ask(Purpose::SaveCopy)),
            Command::Import => self.leave = Some(Leave::Ask(Purpose::Import)),
            Command::CloseProject => self.leave = Some(Leave::Start),
            Command::ToggleTheme => self.leave = Some(Leave::ToggleLook),
            Command::Larger => self.leave = Some(Leave::Larger),
            Command::Smaller => self.leave = Some(Leave::Smaller),
            Command::Undo => match self.document.undo() {
                Some(title) => said(toasts, &format!("Undid {title}")),
                None => said(toasts, "Nothing to undo"),
            },
            Command::Redo => match self.document.redo() {
                Some(title) => said(toasts, &format!("Did {title} again")),
                None => said(toasts, "Nothing to redo"),
            },
            // Where the journey is not in sight, nothing about it is changed.
            Command::Rename | Command::Group | Command::Ungroup | Command::SelectAll
                if self.workspace == Workspace::Results => {}
            Command::Rename => match self.selection.single() {
                Some(EntityId::Node(id)) => self.canvas.start_rename(id),
                Some(EntityId::Transition(id)) => self.canvas.ask_trigger(id),
                Some(id) => super::field::focus(ctx, ("name", id)),
                None => {}
            },
            Command::Delete => {
                if self.workspace == Workspace::Design {
                    self.delete(self.selection.iter().filter(|id| *id != EntityId::Info).collect(), toasts);
                }
            }
            Command::SelectAll => {
                let project = self.document.project();
                let nodes = project.nodes.keys().map(|id| EntityId::from(*id));
                self.selection = nodes.chain(project.transitions.keys().map(|id| EntityId::from(*id))).collect();
            }
            Command::NewState => {
                if self.workspace == Workspace::Design {
                    self.create(self.new_state(), ctx, toasts);
                }
            }
            Command::Group => self.group(ctx, toasts),
            Command::Ungroup => {
                if let Some(EntityId::Node(group)) = self.selection.single() {
                    self.perform(Edit::Ungroup(group), toasts);
                }
            }
            Command::ZoomToFit => self.canvas.fit(),
            Command::ZoomTo100 => self.canvas.zoom_to_100(),
            Command::Design => self.workspace = Workspace::Design,
            Command::Simulate => self.workspace = Workspace::Simulate,
            Command::Results => self.workspace = Workspace::Results,
            Command::Run => {
                if self.workspace == Workspace::Design {
                    self.workspace = Workspace::Simulate;
                }
                self.simulator.run_again();
            }
            Command::PlayOrPause
            | Command::StepForward
            | Command::StepBack
            | Command::ToStart
            | Command::ToEnd
            | Command::Slower
            | Command::Faster => self.simulator.command(command),
            Command::Present => self.present(!self.presenting),
            Command::NextProblem => self.next_problem(toasts),
            Command::Shortcuts => self.shortcuts = true,
        }
    }

    /// Where the table that is to be exported is suggested to go: beside the project.
    #[must_use]
    pub fn table_path(&self) -> Option<PathBuf> {
        let sheet = self.exporting.as_ref()?;
        let path = self.document.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Some(path.with_file_name(format!("{name} {}.csv", sheet.name)))
    }

    /// Writes the table that was to be exported.
    pub fn write_table(&mut self, path: &Path, toasts: &mut Toasts) {
        let Some(sheet) = self.exporting.take() else { return };
        match std::fs::write(path, to_csv(&sheet)) {
            Ok(()) => {
                toasts.success(format!("The table is in {}.", path.display())).duration(Some(Duration::from_secs(5)));
            }
            Err(error) => {
                let path = path.display();
                warn(toasts, &format!("The table could not be written to {path}: {error}. Choose another place."));
            }
        }
    }

    /// A state in the middle of the view, beside what lies there already.
    fn new_state(&self) -> Edit {
        let project = self.document.project();
        let center = self.canvas.center();
        let mut position = Point::new(center.x, center.y);
        let taken = |place: Point| {
            let mut places = project.nodes.values().map(|node| node.position);
            places.any(|other| (other.x - place.x).abs() < 24.0 && (other.y - place.y).abs() < 24.0)
        };
        while taken(position) {
            position = Point::new(position.x + 32.0, position.y + 32.0);
        }
        Edit::AddNode { kind: NodeKind::State, name: free_state_name(project), parent: None, position }
    }

    fn group(&mut self, ctx: &egui::Context, toasts: &mut Toasts) {
        let states = self.selection.iter().filter_map(|id| if let EntityId::Node(id) = id { Some(id) } else { None });
        let states: Vec<NodeId> = states.collect();
        let project = self.document.project();
        let free = (1..).map(|n: u32| if n == 1 { String::from("Group") } else { format!("Group {n}") });
        let taken = |name: &String| project.nodes.values().any(|node| node.name.eq_ignore_ascii_case(name));
        let name = free.into_iter().find(|name| !taken(name)).unwrap_or_default();
        self.create(Edit::Group(states, name), ctx, toasts);
    }

    fn next_problem(&mut self, toasts: &mut Toasts) {
        if self.problems.is_empty() {
            said(toasts, "No problems");
            return;
        }
        let current = self.problems.iter().position(|problem| self.selection.contains(problem.at));
        let next = current.map_or(0, |current| {
            // Several problems of one thing are shown together, so go on to the next thing.
            let after = (1..=self.problems.len()).map(|step| (current + step) % self.problems.len());
            after.into_iter().find(|index| !self.selection.contains(self.problems[*index].at)).unwrap_or(current)
        });
        let at = self.problems[next].at;
        self.selection = Selection::one(at);
        self.canvas.reveal(at);
        self.workspace = Workspace::Design;
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

fn free_state_name(project: &crate::model::Project) -> String {
    let free = |name: &String| !project.children(None).any(|node| node.name.eq_ignore_ascii_case(name));
    let names =
        (1..).map(|number: u32| if number == 1 { String::from("New state") } else { format!("New state {number}") });
    names.into_iter().find(free).unwrap_or_else(|| String::from("New state"))
}
