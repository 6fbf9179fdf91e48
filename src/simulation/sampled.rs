//! Any contact of a run as a sample contact: what was drawn of it is known, and what it did of its own accord has happened.

use std::collections::BTreeMap;

use super::condition::Fields;
use super::machine::Machine;
use super::react::Reaction;
use super::run::{Player, Progress, Run};
use crate::model::{AttributeId, AttributeKind, Contact, ContactId, Occurrence, Time, Value};

impl Run<'_> {
    /// The contact as it would stand among the sample contacts of the project: on the same chart and seed, and under the
    /// same name, its story up to the end of the run is the same. Its id is 0. Left out are events that the catalogue does
    /// not know and fields that the chart does not read.
    #[must_use]
    pub fn sampled(&self, contact: usize) -> Contact {
        let machine = self.machine();
        let (mut player, progress) = (Player::new(self, Reaction::of_totals()), Progress::default());
        let (introduced, mut occurrences) = match self.play() {
            // Before the journey nothing has been done to it yet.
            None => {
                self.meet(contact, &mut player, &progress);
                (player.memory.clone(), self.recorded(contact))
            }
            Some(play) => {
                let (introduced, past) = play.introduced(contact, &player.fresh);
                (
                    introduced,
                    past.into_iter().map(|(time, event)| machine.occurrence(time, event, Fields::default())).collect(),
                )
            }
        };
        let mut place = self.meet(contact, &mut player, &progress);
        let start = place.start();
        if self.play().is_some() {
            while let Some(by) = self.step(&mut place, &mut player, &progress) {
                let occasion = self.occasion(by, &player);
                if let Some(event) = occasion.event {
                    occurrences.push(machine.occurrence(player.memory.now, event, occasion.fields));
                }
            }
        }
        let own_zone = introduced.zone != machine.zone;
        Contact {
            id: ContactId(0),
            name: self.contact_name(contact).into_owned(),
            zone: if own_zone { introduced.zone.name().to_owned() } else { String::new() },
            start,
            attributes: machine.told_attributes(&introduced.values),
            occurrences,
            note: String::new(),
        }
    }

    /// Everything that was recorded of a contact until the end of the run.
    fn recorded(&self, contact: usize) -> Vec<Occurrence> {
        let rows = self.rows(contact).filter(|row| self.row_time(*row) <= self.until());
        let known = rows.filter_map(|row| Some((row, self.event(row)?)));
        known.map(|(row, event)| self.machine().occurrence(self.row_time(row), event, self.row_fields(row))).collect()
    }
}

impl Machine {
    fn occurrence(&self, time: Time, event: usize, fields: Fields) -> Occurrence {
        let told =
            (0..self.field_count()).map(|slot| (self.field_name(slot).to_owned(), Value::from(fields.seen(slot))));
        let fields: BTreeMap<String, Value> = told.filter(|(_, value)| !value.is_unknown()).collect();
        Occurrence { time, event: self.event_id(event), fields }
    }

    /// The attributes that are known and are not what they are for everybody, in the words of the catalogue.
    fn told_attributes(&self, values: &[Value]) -> BTreeMap<AttributeId, Value> {
        let told = self.attributes.iter().zip(values).enumerate();
        told.filter(|(_, (attribute, value))| !value.is_unknown() && attribute.initial != **value)
            .map(|(slot, (attribute, value))| match attribute.kind {
                AttributeKind::Choice(_) => (attribute.id, Value::Text(self.show_attribute(slot, value))),
                _ => (attribute.id, value.clone()),
            })
            .collect()
    }
}
