//! What lies over the panels: the palette, the keys, questions before something goes, an import.

use std::time::Duration;

use egui_notify::Toasts;

use super::{Workbench, Workspace, warn};
use crate::document::Refusal;
use crate::gui::import::{self, ImportDialog, Outcome as ImportOutcome};
use crate::gui::request::Request;
use crate::gui::{Theme, delete, palette, shortcuts};
use crate::model::Edit;

impl Workbench {
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
                    if self.workspace == Workspace::Results {
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
