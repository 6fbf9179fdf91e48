//! Asking what would have come out for the followed contact with another timing; on a thread of its own.

use std::sync::Arc;

use egui::Ui;
use egui_phosphor::regular as icon;

use super::Simulator;
use super::task::{Polled, Task, poll};
use crate::analysis::timing::Timing;
use crate::gui::Theme;
use crate::model::Project;

/// The question under way.
#[derive(Default)]
pub(super) struct Asking {
    task: Option<Task<Timing>>,
}

impl Simulator {
    pub(super) fn timing_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project) {
        if self.timing.task.is_some() {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(theme.caption("Trying other timings …"));
                if theme.quiet_button(ui, "Stop").clicked() {
                    self.timing.task = None;
                }
            });
            return;
        }
        let won = self.stage.setup().zip(self.contact).is_some_and(|(setup, contact)| contact >= setup.contacts());
        let words = format!("{}  What if the timing were different?", icon::ARROWS_LEFT_RIGHT);
        let button = ui.add_enabled_ui(!won, |ui| theme.secondary_button(ui, words)).inner;
        let about = "Swaps neighbouring events, brings each to the other side of timers and ends of windows near it, and \
                     lists what would come out otherwise";
        let why_not = "Who was won by others starts only with them, and so is no sample";
        if button.on_hover_text(about).on_disabled_hover_text(why_not).clicked() {
            self.timing.task = self.ask(ui.ctx(), project);
        }
    }

    fn ask(&self, ctx: &egui::Context, project: &Project) -> Option<Task<Timing>> {
        let (setup, contact) = (Arc::clone(&self.played.as_ref()?.setup), self.contact?);
        let (project, sent) = (project.clone(), self.stage.sent().to_vec());
        Some(Task::start(ctx, 0, move |progress| {
            let sample = setup.sampled(&project, contact, &sent);
            Timing::of(&project, &sample, setup.until, setup.seed(), progress)
        }))
    }

    /// What came of the question, once.
    pub fn timing(&mut self) -> Option<Timing> {
        match poll(&mut self.timing.task) {
            Polled::Done(timing) => Some(timing),
            Polled::Waiting | Polled::Broken => None,
        }
    }
}
