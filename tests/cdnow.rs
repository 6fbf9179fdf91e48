//! The repeat-purchase journey over every purchase of a real shop, computed twice: by the binary, and by hand from the
//! raw file, with a parser, a calendar and a loop of this test's own. Both must agree to the last contact.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder with the purchases, or nothing after saying so.
fn cdnow() -> Option<PathBuf> {
    let folder = std::env::var_os("STATECRAFT_TEST_DATA").map(|root| Path::new(&root).join("transactions/cdnow"));
    if folder.is_none() {
        println!("skipped: set STATECRAFT_TEST_DATA to the folder of test data to replay the CDNOW purchases");
    }
    folder
}

/// The days of each customer's purchases, in order; several purchases on a day stand there several times.
type Histories = BTreeMap<String, Vec<i64>>;

/// Reads customer and date by the place of their columns; `skip` lines of header come first.
fn histories(file: &Path, skip: usize, customer: usize, date: usize) -> Histories {
    let text = std::fs::read_to_string(file).expect("the file of purchases reads");
    let mut histories = Histories::new();
    for line in text.lines().skip(skip).filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split_ascii_whitespace().collect();
        histories.entry(cells[customer].to_owned()).or_default().push(day(cells[date]));
    }
    for days in histories.values_mut() {
        days.sort_unstable();
    }
    histories
}

/// The number of a day written as YYYYMMDD, counted month by month from 1970-01-01.
fn day(date: &str) -> i64 {
    assert_eq!(date.len(), 8, "{date} is no date");
    let date: i64 = date.parse().expect("a date in digits");
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before_year: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let february = if leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months_before = lengths.iter().zip(1..month).map(|(length, _)| length).sum::<i64>();
    before_year + months_before + day - 1
}

/// Who is asked first when a purchase falls exactly on the ninetieth day of silence.
#[derive(Clone, Copy, PartialEq)]
enum Tie {
    Purchase,
    /// Wrong; here to prove that the comparison would notice.
    Timer,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum State {
    Prospect,
    New,
    Repeat,
    Loyal,
    Lapsed,
}

use State::{Lapsed, Loyal, New, Prospect, Repeat};

/// An arrow: from, to, and whether it is the one with the condition.
type Arrow = (State, State, bool);

#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    resting: BTreeMap<State, u64>,
    entered: BTreeMap<State, u64>,
    ever: BTreeMap<State, u64>,
    fired: BTreeMap<Arrow, u64>,
    took: BTreeMap<Arrow, u64>,
    events: u64,
    ignored: u64,
    refused: u64,
}

const SILENCE: i64 = 90;

/// One customer after another, one purchase after another.
fn by_hand(histories: &Histories, end: i64, tie: Tie) -> Counts {
    let mut counts = Counts::default();
    for days in histories.values() {
        let mut state = Prospect;
        let (mut path, mut arrows) = (vec![Prospect], Vec::new());
        let (mut purchases, mut last) = (0, i64::MIN);
        for &today in days.iter().filter(|day| **day <= end) {
            let due = last.saturating_add(SILENCE);
            let overdue = if tie == Tie::Purchase { due < today } else { due <= today };
            if overdue && matches!(state, New | Repeat | Loyal) {
                arrows.push((state, Lapsed, false));
                path.push(Lapsed);
                state = Lapsed;
            }
            (purchases, last) = (purchases + 1, today);
            counts.events += 1;
            let enough = purchases >= 5;
            let next = match state {
                Prospect => (Prospect, New, false),
                New => (New, Repeat, false),
                Repeat if enough => (Repeat, Loyal, true),
                Lapsed if enough => (Lapsed, Loyal, true),
                Lapsed => (Lapsed, Repeat, false),
                Repeat => {
                    counts.refused += 1;
                    continue;
                }
                Loyal => {
                    counts.ignored += 1;
                    continue;
                }
            };
            arrows.push(next);
            path.push(next.1);
            state = next.1;
        }
        if matches!(state, New | Repeat | Loyal) && last + SILENCE <= end {
            arrows.push((state, Lapsed, false));
            path.push(Lapsed);
            state = Lapsed;
        }
        *counts.resting.entry(state).or_default() += 1;
        for state in &path {
            *counts.entered.entry(*state).or_default() += 1;
        }
        for state in path.iter().collect::<BTreeSet<_>>() {
            *counts.ever.entry(*state).or_default() += 1;
        }
        for arrow in &arrows {
            *counts.fired.entry(*arrow).or_default() += 1;
        }
        for arrow in arrows.iter().collect::<BTreeSet<_>>() {
            *counts.took.entry(*arrow).or_default() += 1;
        }
    }
    counts
}

