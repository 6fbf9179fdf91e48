//! Conditions of every shape over histories of every shape mean what a plain reader of the tree says that they mean.

mod plain;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::formula::{Comparison, Expr, Extreme, Formula, Name, Operator};
use statecraft::model::{Dataset, Duration, EventId, Project, Time, Unit, Value, notation};
use statecraft::simulation::{Cause, Machine, Memory, Observer, Run};

use plain::World;

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
    let operators = [Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide, Operator::Remainder];
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

/// A text, as it is or put together.
fn text() -> impl Strategy<Value = Expr> {
    let quoted = proptest::sample::select(&WORDS[..]).prop_map(|word| Expr::Text(word.to_owned()));
    let leaf = prop_oneof![named(&["t"]), quoted];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let number = (-4_i32..8).prop_map(|number| Expr::Number(f64::from(number) / 2.0));
        let part = prop_oneof![3 => inner.clone(), 1 => number, 1 => named(&["n", "s"]), 1 => field("w")];
        (inner, part, any::<bool>()).prop_map(|(text, part, turned)| {
            let (left, right) = if turned { (part, text) } else { (text, part) };
            Expr::Arithmetic(Operator::Add, Box::new(left), Box::new(right))
        })
    })
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
    let anything =
        prop_oneof![number(), elapsed(), text(), touch(), named(&["t", "opted", "joined", "fit"]), field("w")];
    prop_oneof![
        8 => compared(comparison(), number(), number()),
        3 => compared(comparison(), elapsed(), elapsed()),
        2 => compared(comparison(), prop_oneof![event().prop_map(Expr::Since), Just(Expr::TimeHere)], duration().prop_map(Expr::Duration)),
        3 => compared(comparison(), named(&["fit"]), word(&FITS)),
        2 => compared(equality(), named(&["t"]), word(&WORDS)),
        2 => compared(equality(), text(), text()),
        // A word beside a field would be no condition of its own, so it stands on the right.
        2 => (comparison(), field("w"), word(&WORDS)).prop_map(|(c, l, r)| Expr::Compare(c, Box::new(l), Box::new(r))),
        1 => compared(equality(), named(&["opted"]), any::<bool>().prop_map(Expr::YesNo)),
        1 => compared(comparison(), named(&["joined"]), dates),
        2 => compared(equality(), touch(), word(&["hello", "bye"])),
        2 => one_of(number(), number()),
        1 => one_of(named(&["fit"]), word(&FITS)),
        1 => one_of(named(&["t"]), word(&WORDS)),
        1 => one_of(text(), text()),
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
