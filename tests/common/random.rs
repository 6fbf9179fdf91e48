//! Random charts over random histories, of the kinds that the simulator has shortcuts for.

use std::fmt::Write as _;

use proptest::prelude::*;
use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::{Dataset, EventId, Project, Time};

pub(crate) const DAY: i64 = 86_400_000;
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
pub(crate) const ACTIONS: [&str; 9] = [
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
pub(crate) struct Arrow {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) trigger: usize,
    pub(crate) guard: usize,
    pub(crate) action: usize,
    pub(crate) interrupt: bool,
}

pub(crate) fn arrow() -> impl Strategy<Value = Arrow> {
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
pub(crate) type Histories = Vec<Vec<(i64, u16, u8, u8)>>;

pub(crate) fn histories() -> impl Strategy<Value = Histories> {
    let event = (0..9_i64, 0..4_u16, 0..8_u8, 0..4_u8);
    prop::collection::vec(prop::collection::vec(event, 0..14), 1..5)
}

pub(crate) fn chart(arrows: &[Arrow], entry: usize, beside: bool) -> String {
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

pub(crate) fn dataset(histories: &Histories) -> Dataset {
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

pub(crate) fn codes(project: &Project) -> Vec<EventId> {
    let known = EVENTS.iter().map(|name| project.event_by_name(name).expect("it is there").id);
    known.chain([EventId(999)]).collect()
}
