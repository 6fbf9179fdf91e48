//! Timers that another one always forestalls, and `always` arrows that time alone could open: nobody looks at them when
//! it does.

use super::{Findings, Fix};
use crate::model::formula::{Comparison, Expr, Extreme, Operator};
use crate::model::{AttributeKind, Duration, Edit, Events, Project, Transition, Trigger, Unit};
use crate::simulation::Kind;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Timers that no visit reaches.
pub(super) fn forestalled_timers(project: &Project, findings: &mut Findings) {
    let arrows = project.arrows_by_source();
    for late in arrows.values().flatten() {
        let around = std::iter::successors(Some(late.source), |id| project.nodes.get(id).and_then(|node| node.parent));
        let mut rivals =
            around.take(project.nodes.len() + 1).filter_map(|node| arrows.get(&node)).flatten().filter(|early| {
                early.id != late.id && early.guard.is_empty() && leaves(project, early) && comes_first(early, late)
            });
        if let Some(early) = rivals.next() {
            let message = format!(
                "This timer never comes: the {} always leaves {} before it is due. Make one of them shorter or longer, or \
                 delete this one.",
                project.describe(early.id.into()),
                project.node_label(early.source)
            );
            let fix = Fix::new("Delete the arrow", Edit::Delete(vec![late.id.into()]));
            findings.warn(Kind::TimerNeverDue, late.id, message).fix = Some(fix);
        }
    }
}

/// Whether whoever takes it is no longer in its source, or enters it anew.
fn leaves(project: &Project, arrow: &Transition) -> bool {
    let Some(target) = arrow.target else { return false };
    let around = std::iter::successors(Some(target), |id| project.nodes.get(id).and_then(|node| node.parent));
    arrow.restart || !around.take(project.nodes.len() + 1).any(|node| node == arrow.source)
}

/// Whether `early` is always due before `late`, or at the same moment and asked first.
fn comes_first(early: &Transition, late: &Transition) -> bool {
    let (first, second) = match (&early.trigger, &late.trigger) {
        (Trigger::After(first), Trigger::After(second) | Trigger::AfterWithout(second, _)) => (first, second),
        // Whatever starts the first again starts the second again.
        (Trigger::AfterWithout(first, any), Trigger::AfterWithout(second, all)) if is_part(any, all) => (first, second),
        _ => return false,
    };
    let is_before = early.source != late.source || (early.rank, early.id) < (late.rank, late.id);
    match (days(first.first), days(second.first)) {
        (Some(first), Some(second)) => first < second || (first == second && is_before),
        _ if first.first.unit == second.first.unit => {
            let (first, second) = (first.first.amount, second.first.amount);
            first < second || (first == second && is_before)
        }
        _ => range(first.first).1 < range(second.first).0,
    }
}

fn is_part(some: &Events, all: &Events) -> bool {
    match (some, all) {
        (_, Events::Any | Events::Every) => true,
        (Events::Only(some), Events::Only(all)) => some.iter().all(|event| all.contains(event)),
        (Events::Any | Events::Every, Events::Only(_)) => false,
    }
}

/// Whole days, where it is that.
fn days(duration: Duration) -> Option<u64> {
    match duration.unit {
        Unit::Day => Some(u64::from(duration.amount)),
        Unit::Week => Some(7 * u64::from(duration.amount)),
        _ => None,
    }
}

/// The shortest and the longest that it can be, in milliseconds: clocks change, and months differ.
fn range(duration: Duration) -> (i64, i64) {
    let amount = i64::from(duration.amount);
    let (least, most) = match duration.unit {
        Unit::Month => (amount * 28 * DAY, amount * 31 * DAY),
        _ => (duration.nominal_milliseconds(), duration.nominal_milliseconds()),
    };
    // Some islands have once left out a day.
    let change = if duration.unit.milliseconds().is_some() { 0 } else { 26 * HOUR };
    (least - change, most + change)
}

/// `always` arrows that time alone could open, with the timer that would see it.
pub(super) fn always_by_time(project: &Project, findings: &mut Findings) {
    for arrow in project.transitions.values().filter(|arrow| arrow.trigger == Trigger::Always) {
        let Ok(Some(guard)) = arrow.guard.parse() else { continue };
        if let Some(cause) = opened_by_time(project, &guard, true) {
            let message = format!(
                "Time alone can make \"{}\" true, and this arrow does not notice: it is only tried when something else \
                 happens. Use the timer \"{}\" for it.",
                cause.what, cause.timer
            );
            let found = findings.warn(Kind::AlwaysByTime, arrow.id, message);
            found.fix = Some(Fix::new("Wait by a timer", Edit::SetTrigger(arrow.id, cause.timer)));
        }
    }
}

struct Cause {
    what: String,
    timer: String,
}

