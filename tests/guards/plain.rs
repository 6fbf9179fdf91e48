//! The plain reader: it keeps a list of all that happened, walks the tree and counts anew each time.

use statecraft::model::dataset::FieldColumn;
use statecraft::model::formula::{Comparison, Expr, Extreme, Name, Operator};
use statecraft::model::{Dataset, Project, Time, Value, Zone};

use super::{EVENTS, FITS, History, SILENCE};

#[derive(Clone, Debug, PartialEq)]
enum Val {
    Unknown,
    Number(f64),
    Text(String),
    YesNo(bool),
    Time(i64),
}

/// All that has happened, in a list.
pub(crate) struct World<'a> {
    project: &'a Project,
    zone: Zone,
    now: Time,
    /// Time, code and fields of each event.
    past: Vec<(Time, usize, [Val; 3])>,
    /// The fields of the event in hand, if there is one.
    fields: Option<[Val; 3]>,
    values: std::collections::BTreeMap<String, Val>,
    sent: Option<&'static str>,
    state: &'static str,
    entered: Time,
    /// How many events had happened when the state was entered.
    before: usize,
}

fn position(choice: &str) -> Val {
    let place = FITS.iter().position(|fit| fit.eq_ignore_ascii_case(choice)).expect("a choice");
    Val::Number(f64::from(u8::try_from(place).expect("it is small")))
}

impl<'a> World<'a> {
    /// Lives through the history; `None` if nobody was asked, because the journey had not begun.
    pub(crate) fn lived(project: &'a Project, history: &History, dataset: &Dataset, until: Time) -> Option<Self> {
        let first = dataset.times.first().copied();
        let start = dataset.starts.first().copied().flatten().or(first)?;
        let mut world = World {
            project,
            zone: Zone::named(history.zone).expect("a zone"),
            now: start,
            past: Vec::new(),
            fields: None,
            values: [(String::from("s"), Val::Number(0.0))].into(),
            sent: None,
            state: "P",
            entered: start,
            before: 0,
        };
        for (id, values) in &dataset.attributes {
            let value = match &values[0] {
                Value::Number(number) => Val::Number(*number),
                Value::Text(text) if FITS.iter().any(|fit| fit.eq_ignore_ascii_case(text)) => position(text),
                Value::Text(text) => Val::Text(text.clone()),
                Value::YesNo(yes) => Val::YesNo(*yes),
                Value::Time(time) => Val::Time(time.0),
                Value::Unknown => Val::Unknown,
            };
            world.values.insert(project.attributes[id].name.clone(), value);
        }
        let columns: Vec<&FieldColumn> = dataset.fields.iter().collect();
        for (row, (time, code)) in dataset.times.iter().zip(&dataset.codes).enumerate() {
            let value = |column: usize| match columns.get(column).map(|column| column.value(row)) {
                Some(Value::Number(number)) => Val::Number(number),
                Some(Value::Text(text)) => Val::Text(text),
                _ => Val::Unknown,
            };
            let fields = [value(0), value(1), value(2)];
            let code = usize::from(*code);
            let begun = *time >= start;
            if begun && world.past.iter().all(|(time, ..)| *time < start) {
                world.before = world.past.len();
            }
            world.now = *time;
            world.apply(*time, code, fields.clone());
            if !begun {
                continue;
            }
            world.fields = Some(fields);
            if EVENTS[code] == "ask" {
                return Some(world);
            }
            world.moves(EVENTS[code]);
        }
        world.fields = None;
        let last = dataset.times.last().copied()?;
        if start > last {
            world.before = world.past.len();
        }
        world.now = Time(last.max(world.entered).0 + SILENCE);
        (history.silent && world.now <= until).then_some(world)
    }

