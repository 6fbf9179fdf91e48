//! ECMAScript trees → our formulas, so that they mean the same: what is undefined there is unknown here, and differs from
//! everything.

use super::datamodel::{Variables, kind_of};
use super::expression::{Binary, Script};
use crate::model::AttributeKind;
use crate::model::formula::{Comparison, Expr, Extreme, Formula, Name, Operator};

/// Names as they are called here.
pub(super) struct Translator<'a> {
    pub(super) variables: &'a Variables,
    /// The name of the state with this id.
    pub(super) state: &'a dyn Fn(&str) -> Option<String>,
    /// Every field that may come with an event.
    pub(super) brought: &'a [String],
}

/// What cannot be expressed.
type Unknown = String;

impl Translator<'_> {
    /// The condition as a formula.
    pub(super) fn condition(&self, script: &Script) -> Result<Formula, Unknown> {
        match self.truth(script)? {
            Expr::YesNo(true) => Ok(Formula::default()),
            expr => as_formula(&expr),
        }
    }

    /// The value as a formula.
    pub(super) fn value(&self, script: &Script) -> Result<Formula, Unknown> {
        // Nothing said is nothing known.
        if *script == Script::Undefined {
            return Ok(Formula::default());
        }
        as_formula(&self.operand(script)?)
    }

    pub(super) fn kind(&self, script: &Script) -> Option<AttributeKind> {
        kind_of(script, &|name| self.variables.get(name).map(|variable| variable.kind.clone()))
    }

    fn truth(&self, script: &Script) -> Result<Expr, Unknown> {
        Ok(match script {
            Script::YesNo(yes) => Expr::YesNo(*yes),
            Script::Number(number) => Expr::YesNo(*number != 0.0),
            Script::Text(text) => Expr::YesNo(!text.is_empty()),
            Script::Undefined => Expr::YesNo(false),
            Script::TypeOf(_) | Script::Array(_) => Expr::YesNo(true),
            Script::Event => Expr::IsUnknown(Box::new(Expr::Field(Name::new("_event.name"))), true),
            Script::Variable(name) if self.variables.list(name).is_some() => Expr::YesNo(true),
            Script::In(state) => match (self.state)(state) {
                Some(name) => Expr::In(Name::new(name)),
                None => Expr::YesNo(false),
            },
            Script::Not(inner) => not(self.truth(inner)?),
            Script::And(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    match self.truth(part)? {
                        Expr::And(inner) => all.extend(inner),
                        other => all.push(other),
                    }
                }
                Expr::And(all)
            }
            Script::Or(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    match self.truth(part)? {
                        Expr::Or(inner) => all.extend(inner),
                        other => all.push(other),
                    }
                }
                Expr::Or(all)
            }
            Script::Binary(operator, left, right) if comparison(*operator).is_some() => {
                self.comparison(*operator, left, right)?
            }
            _ => {
                let nothing = match self.kind(script) {
                    Some(AttributeKind::YesNo) => return self.operand(script),
                    Some(AttributeKind::Number) => Expr::Number(0.0),
                    Some(AttributeKind::Text) => Expr::Text(String::new()),
                    // Whatever it turns out to be, it is neither nothing nor no.
                    _ if matches!(script, Script::EventData | Script::EventField(_)) => {
                        let value = self.operand(script)?;
                        let nothings = [Expr::Number(0.0), Expr::Text(String::new()), Expr::YesNo(false)];
                        let known = Expr::IsUnknown(Box::new(value.clone()), true);
                        let something = nothings.into_iter().map(|nothing| not(equal(value.clone(), nothing)));
                        return Ok(Expr::And(std::iter::once(known).chain(something).collect()));
                    }
                    _ => return Err(String::from("condition of a value whose kind is not known")),
                };
                let value = self.operand(script)?;
                let known = Expr::IsUnknown(Box::new(value.clone()), true);
                Expr::And(vec![known, not(equal(value, nothing))])
            }
        })
    }

    fn comparison(&self, operator: Binary, left: &Script, right: &Script) -> Result<Expr, Unknown> {
        let negated = matches!(operator, Binary::NotEqual | Binary::StrictlyNotEqual);
        let signed = |expr| if negated { not(expr) } else { expr };
        let equality = negated || matches!(operator, Binary::Equal | Binary::StrictlyEqual);
        if equality {
            for (one, other) in [(left, right), (right, left)] {
                let undefined = match (one, other) {
                    (Script::TypeOf(inner), Script::Text(kind)) if kind == "undefined" => Some(&**inner),
                    (Script::TypeOf(inner), Script::Text(kind)) => return Ok(signed(self.is_of_kind(inner, kind)?)),
                    (Script::TypeOf(_), _) => return Err(String::from("typeof")),
                    (inner, Script::Undefined) => Some(inner),
                    _ => None,
                };
                if let Some(inner) = undefined {
                    // What was never declared is undefined for `typeof`.
                    let undeclared = matches!(inner, Script::Variable(name) if self.variables.get(name).is_none());
                    let is_undefined = if undeclared && matches!(one, Script::TypeOf(_)) {
                        Expr::YesNo(true)
                    } else {
                        match inner {
                            Script::Event => not(self.truth(inner)?),
                            Script::Variable(name) if self.variables.list(name).is_some() => Expr::YesNo(false),
                            Script::Undefined => Expr::YesNo(true),
                            // What comes with an event may be one value, or several with a name each.
                            Script::EventData => {
                                let field = |name: &String| Box::new(Expr::Field(Name::new(name.clone())));
                                let parts = self.brought.iter().map(|name| Expr::IsUnknown(field(name), false));
                                match parts.collect::<Vec<_>>().as_slice() {
                                    [part] => part.clone(),
                                    parts => Expr::And(parts.to_vec()),
                                }
                            }
                            _ => Expr::IsUnknown(Box::new(self.operand(inner)?), false),
                        }
                    };
                    return Ok(signed(is_undefined));
                }
            }
        }
        match (self.kind(left), self.kind(right)) {
            (Some(one), Some(other)) if one != other => {
                return match operator {
                    Binary::StrictlyEqual | Binary::StrictlyNotEqual => Ok(signed(Expr::YesNo(false))),
                    _ => Err(String::from("comparison of values of different kinds")),
                };
            }
            (Some(AttributeKind::Text | AttributeKind::YesNo), _) if !equality => {
                return Err(String::from("order of values that are no numbers"));
            }
            _ => {}
        }
        let comparison = comparison(operator).unwrap_or(Comparison::Equal);
        Ok(signed(Expr::Compare(comparison, Box::new(self.operand(left)?), Box::new(self.operand(right)?))))
    }

    /// `typeof x == 'number'`.
    fn is_of_kind(&self, script: &Script, kind: &str) -> Result<Expr, Unknown> {
        let is_list = matches!(script, Script::Variable(name) if self.variables.list(name).is_some());
        let own = match self.kind(script) {
            Some(AttributeKind::Number) => "number",
            Some(AttributeKind::Text) => "string",
            Some(AttributeKind::YesNo) => "boolean",
            _ if is_list || *script == Script::Event => "object",
            _ => return Err(String::from("typeof")),
        };
        match script {
            _ if own != kind => Ok(Expr::YesNo(false)),
            Script::Event => self.truth(script),
            _ if is_list => Ok(Expr::YesNo(true)),
            _ => Ok(Expr::IsUnknown(Box::new(self.operand(script)?), true)),
        }
    }

    fn operand(&self, script: &Script) -> Result<Expr, Unknown> {
        Ok(match script {
            Script::Number(number) => Expr::Number(*number),
            Script::Text(text) => Expr::Text(text.clone()),
            Script::Variable(name) => match self.variables.get(name) {
                Some(variable) => Expr::Name(Name::new(variable.name.clone())),
                None if self.variables.list(name).is_some() => return Err(String::from("array")),
                None => return Err(format!("variable {name}, which is not declared,")),
            },
            Script::EventData => Expr::Field(Name::new("data")),
            Script::EventField(field) => Expr::Field(Name::new(field.clone())),
            Script::EventPart(part) => Expr::Field(Name::new(format!("_event.{part}"))),
            Script::ChartName => Expr::Text(self.variables.chart.clone()),
            Script::Event => return Err(String::from("_event as a value")),
            Script::Array(_) => return Err(String::from("array")),
            Script::Part(name, part) => return Err(format!("{name}.{part}")),

            Script::Negative(inner) => Expr::Negative(Box::new(self.operand(inner)?)),
            Script::Extreme(greatest, parts) => Expr::Extreme(
                if *greatest { Extreme::Greatest } else { Extreme::Least },
                parts.iter().map(|part| self.operand(part)).collect::<Result<_, _>>()?,
            ),
            Script::Binary(operator, left, right) if comparison(*operator).is_none() => {
                let is_yes_no = |part| self.kind(part) == Some(AttributeKind::YesNo);
                if self.kind(script) == Some(AttributeKind::Text) && (is_yes_no(left) || is_yes_no(right)) {
                    return Err(String::from("sum of a text and yes or no"));
                }
                let operator = match operator {
                    Binary::Subtract => Operator::Subtract,
                    Binary::Multiply => Operator::Multiply,
                    Binary::Divide => Operator::Divide,
                    Binary::Remainder => Operator::Remainder,
                    _ => Operator::Add,
                };
                Expr::Arithmetic(operator, Box::new(self.operand(left)?), Box::new(self.operand(right)?))
            }
            Script::Undefined => return Err(String::from("the value undefined")),
            Script::TypeOf(_) => return Err(String::from("typeof")),
            Script::And(_) | Script::Or(_) if self.kind(script).is_none() => {
                return Err(String::from("&& or || between values"));
            }
            Script::YesNo(_) | Script::In(_) | Script::Not(_) | Script::And(_) | Script::Or(_) | Script::Binary(..) => {
                self.truth(script)?
            }
        })
    }
}

