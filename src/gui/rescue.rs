//! When a file is damaged: the newest earlier version, or what can still be read, in its place; the damaged file is kept
//! aside either way. Never an empty project instead.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::{Layout, Modal, ScrollArea};

use super::{Theme, clock};
use crate::simulation::Severity;
use crate::store::{self, Salvaged, StoreError, Version};

/// A dialog about a file that did not open, and what came of it.
pub struct RescueDialog {
    path: PathBuf,
    why: String,
    version: Option<Version>,
    work: Option<Work>,
    outcome: Option<Salvaged>,
}

/// How it goes on.
pub enum Answer {
    Open,
    Close,
    /// A rescued project is there: open it.
    Show,
    /// An earlier version is there: open it, and say where the damaged file is.
    ShowVersion(PathBuf),
}

/// A rescue on a thread of its own. Dropping it calls it off.
struct Work {
    /// What is being done, as a sentence.
    sentence: String,
    called_off: Arc<AtomicBool>,
    result: Receiver<Result<Rescued, StoreError>>,
}

enum Rescued {
    /// The damaged file is kept here.
    Version(PathBuf),
    Rest(Salvaged),
}

impl Work {
    fn start(
        ctx: &egui::Context,
        sentence: String,
        work: impl FnOnce(&Arc<AtomicBool>) -> Result<Rescued, StoreError> + Send + 'static,
    ) -> Self {
        let (sender, result) = channel();
        let called_off = Arc::<AtomicBool>::default();
        let started = Self { sentence, called_off: Arc::clone(&called_off), result };
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            // The window may be gone by now; the file is whole all the same.
            let _ = sender.send(work(&called_off));
            drop(sender);
            ctx.request_repaint();
        });
        started
    }

    fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
    }

    fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.call_off();
    }
}

impl RescueDialog {
    /// `versions`: the earlier versions of that file, newest first.
    #[must_use]
    pub fn new(path: &Path, error: &StoreError, versions: Vec<Version>) -> Self {
        let version = versions.into_iter().next();
        Self { path: path.to_owned(), why: error.to_string(), version, work: None, outcome: None }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Answer {
        let mut answer = self.poll();
        let modal = Modal::new(egui::Id::new("rescue")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(560.0);
            match (&self.work, &self.outcome) {
                (Some(work), _) => working_ui(ui, theme, work),
                (None, None) => self.offer_ui(ui, theme, &mut answer),
                (None, Some(outcome)) => outcome_ui(ui, theme, outcome, &mut answer),
            }
        });
        if modal.should_close() && matches!(answer, Answer::Open) {
            match (&self.work, &self.outcome) {
                (Some(work), _) => work.call_off(),
                (None, None) => answer = Answer::Close,
                (None, Some(_)) => answer = Answer::Show,
            }
        }
        answer
    }

    /// Takes what the thread has done.
    fn poll(&mut self) -> Answer {
        let Some(work) = &self.work else { return Answer::Open };
        let result = match work.result.try_recv() {
            Err(TryRecvError::Empty) => return Answer::Open,
            Ok(result) => result.map_err(|error| (!work.is_called_off()).then(|| error.to_string())),
            Err(TryRecvError::Disconnected) => Err(Some(String::from("The rescue broke off. Try it again."))),
        };
        self.work = None;
        match result {
            Ok(Rescued::Version(aside)) => return Answer::ShowVersion(aside),
            Ok(Rescued::Rest(salvaged)) => self.outcome = Some(salvaged),
            Err(Some(why)) => self.why = why,
            Err(None) => {}
        }
        Answer::Open
    }

    fn restore(&mut self, ctx: &egui::Context, version: &Version) {
        let sentence = format!("Going back to the version of {}.", clock::day_and_time(version.at));
        let (path, version) = (self.path.clone(), version.path.clone());
        self.work = Some(Work::start(ctx, sentence, move |called_off| {
            store::restore(&path, &version, called_off).map(Rescued::Version)
        }));
    }

    fn salvage(&mut self, ctx: &egui::Context) {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let sentence = format!("Reading what is left of {name}.");
        let path = self.path.clone();
        self.work =
            Some(Work::start(ctx, sentence, move |called_off| store::salvage(&path, called_off).map(Rescued::Rest)));
    }

    fn offer_ui(&mut self, ui: &mut egui::Ui, theme: &Theme, answer: &mut Answer) {
        ui.label(theme.heading("This file does not open"));
        ui.add_space(theme.spacing.small);
        ui.label(theme.problem(Severity::Error, &self.why));
        ui.add_space(theme.spacing.small);
        let aside =
            "The file is first copied aside, byte for byte, with \"damaged\" in its name. Then its place is taken by";
        let sentence = match &self.version {
            Some(version) => format!(
                "{aside} the version of {}, which this computer kept, or by what can still be read of the file itself.",
                clock::day_and_time(version.at)
            ),
            None => format!("{aside} what can still be read of it. This computer keeps no earlier version."),
        };
        ui.label(theme.muted(sentence));
        ui.add_space(theme.spacing.medium);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let rest = "Read what is left";
            if let Some(version) = self.version.clone() {
                let label = format!("Go back to {}", clock::day_and_time(version.at));
                if theme.primary_button(ui, label).clicked() {
                    self.restore(ui.ctx(), &version);
                }
                if theme.secondary_button(ui, rest).clicked() {
                    self.salvage(ui.ctx());
                }
            } else if theme.primary_button(ui, rest).clicked() {
                self.salvage(ui.ctx());
            }
            if theme.secondary_button(ui, "Leave it").clicked() {
                *answer = Answer::Close;
            }
        });
    }
}

fn working_ui(ui: &mut egui::Ui, theme: &Theme, work: &Work) {
    ui.label(theme.heading("This file does not open"));
    ui.add_space(theme.spacing.small);
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(theme.text(if work.is_called_off() { "Stopping." } else { &work.sentence }));
    });
    ui.add_space(theme.spacing.small);
    ui.label(theme.muted("The file stays as it is until this is done."));
    ui.add_space(theme.spacing.medium);
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        let button = ui.add_enabled_ui(!work.is_called_off(), |ui| theme.secondary_button(ui, "Cancel")).inner;
        if button.clicked() {
            work.call_off();
        }
    });
}

fn outcome_ui(ui: &mut egui::Ui, theme: &Theme, outcome: &Salvaged, answer: &mut Answer) {
    ui.label(theme.heading(format!("{} things were rescued", outcome.found)));
    ui.add_space(theme.spacing.small);
    let aside = outcome.aside.display();
    ui.label(theme.muted(format!("They stand in the place of the damaged file, which is kept as {aside}.")));
    ui.add_space(theme.spacing.small);
    if outcome.missing.is_empty() {
        ui.label(theme.text("Nothing is missing."));
    } else {
        theme.sunken_frame().show(ui, |ui| {
            ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                ui.set_width(ui.available_width());
                for sentence in &outcome.missing {
                    ui.label(theme.text(sentence));
                }
            });
        });
    }
    ui.add_space(theme.spacing.medium);
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        if theme.primary_button(ui, "Open it").clicked() {
            *answer = Answer::Show;
        }
    });
}
