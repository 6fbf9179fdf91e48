//! Conditions of every shape over histories of every shape mean what a plain reader of the tree says that they mean: it
//! keeps a list of all that happened and counts anew each time.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::formula::{Comparison, Expr, Extreme, Formula, Name, Operator};
use statecraft::model::{Dataset, Duration, EventId, Project, Time, Unit, Value, Zone, notation};
use statecraft::simulation::{Cause, Machine, Memory, Observer, Run};

const HOUR: i64 = 3_600_000;
const EVENTS: [&str; 4] = ["a", "b", "c", "ask"];
const FITS: [&str; 4] = ["D", "C", "B", "A"];
const WORDS: [&str; 4] = ["red", "blue", "A", "7"];
/// `ask` puts the question, and so does a silence that no history is long enough for.
const CHART: &str = "start P
    attribute n: number
    attribute m: number
    attribute t: text
    attribute opted: yes/no
    attribute joined: time
    attribute fit: choice D < C < B < A
    score s
    touchpoint hello: e-mail
    touchpoint bye: SMS
    event a: x -> n, w -> t, f -> fit
    event b: x -> m
    event c
    event ask
    rule a: s + 1
    rule b: s + event.x
    state P
    group G
    state Q in G
    state Yes
    P --a / send(hello)--> (stay)
    P --b--> Q
    Q --a--> Q
    Q --c / send(bye)--> P
    P --ask--> Yes
    Q --ask--> Yes
    P --after 900 days without any event--> Yes
    Q --after 900 days without any event--> Yes";
const SILENCE: i64 = 900 * 24 * HOUR;

// What can be asked, by kind, so that every tree compiles.

fn event() -> impl Strategy<Value = Name> {
    proptest::sample::select(&EVENTS[..]).prop_map(Name::new)
}

fn duration() -> impl Strategy<Value = Duration> {
    let units = [Unit::Hour, Unit::Day, Unit::Day, Unit::Week, Unit::Month];
    (0_u32..12, proptest::sample::select(units.to_vec())).prop_map(|(amount, unit)| Duration::new(amount, unit))
}

fn named(names: &'static [&'static str]) -> impl Strategy<Value = Expr> {
    proptest::sample::select(names).prop_map(|name| Expr::Name(Name::new(name)))
}

fn field(name: &'static str) -> impl Strategy<Value = Expr> {
    Just(Expr::Field(Name::new(name)))
}

/// A choice or a word, bare or in quotes.
fn word(words: &'static [&'static str]) -> impl Strategy<Value = Expr> {
    (proptest::sample::select(words), any::<bool>())
        .prop_map(|(word, bare)| if bare { Expr::Name(Name::new(word)) } else { Expr::Text(word.to_owned()) })
}

fn arithmetic(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Expr> {
    let operators = [Operator::Add, Operator::Subtract, Operator::Multiply];
    let extremes = [Extreme::Least, Extreme::Greatest];
    let boxed = inner.clone().prop_map(Box::new);
    prop_oneof![
        (proptest::sample::select(operators.to_vec()), boxed.clone(), boxed.clone())
            .prop_map(|(operator, left, right)| Expr::Arithmetic(operator, left, right)),
        boxed.prop_map(Expr::Negative),
        (proptest::sample::select(extremes.to_vec()), prop::collection::vec(inner, 1..4))
            .prop_map(|(extreme, parts)| Expr::Extreme(extreme, parts)),
    ]
}

fn number() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        3 => (-4_i32..8).prop_map(|number| Expr::Number(f64::from(number) / 2.0)),
        3 => named(&["n", "m", "s"]),
        1 => field("x"),
        2 => event().prop_map(|event| Expr::Count(event, None)),
        3 => (event(), duration()).prop_map(|(event, window)| Expr::Count(event, Some(window))),
        2 => event().prop_map(Expr::CountHere),
    ];
    leaf.prop_recursive(3, 12, 3, arithmetic)
}

