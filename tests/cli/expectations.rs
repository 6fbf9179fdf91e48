//! `check --expectations`: what must come out for sample contacts.

use serde_json::Value;

use super::{Desk, keys, text};

const JOURNEY: &str = "start Lead\nend Trial\ntouchpoint guide\nLead --download / send(guide)--> Trial
contact Anna\n2026-03-01 download\nexpect Anna on 2026-03-09: in Trial, got guide once";

#[test]
fn expectations_are_run_when_they_are_asked_for() {
    let desk = Desk::with_journey(JOURNEY);
    assert!(!desk.prints(&["check", "p"]).contains("expectation"));
    assert_eq!(
        desk.prints(&["check", "p", "--expectations"]),
        "0 errors, 0 warnings\nholds: Anna on 2026-03-09 is in Trial and got guide once\n1 expectation, 0 broken\n"
    );
}

#[test]
fn a_broken_expectation_is_told_and_makes_the_exit_code_1() {
    let desk = Desk::with_journey(&format!("{JOURNEY}\nexpect Anna on 2026-02-01: in Trial"));
    let output = desk.run(&["check", "p", "--expectations", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(keys(&json), ["errors", "expectations", "hints", "problems", "warnings"]);
    assert_eq!(json["errors"], 0);
    assert_eq!(keys(&json["expectations"][1]), ["broken", "expectation", "holds"]);
    assert_eq!(json["expectations"][0]["holds"], true);
    assert_eq!(json["expectations"][1]["holds"], false);
    assert_eq!(json["expectations"][1]["broken"][0], "expected in Trial, but is nowhere");
    let output = desk.run(&["check", "p", "--expectations"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).ends_with(
        "broken: Anna on 2026-02-01 is in Trial\n  expected in Trial, but is nowhere\n2 expectations, 1 broken\n"
    ));
}
