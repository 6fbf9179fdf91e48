//! The words a journey is told in: events, attributes, touchpoints, score rules.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::formula::Formula;
use super::id::{AttributeId, EventId, ScoreRuleId, TouchpointId};
use super::value::Value;

/// Something that can happen to a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    /// Unique among events.
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Attribute {
    /// An attribute of which nothing is known at first.
    #[must_use]
    pub fn new(id: AttributeId, name: impl Into<String>, kind: AttributeKind) -> Self {
        Self { id, name: name.into(), kind, initial: Value::Unknown, note: String::new() }
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
    /// Place among the rules; they run in this order.
    pub rank: u32,
}
