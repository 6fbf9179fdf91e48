//! The fast ways through the simulator do what the slow one does: random charts over random histories, whole populations
//! against stories, and a chart by itself against the same chart beside an idle region.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::{Assumption, Dataset, EventId, Project, Time, TransitionId, notation};
use statecraft::simulation::report::StepTally;
use statecraft::simulation::{Cause, Effect, Machine, Memory, Observer, Outcome, Progress, Report, Run, Severity};

const DAY: i64 = 86_400_000;
const EVENTS: [&str; 3] = ["a", "b", "c"];
const GUARDS: [&str; 10] = [
    "",
    "",
    "count(a) >= 2",
    "count(b) = 1",
    "event.x > 3",
    "w = \"red\"",
    "p >= 4 and count(c) < 3",
    "event.w = \"blue\" and x <= 5",
    "q < 2",
    "not (p > 3)",
];
const ACTIONS: [&str; 9] = [
    "",
    "",
    "p + 1",
    "q - 2; send(mail)",
    "p = 0",
    "q = min(q, 3)",
    "notify(Sales: hello)",
    "convert(sale, 5)",
    "p = max(p, 2)",
];
const TRIGGERS: [&str; 9] = [
    "a",
    "b",
    "c",
    "any event",
    "a or c",
    "after 1 day since any event",
    "after 2 days since any event, then every 1 day",
    "after 3 days without any event",
    "always",
];
const STATES: [&str; 5] = ["S0", "S1", "S2", "S3", "G"];

#[derive(Clone, Debug)]
struct Arrow {
    source: usize,
    target: usize,
    trigger: usize,
    guard: usize,
    action: usize,
    interrupt: bool,
}

fn arrow() -> impl Strategy<Value = Arrow> {
    (0..5_usize, 0..7_usize, 0..TRIGGERS.len(), 0..GUARDS.len() + 20, 0..ACTIONS.len(), any::<bool>()).prop_map(
        |(source, target, trigger, guard, action, interrupt)| Arrow {
            // Timers on groups and awkward guards are asked for less often, since they take the slow way.
            source: if source == 4 && (5..8).contains(&trigger) { 0 } else { source },
            target,
            trigger,
            guard: if guard < GUARDS.len() { guard } else { guard % (GUARDS.len() - 1) },
            action,
            interrupt,
        },
    )
}

/// Contacts with events: days apart, code, number, word.
type Histories = Vec<Vec<(i64, u16, u8, u8)>>;

fn histories() -> impl Strategy<Value = Histories> {
    let event = (0..9_i64, 0..4_u16, 0..8_u8, 0..4_u8);
    prop::collection::vec(prop::collection::vec(event, 0..14), 1..5)
}

fn chart(arrows: &[Arrow], entry: usize, beside: bool) -> String {
    let (top, last) = if beside { (" in Region", "state S3 in Region") } else { ("", "end S3") };
    let mut text = String::from(
        "start S0
         attribute w: text
         attribute x: number
         score p
         score q
         event a: x -> x, w -> w, reason
         event b: w -> w, reason
         event c: x -> x
         rule a: p + 2
         rule b [q > 0]: q + event.x
         rule c [count(c) = 2]: p = 1
         rule c [count(a) >= 2]: p - 1
         rule a: q + 0.5\n",
    );
    if beside {
        text.push_str("parallel All\ngroup Region in All\ngroup Idle in All\nstate Idler in Idle\n");
    }
    write!(text, "state S0{top}\ngroup G{top}\nbegins S2\nstate S1 in G\nstate S2 in G\n").expect("memory takes it");
    if !ACTIONS[entry].is_empty() {
        writeln!(text, "entry {0}\nexit {0}", ACTIONS[entry]).expect("memory takes it");
    }
    writeln!(text, "{last}").expect("memory takes it");
    for arrow in arrows {
        let mark = if arrow.interrupt && arrow.source == 4 { "!" } else { "" };
        let target = STATES.get(arrow.target).unwrap_or(&"(stay)");
        let (source, trigger) = (STATES[arrow.source], TRIGGERS[arrow.trigger]);
        let (guard, action) = (GUARDS[arrow.guard], ACTIONS[arrow.action]);
        writeln!(text, "{source} --{mark}{trigger} [{guard}] / {action}--> {target}").expect("memory takes it");
    }
    text
}

