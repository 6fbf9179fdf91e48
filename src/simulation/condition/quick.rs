//! Conditions of the common shapes, `count(E) >= 3` or `score >= 60 and event.value < 100`, tested without walking a tree.

use super::{Fields, Seen, Term};
use crate::model::Value;
use crate::simulation::memory::Memory;

/// What a condition comes down to.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation) enum Quick {
    /// There is no condition.
    Always,
    One(Test),
    Two(Test, Test),
    /// It cannot be read: it never holds, and asking it is a failure that the chart hears of.
    Fails,
    /// Anything else: the tree says.
    Tree,
}

/// A number that must lie between two others, both included. What is unknown lies nowhere.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation) struct Test {
    what: What,
    low: f64,
    high: f64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Count(usize),
    Attribute(usize),
    Field(usize),
}

impl Quick {
    pub(in crate::simulation) fn of(condition: Option<&Term>) -> Self {
        match condition {
            None => Self::Always,
            Some(Term::And(parts)) => match parts.as_slice() {
                [one, two] => Test::of(one).zip(Test::of(two)).map_or(Self::Tree, |(one, two)| Self::Two(one, two)),
                _ => Self::Tree,
            },
            Some(term) => Test::of(term).map_or(Self::Tree, Self::One),
        }
    }

    /// Whether the condition holds; `None` where only the tree can say.
    pub(in crate::simulation) fn holds(self, memory: &Memory, fields: &Fields) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Fails => Some(false),
            Self::One(test) => Some(test.holds(memory, fields)),
            Self::Two(one, two) => Some(one.holds(memory, fields) && two.holds(memory, fields)),
            Self::Tree => None,
        }
    }
}

impl Test {
    fn of(term: &Term) -> Option<Self> {
        let Term::Compare(comparison, left, right) = term else { return None };
        let what = match **left {
            Term::Count(event) => What::Count(event),
            Term::Attribute(attribute) => What::Attribute(attribute),
            Term::Field(field) => What::Field(field),
            _ => return None,
        };
        let Term::Constant(Value::Number(number)) = **right else { return None };
        let (low, high) = comparison.range(number)?;
        Some(Self { what, low, high })
    }

    fn holds(self, memory: &Memory, fields: &Fields) -> bool {
        let number = match self.what {
            What::Count(event) => f64::from(memory.counts[event]),
            What::Attribute(attribute) => match memory.values[attribute] {
                Value::Number(number) => number,
                _ => return false,
            },
            What::Field(field) => match fields.seen(field) {
                Seen::Number(number) => number,
                _ => return false,
            },
        };
        self.low <= number && number <= self.high
    }
}
