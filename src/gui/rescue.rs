//! When a file is damaged: the newest earlier version, or what can still be read, in its place; the damaged file is kept
//! aside either way. Never an empty project instead.

use std::path::{Path, PathBuf};

use egui::{Layout, Modal, ScrollArea};

use super::{Theme, clock};
use crate::simulation::Severity;
use crate::store::{Salvaged, StoreError, Version};

/// A dialog about a file that did not open, and what came of it.
pub struct RescueDialog {
    path: PathBuf,
    why: String,
    version: Option<Version>,
    outcome: Option<Salvaged>,
}

/// How it goes on.
pub enum Answer {
    Open,
    Close,
    /// Put the earlier version in its place.
    Restore(Version),
    /// Put what can be read in its place.
    Salvage,
    /// The rescued project is there: open it.
    Show,
}

impl RescueDialog {
    /// `versions`: the earlier versions of that file, newest first.
    #[must_use]
    pub fn new(path: &Path, error: &StoreError, versions: Vec<Version>) -> Self {
        Self { path: path.to_owned(), why: error.to_string(), version: versions.into_iter().next(), outcome: None }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says why it did not work.
    pub fn failed(&mut self, error: &StoreError) {
        self.why = error.to_string();
    }

    /// Says what was rescued, and what is missing.
    pub fn rescued(&mut self, outcome: Salvaged) {
        self.outcome = Some(outcome);
    }

    pub fn ui(&self, ctx: &egui::Context, theme: &Theme) -> Answer {
        let mut answer = Answer::Open;
        let modal = Modal::new(egui::Id::new("rescue")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(560.0);
            match &self.outcome {
                None => self.offer_ui(ui, theme, &mut answer),
                Some(outcome) => outcome_ui(ui, theme, outcome, &mut answer),
            }
        });
        if modal.should_close() && matches!(answer, Answer::Open) {
            answer = if self.outcome.is_some() { Answer::Show } else { Answer::Close };
        }
        answer
    }

    fn offer_ui(&self, ui: &mut egui::Ui, theme: &Theme, answer: &mut Answer) {
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
            if let Some(version) = &self.version {
                let label = format!("Go back to {}", clock::day_and_time(version.at));
                if theme.primary_button(ui, label).clicked() {
                    *answer = Answer::Restore(version.clone());
                }
                if theme.secondary_button(ui, "Read what is left").clicked() {
                    *answer = Answer::Salvage;
                }
            } else if theme.primary_button(ui, "Read what is left").clicked() {
                *answer = Answer::Salvage;
            }
            if theme.secondary_button(ui, "Leave it").clicked() {
                *answer = Answer::Close;
            }
        });
    }
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
