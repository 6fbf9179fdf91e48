//! Teams: contacts who wait for each other, first come, first served, in the hours of the team.

use super::common::{Setting, check_close};

/// When the first contacts had their answer, as `contact: time`, in the order of the contacts.
fn answered(setting: &Setting, contacts: usize, until: &str) -> Vec<String> {
    let run = setting.run(until, 1);
    let mut lines = Vec::new();
    for contact in 0..contacts {
        let story = run.story(contact);
        for entry in &story.entries {
            if entry.cause_in_words(&setting.project) == "answer" {
                let time = entry.time.display_in(&setting.project.zone());
                lines.push(format!("{}: {time}", story.contact));
            }
        }
    }
    lines
}

// 40 hours a week for 20 things: two hours each.
const REPS: &str = "team Reps: 2 people, 10 a week each, Mon–Fri 09:00–17:00";

#[test]
fn one_after_the_other_in_the_hours_of_the_team() {
    // 2026-01-02 is a Friday.
    let setting = Setting::new(&format!(
        "start A\nA --answer--> B\n{REPS}\nbehaviour answers: on A, by team Reps -> answer
         population People: 6 contacts from 2026-01-02 10:00"
    ));
    assert_eq!(
        answered(&setting, 6, "2026-02-01"),
        [
            "1: 2026-01-02 12:00",
            "2: 2026-01-02 14:00",
            "3: 2026-01-02 16:00",
            "4: 2026-01-05 10:00",
            "5: 2026-01-05 12:00",
            "6: 2026-01-05 14:00",
        ]
    );
}

#[test]
fn the_delay_comes_after_the_work_and_the_hours_are_those_of_the_project() {
    let setting = Setting::new(&format!(
        "zone America/New_York\nstart A\nA --answer--> B\n{REPS}
         behaviour answers: on A, after 30 min, by team Reps -> answer
         population People: 2 contacts from 2026-01-04
           zones Europe/Berlin 100 %"
    ));
    assert_eq!(answered(&setting, 2, "2026-02-01"), ["1: 2026-01-05 11:30", "2: 2026-01-05 13:30"]);
}

#[test]
fn who_left_meanwhile_takes_nobodys_time() {
    // Everybody but the first two gives up on Saturday.
    let chart = "start A\nA --answer--> B\nA --after 24 h--> C";
    let behaviour = |cancelled: &str| {
        Setting::new(&format!(
            "{chart}\nC --back--> A\n{REPS}\nbehaviour answers: on A{cancelled}, by team Reps -> answer
             behaviour returns: on C, after 48 h -> back
             population People: 6 contacts from 2026-01-02 13:00"
        ))
    };
    let times = ["1: 2026-01-02 15:00", "2: 2026-01-02 17:00"];
    let setting = behaviour(", cancelled on leaving");
    // The third is being served when it gives up; the others are not waited for, and come back on Monday at 13:00.
    let answers = answered(&setting, 6, "2026-01-06 09:30");
    assert_eq!(answers[..2], times);
    assert!(answers.contains(&String::from("3: 2026-01-05 15:00")), "{answers:?}");
    // Work that nobody needs any more is done all the same where leaving takes nothing back.
    let answers = answered(&behaviour(""), 6, "2026-01-05 13:00");
    assert!(answers.contains(&String::from("4: 2026-01-05 13:00")), "{answers:?}");
}

#[test]
fn who_comes_first_is_served_first_whatever_the_behaviour() {
    let setting = Setting::new(&format!(
        "start A\nA --answer--> (stay)\n{REPS}
         behaviour late: at start, after 3 h -> ask
         behaviour again: at start, by team Reps -> answer
         behaviour answers: at start, by team Reps -> answer
         population People: 2 contacts from 2026-01-05 09:00"
    ));
    // Both things of the first contact, then both of the second: by time, contact and sequence.
    assert_eq!(
        answered(&setting, 2, "2026-02-01"),
        ["1: 2026-01-05 11:00", "1: 2026-01-05 13:00", "2: 2026-01-05 15:00", "2: 2026-01-05 17:00"]
    );
}

#[test]
fn a_team_of_nobody_never_answers() {
    let nobody = REPS.replace("2 people", "0 people");
    let setting = Setting::new(&format!(
        "start A\nA --answer--> B\n{nobody}\nbehaviour answers: on A, by team Reps -> answer
         population People: 3 contacts from 2026-01-05 09:00"
    ));
    assert_eq!(setting.report("2027-01-01", 1).events, 0);
}

#[test]
fn a_team_gets_done_in_a_week_what_its_size_says() {
    let setting = Setting::new(&format!(
        "start A\nA --answer--> B\n{REPS}\nbehaviour answers: on A, by team Reps -> answer
         population People: 500 contacts from 2026-01-05"
    ));
    for weeks in 1..5_u64 {
        let friday = format!("2026-01-{:02} 17:00", 2 + 7 * weeks);
        assert_eq!(setting.report(&friday, 1).events, 20 * weeks);
    }
}

#[test]
fn a_team_with_room_to_spare_keeps_nobody_waiting_longer_than_its_work() {
    // Visitors come at random, one in eight hours, and are served around the clock in half an hour: a queue M/D/1 with a
    // load of 1/16, whose mean wait is 1/16 / (2 · 15/16) of the work.
    let setting = Setting::new(
        "start A\nA --visit--> B\nB --answer--> A
         team Reps: 1 person, 336 a week each, 00:00–00:00
         behaviour visits: 1 per 8 h in A -> visit
         behaviour answers: on B, by team Reps -> answer
         population People: 1 contacts from 2026-01-01",
    );
    let run = setting.run("2030-01-01", 4);
    let story = run.story(0);
    let answers = story.entries.iter().filter(|entry| entry.cause_in_words(&setting.project) == "answer").count();
    // Each round takes 8 h and a half on average, with a deviation of 8 h.
    let rounds = 1_461.0 * 24.0 / 8.5;
    check_close(answers as u64, rounds, f64::sqrt(rounds) * 8.0 / 8.5);
    for pair in story.entries.windows(2) {
        if pair[1].cause_in_words(&setting.project) == "answer" {
            assert_eq!(pair[1].time.0 - pair[0].time.0, 30 * 60_000);
        }
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads_also_with_a_team() {
    let setting = Setting::new(&format!(
        "attribute fit: choice B < A\nstart A\nA --answer--> B\nB --visit--> A\nA --after 9 days / refer()--> C
         {REPS}\nbehaviour answers: on A, after exponential 2 h, cancelled on leaving, by team Reps -> answer 80 %
         behaviour visits: 0.1 per 1 day -> visit
         population People: 3000 contacts from 2026-01-01 over 300 days
           draw fit: A 50 %, B 50 %"
    ));
    let played = |threads| setting.run("2027-01-01", 7).played(threads, &Default::default()).expect("nobody cancelled");
    let one = played(1);
    assert!(one.0.referred.as_ref().is_some_and(|referred| referred.contacts > 500), "{:?}", one.0.referred);
    assert_eq!(one, played(2));
    assert_eq!(one, played(8));
}
