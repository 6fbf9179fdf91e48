//! Tree → text, with no more parentheses than needed.

use std::fmt::{self, Display as _};

use super::lexer::is_word;
use super::parser::is_keyword;
use super::{Expr, Extreme, Name, Operator};
use crate::model::time::Unit;

/// How tightly an expression binds; the grammar's levels.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Primary,
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Or(_) => Level::Or,
        Expr::And(_) => Level::And,
        Expr::Not(_) => Level::Not,
        Expr::Compare(..) | Expr::IsUnknown(..) | Expr::OneOf(..) => Level::Comparison,
        Expr::Arithmetic(Operator::Add | Operator::Subtract, ..) => Level::Sum,
        Expr::Arithmetic(Operator::Multiply, ..) => Level::Product,
        _ => Level::Primary,
    }
}

/// The name as a formula needs it: bare where that reads back as the same name, else in brackets.
pub(super) fn name(text: &str) -> String {
    // "true story" would be read as far as "true".
    let first = text.split(' ').next().unwrap_or_default();
    let reserved = ["unknown", "true", "false", "time_here"];
    let mut words = text.split(' ');
    let bare_word = |word: &str| {
        !word.is_empty()
            && word.chars().all(is_word)
            && !is_keyword(word)
            && !word.starts_with(|c: char| c.is_numeric())
    };
    let bare = words.all(bare_word)
        && !reserved.iter().any(|word| word.eq_ignore_ascii_case(first))
        && Unit::from_word(first).is_none();
    if bare { text.to_owned() } else { format!("[{}]", text.replace(']', "]]")) }
}

struct At<'a>(&'a Expr, Level);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if level(self.0) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&name(&self.text))
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Expr], separator: &str, level: fn() -> Level) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        At(part, level()).fmt(f)?;
    }
    Ok(())
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Duration(duration) => duration.fmt(f),
            Self::Name(name) => name.fmt(f),
            Self::Field(field) => write!(f, "event.{field}"),
            Self::Count(event, None) => write!(f, "count({event})"),
            Self::Count(event, Some(window)) => write!(f, "count({event}, {window})"),
            Self::CountHere(event) => write!(f, "count_here({event})"),
            Self::Since(event) => write!(f, "since({event})"),
            Self::TimeHere => f.write_str("time_here"),
            Self::LastTouchpoint => f.write_str("last(touchpoint)"),
            Self::In(state) => write!(f, "in({state})"),
            // Rounded to what a percentage with decimals can have meant: 0.07 * 100 is not quite 7.
            Self::Chance(share) => write!(f, "chance({}%)", (share * 1e14).round() / 1e12),
            Self::Not(inner) => write!(f, "not {}", At(inner, Level::Not)),
            Self::And(parts) => joined(f, parts, " and ", || Level::Not),
            Self::Or(parts) => joined(f, parts, " or ", || Level::And),
            Self::Compare(comparison, left, right) => {
                write!(f, "{} {} {}", At(left, Level::Sum), comparison.symbol(), At(right, Level::Sum))
            }
            Self::IsUnknown(inner, negated) => {
                write!(f, "{} is {}unknown", At(inner, Level::Sum), if *negated { "not " } else { "" })
            }
            Self::OneOf(inner, options) => {
                write!(f, "{} in (", At(inner, Level::Sum))?;
                joined(f, options, ", ", || Level::Sum)?;
                f.write_str(")")
            }
            Self::Arithmetic(Operator::Divide, left, right) => {
                write!(f, "quotient({}, {})", At(left, Level::Sum), At(right, Level::Sum))
            }
            Self::Arithmetic(Operator::Remainder, left, right) => {
                write!(f, "remainder({}, {})", At(left, Level::Sum), At(right, Level::Sum))
            }
            Self::Arithmetic(operator, left, right) => {
                let (sign, left_level, right_level) = match operator {
                    Operator::Add => ("+", Level::Sum, Level::Product),
                    Operator::Subtract => ("-", Level::Sum, Level::Product),
                    _ => ("*", Level::Product, Level::Primary),
                };
                write!(f, "{} {sign} {}", At(left, left_level), At(right, right_level))
            }
            // -(5) and -5 mean the same, but only the second is a number.
            Self::Negative(inner) if matches!(**inner, Self::Number(_)) => write!(f, "-({inner})"),
            Self::Negative(inner) => write!(f, "-{}", At(inner, Level::Primary)),
            Self::Extreme(extreme, parts) => {
                f.write_str(if *extreme == Extreme::Least { "min(" } else { "max(" })?;
                joined(f, parts, ", ", || Level::Sum)?;
                f.write_str(")")
            }
        }
    }
}
