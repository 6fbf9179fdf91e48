//! Formulas with every name looked up: what the machine evaluates. Says why it holds or not, for those who ask.

mod explain;
mod quick;
mod resolve;

pub use explain::Finding;
pub(super) use quick::Quick;
pub(super) use resolve::Resolver;

use std::borrow::Cow;

use super::luck::uniform;
use super::memory::Memory;
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::formula::{Comparison, Extreme, Operator};
use crate::model::{Duration, NodeId, ScoreRuleId, Time, TransitionId, Value};

/// In bytes; longer ones are put together by nobody but a chart that goes round in circles.
const LONGEST_TEXT: usize = 1 << 20;

/// A formula over slots of the memory.
#[derive(Clone, Debug)]
pub(super) enum Term {
    Constant(Value),
    Attribute(usize),
    Field(usize),
    Count(usize),
    CountWithin(usize, Duration),
    CountHere(usize),
    /// Milliseconds since the event, as a plain number.
    Since(usize),
    TimeHere,
    LastTouchpoint,
    In(usize),
    Chance(f64),
    Not(Box<Term>),
    And(Vec<Term>),
    Or(Vec<Term>),
    Compare(Comparison, Box<Term>, Box<Term>),
    /// `since(E)` or `time_here` against a duration, on the contact's calendar.
    Elapsed(Elapsed, Comparison, Duration),
    IsUnknown(Box<Term>, bool),
    OneOf(Box<Term>, Vec<Term>),
    Arithmetic(Operator, Box<Term>, Box<Term>),
    Negative(Box<Term>),
    Extreme(Extreme, Vec<Term>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Elapsed {
    Since(usize),
    Here,
}

/// The field values of the event being processed, by field slot.
#[derive(Clone, Copy, Default)]
pub struct Fields<'a> {
    pub(super) columns: &'a [Option<&'a FieldColumn>],
    pub(super) row: usize,
    /// Values given one by one, by field slot; they come first.
    pub(super) given: &'a [(usize, Value)],
}

impl<'a> Fields<'a> {
    /// The values of one event, by field slot; see [`super::Machine::field_slot`].
    #[must_use]
    pub fn given(given: &'a [(usize, Value)]) -> Self {
        Self { given, ..Self::default() }
    }
}

impl Fields<'_> {
    pub(super) fn get(&self, slot: usize) -> Value {
        if let Some((_, value)) = self.given.iter().find(|(given, _)| *given == slot) {
            return value.clone();
        }
        self.column(slot).map_or(Value::Unknown, |column| column.value(self.row))
    }

    fn column(&self, slot: usize) -> Option<&FieldColumn> {
        self.columns.get(slot).copied().flatten()
    }

    /// The word of a field, where it comes from a column of texts.
    pub(super) fn word(&self, slot: usize) -> Option<&str> {
        if !self.given.is_empty() {
            return None;
        }
        match &self.column(slot)?.values {
            FieldValues::Texts { words, codes } => words.get(*codes.get(self.row)? as usize).map(String::as_str),
            FieldValues::Numbers(_) => None,
        }
    }
}

/// Whose draw `chance` is. What stands on an arrow shares the arrow's draw; score rules and the actions of a state have
/// draws of their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct LuckKey(u32);

impl LuckKey {
    pub(super) fn arrow(id: TransitionId) -> Self {
        Self(id.0)
    }

    /// Ids are far below the two highest bits, so these keys meet no arrow's.
    pub(super) fn score_rule(id: ScoreRuleId) -> Self {
        Self(id.0 | 0x8000_0000)
    }

    pub(super) fn entry(id: NodeId) -> Self {
        Self(id.0 | 0x4000_0000)
    }

    pub(super) fn exit(id: NodeId) -> Self {
        Self(id.0 | 0xC000_0000)
    }
}

/// All that a formula can look at.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) memory: &'a Memory,
    pub(super) fields: Fields<'a>,
    /// For `chance`.
    pub(super) luck: LuckKey,
    /// The node whose arrow or action this is, for what is asked about *here*; `None` before the start.
    pub(super) here: Option<usize>,
}

impl Scene<'_> {
    /// Number of the visit to *here*.
    fn visit(&self) -> u32 {
        self.here.map_or(0, |node| self.memory.nodes[node].number)
    }
}

impl Term {
    /// Whether the condition holds. What is unknown does not hold.
    pub(super) fn holds(&self, scene: Scene) -> bool {
        match self {
            Self::Not(inner) => !inner.holds(scene),
            Self::And(parts) => parts.iter().all(|part| part.holds(scene)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(scene)),
            Self::Compare(comparison, left, right) => compare(*comparison, &left.seen(scene), &right.seen(scene)),
            Self::Elapsed(elapsed, comparison, duration) => elapsed.from(scene).is_some_and(|from| {
                let needed = from.plus(*duration, &scene.memory.zone);
                ordered(*comparison, scene.memory.now.cmp(&needed))
            }),
            Self::IsUnknown(inner, negated) => (inner.value(scene) == Value::Unknown) != *negated,
            Self::OneOf(inner, options) => {
                let value = inner.value(scene);
                options.iter().any(|option| compare(Comparison::Equal, &value, &option.value(scene)))
            }
            Self::In(node) => scene.memory.nodes[*node].active,
            Self::Chance(share) => {
                let Memory { seed, contact, .. } = *scene.memory;
                uniform(seed, contact, scene.luck.0, scene.visit()) < *share
            }
            _ => self.value(scene) == Value::YesNo(true),
        }
    }

