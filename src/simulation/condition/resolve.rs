//! Names → slots, with a sentence for each that does not exist or does not fit.

use super::{Elapsed, Term};
use crate::model::formula::{Comparison, Expr, Name, Operator};
use crate::model::{AttributeId, AttributeKind, EventId, Formula, NodeId, Project, TouchpointId, Value};

/// What kind of value a term has, for telling early that a comparison can never hold.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Number,
    Text,
    YesNo,
    Time,
    Elapsed,
    Choice(Vec<String>),
    Touchpoint,
    /// A field: whatever the file brings.
    Any,
}

impl Kind {
    fn label(&self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "a text",
            Self::YesNo => "yes or no",
            Self::Time => "a time",
            Self::Elapsed => "a duration",
            Self::Choice(_) => "a choice",
            Self::Touchpoint => "a touchpoint",
            Self::Any => "a value",
        }
    }
}

/// Looks names up in a project, in the order of the machine's slots.
pub(in crate::simulation) struct Resolver<'a> {
    pub(in crate::simulation) project: &'a Project,
    pub(in crate::simulation) nodes: &'a [NodeId],
    pub(in crate::simulation) events: &'a [EventId],
    pub(in crate::simulation) attributes: &'a [AttributeId],
    pub(in crate::simulation) fields: &'a [String],
}

