//! Recorded occurrences of many contacts, in columns: imported once, never edited row by row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Project;
use super::id::{AttributeId, DatasetId, EventId};
use super::time::Time;
use super::value::Value;

/// What the project knows of a dataset without loading it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    pub id: DatasetId,
    /// Unique among datasets.
    pub name: String,
    /// The file it was read from, without its folder.
    pub source: String,
    pub contacts: u64,
    pub occurrences: u64,
    pub first: Time,
    pub last: Time,
    /// The catalogue entry of each event code of the columns.
    pub events: Vec<EventId>,
    /// Names of the fields that came with the occurrences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

impl DatasetInfo {
    /// What can be said before the columns are known.
    #[must_use]
    pub fn named(name: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            id: DatasetId(0),
            name: name.into(),
            source: source.into(),
            contacts: 0,
            occurrences: 0,
            first: Time(0),
            last: Time(0),
            events: Vec::new(),
            fields: Vec::new(),
        }
    }
}

/// Occurrences by contact, then time; equal times keep the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// What identifies each contact, in the order of the contacts.
    pub contacts: Vec<String>,
    /// Contact `i` owns the occurrences `first[i]..first[i + 1]`; one entry longer than `contacts`.
    pub first: Vec<u32>,
    pub times: Vec<Time>,
    /// Code of the event, an index into [`Self::event_names`].
    pub codes: Vec<u16>,
    pub event_names: Vec<String>,
    pub fields: Vec<FieldColumn>,
    /// Per contact, where known: IANA zone, start, attributes. Empty where no contact has any.
    pub zones: Vec<String>,
    pub starts: Vec<Option<Time>>,
    pub attributes: BTreeMap<AttributeId, Vec<Value>>,
}

/// The values of one field, an entry per occurrence.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldColumn {
    pub name: String,
    pub values: FieldValues,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldValues {
    /// `NaN` where the value is unknown.
    Numbers(Vec<f64>),
    /// Codes into `words`; `u32::MAX` where the value is unknown.
    Texts { words: Vec<String>, codes: Vec<u32> },
}

impl FieldColumn {
    #[must_use]
    pub fn value(&self, occurrence: usize) -> Value {
        match &self.values {
            FieldValues::Numbers(numbers) => match numbers.get(occurrence) {
                Some(number) if !number.is_nan() => Value::Number(*number),
                _ => Value::Unknown,
            },
            FieldValues::Texts { words, codes } => codes
                .get(occurrence)
                .and_then(|code| words.get(*code as usize))
                .map_or(Value::Unknown, |word| Value::Text(word.clone())),
        }
    }
}

impl Dataset {
    /// The occurrences of contact `index`.
    #[must_use]
    pub fn range(&self, index: usize) -> std::ops::Range<usize> {
        self.first[index] as usize..self.first[index + 1] as usize
    }

