//! What chart and dataset come down to: rows of numbers, and tables that say what to compare, add and enter.

use std::hint::select_unpredictable;

use crate::model::formula::Extreme;
use crate::simulation::react::{Effect, Outcome};

/// Slots of a row: attributes, counters that somebody reads, fields of the event, and two at the end.
pub(super) const SLOTS: usize = 64;
/// A slot whose number is always known, for what asks nothing and changes nothing.
pub(super) const NOBODY: u8 = 63;
/// A slot for values that nobody reads.
pub(super) const THROWN_AWAY: u8 = 62;

pub(super) type Row = [f64; SLOTS];

/// A number that must lie between two others, both included; what is unknown is no number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Test {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) slot: u8,
}

impl Test {
    pub(super) const NONE: Self = Self { slot: NOBODY, low: f64::NEG_INFINITY, high: f64::INFINITY };
    pub(super) const NEVER: Self = Self { slot: NOBODY, low: f64::INFINITY, high: f64::NEG_INFINITY };

    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "a branch less to guess")]
    pub(super) fn holds(&self, row: &Row) -> bool {
        let number = row[usize::from(self.slot) % SLOTS];
        (self.low <= number) & (number <= self.high)
    }
}

/// A change of one slot, by a number or by what another slot holds, if that is known: what it held, if that is kept, and
/// the number, between two limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) test: Test,
    pub(super) number: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) slot: u8,
    pub(super) other: u8,
    pub(super) is_other: bool,
    pub(super) keeps: bool,
}

impl Change {
    /// Without a branch.
    #[inline]
    pub(super) fn make(&self, row: &mut Row) {
        let other = row[usize::from(self.other) % SLOTS];
        let number = select_unpredictable(self.is_other, other, self.number);
        let holds = self.test.holds(row) & !number.is_nan();
        let slot = &mut row[usize::from(self.slot) % SLOTS];
        let new = select_unpredictable(self.keeps, *slot + number, number);
        let new = select_unpredictable(new < self.low, self.low, new);
        let new = select_unpredictable(new > self.high, self.high, new);
        *slot = select_unpredictable(holds, new, *slot);
    }
}

impl Change {
    pub(super) fn add(slot: usize, number: f64) -> Option<Self> {
        let slot = u8::try_from(slot).ok()?;
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        Some(Self { test: Test::NONE, number, low, high, slot, other: NOBODY, is_other: false, keeps: true })
    }

    pub(super) fn set(slot: usize, number: f64) -> Option<Self> {
        Some(Self { keeps: false, ..Self::add(slot, number)? })
    }

    pub(super) fn limit(slot: usize, extreme: Extreme, number: f64) -> Option<Self> {
        // What is added to keep every number as it is, even a negative nought.
        let change = Self::add(slot, -0.0)?;
        Some(match extreme {
            Extreme::Least => Self { high: number, ..change },
            Extreme::Greatest => Self { low: number, ..change },
        })
    }

    fn has_no_limit(&self) -> bool {
        self.low == f64::NEG_INFINITY && self.high == f64::INFINITY
    }
}

/// Changes that are made together: two plain sums first, then what asks or does more.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    pub(super) numbers: [f64; 2],
    pub(super) slots: [u8; 2],
    pub(super) others: Vec<Change>,
}

impl Changes {
    pub(super) const NONE: Self = Self { numbers: [0.0; 2], slots: [NOBODY; 2], others: Vec::new() };

    #[inline]
    pub(super) fn make(&self, row: &mut Row) {
        self.add(row);
        self.others.iter().for_each(|change| change.make(row));
    }

    /// The plain sums.
    #[inline]
    pub(super) fn add(&self, row: &mut Row) {
        // Without a loop, so that there is no end of it to guess.
        for (slot, number) in self.slots.into_iter().zip(self.numbers) {
            row[usize::from(slot) % SLOTS] += number;
        }
    }

    /// Sums may come first only as long as nothing else has come.
    pub(super) fn push(&mut self, change: Change) {
        let is_sum = change.keeps && change.has_no_limit() && !change.is_other && change.test.slot == NOBODY;
        let free = self.slots.iter().position(|slot| *slot == NOBODY);
        if let Some(free) = free.filter(|_| is_sum && self.others.is_empty()) {
            (self.slots[free], self.numbers[free]) = (change.slot, change.number);
        } else {
            self.others.push(change);
        }
    }
}

