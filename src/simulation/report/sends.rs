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

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.merge(other);
        self
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

    pub(in crate::simulation) fn count(&mut self, sending: Sending) {
        self.waiting -= u64::from(sending.waited);
        *match sending.became {
            Became::Sent => &mut self.sent,
            Became::Held => &mut self.held,
            Became::NoConsent => &mut self.no_consent,
            Became::Suppressed => &mut self.suppressed,
            Became::Capped => &mut self.capped,
            Became::Dropped => &mut self.dropped,
            Became::Waiting => &mut self.waiting,
        } += 1;
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

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation) enum Became {
    Sent,
    /// Sent after it had waited.
    Held,
    NoConsent,
    Suppressed,
    Capped,
    Dropped,
    /// It waits for the end of quiet hours.
    Waiting,
}

/// What one effect says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation) struct Sending {
    pub(in crate::simulation) touchpoint: TouchpointId,
    became: Became,
    /// It had waited, and does so no more, or once more.
    waited: bool,
}

/// What waits for the end of quiet hours, of one contact.
#[derive(Debug, Default)]
pub(in crate::simulation) struct Waiting(Vec<(TouchpointId, Time)>);

impl Waiting {
    /// Whether this is the end of something that waited. While it is quiet nothing of the kind is sent at once, so what
    /// comes when the waiting is over is what waited.
    fn ended(&mut self, touchpoint: TouchpointId, now: Time) -> bool {
        let waited = self.0.iter().position(|(waiting, until)| *waiting == touchpoint && *until <= now);
        waited.map(|waited| self.0.remove(waited)).is_some()
    }

    /// What an effect says of a message, if it is about one.
    pub(in crate::simulation) fn sending(&mut self, effect: &Effect, now: Time) -> Option<Sending> {
        let touchpoint = match effect {
            Effect::Sent { touchpoint, .. } | Effect::Held { touchpoint, .. } | Effect::Withheld { touchpoint, .. } => {
                *touchpoint
            }
            _ => return None,
        };
        let waited = self.ended(touchpoint, now);
        let became = match effect {
            Effect::Held { until, .. } => {
                self.0.push((touchpoint, *until));
                Became::Waiting
            }
            Effect::Withheld { why, .. } => match why {
                Withheld::NoConsent => Became::NoConsent,
                Withheld::Suppressed => Became::Suppressed,
                Withheld::Capped => Became::Capped,
                Withheld::Dropped => Became::Dropped,
            },
            _ if waited => Became::Held,
            _ => Became::Sent,
        };
        Some(Sending { touchpoint, became, waited })
    }

    /// Forgets everything: another contact comes.
    pub(in crate::simulation) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Counts while contacts are played one after the other.
#[derive(Default)]
pub(super) struct Sends {
    touchpoints: Vec<(TouchpointId, SendTally)>,
    /// By number of messages.
    per_contact: Vec<u64>,
    capped_contacts: u64,
    /// Of this contact.
    waiting: Waiting,
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

    pub(super) fn count(&mut self, effect: &Effect, now: Time) {
        let Some(sending) = self.waiting.sending(effect, now) else { return };
        let place = self.place(sending.touchpoint);
        self.touchpoints[place].1.count(sending);
        self.sent += u32::from(matches!(sending.became, Became::Sent | Became::Held));
        self.met_a_cap |= sending.became == Became::Capped;
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
        self.waiting.clear();
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
