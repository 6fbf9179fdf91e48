//! Values as a condition looks at them: borrowed, so that looking copies no text. Only a text that is put together is new.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::model::formula::{Comparison, Extreme};
use crate::model::{Time, Value};

/// In bytes; longer ones are put together by nobody but a chart that goes round in circles.
const LONGEST_TEXT: usize = 1 << 20;

/// What a [`Value`] holds, where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::simulation) enum Seen<'a> {
    Unknown,
    Number(f64),
    Text(Cow<'a, str>),
    YesNo(bool),
    Time(Time),
}

impl<'a> From<&'a Value> for Seen<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Number(number) => Self::Number(*number),
            Value::Text(text) => text.as_str().into(),
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::Time(time) => Self::Time(*time),
        }
    }
}

impl<'a> From<&'a str> for Seen<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<Seen<'_>> for Value {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Unknown => Self::Unknown,
            Seen::Number(number) => Self::Number(number),
            Seen::Text(text) => Self::Text(text.into_owned()),
            Seen::YesNo(yes) => Self::YesNo(yes),
            Seen::Time(time) => Self::Time(time),
        }
    }
}

impl Seen<'_> {
    /// A comparison with the unknown does not hold, and neither does one between values of different kinds.
    pub(super) fn compares(&self, comparison: Comparison, other: &Self) -> bool {
        let ordering = match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.partial_cmp(right),
            (Self::Time(left), Self::Time(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::YesNo(left), Self::YesNo(right)) => Some(left.cmp(right)),
            _ => None,
        };
        ordering.is_some_and(|ordering| holds(comparison, ordering))
    }

    /// What is no number of this world is unknown.
    pub(super) fn finite(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Unknown }
    }

    /// Two texts, or a text and a number, as one text. Like a number beyond all numbers, a text beyond all texts is unknown:
    /// one that is doubled again and again has no end.
    pub(super) fn joined(&self, other: &Self) -> Self {
        let text = match (self, other) {
            (Self::Text(left), Self::Text(right)) => format!("{left}{right}"),
            (Self::Text(left), Self::Number(right)) => format!("{left}{right}"),
            (Self::Number(left), Self::Text(right)) => format!("{left}{right}"),
            _ => return Self::Unknown,
        };
        if text.len() <= LONGEST_TEXT { Self::Text(Cow::Owned(text)) } else { Self::Unknown }
    }

    /// Unknown as soon as one part is.
    pub(super) fn extreme_of(extreme: Extreme, mut values: impl Iterator<Item = Self>) -> Self {
        let Some(Self::Number(mut best)) = values.next() else { return Self::Unknown };
        for value in values {
            let Self::Number(number) = value else { return Self::Unknown };
            best = match extreme {
                Extreme::Least => best.min(number),
                Extreme::Greatest => best.max(number),
            };
        }
        Self::Number(best)
    }
}

pub(super) fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}
