//! Totals of a run. Two halves of a population add up to the whole, bit for bit, whatever the order: all sums are of whole
//! numbers, times are counted in fixed bins.

mod handover;
mod leakage;
mod moments;
mod sends;
mod tally;
mod times;

use std::collections::BTreeMap;

pub use handover::{Ending, HandoverTally};
pub use leakage::StepTally;
pub use moments::Moments;
pub use sends::{SendTally, SendsTally};
pub(super) use sends::{Sending, Waiting};
pub(super) use tally::Tally;
pub use times::{RELATIVE_WIDTH, Times};

use crate::model::{NodeId, TransitionId};

/// In place of the time since when a contact is in a node, if it is not.
const NOWHERE: i64 = i64::MIN;

/// By the last conversion point that was passed; `None` for those who passed none.
pub type Steps = BTreeMap<Option<String>, StepTally>;

/// What a population did. All counts are exact; money is in hundredths of the currency, each amount rounded by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Contacts that entered the journey.
    pub contacts: u64,
    /// Contacts whose journey had not begun at the end of the run.
    pub not_started: u64,
    /// Contacts that went round in circles and were stopped; after that they are counted for nothing more.
    pub halted: u64,
    /// Recorded events that were processed.
    pub events: u64,
    /// Of those: nothing waited for them.
    pub ignored: u64,
    /// Of those: something waited, but no condition held.
    pub refused: u64,
    /// Of those: the journey was already over.
    pub after_end: u64,
    /// Actions that failed, and values of events that fit nothing.
    pub errors: u64,
    pub states: BTreeMap<NodeId, StateTally>,
    /// How long contacts stayed.
    pub stays: BTreeMap<NodeId, Stays>,
    pub arrows: BTreeMap<TransitionId, ArrowTally>,
    /// By conversion point, of those that were ever reached.
    pub conversions: BTreeMap<String, ConversionTally>,
    /// Who came how far, and no further. See [`super::Machine::conversion_points`] for the order of the points.
    pub steps: Steps,
    /// What a contact was worth in the whole run, in hundredths of the currency.
    pub value: Moments,
    pub sends: SendsTally,
    /// By team.
    pub handovers: BTreeMap<String, HandoverTally>,
    /// How often somebody won another contact.
    pub referrals: u64,
    /// The same of the contacts whom others won in a world; they count nowhere above.
    pub newcomers: Option<Box<Self>>,
    /// So many were won by others that nobody could follow them, so nothing is said of any of them.
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

/// Times of visits. Those of contacts that were stopped are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// From entry until the node was left.
    pub finished: Times,
    /// From entry until the end of the run, of contacts that are still there: they stay at least that long.
    pub inside: Times,
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
    /// Contacts that ever got there.
    pub contacts: u64,
    /// Value in hundredths of the currency, discounted from the start of each contact.
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
        self.referrals += other.referrals;
        self.endless_referrals |= other.endless_referrals;
        self.newcomers = match (self.newcomers, other.newcomers) {
            (Some(one), Some(two)) => Some(Box::new(one.merged(*two))),
            (one, two) => one.or(two),
        };
        add(&mut self.states, other.states, |sum, tally| {
            sum.contacts += tally.contacts;
            sum.entered += tally.entered;
            sum.resting += tally.resting;
        });
        add(&mut self.stays, other.stays, |sum, stays| {
            sum.finished.merge(stays.finished);
            sum.inside.merge(stays.inside);
        });
        add(&mut self.arrows, other.arrows, |sum, tally| {
            sum.fired += tally.fired;
            sum.contacts += tally.contacts;
        });
        add(&mut self.conversions, other.conversions, |sum, tally| {
            sum.count += tally.count;
            sum.contacts += tally.contacts;
            sum.cents += tally.cents;
        });
        add(&mut self.steps, other.steps, StepTally::merge);
        self.value = self.value.merged(other.value);
        self.sends.merge(other.sends);
        add(&mut self.handovers, other.handovers, HandoverTally::merge);
        self
    }
}

/// Adds what `from` holds to what stands under the same key.
fn add<K: Ord, V: Default>(into: &mut BTreeMap<K, V>, from: BTreeMap<K, V>, mut sum: impl FnMut(&mut V, V)) {
    for (key, value) in from {
        sum(into.entry(key).or_default(), value);
    }
}
