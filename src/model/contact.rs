//! Sample contacts with the events that happened to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::{AttributeId, ContactId, EventId};
use super::time::Time;
use super::value::Value;

/// One event of one contact at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    pub time: Time,
    pub event: EventId,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Value>,
}

/// A person, invented or real, kept in the project to try the journey on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    /// Unique among the sample contacts.
    pub name: String,
    /// IANA name; empty means the project's zone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// When the contact enters the journey; `None` means with the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<AttributeId, Value>,
    /// In order of time; equal times keep the order they were given in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occurrences: Vec<Occurrence>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