fn not(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        Expr::YesNo(yes) => Expr::YesNo(!yes),
        Expr::IsUnknown(inner, negated) => Expr::IsUnknown(inner, !negated),
        other => Expr::Not(Box::new(other)),
    }
}

fn equal(left: Expr, right: Expr) -> Expr {
    Expr::Compare(Comparison::Equal, Box::new(left), Box::new(right))
}

/// Inequality is the negation of equality, because the unknown differs from everything; see [`Translator::comparison`].
fn comparison(operator: Binary) -> Option<Comparison> {
    Some(match operator {
        Binary::Equal | Binary::StrictlyEqual | Binary::NotEqual | Binary::StrictlyNotEqual => Comparison::Equal,
        Binary::Less => Comparison::Less,
        Binary::AtMost => Comparison::AtMost,
        Binary::Greater => Comparison::Greater,
        Binary::AtLeast => Comparison::AtLeast,
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => return None,
    })
}

/// The text, if it reads back as the same tree; the language has a few forms that cannot be inside others.
fn as_formula(expr: &Expr) -> Result<Formula, Unknown> {
    let formula = Formula::from(expr);
    match formula.parse() {
        Ok(Some(read)) if read == *expr => Ok(formula),
        _ => Err(format!("the expression {formula}")),
    }
}