    /// Whether `wanted` says yes to this term or to one inside it.
    pub(super) fn any(&self, wanted: &mut impl FnMut(&Self) -> bool) -> bool {
        wanted(self)
            || match self {
                Self::Not(inner) | Self::IsUnknown(inner, _) | Self::Negative(inner) => inner.any(wanted),
                Self::And(parts) | Self::Or(parts) | Self::Extreme(_, parts) => {
                    parts.iter().any(|part| part.any(wanted))
                }
                Self::Compare(_, left, right) | Self::Arithmetic(_, left, right) => {
                    left.any(wanted) || right.any(wanted)
                }
                Self::OneOf(inner, options) => inner.any(wanted) || options.iter().any(|option| option.any(wanted)),
                _ => false,
            }
    }

    /// The value of the formula, without a copy of what stands ready.
    fn seen<'a>(&'a self, scene: Scene<'a>) -> Cow<'a, Value> {
        match self {
            Self::Constant(value) => Cow::Borrowed(value),
            Self::Attribute(slot) => Cow::Borrowed(&scene.memory.values[*slot]),
            _ => Cow::Owned(self.value(scene)),
        }
    }

    /// The value of the formula; a condition is a yes or a no.
    pub(super) fn value(&self, scene: Scene) -> Value {
        let memory = scene.memory;
        match self {
            Self::Constant(value) => value.clone(),
            Self::Attribute(slot) => memory.values[*slot].clone(),
            Self::Field(slot) => scene.fields.get(*slot),
            Self::Count(event) => Value::Number(f64::from(memory.counts[*event])),
            Self::CountWithin(event, window) => Value::Number(f64::from(memory.count_within(*event, *window))),
            Self::CountHere(event) => scene
                .here
                .map_or(Value::Unknown, |node| Value::Number(f64::from(memory.count_since_entry(*event, node)))),
            Self::Since(event) => milliseconds(Elapsed::Since(*event).from(scene), memory.now),
            Self::TimeHere => milliseconds(Elapsed::Here.from(scene), memory.now),
            Self::LastTouchpoint => memory.last_touchpoint.clone().map_or(Value::Unknown, Value::Text),
            Self::Arithmetic(operator, left, right) => match (&left.value(scene), &right.value(scene)) {
                (Value::Number(left), Value::Number(right)) => finite(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => left / right,
                    Operator::Remainder => left % right,
                }),
                (left @ Value::Text(_), right @ (Value::Text(_) | Value::Number(_)))
                | (left @ Value::Number(_), right @ Value::Text(_))
                    if *operator == Operator::Add =>
                {
                    joined(format!("{left}{right}"))
                }
                _ => Value::Unknown,
            },
            Self::Negative(inner) => match inner.value(scene) {
                Value::Number(number) => Value::Number(-number),
                _ => Value::Unknown,
            },
            Self::Extreme(extreme, parts) => extreme_of(*extreme, parts.iter().map(|part| part.value(scene))),
            Self::In(_)
            | Self::Chance(_)
            | Self::Not(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Compare(..)
            | Self::Elapsed(..)
            | Self::IsUnknown(..)
            | Self::OneOf(..) => Value::YesNo(self.holds(scene)),
        }
    }
}

impl Elapsed {
    pub(super) fn from(self, scene: Scene) -> Option<Time> {
        match self {
            Self::Since(event) => scene.memory.last[event],
            Self::Here => scene.here.map(|node| scene.memory.nodes[node].entered),
        }
    }
}

/// A comparison with the unknown does not hold, and neither does one between values of different kinds.
fn compare(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::YesNo(left), Value::YesNo(right)) => Some(left.cmp(right)),
        _ => None,
    };
    ordering.is_some_and(|ordering| ordered(comparison, ordering))
}

fn ordered(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
fn milliseconds(from: Option<Time>, now: Time) -> Value {
    from.map_or(Value::Unknown, |from| Value::Number((now.0 - from.0) as f64))
}

/// Like a number beyond all numbers, a text beyond all texts is unknown: one that is doubled again and again has no end.
fn joined(text: String) -> Value {
    if text.len() <= LONGEST_TEXT { Value::Text(text) } else { Value::Unknown }
}

fn finite(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Unknown }
}

/// Unknown as soon as one part is.
fn extreme_of(extreme: Extreme, mut values: impl Iterator<Item = Value>) -> Value {
    let Some(Value::Number(mut best)) = values.next() else { return Value::Unknown };
    for value in values {
        let Value::Number(number) = value else { return Value::Unknown };
        best = match extreme {
            Extreme::Least => best.min(number),
            Extreme::Greatest => best.max(number),
        };
    }
    Value::Number(best)
}