impl Resolver<'_> {
    /// The condition a formula states; `None` for the empty one, which always holds.
    pub(in crate::simulation) fn condition(&self, formula: &Formula) -> Result<Option<Term>, String> {
        let Some(expr) = formula.parse().map_err(|error| format!("\"{formula}\" cannot be read {error}"))? else {
            return Ok(None);
        };
        match self.resolve(&expr)? {
            (term, Kind::YesNo | Kind::Any) => Ok(Some(term)),
            (_, kind) => Err(format!("\"{formula}\" is {}, not a condition; compare it with something", kind.label())),
        }
    }

    /// The same of a condition that belongs to no arrow and is asked at no event: of a behaviour, or of the send policy.
    pub(in crate::simulation) fn condition_apart(
        &self,
        formula: &Formula,
        is_somewhere: bool,
    ) -> Result<Option<Term>, String> {
        apart(formula, is_somewhere).and_then(|()| self.condition(formula))
    }

    /// The value a formula states.
    pub(in crate::simulation) fn value(
        &self,
        formula: &Formula,
        choices: Option<&[String]>,
    ) -> Result<Option<Term>, String> {
        let Some(expr) = formula.parse().map_err(|error| format!("\"{formula}\" cannot be read {error}"))? else {
            return Ok(None);
        };
        if let (Some(choices), Expr::Name(name)) = (choices, &expr)
            && let Some(term) = choice(choices, &name.text)
        {
            return Ok(Some(term));
        }
        if let Expr::Name(name) = &expr
            && choices.is_none()
            && self.attribute(&name.text).is_none()
        {
            return Err(format!("there is no attribute named \"{}\"; put a text into quotes", name.text));
        }
        self.resolve(&expr).map(|(term, _)| Some(term))
    }

    fn resolve(&self, expr: &Expr) -> Result<(Term, Kind), String> {
        let number = |term| Ok((term, Kind::Number));
        let yes_no = |term| Ok((term, Kind::YesNo));
        #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
        let constant = |number: i64| Term::Constant(Value::Number(number as f64));
        match expr {
            Expr::Number(value) => number(Term::Constant(Value::Number(*value))),
            Expr::Text(text) => Ok((Term::Constant(Value::Text(text.clone())), Kind::Text)),
            Expr::YesNo(yes) => yes_no(Term::Constant(Value::YesNo(*yes))),
            Expr::Duration(duration) => Ok((constant(duration.nominal_milliseconds()), Kind::Elapsed)),
            Expr::Name(name) => self.named(name),
            Expr::Field(name) => {
                let slot = self.fields.iter().position(|field| field.eq_ignore_ascii_case(&name.text));
                let slot = slot.ok_or_else(|| format!("no event has a field named \"{}\"", name.text))?;
                Ok((Term::Field(slot), Kind::Any))
            }
            Expr::Count(event, None) => number(Term::Count(self.event(event)?)),
            Expr::Count(event, Some(window)) => number(Term::CountWithin(self.event(event)?, *window)),
            Expr::CountHere(event) => number(Term::CountHere(self.event(event)?)),
            Expr::Since(event) => Ok((Term::Since(self.event(event)?), Kind::Elapsed)),
            Expr::TimeHere => Ok((Term::TimeHere, Kind::Elapsed)),
            Expr::LastTouchpoint => Ok((Term::LastTouchpoint, Kind::Touchpoint)),
            Expr::In(state) => {
                let node = self.project.node_by_name(&state.text);
                let slot = node.and_then(|node| self.nodes.iter().position(|id| *id == node.id));
                yes_no(Term::In(slot.ok_or_else(|| format!("there is no state named \"{}\"", state.text))?))
            }
            Expr::Chance(share) => yes_no(Term::Chance(*share)),
            Expr::Not(inner) => yes_no(Term::Not(Box::new(self.truth(inner)?))),
            Expr::And(parts) => yes_no(Term::And(parts.iter().map(|part| self.truth(part)).collect::<Result<_, _>>()?)),
            Expr::Or(parts) => yes_no(Term::Or(parts.iter().map(|part| self.truth(part)).collect::<Result<_, _>>()?)),
            Expr::Compare(comparison, left, right) => yes_no(self.comparison(*comparison, left, right)?),
            Expr::IsUnknown(inner, negated) => yes_no(Term::IsUnknown(Box::new(self.resolve(inner)?.0), *negated)),
            Expr::OneOf(inner, options) => {
                let (term, kind) = self.resolve(inner)?;
                let options = options
                    .iter()
                    .map(|option| self.beside(option, &kind).map(|(term, _)| term))
                    .collect::<Result<_, _>>()?;
                yes_no(Term::OneOf(Box::new(term), options))
            }
            Expr::Arithmetic(operator, left, right) => {
                let parts = [(&**left, self.resolve(left)?), (&**right, self.resolve(right)?)];
                let is_text = *operator == Operator::Add && parts.iter().any(|(_, (_, kind))| *kind == Kind::Text);
                let mut terms = Vec::new();
                for (expr, (term, kind)) in parts {
                    terms.push(if is_text { joined(expr, term, kind)? } else { quantity(expr, term, kind)? });
                }
                let (Some((right, _)), Some((left, kind))) = (terms.pop(), terms.pop()) else {
                    return Err(format!("\"{expr}\" has no two sides"));
                };
                let kind = if is_text { Kind::Text } else { kind };
                Ok((Term::Arithmetic(*operator, Box::new(left), Box::new(right)), kind))
            }
            Expr::Negative(inner) => {
                let (inner, kind) = self.quantity(inner)?;
                Ok((Term::Negative(Box::new(inner)), kind))
            }
            Expr::Extreme(extreme, parts) => {
                let parts: Vec<(Term, Kind)> =
                    parts.iter().map(|part| self.quantity(part)).collect::<Result<_, _>>()?;
                let kind = parts.first().map_or(Kind::Number, |(_, kind)| kind.clone());
                Ok((Term::Extreme(*extreme, parts.into_iter().map(|(term, _)| term).collect()), kind))
            }
        }
    }

    fn truth(&self, expr: &Expr) -> Result<Term, String> {
        match self.resolve(expr)? {
            (term, Kind::YesNo | Kind::Any) => Ok(term),
            (_, kind) => Err(format!("\"{expr}\" is {}, not a condition; compare it with something", kind.label())),
        }
    }

    fn quantity(&self, expr: &Expr) -> Result<(Term, Kind), String> {
        let (term, kind) = self.resolve(expr)?;
        quantity(expr, term, kind)
    }

    fn comparison(&self, comparison: Comparison, left: &Expr, right: &Expr) -> Result<Term, String> {
        // Either way round, days are counted on the contact's calendar.
        for (measured, wanted, comparison) in [(left, right, comparison), (right, left, comparison.mirrored())] {
            let elapsed = match measured {
                Expr::Since(event) => Elapsed::Since(self.event(event)?),
                Expr::TimeHere => Elapsed::Here,
                _ => continue,
            };
            if let Expr::Duration(duration) = wanted {
                return Ok(Term::Elapsed(elapsed, comparison, *duration));
            }
        }
        // A word is what the other side makes of it: a choice, a touchpoint, a time, else an attribute or a text.
        let (left, left_kind, right, right_kind) = if self.weight(left) >= self.weight(right) {
            let (left, left_kind) = self.resolve(left)?;
            let (right, right_kind) = self.beside(right, &left_kind)?;
            (left, left_kind, right, right_kind)
        } else {
            let (right, right_kind) = self.resolve(right)?;
            let (left, left_kind) = self.beside(left, &right_kind)?;
            (left, left_kind, right, right_kind)
        };
        let ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordering && matches!(left_kind, Kind::Text | Kind::Touchpoint | Kind::YesNo) {
            return Err(format!(
                "{} has no order, so it cannot be compared with {}",
                left_kind.label(),
                comparison.symbol()
            ));
        }
        if left_kind != right_kind && left_kind != Kind::Any && right_kind != Kind::Any {
            return Err(format!("{} cannot be compared with {}", left_kind.label(), right_kind.label()));
        }
        Ok(Term::Compare(comparison, Box::new(left), Box::new(right)))
    }

    /// How much it says by itself: a name that is no attribute says nothing, a text in quotes may still be a choice.
    fn weight(&self, expr: &Expr) -> u8 {
        match expr {
            Expr::Name(name) if self.attribute(&name.text).is_none() => 0,
            Expr::Text(_) => 1,
            _ => 2,
        }
    }

    /// `expr` standing beside a value of `kind`.
    fn beside(&self, expr: &Expr, kind: &Kind) -> Result<(Term, Kind), String> {
        let (Expr::Name(Name { text, .. }) | Expr::Text(text)) = expr else { return self.resolve(expr) };
        match kind {
            Kind::Choice(choices) => {
                if let Some(term) = choice(choices, text) {
                    return Ok((term, kind.clone()));
                }
                if self.attribute(text).is_some() {
                    return self.resolve(expr);
                }
                Err(format!("\"{text}\" is none of the choices {}", choices.join(", ")))
            }
            Kind::Touchpoint => match self.project.touchpoint_by_name(text) {
                Some(touchpoint) => Ok((Term::Constant(Value::Text(touchpoint.name.clone())), Kind::Touchpoint)),
                None => Err(format!("there is no touchpoint named \"{text}\"")),
            },
            Kind::Text | Kind::Any if self.attribute(text).is_none() => {
                Ok((Term::Constant(Value::Text(text.clone())), Kind::Text))
            }
            Kind::Time => match crate::model::Time::parse(text, &self.project.zone()) {
                Ok(time) => Ok((Term::Constant(Value::Time(time)), Kind::Time)),
                Err(_) if self.attribute(text).is_some() => self.resolve(expr),
                Err(problem) => Err(problem),
            },
            _ => self.resolve(expr),
        }
    }

    fn named(&self, name: &Name) -> Result<(Term, Kind), String> {
        let slot = self.attribute(&name.text).ok_or_else(|| self.no_attribute(&name.text))?;
        let kind = match &self.project.attributes[&self.attributes[slot]].kind {
            AttributeKind::Number | AttributeKind::Score => Kind::Number,
            AttributeKind::Text => Kind::Text,
            AttributeKind::YesNo => Kind::YesNo,
            AttributeKind::Time => Kind::Time,
            AttributeKind::Choice(choices) => Kind::Choice(choices.clone()),
        };
        Ok((Term::Attribute(slot), kind))
    }

    fn no_attribute(&self, name: &str) -> String {
        let field = self.fields.iter().find(|field| field.eq_ignore_ascii_case(name)).map(Name::new);
        let advice = field.map_or_else(String::new, |field| format!("; write event.{field} for what the event brings"));
        format!("there is no attribute named \"{name}\"{advice}")
    }

    fn attribute(&self, name: &str) -> Option<usize> {
        let attribute = self.project.attribute_by_name(name)?;
        self.attributes.iter().position(|id| *id == attribute.id)
    }

    fn event(&self, name: &Name) -> Result<usize, String> {
        let event = self.project.event_by_name(&name.text);
        let slot = event.and_then(|event| self.events.iter().position(|id| *id == event.id));
        slot.ok_or_else(|| format!("there is no event named \"{}\"", name.text))
    }

    /// The name of a touchpoint, as the memory keeps it.
    pub(in crate::simulation) fn touchpoint(&self, id: TouchpointId) -> String {
        self.project
            .touchpoints
            .get(&id)
            .map_or_else(|| String::from("(deleted)"), |touchpoint| touchpoint.name.clone())
    }
}

