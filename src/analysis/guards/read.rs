//! Conditions as the analysis needs them: every name looked up, every question at its place, and of what it cannot look
//! into the reason why.

use std::collections::BTreeMap;

use super::asked::{Asked, Clock, Guard, Sample, Stretch, Value};
use super::linear::{Linear, pieces};
use crate::model::formula::{Comparison, Expr, Name};
use crate::model::{AttributeKind, NodeId, Project, Time, Transition, Zone};

/// A condition with the sums whose sign decides its comparisons.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) guard: Guard,
    pub(super) sums: Vec<Linear>,
}

/// Everything that some conditions ask, each question once.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) asked: Vec<Asked>,
    places: BTreeMap<Asked, usize>,
    /// Why a riddle is one, by place.
    pub(super) why: BTreeMap<usize, String>,
    /// Every text that something is compared with, in the order they were met.
    pub(super) texts: Vec<String>,
    /// Every length of time that something is compared with.
    pub(super) lengths: Vec<Stretch>,
    /// Why lengths of time are not looked into, where they are not.
    unclear: Option<String>,
}

/// What kind of value something is, so far as it matters what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind<'a> {
    Number,
    Elapsed,
    Text,
    YesNo,
    Time,
    Choice(&'a [String]),
    Touchpoint,
    Any,
}

impl Catalog {
    pub(super) fn place(&mut self, asked: Asked) -> usize {
        if let Some(place) = self.places.get(&asked) {
            return *place;
        }
        self.asked.push(asked.clone());
        self.places.insert(asked, self.asked.len() - 1);
        self.asked.len() - 1
    }

    pub(super) fn known(&self, asked: &Asked) -> Option<usize> {
        self.places.get(asked).copied()
    }

    fn riddle(&mut self, expr: &Expr, why: String) -> Guard {
        let place = self.place(Asked::Riddle(expr.to_string()));
        self.why.entry(place).or_insert(why);
        Guard::Truth(Value::Asked(place))
    }

    /// Looks through all conditions for lengths of time that no order holds for.
    pub(super) fn look_at_clocks<'a>(&mut self, exprs: impl Iterator<Item = &'a Expr>, zone: &Zone) {
        let (mut lengths, mut windows, mut bare, mut elapsed) = (Vec::new(), Vec::new(), false, false);
        for expr in exprs {
            expr.visit(&mut |part| match part {
                Expr::Count(_, Some(window)) => windows.push(Stretch::from(*window)),
                Expr::Compare(_, left, right) => match (&**left, &**right) {
                    (Expr::Since(_) | Expr::TimeHere, Expr::Duration(length))
                    | (Expr::Duration(length), Expr::Since(_) | Expr::TimeHere) => lengths.push(Stretch::from(*length)),
                    (left, right) => bare |= has_elapsed(left) || has_elapsed(right),
                },
                Expr::OneOf(inner, _) => bare |= has_elapsed(inner),
                Expr::Since(_) | Expr::TimeHere | Expr::CountHere(_) => elapsed = true,
                _ => {}
            });
        }
        let months = |all: &[Stretch]| all.iter().any(|stretch| stretch.clock == Clock::Months);
        if bare && (months(&lengths) || !zone.is_utc() && lengths.iter().any(|length| length.clock == Clock::Days)) {
            self.unclear = Some(String::from("a length of time is compared with the calendar and without it"));
        }
        if elapsed && months(&windows) {
            self.unclear =
                Some(String::from("events are counted within months, and it also matters how long ago they were"));
        }
        lengths.extend(windows);
        self.lengths.clone_from(&lengths);
        for (index, one) in lengths.iter().enumerate() {
            for other in &lengths[..index] {
                let ((low, high), (from, to)) = (one.range(zone), other.range(zone));
                if one.clock != other.clock && low <= to && from <= high {
                    self.unclear = Some(String::from("which of two lengths of time is longer depends on the calendar"));
                }
            }
        }
    }

    /// Reads the condition of an arrow; one that cannot be read holds for nobody.
    pub(super) fn read(&mut self, project: &Project, arrow: &Transition) -> Read {
        let mut reader = Reader { project, arrow, source: arrow.source, catalog: self, sums: Vec::new() };
        let guard = match arrow.guard.parse() {
            Ok(None) => Guard::Always,
            Ok(Some(expr)) => reader.guard(&expr),
            Err(_) => Guard::Not(Box::new(Guard::Always)),
        };
        Read { guard, sums: reader.sums }
    }
}

