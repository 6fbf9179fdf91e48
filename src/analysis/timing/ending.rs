//! What came out for a contact: where it rests at the end, what it got and what it reached.

use std::collections::BTreeMap;

use crate::model::expectation::print_times;
use crate::model::{NodeId, Project, Time, TouchpointId};
use crate::simulation::{Effect, Machine, Memory, Observer};

/// What came out for a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// Where it rests at the end, in the order of the drawing; nowhere where it never began or was stopped.
    pub resting: Vec<NodeId>,
    /// How often each touchpoint was really sent.
    pub sent: BTreeMap<TouchpointId, u32>,
    /// How often each conversion point was reached.
    pub converted: BTreeMap<String, u32>,
}

impl Ending {
    /// What is different from `usual`, in words.
    #[must_use]
    pub fn differences(&self, project: &Project, usual: &Self) -> Vec<String> {
        let names = |resting: &[NodeId]| match resting {
            [] => String::from("nowhere"),
            some => format!("in {}", project.node_labels(some)),
        };
        let mut words = Vec::new();
        if self.resting != usual.resting {
            words.push(format!(
                "ends {} instead of {}",
                names(&self.resting),
                names(&usual.resting).replacen("in ", "", 1)
            ));
        }
        let gets = |id: &TouchpointId| format!("gets {}", project.touchpoint_label(*id));
        words.extend(counted(&self.sent, &usual.sent, gets));
        words.extend(counted(&self.converted, &usual.converted, |point| format!("reaches {point}")));
        words
    }
}

fn counted<K: Ord>(now: &BTreeMap<K, u32>, usual: &BTreeMap<K, u32>, what: impl Fn(&K) -> String) -> Vec<String> {
    let keys: std::collections::BTreeSet<&K> = now.keys().chain(usual.keys()).collect();
    let times = |counts: &BTreeMap<K, u32>, key: &K| counts.get(key).copied().unwrap_or(0);
    let pairs = keys.into_iter().map(|key| (key, times(now, key), times(usual, key)));
    let different = pairs.filter(|(_, now, usual)| now != usual);
    different
        .map(|(key, now, usual)| format!("{} {} instead of {}", what(key), print_times(now), print_times(usual)))
        .collect()
}

/// Notes what comes out for a contact.
pub(super) struct Watcher<'m> {
    machine: &'m Machine,
    pub(super) ending: Ending,
}

impl<'m> Watcher<'m> {
    pub(super) fn new(machine: &'m Machine) -> Self {
        Self { machine, ending: Ending::default() }
    }
}

impl Observer for Watcher<'_> {
    const ASKS_FOR_VALUES: bool = false;

    fn effect(&mut self, effect: &Effect, _: Time) {
        match effect {
            Effect::Sent { touchpoint, .. } => *self.ending.sent.entry(*touchpoint).or_default() += 1,
            Effect::Converted { point, .. } => *self.ending.converted.entry((*point).to_owned()).or_default() += 1,
            _ => {}
        }
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        if !memory.halted() {
            self.ending.resting = memory.leaves().iter().map(|slot| self.machine.node_id(*slot)).collect();
        }
    }
}
