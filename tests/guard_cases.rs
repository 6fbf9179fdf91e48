//! The analysis of conditions beside plain counting: every contact of a small world is asked, by the machine itself, and
//! what the analysis says of gaps, overlaps, conditions that never hold and those that always do must be what was counted.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use statecraft::analysis::guards::{Answer, Guards, Occasion, Questions};
use statecraft::model::{EventId, Project, Time, TransitionId, Value, notation};
use statecraft::simulation::{Machine, Supposed, SupposedVisit};

const NOW: i64 = 1_784_116_800_000;
const DAY: i64 = 86_400_000;

const CHART: &str = "attribute n: number
    attribute m: number
    attribute t: text
    attribute u: text
    attribute opted: yes/no
    attribute fit: choice C < B < A
    score s
    touchpoint hello: e-mail
    touchpoint bye: SMS
    event go: x, y -> n
    event other
    start P
    parallel P
    group R in P
    state A in R
    state B in R
    group Q in P
    state C in Q
    state D in Q
    end Z
    A --other--> B
    C --other--> D\n";

/// What is asked, and everybody there is.
struct Theme {
    questions: Vec<String>,
    people: Vec<Supposed>,
}

fn project(guards: &[String]) -> Project {
    let arrows: Vec<String> = guards.iter().map(|guard| format!("A --go [{guard}]--> Z")).collect();
    let arrows = arrows.join("\n");
    notation::parse(&format!("{CHART}{arrows}")).expect("it reads")
}

fn compared(quantities: &[&str], constants: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for quantity in quantities {
        for comparison in ["=", "!=", "<", "<=", ">", ">="] {
            all.extend(constants.iter().map(|constant| format!("{quantity} {comparison} {constant}")));
        }
    }
    all
}

/// Somebody of whom nothing is known, in A and C.
fn nobody(project: &Project) -> Supposed {
    let id = |name: &str| project.node_by_name(name).expect("it is there").id;
    let visit = |name: &str| SupposedVisit { node: id(name), entered: Time(NOW), here: Vec::new() };
    Supposed {
        now: Time(NOW),
        seed: 0,
        attributes: Vec::new(),
        past: vec![(Time(NOW), event(project, "go"), 1)],
        fields: Vec::new(),
        visits: ["P", "R", "A", "Q", "C"].map(visit).to_vec(),
        touchpoint: None,
    }
}

fn event(project: &Project, name: &str) -> EventId {
    project.event_by_name(name).expect("it is there").id
}

/// Everybody once with each of these values.
fn each(people: Vec<Supposed>, values: &[Value], set: impl Fn(&mut Supposed, &Value)) -> Vec<Supposed> {
    let mut all = Vec::new();
    for person in people {
        for value in values {
            let mut person = person.clone();
            set(&mut person, value);
            all.push(person);
        }
    }
    all
}

fn attribute(project: &Project, name: &str) -> impl Fn(&mut Supposed, &Value) + use<> {
    let id = project.attribute_by_name(name).expect("it is there").id;
    move |person, value| {
        person.attributes.retain(|(known, _)| *known != id);
        person.attributes.push((id, value.clone()));
    }
}

fn numbers(from: i32, to: i32, steps: i32) -> Vec<Value> {
    let each = (from * steps..=to * steps).map(|step| Value::Number(f64::from(step) / f64::from(steps)));
    each.chain([Value::Unknown]).collect()
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::Text((*text).to_owned())).chain([Value::Unknown]).collect()
}

fn attributes(project: &Project) -> Theme {
    let mut questions = compared(&["n"], &["0", "1", "2"]);
    questions.extend(compared(&["fit"], &["A", "B", "C"]));
    questions.extend(
        ["fit in (A, C)", "fit is unknown", "n is unknown", "n is not unknown", "n in (0, 2)"].map(String::from),
    );
    questions.extend(["opted", "opted = no", "opted is unknown", "opted != yes"].map(String::from));
    questions.extend(["chance(30%)", "chance(0%)", "chance(100%)", "in(A)", "in(B)", "in(D)"].map(String::from));
    let mut people = each(vec![nobody(project)], &numbers(-1, 3, 2), attribute(project, "n"));
    people = each(people, &texts(&["A", "B", "C"]), attribute(project, "fit"));
    let yes_no = [Value::YesNo(true), Value::YesNo(false), Value::Unknown];
    people = each(people, &yes_no, attribute(project, "opted"));
    let (c, d) = (project.node_by_name("C").expect("it is").id, project.node_by_name("D").expect("it is").id);
    let mut all = Vec::new();
    for (index, mut person) in people.into_iter().enumerate() {
        for seed in 0..6 {
            person.seed = 1_000 * seed + u64::try_from(index % 7).expect("it is small");
            all.push(person.clone());
            let mut elsewhere = person.clone();
            elsewhere.visits.iter_mut().filter(|visit| visit.node == c).for_each(|visit| visit.node = d);
            all.push(elsewhere);
        }
    }
    Theme { questions, people: all }
}

