//! Whole populations through a chart of the common kind, a contact at a time, in numbers only: what a contact knows is a
//! row of slots, a condition a few comparisons, a timer a look at the clock. Does exactly what [`super::react`] does; for a
//! chart, a dataset or a zone that asks for more there is no express, and for stories neither.

mod plan;

use super::machine::Machine;
use super::memory::Memory;
use super::react::{Effect, MOST_AT_ONE_INSTANT, Outcome};
use super::run::Observer;
use crate::model::{Dataset, Time, Value};

/// Slots of a row: attributes, counters that somebody reads, fields of the event, and one that nobody reads.
const SLOTS: usize = 64;
const NOBODY: u8 = 63;
/// Timers of one state.
const TIMERS: usize = 8;

type Row = [f64; SLOTS];

/// A number that must lie between two others, both included; what is unknown is no number.
#[derive(Clone, Copy, Debug)]
struct Test {
    low: f64,
    high: f64,
    slot: u8,
}

impl Test {
    const NONE: Self = Self { slot: NOBODY, low: f64::NEG_INFINITY, high: f64::INFINITY };

    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "a branch less to guess")]
    fn holds(&self, row: &Row) -> bool {
        let number = row[usize::from(self.slot) % SLOTS];
        (self.low <= number) & (number <= self.high)
    }
}

/// A change of one slot, by a number or by what another slot holds, if that is known.
#[derive(Clone, Copy, Debug)]
struct Change {
    test: Test,
    number: f64,
    slot: u8,
    other: u8,
    is_other: bool,
    what: What,
}

/// Changes that are made together: two plain sums first, then what asks or does more.
#[derive(Clone, Copy, Debug)]
struct Changes {
    sums: [(u8, f64); 2],
    others: (u32, u32),
}

impl Changes {
    const NONE: Self = Self { sums: [(NOBODY, 0.0); 2], others: (0, 0) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Add,
    Set,
    AtMost,
    AtLeast,
}

/// An arrow for a contact in one state, with all that comes of it; pairs are the first and the last but one in a list.
#[derive(Clone, Copy, Debug)]
struct Rule {
    tests: [Test; 2],
    changes: Changes,
    /// The nodes it enters.
    entered: (u32, u32),
    effects: (u32, u32),
    /// `None` at the start of a journey.
    arrow: Option<u32>,
    /// Where it leads, if it moves.
    leaf: Option<u32>,
}

/// A timer of a state, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Timer {
    delay: i64,
    every: i64,
    /// From the last event even where the state was entered later.
    since: bool,
    rule: usize,
}

/// How a field comes to its slot.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Numbers(&'a [f64]),
    /// Codes of a column and the number of each word.
    Words(&'a [u32], usize),
}

/// A chart and a dataset made ready.
pub(super) struct Express<'a> {
    machine: &'a Machine,
    dataset: &'a Dataset,
    fresh: Row,
    sources: Vec<(usize, Source<'a>)>,
    /// All texts that occur; a text in a slot is its place here.
    words: Vec<String>,
    /// By column of texts: the numbers of its words.
    numbers: Vec<Vec<f64>>,
    /// Whether the attribute is a text.
    texts: Vec<bool>,
    /// By event code: its slot, the last for those that the catalogue does not know.
    events: Vec<usize>,
    changes: Vec<Change>,
    entered: Vec<usize>,
    effects: Vec<Effect<'a>>,
    rules: Vec<Rule>,
    /// By event: what it changes before any arrow is looked for.
    prelude: Vec<Changes>,
    /// By event: the fields that attributes take over, with those.
    bound: Vec<Vec<(u8, u8)>>,
    /// By leaf and event, `always` last.
    cells: Vec<(u32, u32)>,
    stride: usize,
    /// By leaf.
    shortest: Vec<i64>,
    timers: Vec<Vec<Timer>>,
    is_end: Vec<bool>,
    start: Rule,
}

/// One contact on its way.
struct Traveller {
    row: Row,
    leaf: usize,
    last: i64,
    now: i64,
    at_this_instant: u32,
    ended: bool,
    halted: bool,
}

impl Traveller {
    /// Sets the clock; `false` where too much happens at one instant.
    fn advance(&mut self, time: i64) -> bool {
        self.at_this_instant = if time > self.now { 1 } else { self.at_this_instant + 1 };
        self.now = self.now.max(time);
        self.halted = self.at_this_instant > MOST_AT_ONE_INSTANT;
        !self.halted
    }
}

