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
    SaveCopy,
    Leave,
}

/// Shows the question, with why the project is not saved.
pub fn ui(ctx: &egui::Context, theme: &Theme, why: &str) -> Answer {
    let mut answer = Answer::Open;
    let modal = Modal::new(egui::Id::new("leave")).frame(theme.card_frame()).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.label(theme.heading("Leave without saving?"));
        ui.add_space(theme.spacing.small);
        ui.label(theme.problem(Severity::Error, why));
        ui.add_space(theme.spacing.small);
        ui.label(
            theme.muted("What was done since the last save is kept in memory only, and is lost when you leave now."),
        );
        ui.add_space(theme.spacing.medium);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if theme.primary_button(ui, "Save a copy…").clicked() {
                answer = Answer::SaveCopy;
            }
            if theme.secondary_button(ui, "Stay").clicked() {
                answer = Answer::Stay;
            }
            if theme.danger_button(ui, "Leave it behind").clicked() {
                answer = Answer::Leave;
            }
        });
    });
    if modal.should_close() && answer == Answer::Open {
        answer = Answer::Stay;
    }
    answer
}