/// What the binary says, as [`Counts`]. Everything that it says about states and arrows must be there, and nothing else.
fn counted(report: &Value) -> Counts {
    const STATES: [(&str, State); 5] =
        [("Prospect", Prospect), ("New", New), ("Repeat", Repeat), ("Loyal", Loyal), ("Lapsed", Lapsed)];
    let number = |value: &Value| value.as_u64().expect("a count");
    let state = |name: &Value| STATES.iter().find(|(known, _)| name == known).expect("a state of the journey").1;
    let mut counts = Counts {
        events: number(&report["events"]),
        ignored: number(&report["ignored"]),
        refused: number(&report["refused"]),
        ..Counts::default()
    };
    assert_eq!(report["states"].as_object().unwrap().len(), STATES.len());
    for (name, which) in STATES {
        let tally = &report["states"][name];
        for (key, counts) in
            [("resting", &mut counts.resting), ("entered", &mut counts.entered), ("contacts", &mut counts.ever)]
        {
            let count = number(&tally[key]);
            // By hand, nobody counts what does not happen.
            if count > 0 {
                counts.insert(which, count);
            }
        }
    }
    for arrow in report["transitions"].as_array().unwrap() {
        let conditional = match arrow["guard"].as_str().unwrap() {
            "" => false,
            "count(purchase) >= 5" => true,
            other => panic!("an unexpected condition {other}"),
        };
        let (from, to) = (state(&arrow["from"]), state(&arrow["to"]));
        let expected = if to == Lapsed { "after 90 days without purchase" } else { "purchase" };
        assert_eq!(arrow["trigger"], expected);
        let (fired, contacts) = (number(&arrow["fired"]), number(&arrow["contacts"]));
        if fired > 0 {
            assert_eq!(counts.fired.insert((from, to, conditional), fired), None, "an arrow is listed twice");
            counts.took.insert((from, to, conditional), contacts);
        }
    }
    counts
}

/// Runs the binary on a project of the template, exactly as one would in a terminal.
fn replay(arguments: &[&str], events: &Path) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("purchases.statecraft");
    let statecraft = || Command::new(env!("CARGO_BIN_EXE_statecraft"));
    let made = statecraft().arg("new").arg(&project).args(["--template", "repeat-purchase"]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let run = statecraft().arg("replay").arg(&project).arg("--events").arg(events).args(arguments).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON on standard output")
}

fn replay_master(folder: &Path, until: &str) -> Value {
    let map = ["--map", "contact=customer_id", "--map", "time=date", "--event", "purchase"];
    let end = ["--until", until, "--format", "json"];
    replay(&[map.as_slice(), &end].concat(), &folder.join("CDNOW_master.txt"))
}

fn master(folder: &Path) -> Histories {
    histories(&folder.join("CDNOW_master.txt"), 1, 0, 1)
}

#[test]
fn every_purchase_of_cdnow_counts_the_same_by_hand_and_by_machine() {
    let Some(folder) = cdnow() else { return };
    let report = replay_master(&folder, "1998-07-01");
    let expected = by_hand(&master(&folder), day("19980701"), Tie::Purchase);
    assert_eq!((report["contacts"].as_u64(), report["events"].as_u64()), (Some(23_570), Some(69_659)));
    assert_eq!(counted(&report), expected);
    assert_eq!(expected.resting.values().sum::<u64>(), 23_570, "everybody rests somewhere");
    for key in ["not_started", "halted", "after_end", "errors"] {
        assert_eq!(report[key], 0, "{key}");
    }
}

