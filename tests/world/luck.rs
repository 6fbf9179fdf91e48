//! Draws depend on their keys alone: not on threads, not on who else is there, not on what else was drawn.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::common::Setting;
use statecraft::simulation::{Progress, Story};

const WORLD: &str = "zone Europe/Berlin
    attribute fit: choice D < C < B < A
    attribute churn: number
    start Lead
    Lead --visit [count(visit) >= 3] / send(mail)--> Warm
    Lead --after 20 days without visit / send(mail)--> (stay)
    Warm --buy--> Customer
    Warm --after 30 days--> Lead
    Customer --buy--> (stay)
    Customer --cancel--> Lead
    behaviour visits: 0.4 per 1 day, shape 0.9 [not in(Customer)] -> visit 90 %
    behaviour reads: when sent mail, after lognormal 5 h, 90 % below 40 h -> visit 60 %
    behaviour decides: on Warm, after exponential 6 days, cancelled on leaving -> buy 55 %
    behaviour orders: 0.1 per 1 day in Customer -> buy
    behaviour renews: every 1 month in Customer -> cancel with chance churn
    population People: 60 contacts from 2026-01-01 over 60 days
      zones America/New_York 30 %, UTC 20 %
      draw fit: D 40 %, C 25 %, B 25 %, A 10 %
      draw churn: beta 0.7, 3.8
      earlier visit: 0 50 %, 1 50 % within 30 days";

const UNTIL: &str = "2026-12-31";

fn stories(setting: &Setting, contacts: usize, seed: u64) -> Vec<Story> {
    let run = setting.run(UNTIL, seed);
    (0..contacts).map(|contact| run.story(contact)).collect()
}

/// Time, cause and what followed, without anything that has an id of the project in it.
fn told(setting: &Setting, seed: u64) -> Vec<Vec<String>> {
    stories(setting, 60, seed).iter().map(|story| setting.happened(story)).collect()
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let setting = Setting::new(&WORLD.replace("60 contacts", "5000 contacts"));
    let played = |threads| setting.run(UNTIL, 7).played(threads, &Progress::default()).expect("nobody cancelled");
    let one = played(1);
    assert_eq!(one.0.contacts, 5_000);
    assert!(one.0.events > 100_000, "{} events", one.0.events);
    assert_eq!(one, played(2));
    assert_eq!(one, played(8));
    assert_ne!(one.0, setting.run(UNTIL, 8).report(1, &Progress::default()).expect("nobody cancelled"));
}

#[test]
fn a_run_of_a_world_can_be_cancelled() {
    let setting = Setting::new(WORLD);
    let progress = Progress::default();
    progress.cancel();
    assert_eq!(setting.run(UNTIL, 7).report(2, &progress), None);
}

#[test]
fn more_contacts_change_nothing_for_those_who_were_there() {
    let few = Setting::new(WORLD);
    let many = Setting::new(&WORLD.replace("60 contacts", "600 contacts"));
    assert_eq!(stories(&few, 60, 5), stories(&many, 60, 5));
}

/// Lines that add to the world without touching what is there. `{}` is a number.
const ADDITIONS: [&str; 7] = [
    "behaviour more {}: 0.2 per 1 day -> look",
    "behaviour more {}: on Lead, after uniform 1..5 days -> look 50 %",
    "behaviour more {}: every 3 days -> look",
    "behaviour more {}: at start, after exponential 10 days -> look",
    "state Attic{} at 0, 0",
    "Customer --look{} [count(look{}) >= 2]--> Warm",
    "attribute extra{}: number",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What is added is ignored by the chart, so every story stays as it was but for the lines of what was added.
    #[test]
    fn what_is_added_changes_no_other_draw(
        seed in 0_u64..1_000,
        additions in prop::collection::vec(0_usize..ADDITIONS.len(), 1..5),
    ) {
        let before = told(&Setting::new(WORLD), seed);
        let mut text = WORLD.to_owned();
        // Chart first: the world stands below it.
        for (number, addition) in additions.iter().enumerate() {
            let line = ADDITIONS[*addition].replace("{}", &number.to_string());
            if line.starts_with("behaviour") {
                text = format!("{text}\n{line}");
            } else {
                text = text.replacen("    behaviour", &format!("    {line}\n    behaviour"), 1);
            }
        }
        let after = told(&Setting::new(&text), seed);
        let without = |story: &Vec<String>| -> Vec<String> {
            story.iter().filter(|line| !line.contains(" look")).cloned().collect()
        };
        prop_assert_eq!(before, after.iter().map(without).collect::<Vec<_>>());
    }
}

#[test]
fn renaming_changes_no_draw() {
    let before = told(&Setting::new(WORLD), 3);
    let mut setting = Setting::new(WORLD);
    let mut project = setting.project.clone();
    for behaviour in project.behaviours.values_mut() {
        behaviour.name.push_str(" (old)");
    }
    setting = Setting::of(project);
    assert_eq!(before, told(&setting, 3));
}

#[test]
fn attributes_zones_and_starts_are_drawn_as_their_shares_say() {
    let setting = Setting::new(&WORLD.replace("60 contacts", "8000 contacts"));
    let run = setting.run("2026-03-02", 2);
    let mut fits: BTreeMap<String, u64> = BTreeMap::new();
    let mut late = 0;
    for contact in 0..8_000 {
        let story = run.story(contact);
        let first = story.entries.first().expect("everybody has started");
        late += u64::from(first.time >= setting.time("2026-01-31"));
        let fit = first.values.iter().find(|(name, _)| name == "fit").expect("it is drawn");
        *fits.entry(fit.1.clone()).or_default() += 1;
    }
    for (fit, share) in [("D", 0.4), ("C", 0.25), ("B", 0.25), ("A", 0.1)] {
        let error = (8_000.0_f64 * share * (1.0 - share)).sqrt();
        super::common::check_close(fits[fit], 8_000.0 * share, error);
    }
    super::common::check_close(late, 4_000.0, (8_000.0_f64 * 0.25).sqrt());
}
