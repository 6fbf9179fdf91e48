//! Before a project is left that cannot be saved: whether that is meant. Everything else is left without a question.

use egui::Modal;

use super::Theme;
use super::workbench::Leave;
use crate::simulation::Severity;

/// What is about to take the project away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Away {
    To(Leave),
    Open(std::path::PathBuf),
    CloseWindow,
}

/// How the dialog goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Open,
    Stay,
    SaveElsewhere,
    Leave,
}

/// What would be left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// Work that is in memory only.
    InMemory(String),
    /// Work that is on this computer, but not in the file that others see.
    NotPublished(String),
}

impl Unsaved {
    fn question(&self) -> (&'static str, &str, &'static str) {
        match self {
            Self::InMemory(why) => (
                "Leave without saving?",
                why,
                "What was done since the last save is kept in memory only, and is lost when you leave now.",
            ),
            Self::NotPublished(why) => (
                "Leave before the file has everything?",
                why,
                "Your work is safe on this computer and goes on when you open the file here again. The file itself, and \
                 whoever else opens it, does not have it yet.",
            ),
        }
    }
}

/// Shows the question, with why the project is not saved.
pub fn ui(ctx: &egui::Context, theme: &Theme, unsaved: &Unsaved) -> Answer {
    let (question, why, meaning) = unsaved.question();
    let mut answer = Answer::Open;
    let modal = Modal::new(egui::Id::new("leave")).frame(theme.card_frame()).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.label(theme.heading(question));
        ui.add_space(theme.spacing.small);
        ui.label(theme.problem(Severity::Error, why));
        ui.add_space(theme.spacing.small);
        ui.label(theme.muted(meaning));
        ui.add_space(theme.spacing.medium);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if theme.primary_button(ui, "Save elsewhere…").clicked() {
                answer = Answer::SaveElsewhere;
            }
            if theme.secondary_button(ui, "Stay").clicked() {
                answer = Answer::Stay;
            }
            let lost = matches!(unsaved, Unsaved::InMemory(_));
            let pressed = if lost {
                theme.danger_button(ui, "Leave it behind").clicked()
            } else {
                theme.secondary_button(ui, "Leave all the same").clicked()
            };
            if pressed {
                answer = Answer::Leave;
            }
        });
    });
    if modal.should_close() && answer == Answer::Open {
        answer = Answer::Stay;
    }
    answer
}
