//! How far an import is, and whether it should go on.

use std::ops::ControlFlow;

use super::error::ImportError;

/// What an import is doing just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading a file that so far goes on as it begins.
    Reading,
    /// It did not: finding out how the text is encoded.
    Checking,
    /// Finding out how dates and numbers are written.
    Surveying,
    /// Reading what was looked at as a whole.
    Rereading,
    /// Bringing the rows in the order of contacts and times.
    Sorting,
}

/// How far an import is; handed to the caller every few thousand rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    /// Bytes of the file that this stage has passed.
    pub bytes: u64,
    pub size: u64,
    /// Rows that this stage has passed.
    pub rows: u64,
}

impl Progress {
    /// Between 0 and 1 over all stages. Goes back to 0 once if the file has to be looked at as a whole.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
    pub fn fraction(&self) -> f32 {
        let (before, share) = match self.stage {
            Stage::Reading => (0.0, 0.9),
            Stage::Checking => (0.0, 0.1),
            Stage::Surveying => (0.1, 0.4),
            Stage::Rereading => (0.5, 0.4),
            Stage::Sorting => (0.9, 0.1),
        };
        before + share * (self.bytes as f32 / self.size.max(1) as f32).min(1.0)
    }
}

/// Passes progress on and turns the wish to stop into an error.
pub(super) struct Watch<'a> {
    report: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
    pub(super) size: u64,
}

impl<'a> Watch<'a> {
    pub(super) fn new(report: &'a mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        Self { report, size: 0 }
    }

    pub(super) fn step(&mut self, stage: Stage, bytes: u64, rows: u64) -> Result<(), ImportError> {
        match (self.report)(Progress { stage, bytes, size: self.size, rows }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ImportError::Cancelled),
        }
    }
}
