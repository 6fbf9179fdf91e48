//! Importing recorded events: a look at the file, which column is what, the reading itself, then saving what was read. The
//! file is read on a thread of its own and saved by the writer; the frame shows progress and can cancel.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::{ComboBox, Context, Label, Modal, ProgressBar, ScrollArea, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};
use egui_phosphor::regular as icon;

use super::Theme;
use super::field::{named, titled};
use super::theme::FIELD_MARGIN;
use crate::document::Document;
use crate::exchange::{EventSource, Mapping, Overrides, Preview, Progress, TimeFormat, read_events};
use crate::model::{Dataset, DatasetInfo, Project, Zone, grouped};
use crate::simulation::Severity;
use crate::store::Transfer;

/// The dialog from the choice of a file to its dataset.
pub struct ImportDialog {
    path: PathBuf,
    name: String,
    zone: Zone,
    stage: Stage,
}

/// How the dialog goes on.
pub enum Outcome {
    Open,
    Cancelled,
    /// What is being saved is not wanted any more. Whoever saves it knows whether this came in time.
    CallOff,
    Done(Box<Done>),
}

/// What was read.
pub struct Done {
    pub info: DatasetInfo,
    pub dataset: Dataset,
    pub notes: Vec<String>,
}

enum Stage {
    Looking(Job<Preview>),
    Mapping(Box<Form>),
    Reading(Job<(Dataset, Vec<String>)>, Box<Form>),
    Saving(Saving),
    Refused(String),
}

/// What was read, on its way into the project file.
struct Saving {
    transfer: Arc<Transfer>,
    occurrences: u64,
    notes: Vec<String>,
}

/// What the user says about the columns.
struct Form {
    preview: Preview,
    mapping: Mapping,
    /// The name every row has, where no column names the event.
    event: String,
    problem: Option<String>,
}

/// Something under way on another thread.
struct Job<T> {
    result: Receiver<Result<T, String>>,
    /// In thousandths.
    progress: Arc<AtomicU32>,
    cancelled: Arc<AtomicBool>,
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl<T: Send + 'static> Job<T> {
    fn start(
        ctx: &Context,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<T, String> + Send + 'static,
    ) -> Self {
        let (sender, result) = channel();
        let progress = Arc::new(AtomicU32::new(0));
        let cancelled = Arc::new(AtomicBool::new(false));
        let job = Self { result, progress: Arc::clone(&progress), cancelled: Arc::clone(&cancelled) };
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            let mut on = |now: Progress| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
                progress.store((now.fraction() * 1000.0) as u32, Ordering::Relaxed);
                if cancelled.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let outcome = work(&mut on);
            // The dialog may have been closed meanwhile.
            let _ = sender.send(outcome);
            ctx.request_repaint();
        });
        job
    }

    fn poll(&self) -> Option<Result<T, String>> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(String::from("Reading broke off. Try it again."))),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
    fn share(&self) -> f32 {
        self.progress.load(Ordering::Relaxed) as f32 / 1000.0
    }
}

impl ImportDialog {
    #[must_use]
    pub fn new(path: PathBuf, document: &Document, ctx: &Context) -> Self {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let project = document.project();
        let taken = |name: &str| project.datasets.values().any(|dataset| dataset.name.eq_ignore_ascii_case(name));
        let names = (1..).map(|number: u32| if number == 1 { stem.clone() } else { format!("{stem} {number}") });
        let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
        let stage = if document.read_only() {
            Stage::Refused(String::from("This project is read-only. Save a copy of it and import there."))
        } else {
            Stage::Looking(look(path.clone(), Overrides::default(), ctx))
        };
        Self { path, name, zone: project.zone(), stage }
    }

