//! The check on a thread of its own: it begins anew after each edit, and what it says of an earlier state of the drawing is
//! thrown away.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use egui::Context;

use crate::analysis::check::Finding;
use crate::analysis::expectation::{Outcome, outcomes};
use crate::analysis::findings;
use crate::document::Document;

/// A small journey is checked within the frame that changed it; for a large one no frame waits longer than this.
const PATIENCE: Duration = Duration::from_millis(4);

/// What is known of one state of the drawing.
#[derive(Default)]
struct Known {
    findings: Vec<Finding>,
    /// What came of the expectations.
    outcomes: Vec<Outcome>,
}

/// What is known to be wrong with the drawing.
#[derive(Default)]
pub(super) struct Checker {
    /// The revision that is being checked.
    job: Option<(u64, Receiver<Known>)>,
    checked: Option<u64>,
    known: Known,
}

impl Checker {
    /// What was found last.
    pub(super) fn findings(&self) -> &[Finding] {
        &self.known.findings
    }

    /// What came of the expectations last.
    pub(super) fn outcomes(&self) -> &[Outcome] {
        &self.known.outcomes
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
            Ok(known) => {
                let of = *of;
                self.job = None;
                if of == revision {
                    self.checked = Some(of);
                    self.known = known;
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
            let _ = sender.send(Known { findings: findings(&project), outcomes: outcomes(&project) });
            ctx.request_repaint();
        });
    }
}