fn words(project: &Project) -> Theme {
    let mut questions: Vec<String> = Vec::new();
    for text in ["t", "u"] {
        for comparison in ["=", "!="] {
            questions.extend(["red", "blue"].iter().map(|word| format!("{text} {comparison} {word}")));
        }
        questions.push(format!("{text} in (red, blue)"));
        questions.push(format!("{text} is unknown"));
    }
    questions
        .extend(["t = u", "t != u", "last(touchpoint) = hello", "last(touchpoint) in (hello, bye)"].map(String::from));
    questions.extend(
        ["last(touchpoint) != bye", "last(touchpoint) is unknown", "event.x = red", "event.x"].map(String::from),
    );
    let mut people = each(vec![nobody(project)], &texts(&["red", "blue", "green", "grey"]), attribute(project, "t"));
    people = each(people, &texts(&["red", "blue", "green", "grey"]), attribute(project, "u"));
    let mut all = Vec::new();
    for person in people {
        for touchpoint in [None, Some("hello"), Some("bye")] {
            let mut person = person.clone();
            person.touchpoint = touchpoint.map(|name| project.touchpoint_by_name(name).expect("it is there").id);
            all.push(person);
        }
    }
    let brought = [Value::Unknown, Value::Text(String::from("red")), Value::Number(1.0), Value::YesNo(true)];
    let people = each(all, &brought, |person, value| person.fields = vec![(String::from("x"), value.clone())]);
    Theme { questions, people }
}

fn sums(project: &Project) -> Theme {
    let sums =
        ["n", "m", "n + m", "n - m", "2 * n", "min(n, m)", "max(m, 1)", "-n", "min(n, 1) + m", "quotient(m, 2) - 1"];
    let mut questions = compared(&sums, &["0", "1", "2"]);
    questions.extend(["n < m", "n = m", "n >= m", "n is unknown", "n + m is unknown"].map(String::from));
    let fine = (-8..=20).map(|step| f64::from(step) / 8.0);
    let coarse = (-9..=-2).chain(3..=11).map(f64::from).chain([-3.5, -2.5, -1.5, 3.5, 4.5]);
    let mut range: Vec<Value> = fine.chain(coarse).map(Value::Number).collect();
    range.push(Value::Unknown);
    let people = each(vec![nobody(project)], &range, attribute(project, "n"));
    Theme { questions, people: each(people, &range, attribute(project, "m")) }
}

fn fields(project: &Project) -> Theme {
    let mut questions = compared(&["event.x", "event.y", "n"], &["0", "1"]);
    questions.extend(["event.x = red", "event.y != red", "event.y is unknown", "n is unknown"].map(String::from));
    questions.extend(["event.y = n", "event.y > n", "event.x in (0, red)"].map(String::from));
    let mut brought = numbers(-1, 2, 2);
    brought.extend([Value::Text(String::from("red")), Value::Text(String::from("blue"))]);
    let id = project.attribute_by_name("n").expect("it is there").id;
    let mut people = Vec::new();
    for x in &brought {
        for y in &brought {
            let own = match y {
                Value::Unknown => numbers(-1, 2, 2),
                Value::Number(number) => vec![Value::Number(*number)],
                _ => vec![Value::Unknown],
            };
            for n in own {
                let mut person = nobody(project);
                person.fields = vec![(String::from("x"), x.clone()), (String::from("y"), y.clone())];
                person.attributes = vec![(id, n)];
                people.push(person);
            }
        }
    }
    Theme { questions, people }
}

/// Everything that can have happened, up to three times in each stretch between the lengths that are asked for.
fn histories(project: &Project, name: &str) -> Theme {
    let mut questions = Vec::new();
    for quantity in ["count(E)", "count(E, 2 days)", "count(E, 1 week)", "count_here(E)"] {
        questions.extend(compared(&[quantity], &["0", "1", "2"]));
    }
    questions.extend(compared(&["since(E)", "time_here"], &["2 days", "7 days"]));
    questions
        .extend(["since(E) is unknown", "count(E) > count_here(E)", "count(E, 2 days) = count(E)"].map(String::from));
    questions.extend(["since(E) < time_here", "count(E, 7 days) - count(E, 2 days) >= 2"].map(String::from));
    let questions = questions.into_iter().map(|question| question.replace('E', name)).collect();
    let id = event(project, name);
    let now = u32::from(name == "go");
    let ages = [0, 1, 2, 4, 7, 10];
    let mut people = Vec::new();
    for pattern in 0..4096_u32 {
        let times: Vec<u32> = (0..6).map(|place| pattern >> (2 * place) & 3).collect();
        if times.iter().sum::<u32>() > 5 {
            continue;
        }
        for entered in [0, 1, 2, 4, 7, 10, 12] {
            // Events at the very instant of the entry come before it or after.
            let tied = ages.iter().position(|age| *age == entered).map_or(0, |place| times[place]);
            for after in 0..=tied {
                let mut person = nobody(project);
                let (mut past, mut here) = (Vec::new(), now + after);
                for (age, often) in ages.iter().zip(&times).rev().filter(|(_, often)| **often > 0) {
                    past.push((Time(NOW - age * DAY), id, *often));
                    here += if *age < entered { *often } else { 0 };
                }
                past.append(&mut person.past);
                person.past = past;
                for visit in &mut person.visits {
                    visit.entered = Time(NOW - entered * DAY);
                    visit.here = vec![(id, here)];
                }
                people.push(person);
            }
        }
    }
    Theme { questions, people }
}

