//! What conditions ask about, and what it can be found to be.

use crate::model::formula::{Comparison, Extreme, Operator};
use crate::model::{AttributeId, Duration, EventId, NodeId, Time, TransitionId, Unit, Zone};

/// Something about a contact that a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    In(NodeId),
    Attribute(AttributeId),
    /// By its name as the catalogue writes it.
    Field(String),
    LastTouchpoint,
    Count(EventId),
    Within(EventId, Stretch),
    /// Since the node was entered.
    CountHere(EventId, NodeId),
    Since(EventId),
    Here(NodeId),
    /// The number that `chance` draws for an arrow.
    Draw(TransitionId),
    /// A part of a condition that is not looked into; it may hold or not.
    Riddle(String),
}

/// The event that it is about.
pub(super) fn event_of(asked: &Asked) -> Option<EventId> {
    match asked {
        Asked::Count(event) | Asked::Within(event, _) | Asked::CountHere(event, _) | Asked::Since(event) => {
            Some(*event)
        }
        _ => None,
    }
}

/// A length of time, with the clock that counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) milliseconds: i64,
    pub(super) clock: Clock,
}

/// A day is not always 24 hours, nor a month 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clock {
    Hours,
    Days,
    Months,
}

const DAY: i64 = 86_400_000;

impl From<Duration> for Stretch {
    fn from(duration: Duration) -> Self {
        let clock = match duration.unit {
            Unit::Month => Clock::Months,
            Unit::Day | Unit::Week => Clock::Days,
            _ => Clock::Hours,
        };
        Self { milliseconds: duration.nominal_milliseconds(), clock }
    }
}

impl Stretch {
    /// The shortest and the longest that it can be, in milliseconds.
    pub(super) fn range(self, zone: &Zone) -> (i64, i64) {
        // Some islands have once left out a day.
        let change = if zone.is_utc() { 0 } else { 26 * 3_600_000 };
        let length = self.milliseconds;
        match self.clock {
            Clock::Hours => (length, length),
            Clock::Days => (length - change, length + change),
            Clock::Months => (length / 30 * 28 - change, length / 30 * 31 + change),
        }
    }

    pub(super) fn words(self) -> String {
        let unit = match self.clock {
            Clock::Months => Unit::Month,
            Clock::Days => Unit::Day,
            Clock::Hours => {
                let exact = [Unit::Hour, Unit::Minute, Unit::Second];
                let fits = |unit: &Unit| self.milliseconds % unit.nominal_milliseconds() == 0;
                exact.into_iter().find(fits).unwrap_or(Unit::Millisecond)
            }
        };
        let amount = u32::try_from(self.milliseconds / unit.nominal_milliseconds()).unwrap_or(u32::MAX);
        Duration::new(amount, unit).to_string()
    }

    /// The instant so long before `now`.
    pub(super) fn before(self, now: Time, zone: &Zone) -> Time {
        let whole = |unit: i64| u32::try_from(self.milliseconds / unit).unwrap_or(u32::MAX);
        match self.clock {
            Clock::Hours => Time(now.0.saturating_sub(self.milliseconds).max(Time::MIN.0)),
            Clock::Days => now.minus(Duration::days(whole(DAY)), zone),
            Clock::Months => now.minus(Duration::new(whole(30 * DAY), Unit::Month), zone),
        }
    }
}

/// A value that something can have; choices are their positions, durations milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sample {
    Unknown,
    Number(f64),
    Text(String),
    YesNo(bool),
    Time(f64),
}

impl Sample {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) | Self::Time(number) => Some(*number),
            _ => None,
        }
    }

    fn compares(&self, comparison: Comparison, other: &Self) -> bool {
        let ordering = match (self, other) {
            (Self::Number(left), Self::Number(right)) | (Self::Time(left), Self::Time(right)) => {
                left.partial_cmp(right)
            }
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::YesNo(left), Self::YesNo(right)) => Some(left.cmp(right)),
            _ => None,
        };
        ordering.is_some_and(|ordering| match comparison {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Less => ordering.is_lt(),
            Comparison::AtMost => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::AtLeast => ordering.is_ge(),
        })
    }
}

/// A condition over what is asked, by place.
#[derive(Clone, Debug)]
pub(super) enum Guard {
    Always,
    Not(Box<Guard>),
    And(Vec<Guard>),
    Or(Vec<Guard>),
    Compare(Comparison, Value, Value),
    IsUnknown(Value, bool),
    OneOf(Value, Vec<Value>),
    /// Holds if the value is *yes*.
    Truth(Value),
    Chance(usize, f64),
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Constant(Sample),
    Asked(usize),
    Arithmetic(Operator, Box<Value>, Box<Value>),
    Negative(Box<Value>),
    Extreme(Extreme, Vec<Value>),
}