fn dataset(histories: &Histories) -> Dataset {
    let (mut numbers, mut codes) = (Vec::new(), Vec::new());
    let mut dataset = Dataset {
        first: vec![0],
        event_names: ["a", "b", "c", "unheard of"].map(String::from).to_vec(),
        ..Dataset::default()
    };
    for (contact, history) in histories.iter().enumerate() {
        dataset.contacts.push(format!("c{contact}"));
        let mut time = 20_000 * DAY;
        for (gap, code, number, word) in history {
            // Often to the very day, so that events and timers meet.
            time += if *gap > 6 { 1_000 } else { gap * DAY };
            dataset.times.push(Time(time));
            dataset.codes.push(*code);
            numbers.push(if *number == 7 { f64::NAN } else { f64::from(*number) });
            codes.push(if *word == 3 { u32::MAX } else { u32::from(*word) });
        }
        dataset.first.push(u32::try_from(dataset.times.len()).expect("few"));
    }
    let words = ["red", "blue", "green"].map(String::from).to_vec();
    let reasons = FieldValues::Texts { words: words.clone(), codes: codes.clone() };
    dataset.fields = vec![
        FieldColumn { name: String::from("reason"), values: reasons },
        FieldColumn { name: String::from("x"), values: FieldValues::Numbers(numbers) },
        FieldColumn { name: String::from("w"), values: FieldValues::Texts { words, codes } },
    ];
    dataset
}

/// Every arrow with its time, and what was known at the end; by contact.
#[derive(Default, Debug, PartialEq)]
struct Trace {
    arrows: Vec<(TransitionId, Time)>,
    effects: usize,
    failed: usize,
    outcomes: Vec<Outcome>,
    leaves: Vec<String>,
    values: Vec<(String, String)>,
}

struct Watcher<'m> {
    machine: &'m Machine,
    now: Trace,
    done: Vec<Trace>,
}

impl Observer for Watcher<'_> {
    fn took(&mut self, arrow: usize, time: Time) {
        self.now.arrows.push((self.machine.arrow_id(arrow), time));
    }

    fn effect(&mut self, _: &Effect, _: Time) {
        self.now.effects += 1;
    }

    fn failed(&mut self) {
        self.now.failed += 1;
    }

    fn processed(&mut self, outcome: Outcome) {
        self.now.outcomes.push(outcome);
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        let mut trace = std::mem::take(&mut self.now);
        trace.leaves = memory.leaves().iter().map(|leaf| self.machine.node_name(*leaf).to_owned()).collect();
        trace.values = self.machine.known_values(memory);
        self.done.push(trace);
    }
}

fn told(project: &Project, run: &Run, contact: usize) -> Trace {
    let mut trace = Trace::default();
    for entry in run.story(contact).entries {
        // What a contact does after it was stopped is not consumed.
        if entry.outcome == Outcome::Halted && entry.errors.is_empty() {
            continue;
        }
        trace.arrows.extend(entry.arrows.iter().map(|arrow| (*arrow, entry.time)));
        trace.effects += entry.effects.iter().filter(|effect| !effect.contains(" is now ")).count();
        trace.failed += entry.errors.len();
        if matches!(entry.cause, Cause::Event(_)) {
            trace.outcomes.push(entry.outcome);
        }
        trace.leaves = entry.to.iter().map(|node| project.node_label(*node)).collect();
        trace.values = entry.values;
    }
    trace
}

fn codes(project: &Project) -> Vec<EventId> {
    let known = EVENTS.iter().map(|name| project.event_by_name(name).expect("it is there").id);
    known.chain([EventId(999)]).collect()
}

/// The totals of everybody, the run being shared by so many threads.
fn totals(machine: &Machine, dataset: &Dataset, codes: &[EventId], until: Option<Time>, threads: usize) -> Report {
    Run::new(machine, dataset, codes, until, 1).report(threads, &Progress::default()).expect("not cancelled")
}