    fn apply(&mut self, time: Time, code: usize, fields: [Val; 3]) {
        let mut take = |name: &str, value: &Val, choice: bool| match value {
            Val::Unknown => {}
            Val::Text(text) if choice => drop(self.values.insert(name.to_owned(), position(text))),
            value => drop(self.values.insert(name.to_owned(), value.clone())),
        };
        match EVENTS[code] {
            "a" => {
                take("n", &fields[0], false);
                take("t", &fields[1], false);
                take("fit", &fields[2], true);
            }
            "b" => take("m", &fields[0], false),
            _ => {}
        }
        let points = match (EVENTS[code], &fields[0]) {
            ("a", _) => 1.0,
            ("b", Val::Number(points)) => *points,
            _ => 0.0,
        };
        let Val::Number(score) = self.values["s"] else { unreachable!("scores are numbers") };
        self.values.insert(String::from("s"), Val::Number(score + points));
        self.past.push((time, code, fields));
    }

    fn moves(&mut self, event: &str) {
        let target = match (self.state, event) {
            ("P", "a") => {
                self.sent = Some("hello");
                return;
            }
            ("P", "b") | ("Q", "a") => "Q",
            ("Q", "c") => {
                self.sent = Some("bye");
                "P"
            }
            _ => return,
        };
        (self.state, self.entered, self.before) = (target, self.now, self.past.len());
    }

    fn count(&self, event: &Name, counts: impl Fn(usize, Time) -> bool) -> Val {
        let number = (0..self.past.len())
            .filter(|place| EVENTS[self.past[*place].1] == event.text && counts(*place, self.past[*place].0))
            .count();
        Val::Number(f64::from(u32::try_from(number).expect("it is small")))
    }

    fn last(&self, event: &Name) -> Option<Time> {
        self.past.iter().rev().find(|(_, code, _)| EVENTS[*code] == event.text).map(|(time, ..)| *time)
    }

    /// From when a length is counted, where the expression is such a length.
    #[expect(clippy::option_option, reason = "the outer: whether it is a length; the inner: whether it has begun")]
    fn from(&self, expr: &Expr) -> Option<Option<Time>> {
        match expr {
            Expr::Since(event) => Some(self.last(event)),
            Expr::TimeHere => Some(Some(self.entered)),
            _ => None,
        }
    }

    pub(crate) fn holds(&self, expr: &Expr) -> bool {
        self.value(expr) == Val::YesNo(true)
    }

    fn value(&self, expr: &Expr) -> Val {
        #[expect(clippy::cast_precision_loss, reason = "histories are short")]
        let length = |from: Option<Time>| from.map_or(Val::Unknown, |from| Val::Number((self.now.0 - from.0) as f64));
        match expr {
            Expr::Number(number) => Val::Number(*number),
            Expr::Text(text) => Val::Text(text.clone()),
            Expr::YesNo(yes) => Val::YesNo(*yes),
            #[expect(clippy::cast_precision_loss, reason = "durations are short")]
            Expr::Duration(duration) => Val::Number(duration.nominal_milliseconds() as f64),
            Expr::Name(name) => self.values.get(&name.text).cloned().unwrap_or(Val::Unknown),
            Expr::Field(name) => match &self.fields {
                Some(fields) => {
                    fields[["x", "w", "f"].iter().position(|field| *field == name.text).expect("a field")].clone()
                }
                None => Val::Unknown,
            },
            Expr::Count(event, None) => self.count(event, |_, _| true),
            Expr::Count(event, Some(window)) => {
                let since = self.now.minus(*window, &self.zone);
                self.count(event, |_, time| since < time)
            }
            Expr::CountHere(event) => self.count(event, |place, _| place >= self.before),
            Expr::Since(_) | Expr::TimeHere => length(self.from(expr).expect("a length")),
            Expr::LastTouchpoint => self.sent.map_or(Val::Unknown, |sent| Val::Text(sent.to_owned())),
            Expr::In(state) => {
                let active = if self.state == "Q" { &["Q", "G"][..] } else { &["P"] };
                Val::YesNo(active.contains(&state.text.as_str()))
            }
            Expr::Chance(share) => Val::YesNo(*share > 0.5),
            Expr::Not(inner) => Val::YesNo(!self.holds(inner)),
            Expr::And(parts) => Val::YesNo(parts.iter().filter(|part| !self.holds(part)).count() == 0),
            Expr::Or(parts) => Val::YesNo(parts.iter().filter(|part| self.holds(part)).count() > 0),
            Expr::Compare(comparison, left, right) => Val::YesNo(self.compares(*comparison, left, right)),
            Expr::IsUnknown(inner, negated) => Val::YesNo((self.value(inner) == Val::Unknown) != *negated),
            Expr::OneOf(inner, options) => {
                Val::YesNo(options.iter().any(|option| self.compares_values(Comparison::Equal, inner, option)))
            }
            Expr::Arithmetic(operator, left, right) => match (self.value(left), self.value(right)) {
                (Val::Number(left), Val::Number(right)) => {
                    let number = match operator {
                        Operator::Add => left + right,
                        Operator::Subtract => left - right,
                        Operator::Multiply => left * right,
                        Operator::Divide | Operator::Remainder if right == 0.0 => return Val::Unknown,
                        Operator::Divide => left / right,
                        Operator::Remainder => left % right,
                    };
                    Val::Number(number)
                }
                (Val::Text(left), Val::Text(right)) if *operator == Operator::Add => Val::Text(left + &right),
                (Val::Text(left), Val::Number(right)) if *operator == Operator::Add => {
                    Val::Text(left + &right.to_string())
                }
                (Val::Number(left), Val::Text(right)) if *operator == Operator::Add => {
                    Val::Text(left.to_string() + &right)
                }
                _ => Val::Unknown,
            },
            Expr::Negative(inner) => match self.value(inner) {
                Val::Number(number) => Val::Number(-number),
                _ => Val::Unknown,
            },
            Expr::Extreme(extreme, parts) => {
                let mut numbers = Vec::new();
                for part in parts {
                    let Val::Number(number) = self.value(part) else { return Val::Unknown };
                    numbers.push(number);
                }
                numbers.sort_by(f64::total_cmp);
                Val::Number(if *extreme == Extreme::Least { numbers[0] } else { numbers[numbers.len() - 1] })
            }
        }
    }

