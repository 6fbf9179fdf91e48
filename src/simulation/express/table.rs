//! What chart and dataset come down to: rows of numbers, and tables that say what to compare, add and enter.

use std::hint::select_unpredictable;

use crate::simulation::react::Outcome;

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

/// Changes that are made together: two plain sums first, then what asks or does more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changes {
    pub(super) numbers: [f64; 2],
    pub(super) slots: [u8; 2],
    pub(super) others: (u32, u32),
}

impl Changes {
    pub(super) const NONE: Self = Self { numbers: [0.0; 2], slots: [NOBODY; 2], others: (0, 0) };
}

/// An arrow for a contact in one state, with all that comes of it; pairs are the first and the last but one in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) tests: [Test; 2],
    pub(super) changes: Changes,
    /// Where the nodes that it leaves begin; those that it enters follow them.
    pub(super) left: u32,
    pub(super) entered: (u32, u32),
    pub(super) effects: (u32, u32),
    /// At the start of a journey there is none, and nobody looks.
    pub(super) arrow: u32,
    /// Where the contact rests afterwards.
    pub(super) leaf: u32,
    pub(super) outcome: Outcome,
    /// Whether the journey is over then.
    pub(super) ends: bool,
}

impl Rule {
    /// Does nothing, and never holds.
    pub(super) const NEVER: Self = Self {
        tests: [Test::NEVER; 2],
        changes: Changes::NONE,
        left: 0,
        entered: (0, 0),
        effects: (0, 0),
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

/// The rules to try in a state, the first and the last but one. Unless the gate holds, none of them does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) gate: Test,
    pub(super) first: u32,
    pub(super) end: u32,
}

/// How a value comes to its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load<'a> {
    pub(super) source: Source<'a>,
    /// The slot of the field.
    pub(super) field: u8,
    /// The attribute that takes it over, where it is known.
    pub(super) attribute: u8,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    Numbers(&'a [f64]),
    /// Codes of a column; where the numbers of its words begin, and where that of what is unknown stands.
    Words(&'a [u32], usize, usize),
}

/// What an event of the dataset does before any arrow is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prelude {
    /// Its place among the cells of a leaf.
    pub(super) event: usize,
    pub(super) loads: (u32, u32),
    pub(super) changes: Changes,
}

/// A timer of a state, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer {
    pub(super) delay: i64,
    pub(super) every: i64,
    /// From the last event even where the state was entered later.
    pub(super) since: bool,
    pub(super) rule: u32,
}

/// One thing that silence does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Milliseconds after the last event.
    pub(super) after: i64,
    pub(super) rule: u32,
}

/// A state in which a contact can rest.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Leaf {
    /// The delay of the first timer.
    pub(super) shortest: i64,
    pub(super) always: Cell,
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
