//! Our formulas → ECMAScript, where it can say the same: the unknown is undefined there, and differs from everything.

use std::fmt::Write as _;

use super::tokens::Tokens;
use crate::model::formula::{Comparison, Expr, Extreme, Formula, Name, Operator};
use crate::model::{Attribute, AttributeKind, NodeId, Project};

/// Names as they are called in the chart.
pub(super) struct Scripts<'a> {
    pub(super) project: &'a Project,
    pub(super) tokens: &'a Tokens,
    /// Whether the state can be seen by others.
    pub(super) is_plain: &'a dyn Fn(NodeId) -> bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    YesNo,
    /// What comes with an event may be anything.
    Any,
}

impl Kind {
    fn of(kind: &AttributeKind) -> Option<Self> {
        match kind {
            AttributeKind::Number | AttributeKind::Score => Some(Self::Number),
            AttributeKind::Text => Some(Self::Text),
            AttributeKind::YesNo => Some(Self::YesNo),
            AttributeKind::Time | AttributeKind::Choice(_) => None,
        }
    }

    fn fits(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

impl Scripts<'_> {
    /// The condition; the empty text where it always holds. `None`: it cannot be said.
    pub(super) fn condition(&self, formula: &Formula) -> Option<String> {
        match formula.parse() {
            Ok(None) => Some(String::new()),
            Ok(Some(expr)) => self.truth(&expr),
            Err(_) => None,
        }
    }

    /// The value to put into the attribute.
    pub(super) fn value_for(&self, attribute: &Attribute, formula: &Formula) -> Option<String> {
        let (script, kind) = self.value(&formula.parse().ok()??)?;
        Kind::of(&attribute.kind)?.fits(kind).then_some(script)
    }

    /// The number to add to a score.
    pub(super) fn points(&self, formula: &Formula) -> Option<String> {
        let (script, kind) = self.value(&formula.parse().ok()??)?;
        (kind == Kind::Number).then_some(script)
    }

    /// The value to send with an event.
    pub(super) fn sent(&self, formula: &Formula) -> Option<String> {
        Some(self.value(&formula.parse().ok()??)?.0)
    }

    fn attribute(&self, name: &Name) -> Option<(String, &AttributeKind)> {
        let attribute = self.project.attribute_by_name(&name.text)?;
        Some((self.tokens.attribute(attribute.id).to_owned(), &attribute.kind))
    }

    fn truth(&self, expr: &Expr) -> Option<String> {
        let joined = |parts: &[Expr], sign: &str| -> Option<String> {
            let parts = parts.iter().map(|part| self.truth(part)).collect::<Option<Vec<_>>>()?;
            Some(format!("({})", parts.join(sign)))
        };
        Some(match expr {
            Expr::YesNo(yes) => yes.to_string(),
            Expr::Name(name) => match self.attribute(name)? {
                (script, AttributeKind::YesNo) => script,
                _ => return None,
            },
            Expr::In(name) => {
                let node = self.project.node_by_name(&name.text).filter(|node| (self.is_plain)(node.id))?;
                format!("In('{}')", self.tokens.node(node.id))
            }
            Expr::Not(inner) => format!("!({})", self.truth(inner)?),
            Expr::And(parts) => joined(parts, " && ")?,
            Expr::Or(parts) => joined(parts, " || ")?,
            Expr::Compare(comparison, left, right) => self.comparison(*comparison, left, right)?,
            Expr::IsUnknown(inner, negated) => {
                let sign = if *negated { "!==" } else { "===" };
                let inner = match &**inner {
                    Expr::Name(name) => self.attribute(name)?.0,
                    field @ Expr::Field(_) => self.value(field)?.0,
                    _ => return None,
                };
                format!("{inner} {sign} undefined")
            }
            Expr::OneOf(inner, options) => {
                let equal = |option| self.comparison(Comparison::Equal, inner, option);
                format!("({})", options.iter().map(equal).collect::<Option<Vec<_>>>()?.join(" || "))
            }
            _ => return None,
        })
    }

    fn comparison(&self, comparison: Comparison, left: &Expr, right: &Expr) -> Option<String> {
        let ((one, kind), (other, other_kind)) = (self.value(left)?, self.value(right)?);
        if !kind.fits(other_kind) || kind == Kind::Any && other_kind == Kind::Any {
            return None;
        }
        let sign = match comparison {
            Comparison::Equal => "===",
            Comparison::NotEqual => "!==",
            _ if kind != Kind::Number && other_kind != Kind::Number => return None,
            ordered => return Some(format!("({one} {} {other})", ordered.symbol())),
        };
        // The unknown is not equal to itself, and no comparison with it holds.
        let mut known = String::new();
        let is_constant = |expr: &Expr| matches!(expr, Expr::Number(_) | Expr::Text(_) | Expr::YesNo(_));
        let both_vary = !is_constant(left) && !is_constant(right);
        for (script, expr) in [(&one, left), (&other, right)] {
            match expr {
                Expr::Name(_) | Expr::Field(_) if both_vary || comparison == Comparison::NotEqual => {
                    let _ = write!(known, "{script} !== undefined && ");
                }
                Expr::Arithmetic(..) | Expr::Negative(_) | Expr::Extreme(..) if comparison == Comparison::NotEqual => {
                    return None;
                }
                _ => {}
            }
        }
        Some(format!("({known}{one} {sign} {other})"))
    }

    fn value(&self, expr: &Expr) -> Option<(String, Kind)> {
        let number = |expr: &Expr| self.value(expr).filter(|(_, kind)| *kind == Kind::Number).map(|(script, _)| script);
        Some(match expr {
            Expr::Number(number) if number.is_sign_negative() => (format!("({number})"), Kind::Number),
            Expr::Number(number) => (number.to_string(), Kind::Number),
            Expr::Text(text) => (quoted(text), Kind::Text),
            Expr::Name(name) => {
                let (script, kind) = self.attribute(name)?;
                (script, Kind::of(kind)?)
            }
            // A value without a name of its own.
            Expr::Field(name) if name.text == "data" => (String::from("_event.data"), Kind::Any),
            Expr::Field(name) if is_word(&name.text) => (format!("_event.data.{}", name.text), Kind::Any),
            Expr::Negative(inner) => (format!("(-{})", number(inner)?), Kind::Number),
            Expr::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Operator::Add => '+',
                    Operator::Subtract => '-',
                    Operator::Multiply => '*',
                    Operator::Divide => '/',
                    Operator::Remainder => '%',
                };
                (format!("({} {sign} {})", number(left)?, number(right)?), Kind::Number)
            }
            Expr::Extreme(extreme, parts) if parts.len() > 1 => {
                let parts = parts.iter().map(number).collect::<Option<Vec<_>>>()?.join(", ");
                let function = if *extreme == Extreme::Least { "min" } else { "max" };
                (format!("Math.{function}({parts})"), Kind::Number)
            }
            _ => (self.truth(expr)?, Kind::YesNo),
        })
    }
}

pub(super) fn quoted(text: &str) -> String {
    if text.contains(|c: char| matches!(c, '\'' | '\\') || c.is_control()) {
        super::xml::json(&text)
    } else {
        format!("'{text}'")
    }
}

pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
