//! What sets behaviours off, what comes of it, how late, and what takes it back.

use super::common::{Setting, check_close, problems};

/// The story of the first contact of a population of one that starts on 2026-01-01.
fn happened(text: &str, until: &str) -> Vec<String> {
    let setting = Setting::new(&format!("{text}\npopulation One: 1 contacts from 2026-01-01"));
    setting.happened(&setting.story(0, until, 1))
}

#[test]
fn something_happens_at_the_start_and_after_a_node_was_entered() {
    assert_eq!(
        happened(
            "start A\nA --go--> B\nB --back--> A
             behaviour goes: at start, after 2 h -> go
             behaviour returns: on B, after 1 day -> back",
            "2026-02-01"
        ),
        ["2026-01-01 00:00 start", "2026-01-01 02:00 go", "2026-01-02 02:00 back"]
    );
}

#[test]
fn everything_is_set_off_after_the_macrostep_for_each_entry_in_it() {
    // A is passed through at once, and what its entry sets off still comes.
    assert_eq!(
        happened(
            "start A\nA --always--> B\nB --seen--> (stay)
             behaviour looks: on A, after 1 h -> seen
             behaviour looks again: on A [in(B)], after 2 h -> seen
             behaviour is gone: on A, after 3 h, cancelled on leaving -> seen",
            "2026-02-01"
        ),
        ["2026-01-01 00:00 start", "2026-01-01 01:00 seen", "2026-01-01 02:00 seen"]
    );
}

#[test]
fn what_is_sent_sets_something_off() {
    assert_eq!(
        happened(
            "start A\nA --after 1 day, then every 1 day / send(mail)--> (stay)\nA --reply--> End\nend End
             behaviour replies: when sent mail [count(open) >= 1], after 3 h -> reply
             behaviour opens: when sent mail, after 1 h -> open",
            "2026-02-01"
        ),
        [
            "2026-01-01 00:00 start",
            "2026-01-02 00:00 after 1 day, then every 1 day / mail",
            "2026-01-02 01:00 open",
            "2026-01-03 00:00 after 1 day, then every 1 day / mail",
            "2026-01-03 01:00 open",
            "2026-01-03 03:00 reply",
        ]
    );
}

#[test]
fn periods_count_from_the_start_or_from_entry_on_the_calendar_of_the_contact() {
    // In Berlin the clock changes on 2026-03-29; the time of day stays.
    let setting = Setting::new(
        "zone Europe/Berlin\nstart A\nA --tick--> (stay)
         behaviour ticks: every 1 month -> tick
         population One: 1 contacts from 2026-01-31 09:00",
    );
    assert_eq!(
        setting.happened(&setting.story(0, "2026-05-01", 1)),
        ["2026-01-31 09:00 start", "2026-02-28 09:00 tick", "2026-03-31 09:00 tick", "2026-04-30 09:00 tick"]
    );
    // Counted anew with every visit, and never outside.
    assert_eq!(
        happened(
            "start A\nA --after 36 h--> B\nB --after 12 h--> A\nA --tick--> (stay)
             behaviour ticks: every 1 day in A -> tick",
            "2026-01-05 12:00"
        ),
        [
            "2026-01-01 00:00 start",
            "2026-01-02 00:00 tick",
            "2026-01-02 12:00 after 36 h",
            "2026-01-03 00:00 after 12 h",
            "2026-01-04 00:00 tick",
            "2026-01-04 12:00 after 36 h",
            "2026-01-05 00:00 after 12 h",
        ]
    );
}

#[test]
fn leaving_takes_back_what_has_not_happened_yet() {
    let chart = "start A\nA --after 1 day--> B\nB --after 1 day--> A\nA --late--> (stay)";
    let kept = format!("{chart}\nbehaviour comes: on A, after 30 h -> late");
    assert!(happened(&kept, "2026-01-02 12:00").contains(&String::from("2026-01-02 06:00 late")));
    let cancelled = format!("{chart}\nbehaviour comes: on A, after 30 h, cancelled on leaving -> late");
    assert!(!happened(&cancelled, "2026-03-01").iter().any(|line| line.contains("late")));
    // Back in A is another visit. At the start it is the state that was active then.
    let start = format!("{chart}\nbehaviour comes: at start, after 49 h, cancelled on leaving -> late");
    assert!(!happened(&start, "2026-03-01").iter().any(|line| line.contains("late")));
}