fn has_elapsed(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| found |= matches!(part, Expr::Since(_) | Expr::TimeHere));
    found
}

struct Reader<'a, 'c> {
    project: &'a Project,
    arrow: &'a Transition,
    source: NodeId,
    catalog: &'c mut Catalog,
    sums: Vec<Linear>,
}

type Found<T> = Result<T, String>;

impl<'a> Reader<'a, '_> {
    fn guard(&mut self, expr: &Expr) -> Guard {
        match expr {
            Expr::And(parts) => Guard::And(parts.iter().map(|part| self.guard(part)).collect()),
            Expr::Or(parts) => Guard::Or(parts.iter().map(|part| self.guard(part)).collect()),
            Expr::Not(inner) => Guard::Not(Box::new(self.guard(inner))),
            _ => self.question(expr).unwrap_or_else(|why| self.catalog.riddle(expr, why)),
        }
    }

    fn question(&mut self, expr: &Expr) -> Found<Guard> {
        Ok(match expr {
            Expr::Chance(share) => {
                let draw = self.catalog.place(Asked::Draw(self.arrow.id));
                self.sums.push(Linear::one(draw).minus(&Linear::constant(*share)));
                Guard::Chance(draw, *share)
            }
            Expr::In(state) => {
                let node = self.project.node_by_name(&state.text);
                let node = node.ok_or_else(|| format!("there is no state named \"{}\"", state.text))?;
                Guard::Truth(Value::Asked(self.catalog.place(Asked::In(node.id))))
            }
            Expr::IsUnknown(inner, negated) => {
                let (value, _) = self.value(inner)?;
                look_for_sums(&value)?;
                Guard::IsUnknown(value, *negated)
            }
            Expr::Compare(comparison, left, right) => {
                let (left, right, kinds) = self.sides(left, right)?;
                self.comparison(*comparison, &left, &right, kinds)?;
                Guard::Compare(*comparison, left, right)
            }
            Expr::OneOf(inner, options) => {
                let (value, kind) = self.value(inner)?;
                let mut read = Vec::new();
                for option in options {
                    let (option, beside) = self.beside(option, kind)?;
                    self.comparison(Comparison::Equal, &value, &option, (kind, beside))?;
                    read.push(option);
                }
                Guard::OneOf(value, read)
            }
            _ => match self.value(expr)? {
                (value, Kind::YesNo | Kind::Any) => Guard::Truth(value),
                _ => return Err(String::from("it is no condition")),
            },
        })
    }

    /// A word is what the other side makes of it, so the side that says more is read first.
    fn sides(&mut self, left: &Expr, right: &Expr) -> Found<(Value, Value, (Kind<'a>, Kind<'a>))> {
        if self.weight(left) >= self.weight(right) {
            let (left, kind) = self.value(left)?;
            let (right, beside) = self.beside(right, kind)?;
            Ok((left, right, (kind, beside)))
        } else {
            let (right, kind) = self.value(right)?;
            let (left, beside) = self.beside(left, kind)?;
            Ok((left, right, (beside, kind)))
        }
    }

    fn weight(&self, expr: &Expr) -> u8 {
        match expr {
            Expr::Name(name) if self.project.attribute_by_name(&name.text).is_none() => 0,
            Expr::Text(_) => 1,
            _ => 2,
        }
    }

    /// Keeps the sums that decide a comparison.
    fn comparison(&mut self, comparison: Comparison, left: &Value, right: &Value, kinds: (Kind, Kind)) -> Found<()> {
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match kinds {
            (Kind::Text | Kind::Touchpoint | Kind::YesNo, _) | (_, Kind::Text | Kind::Touchpoint | Kind::YesNo) => {
                return if equality { Ok(()) } else { Err(String::from("texts have no order")) };
            }
            (Kind::Any, Kind::Time | Kind::Choice(_)) | (Kind::Time | Kind::Choice(_), Kind::Any) => {
                return Err(String::from("nobody says of what kind the values of a field are"));
            }
            (Kind::Any, Kind::Any) if !equality => {
                return Err(String::from("nobody says of what kind the values of a field are"));
            }
            // Every choice is looked at anyway.
            (Kind::Choice(_), Kind::Choice(_)) => return Ok(()),
            _ => {}
        }
        let (left, right) = (pieces(left, &mut self.sums)?, pieces(right, &mut self.sums)?);
        for one in &left {
            self.sums.extend(right.iter().map(|other| one.minus(other)));
        }
        for sum in &self.sums {
            let counted =
                |(place, factor): &(usize, f64)| is_whole(&self.catalog.asked[*place]).then_some(factor.abs());
            let mut factors = sum.terms.iter().filter_map(counted);
            let first = factors.next();
            if factors.any(|factor| Some(factor) != first) {
                return Err(String::from("it adds counts or lengths of time, some more than once"));
            }
        }
        self.sums.retain(|sum| !sum.terms.is_empty());
        Ok(())
    }

    fn beside(&mut self, expr: &Expr, kind: Kind<'a>) -> Found<(Value, Kind<'a>)> {
        let (Expr::Name(Name { text, .. }) | Expr::Text(text)) = expr else { return self.value(expr) };
        let is_attribute = self.project.attribute_by_name(text).is_some();
        let constant = |sample| Value::Constant(sample);
        match kind {
            Kind::Choice(choices) => {
                let place = choices.iter().position(|choice| choice.eq_ignore_ascii_case(text));
                match place.and_then(|place| u32::try_from(place).ok()) {
                    Some(place) => Ok((constant(Sample::Number(f64::from(place))), kind)),
                    None if is_attribute => self.value(expr),
                    None => Err(format!("\"{text}\" is none of the choices")),
                }
            }
            Kind::Touchpoint => match self.project.touchpoint_by_name(text) {
                Some(touchpoint) => Ok((constant(Sample::Text(touchpoint.name.clone())), kind)),
                None => Err(format!("there is no touchpoint named \"{text}\"")),
            },
            Kind::Text | Kind::Any if !is_attribute => {
                if !self.catalog.texts.contains(text) {
                    self.catalog.texts.push(text.clone());
                }
                Ok((constant(Sample::Text(text.clone())), Kind::Text))
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
            Kind::Time => match Time::parse(text, &self.project.zone()) {
                Ok(time) => Ok((constant(Sample::Time(time.0 as f64)), Kind::Time)),
                Err(_) if is_attribute => self.value(expr),
                Err(problem) => Err(problem),
            },
            _ => self.value(expr),
        }
    }

    fn value(&mut self, expr: &Expr) -> Found<(Value, Kind<'a>)> {
        let event = |name: &Name| {
            let event = self.project.event_by_name(&name.text);
            event.map(|event| event.id).ok_or_else(|| format!("there is no event named \"{}\"", name.text))
        };
        #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
        let long = |milliseconds: i64| Value::Constant(Sample::Number(milliseconds as f64));
        let (asked, kind) = match expr {
            Expr::Number(number) => return Ok((Value::Constant(Sample::Number(*number)), Kind::Number)),
            Expr::Text(text) => {
                if !self.catalog.texts.contains(text) {
                    self.catalog.texts.push(text.clone());
                }
                return Ok((Value::Constant(Sample::Text(text.clone())), Kind::Text));
            }
            Expr::YesNo(yes) => return Ok((Value::Constant(Sample::YesNo(*yes)), Kind::YesNo)),
            Expr::Duration(duration) => return Ok((long(duration.nominal_milliseconds()), Kind::Elapsed)),
            Expr::Name(name) => {
                let attribute = self.project.attribute_by_name(&name.text);
                let attribute = attribute.ok_or_else(|| format!("there is no attribute named \"{}\"", name.text))?;
                let kind = match &attribute.kind {
                    AttributeKind::Number | AttributeKind::Score => Kind::Number,
                    AttributeKind::Text => Kind::Text,
                    AttributeKind::YesNo => Kind::YesNo,
                    AttributeKind::Time => Kind::Time,
                    AttributeKind::Choice(choices) => Kind::Choice(choices),
                };
                (Asked::Attribute(attribute.id), kind)
            }
            Expr::Field(name) => (Asked::Field(self.field(&name.text)?), Kind::Any),
            Expr::Count(name, None) => (Asked::Count(event(name)?), Kind::Number),
            Expr::Count(name, Some(window)) => {
                self.clear()?;
                (Asked::Within(event(name)?, Stretch::from(*window)), Kind::Number)
            }
            Expr::CountHere(name) => (Asked::CountHere(event(name)?, self.source), Kind::Number),
            Expr::Since(name) => {
                self.clear()?;
                (Asked::Since(event(name)?), Kind::Elapsed)
            }
            Expr::TimeHere => {
                self.clear()?;
                (Asked::Here(self.source), Kind::Elapsed)
            }
            Expr::LastTouchpoint => (Asked::LastTouchpoint, Kind::Touchpoint),
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (self.quantity(left)?, self.quantity(right)?);
                let value = Value::Arithmetic(*operator, Box::new(left.0), Box::new(right.0));
                pieces(&value, &mut Vec::new())?;
                return Ok((value, left.1));
            }
            Expr::Negative(inner) => {
                let (inner, kind) = self.quantity(inner)?;
                return Ok((Value::Negative(Box::new(inner)), kind));
            }
            Expr::Extreme(extreme, parts) => {
                let parts = parts.iter().map(|part| self.quantity(part)).collect::<Found<Vec<_>>>()?;
                let kind = parts.first().map_or(Kind::Number, |(_, kind)| *kind);
                return Ok((Value::Extreme(*extreme, parts.into_iter().map(|(part, _)| part).collect()), kind));
            }
            _ => return Err(String::from("a condition is used as a value")),
        };
        Ok((Value::Asked(self.catalog.place(asked)), kind))
    }

    fn quantity(&mut self, expr: &Expr) -> Found<(Value, Kind<'a>)> {
        match self.value(expr)? {
            found @ (_, Kind::Number | Kind::Elapsed | Kind::Any) => Ok(found),
            (_, Kind::Text) => Err(String::from("it puts texts together")),
            _ => Err(String::from("it calculates with what is no number")),
        }
    }

    /// The name as the catalogue writes it.
    fn field(&self, name: &str) -> Found<String> {
        let mut fields = self.project.events.values().flat_map(|event| &event.fields);
        let known = fields.find(|field| field.name.eq_ignore_ascii_case(name));
        known.map(|field| field.name.clone()).ok_or_else(|| format!("no event has a field named \"{name}\""))
    }

    fn clear(&self) -> Found<()> {
        self.catalog.unclear.clone().map_or(Ok(()), Err)
    }
}

/// Whether it comes in whole numbers.
pub(super) fn is_whole(asked: &Asked) -> bool {
    matches!(asked, Asked::Count(_) | Asked::Within(..) | Asked::CountHere(..) | Asked::Since(_) | Asked::Here(_))
}

/// Whether a value is known does not hang on its size, but it must be one that can be worked out.
fn look_for_sums(value: &Value) -> Found<()> {
    if matches!(value, Value::Asked(_)) { Ok(()) } else { pieces(value, &mut Vec::new()).map(drop) }
}