    /// A length against a duration is asked of the calendar.
    fn compares(&self, comparison: Comparison, left: &Expr, right: &Expr) -> bool {
        if let (Some(from), Expr::Duration(duration)) = (self.from(left), right) {
            return from.is_some_and(|from| satisfies(comparison, self.now.cmp(&from.plus(*duration, &self.zone))));
        }
        if let (Expr::Duration(duration), Some(from)) = (left, self.from(right)) {
            return from.is_some_and(|from| satisfies(comparison, from.plus(*duration, &self.zone).cmp(&self.now)));
        }
        self.compares_values(comparison, left, right)
    }

    fn compares_values(&self, comparison: Comparison, left: &Expr, right: &Expr) -> bool {
        let ordering = match (self.beside(left, right), self.beside(right, left)) {
            (Val::Number(left), Val::Number(right)) => left.partial_cmp(&right),
            (Val::Text(left), Val::Text(right)) => Some(left.cmp(&right)),
            (Val::YesNo(left), Val::YesNo(right)) => Some(left.cmp(&right)),
            (Val::Time(left), Val::Time(right)) => Some(left.cmp(&right)),
            _ => None,
        };
        ordering.is_some_and(|ordering| satisfies(comparison, ordering))
    }

    /// A word means what stands beside it: a choice, a time, or itself.
    fn beside(&self, expr: &Expr, other: &Expr) -> Val {
        let (Expr::Text(word) | Expr::Name(Name { text: word, .. })) = expr else { return self.value(expr) };
        if matches!(expr, Expr::Name(_)) && self.project.attribute_by_name(word).is_some() {
            return self.value(expr);
        }
        match other {
            Expr::Name(name) if name.text == "fit" => position(word),
            Expr::Name(name) if name.text == "joined" => {
                Val::Time(Time::parse(word, &self.project.zone()).expect("a time").0)
            }
            _ => Val::Text(word.clone()),
        }
    }
}

fn satisfies(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match comparison {
        Comparison::Equal => ordering == Equal,
        Comparison::NotEqual => ordering != Equal,
        Comparison::Less => ordering == Less,
        Comparison::AtMost => ordering == Less || ordering == Equal,
        Comparison::Greater => ordering == Greater,
        Comparison::AtLeast => ordering == Greater || ordering == Equal,
    }
}
