//! What a contact waited for in the course of its story: every timer that was armed, also those that something else came
//! before.

use std::collections::BTreeMap;

use super::machine::Machine;
use super::memory::Memory;
use super::react::Reaction;
use super::run::{Player, Progress, Run};
use super::story::Cause;
use crate::model::Time;

/// When something was to come without anything from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When it was armed.
    pub set: Time,
    pub due: Time,
    /// A timer, or an event that the chart had scheduled for itself.
    pub by: Cause,
}

/// A timer by its arrow, or a scheduled event; by slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Awaited {
    Timer(usize),
    Scheduled(usize),
}

impl Run<'_> {
    /// All that one contact waited for, in the order in which it was due.
    #[must_use]
    pub fn deadlines(&self, contact: usize) -> Vec<Deadline> {
        let (mut player, progress) = (Player::new(self, Reaction::of_totals()), Progress::default());
        let mut place = self.meet(contact, &mut player, &progress);
        let mut all: BTreeMap<(Time, Awaited), Time> = BTreeMap::new();
        while self.step(&mut place, &mut player, &progress).is_some() {
            let now = player.memory.now();
            for awaited in self.machine().awaited(&player.memory) {
                all.entry(awaited).or_insert(now);
            }
        }
        let cause = |awaited| match awaited {
            Awaited::Timer(arrow) => Cause::Timer(self.machine().arrow_id(arrow)),
            Awaited::Scheduled(event) => Cause::Scheduled(self.machine().event_name(event).to_owned()),
        };
        all.into_iter().map(|((due, awaited), set)| Deadline { set, due, by: cause(awaited) }).collect()
    }
}

impl Machine {
    fn awaited(&self, memory: &Memory) -> Vec<(Time, Awaited)> {
        if memory.finished() {
            return Vec::new();
        }
        let timer = |armed: &super::memory::Armed| Some((armed.due?, Awaited::Timer(self.timers[armed.timer].arrow)));
        let mut all: Vec<(Time, Awaited)> = memory.timers.iter().filter_map(timer).collect();
        if memory.silence.is_some() {
            // They count from now, but are set up only when the first is due.
            let mut memory = memory.clone();
            memory.timers.clear();
            for &slot in memory.leaves.first().map_or(&[][..], |leaf| &self.nodes[*leaf].timers) {
                memory.set_up(slot, &self.timers[slot]);
            }
            all.extend(memory.timers.iter().filter_map(timer));
        }
        all.extend(memory.scheduled.iter().map(|scheduled| (scheduled.due, Awaited::Scheduled(scheduled.event))));
        all
    }
}
