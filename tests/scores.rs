//! Points that are capped and scores that decay: a chart, one contact's events, and what the scores are after each.

mod common;

use statecraft::exchange::{read_scxml, write_scxml};
use statecraft::model::{Dataset, Project, Time, notation};
use statecraft::simulation::{Machine, Outcome, Progress, Run, Story};

fn story(chart: &str, events: &str, until: &str) -> (Project, Story) {
    let project = notation::parse(&format!("{chart}\ncontact Anna: {events}")).expect("the notation reads");
    let (machine, problems) = Machine::compile(&project);
    assert_eq!(problems, [], "the chart has problems");
    let (dataset, codes) = Dataset::of_samples(&project);
    let until = (!until.is_empty()).then(|| Time::parse(until, &project.zone()).expect("a time"));
    let run = Run::new(&machine, &dataset, &codes, until, 1);
    let story = run.story(0);
    // Whole populations go the same way.
    let report = run.report(1, &Progress::default()).expect("not cancelled");
    assert_eq!(report.contacts, 1);
    (project, story)
}

/// What the score `s` is after each event and timer.
#[track_caller]
fn check(chart: &str, events: &str, expected: &[&str]) {
    let (_, story) = story(chart, events, "");
    assert_eq!(scores(&story, "s"), expected, "{chart}\n{events}");
}

fn scores(story: &Story, name: &str) -> Vec<String> {
    let value = |values: &[(String, String)]| {
        values.iter().find(|(known, _)| known == name).map_or(String::from("-"), |(_, value)| value.clone())
    };
    story.entries.iter().map(|entry| value(&entry.values)).collect()
}

#[test]
fn a_cap_is_reached_exactly_and_gives_the_part_that_fits() {
    let days = "\n2026-01-01 e, 2026-01-02 e, 2026-01-03 e, 2026-01-04 e";
    check("state A\nrule e: s + 10, at most 30", days, &["0", "10", "20", "30", "30"]);
    check("state A\nrule e: s + 10, at most 25", days, &["0", "10", "20", "25", "25"]);
    check("state A\nrule e: s + 10, at most 0", days, &["0", "0", "0", "0", "0"]);
    check("state A\nrule e: s + 10, at most 5", days, &["0", "5", "5", "5", "5"]);
    check("state A\nrule e: s + event.x, at most 9", "\n2026-01-01 e (x = 4), 2026-01-02 e (x = 50)", &["0", "4", "9"]);
}

#[test]
fn a_window_begins_just_after_the_same_time_so_many_days_ago() {
    let rule = "state A\nrule e: s + 10, at most 10 in 7 days";
    check(rule, "\n2026-01-01 12:00 e, 2026-01-08 11:59 e", &["0", "10", "10"]);
    check(rule, "\n2026-01-01 12:00 e, 2026-01-08 12:00 e", &["0", "10", "20"]);
    // What was refused is not counted: the window looks at what was given.
    check(rule, "\n2026-01-01 e, 2026-01-05 e, 2026-01-08 e, 2026-01-12 e", &["0", "10", "10", "20", "20"]);
    check(
        "state A\nrule e: s + 2, at most 3 in 1 h",
        "\n2026-01-01 12:00 e, 2026-01-01 12:30 e, 2026-01-01 13:00 e, 2026-01-01 13:20 e, 2026-01-01 13:30 e",
        &["0", "2", "3", "5", "5", "6"],
    );
    // Days are those of the contact's calendar: over the night of the clock change, one has 23 hours.
    let rule = "zone Europe/Berlin\nstate A\nrule e: s + 1, at most 1 in 1 day";
    check(rule, "\n2026-03-28 12:00 e, 2026-03-29 11:59 e, 2026-03-29 12:00 e", &["0", "1", "1", "2"]);
    let rule = "state A\nrule e: s + 1, at most 1 in 1 month";
    check(rule, "\n2026-01-31 e, 2026-02-28 e, 2026-03-01 e", &["0", "1", "1", "2"]);
}

#[test]
fn what_a_rule_takes_is_capped_like_what_it_adds() {
    let days = "\n2026-01-01 e, 2026-01-02 e, 2026-01-03 e";
    check("state A\nrule e: s - 10, at most 15", days, &["0", "-10", "-15", "-15"]);
    // Up and down are counted apart, so that what was taken makes no room for more.
    check(
        "state A\nrule e: s + event.x, at most 10 in 30 days",
        "\n2026-01-01 e (x = -8), 2026-01-02 e (x = 8), 2026-01-03 e (x = 8), 2026-01-04 e (x = -8)",
        &["0", "-8", "0", "2", "0"],
    );
}

#[test]
fn of_a_rule_that_sets_the_change_is_capped() {
    let rule = "state A\nrule e: s = 100, at most 30 in 7 days\nrule f: s = 0";
    check(rule, "\n2026-01-01 e, 2026-01-02 e, 2026-01-08 e", &["0", "30", "30", "60"]);
    // Another rule is not capped, and what it does is not counted here.
    check(rule, "\n2026-01-01 e, 2026-01-02 f, 2026-01-03 e, 2026-01-08 e", &["0", "30", "0", "0", "30"]);
    check("state A\nrule e: s = 0.3, at most 30", "\n2026-01-01 e", &["0", "0.3"]);
}

#[test]
fn every_rule_has_a_cap_of_its_own() {
    let rules = "state A
        rule e: s + 10, at most 10
        rule e [count(e) >= 2]: s + 1, at most 2 in 7 days
        rule f: s + 100";
    check(
        rules,
        "\n2026-01-01 e, 2026-01-02 e, 2026-01-03 f, 2026-01-04 e, 2026-01-05 e, 2026-01-09 e",
        &["0", "10", "11", "111", "112", "112", "113"],
    );
}