#[test]
fn at_one_instant_behaviours_come_in_their_order_and_before_timers() {
    assert_eq!(
        happened(
            "start A\nA --after 1 day--> (stay)\nA --one--> (stay)\nA --two--> (stay)
             behaviour second: every 1 day -> one
             behaviour third: at start, after 24 h -> two
             behaviour first: at start, after 1 day -> one",
            "2026-01-02"
        ),
        [
            "2026-01-01 00:00 start",
            "2026-01-02 00:00 one",
            "2026-01-02 00:00 two",
            "2026-01-02 00:00 one",
            "2026-01-02 00:00 after 1 day",
        ]
    );
}

#[test]
fn an_event_brings_values_that_are_looked_up_when_it_happens() {
    let setting = Setting::new(
        "start A\nscore spent\nrule buy: spent + event.amount\nA --buy--> (stay)
         behaviour buys: at start, after 1 day -> buy (amount = 10 + 5 * count(visit))
         behaviour visits: every 8 h -> visit
         population One: 1 contacts from 2026-01-01",
    );
    let story = setting.story(0, "2026-01-02", 1);
    let bought = story.entries.iter().find(|entry| entry.cause_in_words(&setting.project) == "buy").expect("it came");
    // Two visits before it; the third comes at the same time, but later in the list.
    assert_eq!(bought.values, [(String::from("spent"), String::from("20"))]);
}

#[test]
fn a_condition_may_ask_how_often_something_happened_here() {
    assert_eq!(
        happened(
            "start A\nA --move--> B\nB --after 3 days--> A
             behaviour ticks: every 1 day -> tick
             behaviour moves: every 1 day in A [count_here(tick) >= 2] -> move",
            "2026-01-08"
        )
        .into_iter()
        .filter(|line| !line.contains("tick"))
        .collect::<Vec<_>>(),
        ["2026-01-01 00:00 start", "2026-01-03 00:00 move", "2026-01-06 00:00 after 3 days", "2026-01-08 00:00 move",]
    );
}

#[test]
fn outcomes_exclude_each_other_and_come_as_often_as_their_chances_say() {
    let setting = Setting::new(
        "start A\nA --yes--> (stay)\nA --no--> (stay)
         behaviour answers: at start -> yes 30 %, no 45 %
         population Many: 20000 contacts from 2026-01-01",
    );
    let report = setting.report("2026-01-01", 3);
    let yes = report.arrows.values().next().expect("an arrow").fired;
    let no = report.arrows.values().nth(1).expect("an arrow").fired;
    check_close(yes, 6_000.0, (20_000.0_f64 * 0.3 * 0.7).sqrt());
    check_close(no, 9_000.0, (20_000.0_f64 * 0.45 * 0.55).sqrt());
    assert_eq!(report.events, yes + no);
}

#[test]
fn a_chance_can_be_the_contacts_own() {
    // Beta 2, 6 has the mean 1/4; twice in a row with a chance of 2·3/(8·9) = 1/12.
    let setting = Setting::new(
        "attribute churn: number\nstart A\nA --cancel [count(cancel) = 2]--> B\nA --cancel--> (stay)
         behaviour first: at start -> cancel with chance churn
         behaviour second: at start -> cancel with chance churn
         population Many: 20000 contacts from 2026-01-01
           draw churn: beta 2, 6",
    );
    let report = setting.report("2026-01-01", 3);
    let (mean, twice) = (20_000.0 * 0.5, 20_000.0 / 12.0);
    // The two draws of a contact hang together; their variance is less than twice that of two free ones.
    check_close(report.events, mean, (2.0 * 20_000.0_f64 * 2.0 * 0.25 * 0.75).sqrt());
    check_close(report.arrows.values().next().expect("an arrow").fired, twice, twice.sqrt());
}

