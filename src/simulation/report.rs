//! Totals of a run. Two halves of a population add up to the whole, whatever the order.

use std::collections::BTreeMap;

use super::machine::Machine;
use super::memory::Memory;
use super::react::{Effect, Outcome};
use super::run::Observer;
use crate::model::{NodeId, Time, TouchpointId, TransitionId};

/// What a population did. All counts are exact; money is in hundredths of the currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Contacts that entered the journey.
    pub contacts: u64,
    /// Contacts whose journey had not begun at the end of the run.
    pub not_started: u64,
    /// Contacts that went round in circles and were stopped; they count nowhere else after that.
    pub halted: u64,
    /// Recorded events that were processed.
    pub events: u64,
    /// Of those: nothing waited for them.
    pub ignored: u64,
    /// Of those: something waited, but no condition held.
    pub refused: u64,
    /// Of those: the journey was already over.
    pub after_end: u64,
    /// Actions that failed.
    pub errors: u64,
    pub states: BTreeMap<NodeId, StateTally>,
    pub arrows: BTreeMap<TransitionId, ArrowTally>,
    pub sent: BTreeMap<TouchpointId, u64>,
    /// By team.
    pub notified: BTreeMap<String, u64>,
    /// By conversion point.
    pub conversions: BTreeMap<String, ConversionTally>,
    /// The same of contacts whom others won, and who count nowhere above.
    pub referred: Option<Box<Self>>,
    /// So many were won by others that nobody could follow them, so `referred` says nothing of them.
    pub endless_referrals: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateTally {
    /// Contacts that were ever there.
    pub contacts: u64,
    /// Visits.
    pub entered: u64,
    /// Contacts that are there at the end of the run.
    pub resting: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArrowTally {
    pub fired: u64,
    /// Contacts that ever took it.
    pub contacts: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConversionTally {
    pub count: u64,
    /// Value in hundredths of the currency.
    pub cents: i128,
}

impl Report {
    /// This report and `other` together.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.contacts += other.contacts;
        self.not_started += other.not_started;
        self.halted += other.halted;
        self.events += other.events;
        self.ignored += other.ignored;
        self.refused += other.refused;
        self.after_end += other.after_end;
        self.errors += other.errors;
        self.endless_referrals |= other.endless_referrals;
        self.referred = match (self.referred, other.referred) {
            (Some(one), Some(two)) => Some(Box::new(one.merged(*two))),
            (one, two) => one.or(two),
        };
        for (id, tally) in other.states {
            let sum = self.states.entry(id).or_default();
            sum.contacts += tally.contacts;
            sum.entered += tally.entered;
            sum.resting += tally.resting;
        }
        for (id, tally) in other.arrows {
            let sum = self.arrows.entry(id).or_default();
            sum.fired += tally.fired;
            sum.contacts += tally.contacts;
        }
        for (id, count) in other.sent {
            *self.sent.entry(id).or_default() += count;
        }
        for (team, count) in other.notified {
            *self.notified.entry(team).or_default() += count;
        }
        for (point, tally) in other.conversions {
            let sum = self.conversions.entry(point).or_default();
            sum.count += tally.count;
            sum.cents += tally.cents;
        }
        self
    }
}

/// Adds reactions up, by slot; a contact at a time.
pub(super) struct Tally<'m> {
    machine: &'m Machine,
    report: Report,
    states: Vec<Count>,
    arrows: Vec<Count>,
    resting: Vec<u64>,
    /// Recorded events by outcome.
    outcomes: [u64; OUTCOMES],
    contact: u64,
}

/// One more than the last outcome.
const OUTCOMES: usize = Outcome::Halted as usize + 1;

#[derive(Clone, Copy, Default)]
struct Count {
    times: u64,
    contacts: u64,
    /// The last contact (from 1) that was counted.
    seen: u64,
}

impl Count {
    #[inline]
    fn add(&mut self, contact: u64) {
        self.times += 1;
        self.contacts += u64::from(self.seen != contact);
        self.seen = contact;
    }
}

impl<'m> Tally<'m> {
    pub(super) fn new(machine: &'m Machine) -> Self {
        Self {
            machine,
            report: Report::default(),
            states: vec![Count::default(); machine.node_count()],
            arrows: vec![Count::default(); machine.arrow_count()],
            resting: vec![0; machine.node_count()],
            outcomes: [0; OUTCOMES],
            contact: 1,
        }
    }

    fn count_effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Sent { touchpoint, .. } => *self.report.sent.entry(*touchpoint).or_default() += 1,
            Effect::Notified { team, .. } => *self.report.notified.entry((*team).to_owned()).or_default() += 1,
            Effect::Converted { point, value } => {
                let tally = self.report.conversions.entry((*point).to_owned()).or_default();
                tally.count += 1;
                #[expect(clippy::cast_possible_truncation, reason = "amounts of money; the conversion saturates")]
                let cents = (value.unwrap_or(0.0) * 100.0).round() as i64;
                tally.cents += i128::from(cents);
            }
            Effect::Held { .. }
            | Effect::Withheld { .. }
            | Effect::Set { .. }
            | Effect::Referred
            | Effect::Raised(_)
            | Effect::Scheduled { .. }
            | Effect::Cancelled(_) => {}
        }
    }

    pub(super) fn finish(mut self) -> Report {
        for (slot, (count, resting)) in self.states.iter().zip(self.resting).enumerate() {
            let tally = StateTally { contacts: count.contacts, entered: count.times, resting };
            self.report.states.insert(self.machine.node_id(slot), tally);
        }
        for (slot, count) in self.arrows.iter().enumerate() {
            let tally = ArrowTally { fired: count.times, contacts: count.contacts };
            self.report.arrows.insert(self.machine.arrow_id(slot), tally);
        }
        let of = |outcome: Outcome| self.outcomes[outcome as usize];
        self.report.events = self.outcomes.iter().sum();
        self.report.ignored = of(Outcome::Ignored);
        self.report.refused = of(Outcome::Refused);
        self.report.after_end = of(Outcome::AfterEnd);
        self.report
    }
}

impl Observer for Tally<'_> {
    const ASKS_FOR_VALUES: bool = false;

    #[inline]
    fn took(&mut self, arrow: usize, _: Time) {
        self.arrows[arrow].add(self.contact);
    }

    #[inline]
    fn entered(&mut self, node: usize) {
        self.states[node].add(self.contact);
    }

    fn effect(&mut self, effect: &Effect) {
        self.count_effect(effect);
    }

    fn failed(&mut self) {
        self.report.errors += 1;
    }

    #[inline]
    fn processed(&mut self, outcome: Outcome) {
        self.outcomes[outcome as usize] += 1;
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        self.contact += 1;
        if memory.halted() {
            // Also one that was halted while it entered, and so is nowhere.
            self.report.contacts += 1;
            self.report.halted += 1;
        } else if memory.started() {
            self.report.contacts += 1;
            if let &[leaf] = memory.leaves() {
                self.machine.around(leaf).for_each(|node| self.resting[node] += 1);
            } else {
                memory.active().for_each(|node| self.resting[node] += 1);
            }
        } else {
            self.report.not_started += 1;
        }
    }
}