/// The part of a condition that becomes true, or with `false` untrue, by nothing but time.
fn opened_by_time(project: &Project, expr: &Expr, wanted: bool) -> Option<Cause> {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(|part| opened_by_time(project, part, wanted)),
        Expr::Not(inner) => opened_by_time(project, inner, !wanted),
        Expr::Compare(comparison, left, right) => {
            let difference = trend(project, left).minus(trend(project, right));
            let comparison = if wanted { *comparison } else { opposite(*comparison) };
            let towards_zero = decays_past(project, comparison, left, right);
            let opens = match comparison {
                Comparison::Less | Comparison::AtMost => difference.falls || towards_zero,
                Comparison::Greater | Comparison::AtLeast => difference.rises || towards_zero,
                Comparison::Equal | Comparison::NotEqual => difference.falls || difference.rises || towards_zero,
            };
            opens.then(|| Cause { what: expr.to_string(), timer: timer(left, right) })
        }
        Expr::OneOf(inner, _) => {
            let trend = trend(project, inner);
            (trend.rises || trend.falls).then(|| Cause { what: expr.to_string(), timer: timer(inner, inner) })
        }
        _ => None,
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
    }
}

/// The timer to propose: the duration that is waited for where one is named, else a look every day.
fn timer(left: &Expr, right: &Expr) -> String {
    match (left, right) {
        (Expr::TimeHere, Expr::Duration(wait)) | (Expr::Duration(wait), Expr::TimeHere) => format!("after {wait}"),
        (Expr::Since(event), Expr::Duration(wait)) | (Expr::Duration(wait), Expr::Since(event)) => {
            format!("after {wait} since {}", event.text)
        }
        _ => String::from("after 1 day, then every 1 day"),
    }
}

/// Where a value goes while nothing happens.
#[derive(Clone, Copy, Default)]
struct Trend {
    rises: bool,
    falls: bool,
}

impl Trend {
    fn or(self, other: Self) -> Self {
        Self { rises: self.rises || other.rises, falls: self.falls || other.falls }
    }

    fn turned(self) -> Self {
        Self { rises: self.falls, falls: self.rises }
    }

    /// Of what can go either way where this goes one way.
    fn any(self) -> Self {
        self.or(self.turned())
    }

    fn minus(self, other: Self) -> Self {
        self.or(other.turned())
    }
}

/// Scores that decay are seen to by [`decays_past`] where they stand alone.
fn trend(project: &Project, expr: &Expr) -> Trend {
    match expr {
        Expr::Since(_) | Expr::TimeHere => Trend { rises: true, falls: false },
        Expr::Count(_, Some(_)) => Trend { rises: false, falls: true },
        Expr::Negative(inner) => either(project, inner).turned(),
        Expr::Arithmetic(Operator::Add, left, right) => either(project, left).or(either(project, right)),
        Expr::Arithmetic(Operator::Subtract, left, right) => either(project, left).minus(either(project, right)),
        Expr::Arithmetic(Operator::Divide, left, right) => match &**right {
            Expr::Number(number) if *number > 0.0 => either(project, left),
            Expr::Number(number) if *number < 0.0 => either(project, left).turned(),
            Expr::Number(_) => Trend::default(),
            _ => either(project, left).or(either(project, right)).any(),
        },
        Expr::Arithmetic(Operator::Remainder, left, right) => either(project, left).or(either(project, right)).any(),
        Expr::Arithmetic(Operator::Multiply, left, right) => match (&**left, &**right) {
            (Expr::Number(number), other) | (other, Expr::Number(number)) if *number > 0.0 => either(project, other),
            (Expr::Number(number), other) | (other, Expr::Number(number)) if *number < 0.0 => {
                either(project, other).turned()
            }
            (Expr::Number(_), _) | (_, Expr::Number(_)) => Trend::default(),
            _ => either(project, left).or(either(project, right)).any(),
        },
        Expr::Extreme(Extreme::Least | Extreme::Greatest, parts) => {
            parts.iter().fold(Trend::default(), |trend, part| trend.or(either(project, part)))
        }
        _ => Trend::default(),
    }
}

/// The trend inside a sum, where a score that decays can go either way.
fn either(project: &Project, expr: &Expr) -> Trend {
    if decays(project, expr) { Trend { rises: true, falls: true } } else { trend(project, expr) }
}

fn decays(project: &Project, expr: &Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    let attribute = project.attribute_by_name(&name.text);
    attribute.is_some_and(|attribute| attribute.kind == AttributeKind::Score && attribute.half_life.is_some())
}

/// Whether a score that decays, towards 0 from either side but never to it, comes to compare so.
fn decays_past(project: &Project, comparison: Comparison, left: &Expr, right: &Expr) -> bool {
    let (comparison, limit) = match (decays(project, left), decays(project, right)) {
        (false, false) => return false,
        (true, false) => (comparison, number(right)),
        (false, true) => (comparison.mirrored(), number(left)),
        (true, true) => (comparison, None),
    };
    // What it is compared with is not known before it runs.
    let Some(limit) = limit else { return true };
    match comparison {
        Comparison::Less | Comparison::AtMost => limit > 0.0,
        Comparison::Greater | Comparison::AtLeast => limit < 0.0,
        Comparison::Equal | Comparison::NotEqual => limit != 0.0,
    }
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(number) => Some(*number),
        Expr::Negative(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}
