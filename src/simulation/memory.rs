//! What is remembered of one contact while the machine runs over its events.

use std::collections::VecDeque;

use super::luck::ContactKey;
use super::machine::Machine;
use crate::model::{Duration, Time, Value, Zone};

/// One contact in the middle of its journey. Made by [`Machine::memory`], changed only by the machine.
#[derive(Clone, Debug)]
pub struct Memory {
    pub(super) seed: u64,
    pub(super) contact: ContactKey,
    pub(super) zone: Zone,
    pub(super) now: Time,
    /// The state that the contact rests in; `None` before the journey starts.
    pub(super) active: Option<usize>,
    /// In an end: nothing can happen any more.
    pub(super) ended: bool,
    /// Stopped because it would have gone round in circles for ever.
    pub(super) halted: bool,
    pub(super) entered: Time,
    /// Number of the current visit to the active state, from 1.
    pub(super) visit: u32,
    pub(super) visits: Vec<u32>,
    pub(super) counts: Vec<u32>,
    /// Since the active state was entered; the entering event is not counted.
    pub(super) counts_here: Vec<u32>,
    pub(super) last: Vec<Option<Time>>,
    pub(super) last_any: Option<Time>,
    /// Times of the events whose counts are asked for within a window, oldest first.
    pub(super) recent: Vec<VecDeque<Time>>,
    pub(super) values: Vec<Value>,
    pub(super) last_touchpoint: Option<String>,
    /// Parallel to the timers of the active state.
    pub(super) timers: Vec<Armed>,
    pub(super) armed: u64,
    /// How much has been processed at this very instant.
    pub(super) at_this_instant: u32,
}

/// One timer of the active state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Armed {
    /// `None`: spent, or not armed yet.
    pub(super) due: Option<Time>,
    /// Which timer was armed earlier.
    pub(super) order: u64,
}

impl Memory {
    pub(super) fn new(machine: &Machine, seed: u64, contact: ContactKey, zone: Zone) -> Self {
        let events = machine.event_count();
        Self {
            seed,
            contact,
            zone,
            now: Time::MIN,
            active: None,
            ended: false,
            halted: false,
            entered: Time::MIN,
            visit: 0,
            visits: vec![0; machine.node_count()],
            counts: vec![0; events],
            counts_here: vec![0; events],
            last: vec![None; events],
            last_any: None,
            recent: vec![VecDeque::new(); events],
            values: machine.initial_values(),
            last_touchpoint: None,
            timers: Vec::new(),
            armed: 0,
            at_this_instant: 0,
        }
    }

    /// Whether the journey has begun.
    pub fn started(&self) -> bool {
        self.active.is_some()
    }

    /// Whether nothing can happen to this contact any more.
    pub fn finished(&self) -> bool {
        self.ended || self.halted
    }

    pub fn halted(&self) -> bool {
        self.halted
    }

    /// Slot of the state that the contact rests in.
    pub fn active(&self) -> Option<usize> {
        self.active
    }

    /// How often the event happened in the window (now − duration, now].
    pub(super) fn count_within(&self, event: usize, window: Duration) -> u32 {
        let start = self.now.minus(window, &self.zone);
        let times = &self.recent[event];
        let before = times.partition_point(|time| *time <= start);
        u32::try_from(times.len() - before).unwrap_or(u32::MAX)
    }

    /// Counts an event that happened now.
    pub(super) fn record(&mut self, event: usize, keep: Option<i64>) {
        self.counts[event] += 1;
        self.counts_here[event] += 1;
        self.last[event] = Some(self.now);
        self.last_any = Some(self.now);
        if let Some(longest) = keep {
            let times = &mut self.recent[event];
            while times.front().is_some_and(|time| time.0 < self.now.0 - longest) {
                times.pop_front();
            }
            times.push_back(self.now);
        }
    }

    pub(super) fn arm(&mut self, timer: usize, due: Option<Time>) {
        self.armed += 1;
        self.timers[timer] = Armed { due, order: self.armed };
    }
}
