//! The check on a thread of its own: it begins anew after each edit, and what it says of an earlier state of the drawing is
//! thrown away.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use egui::Context;

use crate::analysis::{check::Finding, findings};
use crate::document::Document;

/// A small journey is checked within the frame that changed it; for a large one no frame waits longer than this.
const PATIENCE: Duration = Duration::from_millis(4);

/// What is known to be wrong with the drawing.
#[derive(Default)]
pub(super) struct Checker {
    /// The revision that is being checked.
    job: Option<(u64, Receiver<Vec<Finding>>)>,
    checked: Option<u64>,
    findings: Vec<Finding>,
}

impl Checker {
    /// What was found last.
    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Takes what is finished and begins what is due; whether something new is known.
    pub(super) fn update(&mut self, document: &Document, ctx: &Context) -> bool {
        let revision = document.revision();
        let mut patience = Duration::ZERO;
        if self.job.is_none() && self.checked != Some(revision) {
            self.start(document, ctx);
            patience = PATIENCE;
        }
        let Some((of, result)) = &self.job else { return false };
        match result.recv_timeout(patience) {
            Ok(found) => {
                let of = *of;
                self.job = None;
                if of == revision {
                    self.checked = Some(of);
                    self.findings = found;
                    return true;
                }
                // The drawing has changed since.
                self.start(document, ctx);
                false
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                self.job = None;
                self.checked = Some(revision);
                false
            }
        }
    }

    fn start(&mut self, document: &Document, ctx: &Context) {
        let (sender, result) = channel();
        self.job = Some((document.revision(), result));
        let (project, ctx) = (document.project().clone(), ctx.clone());
        std::thread::spawn(move || {
            // Whoever asked may be gone.
            let _ = sender.send(findings(&project));
            ctx.request_repaint();
        });
    }
}
