//! Invented contacts on the command line: other sizes and seeds, repeats, ranges, two versions compared.

use serde_json::Value;
use statecraft::model::behaviour::Chance;
use statecraft::model::sample::Sample;
use statecraft::model::{Assumption, Project};

use super::{Desk, keys};

const TIMES: [&str; 1] = ["elapsed_ms"];

fn white_paper() -> Desk {
    let desk = Desk::new();
    desk.prints(&["new", "p", "--template", "white-paper"]);
    desk
}

/// The lead definition in which nobody comes back.
fn without_recycling() -> Project {
    let mut project = Sample::by_key("lead-definition").unwrap().project();
    let behaviour = project.behaviours.values_mut().find(|known| known.name == "is ready at last").unwrap();
    behaviour.outcomes[0].chance = Chance::Share(Assumption::guessed(0.0));
    project
}

fn without_times(mut json: Value) -> Value {
    for time in TIMES {
        json.as_object_mut().unwrap().remove(time).unwrap();
    }
    json
}

#[test]
fn a_template_runs_its_world_and_the_same_seed_gives_the_same_result() {
    let desk = white_paper();
    let one = desk.json(&["simulate", "p"]);
    assert_eq!(one["contacts"], 2_000);
    assert_eq!(one["until"], "2026-03-02 00:00");
    let reached = one["conversions"]["any download"]["count"].as_u64().unwrap();
    // 61.1 % of 2,000, give or take four standard errors.
    assert!((1_134..=1_309).contains(&reached), "{reached}");
    assert_eq!(without_times(one.clone()), without_times(desk.json(&["simulate", "p"])));
    assert_ne!(without_times(one), without_times(desk.json(&["simulate", "p", "--seed", "2"])));
}

#[test]
fn size_and_end_of_an_invented_population_can_be_said() {
    let desk = white_paper();
    let small = desk.json(&["simulate", "p", "--contacts", "50", "--days", "7"]);
    assert_eq!((small["contacts"].as_u64(), small["until"].as_str()), (Some(50), Some("2026-01-08 00:00")));
    let samples = ["simulate", "p", "--scenario", "First half of the year"];
    desk.refuses_with(&[&samples[..], &["--contacts", "50"]].concat(), &["--contacts is for generated populations"]);
    assert_eq!(desk.json(&samples)["contacts"], 7);
    // Two ends are one too many.
    assert_eq!(desk.run(&["simulate", "p", "--days", "7", "--until", "2026-02-01"]).status.code(), Some(2));
}

#[test]
fn chance_and_assumptions_stand_apart() {
    let desk = white_paper();
    let plain = desk.json(&["simulate", "p", "--contacts", "200"]);
    assert!(plain["chance"].is_null() && plain["assumptions"].is_null());
    let both = desk.json(&["simulate", "p", "--contacts", "200", "--repeat", "3", "--vary"]);
    assert_eq!(both["chance"]["seeds"], serde_json::json!([1, 2, 3]));
    let measure = &both["chance"]["measures"][0];
    assert_eq!(keys(measure), ["high", "low", "measure", "median", "values"]);
    assert_eq!(measure["measure"], "Contacts that reach any download");
    assert_eq!(measure["values"].as_array().unwrap().len(), 3);
    let first = &both["assumptions"][0];
    assert_eq!(keys(first), ["measure", "numbers"]);
    let number = &first["numbers"][0];
    assert_eq!(keys(number), ["at_high", "at_likely", "at_low", "high", "likely", "low", "number", "provenance"]);
    assert!(number["number"].as_str().unwrap().contains("downloads"), "{number}");
    let swing = |number: &Value| (number["at_high"].as_f64().unwrap() - number["at_low"].as_f64().unwrap()).abs();
    let swings: Vec<f64> = first["numbers"].as_array().unwrap().iter().map(swing).collect();
    assert!(swings.is_sorted_by(|one, other| one >= other) && swings[0] > 0.0, "{swings:?}");
    // The text says both, each under its own name.
    let text = desk.prints(&["simulate", "p", "--contacts", "200", "--repeat", "3", "--vary"]);
    assert!(text.contains("Chance: seeds 1 to 3.") && text.contains("Assumptions: each number"), "{text}");
}

#[test]
fn two_versions_are_compared_on_the_same_luck() {
    let desk = Desk::new();
    desk.prints(&["new", "a", "--template", "lead-definition"]);
    desk.project("b", &without_recycling());
    let json = desk.json(&["compare", "a", "b", "--repeat", "5"]);
    assert_eq!(keys(&json), ["contacts", "diverging", "elapsed_ms", "measures", "seeds", "without_partner"]);
    let measure = &json["measures"][0];
    assert_eq!(keys(measure), ["a", "b", "b_more", "difference", "high", "low", "measure", "same"]);
    assert_eq!(measure["measure"], "Contacts that reach sales accepted lead");
    assert!(measure["difference"].as_f64().unwrap() < 0.0 && measure["high"].as_f64().unwrap() < 0.0, "{measure}");
    assert_eq!(measure["b_more"], 0);
    let diverging = json["diverging"]["first"].as_array().unwrap();
    assert_eq!(keys(&diverging[0]), ["a", "b", "contact", "time"]);
    // Whoever comes back in one comes back in one alone; others wait for the same team.
    let comes_back =
        |other: &&Value| other["a"].as_str().unwrap().starts_with("re-qualify: moved from Recycled to MQL");
    let back: Vec<&Value> = diverging.iter().filter(comes_back).collect();
    assert!(!back.is_empty() && back.iter().all(|other| other["b"] == "nothing"), "{diverging:?}");
    // Against itself nothing differs.
    let same = desk.json(&["compare", "a", "a", "--repeat", "2"]);
    assert_eq!(same["diverging"]["contacts"], 0);
    for measure in same["measures"].as_array().unwrap() {
        assert_eq!((measure["difference"].as_f64(), measure["same"].as_u64()), (Some(0.0), Some(2)), "{measure}");
    }
    assert!(desk.prints(&["compare", "a", "b", "--repeat", "2"]).starts_with("Model result: A and B"));
    desk.refuses_with(&["compare", "a", "missing"], &["missing"]);
}

#[test]
fn an_invented_contact_tells_its_story() {
    let desk = white_paper();
    let story = desk.json(&["trace", "p", "--contact", "1"]);
    assert_eq!(story["entries"][0]["text"], "entered Unknown");
    desk.refuses_with(&["trace", "p", "--contact", "2001"], &["There is no contact \"2001\" among the 2,000 contacts"]);
}
