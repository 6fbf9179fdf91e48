//! What would come out with another timing: races are found, and where there is none, nothing is listed.

use statecraft::analysis::timing::{Change, Timing};
use statecraft::model::{Project, Time, notation};
use statecraft::simulation::Progress;

const RACE: &str =
    "event purchase\nevent visit\nstate Lead\nstart Lead\nstate Customer\nstate Lapsed\ntouchpoint reminder
Lead --purchase--> Customer
Lead --after 10 days / send(reminder)--> Lapsed
contact Anna
  2026-03-01 visit, 2026-03-11 02:00 purchase";

fn asked(project: &Project, until: &str) -> Timing {
    let contact = project.contacts.values().next().expect("a contact");
    let until = Time::parse(until, &project.zone()).unwrap();
    Timing::of(project, contact, until, 1, &Progress::default()).expect("nobody cancels it")
}

fn sentences(chart: &str, until: &str) -> Vec<String> {
    let project = notation::parse(chart).expect("the chart reads");
    let timing = asked(&project, until);
    timing.alternatives.iter().map(|one| timing.sentence(&project, one)).collect()
}

#[test]
fn an_event_that_came_too_late_for_a_timer() {
    assert_eq!(
        sentences(RACE, "2026-04-01"),
        [
            "If purchase came just before \"after 10 days\" in Lead was due (2 h 1 min earlier): ends in Customer instead of \
             Lapsed, gets reminder never instead of once",
            "If purchase came before visit (10 days 2 h earlier): ends in Customer instead of Lapsed, gets reminder never \
             instead of once"
        ]
    );
}

#[test]
fn neighbours_that_race() {
    let chart = "event mail\nevent purchase\nstate Lead\nstart Lead\nstate Reminded\nstate Customer\nstate Late
Lead --mail--> Reminded
Lead --purchase / convert(sale)--> Customer
Reminded --purchase--> Late
contact Anna: start = 2026-02-01
  2026-03-01 10:00 mail, 2026-03-01 12:00 purchase";
    assert_eq!(
        sentences(chart, "2026-04-01"),
        [
            "If purchase came before mail (2 h earlier): ends in Customer instead of Late, reaches sale once instead of never"
        ]
    );
}

#[test]
fn an_event_that_came_in_time_by_chance() {
    let chart = RACE.replace("2026-03-11 02:00", "2026-03-10 21:00");
    assert_eq!(
        sentences(&chart, "2026-04-01")[0],
        "If purchase came just after \"after 10 days\" in Lead was due (3 h 1 min later): ends in Lapsed instead of \
         Customer, gets reminder once instead of never"
    );
    // What is further away than it is said is not looked at.
    let chart = RACE.replace("2026-03-11 02:00", "2026-03-06 21:00");
    assert_eq!(sentences(&chart, "2026-04-01"), Vec::<String>::new());
}

#[test]
fn the_end_of_a_window_in_which_something_is_counted() {
    let chart = "event visit\nevent ask\nstate Lead\nstart Lead\nstate MQL
Lead --ask [count(visit, 30 days) >= 2]--> MQL
contact Anna: start = 2026-02-01
  2026-03-01 visit, 2026-03-10 visit, 2026-04-01 ask";
    let found = sentences(chart, "2026-06-01");
    println!("{found:#?}");
    assert_eq!(
        found[0],
        "If ask came just before visit of 2026-03-01 00:00 was 30 days ago (1 day earlier): ends in MQL instead of Lead"
    );
}

#[test]
fn what_is_listed_comes_out_when_it_is_run_and_the_stories_part() {
    let project = notation::parse(RACE).unwrap();
    let timing = asked(&project, "2026-04-01");
    let again = asked(&project, "2026-04-01");
    assert_eq!(timing, again, "nothing is left to chance");
    for alternative in &timing.alternatives {
        let contact = alternative.contact.clone();
        let mut changed = project.clone();
        changed.contacts.values_mut().for_each(|known| known.clone_from(&contact));
        assert_eq!(asked(&changed, "2026-04-01").ending, alternative.ending);
        let comparison = timing.compare(&project, alternative);
        assert!(comparison.differs.is_some(), "{comparison:#?}");
    }
    let [moved, swapped] = &timing.alternatives[..] else { panic!("two") };
    assert!(matches!(moved.change, Change::Moved { event: 1, after: false, .. }));
    assert_eq!(swapped.change, Change::Swapped(1));
}

#[test]
fn asking_can_be_called_off() {
    let project = notation::parse(RACE).unwrap();
    let progress = Progress::default();
    progress.cancel();
    let contact = project.contacts.values().next().unwrap();
    assert_eq!(Timing::of(&project, contact, Time(i64::MAX / 4), 1, &progress), None);
}

#[test]
fn where_nothing_races_nothing_is_listed() {
    let chart = "event visit\nevent purchase\nstate Lead\nstart Lead\nstate Customer
Lead --purchase--> Customer
Lead --visit--> (stay)
Customer --visit--> (stay)
contact Anna: start = 2026-02-01
  2026-03-01 10:00 visit, 2026-03-01 12:00 purchase, 2026-03-02 visit";
    let project = notation::parse(chart).unwrap();
    let timing = asked(&project, "2026-04-01");
    assert_eq!(timing.alternatives, []);
    assert_eq!((timing.tried, timing.left_out), (2, 0), "the two swaps were run");
    assert!(timing.bound().starts_with("2 changes were run: "), "{}", timing.bound());
}