    /// What keeps the columns from fitting together, if anything does.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let (contacts, occurrences) = (self.contacts.len(), self.times.len());
        let starts_at_zero = self.first.first().map_or(contacts == 0, |first| *first == 0);
        let ends_at_last = self.first.last().map_or(occurrences == 0, |last| *last as usize == occurrences);
        let one_longer = self.first.len() == contacts + 1 || (self.first.is_empty() && contacts == 0);
        let per_contact = |length: usize| length == 0 || length == contacts;
        let fits = |field: &FieldColumn| match &field.values {
            FieldValues::Numbers(numbers) => numbers.len() == occurrences,
            FieldValues::Texts { words, codes } => {
                codes.len() == occurrences
                    && codes.iter().all(|code| *code == u32::MAX || (*code as usize) < words.len())
            }
        };
        if !(starts_at_zero && ends_at_last && one_longer && self.first.is_sorted()) {
            Some("the occurrences are not divided among the contacts")
        } else if self.codes.len() != occurrences {
            Some("not every occurrence has an event")
        } else if self.codes.iter().any(|code| usize::from(*code) >= self.event_names.len()) {
            Some("an occurrence has an event that is not listed")
        } else if !self.fields.iter().all(fits) {
            Some("a field does not fit the occurrences")
        } else if !per_contact(self.zones.len())
            || !per_contact(self.starts.len())
            || !self.attributes.values().all(|values| per_contact(values.len()))
        {
            Some("what is known of the contacts does not fit their number")
        } else {
            None
        }
    }

    /// The earliest and the latest instant; `None` without occurrences.
    #[must_use]
    pub fn span(&self) -> Option<(Time, Time)> {
        Some((*self.times.iter().min()?, *self.times.iter().max()?))
    }

    /// The sample contacts of a project in the same columns, with the catalogue entry of each event code.
    #[must_use]
    pub fn of_samples(project: &Project) -> (Self, Vec<EventId>) {
        let mut events: Vec<EventId> = project.events.keys().copied().collect();
        for occurrence in project.contacts.values().flat_map(|contact| &contact.occurrences) {
            // An event that was deleted since still happened; it keeps a code of its own.
            if !events.contains(&occurrence.event) {
                events.push(occurrence.event);
            }
        }
        let mut dataset = Self {
            first: vec![0],
            event_names: events
                .iter()
                .map(|id| project.events.get(id).map_or_else(|| String::from("(deleted)"), |event| event.name.clone()))
                .collect(),
            ..Self::default()
        };
        let mut field_names: Vec<&str> = Vec::new();
        let all = || project.contacts.values().flat_map(|contact| &contact.occurrences);
        for name in all().flat_map(|occurrence| occurrence.fields.keys()) {
            if !field_names.contains(&name.as_str()) {
                field_names.push(name);
            }
        }
        for contact in project.contacts.values() {
            dataset.contacts.push(contact.name.clone());
            dataset.zones.push(contact.zone.clone());
            dataset.starts.push(contact.start);
            let mut occurrences: Vec<_> = contact.occurrences.iter().collect();
            occurrences.sort_by_key(|occurrence| occurrence.time);
            for occurrence in &occurrences {
                dataset.times.push(occurrence.time);
                let code = events.iter().position(|id| *id == occurrence.event).unwrap_or_default();
                dataset.codes.push(u16::try_from(code).unwrap_or(u16::MAX));
            }
            for (column, name) in field_names.iter().enumerate() {
                if dataset.fields.len() <= column {
                    dataset.fields.push(sample_column(name, all()));
                }
                for occurrence in &occurrences {
                    dataset.fields[column].push(occurrence.fields.get(*name));
                }
            }
            dataset.first.push(u32::try_from(dataset.times.len()).unwrap_or(u32::MAX));
        }
        for id in project.attributes.keys() {
            let values: Vec<Value> = project
                .contacts
                .values()
                .map(|contact| contact.attributes.get(id).cloned().unwrap_or_default())
                .collect();
            if values.iter().any(|value| *value != Value::Unknown) {
                dataset.attributes.insert(*id, values);
            }
        }
        (dataset, events)
    }
}

/// An empty column of numbers, or of texts as soon as one value is no number.
fn sample_column<'a>(name: &str, mut occurrences: impl Iterator<Item = &'a super::contact::Occurrence>) -> FieldColumn {
    let texts = occurrences
        .any(|occurrence| !matches!(occurrence.fields.get(name), None | Some(Value::Number(_) | Value::Unknown)));
    let values = if texts {
        FieldValues::Texts { words: Vec::new(), codes: Vec::new() }
    } else {
        FieldValues::Numbers(Vec::new())
    };
    FieldColumn { name: name.to_owned(), values }
}

impl FieldColumn {
    fn push(&mut self, value: Option<&Value>) {
        match &mut self.values {
            FieldValues::Numbers(numbers) => numbers.push(match value {
                Some(Value::Number(number)) => *number,
                _ => f64::NAN,
            }),
            FieldValues::Texts { words, codes } => codes.push(match value {
                None | Some(Value::Unknown) => u32::MAX,
                Some(value) => {
                    let word = value.to_string();
                    let position = words.iter().position(|known| *known == word).unwrap_or_else(|| {
                        words.push(word);
                        words.len() - 1
                    });
                    u32::try_from(position).unwrap_or(u32::MAX)
                }
            }),
        }
    }
}