/// What is settled so far, by place; `None` is open.
pub(super) type Settled = [Option<Sample>];

impl Guard {
    /// Whether it holds; `None` while that is open.
    pub(super) fn holds(&self, settled: &Settled) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Not(inner) => inner.holds(settled).map(|holds| !holds),
            Self::And(parts) => all(parts.iter().map(|part| part.holds(settled))),
            Self::Or(parts) => all(parts.iter().map(|part| part.holds(settled).map(|holds| !holds))).map(|none| !none),
            Self::Compare(comparison, left, right) => {
                Some(left.of(settled)?.compares(*comparison, &right.of(settled)?))
            }
            Self::IsUnknown(value, negated) => Some((value.of(settled)? == Sample::Unknown) != *negated),
            Self::OneOf(value, options) => {
                let value = value.of(settled)?;
                let differs = |option: &Value| Some(!value.compares(Comparison::Equal, &option.of(settled)?));
                all(options.iter().map(differs)).map(|none| !none)
            }
            Self::Truth(value) => Some(value.of(settled)? == Sample::YesNo(true)),
            Self::Chance(draw, share) => Some(settled[*draw].as_ref()?.number()? < *share),
        }
    }

    /// Calls `visit` for the place of everything that it asks about.
    pub(super) fn visit(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Always => {}
            Self::Not(inner) => inner.visit(visit),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.visit(visit)),
            Self::Compare(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            Self::IsUnknown(value, _) | Self::Truth(value) => value.visit(visit),
            Self::OneOf(value, options) => {
                value.visit(visit);
                for option in options {
                    option.visit(visit);
                }
            }
            Self::Chance(draw, _) => visit(*draw),
        }
    }
}

/// *And*, where what is open matters only if nothing else decides.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut open = false;
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => open = true,
        }
    }
    (!open).then_some(true)
}

impl Value {
    /// What it comes to; `None` while that is open. The same as in a run, down to the last bit.
    pub(super) fn of(&self, settled: &Settled) -> Option<Sample> {
        Some(match self {
            Self::Constant(sample) => sample.clone(),
            Self::Asked(place) => settled[*place].clone()?,
            Self::Arithmetic(operator, left, right) => {
                let (left, right) = (left.of(settled)?, right.of(settled)?);
                let joined = |left: &dyn std::fmt::Display, right: &dyn std::fmt::Display| format!("{left}{right}");
                match (&left, &right) {
                    (Sample::Number(left), Sample::Number(right)) => finite(match operator {
                        Operator::Add => left + right,
                        Operator::Subtract => left - right,
                        Operator::Multiply => left * right,
                        Operator::Divide => left / right,
                        Operator::Remainder => left % right,
                    }),
                    (Sample::Text(left), Sample::Text(right)) if *operator == Operator::Add => {
                        Sample::Text(joined(left, right))
                    }
                    (Sample::Text(left), Sample::Number(right)) if *operator == Operator::Add => {
                        Sample::Text(joined(left, right))
                    }
                    (Sample::Number(left), Sample::Text(right)) if *operator == Operator::Add => {
                        Sample::Text(joined(left, right))
                    }
                    _ => Sample::Unknown,
                }
            }
            Self::Negative(inner) => match inner.of(settled)? {
                Sample::Number(number) => Sample::Number(-number),
                _ => Sample::Unknown,
            },
            Self::Extreme(extreme, parts) => {
                let mut best: Option<f64> = None;
                for part in parts {
                    let Sample::Number(number) = part.of(settled)? else { return Some(Sample::Unknown) };
                    best = Some(match (best, extreme) {
                        (None, _) => number,
                        (Some(best), Extreme::Least) => best.min(number),
                        (Some(best), Extreme::Greatest) => best.max(number),
                    });
                }
                best.map_or(Sample::Unknown, Sample::Number)
            }
        })
    }

    fn visit(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Constant(_) => {}
            Self::Asked(place) => visit(*place),
            Self::Arithmetic(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            Self::Negative(inner) => inner.visit(visit),
            Self::Extreme(_, parts) => parts.iter().for_each(|part| part.visit(visit)),
        }
    }
}

fn finite(number: f64) -> Sample {
    if number.is_finite() { Sample::Number(number) } else { Sample::Unknown }
}
