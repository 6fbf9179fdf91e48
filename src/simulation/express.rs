//! Whole populations through a chart of the common kind, a contact at a time, in numbers only: what a contact knows is a
//! row of slots, a condition a few comparisons, a timer a look at the clock. Does exactly what [`super::react`] does; for a
//! chart, a dataset or a zone that asks for more there is no express, and for stories neither.

mod plan;
mod silence;
mod table;
mod world;

use super::condition::Fields;
use super::machine::Machine;
use super::memory::Memory;
use super::observer::{By, Observer, Occasion};
use super::react::{MOST_AT_ONE_INSTANT, Outcome};
use super::world::Number;
use crate::model::dataset::FieldColumn;
use crate::model::{Dataset, Time, Value};
use table::{Leaf, Prelude, Row, Rule, Silence, Texts};

/// A chart and a dataset made ready.
pub(super) struct Express<'a> {
    machine: &'a Machine,
    dataset: &'a Dataset,
    /// By field of the machine, for those who look on.
    columns: Vec<Option<&'a FieldColumn>>,
    fresh: Row,
    /// The slots of fields.
    fields: Vec<u8>,
    /// All texts that occur; a text in a slot is its place here.
    words: Vec<String>,
    /// The numbers of the words of each column of texts, and after them that of what is unknown.
    numbers: Vec<f64>,
    /// Whether the attribute is a text.
    texts: Vec<bool>,
    /// By event code of the dataset, the event; at last that of codes without a name.
    events: Vec<usize>,
    /// By event, at last that of those which the catalogue does not know.
    preludes: Vec<Prelude<'a>>,
    /// By node.
    leaves: Vec<Leaf<'a>>,
    silences: Vec<Silence>,
    /// What timers do.
    rules: Vec<Rule<'a>>,
    start: Rule<'a>,
    /// Of invented contacts: the attributes that are drawn.
    drawn: Vec<Number>,
}

/// One contact on its way.
struct Traveller {
    row: Row,
    leaf: usize,
    now: i64,
    at_this_instant: u32,
    ended: bool,
    halted: bool,
}

impl Traveller {
    /// Sets the clock; `false` where too much happens at one instant.
    #[inline]
    fn advance(&mut self, time: i64) -> bool {
        self.at_this_instant = if time > self.now { 1 } else { self.at_this_instant + 1 };
        self.now = self.now.max(time);
        self.halted = self.at_this_instant > MOST_AT_ONE_INSTANT;
        !self.halted
    }
}

impl Traveller {
    #[inline]
    fn take(&mut self, rule: &Rule, observer: &mut impl Observer) {
        observer.took(rule.arrow as usize, Time(self.now));
        self.enter(rule, observer);
    }

    /// What comes of a rule.
    #[inline]
    fn enter(&mut self, rule: &Rule, observer: &mut impl Observer) {
        rule.changes.make(&mut self.row);
        let now = Time(self.now);
        rule.effects.iter().for_each(|effect| observer.effect(effect, now));
        if let Some((left, entered)) = rule.hop {
            observer.left(left as usize, now);
            observer.entered(entered as usize, now);
        } else {
            rule.left.iter().for_each(|node| observer.left(*node, now));
            rule.entered.iter().for_each(|node| observer.entered(*node, now));
        }
        (self.leaf, self.ended) = (rule.leaf as usize, rule.ends);
    }
}

