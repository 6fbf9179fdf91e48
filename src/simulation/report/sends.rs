//! What became of messages, and how many each contact got.

use std::collections::BTreeMap;

use super::add;
use crate::model::{Time, TouchpointId};
use crate::simulation::react::{Effect, Withheld};

/// What became of the messages of one touchpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SendTally {
    /// Sent at once.
    pub sent: u64,
    /// Sent when quiet hours were over.
    pub held: u64,
    pub no_consent: u64,
    pub suppressed: u64,
    pub capped: u64,
    /// Dropped after waiting, since the contact had moved on.
    pub dropped: u64,
    /// Still waiting for the end of quiet hours when the run ended.
    pub waiting: u64,
}

impl SendTally {
    /// All that were really sent.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.sent + self.held
    }

    /// All that the journey wanted to send.
    #[must_use]
    pub fn wanted(&self) -> u64 {
        self.outcomes().into_iter().map(|(_, count)| count).sum()
    }

    /// All that were never sent; those that still wait are not among them.
    #[must_use]
    pub fn not_sent(&self) -> u64 {
        self.no_consent + self.suppressed + self.capped + self.dropped
    }

    /// All that were not sent at once.
    #[must_use]
    pub fn kept_back(&self) -> u64 {
        self.wanted() - self.sent
    }

    /// Every outcome, in words.
    #[must_use]
    pub fn outcomes(&self) -> [(&'static str, u64); 7] {
        [
            ("sent", self.sent),
            ("held, then sent", self.held),
            (Withheld::NoConsent.label(), self.no_consent),
            (Withheld::Suppressed.label(), self.suppressed),
            (Withheld::Capped.label(), self.capped),
            (Withheld::Dropped.label(), self.dropped),
            ("still held", self.waiting),
        ]
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.sent += other.sent;
        self.held += other.held;
        self.no_consent += other.no_consent;
        self.suppressed += other.suppressed;
        self.capped += other.capped;
        self.dropped += other.dropped;
        self.waiting += other.waiting;
    }
}

/// What became of all messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendsTally {
    pub touchpoints: BTreeMap<TouchpointId, SendTally>,
    /// How many contacts got so many messages; nobody who never started is among them.
    pub per_contact: BTreeMap<u32, u64>,
    /// Contacts that a cap ever kept from a message.
    pub capped_contacts: u64,
}

impl SendsTally {
    /// All outcomes of all touchpoints together.
    #[must_use]
    pub fn total(&self) -> SendTally {
        self.touchpoints.values().fold(SendTally::default(), |mut total, tally| {
            total.merge(*tally);
            total
        })
    }

    pub(super) fn merge(&mut self, other: Self) {
        add(&mut self.touchpoints, other.touchpoints, SendTally::merge);
        add(&mut self.per_contact, other.per_contact, |sum, count| *sum += count);
        self.capped_contacts += other.capped_contacts;
    }
}

/// Counts while contacts are played one after the other.
#[derive(Default)]
pub(super) struct Sends {
    touchpoints: Vec<(TouchpointId, SendTally)>,
    /// By number of messages.
    per_contact: Vec<u64>,
    capped_contacts: u64,
    /// Of this contact: what waits for the end of quiet hours, by its place among the touchpoints.
    waiting: Vec<(usize, Time)>,
    sent: u32,
    met_a_cap: bool,
}

impl Sends {
    fn place(&mut self, touchpoint: TouchpointId) -> usize {
        self.touchpoints.iter().position(|(known, _)| *known == touchpoint).unwrap_or_else(|| {
            self.touchpoints.push((touchpoint, SendTally::default()));
            self.touchpoints.len() - 1
        })
    }

    /// Whether this is the end of something that waited. While it is quiet nothing of the kind is sent at once, so what
    /// comes when the waiting is over is what waited.
    fn waited(&mut self, place: usize, now: Time) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let waited = self.waiting.iter().position(|(waiting, until)| *waiting == place && *until <= now);
        waited.map(|waited| self.waiting.remove(waited)).is_some()
    }

    pub(super) fn count(&mut self, effect: &Effect, now: Time) {
        match effect {
            Effect::Sent { touchpoint, .. } => {
                let place = self.place(*touchpoint);
                let waited = self.waited(place, now);
                let tally = &mut self.touchpoints[place].1;
                *(if waited { &mut tally.held } else { &mut tally.sent }) += 1;
                self.sent += 1;
            }
            Effect::Held { touchpoint, until, .. } => {
                let place = self.place(*touchpoint);
                // Held once more: it still waits.
                self.waited(place, now);
                self.waiting.push((place, *until));
            }
            Effect::Withheld { touchpoint, why, .. } => {
                let place = self.place(*touchpoint);
                self.waited(place, now);
                let tally = &mut self.touchpoints[place].1;
                *match why {
                    Withheld::NoConsent => &mut tally.no_consent,
                    Withheld::Suppressed => &mut tally.suppressed,
                    Withheld::Capped => &mut tally.capped,
                    Withheld::Dropped => &mut tally.dropped,
                } += 1;
                self.met_a_cap |= *why == Withheld::Capped;
            }
            _ => {}
        }
    }

    /// The contact is done; `counts` unless it never started.
    #[inline]
    pub(super) fn finish_contact(&mut self, counts: bool) {
        if counts {
            let sent = self.sent as usize;
            if sent >= self.per_contact.len() {
                self.per_contact.resize(sent + 1, 0);
            }
            self.per_contact[sent] += 1;
        }
        self.capped_contacts += u64::from(self.met_a_cap);
        (self.sent, self.met_a_cap) = (0, false);
        for (place, _) in self.waiting.drain(..) {
            self.touchpoints[place].1.waiting += 1;
        }
    }

    pub(super) fn finish(self) -> SendsTally {
        let counted = (0..).zip(self.per_contact).filter(|(_, contacts)| *contacts > 0);
        SendsTally {
            touchpoints: self.touchpoints.into_iter().collect(),
            per_contact: counted.collect(),
            capped_contacts: self.capped_contacts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_one_outcome() {
        let touchpoint = TouchpointId(7);
        let sent = Effect::Sent { touchpoint, name: "mail" };
        let held = |until| Effect::Held { touchpoint, name: "mail", until: Time(until) };
        let withheld = |why| Effect::Withheld { touchpoint, name: "mail", why };
        let mut sends = Sends::default();
        for (time, effect) in [
            (1, sent.clone()),
            (2, held(10)),
            (3, held(10)),
            // Asked for while it is quiet, but without consent: what waits goes on waiting.
            (4, withheld(Withheld::NoConsent)),
            (10, sent.clone()),
            (10, withheld(Withheld::Dropped)),
            (11, withheld(Withheld::Capped)),
            (12, held(20)),
        ] {
            sends.count(&effect, Time(time));
        }
        sends.finish_contact(true);
        sends.count(&sent, Time(13));
        sends.finish_contact(true);
        sends.finish_contact(false);
        let tally = sends.finish();
        let expected = SendTally { sent: 2, held: 1, no_consent: 1, suppressed: 0, capped: 1, dropped: 1, waiting: 1 };
        assert_eq!(tally.total(), expected);
        assert_eq!((expected.wanted(), expected.delivered()), (7, 3));
        assert_eq!((expected.kept_back(), expected.not_sent()), (5, 3));
        assert_eq!(tally.per_contact, BTreeMap::from([(1, 1), (2, 1)]));
        assert_eq!(tally.capped_contacts, 1);
    }
}