#[test]
fn guards_see_points_after_the_cap() {
    let (project, story) = story(
        "A --e [s >= 21]--> B\nA --e [s = 20]--> C\nrule e: s + 10, at most 20",
        "\n2026-01-01 e, 2026-01-02 e",
        "",
    );
    assert_eq!(common::in_short(&project, &story), "→ A; e ✗; e → C");
}

#[test]
fn half_of_a_score_is_gone_after_its_half_life() {
    let chart = "state A\nscore s: half-life 10 days\nrule e: s + 80\nrule zero: s = 0\nrule minus: s = -4\nevent look";
    check(chart, "\n2026-01-01 e, 2026-01-11 look, 2026-01-21 look, 2026-01-31 e", &["0", "80", "40", "20", "90"]);
    // What is added is added to what is left.
    check(chart, "\n2026-01-01 e, 2026-01-11 e, 2026-01-21 look", &["0", "80", "120", "60"]);
    check(chart, "\n2026-01-01 minus, 2026-01-11 look, 2026-01-12 zero, 2026-01-21 look", &["0", "-4", "-2", "0", "0"]);
    check(chart, "\n2026-01-01 e, 2026-01-01 look", &["0", "80", "80"]);
}

#[test]
fn how_often_somebody_looks_does_not_matter() {
    let chart = "state A\nscore s: half-life 30 days\nrule e: s + 10\nevent look";
    let often: Vec<String> =
        (0..60).map(|day| format!(", 2026-0{}-{:02} 13:37 look", 1 + day / 28, 1 + day % 28)).collect();
    let last = |events: &str| scores(&story(chart, events, "").1, "s").pop();
    let seldom = last("\n2026-01-01 e, 2026-04-01 look");
    assert_eq!(last(&format!("\n2026-01-01 e{}, 2026-04-01 look", often.concat())), seldom);
    // 10 · 0.5^(90 / 30), bit for bit.
    assert_eq!(seldom.as_deref(), Some("1.25"));
    // A fraction is kept as it comes: 10 · 0.5^(1 / 30).
    assert_eq!(last("\n2026-01-01 e, 2026-01-02 look").as_deref(), Some("9.771599684342458"));
}

#[test]
fn timers_and_actions_meet_the_decayed_score() {
    let chart = "start A
        score s: half-life 10 days
        rule e: s + 80
        A --after 10 days since e [s <= 40] / s + 5--> B
        B --after 10 days [s < 22.6] / copy = s--> C
        attribute copy: number";
    let (project, told) = story(&format!("attribute copy: number\n{chart}"), "\n2026-01-01 e", "2026-02-01");
    let told_in_short = common::in_short(&project, &told);
    assert_eq!(
        told_in_short,
        "→ A; e –; after 10 days since e → B / s is now 45; after 10 days → C / copy is now 22.5"
    );
    assert_eq!(scores(&told, "s"), ["0", "80", "45", "22.5"]);
    assert_eq!(scores(&told, "copy").last().map(String::as_str), Some("22.5"));
}

#[test]
fn what_is_known_at_first_begins_to_decay_with_the_first_event() {
    let mut project = notation::parse("A --e--> B\nscore s: half-life 1 day\ncontact Anna\n2026-01-01 e, 2026-01-02 e")
        .expect("it reads");
    for score in project.attributes.values_mut() {
        score.initial = statecraft::model::Value::Number(8.0);
    }
    let (dataset, codes) = Dataset::of_samples(&project);
    let machine = Machine::of(&project);
    let story = Run::new(&machine, &dataset, &codes, None, 1).story(0);
    assert_eq!(scores(&story, "s"), ["8", "8", "4"]);
}

#[test]
fn a_contact_that_is_stopped_keeps_what_it_had_before() {
    let chart = "start A
        score s: half-life 10 days
        rule go: s + 8, at most 8
        A --go [count(go) >= 2]--> B
        B --always--> C
        C --always--> B";
    let (_, story) = story(chart, "\n2026-01-01 go, 2026-01-11 go, 2026-01-21 go", "");
    assert_eq!(scores(&story, "s")[..3], ["0", "8", "8"]);
    assert_eq!(story.entries[2].outcome, Outcome::Halted);
}

#[test]
fn everything_works_together_and_for_one_contact_after_the_other() {
    // Each contact begins anew, with all of its cap.
    let contacts: Vec<String> = (0..5).map(|i| format!("contact C{i}\n2026-01-0{} e, 2026-02-01 e\n", 1 + i)).collect();
    let contacts = contacts.concat();
    let project = notation::parse(&format!(
        "A --e [s >= 14]--> B\nscore s: half-life 1 month\nrule e: s + 10, at most 15\n{contacts}"
    ))
    .expect("it reads");
    let (dataset, codes) = Dataset::of_samples(&project);
    let machine = Machine::of(&project);
    let run = Run::new(&machine, &dataset, &codes, None, 1);
    let report = run.report(2, &Progress::default()).expect("not cancelled");
    for contact in 0..5 {
        let entries = run.story(contact).entries;
        assert_eq!(entries.len(), 3);
        assert!(entries.iter().all(|entry| entry.outcome != Outcome::Moved || entry.from.is_empty()));
    }
    assert_eq!((report.contacts, report.events), (5, 10));
}

#[test]
fn a_chart_of_others_carries_caps_and_half_lives() {
    let project =
        notation::parse("A --e--> B\nscore s: half-life 2 weeks\nrule e: s + 10, at most 12.5 in 7 days").unwrap();
    let chart = write_scxml(&project);
    let read = read_scxml(&chart).expect("it reads");
    assert_eq!(read.project.attributes, project.attributes);
    assert_eq!(read.project.score_rules, project.score_rules);
}