fn elapsed() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![event().prop_map(Expr::Since), Just(Expr::TimeHere), duration().prop_map(Expr::Duration)];
    leaf.prop_recursive(2, 6, 2, arithmetic)
}

fn comparison() -> impl Strategy<Value = Comparison> {
    proptest::sample::select(&Comparison::ALL[..])
}

fn equality() -> impl Strategy<Value = Comparison> {
    proptest::sample::select(vec![Comparison::Equal, Comparison::NotEqual])
}

fn compared(
    comparison: impl Strategy<Value = Comparison>,
    left: impl Strategy<Value = Expr>,
    right: impl Strategy<Value = Expr>,
) -> impl Strategy<Value = Expr> {
    (comparison, left, right, any::<bool>()).prop_map(|(comparison, left, right, turned)| {
        let (left, right) = if turned { (right, left) } else { (left, right) };
        Expr::Compare(comparison, Box::new(left), Box::new(right))
    })
}

fn one_of(inner: impl Strategy<Value = Expr>, options: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    (inner, prop::collection::vec(options, 1..4)).prop_map(|(inner, options)| Expr::OneOf(Box::new(inner), options))
}

fn question() -> impl Strategy<Value = Expr> {
    let joined = |word: &str| Expr::Text(word.to_owned());
    let dates = proptest::sample::select(vec!["2026-01-02", "2026-01-05", "2026-01-05 13:00"]).prop_map(joined);
    let touch = || Just(Expr::LastTouchpoint);
    let anything = prop_oneof![number(), elapsed(), touch(), named(&["t", "opted", "joined", "fit"]), field("w")];
    prop_oneof![
        8 => compared(comparison(), number(), number()),
        3 => compared(comparison(), elapsed(), elapsed()),
        2 => compared(comparison(), prop_oneof![event().prop_map(Expr::Since), Just(Expr::TimeHere)], duration().prop_map(Expr::Duration)),
        3 => compared(comparison(), named(&["fit"]), word(&FITS)),
        2 => compared(equality(), named(&["t"]), word(&WORDS)),
        // A word beside a field would be no condition of its own, so it stands on the right.
        2 => (comparison(), field("w"), word(&WORDS)).prop_map(|(c, l, r)| Expr::Compare(c, Box::new(l), Box::new(r))),
        1 => compared(equality(), named(&["opted"]), any::<bool>().prop_map(Expr::YesNo)),
        1 => compared(comparison(), named(&["joined"]), dates),
        2 => compared(equality(), touch(), word(&["hello", "bye"])),
        2 => one_of(number(), number()),
        1 => one_of(named(&["fit"]), word(&FITS)),
        1 => one_of(named(&["t"]), word(&WORDS)),
        1 => one_of(touch(), word(&["hello", "bye"])),
        2 => (anything, any::<bool>()).prop_map(|(inner, negated)| Expr::IsUnknown(Box::new(inner), negated)),
        1 => proptest::sample::select(vec!["P", "Q", "G", "Yes"]).prop_map(|state| Expr::In(Name::new(state))),
        1 => any::<bool>().prop_map(|sure| Expr::Chance(f64::from(u8::from(sure)))),
        1 => prop_oneof![named(&["opted"]), field("w"), any::<bool>().prop_map(Expr::YesNo)],
    ]
}

fn guard() -> impl Strategy<Value = Expr> {
    let several = |inner: BoxedStrategy<Expr>| prop::collection::vec(inner, 2..4);
    question().prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
            several(inner.clone().boxed()).prop_map(Expr::And),
            several(inner.boxed()).prop_map(Expr::Or),
        ]
    })
}

/// The shapes that are tested without a tree: one comparison of a number with a constant, or two.
fn quick() -> impl Strategy<Value = Expr> {
    let test = || {
        let number = prop_oneof![
            named(&["n", "m", "s", "fit"]),
            event().prop_map(|event| Expr::Count(event, None)),
            field("x"),
        ];
        (comparison(), number, -1_i32..5).prop_map(|(comparison, left, right)| {
            let fit = left == Expr::Name(Name::new("fit"));
            let right = if fit {
                Expr::Name(Name::new(FITS[usize::try_from(right.clamp(0, 3)).expect("it is small")]))
            } else {
                Expr::Number(f64::from(right))
            };
            Expr::Compare(comparison, Box::new(left), Box::new(right))
        })
    };
    prop_oneof![test(), (test(), test()).prop_map(|(one, two)| Expr::And(vec![one, two]))]
}

