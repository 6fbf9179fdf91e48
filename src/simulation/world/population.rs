//! Invented contacts: who they are, when they start, what happened to them before. A contact is drawn under its own id, so
//! that a population that grows leaves those who were there as they were.

use super::spread::Spread;
use crate::model::{AttributeId, Duration, EventId, Time, Value, Zone};
use crate::simulation::luck::{ContactKey, Lane, Stream};
use crate::simulation::memory::Memory;

#[derive(Clone, Debug, Default)]
pub(super) struct Population {
    pub(super) contacts: usize,
    pub(super) from: Time,
    /// Milliseconds over which the starts are spread.
    pub(super) over: f64,
    pub(super) zones: Vec<(Zone, f64)>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) prior: Vec<Prior>,
}

/// How an attribute is drawn, by its slot.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) id: AttributeId,
    pub(super) slot: usize,
    pub(super) draw: Draw,
}

/// Values as the attribute keeps them, with their shares.
#[derive(Clone, Debug)]
pub(super) enum Draw {
    Mix(Vec<(Value, f64)>),
    Spread(Spread),
}

/// Events before the start.
#[derive(Clone, Debug)]
pub(super) struct Prior {
    pub(super) event: EventId,
    pub(super) slot: usize,
    /// Which one of those that name the same event.
    pub(super) turn: usize,
    pub(super) count: Draw,
    pub(super) within: Duration,
}

/// One of those that start by themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) key: ContactKey,
    pub(super) start: Time,
}

impl Population {
    /// What the contact at this place is called, counted from 1.
    pub(super) fn name(contact: usize) -> String {
        (contact + 1).to_string()
    }

    pub(super) fn person(&self, contact: usize, seed: u64) -> Person {
        let key = ContactKey::of(&Self::name(contact));
        let spread = self.over * stream(seed, key, "start").uniform(0, Lane::Moment);
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a run")]
        let start = Time(self.from.0.saturating_add(spread as i64).min(Time::MAX.0));
        Person { key, start }
    }

    /// Fills what is known of the contact: its zone and its attributes.
    pub(super) fn introduce(&self, memory: &mut Memory) {
        let (seed, key) = (memory.seed, memory.contact);
        if !self.zones.is_empty() {
            let uniform = stream(seed, key, "zone").uniform(0, Lane::Outcome);
            if let Some(zone) = one_of(&self.zones, uniform) {
                memory.zone.clone_from(zone);
            }
        }
        for attribute in &self.attributes {
            let stream = Stream::of(seed, key, attribute.stream_name());
            memory.values[attribute.slot] = attribute.draw.value(stream);
        }
    }

    /// Slots and times of the events before the start, in order.
    pub(super) fn past(&self, seed: u64, person: Person, zone: &Zone) -> Vec<(Time, usize)> {
        let mut past = Vec::new();
        for prior in &self.prior {
            let stream = Stream::of(seed, person.key, name_of("prior", prior.event.0, prior.turn));
            let Value::Number(count) = prior.count.value(stream) else { continue };
            let begin = person.start.minus(prior.within, zone);
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
            let length = (person.start.0 - begin.0) as f64;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded down, as promised")]
            for ordinal in 0..count.max(0.0) as u64 {
                let offset = length * stream.uniform(ordinal, Lane::Moment);
                past.push((Time(begin.0 + offset as i64), prior.slot));
            }
        }
        // Stable: at the same time in the order of the list.
        past.sort_by_key(|(time, _)| *time);
        past
    }
}

impl Attribute {
    /// Under what it is drawn.
    pub(super) fn stream_name(&self) -> u64 {
        name_of("attribute", self.id.0, 0)
    }
}

impl Draw {
    fn value(&self, stream: Stream) -> Value {
        match self {
            Self::Mix(shares) => one_of(shares, stream.uniform(0, Lane::Outcome)).cloned().unwrap_or_default(),
            Self::Spread(spread) => Value::Number(spread.draw(&mut stream.draws(0, Lane::Amount))),
        }
    }
}

/// The one whose share holds the number; `None` for what is missing to the whole.
pub(super) fn one_of<T>(shares: &[(T, f64)], uniform: f64) -> Option<&T> {
    let mut below = 0.0;
    let found = shares.iter().find(|(_, share)| {
        below += share;
        uniform < below
    });
    found.map(|(what, _)| what)
}

fn stream(seed: u64, contact: ContactKey, what: &str) -> Stream {
    Stream::of(seed, contact, ContactKey::of(what).0)
}

/// By kind and id, which a thing keeps when it is renamed and in copies of the project.
fn name_of(what: &str, id: u32, turn: usize) -> u64 {
    ContactKey::of(what).0 ^ (u64::from(id) << 20) ^ (turn as u64)
}
