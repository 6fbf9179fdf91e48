//! What one stimulus did, handed back to whoever asked.

use std::sync::Arc;

use crate::model::{Duration, Time, TouchpointId, Value};
use crate::simulation::condition::Finding;
use crate::simulation::meetings::{Meeting, Questions};

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Ignored,
    /// Another state, or the same one entered anew.
    Moved,
    /// Actions only.
    Stayed,
    /// Some arrow waited for it, but no guard held.
    Refused,
    /// The journey was over.
    AfterEnd,
    /// The contact went round in circles and was stopped.
    Halted,
}

/// What one stimulus did. Reused from one to the next to save allocations.
#[derive(Clone, Debug, Default)]
pub struct Reaction<'m> {
    pub outcome: Outcome,
    /// Whether it was an event from outside.
    pub recorded: bool,
    /// Where the contact rested before; filled on request.
    pub from: Vec<usize>,
    /// In the order it happened.
    pub steps: Vec<Step<'m>>,
    /// The arrow of the timer, if it was one.
    pub timer: Option<usize>,
    /// The event that the chart had scheduled for itself, if it was one.
    pub scheduled: Option<usize>,
    /// Whether it was the end of quiet hours, for which a message had waited.
    pub released: bool,
    /// The arrows whose guards did not hold; filled on request.
    pub refused: Vec<(usize, Finding)>,
    /// The findings that let the first arrow pass; filled on request.
    pub because: Vec<Finding>,
    /// The watched arrows whose conditions were looked at, and whether they held.
    pub looks: Vec<(usize, bool)>,
    /// In which states what came while the contact rested there, where somebody asks.
    pub met: Vec<Meeting>,
    pub(super) questions: Option<Arc<Questions>>,
    /// By arrow: whether it is watched. Empty where none is.
    pub(super) watched: Vec<bool>,
    pub(super) explain: bool,
    pub(super) detail: Detail,
}

/// How much of what happens is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Detail {
    /// What a report counts.
    Totals,
    #[default]
    Everything,
}

impl Reaction<'_> {
    /// An empty reaction; `explain` asks for the reasons, which costs time.
    #[must_use]
    pub fn new(explain: bool) -> Self {
        Self { explain, ..Self::default() }
    }

    /// Keeps the steps that a report counts.
    pub(in crate::simulation) fn of_totals() -> Self {
        Self { detail: Detail::Totals, ..Self::default() }
    }

    /// Keeps the steps that a report counts, and every look at the conditions of these arrows.
    pub(in crate::simulation) fn watching(count: usize, arrows: &[usize]) -> Self {
        let mut watched = vec![false; count];
        for &arrow in arrows {
            watched[arrow] = true;
        }
        Self { watched, ..Self::of_totals() }
    }

    /// Keeps the steps that a report counts, and in which states what came.
    #[must_use]
    pub fn meeting(questions: &Arc<Questions>) -> Self {
        Self { questions: Some(Arc::clone(questions)), ..Self::of_totals() }
    }

    pub(super) fn clear(&mut self) {
        self.outcome = Outcome::Ignored;
        self.from.clear();
        self.steps.clear();
        self.timer = None;
        self.scheduled = None;
        self.released = false;
        self.refused.clear();
        self.because.clear();
        self.looks.clear();
        self.met.clear();
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<'m> {
    Left(usize),
    Took(usize),
    Entered(usize),
    Effect(Effect<'m>),
    /// An action failed and ended the rest of its block, a value that an event brought fits nothing, or the contact was
    /// stopped.
    Failed(String),
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Withheld {
    NoConsent,
    Suppressed,
    /// As many as the cap allows were sent already.
    Capped,
    /// It was held, and meanwhile the contact left the state it was committed in.
    Dropped,
}

impl Withheld {
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoConsent => "no consent",
            Self::Suppressed => "suppressed",
            Self::Capped => "over the cap",
            Self::Dropped => "dropped after waiting",
        }
    }
}

/// What would have been done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<'m> {
    Sent {
        touchpoint: TouchpointId,
        name: &'m str,
    },
    /// The send policy holds it back until quiet hours end.
    Held {
        touchpoint: TouchpointId,
        name: &'m str,
        until: Time,
    },
    /// The send policy did not let it pass.
    Withheld {
        touchpoint: TouchpointId,
        name: &'m str,
        why: Withheld,
    },
    Notified {
        team: &'m str,
        text: &'m str,
    },
    Converted {
        point: &'m str,
        value: Option<f64>,
    },
    /// An attribute or score was changed.
    Set {
        attribute: usize,
        value: Value,
    },
    /// Another contact was won.
    Referred,
    Raised(usize),
    Scheduled {
        event: usize,
        after: Duration,
    },
    /// What was scheduled under this name will not come.
    Cancelled(&'m str),
}