/// What must hold in any report.
fn adds_up(report: &Report) -> Result<(), TestCaseError> {
    prop_assert_eq!(report.value.count, report.contacts);
    prop_assert_eq!(report.value.sum, report.conversions.values().map(|tally| tally.cents).sum::<i128>());
    prop_assert_eq!(report.steps.values().map(StepTally::contacts).sum::<u64>(), report.contacts - report.halted);
    prop_assert_eq!(report.sends.per_contact.values().sum::<u64>(), report.contacts);
    let messages: u64 = report.sends.per_contact.iter().map(|(sent, contacts)| u64::from(*sent) * contacts).sum();
    prop_assert_eq!(messages, report.sends.total().delivered());
    for (node, tally) in &report.states {
        let stays = &report.stays[node];
        prop_assert_eq!(stays.inside.count(), tally.resting);
        let counted = stays.finished.count() + tally.resting;
        // What a contact that was stopped was in the middle of is counted nowhere.
        prop_assert!(counted <= tally.entered && tally.entered <= counted + report.halted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn populations_do_what_their_stories_tell(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), more in 0..9_i64,
    ) {
        let project = notation::parse(&chart(&arrows, entry, false)).expect("it reads");
        let (machine, problems) = Machine::compile(&project);
        prop_assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:?}");
        let dataset = dataset(&histories);
        let until = dataset.span().map(|(_, last)| Time(last.0 + more * DAY));
        let run = Run::new(&machine, &dataset, &codes(&project), until, 1);
        let mut watcher = Watcher { machine: &machine, now: Trace::default(), done: Vec::new() };
        run.follow(0..run.contact_count(), &mut watcher);
        let (mut fired, mut events) = (BTreeMap::new(), 0);
        for (contact, mut seen) in watcher.done.into_iter().enumerate() {
            events += seen.outcomes.len();
            seen.arrows.iter().for_each(|(arrow, _)| *fired.entry(*arrow).or_insert(0_u64) += 1);
            let told = told(&project, &run, contact);
            if told == Trace::default() {
                // Nothing is told of a contact that has not started.
                seen.values.clear();
            }
            prop_assert!(seen == told, "contact {}", contact);
        }
        let report = run.report(2, &Progress::default()).expect("not cancelled");
        prop_assert_eq!(report.events, events as u64);
        for (arrow, tally) in &report.arrows {
            prop_assert_eq!(tally.fired, fired.get(arrow).copied().unwrap_or(0));
        }
    }

    #[test]
    fn totals_are_the_same_by_every_way_and_in_any_parts(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), more in 0..9_i64,
        share in 0..5_usize, threads in 1..4_usize,
    ) {
        let mut project = notation::parse(&chart(&arrows, entry, false)).expect("it reads");
        project.info.discount = Some(Assumption::guessed(0.01));
        let (machine, codes) = (Machine::of(&project), codes(&project));
        let whole = dataset(&histories);
        let until = whole.span().map(|(_, last)| Time(last.0 + more * DAY));
        let expected = totals(&machine, &whole, &codes, until, 1);
        prop_assert_eq!(&totals(&machine, &whole, &codes, until, threads), &expected);
        // Contacts with a zone of their own have no express.
        let slow = Dataset { zones: vec![String::from("UTC"); histories.len()], ..whole };
        prop_assert!(!Run::new(&machine, &slow, &codes, until, 1).is_express());
        prop_assert_eq!(&totals(&machine, &slow, &codes, until, threads), &expected);
        let (one, other) = histories.split_at(share.min(histories.len()));
        let part = |histories: &[Vec<_>]| totals(&machine, &dataset(&histories.to_vec()), &codes, until, 1);
        prop_assert_eq!(&part(one).merged(part(other)), &expected);
        prop_assert_eq!(&part(other).merged(part(one)), &expected);
        adds_up(&expected)?;
    }

    #[test]
    fn an_idle_region_changes_nothing(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(),
    ) {
        let text = chart(&arrows, entry, true);
        let beside = notation::parse(&text).expect("it reads");
        let is_frame = |line: &&str| !["parallel All", "group Region", "group Idle", "state Idler"].iter().any(|frame| line.contains(frame));
        let alone: Vec<&str> = text.lines().filter(is_frame).collect();
        let alone = notation::parse(&alone.join("\n").replace(" in Region", "")).expect("it reads");
        let dataset = dataset(&histories);
        let (one, two) = (Machine::of(&alone), Machine::of(&beside));
        let until = dataset.span().map(|(_, last)| Time(last.0 + 5 * DAY));
        let (one, two) =
            (Run::new(&one, &dataset, &codes(&alone), until, 1), Run::new(&two, &dataset, &codes(&beside), until, 1));
        for contact in 0..dataset.contacts.len() {
            let (one, mut two) = (told(&alone, &one, contact), told(&beside, &two, contact));
            two.leaves.retain(|leaf| !leaf.contains("Idler"));
            prop_assert!(one == two, "contact {}", contact);
        }
    }
}

#[test]
fn most_random_charts_take_the_express() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut express = 0;
    for _ in 0..100 {
        let arrows = prop::collection::vec(arrow(), 0..12).new_tree(&mut runner).expect("it draws").current();
        let project = notation::parse(&chart(&arrows, 2, false)).expect("it reads");
        let (machine, dataset) = (Machine::of(&project), dataset(&vec![vec![(0, 0, 0, 0)]]));
        express += usize::from(Run::new(&machine, &dataset, &codes(&project), None, 1).is_express());
    }
    assert!(express >= 25, "only {express} of 100");
}