impl Rule {
    #[inline]
    fn holds(&self, row: &Row) -> bool {
        self.tests[0].holds(row) & self.tests[1].holds(row)
    }
}

impl Express<'_> {
    /// Plays one contact and leaves in `memory` where it rests and what is known of it.
    pub(super) fn play(&self, contact: usize, until: Time, memory: &mut Memory, observer: &mut impl Observer) {
        let range = self.dataset.range(contact);
        let times = &self.dataset.times[range.clone()];
        let codes = &self.dataset.codes[range.clone()];
        let mut on =
            Traveller { row: self.fresh, leaf: 0, last: 0, now: 0, at_this_instant: 1, ended: false, halted: false };
        let Some(first) = times.first().copied().filter(|first| *first <= until) else {
            self.hand_over(None, memory);
            return;
        };
        (on.last, on.now) = (first.0, first.0);
        observer.began(first);
        self.take(&mut on, &self.start, observer);
        self.stabilise(&mut on, Outcome::Moved, observer);
        for ((&time, &code), row) in times.iter().zip(codes).zip(range) {
            if time > until {
                break;
            }
            if time.0 - on.last > self.shortest[on.leaf] && !on.ended {
                self.silence(&mut on, time.0 - 1, observer);
            }
            if on.halted {
                break;
            }
            if on.ended {
                observer.processed(Outcome::AfterEnd);
                continue;
            }
            if !on.advance(time.0) {
                observer.failed();
                observer.halted(Time(on.now));
                observer.processed(Outcome::Halted);
                break;
            }
            on.last = on.now;
            for (slot, source) in &self.sources {
                on.row[slot % SLOTS] = match source {
                    Source::Numbers(numbers) => numbers[row],
                    Source::Words(codes, column) => {
                        self.numbers[*column].get(codes[row] as usize).copied().unwrap_or(f64::NAN)
                    }
                };
            }
            let event = self.events[usize::from(code)];
            for (field, attribute) in &self.bound[event] {
                let value = on.row[usize::from(*field) % SLOTS];
                let known = &mut on.row[usize::from(*attribute) % SLOTS];
                *known = if value.is_nan() { *known } else { value };
            }
            self.change(&mut on.row, &self.prelude[event]);
            let cell = self.cells[on.leaf * self.stride + event];
            let mut outcome = if cell.0 == cell.1 { Outcome::Ignored } else { Outcome::Refused };
            if let Some(rule) = self.first(cell, &on.row) {
                outcome = self.take(&mut on, rule, observer);
            }
            let always = self.cells[on.leaf * self.stride + self.stride - 1];
            if always.0 < always.1 {
                outcome = self.stabilise(&mut on, outcome, observer);
            }
            observer.processed(outcome);
        }
        if !on.ended && !on.halted && until.0 - on.last >= self.shortest[on.leaf] {
            self.silence(&mut on, until.0, observer);
        }
        self.hand_over(Some(&on), memory);
    }

    #[inline]
    fn first(&self, cell: (u32, u32), row: &Row) -> Option<&Rule> {
        self.rules[cell.0 as usize..cell.1 as usize].iter().find(|rule| rule.holds(row))
    }

    fn take(&self, on: &mut Traveller, rule: &Rule, observer: &mut impl Observer) -> Outcome {
        if let Some(arrow) = rule.arrow {
            observer.took(arrow as usize, Time(on.now));
        }
        self.change(&mut on.row, &rule.changes);
        let (first, end) = rule.effects;
        if first < end {
            self.effects[first as usize..end as usize].iter().for_each(|effect| observer.effect(effect));
        }
        let Some(leaf) = rule.leaf else { return Outcome::Stayed };
        let (first, end) = rule.entered;
        self.entered[first as usize..end as usize].iter().for_each(|node| observer.entered(*node));
        on.leaf = leaf as usize;
        on.ended = self.is_end[on.leaf];
        Outcome::Moved
    }

    /// `always` arrows until none is left; charts in which that takes too long have no express.
    fn stabilise(&self, on: &mut Traveller, mut outcome: Outcome, observer: &mut impl Observer) -> Outcome {
        loop {
            let cell = self.cells[on.leaf * self.stride + self.stride - 1];
            let Some(rule) = self.first(cell, &on.row).filter(|_| !on.ended) else { return outcome };
            if self.take(on, rule, observer) == Outcome::Moved || outcome != Outcome::Moved {
                outcome = if rule.leaf.is_some() { Outcome::Moved } else { Outcome::Stayed };
            }
        }
    }

    #[inline]
    fn change(&self, row: &mut Row, changes: &Changes) {
        // Without a loop, so that there is no end of it to guess.
        for (slot, number) in changes.sums {
            row[usize::from(slot) % SLOTS] += number;
        }
        for change in &self.changes[changes.others.0 as usize..changes.others.1 as usize] {
            let other = row[usize::from(change.other) % SLOTS];
            let number = if change.is_other { other } else { change.number };
            let holds = change.test.holds(row) & !number.is_nan();
            let slot = &mut row[usize::from(change.slot) % SLOTS];
            let new = match change.what {
                What::Add => *slot + number,
                What::Set => number,
                What::AtMost => slot.min(number),
                What::AtLeast => slot.max(number),
            };
            *slot = if holds { new } else { *slot };
        }
    }

    /// Everything that is due up to and including `until` while no event comes. Nothing has happened since the last event,
    /// so all timers of the state are still armed.
    fn silence(&self, on: &mut Traveller, until: i64, observer: &mut impl Observer) {
        // Timers see no event.
        self.sources.iter().for_each(|(slot, _)| on.row[slot % SLOTS] = f64::NAN);
        'state: loop {
            if on.last.saturating_add(self.shortest[on.leaf]) > until {
                return;
            }
            let timers = &self.timers[on.leaf];
            let mut due = [(i64::MAX, 0_u32, 0_i64, 0_i64); TIMERS];
            for ((armed, timer), order) in due.iter_mut().zip(timers).zip(0..) {
                let from = if timer.since { on.last } else { on.now };
                let first = (from + timer.delay).max(on.now);
                *armed = (first, order, first, 0);
            }
            let mut order = u32::try_from(TIMERS).unwrap_or(0);
            loop {
                let armed = due.iter().take(timers.len()).enumerate().min_by_key(|(_, armed)| (armed.0, armed.1));
                let Some((place, &(time, _, first, count))) = armed.filter(|(_, armed)| armed.0 <= until) else {
                    return;
                };
                if !on.advance(time) {
                    observer.failed();
                    observer.halted(Time(on.now));
                    return;
                }
                order += 1;
                let next = first + timers[place].every * (count + 1);
                due[place] = (if next > on.now { next } else { i64::MAX }, order, first, count + 1);
                let rule = &self.rules[timers[place].rule];
                let mut outcome = Outcome::Ignored;
                if rule.holds(&on.row) {
                    outcome = self.take(on, rule, observer);
                }
                outcome = self.stabilise(on, outcome, observer);
                if on.ended {
                    return;
                }
                if outcome == Outcome::Moved {
                    continue 'state;
                }
            }
        }
    }

    /// Where the contact rests and what is known of it, as the observer looks at it.
    fn hand_over(&self, on: Option<&Traveller>, memory: &mut Memory) {
        for leaf in std::mem::take(&mut memory.leaves) {
            let mut around = Some(leaf);
            while let Some(node) = around {
                memory.nodes[node].active = false;
                around = self.machine.nodes[node].parent;
            }
        }
        (memory.ended, memory.halted) = on.map_or((false, false), |on| (on.ended, on.halted));
        let row = on.map_or(&self.fresh, |on| &on.row);
        for ((value, number), is_text) in memory.values.iter_mut().zip(row).zip(&self.texts) {
            match (value, is_text) {
                (value, _) if number.is_nan() => *value = Value::Unknown,
                (value, false) => *value = Value::Number(*number),
                (value, true) => {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a place")]
                    let word = &self.words[*number as usize];
                    match value {
                        Value::Text(known) => known.clone_from(word),
                        value => *value = Value::Text(word.clone()),
                    }
                }
            }
        }
        let Some(on) = on else { return };
        memory.now = Time(on.now);
        memory.leaves.push(on.leaf);
        let mut around = Some(on.leaf);
        while let Some(node) = around {
            memory.nodes[node].active = true;
            around = self.machine.nodes[node].parent;
        }
    }
}