    pub fn ui(&mut self, ctx: &Context, theme: &Theme, project: &Project) -> Outcome {
        let done = self.poll(project);
        if let Some(done) = done {
            return Outcome::Done(Box::new(done));
        }
        let mut outcome = Outcome::Open;
        let modal = Modal::new(egui::Id::new("import")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(820.0_f32.min(ui.ctx().content_rect().width() - 80.0));
            ui.label(theme.heading("Import recorded events"));
            ui.add(Label::new(theme.caption(self.path.display().to_string())).truncate());
            ui.add_space(theme.spacing.medium);
            let can_import = self.stage_ui(ui, theme, project);
            ui.add_space(theme.spacing.medium);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let ready = can_import && !self.name.trim().is_empty();
                if matches!(self.stage, Stage::Mapping(_)) {
                    let button = ui.add_enabled_ui(ready, |ui| theme.primary_button(ui, "Import")).inner;
                    if button.clicked() {
                        self.read(ctx);
                    }
                }
                let word = if matches!(self.stage, Stage::Refused(_)) { "Close" } else { "Cancel" };
                if theme.secondary_button(ui, word).clicked() {
                    let saving = matches!(self.stage, Stage::Saving(_));
                    outcome = if saving { Outcome::CallOff } else { Outcome::Cancelled };
                }
            });
        });
        if modal.should_close() && !matches!(self.stage, Stage::Reading(..) | Stage::Saving(_)) {
            outcome = Outcome::Cancelled;
        }
        outcome
    }

    /// What was read is being saved; the dialog shows how far that is.
    pub fn save(&mut self, transfer: Arc<Transfer>, occurrences: u64, notes: Vec<String>) {
        self.stage = Stage::Saving(Saving { transfer, occurrences, notes });
    }

    /// What the user should know about the file that was saved.
    #[must_use]
    pub fn into_notes(self) -> Vec<String> {
        match self.stage {
            Stage::Saving(saving) => saving.notes,
            _ => Vec::new(),
        }
    }

    fn poll(&mut self, project: &Project) -> Option<Done> {
        match &mut self.stage {
            Stage::Looking(job) => {
                match job.poll()? {
                    Ok(preview) => self.stage = form(preview, project),
                    Err(problem) => self.stage = Stage::Refused(problem),
                }
                None
            }
            Stage::Reading(job, _) => {
                let result = job.poll()?;
                let Stage::Reading(_, mut form) = std::mem::replace(&mut self.stage, Stage::Refused(String::new()))
                else {
                    return None;
                };
                match result {
                    Ok((dataset, notes)) => Some(self.done(dataset, notes)),
                    Err(problem) => {
                        form.problem = Some(problem);
                        self.stage = Stage::Mapping(form);
                        None
                    }
                }
            }
            Stage::Mapping(_) | Stage::Saving(_) | Stage::Refused(_) => None,
        }
    }

    fn done(&self, dataset: Dataset, notes: Vec<String>) -> Done {
        let source = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let info = DatasetInfo::named(self.name.trim(), source);
        Done { info, dataset, notes }
    }

    fn read(&mut self, ctx: &Context) {
        let Stage::Mapping(mut form) = std::mem::replace(&mut self.stage, Stage::Refused(String::new())) else {
            return;
        };
        form.problem = None;
        if let EventSource::Name(name) = &mut form.mapping.event {
            form.event.trim().clone_into(name);
        }
        let (path, mapping, zone) = (self.path.clone(), form.mapping.clone(), self.zone.clone());
        let job = Job::start(ctx, move |on| {
            read_events(&path, &mapping, &zone, on)
                .map(|import| (import.dataset, import.notes))
                .map_err(|error| error.to_string())
        });
        self.stage = Stage::Reading(job, form);
    }

    /// Returns whether everything that an import needs is known.
    fn stage_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project) -> bool {
        match &mut self.stage {
            Stage::Looking(job) => {
                ui.label(theme.muted("Looking at the file …"));
                ui.add(ProgressBar::new(job.share()));
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
                false
            }
            Stage::Reading(job, _) => {
                ui.label(theme.muted("Reading …"));
                ui.add(ProgressBar::new(job.share()).show_percentage());
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
                false
            }
            Stage::Saving(Saving { transfer, occurrences, .. }) => {
                let called_off = transfer.is_called_off();
                let text =
                    if called_off { String::from("Cancelling …") } else { saving(transfer.share(), *occurrences) };
                ui.label(theme.muted(text));
                ui.add(ProgressBar::new(transfer.share()).show_percentage());
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
                false
            }
            Stage::Refused(problem) => {
                theme.problem_frame(Severity::Error).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.label(theme.problem(Severity::Error, problem));
                });
                false
            }
            Stage::Mapping(form) => {
                form.ui(ui, theme, project, &mut self.name);
                !matches!(form.mapping.event, EventSource::Name(_)) || !form.event.trim().is_empty()
            }
        }
    }
}

