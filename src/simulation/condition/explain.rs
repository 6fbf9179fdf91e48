//! Why a condition holds, or which of its parts came nearest to holding.

use super::{Elapsed, Scene, Term};
use crate::model::Value;
use crate::model::formula::{Comparison, Extreme, Operator};
use crate::model::time::describe_milliseconds;
use crate::simulation::machine::Machine;

/// One part of a condition with what was found and what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part, as in `count(purchase)`.
    pub what: String,
    /// The value it had.
    pub found: String,
    /// What it takes, as in `at least 5`.
    pub needed: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was {}, needs {}", self.what, self.found, self.needed)
    }
}

impl Machine {
    /// The failing part that came nearest to holding, for a condition that does not hold.
    pub(in crate::simulation) fn why_not(&self, term: &Term, scene: Scene) -> Finding {
        match term {
            Term::And(parts) => {
                let failing = parts.iter().filter(|part| !part.holds(scene));
                self.nearest(failing, scene).unwrap_or_else(|| self.finding(term, scene))
            }
            Term::Or(parts) => self.nearest(parts.iter(), scene).unwrap_or_else(|| self.finding(term, scene)),
            _ => self.finding(term, scene),
        }
    }

    /// The parts that made a condition hold.
    pub(in crate::simulation) fn why(&self, term: &Term, scene: Scene, findings: &mut Vec<Finding>) {
        match term {
            Term::And(parts) => {
                for part in parts {
                    self.why(part, scene, findings);
                }
            }
            Term::Or(parts) => {
                if let Some(part) = parts.iter().find(|part| part.holds(scene)) {
                    self.why(part, scene, findings);
                }
            }
            _ => findings.push(self.finding(term, scene)),
        }
    }

