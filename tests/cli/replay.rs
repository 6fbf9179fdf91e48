//! Recorded history on the command line: replayed, and traced contact by contact.

use std::fs::File;

use serde_json::{Value, json};

use super::{Desk, MAP, PURCHASES, check_report, keys, replay, text};

#[test]
fn replay_reads_a_log_and_prints_what_simulate_prints() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let report = desk.json(&replay("log.csv", &["--until", "2026-04-09"]));
    check_report(&report, &[]);
    assert_eq!((report["contacts"].as_u64(), report["events"].as_u64()), (Some(2), Some(3)));
    assert_eq!(report["states"]["Lapsed"]["resting"], 2);
    let printed = desk.prints(&replay("log.csv", &[]));
    assert!(printed.starts_with("2 contacts, 3 events, until 2026-01-09 00:00\n"), "{printed}");
}

#[test]
fn replay_tells_what_it_leaves_out_and_keeps_its_result_clean() {
    let desk = Desk::with_project();
    desk.file("log.csv", "customer,date,what,shop\nann,2026-01-01,purchase,x\nann,2026-01-02,visit,y\n");
    let columns = ["--map", "contact=customer", "--map", "time=date", "--map", "event=what"];
    let output = desk.run(&[&["replay", "p", "--events", "log.csv", "--format", "json"], &columns[..]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["events"].as_u64(), report["ignored"].as_u64()), (Some(2), Some(1)));
    let said = text(&output.stderr);
    assert!(said.contains("statecraft: 1 column is not used: shop."), "{said}");
    assert!(said.contains("not in the catalogue of the journey") && said.contains(": visit."), "{said}");
}

#[test]
fn a_log_that_cannot_be_read_is_refused_with_place_and_remedy() {
    use std::fmt::Write as _;
    let desk = Desk::with_project();
    let mut rows = String::from("customer,date\n");
    for row in 2..=5_000 {
        let date = if row == 4_711 { "2026-02-30" } else { "2026-02-20" };
        writeln!(rows, "c{row},{date}").unwrap();
    }
    desk.file("bad-date.csv", rows);
    desk.file("mixed.csv", b"customer,date\nZo\xc3\xab,2026-01-01\nZo\xeb,2026-01-02\n");
    desk.file("empty.csv", "");
    desk.file("header.csv", "customer,date\n");
    desk.file("ragged.csv", "customer,date\nann,2026-01-01\nbob\n");
    File::create(desk.path("huge.csv")).unwrap().set_len(2 << 30).unwrap();
    for (log, parts) in [
        ("bad-date.csv", &["Row 4711 of bad-date.csv", "column \"date\"", "\"2026-02-30\"", "Correct the row"][..]),
        ("mixed.csv", &["Row 3 of mixed.csv", "UTF-8"]),
        ("empty.csv", &["empty.csv is empty", "Export it again"]),
        ("header.csv", &["header but no rows"]),
        ("ragged.csv", &["Row 3 of ragged.csv has 1 column where 2 were expected"]),
        ("huge.csv", &["zero byte in row 1", "no text file"]),
        ("missing.csv", &["There is no file missing.csv"]),
        (".", &["is a folder"]),
        ("p", &["zero byte in row 1", "no text file"]),
    ] {
        desk.refuses_with(&replay(log, &[]), parts);
    }
}

#[test]
fn a_mapping_that_does_not_fit_the_log_says_what_would() {
    let desk = Desk::with_project();
    desk.file("log.csv", "customer_id,date\nann,2026-01-01\n");
    let log = ["replay", "p", "--events", "log.csv"];
    let refuses_with = |map: &[&str], sentence: &str| {
        assert_eq!(desk.refuses(&[&log[..], map].concat()), sentence);
    };
    refuses_with(
        &["--map", "contact=customerid", "--map", "time=date", "--event", "purchase"],
        "log.csv has no column \"customerid\"; did you mean \"customer_id\"? Its columns are: customer_id, date.",
    );
    refuses_with(
        &["--map", "contact=shop", "--map", "time=date", "--event", "purchase"],
        "log.csv has no column \"shop\". Its columns are: customer_id, date.",
    );
    refuses_with(
        &["--map", "time=date", "--event", "purchase"],
        "It is not said which column of log.csv holds the contact. Add --map contact=COLUMN. Its columns are: \
         customer_id, date.",
    );
    refuses_with(
        &["--map", "contact=customer_id", "--map", "time=date", "--event", "visit"],
        "None of the events in log.csv is in the catalogue of this journey. The file has visit. The journey knows \
         purchase.",
    );
}

