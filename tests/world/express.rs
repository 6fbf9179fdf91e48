//! The short way through a world does exactly what the long way does. Stories always take the long way.

use proptest::prelude::*;

use super::common::Setting;
use super::w2::{WHAT, Workload};
use statecraft::model::{Time, TransitionId};
use statecraft::simulation::{Entry, Machine, Memory, Observer, Outcome, Run};

/// Arrows with their times, outcomes of events, and what is known at the end.
#[derive(Debug, Default, PartialEq)]
struct Trace {
    arrows: Vec<(TransitionId, Time)>,
    outcomes: Vec<Outcome>,
    values: Vec<(String, String)>,
}

struct Tracer<'m> {
    machine: &'m Machine,
    traces: Vec<Trace>,
    trace: Trace,
}

impl Observer for Tracer<'_> {
    fn took(&mut self, arrow: usize, time: Time) {
        self.trace.arrows.push((self.machine.arrow_id(arrow), time));
    }

    fn processed(&mut self, outcome: Outcome) {
        self.trace.outcomes.push(outcome);
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        self.trace.values = self.machine.known_values(memory);
        self.traces.push(std::mem::take(&mut self.trace));
    }
}

/// The short way against the stories of as many contacts; how many arrows they took.
fn compare(run: &Run, machine: &Machine, contacts: usize) -> usize {
    assert!(run.is_express(), "it takes the long way");
    let mut tracer = Tracer { machine, traces: Vec::new(), trace: Trace::default() };
    run.follow(0..contacts, &mut tracer);
    let mut arrows = 0;
    for (contact, trace) in tracer.traces.iter().enumerate() {
        let story = run.story(contact);
        let event = |entry: &&Entry| matches!(entry.cause, statecraft::simulation::Cause::Event(_));
        let told = Trace {
            arrows: story
                .entries
                .iter()
                .flat_map(|entry| entry.arrows.iter().map(|arrow| (*arrow, entry.time)))
                .collect(),
            outcomes: story.entries.iter().filter(event).map(|entry| entry.outcome).collect(),
            values: story.entries.last().map(|entry| entry.values.clone()).unwrap_or_default(),
        };
        arrows += told.arrows.len();
        assert_eq!(*trace, told, "contact {contact}");
    }
    arrows
}

#[test]
fn the_workload_goes_both_ways_alike() {
    let workload = Workload::new(200);
    let arrows = compare(&workload.run(5), &workload.machine, 200);
    assert!(arrows > 2_000, "{arrows} arrows");
}

#[test]
fn the_workload_has_the_means_that_other_engines_have() {
    // Of 2,000,000 contacts of the hand-written reference: mean and standard error.
    let reference: [(f64, f64); 5] = [(0.0, 0.0); 5];
    let workload = Workload::new(20_000);
    let found = workload.sums(1, 0..20_000).means();
    for ((what, (mean, error)), (other, other_error)) in WHAT.iter().zip(found).zip(reference) {
        // What a purchase is worth varies less here, so its error counts less, too.
        let error = 5.0 * (error * error + other_error * other_error).sqrt();
        assert!((mean - other).abs() < error, "{what}: {mean}, not {other} ± {error}");
    }
}

fn rate() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["0.02", "0.3", "1", "3.7", "40"])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Charts with timers of all kinds, groups, scores, several rates at once, outcomes that are nothing.
    #[test]
    fn random_worlds_go_both_ways_alike(
        seed in 0_u64..1_000,
        rates in prop::collection::vec((rate(), prop::sample::select(vec!["A", "B", "C", "G", ""])), 1..5),
        delays in prop::collection::vec(1_u32..60, 4),
        score in 1_u32..40,
        share in 1_u32..100,
    ) {
        let mut text = format!(
            "attribute kind: text\nattribute age: number\nscore points\n
             rule visit: points + 3\nrule buy: points + event.amount
             group G at 0, 0\nstate A in G at 0, 0\nstate B in G at 0, 0\nstate C at 0, 0\nstate D in G at 0, 0\nstart A
             A --visit [count(visit) >= 3]--> B\nA --after {} days since any event / points - 1--> (stay)
             A --after {} days without any event--> B
             B --after {} days since any event, then every 3 days / points + 1--> (stay)
             B --buy [kind = \"new\"]--> C\nB --buy--> D
             C --after {} days without any event--> A\nC --visit [age >= 40]--> A
             D --always [points >= {score}] / points = 0--> C\nD --visit--> D
             G --leave--> C\nC --buy--> (stay)",
            delays[0], delays[1], delays[2], delays[3],
        );
        for (place, (rate, node)) in rates.iter().enumerate() {
            let within = if node.is_empty() { String::new() } else { format!(" in {node}") };
            text.push_str(&format!(
                "\nbehaviour b{place}: {rate} per 1 day{within}
                   -> visit {share} %, buy (amount = {}) {} %, leave 1 %", place + 1, (99 - share) / 2,
            ));
        }
        text.push_str(
            "\npopulation People: 12 contacts from 2026-01-01 over 20 days
               draw kind: new 40 %, old 40 %\ndraw age: normal 40, deviation 10",
        );
        let setting = Setting::new(&text);
        compare(&setting.run("2026-07-01", seed), &setting.machine, 12);
    }
}

#[test]
fn worlds_that_ask_for_more_take_the_long_way() {
    let of = |line: &str| {
        let setting = Setting::new(&format!(
            "start A\nA --go--> (stay)\nbehaviour b: 1 per 1 day in A -> go\n{line}
             population People: 1 contacts from 2026-01-01"
        ));
        setting.run("2026-02-01", 1).is_express()
    };
    assert!(of(""));
    for line in [
        "behaviour c: at start -> go",
        "behaviour c: 1 per 1 day [count(go) = 1] -> go",
        "behaviour c: 1 per 1 day, after 1 h -> go",
        "behaviour c: 1 per 1 day, shape 0.5 -> go",
        "policy quiet 21:00–08:00",
    ] {
        assert!(!of(line), "{line}");
    }
}
