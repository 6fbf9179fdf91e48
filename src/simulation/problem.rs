//! Defects of a chart that are the user's to see. A chart with problems still compiles and runs.

use crate::model::EntityId;

/// How bad it is: an error is meant otherwise than it will run, a warning may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Warning,
    Error,
}

/// Something the user should look at, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub at: EntityId,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}
