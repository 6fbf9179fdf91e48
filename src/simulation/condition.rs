//! Formulas with every name looked up: what the machine evaluates. Says why it holds or not, for those who ask.

mod explain;
mod quick;
mod resolve;
mod seen;

pub use explain::Finding;
pub(super) use quick::Quick;
pub(super) use resolve::{Resolver, apart};
pub(super) use seen::Seen;

use super::luck::uniform;
use super::memory::Memory;
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::formula::{Comparison, Extreme, Operator};
use crate::model::{Duration, NodeId, ScoreRuleId, Time, TransitionId, Value};

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
    /// Values given one by one, by field slot; they come before those of the row.
    pub(super) given: &'a [(usize, Value)],
    /// Values that the chart itself gives; they come first.
    pub(super) own: &'a [(usize, Value)],
}

impl<'a> Fields<'a> {
    /// The values of one event, by field slot; see [`super::Machine::field_slot`].
    #[must_use]
    pub fn given(given: &'a [(usize, Value)]) -> Self {
        Self { given, ..Self::default() }
    }
}

impl<'a> Fields<'a> {
    /// A row of recorded events.
    pub(super) fn of_row(columns: &'a [Option<&'a FieldColumn>], row: usize) -> Self {
        Self { columns, row, ..Self::default() }
    }

    pub(super) fn seen(&self, slot: usize) -> Seen<'a> {
        if let Some((_, value)) = self.own.iter().chain(self.given).find(|(given, _)| *given == slot) {
            return value.into();
        }
        let Some(column) = self.columns.get(slot).copied().flatten() else { return Seen::Unknown };
        match &column.values {
            FieldValues::Numbers(numbers) => {
                numbers.get(self.row).filter(|number| !number.is_nan()).map_or(Seen::Unknown, |n| Seen::Number(*n))
            }
            FieldValues::Texts { words, codes } => {
                let word = codes.get(self.row).and_then(|code| words.get(*code as usize));
                word.map_or(Seen::Unknown, |word| word.as_str().into())
            }
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

    pub(super) fn policy() -> Self {
        Self(0x3000_0000)
    }

    /// Of a behaviour, by the hash of its key; ids do not reach the bits above the lowest 28 either.
    pub(super) fn behaviour(name: u64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "28 bits of a hash")]
        let low = name as u32 & 0x0FFF_FFFF;
        Self(low | 0x2000_0000)
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
            Self::Compare(comparison, left, right) => left.seen(scene).compares(*comparison, &right.seen(scene)),
            Self::Elapsed(elapsed, comparison, duration) => elapsed.from(scene).is_some_and(|from| {
                let needed = from.plus(*duration, &scene.memory.zone);
                seen::holds(*comparison, scene.memory.now.cmp(&needed))
            }),
            Self::IsUnknown(inner, negated) => (inner.seen(scene) == Seen::Unknown) != *negated,
            Self::OneOf(inner, options) => {
                let value = inner.seen(scene);
                options.iter().any(|option| value.compares(Comparison::Equal, &option.seen(scene)))
            }
            Self::In(node) => scene.memory.nodes[*node].active,
            Self::Chance(share) => {
                let Memory { seed, contact, .. } = *scene.memory;
                uniform(seed, contact, scene.luck.0, scene.visit()) < *share
            }
            _ => self.seen(scene) == Seen::YesNo(true),
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

    /// The value of the formula; a condition is a yes or a no.
    pub(super) fn value(&self, scene: Scene) -> Value {
        self.seen(scene).into()
    }

    /// The value of the formula, where it stands.
    pub(super) fn seen<'a>(&'a self, scene: Scene<'a>) -> Seen<'a> {
        let memory = scene.memory;
        match self {
            Self::Constant(value) => value.into(),
            Self::Attribute(slot) => (&memory.values[*slot]).into(),
            Self::Field(slot) => scene.fields.seen(*slot),
            Self::Count(event) => Seen::Number(f64::from(memory.counts[*event])),
            Self::CountWithin(event, window) => Seen::Number(f64::from(memory.count_within(*event, *window))),
            Self::CountHere(event) => {
                scene.here.map_or(Seen::Unknown, |node| Seen::Number(f64::from(memory.count_since_entry(*event, node))))
            }
            Self::Since(event) => milliseconds(Elapsed::Since(*event).from(scene), memory.now),
            Self::TimeHere => milliseconds(Elapsed::Here.from(scene), memory.now),
            Self::LastTouchpoint => memory.last_touchpoint.as_deref().map_or(Seen::Unknown, Seen::from),
            Self::Arithmetic(operator, left, right) => match (left.seen(scene), right.seen(scene)) {
                (Seen::Number(left), Seen::Number(right)) => Seen::finite(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => left / right,
                    Operator::Remainder => left % right,
                }),
                (left, right) if *operator == Operator::Add => left.joined(&right),
                _ => Seen::Unknown,
            },
            Self::Negative(inner) => match inner.seen(scene) {
                Seen::Number(number) => Seen::Number(-number),
                _ => Seen::Unknown,
            },
            Self::Extreme(extreme, parts) => Seen::extreme_of(*extreme, parts.iter().map(|part| part.seen(scene))),
            Self::In(_)
            | Self::Chance(_)
            | Self::Not(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Compare(..)
            | Self::Elapsed(..)
            | Self::IsUnknown(..)
            | Self::OneOf(..) => Seen::YesNo(self.holds(scene)),
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

#[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
fn milliseconds<'a>(from: Option<Time>, now: Time) -> Seen<'a> {
    from.map_or(Seen::Unknown, |from| Seen::Number((now.0 - from.0) as f64))
}
