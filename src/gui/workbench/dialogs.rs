//! What lies over the panels: the palette, the keys, questions before something goes, an import.

use std::time::Duration;

use egui_notify::Toasts;

use super::{Workbench, Workspace, warn};
use crate::document::Refusal;
use crate::gui::import::{self, ImportDialog, Outcome as ImportOutcome};
use crate::gui::request::Request;
use crate::gui::{Theme, delete, palette, problems, shortcuts, timing};
use crate::model::Edit;

impl Workbench {
    /// Whether one of them has the keys.
    pub(super) fn dialog_is_open(&self) -> bool {
        self.deleting.is_some()
            || self.importing.is_some()
            || self.palette.is_some()
            || self.shortcuts
            || self.showing.is_some()
            || self.stories.is_some()
            || self.timing.is_some()
    }

    pub(super) fn dialogs_ui(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        toasts: &mut Toasts,
        requests: &mut Vec<Request>,
    ) {
        if self.shortcuts && shortcuts::ui(ctx, theme) {
            self.shortcuts = false;
        }
        if let Some(palette) = &mut self.palette {
            let on_stage = self.workspace == Workspace::Simulate;
            let answer = palette.ui(ctx, theme, self.document.project(), on_stage);
            if answer != palette::Answer::Open {
                self.palette = None;
            }
            match answer {
                palette::Answer::Open | palette::Answer::Closed => {}
                palette::Answer::Run(command) => requests.push(Request::Command(command)),
                palette::Answer::Show(id) => {
                    if matches!(self.workspace, Workspace::Results | Workspace::Matrix) {
                        self.workspace = Workspace::Design;
                    }
                    requests.push(Request::Show(id));
                }
            }
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
        if self.stories.as_ref().is_some_and(|stories| stories.ui(ctx, theme)) {
            self.stories = None;
        }
        // The stories lie over the list that they were chosen in.
        if self.stories.is_none()
            && let Some(dialog) = &self.timing
        {
            match dialog.ui(ctx, theme, self.document.project()) {
                Some(timing::Answer::Close) => self.timing = None,
                Some(timing::Answer::Compare(stories)) => self.stories = Some(stories),
                None => {}
            }
        }
        if let Some(dialog) = &self.showing {
            match dialog.ui(ctx, theme, self.document.project(), !self.document.read_only()) {
                problems::Answer::Open => {}
                problems::Answer::Close => self.showing = None,
                problems::Answer::Add(edit) => {
                    self.showing = None;
                    requests.push(Request::Edit(*edit));
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
}
