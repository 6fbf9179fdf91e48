//! What is remembered of one contact while the machine runs over its events.

use std::collections::VecDeque;

use super::luck::ContactKey;
use super::machine::{Machine, Timer, TimerKind, TimerStart};
use super::points::{Decaying, Given};
use super::policy::Held;
use crate::model::{Channel, Duration, Time, Value, Zone};

/// One contact in the middle of its journey. Made by [`Machine::memory`], changed only by the machine.
#[derive(Clone, Debug)]
pub struct Memory {
    pub(super) seed: u64,
    pub(super) contact: ContactKey,
    pub(super) zone: Zone,
    pub(super) now: Time,
    /// The active leaves in document order: one in a flat chart, one per region beside others, none before the start.
    pub(super) leaves: Vec<usize>,
    /// By node.
    pub(super) nodes: Vec<Visit>,
    /// By node: what a *resume* returns to. Empty in charts that have none.
    pub(super) history: Vec<Vec<usize>>,
    /// In an end at the top level: nothing can happen any more.
    pub(super) ended: bool,
    /// Stopped because it would have gone round in circles for ever.
    pub(super) halted: bool,
    pub(super) counts: Vec<u32>,
    pub(super) last: Vec<Option<Time>>,
    pub(super) last_any: Option<Time>,
    /// Times of the events whose counts are asked for within a window, oldest first.
    pub(super) recent: Vec<VecDeque<Time>>,
    pub(super) values: Vec<Value>,
    pub(super) decaying: Vec<Decaying>,
    /// By capped score rule.
    pub(super) given: Vec<Given>,
    pub(super) last_touchpoint: Option<String>,
    /// The timers of the active nodes, in the order they were set up.
    pub(super) timers: Vec<Armed>,
    /// The timers of the state are not set up yet: all of them count from the last event, and none is shorter.
    pub(super) silence: Option<i64>,
    /// Events that the chart will tell itself.
    pub(super) scheduled: Vec<Scheduled>,
    /// Messages that wait for the end of quiet hours.
    pub(super) held: Vec<Held>,
    /// What was really sent of late and when, oldest first, where the policy counts it.
    pub(super) sends: VecDeque<(Time, Channel)>,
    pub(super) armed: u64,
    /// How much has been processed at this very instant.
    pub(super) at_this_instant: u32,
}

/// The visits to one node.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) active: bool,
    pub(super) entered: Time,
    /// Number of the visit, from 1.
    pub(super) number: u32,
    /// The counters when it was entered, for nodes whose arrows ask for counts since then.
    pub(super) counts: Vec<u32>,
}

/// One timer of an active node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Armed {
    pub(super) timer: usize,
    /// `None`: spent, or not armed yet.
    pub(super) due: Option<Time>,
    /// When it was due first since it was armed, and how often it has come: repeats are counted from there.
    pub(super) first: Option<Time>,
    pub(super) times: u32,
    /// Which timer was armed earlier.
    pub(super) order: u64,
}

/// An event that the chart will tell itself.
#[derive(Clone, Debug)]
pub(super) struct Scheduled {
    pub(super) due: Time,
    pub(super) order: u64,
    pub(super) event: usize,
    /// The name under which it can be cancelled.
    pub(super) key: String,
    pub(super) fields: Vec<(usize, Value)>,
}

/// What comes next without anything from outside, by its place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    Timer(usize),
    Scheduled(usize),
    /// A message whose quiet hours are over.
    Held(usize),
}

impl Memory {
    pub(super) fn new(machine: &Machine, seed: u64, contact: ContactKey, zone: Zone) -> Self {
        let events = machine.event_count();
        let nodes = machine.node_count();
        let never = Visit { active: false, entered: Time::MIN, number: 0, counts: Vec::new() };
        Self {
            seed,
            contact,
            zone,
            now: Time::MIN,
            leaves: Vec::new(),
            nodes: vec![never; nodes],
            history: vec![Vec::new(); if machine.has_resumes() { nodes } else { 0 }],
            ended: false,
            halted: false,
            counts: vec![0; events],
            last: vec![None; events],
            last_any: None,
            recent: if machine.has_windows() { vec![VecDeque::new(); events] } else { Vec::new() },
            values: machine.initial_values(),
            decaying: machine.decaying.clone(),
            given: vec![Given::default(); machine.capped],
            last_touchpoint: None,
            timers: Vec::new(),
            silence: None,
            scheduled: Vec::new(),
            held: Vec::new(),
            sends: VecDeque::new(),
            armed: 0,
            at_this_instant: 0,
        }
    }

    /// Becomes another contact of whom no more is known than of `fresh`.
    pub(super) fn begin(&mut self, fresh: &Self, contact: ContactKey, zone: Option<&Zone>) {
        self.contact = contact;
        self.zone.clone_from(zone.unwrap_or(&fresh.zone));
        self.now = fresh.now;
        self.leaves.clone_from(&fresh.leaves);
        self.nodes.clone_from(&fresh.nodes);
        self.history.clone_from(&fresh.history);
        (self.ended, self.halted) = (false, false);
        self.counts.clone_from(&fresh.counts);
        self.last.clone_from(&fresh.last);
        self.last_any = None;
        self.recent.clone_from(&fresh.recent);
        self.values.clone_from(&fresh.values);
        self.decaying.clone_from(&fresh.decaying);
        self.given.iter_mut().for_each(Given::clear);
        self.last_touchpoint = None;
        self.timers.clear();
        self.silence = None;
        self.scheduled.clear();
        self.held.clear();
        self.sends.clear();
        (self.armed, self.at_this_instant) = (0, 0);
    }