#[test]
fn rates_come_as_often_as_they_say_also_where_contacts_differ() {
    let text = |shape: &str, node: &str| {
        format!(
            "start A\nA --after 15 days--> B\nB --after 15 days--> A\nA --visit--> (stay)\nB --visit--> (stay)
             behaviour visits: 0.3 per 1 day{shape}{node} -> visit
             population Many: 4000 contacts from 2026-01-01"
        )
    };
    // 60 days at 0.3 a day are 18 visits each: a Poisson number.
    let report = Setting::new(&text("", "")).report("2026-03-02", 3);
    check_close(report.events, 72_000.0, 72_000.0_f64.sqrt());
    // In A half of the time.
    let report = Setting::new(&text("", " in A")).report("2026-03-02", 3);
    check_close(report.events, 36_000.0, 36_000.0_f64.sqrt());
    // With a gamma mixture the variance of a contact's number is 18 + 18²/shape.
    let report = Setting::new(&text(", shape 0.8", "")).report("2026-03-02", 3);
    check_close(report.events, 72_000.0, (4_000.0_f64 * (18.0 + 18.0 * 18.0 / 0.8)).sqrt());
}

#[test]
fn who_differs_has_a_negative_binomial_number_of_events() {
    // Shape 0.8, mean 1: none with the chance (0.8 / 1.8)^0.8.
    let setting = Setting::new(
        "start A\nA --visit--> B
         behaviour visits: 1 per 30 days, shape 0.8 -> visit
         population Many: 20000 contacts from 2026-01-01",
    );
    let report = setting.report("2026-01-31", 5);
    let none = (0.8_f64 / 1.8).powf(0.8);
    let resting = report.states.values().next().expect("a state").resting;
    check_close(resting, 20_000.0 * none, (20_000.0 * none * (1.0 - none)).sqrt());
}

#[test]
fn delays_are_spread_as_they_say() {
    let setting = Setting::new(
        "start A\nA --done--> B
         behaviour does: at start, after lognormal 2 days, 90 % below 9 days -> done
         population Many: 20000 contacts from 2026-01-01",
    );
    let done = |until: &str| setting.report(until, 5).events;
    check_close(done("2026-01-03"), 10_000.0, (20_000.0_f64 * 0.25).sqrt());
    check_close(done("2026-01-10"), 18_000.0, (20_000.0_f64 * 0.09).sqrt());
}

#[test]
fn a_run_includes_what_happens_at_its_last_instant_and_no_more() {
    let text = "start A\nA --go--> B\nbehaviour goes: at start, after 1 day -> go";
    assert_eq!(happened(text, "2026-01-02").len(), 2);
    assert_eq!(happened(text, "2026-01-01 23:59").len(), 1);
    assert_eq!(happened(text, "2025-12-31").len(), 0);
}

#[test]
fn a_behaviour_that_goes_round_in_circles_halts_the_contact() {
    let setting = Setting::new(
        "start A\nA --again--> A
         behaviour repeats: on A -> again
         population One: 2 contacts from 2026-01-01",
    );
    let report = setting.report("2026-01-02", 1);
    assert_eq!((report.halted, report.errors), (2, 2));
}

#[test]
fn what_makes_no_sense_is_told() {
    let of =
        |world: &str| problems(&format!("start A\nA --go--> A\npopulation One: 1 contacts from 2026-01-01\n{world}"));
    assert_eq!(of("behaviour b: at start -> go 60 %, go 60 %").len(), 1);
    assert!(of("behaviour b: at start -> go 60 %, go 60 %")[0].contains("120.0 %"));
    assert!(of("behaviour b: at start [colour = 3] -> go")[0].contains("no attribute named"));
    assert!(of("behaviour b: at start, after lognormal 2 days, 90 % below 1 day -> go")[0].contains("nine of ten"));
    assert!(of("behaviour b: every 0 days -> go")[0].contains("no length"));
    assert_eq!(of("behaviour b: at start -> go"), [""; 0]);
}
