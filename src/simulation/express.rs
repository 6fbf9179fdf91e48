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
use super::react::{Effect, MOST_AT_ONE_INSTANT, Outcome};
use super::run::{Observer, Occasion};
use super::world::Number;
use crate::model::dataset::FieldColumn;
use crate::model::{Dataset, Time, Value};
use std::hint::select_unpredictable;
use table::{Cell, Change, Changes, Leaf, Load, Prelude, Row, Rule, SLOTS, Silence, Source};

/// A chart and a dataset made ready.
pub(super) struct Express<'a> {
    machine: &'a Machine,
    dataset: &'a Dataset,
    /// By field of the machine, for those who look on.
    columns: Vec<Option<&'a FieldColumn>>,
    fresh: Row,
    /// The slots of fields.
    fields: Vec<u8>,
    loads: Vec<Load<'a>>,
    /// All texts that occur; a text in a slot is its place here.
    words: Vec<String>,
    /// The numbers of the words of each column of texts, and after them that of what is unknown.
    numbers: Vec<f64>,
    /// Whether the attribute is a text.
    texts: Vec<bool>,
    changes: Vec<Change>,
    /// What rules leave and enter.
    nodes: Vec<usize>,
    effects: Vec<Effect<'a>>,
    rules: Vec<Rule>,
    /// By event code of the dataset; at last that of codes without a name.
    preludes: Vec<Prelude>,
    /// By leaf and event.
    cells: Vec<Cell>,
    stride: usize,
    /// By node.
    leaves: Vec<Leaf>,
    silences: Vec<Silence>,
    start: Rule,
    /// Of invented contacts: the attributes that are drawn.
    drawn: Vec<Number>,
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
    #[inline]
    fn advance(&mut self, time: i64) -> bool {
        self.at_this_instant = if time > self.now { 1 } else { self.at_this_instant + 1 };
        self.now = self.now.max(time);
        self.halted = self.at_this_instant > MOST_AT_ONE_INSTANT;
        !self.halted
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
            self.hand_over(None, memory, observer);
            return;
        };
        (on.last, on.now) = (first.0, first.0);
        self.enter(&mut on, &self.start, observer);
        self.settle(&mut on, observer);
        for ((&time, &code), row) in times.iter().zip(codes).zip(range) {
            if time > until {
                break;
            }
            if time.0 - on.last > self.leaves[on.leaf].shortest && !on.ended {
                self.silence(&mut on, time.0 - 1, observer);
            }
            if on.ended | on.halted {
                if on.halted {
                    break;
                }
                observer.processed(Outcome::AfterEnd);
                continue;
            }
            if !on.advance(time.0) {
                observer.failed();
                observer.processed(Outcome::Halted);
                break;
            }
            on.last = on.now;
            let outcome = self.event(&mut on, code, row, observer);
            observer.processed(outcome);
        }
        if !on.ended && !on.halted && until.0 - on.last >= self.leaves[on.leaf].shortest {
            self.silence(&mut on, until.0, observer);
        }
        self.hand_over(Some(&on), memory, observer);
    }

    #[inline]
    fn event(&self, on: &mut Traveller, code: u16, row: usize, observer: &mut impl Observer) -> Outcome {
        let last = self.preludes.len() - 1;
        let prelude = &self.preludes[usize::from(code).min(last)];
        for load in &self.loads[prelude.loads.0 as usize..prelude.loads.1 as usize] {
            let value = self.value(load, row);
            on.row[usize::from(load.field) % SLOTS] = value;
            let known = &mut on.row[usize::from(load.attribute) % SLOTS];
            *known = select_unpredictable(value.is_nan(), *known, value);
        }
        self.change(&mut on.row, &prelude.changes);
        let cell = &self.cells[on.leaf * self.stride + prelude.event];
        let mut outcome = if cell.first == cell.end { Outcome::Ignored } else { Outcome::Refused };
        if observer.wants_occasion() {
            let event = Some(prelude.event).filter(|event| *event < self.machine.event_count());
            observer.occasion(&Occasion::Event { event, fields: Fields::of_row(&self.columns, row) });
        }
        if let Some(rule) = self.first(cell, &on.row) {
            self.take(on, rule, observer);
            outcome = rule.outcome;
        }
        if self.settle(on, observer) {
            outcome = Outcome::Moved;
        }
        outcome
    }

    #[inline]
    fn value(&self, load: &Load, row: usize) -> f64 {
        match load.source {
            Source::Numbers(numbers) => numbers[row],
            Source::Words(codes, start, unknown) => self.numbers[(start + codes[row] as usize).min(unknown)],
        }
    }

    /// The first rule that holds.
    #[inline]
    fn first(&self, cell: &Cell, row: &Row) -> Option<&Rule> {
        if !cell.gate.holds(row) {
            return None;
        }
        self.rules[cell.first as usize..cell.end as usize].iter().find(|rule| rule.holds(row))
    }

    #[inline]
    fn take(&self, on: &mut Traveller, rule: &Rule, observer: &mut impl Observer) {
        observer.took(rule.arrow as usize, Time(on.now));
        self.enter(on, rule, observer);
    }

    /// What comes of a rule.
    #[inline]
    fn enter(&self, on: &mut Traveller, rule: &Rule, observer: &mut impl Observer) {
        self.change(&mut on.row, &rule.changes);
        let (now, (first, end)) = (Time(on.now), rule.effects);
        if first < end {
            self.effects[first as usize..end as usize].iter().for_each(|effect| observer.effect(effect, now));
        }
        let (first, end) = rule.entered;
        self.nodes[rule.left as usize..first as usize].iter().for_each(|node| observer.left(*node, now));
        self.nodes[first as usize..end as usize].iter().for_each(|node| observer.entered(*node, now));
        (on.leaf, on.ended) = (rule.leaf as usize, rule.ends);
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
        while let Some(rule) = self.first(&self.leaves[on.leaf].always, &on.row).filter(|_| !on.ended) {
            self.take(on, rule, observer);
            moved = true;
        }
        moved
    }

    #[inline]
    fn change(&self, row: &mut Row, changes: &Changes) {
        // Without a loop, so that there is no end of it to guess.
        for (slot, number) in changes.slots.into_iter().zip(changes.numbers) {
            row[usize::from(slot) % SLOTS] += number;
        }
        let (first, end) = changes.others;
        if first < end {
            self.changes[first as usize..end as usize].iter().for_each(|change| change.make(row));
        }
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
