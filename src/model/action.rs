//! Our responses. Nothing is ever sent: a run records them as effects.

use serde::{Deserialize, Serialize};

use super::formula::Formula;
use super::id::{AttributeId, EventId, TouchpointId};

/// One response of an arrow, an entry or an exit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Send a touchpoint by its channel.
    Send(TouchpointId),
    /// Add points to a score.
    AddScore { score: AttributeId, points: Formula },
    /// Set an attribute or score to the value of a formula.
    Set { attribute: AttributeId, value: Formula },
    /// Tell a team, or give it a task.
    Notify { team: String, text: String },
    /// Mark a conversion point; the value is money in the project's currency, or empty.
    Convert { point: String, value: Formula },
    /// Raise an internal event, processed before any external one.
    Raise(EventId),
}

impl Action {
    /// The formula inside, for actions that have one.
    pub fn formula_mut(&mut self) -> Option<&mut Formula> {
        match self {
            Self::AddScore { points: formula, .. }
            | Self::Set { value: formula, .. }
            | Self::Convert { value: formula, .. } => Some(formula),
            Self::Send(_) | Self::Notify { .. } | Self::Raise(_) => None,
        }
    }

    /// The formula inside, for actions that have one.
    #[must_use]
    pub fn formula(&self) -> Option<&Formula> {
        match self {
            Self::AddScore { points: formula, .. }
            | Self::Set { value: formula, .. }
            | Self::Convert { value: formula, .. } => Some(formula),
            Self::Send(_) | Self::Notify { .. } | Self::Raise(_) => None,
        }
    }
}
