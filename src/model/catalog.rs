//! The words a journey is told in: events, attributes, touchpoints, score rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::decision::Bucket;
use super::formula::Formula;
use super::id::{AttributeId, EventId, ScoreRuleId, TouchpointId};
use super::time::Duration;
use super::value::Value;

/// Something that can happen to a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    /// Unique among events.
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The cases that its column in the matrix is split into, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<Bucket>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Event {
    /// An event of which nothing but its name is known.
    #[must_use]
    pub fn new(id: EventId, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), fields: Vec::new(), buckets: Vec::new(), note: String::new() }
    }
}

/// A value that comes with an event, as in `event.amount`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// The attribute that takes over the value each time the event is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<AttributeId>,
}

/// What kind of value an attribute holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    Number,
    Text,
    YesNo,
    Time,
    /// An ordered list, worst to best; `>=` compares positions.
    Choice(Vec<String>),
    /// A number that starts at 0 and that score rules change.
    Score,
}

impl AttributeKind {
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::YesNo => "yes/no",
            Self::Time => "time",
            Self::Choice(_) => "choice",
            Self::Score => "score",
        }
    }

    /// Why an attribute of this kind cannot have the value, as the end of a sentence.
    #[must_use]
    pub fn misfit(&self, value: &Value) -> Option<String> {
        let fits = match (self, value) {
            (Self::Choice(choices), Value::Text(text)) => {
                let known = choices.iter().any(|choice| choice.eq_ignore_ascii_case(text));
                return (!known).then(|| format!("\"{text}\" is none of the choices {}", choices.join(", ")));
            }
            (Self::Number | Self::Score, Value::Number(_))
            | (Self::Text, Value::Text(_))
            | (Self::YesNo, Value::YesNo(_))
            | (Self::Time, Value::Time(_))
            | (_, Value::Unknown) => true,
            _ => false,
        };
        (!fits).then(|| format!("{value} is no {}", self.label()))
    }
}

/// Something known about a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    pub id: AttributeId,
    /// Unique among attributes.
    pub name: String,
    pub kind: AttributeKind,
    /// What it holds before anything else is known of the contact.
    #[serde(default, skip_serializing_if = "Value::is_unknown")]
    pub initial: Value,
    /// Of a score: how long it takes until half of it is gone, if nothing else changes it.
    ///
    /// A score that was `v` when it was last changed is `v · 0.5^(t / h)` a time `t` later, `h` being the half-life: both
    /// in milliseconds, a day counting 24 hours and a month 30 days. Whoever looks sees that value, and what is added is
    /// added to it. Nothing is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life: Option<Duration>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Attribute {
    /// An attribute of which nothing is known at first.
    #[must_use]
    pub fn new(id: AttributeId, name: impl Into<String>, kind: AttributeKind) -> Self {
        Self { id, name: name.into(), kind, initial: Value::Unknown, half_life: None, note: String::new() }
    }
}

/// The medium of a touchpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    #[default]
    Email,
    Sms,
    Push,
    Phone,
    Letter,
    Web,
    Person,
}

impl Channel {
    pub const ALL: [Self; 7] = [Self::Email, Self::Sms, Self::Push, Self::Phone, Self::Letter, Self::Web, Self::Person];
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "e-mail",
            Self::Sms => "SMS",
            Self::Push => "push",
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::Web => "web",
            Self::Person => "person",
        })
    }
}

/// Something we can send: one interaction by one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Touchpoint {
    pub id: TouchpointId,
    /// Unique among touchpoints.
    pub name: String,
    #[serde(default)]
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What a score rule does with its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreChange {
    Add,
    Set,
}

/// How much one rule may change its score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cap {
    /// At most so many points up, and at most so many down. Of what would be more, the part that fits is given.
    pub points: f64,
    /// Counted over the window (now − duration, now]; without it over the whole journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Duration>,
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {}", self.points)?;
        self.within.map_or(Ok(()), |within| write!(f, " in {within}"))
    }
}

impl FromStr for Cap {
    type Err = String;

    /// Reads `at most 30 in 7 days` and, for ever, `at most 30`.
    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("\"{}\" is no cap; write at most 30 in 7 days, or at most 30", text.trim());
        let rest = text.trim().strip_prefix("at most").ok_or_else(problem)?;
        let (points, within) = rest.split_once(" in ").map_or((rest, None), |(points, within)| (points, Some(within)));
        let points: f64 = points.trim().parse().map_err(|_| problem())?;
        let within = within.map(str::parse).transpose()?;
        if !points.is_finite() || points < 0.0 {
            return Err(format!("a cap is a number of points from 0, not {points}"));
        }
        Ok(Self { points, within })
    }
}

/// *On this event, if the guard holds, add or set points.* Applied before any transition is selected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRule {
    pub id: ScoreRuleId,
    pub event: EventId,
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub guard: Formula,
    pub score: AttributeId,
    pub change: ScoreChange,
    /// How many; may look at the event, as in `event.value`.
    #[serde(deserialize_with = "Formula::from_number_or_text")]
    pub points: Formula,
    /// Of a rule that sets, what counts is by how much it changes the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// Place among the rules; they run in this order.
    pub rank: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_files_do_not_say_is_none() {
        let rule = r#"{"id": 1, "event": 1, "score": 2, "change": "add", "points": 10, "rank": 0}"#;
        let rule: ScoreRule = serde_json::from_str(rule).unwrap();
        assert_eq!((rule.cap, rule.points.text()), (None, "10"));
        let score: Attribute = serde_json::from_str(r#"{"id": 2, "name": "s", "kind": "score"}"#).unwrap();
        assert_eq!(score.half_life, None);
        assert!(!serde_json::to_string(&(rule, score)).unwrap().contains("null"));
    }

    #[test]
    fn a_cap_reads_as_it_prints() {
        for text in ["at most 30 in 7 days", "at most 12.5", "at most 0 in 1 h"] {
            assert_eq!(text.parse::<Cap>().unwrap().to_string(), text);
        }
    }
}