    fn nearest<'a>(&self, parts: impl Iterator<Item = &'a Term>, scene: Scene) -> Option<Finding> {
        let distance = |part: &Term| distance(part, scene);
        parts.min_by(|left, right| distance(left).total_cmp(&distance(right))).map(|part| {
            if matches!(part, Term::And(_) | Term::Or(_)) {
                self.why_not(part, scene)
            } else {
                self.finding(part, scene)
            }
        })
    }

    fn finding(&self, term: &Term, scene: Scene) -> Finding {
        match term {
            Term::Compare(comparison, left, right) => {
                let choices = self.choices(left).or_else(|| self.choices(right));
                let (measured, wanted, comparison) = if matches!(**left, Term::Constant(_)) {
                    (right, left, comparison.mirrored())
                } else {
                    (left, right, *comparison)
                };
                let elapsed = is_elapsed(measured);
                let show = |value: &Value| self.show(value, choices, elapsed);
                Finding {
                    what: self.print(measured),
                    found: show(&measured.value(scene)),
                    needed: needed(comparison, &show(&wanted.value(scene))),
                }
            }
            Term::Elapsed(elapsed, comparison, duration) => Finding {
                what: match elapsed {
                    Elapsed::Since(event) => format!("time since {}", self.event_name(*event)),
                    Elapsed::Here => {
                        format!("time in {}", scene.here.map_or("this state", |node| self.node_name(node)))
                    }
                },
                found: elapsed.from(scene).map_or_else(
                    || String::from("unknown (it never happened)"),
                    |from| describe_milliseconds(scene.memory.now.0 - from.0),
                ),
                needed: needed(*comparison, &duration.to_string()),
            },
            Term::IsUnknown(inner, negated) => Finding {
                what: self.print(inner),
                found: self.show(&inner.value(scene), self.choices(inner), false),
                needed: String::from(if *negated { "to be known" } else { "to be unknown" }),
            },
            Term::OneOf(inner, options) => {
                let choices = self.choices(inner);
                let options: Vec<String> =
                    options.iter().map(|option| self.show(&option.value(scene), choices, false)).collect();
                Finding {
                    what: self.print(inner),
                    found: self.show(&inner.value(scene), choices, false),
                    needed: format!("one of {}", options.join(", ")),
                }
            }
            Term::Chance(share) => Finding {
                what: format!("the draw of chance({}%)", share * 100.0),
                found: String::from(if term.holds(scene) { "in" } else { "out" }),
                needed: String::from("in"),
            },
            Term::In(node) => Finding {
                what: String::from("the state"),
                found: match scene.memory.leaves() {
                    [] => String::from("none"),
                    leaves => leaves.iter().map(|node| self.node_name(*node)).collect::<Vec<_>>().join(", "),
                },
                needed: self.node_name(*node).to_owned(),
            },
            Term::Not(inner) => {
                let finding = self.finding(inner, scene);
                Finding { needed: format!("not {}", finding.needed), ..finding }
            }
            _ => Finding {
                what: self.print(term),
                found: self.show(&term.value(scene), None, false),
                needed: String::from("yes"),
            },
        }
    }

    fn choices(&self, term: &Term) -> Option<&[String]> {
        match term {
            Term::Attribute(slot) => self.attribute_choices(*slot),
            _ => None,
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positions of choices are small whole numbers"
    )]
    fn show(&self, value: &Value, choices: Option<&[String]>, elapsed: bool) -> String {
        match (value, choices) {
            (Value::Number(position), Some(choices)) => {
                choices.get(*position as usize).cloned().unwrap_or_else(|| value.to_string())
            }
            (Value::Number(milliseconds), None) if elapsed => describe_milliseconds(*milliseconds as i64),
            (Value::Time(time), _) => time.display_in(self.zone()),
            _ => value.to_string(),
        }
    }

    /// The term in the words of the language.
    fn print(&self, term: &Term) -> String {
        let list = |parts: &[Term]| parts.iter().map(|part| self.print(part)).collect::<Vec<_>>().join(", ");
        match term {
            Term::Constant(value) => value.to_string(),
            Term::Attribute(slot) => self.attribute_name(*slot).to_owned(),
            Term::Field(slot) => format!("event.{}", self.field_name(*slot)),
            Term::Count(event) => format!("count({})", self.event_name(*event)),
            Term::CountWithin(event, window) => format!("count({}, {window})", self.event_name(*event)),
            Term::CountHere(event) => format!("count_here({})", self.event_name(*event)),
            Term::Since(event) => format!("since({})", self.event_name(*event)),
            Term::TimeHere => String::from("time_here"),
            Term::LastTouchpoint => String::from("last(touchpoint)"),
            Term::In(node) => format!("in({})", self.node_name(*node)),
            Term::Chance(share) => format!("chance({}%)", share * 100.0),
            Term::Not(inner) => format!("not {}", self.print(inner)),
            Term::And(parts) => parts.iter().map(|part| self.print(part)).collect::<Vec<_>>().join(" and "),
            Term::Or(parts) => parts.iter().map(|part| self.print(part)).collect::<Vec<_>>().join(" or "),
            Term::Compare(comparison, left, right) => {
                format!("{} {} {}", self.print(left), comparison.symbol(), self.print(right))
            }
            Term::Elapsed(Elapsed::Since(event), comparison, duration) => {
                format!("since({}) {} {duration}", self.event_name(*event), comparison.symbol())
            }
            Term::Elapsed(Elapsed::Here, comparison, duration) => {
                format!("time_here {} {duration}", comparison.symbol())
            }
            Term::IsUnknown(inner, negated) => {
                format!("{} is {}unknown", self.print(inner), if *negated { "not " } else { "" })
            }
            Term::OneOf(inner, options) => format!("{} in ({})", self.print(inner), list(options)),
            Term::Arithmetic(Operator::Divide, left, right) => {
                format!("quotient({}, {})", self.print(left), self.print(right))
            }
            Term::Arithmetic(Operator::Remainder, left, right) => {
                format!("remainder({}, {})", self.print(left), self.print(right))
            }
            Term::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "-",
                    _ => "*",
                };
                format!("{} {sign} {}", self.print(left), self.print(right))
            }
            Term::Negative(inner) => format!("-{}", self.print(inner)),
            Term::Extreme(Extreme::Least, parts) => format!("min({})", list(parts)),
            Term::Extreme(Extreme::Greatest, parts) => format!("max({})", list(parts)),
        }
    }
}

fn needed(comparison: Comparison, value: &str) -> String {
    match comparison {
        Comparison::Equal => value.to_owned(),
        Comparison::NotEqual => format!("anything but {value}"),
        Comparison::Less => format!("less than {value}"),
        Comparison::AtMost => format!("at most {value}"),
        Comparison::Greater => format!("more than {value}"),
        Comparison::AtLeast => format!("at least {value}"),
    }
}

fn is_elapsed(term: &Term) -> bool {
    matches!(term, Term::Since(_) | Term::TimeHere)
}

/// How far a failing part is from holding: 0 at the edge, relative to what is needed, infinite where no number says.
fn distance(term: &Term, scene: Scene) -> f64 {
    match term {
        Term::And(parts) => parts.iter().filter(|part| !part.holds(scene)).map(|part| distance(part, scene)).sum(),
        Term::Or(parts) => parts.iter().map(|part| distance(part, scene)).fold(f64::INFINITY, f64::min),
        Term::Compare(_, left, right) => match (left.value(scene), right.value(scene)) {
            (Value::Number(left), Value::Number(right)) => (left - right).abs() / right.abs().max(1.0),
            _ => f64::INFINITY,
        },
        #[expect(clippy::cast_precision_loss, reason = "a rough measure of nearness")]
        Term::Elapsed(elapsed, _, duration) => elapsed.from(scene).map_or(f64::INFINITY, |from| {
            let needed = duration.nominal_milliseconds().max(1) as f64;
            ((scene.memory.now.0 - from.0) as f64 - needed).abs() / needed
        }),
        _ => f64::INFINITY,
    }
}