/// An arrow for a contact in one state, with all that comes of it.
#[derive(Clone, Debug)]
pub(super) struct Rule<'a> {
    pub(super) tests: [Test; 2],
    pub(super) changes: Changes,
    /// The node it leaves and the node it enters, if it is one of each, as most often.
    pub(super) hop: Option<(u32, u32)>,
    /// Otherwise all that it leaves, and all that it enters.
    pub(super) left: Vec<usize>,
    pub(super) entered: Vec<usize>,
    pub(super) effects: Vec<Effect<'a>>,
    /// At the start of a journey there is none, and nobody looks.
    pub(super) arrow: u32,
    /// Where the contact rests afterwards.
    pub(super) leaf: u32,
    pub(super) outcome: Outcome,
    /// Whether the journey is over then.
    pub(super) ends: bool,
}

impl Rule<'_> {
    /// Does nothing, and never holds.
    pub(super) const NEVER: Self = Self {
        tests: [Test::NEVER; 2],
        changes: Changes::NONE,
        hop: None,
        left: Vec::new(),
        entered: Vec::new(),
        effects: Vec::new(),
        arrow: 0,
        leaf: 0,
        outcome: Outcome::Stayed,
        ends: false,
    };

    #[inline]
    pub(super) fn holds(&self, row: &Row) -> bool {
        self.tests[0].holds(row) & self.tests[1].holds(row)
    }

    /// What must hold for the rule to hold.
    pub(super) fn gate(&self) -> Test {
        self.tests[0]
    }

    pub(super) fn moves(&self) -> bool {
        self.outcome == Outcome::Moved
    }

    pub(super) fn asks_nothing(&self) -> bool {
        self.tests.iter().all(|test| test.slot == NOBODY)
    }
}

/// The rules to try in a state. Unless the gate holds, none of them does.
#[derive(Clone, Debug)]
pub(super) struct Cell<'a> {
    pub(super) gate: Test,
    pub(super) rules: Vec<Rule<'a>>,
}

impl<'a> Cell<'a> {
    pub(super) fn of(rules: Vec<Rule<'a>>) -> Self {
        let gate = match &rules[..] {
            [] => Test::NEVER,
            [only] => only.gate(),
            _ => Test::NONE,
        };
        Self { gate, rules }
    }

    /// The first rule that holds.
    #[inline]
    pub(super) fn first(&self, row: &Row) -> Option<&Rule<'a>> {
        if !self.gate.holds(row) {
            return None;
        }
        if let [only] = &self.rules[..] {
            return only.tests[1].holds(row).then_some(only);
        }
        self.rules.iter().find(|rule| rule.holds(row))
    }
}

/// How values come to their slots.
#[derive(Clone, Debug)]
pub(super) struct Load<S> {
    pub(super) source: S,
    /// The slot of the field.
    pub(super) field: u8,
    /// The attribute that takes it over, where it is known.
    pub(super) attribute: u8,
}

impl<S> Load<S> {
    #[inline]
    pub(super) fn put(&self, value: f64, row: &mut Row) {
        row[usize::from(self.field) % SLOTS] = value;
        let known = &mut row[usize::from(self.attribute) % SLOTS];
        *known = select_unpredictable(value.is_nan(), *known, value);
    }
}

/// A column of texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    pub(super) codes: &'a [u32],
    /// Where the numbers of its words begin, and where that of what is unknown stands.
    pub(super) start: usize,
    pub(super) unknown: usize,
}

/// What an event does before any arrow is looked for.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Prelude<'a> {
    /// Whether it brings nothing and does nothing but the plain sums.
    pub(super) is_short: bool,
    pub(super) texts: Vec<Load<Texts<'a>>>,
    pub(super) numbers: Vec<Load<&'a [f64]>>,
    pub(super) changes: Changes,
}

/// A timer of a state, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer {
    pub(super) delay: i64,
    pub(super) every: i64,
    /// From the last event even where the state was entered later.
    pub(super) since: bool,
    pub(super) rule: usize,
}

/// One thing that silence does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Milliseconds after the last event.
    pub(super) after: i64,
    pub(super) rule: usize,
}

/// A state in which a contact can rest.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Leaf<'a> {
    /// The delay of the first timer; so short at the end of a journey that every event looks twice.
    pub(super) shortest: i64,
    pub(super) always: Cell<'a>,
    /// By event.
    pub(super) cells: Vec<Cell<'a>>,
    pub(super) is_end: bool,
}

/// What silence does in a state.
#[derive(Clone, Debug, Default)]
pub(super) struct Silence {
    pub(super) timers: Vec<Timer>,
    /// All that happens from the last event on, as long as no `always` arrow gets in between; empty where that depends on
    /// more.
    pub(super) chain: Vec<Link>,
    /// Whether nothing is due after the chain.
    pub(super) is_whole: bool,
}