fn guard(questions: &[String]) -> impl Strategy<Value = String> + use<> {
    proptest::sample::select(questions.to_vec()).prop_recursive(3, 6, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|inner| format!("not ({inner})")),
            several.clone().prop_map(|parts| format!("({})", parts.join(") and ("))),
            several.prop_map(|parts| format!("({})", parts.join(") or ("))),
        ]
    })
}

/// What is wished of the conditions: each must hold, fail, or may do either.
fn wishes(count: usize) -> Vec<(&'static str, Vec<(usize, bool)>)> {
    let mut all = vec![("gap", (0..count).map(|guard| (guard, false)).collect())];
    for guard in 0..count {
        all.push(("never", vec![(guard, true)]));
        all.push(("always", vec![(guard, false)]));
        all.push(("hidden", (0..guard).map(|earlier| (earlier, false)).chain([(guard, true)]).collect()));
        all.extend((0..guard).map(|other| ("overlap", vec![(other, true), (guard, true)])));
    }
    all
}

/// Compares so many sets of conditions; how many questions were answered yes and no.
fn check(theme: fn(&Project) -> Theme, sets: usize) {
    let theme = theme(&project(&[]));
    let mut runner = TestRunner::deterministic();
    let (mut yes, mut no) = (0, 0);
    for set in 0..sets {
        let count = 1 + set % 3;
        let guards: Vec<String> =
            (0..count).map(|_| guard(&theme.questions).new_tree(&mut runner).expect("it draws").current()).collect();
        let project = project(&guards);
        let (machine, problems) = Machine::compile(&project);
        assert!(problems.is_empty(), "{guards:?}: {problems:?}");
        let at = project.node_by_name("A").expect("it is there").id;
        let analysis = Guards::new(&project);
        let occasion = Occasion::Event(event(&project, "go"));
        let arrows = analysis.in_order(at, occasion);
        assert_eq!(arrows.len(), count);
        let mut questions: Questions = analysis.questions(at, occasion, &arrows);
        let ids: Vec<TransitionId> = arrows.iter().map(|arrow| arrow.id).collect();
        let wishes = wishes(count);
        let mut open: Vec<usize> = (0..wishes.len()).collect();
        for person in &theme.people {
            let passes = machine.would_pass(&ids, person);
            open.retain(|wish| !wishes[*wish].1.iter().all(|(guard, holds)| passes[*guard] == Some(*holds)));
            if open.is_empty() {
                break;
            }
        }
        for (index, (what, wish)) in wishes.iter().enumerate() {
            let counted = !open.contains(&index);
            match questions.somebody(wish) {
                Answer::Case(mut case) => {
                    let asked: Vec<(TransitionId, bool)> =
                        wish.iter().map(|(guard, holds)| (ids[*guard], *holds)).collect();
                    assert!(case.agrees(&machine, &asked), "{what} {guards:#?}: the machine does not agree on {case}");
                    assert!(counted, "{what} {guards:#?}: nobody of the world, but {case}");
                    yes += 1;
                }
                Answer::Nobody => {
                    assert!(!counted, "{what} {guards:#?}: somebody of the world, but the analysis knows nobody");
                    no += 1;
                }
                Answer::Unclear(why) => panic!("{what} {guards:#?}: {why}"),
            }
        }
    }
    println!("{sets} sets: {yes} times somebody, {no} times nobody");
    assert!(yes > sets && no * 5 > sets, "{yes} times somebody, {no} times nobody");
}

#[test]
fn attributes_draws_and_states_are_counted_out() {
    check(attributes, 3_000);
}

#[test]
fn texts_and_touchpoints_are_counted_out() {
    check(words, 3_000);
}

#[test]
fn sums_are_counted_out() {
    check(sums, 1_000);
}

#[test]
fn what_events_bring_is_counted_out() {
    check(fields, 2_000);
}

#[test]
fn the_history_of_the_event_in_hand_is_counted_out() {
    check(|project| histories(project, "go"), 1_000);
}

#[test]
fn the_history_of_another_event_is_counted_out() {
    check(|project| histories(project, "other"), 1_000);
}