impl Express<'_> {
    /// Plays one contact and leaves in `memory` where it rests and what is known of it.
    pub(super) fn play(&self, contact: usize, until: Time, memory: &mut Memory, observer: &mut impl Observer) {
        let range = self.dataset.range(contact);
        let times = &self.dataset.times[range.clone()];
        let codes = &self.dataset.codes[range.clone()];
        let mut on = Traveller { row: self.fresh, leaf: 0, now: 0, at_this_instant: 1, ended: false, halted: false };
        let Some(first) = times.first().copied().filter(|first| *first <= until) else {
            self.hand_over(None, memory, observer);
            return;
        };
        let mut last = first.0;
        on.now = last;
        observer.began(first);
        on.enter(&self.start, observer);
        self.settle(&mut on, observer);
        observer.line(By::Start, Time(on.now), Outcome::Moved);
        // Each event is looked up one row ahead, so that nobody has to wait for it.
        let mut events = codes.iter().map(|code| self.event_of(*code));
        let mut coming = events.next();
        for (&time, row) in times.iter().zip(range) {
            let Some(event) = std::mem::replace(&mut coming, events.next()) else { break };
            if time > until {
                break;
            }
            if time.0 - last > self.leaves[on.leaf].shortest {
                if !on.ended {
                    self.silence(&mut on, last, time.0 - 1, observer);
                }
                if on.halted {
                    break;
                }
                if on.ended {
                    on.now = on.now.max(time.0);
                    observer.processed(Outcome::AfterEnd);
                    observer.line(By::Row(row), Time(on.now), Outcome::AfterEnd);
                    continue;
                }
            }
            if time.0 > on.now {
                (on.now, on.at_this_instant) = (time.0, 1);
            } else if !on.advance(time.0) {
                observer.failed();
                observer.processed(Outcome::Halted);
                observer.line(By::Row(row), Time(on.now), Outcome::Halted);
                break;
            }
            last = on.now;
            self.event(&mut on, By::Row(row), event, row, observer);
        }
        if !on.ended && !on.halted && until.0 - last >= self.leaves[on.leaf].shortest {
            self.silence(&mut on, last, until.0, observer);
        }
        self.hand_over(Some(&on), memory, observer);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the heart of two loops")]
    fn event(&self, on: &mut Traveller, by: By, event: usize, row: usize, observer: &mut impl Observer) {
        let leaf = &self.leaves[on.leaf];
        let prelude = &self.preludes[event];
        if prelude.is_short {
            prelude.changes.add(&mut on.row);
        } else {
            self.prepare(prelude, row, &mut on.row);
        }
        let cell = &leaf.cells[event];
        let mut outcome = if cell.rules.is_empty() { Outcome::Ignored } else { Outcome::Refused };
        if observer.wants_occasion() {
            let event = Some(event).filter(|event| *event < self.machine.event_count());
            observer.occasion(&Occasion { by, event, fields: Fields::of_row(&self.columns, row) });
        }
        if let Some(rule) = cell.first(&on.row) {
            on.take(rule, observer);
            outcome = rule.outcome;
        }
        if self.settle(on, observer) {
            outcome = Outcome::Moved;
        }
        observer.processed(outcome);
        observer.line(by, Time(on.now), outcome);
    }

    /// The event of a code of the dataset.
    #[inline]
    fn event_of(&self, code: u16) -> usize {
        self.events[usize::from(code).min(self.events.len() - 1)]
    }

    /// What an event does before any arrow is looked for.
    #[inline]
    fn prepare(&self, prelude: &Prelude, row: usize, slots: &mut Row) {
        for load in &prelude.texts {
            let Texts { codes, start, unknown } = load.source;
            load.put(self.numbers[(start + codes[row] as usize).min(unknown)], slots);
        }
        for load in &prelude.numbers {
            load.put(load.source[row], slots);
        }
        prelude.changes.make(slots);
    }

    /// `always` arrows until none is left, and whether there was one; they always lead somewhere. Charts in which that
    /// takes too long have no express.
    #[inline]
    fn settle(&self, on: &mut Traveller, observer: &mut impl Observer) -> bool {
        self.leaves[on.leaf].always.gate.holds(&on.row) && self.settle_down(on, observer)
    }

    #[inline(never)]
    fn settle_down(&self, on: &mut Traveller, observer: &mut impl Observer) -> bool {
        let mut moved = false;
        while let Some(rule) = self.leaves[on.leaf].always.first(&on.row).filter(|_| !on.ended) {
            on.take(rule, observer);
            moved = true;
        }
        moved
    }

    /// Where the contact rests and what is known of it, as the observer looks at it.
    fn hand_over<O: Observer>(&self, on: Option<&Traveller>, memory: &mut Memory, _: &O) {
        while let Some(leaf) = memory.leaves.pop() {
            self.machine.around(leaf).for_each(|node| memory.nodes[node].active = false);
        }
        (memory.ended, memory.halted) = on.map_or((false, false), |on| (on.ended, on.halted));
        if O::ASKS_FOR_VALUES {
            self.hand_values_over(on.map_or(&self.fresh, |on| &on.row), memory);
        }
        let Some(on) = on else { return };
        memory.now = Time(on.now);
        memory.leaves.push(on.leaf);
        self.machine.around(on.leaf).for_each(|node| memory.nodes[node].active = true);
    }

    fn hand_values_over(&self, row: &Row, memory: &mut Memory) {
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
    }
}