fn look(path: PathBuf, overrides: Overrides, ctx: &Context) -> Job<Preview> {
    Job::start(ctx, move |on| Preview::read(&path, overrides, on).map_err(|error| error.to_string()))
}

fn form(preview: Preview, project: &Project) -> Stage {
    let Some(mapping) = Mapping::guess(&preview) else {
        return Stage::Refused(format!(
            "No column of {} holds dates that can be read. Its columns are: {}. A column needs dates such as 2026-03-01 or \
             20260301, and another says who each row is about.",
            preview.file,
            preview.columns.join(", ")
        ));
    };
    // Where the file names no event, the only one that the journey knows is the best guess.
    let event = match &mapping.event {
        EventSource::Name(name) => {
            project.events.values().next().map_or_else(|| name.clone(), |event| event.name.clone())
        }
        EventSource::Column(_) => String::new(),
    };
    Stage::Mapping(Box::new(Form { preview, mapping, event, problem: None }))
}

impl Form {
    fn ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, name: &mut String) {
        let about = format!(
            "{} columns, parted by {}, in {}. These are its first rows:",
            self.preview.columns.len(),
            self.preview.layout.delimiter.name(),
            self.preview.encoding
        );
        ui.label(theme.muted(about));
        self.table(ui, theme);
        ui.add_space(theme.spacing.medium);
        let columns = self.preview.columns.clone();
        egui::Grid::new("mapping").num_columns(2).spacing([24.0, 10.0]).min_col_width(150.0).show(ui, |ui| {
            ui.label(theme.text("Who"));
            column_choice(ui, "Column of the contact", &mut self.mapping.contact, &columns);
            ui.end_row();
            ui.label(theme.text("When"));
            ui.horizontal(|ui| {
                column_choice(ui, "Column of the time", &mut self.mapping.time, &columns);
                self.format_choice(ui);
            });
            ui.end_row();
            ui.label(theme.text("What happened"));
            self.event_choice(ui, theme, project, &columns);
            ui.end_row();
            ui.label(theme.text("Fields to keep"));
            self.field_choice(ui, &columns);
            ui.end_row();
            ui.label(theme.text("Name"));
            let field = ui.add(TextEdit::singleline(name).desired_width(304.0).margin(FIELD_MARGIN));
            titled(&field, "Name", name);
            ui.end_row();
        });
        if let Some(problem) = &self.problem {
            theme.problem_frame(Severity::Error).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.label(theme.problem(Severity::Error, problem));
            });
        }
    }

    fn table(&self, ui: &mut Ui, theme: &Theme) {
        theme.sunken_frame().show(ui, |ui| {
            ScrollArea::horizontal().show(ui, |ui| {
                TableBuilder::new(ui)
                    .striped(false)
                    .columns(Column::auto().at_least(70.0).at_most(240.0).clip(true), self.preview.columns.len())
                    .max_scroll_height(150.0)
                    .header(24.0, |mut header| {
                        for name in &self.preview.columns {
                            header.col(|ui| {
                                ui.add(
                                    Label::new(theme.caption(name).family(super::theme::strong_family())).truncate(),
                                );
                            });
                        }
                    })
                    .body(|body| {
                        body.rows(22.0, self.preview.rows.len(), |mut row| {
                            for cell in &self.preview.rows[row.index()] {
                                row.col(|ui| {
                                    ui.add(Label::new(theme.text(cell)).truncate());
                                });
                            }
                        });
                    });
            });
        });
    }

    fn format_choice(&mut self, ui: &mut Ui) {
        let text = |format: Option<TimeFormat>| format.map_or("as found in the file", TimeFormat::describe);
        let current = text(self.mapping.time_format);
        let list = ComboBox::from_id_salt("time format").selected_text(current).width(220.0).show_ui(ui, |ui| {
            for format in std::iter::once(None).chain(TimeFormat::ALL.map(Some)) {
                if ui.selectable_value(&mut self.mapping.time_format, format, text(format)).clicked() {
                    ui.close();
                }
            }
        });
        named(&list.response, "Form of the times", current);
    }

    fn event_choice(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, columns: &[String]) {
        ui.horizontal(|ui| {
            let by_name = matches!(self.mapping.event, EventSource::Name(_));
            let current = match &self.mapping.event {
                EventSource::Name(_) => String::from("every row is one"),
                EventSource::Column(column) => format!("column {column}"),
            };
            let list = ComboBox::from_id_salt("event source").selected_text(&current).width(200.0);
            let list = list.show_ui(ui, |ui| {
                if ui.selectable_label(by_name, "every row is one").clicked() {
                    self.mapping.event = EventSource::Name(self.event.clone());
                    ui.close();
                }
                for column in columns {
                    let source = EventSource::Column(column.clone());
                    if ui.selectable_label(self.mapping.event == source, format!("column {column}")).clicked() {
                        self.mapping.event = source;
                        ui.close();
                    }
                }
            });
            named(&list.response, "Which event", &current);
            if by_name {
                let field = TextEdit::singleline(&mut self.event)
                    .hint_text("purchase")
                    .desired_width(180.0)
                    .margin(FIELD_MARGIN);
                titled(&ui.add(field), "Name of the event", &self.event);
                let known = project.event_by_name(self.event.trim()).is_some();
                if !known && !self.event.trim().is_empty() {
                    ui.label(theme.caption(format!("{} a new event", icon::PLUS)));
                }
            }
        });
    }

    fn field_choice(&mut self, ui: &mut Ui, columns: &[String]) {
        ui.horizontal_wrapped(|ui| {
            let event_column = match &self.mapping.event {
                EventSource::Column(column) => Some(column.clone()),
                EventSource::Name(_) => None,
            };
            for column in columns {
                let taken = *column == self.mapping.contact
                    || *column == self.mapping.time
                    || event_column.as_ref() == Some(column);
                let place = self.mapping.fields.iter().position(|(_, from)| from == column);
                if taken {
                    if let Some(place) = place {
                        self.mapping.fields.remove(place);
                    }
                    continue;
                }
                let mut kept = place.is_some();
                if ui.checkbox(&mut kept, column).changed() {
                    match place {
                        Some(place) => {
                            self.mapping.fields.remove(place);
                        }
                        None => self.mapping.fields.push((column.clone(), column.clone())),
                    }
                }
            }
        });
    }
}