// Histories

/// What happens: hours later, code, number, word, choice; the last value of each stands for unknown.
type Event = (i64, usize, u8, usize, usize);

#[derive(Clone, Debug)]
struct History {
    events: Vec<Event>,
    /// Hours after the first event at which the journey starts.
    start: Option<i64>,
    known: bool,
    zone: &'static str,
    /// Whether a timer asks instead of the last event.
    silent: bool,
    /// Whether choices come with events.
    chosen: bool,
}

fn history() -> impl Strategy<Value = History> {
    let gap = prop_oneof![Just(0), 0_i64..30, Just(24), Just(24 * 7), Just(24 * 31), Just(24 * 28)];
    let event = (gap, 0_usize..3, 0_u8..6, 0_usize..5, 0_usize..5);
    let zone = proptest::sample::select(vec!["", "", "Europe/Berlin", "America/New_York"]);
    (
        prop::collection::vec(event, 0..10),
        proptest::option::weighted(0.3, 0_i64..100),
        proptest::bool::weighted(0.3),
        zone,
        proptest::bool::weighted(0.3),
        any::<bool>(),
    )
        .prop_map(|(events, start, known, zone, silent, chosen)| History {
            events,
            start,
            known,
            zone,
            silent,
            chosen,
        })
}

impl History {
    fn dataset(&self, project: &Project) -> (Dataset, Vec<EventId>) {
        // A week before Europe's clocks change.
        let mut time = 1_774_000_000_000;
        let mut dataset = Dataset {
            contacts: vec![String::from("Anna")],
            event_names: EVENTS.map(String::from).to_vec(),
            ..Dataset::default()
        };
        let (mut numbers, mut words, mut fits) = (Vec::new(), Vec::new(), Vec::new());
        let ask = (self.events.last().map_or(0, |event| event.0), 3, 2, self.events.len() % 5, 4);
        for (gap, code, number, word, fit) in self.events.iter().copied().chain((!self.silent).then_some(ask)) {
            time += gap * HOUR;
            dataset.times.push(Time(time));
            dataset.codes.push(u16::try_from(code).expect("it is small"));
            numbers.push(if number == 5 { f64::NAN } else { f64::from(number) / 2.0 });
            words.push(u32::try_from(word).ok().filter(|word| *word < 4).unwrap_or(u32::MAX));
            fits.push(u32::try_from(fit).ok().filter(|fit| *fit < 4).unwrap_or(u32::MAX));
        }
        dataset.first = vec![0, u32::try_from(dataset.times.len()).expect("it is small")];
        let texts = |words: [&str; 4], codes| FieldValues::Texts { words: words.map(String::from).to_vec(), codes };
        dataset.fields = vec![
            FieldColumn { name: String::from("x"), values: FieldValues::Numbers(numbers) },
            FieldColumn { name: String::from("w"), values: texts(WORDS, words) },
            FieldColumn { name: String::from("f"), values: texts(FITS, fits) },
        ];
        if !self.chosen {
            dataset.fields.pop();
        }
        if let (Some(hours), Some(first)) = (self.start, dataset.times.first()) {
            dataset.starts = vec![Some(Time(first.0 + hours * HOUR))];
        }
        if self.known {
            let known = [
                ("n", Value::Number(3.0)),
                ("t", Value::Text(String::from("blue"))),
                ("opted", Value::YesNo(true)),
                ("joined", Value::Time(Time(1_767_614_400_000))),
                ("fit", Value::Text(String::from("b"))),
            ];
            for (name, value) in known {
                dataset.attributes.insert(project.attribute_by_name(name).expect("it is there").id, vec![value]);
            }
        }
        let codes = EVENTS.iter().map(|name| project.event_by_name(name).expect("it is there").id).collect();
        (dataset, codes)
    }
}