/// Refuses what means something only on an arrow, or while an event is being processed. `is_somewhere`: it is asked in a
/// certain state, so that what happened here can be counted.
pub(in crate::simulation) fn apart(formula: &Formula, is_somewhere: bool) -> Result<(), String> {
    // What cannot be read has another problem.
    let Ok(Some(expr)) = formula.parse() else { return Ok(()) };
    let mut problem = None;
    expr.visit(&mut |part| {
        let why = match part {
            Expr::Chance(_) => "is drawn once for each arrow, and there is none here; give an outcome a share instead",
            Expr::CountHere(_) if is_somewhere => return,
            Expr::CountHere(_) => {
                "counts since the source of an arrow was entered, and there is none here; write count"
            }
            Expr::Field(_) => {
                "is what an event brings, and none is being processed here; bind the field to an attribute"
            }
            _ => return,
        };
        problem.get_or_insert_with(|| format!("\"{part}\" {why}"));
    });
    problem.map_or(Ok(()), Err)
}

fn quantity(expr: &Expr, term: Term, kind: Kind) -> Result<(Term, Kind), String> {
    match kind {
        Kind::Number | Kind::Elapsed | Kind::Any => Ok((term, kind)),
        _ => Err(format!("\"{expr}\" is {}; only numbers can be added, multiplied or compared by size", kind.label())),
    }
}

/// A part of a text that is made of several.
fn joined(expr: &Expr, term: Term, kind: Kind) -> Result<(Term, Kind), String> {
    match kind {
        Kind::Text | Kind::Number | Kind::Any => Ok((term, kind)),
        _ => Err(format!("\"{expr}\" is {}; only texts and numbers can be joined to a text", kind.label())),
    }
}

/// A choice is kept as its position, so that `>=` compares positions.
fn choice(choices: &[String], name: &str) -> Option<Term> {
    let position = choices.iter().position(|choice| choice.eq_ignore_ascii_case(name))?;
    let position = u32::try_from(position).ok()?;
    Some(Term::Constant(Value::Number(f64::from(position))))
}