#[test]
fn what_is_due_exactly_at_the_end_is_included() {
    let Some(folder) = cdnow() else { return };
    let histories = master(&folder);
    let (end, eve) = (day("19980701"), day("19980630"));
    let purchases = histories.values().flatten().filter(|day| **day == end - SILENCE).count();
    assert_eq!(purchases, 59, "purchases exactly 90 days before the end");
    // Of those customers, the ones who did not buy again lapse at the very end, and at no time before.
    let silent = histories.values().filter(|days| days.last() == Some(&(end - SILENCE))).count() as u64;
    assert!(silent > 0);
    let (whole, shorter) =
        (counted(&replay_master(&folder, "1998-07-01")), counted(&replay_master(&folder, "1998-06-30")));
    assert_eq!(shorter, by_hand(&histories, eve, Tie::Purchase));
    assert_eq!(whole.events, shorter.events, "nobody buys on the last day");
    assert_eq!(whole.entered[&Lapsed] - shorter.entered[&Lapsed], silent);
    assert_eq!(whole.resting[&Lapsed] - shorter.resting[&Lapsed], silent);
    let left: u64 = [New, Repeat, Loyal]
        .into_iter()
        .map(|state| shorter.resting.get(&state).unwrap_or(&0) - whole.resting.get(&state).unwrap_or(&0))
        .sum();
    assert_eq!(left, silent, "and they left the three states before");
}

#[test]
fn a_purchase_on_the_ninetieth_day_beats_the_timer_and_the_comparison_would_notice_otherwise() {
    let Some(folder) = cdnow() else { return };
    let histories = master(&folder);
    let end = day("19980701");
    let returns: usize =
        histories.values().map(|days| days.windows(2).filter(|pair| pair[1] - pair[0] == SILENCE).count()).sum();
    assert!(returns > 0, "some customers return exactly on the ninetieth day");
    let (right, wrong) = (by_hand(&histories, end, Tie::Purchase), by_hand(&histories, end, Tie::Timer));
    assert_eq!(wrong.entered[&Lapsed] - right.entered[&Lapsed], returns as u64);
    let found = counted(&replay_master(&folder, "1998-07-01"));
    assert_eq!(found, right);
    assert_ne!(found, wrong);
}

/// The published sample of a tenth of the customers has no header: the customer's number in the master file, the number
/// in the sample, the date, the number of CDs and the amount.
#[test]
fn the_sample_without_header_is_mapped_by_the_numbers_of_its_columns() {
    let Some(folder) = cdnow() else { return };
    let file = folder.join("CDNOW_sample.txt");
    let expected = by_hand(&histories(&file, 0, 0, 2), day("19980701"), Tie::Purchase);
    assert_eq!((expected.events, expected.resting.values().sum::<u64>()), (6_919, 2_357));
    for contact in ["contact=column 1", "contact=column 2"] {
        let map = ["--map", contact, "--map", "time=column 3", "--map", "value=column 5", "--event", "purchase"];
        let end = ["--until", "1998-07-01", "--format", "json"];
        let report = replay(&[map.as_slice(), &end].concat(), &file);
        assert_eq!(report["contacts"], 2_357, "{contact}");
        assert_eq!(counted(&report), expected, "{contact}");
    }
}

#[test]
fn the_calendar_of_this_test_is_right() {
    assert_eq!([day("19700101"), day("19700301"), day("19970101"), day("19980701")], [0, 59, 9_862, 10_408]);
    assert_eq!(day("20000301") - day("20000228"), 2);
    assert_eq!(day("19980701") - day("19980402"), SILENCE);
}