// The plain reader

#[derive(Clone, Debug, PartialEq)]
enum Val {
    Unknown,
    Number(f64),
    Text(String),
    YesNo(bool),
    Time(i64),
}

/// All that has happened, in a list.
struct World<'a> {
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
    fn lived(project: &'a Project, history: &History, dataset: &Dataset, until: Time) -> Option<Self> {
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

    fn holds(&self, expr: &Expr) -> bool {
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
                (Val::Number(left), Val::Number(right)) => Val::Number(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                }),
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

// Both beside each other

struct Ends {
    yes: usize,
    moved: bool,
}

impl Observer for Ends {
    fn finished(&mut self, _: usize, memory: &Memory) {
        self.moved = memory.leaves() == [self.yes];
    }
}

fn project(guard: &Expr, zone: &str) -> Project {
    let mut project = notation::parse(CHART).expect("it reads");
    zone.clone_into(&mut project.info.zone);
    let yes = project.node_by_name("Yes").expect("it is there").id;
    for arrow in project.transitions.values_mut().filter(|arrow| arrow.target == Some(yes)) {
        arrow.guard = Formula::from(guard);
    }
    project
}

/// Whether the machine said yes and whether the plain reader does, each `None` if nobody was asked; and whether numbers
/// alone did it.
fn asked(guard: &Expr, history: &History) -> (Option<bool>, Option<bool>, bool) {
    let project = project(guard, history.zone);
    let (machine, problems) = Machine::compile(&project);
    assert!(problems.is_empty(), "{guard}: {problems:?}");
    let (dataset, codes) = history.dataset(&project);
    let last = dataset.span().map_or(Time::MIN, |(_, last)| last);
    let until = if history.silent { Time(last.0 + SILENCE + 200 * HOUR) } else { last };
    let run = Run::new(&machine, &dataset, &codes, Some(until), 1);
    let story = run.story(0);
    let yes = project.node_by_name("Yes").expect("it is there").id;
    let told = story.entries.last().filter(|entry| match &entry.cause {
        Cause::Event(name) => name == "ask",
        Cause::Timer(_) => true,
        _ => false,
    });
    let told = told.map(|entry| entry.to == [yes]);
    let slot = (0..machine.node_count()).find(|slot| machine.node_id(*slot) == yes).expect("it is there");
    let mut ends = Ends { yes: slot, moved: false };
    run.follow(0..1, &mut ends);
    assert_eq!(ends.moved, told == Some(true), "the fast way differs: {guard}");
    let plain = World::lived(&project, history, &dataset, until).map(|world| world.holds(guard));
    (told, plain, run.is_express())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_holds_if_and_only_if_the_plain_reader_says_so(guard in guard(), history in history()) {
        let (told, plain, _) = asked(&guard, &history);
        prop_assert_eq!(told, plain, "{}", guard);
    }

    #[test]
    fn so_do_the_shapes_that_are_tested_without_a_tree(guard in quick(), history in history()) {
        let (told, plain, _) = asked(&guard, &history);
        prop_assert_eq!(told, plain, "{}", guard);
    }
}

#[test]
fn the_questions_are_worth_asking() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut yes, mut no, mut express) = (0, 0, 0);
    for index in 0..1_000 {
        let history = history().new_tree(&mut runner).expect("it draws").current();
        let guard = if index % 2 == 0 {
            guard().new_tree(&mut runner).expect("it draws").current()
        } else {
            quick().new_tree(&mut runner).expect("it draws").current()
        };
        let (told, _, fast) = asked(&guard, &history);
        yes += usize::from(told == Some(true));
        no += usize::from(told == Some(false));
        express += usize::from(fast);
    }
    assert!(yes > 200 && no > 200 && express > 50, "{yes} yes, {no} no, {express} in numbers alone");
}