// ---- trace

#[test]
fn trace_tells_a_story_with_why_and_why_not() {
    let desk = Desk::with_project();
    assert_eq!(
        desk.prints(&["trace", "p", "--contact", "Ben"]),
        "\
Ben
2026-01-05 00:00  start: entered Prospect
2026-01-05 00:00  purchase: moved from Prospect to New
2026-01-30 00:00  purchase: moved from New to Repeat
2026-02-25 00:00  purchase: stayed in Repeat: no condition held
                    why not: not to Loyal: count(purchase) was 3, needs at least 5
2026-04-02 00:00  purchase: stayed in Repeat: no condition held
                    why not: not to Loyal: count(purchase) was 4, needs at least 5
2026-05-20 00:00  purchase: moved from Repeat to Loyal
                    why: count(purchase) was 5 (needed at least 5)
"
    );
}

#[test]
fn trace_in_json_has_a_fixed_shape_from_project_and_log_alike() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let from_log = [&["trace", "p", "--contact", "ann", "--events", "log.csv"], &MAP[..]].concat();
    for (arguments, contact) in [(&["trace", "p", "--contact", "Ben"][..], "Ben"), (&from_log, "ann")] {
        let story = desk.json(arguments);
        assert_eq!(keys(&story), ["contact", "entries"]);
        assert_eq!(story["contact"], contact);
        for entry in story["entries"].as_array().unwrap() {
            let shape =
                ["cause", "effects", "errors", "from", "outcome", "text", "time", "to", "values", "why", "why_not"];
            assert_eq!(keys(entry), shape);
        }
        assert_eq!(story["entries"][0]["from"], Value::Null);
        assert_eq!(story["entries"][1]["to"], "New");
    }
}

#[test]
fn trace_what_if_lists_other_timings_that_end_otherwise() {
    let desk = Desk::with_journey(
        "event purchase\nstate Lead\nstart Lead\nstate Customer\nstate Lapsed\ntouchpoint reminder
         Lead --purchase--> Customer
         Lead --after 10 days / send(reminder)--> Lapsed
         contact Anna: start = 2026-03-01
           2026-03-11 02:00 purchase",
    );
    let sentence = "If purchase came just before \"after 10 days\" in Lead was due (2 h 1 min earlier): ends in Customer \
                    instead of Lapsed, gets reminder never instead of once";
    let bound = "2 changes were run: neighbouring events swapped, and each event brought to 1 min before and after timers and \
                 ends of windows that are at most 3 days away.";
    let until = ["trace", "p", "--contact", "Anna", "--what-if", "--until", "2026-04-01"];
    assert_eq!(desk.prints(&until), format!("Anna\n{sentence}\n{bound}\n"));
    assert_eq!(
        desk.json(&until),
        json!({
            "contact": "Anna", "until": "2026-04-01 00:00", "tried": 2, "left_out": 0,
            "ending": {"in": ["Lapsed"], "sent": {"reminder": 1}, "converted": {}},
            "alternatives": [{
                "text": sentence, "event": "purchase", "usual": "2026-03-11 02:00", "then": "2026-03-10 23:59",
                "before": null,
                "differences": ["ends in Customer instead of Lapsed", "gets reminder never instead of once"],
                "ending": {"in": ["Customer"], "sent": {}, "converted": {}},
                "events": [{"time": "2026-03-10 23:59", "event": "purchase"}],
            }],
        })
    );
    let none = desk.prints(&["trace", "p", "--contact", "Anna", "--what-if", "--until", "2026-03-02"]);
    assert!(none.starts_with("Anna\nNothing would come out otherwise.\n0 changes were run"), "{none}");
}

#[test]
fn trace_of_an_unknown_contact_names_some_that_are_known() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let sentence = desk.refuses(&["trace", "p", "--contact", "Nobody"]);
    assert_eq!(sentence, "There is no contact \"Nobody\" among the 6 contacts: Anna, Ben, Carla, Deniz, Eva, ….");
    let from_log = [&["trace", "p", "--contact", "Ann", "--events", "log.csv"], &MAP[..]].concat();
    desk.refuses_with(&from_log, &["no contact \"Ann\" among the 2 contacts: ann, bob"]);
    desk.refuses_with(&["trace", "p", "--contact", "Ben", "--event", "purchase"], &["--events LOG"]);
}
