//! One recorded contact apart from the others, with events that were sent to it by hand. They are part of what a run is
//! given, so the contact's future is played again from the beginning; its past and everybody else stay as they were.

use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::{Dataset, EventId, Project, Time};

/// An event that somebody sent by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub contact: u32,
    pub time: Time,
    pub event: EventId,
}

/// The occurrences of one contact with those that were sent to it, after the recorded ones of the same instant, and the
/// catalogue entry of each event code. `None` where there are more kinds of events than codes.
#[must_use]
pub fn alone(
    project: &Project,
    (all, events): (&Dataset, &[EventId]),
    contact: usize,
    sent: &[Sent],
) -> Option<(Dataset, Vec<EventId>)> {
    let mut events = events.to_vec();
    let mut event_names = all.event_names.clone();
    let mut rows: Vec<(Time, u16, Option<usize>)> =
        all.range(contact).map(|row| (all.times[row], all.codes[row], Some(row))).collect();
    for one in sent.iter().filter(|one| one.contact as usize == contact) {
        let code = events.iter().position(|event| *event == one.event).unwrap_or_else(|| {
            events.push(one.event);
            event_names.push(project.events.get(&one.event).map_or_else(String::new, |event| event.name.clone()));
            events.len() - 1
        });
        let after = rows.partition_point(|(time, ..)| *time <= one.time);
        rows.insert(after, (one.time, u16::try_from(code).ok()?, None));
    }
    let field = |column: &FieldColumn| FieldColumn {
        name: column.name.clone(),
        values: match &column.values {
            FieldValues::Numbers(numbers) => {
                FieldValues::Numbers(rows.iter().map(|(.., row)| row.map_or(f64::NAN, |row| numbers[row])).collect())
            }
            FieldValues::Texts { words, codes } => FieldValues::Texts {
                words: words.clone(),
                codes: rows.iter().map(|(.., row)| row.map_or(u32::MAX, |row| codes[row])).collect(),
            },
        },
    };
    let dataset = Dataset {
        contacts: vec![all.contacts[contact].clone()],
        first: vec![0, u32::try_from(rows.len()).ok()?],
        times: rows.iter().map(|(time, ..)| *time).collect(),
        codes: rows.iter().map(|(_, code, _)| *code).collect(),
        event_names,
        fields: all.fields.iter().map(field).collect(),
        zones: all.zones.get(contact).cloned().into_iter().collect(),
        starts: all.starts.get(contact).copied().into_iter().collect(),
        attributes: all
            .attributes
            .iter()
            .filter_map(|(id, values)| Some((*id, vec![values.get(contact)?.clone()])))
            .collect(),
    };
    Some((dataset, events))
}