    /// The contact's clock.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What is known by the attribute or score of this slot; a choice is kept as its position.
    pub fn value(&self, slot: usize) -> &Value {
        &self.values[slot]
    }

    /// Whether the journey has begun.
    pub fn started(&self) -> bool {
        !self.leaves.is_empty()
    }

    /// The name of what was sent last.
    pub fn last_touchpoint(&self) -> Option<&str> {
        self.last_touchpoint.as_deref()
    }

    /// Whether nothing can happen to this contact any more.
    pub fn finished(&self) -> bool {
        self.ended || self.halted
    }

    pub fn halted(&self) -> bool {
        self.halted
    }

    /// How many of its timers are still to come; `None` while they are not set up because nothing is due.
    #[must_use]
    pub fn armed(&self) -> Option<usize> {
        let armed = self.timers.iter().filter(|timer| timer.due.is_some()).count();
        self.silence.is_none().then_some(armed)
    }

    /// Slots of the states that the contact rests in, in document order: one in a flat chart.
    pub fn leaves(&self) -> &[usize] {
        &self.leaves
    }

    /// Slots of all active nodes, groups included, in document order.
    pub fn active(&self) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(|(_, visit)| visit.active).map(|(node, _)| node)
    }

    /// How often the event happened since the node was entered; the entering event is not counted.
    pub(super) fn count_since_entry(&self, event: usize, node: usize) -> u32 {
        let before = self.nodes[node].counts.get(event).copied().unwrap_or(0);
        self.counts[event] - before
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

    /// When something is due without anything from outside.
    pub(super) fn next_due(&self) -> Option<Time> {
        match (self.silence, self.last_any) {
            (Some(shortest), Some(last)) if !self.finished() => {
                let silent = Time(last.0.saturating_add(shortest).min(Time::MAX.0));
                Some(self.held.iter().map(|held| held.until).fold(silent, Time::min))
            }
            (Some(_), Some(_)) => None,
            _ if self.timers.is_empty() && self.scheduled.is_empty() && self.held.is_empty() => None,
            _ => self.next_timer().map(|(due, _)| due),
        }
    }

    /// The earliest timer or scheduled event, with its time; of those due at the same time the one armed first, then in
    /// the order of the drawing. Messages that waited come last.
    pub(super) fn next_timer(&self) -> Option<(Time, Due)> {
        if self.halted {
            return None;
        }
        // After the end of the journey, only what was on its way already still comes.
        let goes_on = !self.ended;
        let timers = self.timers.iter().enumerate().filter(|_| goes_on).filter_map(|(place, armed)| {
            armed.due.map(|due| (due, false, armed.order, armed.timer, Due::Timer(place)))
        });
        let scheduled = self.scheduled.iter().enumerate().filter(|_| goes_on);
        let scheduled = scheduled.map(|(place, event)| (event.due, false, event.order, 0, Due::Scheduled(place)));
        let held = self.held.iter().enumerate();
        let held = held.map(|(place, held)| (held.until, true, held.order, 0, Due::Held(place)));
        timers.chain(scheduled).chain(held).min().map(|(due, .., what)| (due, what))
    }

    /// Adds a timer of a node that is being entered.
    pub(super) fn set_up(&mut self, index: usize, timer: &Timer) {
        let due = match &timer.kind {
            TimerKind::After { delay, from } => match from {
                TimerStart::Entry | TimerStart::EntryOr(_) => Some(self.now.plus(delay.first, &self.zone)),
                TimerStart::Last(watched) => {
                    watched.last(self).map(|last| last.plus(delay.first, &self.zone).max(self.now))
                }
            },
            TimerKind::At(moment, _) => self.zone.next(*moment, self.now),
        };
        let order = self.next_order();
        self.timers.push(Armed { timer: index, due, first: due, times: 0, order });
    }

    /// Starts the waiting over, since what it waits for the absence of has happened.
    pub(super) fn rearm(&mut self, place: usize, timer: &Timer) {
        let TimerKind::After { delay, .. } = &timer.kind else { return };
        let due = Some(self.now.plus(delay.first, &self.zone));
        let order = self.next_order();
        self.timers[place] = Armed { timer: self.timers[place].timer, due, first: due, times: 0, order };
    }

    /// The timer was due: it is spent, or waits for the next time, counted from the first without drift.
    pub(super) fn spend(&mut self, place: usize, timer: &Timer) {
        let armed = self.timers[place];
        let count = armed.times + 1;
        let due = match &timer.kind {
            TimerKind::After { delay, .. } => delay.every.zip(armed.first).and_then(|(every, first)| {
                let amount = every.amount.checked_mul(count)?;
                Some(first.plus(Duration { amount, ..every }, &self.zone)).filter(|due| *due > self.now)
            }),
            TimerKind::At(moment, true) => self.zone.next(*moment, self.now),
            TimerKind::At(_, false) => None,
        };
        let order = self.next_order();
        self.timers[place] = Armed { due, times: count, order, ..armed };
    }

    pub(super) fn next_order(&mut self) -> u64 {
        self.armed += 1;
        self.armed
    }
}
