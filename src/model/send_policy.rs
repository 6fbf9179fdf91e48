//! What may be sent to whom, how often and when. A run never sends anything; it records what would have been sent.

use serde::{Deserialize, Serialize};

use super::catalog::Channel;
use super::formula::Formula;
use super::hours::Hours;
use super::time::Duration;

/// The rules that every touchpoint passes, in this order: consent, suppression, caps, quiet hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SendPolicy {
    /// Who has agreed to be written to; without a condition, everybody.
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub consent: Formula,
    /// Who must not be written to at the moment; without a condition, nobody.
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub suppression: Formula,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quiet: Vec<QuietHours>,
    /// Whether a message that waits for the end of quiet hours is dropped when the state it was committed in was left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drop_when_left: bool,
}

/// A limit on messages to one contact in the window that ends now, its first instant left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cap {
    /// `None`: all channels together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub most: u32,
    pub within: Duration,
}

/// Hours on the clock of the contact in which nothing is sent; what comes then is held until they end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuietHours {
    /// `None`: on every channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub hours: Hours,
}

impl SendPolicy {
    /// Whether nobody has said anything yet, so that a file need not mention it.
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it lets everything pass.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.consent.is_empty() && self.suppression.is_empty() && self.caps.is_empty() && self.quiet.is_empty()
    }
}