fn column_choice(ui: &mut Ui, name: &str, current: &mut String, columns: &[String]) {
    let list = ComboBox::from_id_salt(name).selected_text(current.clone()).width(200.0).show_ui(ui, |ui| {
        for column in columns {
            if ui.selectable_value(current, column.clone(), column).clicked() {
                ui.close();
            }
        }
    });
    named(&list.response, name, current);
}

/// "Saving 4.2 of 11.4 million events", "Saving 1,200 of 4,000 events".
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shown rounded"
)]
fn saving(share: f32, occurrences: u64) -> String {
    let saved = occurrences as f64 * f64::from(share);
    if occurrences < 1_000_000 {
        return format!("Saving {} of {} events", grouped(saved as u64), grouped(occurrences));
    }
    format!("Saving {:.1} of {:.1} million events", saved / 1e6, occurrences as f64 / 1e6)
}

/// "69,659 events of 23,570 contacts".
#[must_use]
pub fn describe(info: &DatasetInfo) -> String {
    format!("{} events of {} contacts", grouped(info.occurrences), grouped(info.contacts))
}

#[cfg(test)]
mod tests {
    use super::saving;

    #[test]
    fn how_much_is_saved_is_said_in_events() {
        assert_eq!(saving(0.25, 4000), "Saving 1,000 of 4,000 events");
        assert_eq!(saving(0.37, 11_397_342), "Saving 4.2 of 11.4 million events");
    }
}
