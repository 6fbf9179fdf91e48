//! What a journey means when it runs, a line per case: a chart, one contact's events, and what must come out.

mod common;

use statecraft::model::{Dataset, Project, Time, Zone, notation};
use statecraft::simulation::{Machine, Progress, Report, Run, Story};

/// Runs one contact with `events` (as in the notation) to `until` and compares the story, in short, with `expected`.
#[track_caller]
fn check_journey(chart: &str, events: &str, until: &str, expected: &str) {
    let (project, story) = story(chart, events, until);
    assert_eq!(common::in_short(&project, &story), expected);
}

fn story(chart: &str, events: &str, until: &str) -> (Project, Story) {
    let project = notation::parse(&format!("{chart}\ncontact Anna: {events}")).expect("the notation reads");
    let (machine, problems) = Machine::compile(&project);
    assert_eq!(problems, [], "the chart has problems");
    let (dataset, codes) = Dataset::of_samples(&project);
    let until = (!until.is_empty()).then(|| Time::parse(until, &project.zone()).expect("a time"));
    let story = Run::new(&machine, &dataset, &codes, until, 1).story(0);
    (project, story)
}

const REPEAT: &str = "start Prospect
    Prospect --purchase--> New
    New --purchase--> Repeat
    New --after 90 days without purchase--> Lapsed
    Repeat --purchase [count(purchase) >= 3]--> Loyal
    Repeat --after 90 days without purchase--> Lapsed
    Loyal --after 90 days without purchase--> Lapsed
    Lapsed --purchase [count(purchase) >= 3]--> Loyal
    Lapsed --purchase--> Repeat";

#[test]
fn events_move_a_contact_along_the_first_arrow_whose_guard_holds() {
    check_journey(
        REPEAT,
        "\n2026-01-01 purchase, 2026-01-02 purchase, 2026-01-03 purchase, 2026-01-04 purchase",
        "",
        "→ Prospect; purchase → New; purchase → Repeat; purchase → Loyal; purchase –",
    );
}

#[test]
fn a_guard_sees_the_event_that_is_being_processed() {
    check_journey("A --buy [count(buy) = 1]--> B", "\n2026-01-01 buy", "", "→ A; buy → B");
    check_journey("A --buy [count(buy) = 2]--> B", "\n2026-01-01 buy, 2026-01-02 buy", "", "→ A; buy ✗; buy → B");
}

#[test]
fn inactivity_is_rearmed_by_its_events_without_leaving_the_state() {
    check_journey(
        "start Loyal
         Loyal --after 90 days without purchase--> Lapsed",
        "start = 2026-01-01\n2026-03-01 purchase, 2026-05-01 visit",
        "2026-05-29",
        "→ Loyal; purchase –; visit –",
    );
    check_journey(
        "Loyal --after 90 days without purchase--> Lapsed",
        "start = 2026-01-01\n2026-03-01 purchase, 2026-05-01 visit",
        "2026-05-30",
        "→ Loyal; purchase –; visit –; after 90 days without purchase → Lapsed",
    );
}

#[test]
fn an_event_exactly_at_the_deadline_beats_the_timer() {
    check_journey(
        REPEAT,
        "\n2026-01-01 purchase, 2026-04-01 purchase",
        "",
        "→ Prospect; purchase → New; purchase → Repeat",
    );
    check_journey(
        REPEAT,
        "\n2026-01-01 purchase, 2026-04-01 00:00:01 purchase",
        "",
        "→ Prospect; purchase → New; after 90 days without purchase → Lapsed; purchase → Repeat",
    );
}

#[test]
fn a_run_includes_what_is_due_at_its_very_end() {
    check_journey(
        REPEAT,
        "\n2026-01-01 purchase",
        "2026-04-01",
        "→ Prospect; purchase → New; after 90 days without purchase → Lapsed",
    );
    check_journey(REPEAT, "\n2026-01-01 purchase", "2026-03-31 23:59:59", "→ Prospect; purchase → New");
    check_journey(REPEAT, "\n2026-01-01 purchase, 2026-01-09 purchase", "2026-01-08", "→ Prospect; purchase → New");
}

#[test]
fn silence_over_all_counts_from_before_the_state_was_entered_but_not_before_entry() {
    let chart = "start A
        A --go--> B
        B --after 10 days since buy--> C";
    check_journey(
        chart,
        "\n2026-01-01 buy, 2026-01-08 go",
        "2026-01-20",
        "→ A; buy –; go → B; after 10 days since buy → C",
    );
    // Long overdue on entry: due at once.
    let (project, story) = story(chart, "\n2026-01-01 buy, 2026-02-01 go", "2026-02-01");
    assert_eq!(common::in_short(&project, &story), "→ A; buy –; go → B; after 10 days since buy → C");
    assert_eq!(story.entries[3].time, story.entries[2].time);
    // There was none: never.
    check_journey(chart, "\n2026-01-08 go", "2026-12-31", "→ A; go → B");
}

#[test]
fn days_are_counted_on_the_contacts_calendar() {
    let chart = "zone Europe/Berlin
        A --after 1 day--> B";
    let (_, story) = story(chart, "start = 2026-03-28 12:00", "2026-04-01");
    assert_eq!(story.entries[1].time.display_in(&Zone::named("Europe/Berlin").unwrap()), "2026-03-29 12:00");
    let (_, far) = self::story(chart, "start = 2026-03-07 12:00, zone = America/New_York", "2026-04-01");
    assert_eq!(far.entries[1].time.0 - far.entries[0].time.0, 23 * 3_600_000);
}

#[test]
fn counts_can_be_taken_in_a_window_and_since_entry() {
    let chart = "A --buy [count(buy, 10 days) >= 2]--> B";
    check_journey(chart, "\n2026-01-01 buy, 2026-01-11 buy, 2026-01-20 buy", "", "→ A; buy ✗; buy ✗; buy → B");
    let chart = "start A
        A --buy--> B
        B --buy [count_here(buy) = 2]--> C";
    check_journey(chart, "\n2026-01-01 buy, 2026-01-02 buy, 2026-01-03 buy", "", "→ A; buy → B; buy ✗; buy → C");
}

#[test]
fn score_rules_run_before_any_arrow_is_chosen() {
    check_journey(
        "score points
         attribute fit: choice D < C < B < A
         rule click: points + 10
         rule click [fit >= B]: points + 5
         A --click [points >= 30]--> B",
        "fit = A\n2026-01-01 click, 2026-01-02 click",
        "",
        "→ A; click ✗; click → B",
    );
}

#[test]
fn what_is_unknown_does_not_hold_so_its_negation_does() {
    let chart = |guard: &str| format!("attribute size: number\nA --go [{guard}]--> B");
    check_journey(&chart("size > 10"), "\n2026-01-01 go", "", "→ A; go ✗");
    check_journey(&chart("not size > 10"), "\n2026-01-01 go", "", "→ A; go → B");
    check_journey(&chart("size is unknown"), "\n2026-01-01 go", "", "→ A; go → B");
    check_journey(&chart("size != 10"), "\n2026-01-01 go", "", "→ A; go ✗");
}

#[test]
fn entry_exit_and_arrow_actions_are_recorded_in_order() {
    check_journey(
        "start A
         state A
         exit send(goodbye)
         state B
         entry send(hello); notify(Sales: call)
         A --go / points + 5; convert(lead, 80.5)--> B
         B --go / points = min(points, 3)--> (stay)
         B --again--> B",
        "\n2026-01-01 go, 2026-01-02 go, 2026-01-03 again",
        "",
        "→ A; go → B / goodbye, points is now 5, conversion lead worth 80.5, hello, told Sales: call; \
         go = B / points is now 3; again → B / hello, told Sales: call",
    );
}

#[test]
fn staying_touches_no_timer_and_entering_anew_does() {
    let chart = |target: &str| {
        format!(
            "start A
            A --go--> {target}
            A --after 10 days--> B"
        )
    };
    let events = "start = 2026-01-01\n2026-01-06 go";
    let end = "2026-01-11";
    check_journey(&chart("(stay)"), events, end, "→ A; go = A; after 10 days → B");
    check_journey(&chart("A"), events, end, "→ A; go → A");
}

#[test]
fn an_action_that_fails_ends_its_block() {
    check_journey(
        "attribute size: number
         A --go / size + 1; send(never)--> B",
        "\n2026-01-01 go",
        "",
        "→ A; go → B / size is unknown, so nothing could be added to it",
    );
}

#[test]
fn after_an_end_events_are_kept_apart() {
    check_journey("start A\nend Z\nA --stop--> Z", "\n2026-01-01 stop, 2026-01-02 buy", "", "→ A; stop → Z; buy ∎");
}

#[test]
fn a_contact_enters_at_its_start_and_what_came_before_is_remembered() {
    check_journey(
        "A --buy [count(buy) >= 2]--> B",
        "start = 2026-01-02\n2026-01-01 buy, 2026-01-03 buy",
        "",
        "→ A; buy → B",
    );
}

#[test]
fn always_is_tried_after_everything_and_a_circle_halts_the_contact() {
    check_journey("start A\nA --buy--> B\nB --always [count(buy) >= 1]--> C", "\n2026-01-01 buy", "", "→ A; buy → C");
    check_journey(
        "start A\nA --go--> B\nB --always--> C\nC --always--> B",
        "\n2026-01-01 go, 2026-01-02 go",
        "",
        "→ A; go halted: went round in circles without an event: C → B → C; the contact was stopped; go halted: ",
    );
}

#[test]
fn raised_events_come_before_the_next_external_one_and_are_not_counted() {
    check_journey(
        "start A\nA --go / raise(inner)--> B\nB --inner [count(inner) = 0]--> C\nC --any event--> D",
        "\n2026-01-01 go",
        "",
        "→ A; go → C / raised inner",
    );
}

#[test]
fn a_timer_guard_is_asked_once() {
    check_journey(
        "A --after 10 days [count(buy) >= 1]--> B",
        "start = 2026-01-01\n2026-01-20 buy",
        "2026-03-01",
        "→ A; after 10 days ✗; buy –",
    );
}

#[test]
fn a_refused_guard_is_recorded_with_the_value_that_failed_it() {
    let chart = "attribute fit: choice D < C < B < A
        A --download [count(download, 60 days) >= 3 and fit >= B]--> B";
    let (project, story) = story(chart, "fit = C\n2026-01-01 download, 2026-01-02 download, 2026-01-03 download", "");
    let why_not = |entry: usize| story.entries[entry].why_not_in_words(&project);
    assert_eq!(why_not(1), ["not to B: fit was C, needs at least B"]);
    assert_eq!(why_not(3), ["not to B: fit was C, needs at least B"]);
    let (project, story) =
        self::story(chart, "fit = A\n2026-01-01 download, 2026-01-02 download, 2026-01-03 download", "");
    assert_eq!(
        story.entries[2].why_not_in_words(&project),
        ["not to B: count(download, 60 days) was 2, needs at least 3"]
    );
    assert_eq!(
        story.entries[3].why,
        ["count(download, 60 days) was 3 (needed at least 3)", "fit was A (needed at least B)"]
    );
}

#[test]
fn chance_is_the_same_however_often_it_is_asked_and_close_to_its_share() {
    let contacts: Vec<String> = (0..2_000).map(|i| format!("contact C{i}\n2026-01-01 go")).collect();
    let contacts = contacts.join("\n");
    let project = notation::parse(&format!("start A\nA --go [chance(30%)]--> B\n{contacts}")).unwrap();
    let (machine, _) = Machine::compile(&project);
    let (dataset, codes) = Dataset::of_samples(&project);
    let run = Run::new(&machine, &dataset, &codes, None, 1);
    let report = run.report(1, &Progress::default()).unwrap();
    assert_eq!(Some(&report), run.report(8, &Progress::default()).as_ref(), "threads change nothing");
    let b = project.node_by_name("B").unwrap().id;
    let share = f64::from(u32::try_from(report.states[&b].resting).unwrap()) / 2_000.0;
    assert!((share - 0.3).abs() < 0.04, "{share}");
    let other = Run::new(&machine, &dataset, &codes, None, 2).report(1, &Progress::default()).unwrap();
    assert_ne!(report, other, "another seed draws otherwise");
}

/// Runs every sample contact and adds them up.
fn report(notation: &str) -> (Project, Report) {
    let project = notation::parse(notation).expect("the notation reads");
    let (dataset, codes) = Dataset::of_samples(&project);
    let machine = Machine::of(&project);
    let report = Run::new(&machine, &dataset, &codes, None, 1).report(1, &Progress::default()).expect("not cancelled");
    (project, report)
}

#[test]
fn a_contact_that_circles_before_it_rests_anywhere_is_counted_as_halted() {
    let (_, report) = report("start A\nA --always--> B\nB --always--> A\ncontact Anna\n2026-01-01 go");
    assert_eq!((report.contacts, report.halted, report.not_started), (1, 1, 0));
    assert_eq!(report.states.values().map(|tally| tally.resting + tally.entered).sum::<u64>(), 0);
}

#[test]
fn more_than_a_thousand_events_at_one_instant_halt_a_contact_before_the_next_one_does_anything() {
    let events = |count| vec!["2026-01-01 go"; count].join(", ");
    // The start is one of the thousand.
    for (count, halted) in [(999, 0), (1_000, 1), (1_200, 1)] {
        let (project, report) =
            report(&format!("start A\nA --go / send(hello)--> (stay)\ncontact Anna\n{}", events(count)));
        let hello = project.touchpoint_by_name("hello").unwrap().id;
        assert_eq!((report.halted, report.sends.touchpoints[&hello].sent), (halted, 999), "{count} events");
    }
}

#[test]
fn an_event_that_the_catalogue_lost_is_still_any_event() {
    let run = |chart: &str| {
        let mut project =
            notation::parse(&format!("event gone\n{chart}\ncontact Anna\n2026-01-01 go, 2026-01-09 gone")).unwrap();
        let gone = project.event_by_name("gone").unwrap().id;
        project.events.remove(&gone);
        let (dataset, codes) = Dataset::of_samples(&project);
        let machine = Machine::of(&project);
        let until = Time::parse("2026-01-12", &project.zone()).ok();
        common::in_short(&project, &Run::new(&machine, &dataset, &codes, until, 1).story(0))
    };
    assert_eq!(run("start A\nA --go--> B\nB --any event--> C"), "→ A; go → B; (deleted) → C");
    // Armed anew on the ninth, so not yet due on the twelfth; without it, due on the eleventh.
    assert_eq!(run("start A\nA --go--> B\nB --after 10 days without any event--> C"), "→ A; go → B; (deleted) –");
    assert_eq!(
        run("start A\nA --go--> B\nB --after 10 days without go--> C"),
        "→ A; go → B; (deleted) –; after 10 days without go → C"
    );
    assert_eq!(
        run("start A\nA --go--> B\nB --after 3 days since any event--> C"),
        "→ A; go → B; after 3 days since any event → C; (deleted) –"
    );
}

#[test]
fn score_rules_and_states_draw_their_own_luck() {
    let contacts: Vec<String> = (0..400).map(|i| format!("contact C{i}\n2026-01-01 go")).collect();
    let (project, report) = report(&format!(
        "start A
         score points
         rule go [chance(50%)]: points + 1
         A --go [chance(50%) and points = 1]--> Both
         A --go [points = 1]--> Rule
         A --go--> Neither
         {}",
        contacts.join("\n")
    ));
    // With one draw for everything, nobody would be lucky in one way only. Four standard errors around a quarter.
    for name in ["Both", "Rule"] {
        let resting = report.states[&project.node_by_name(name).unwrap().id].resting;
        assert!((65..=185).contains(&resting), "{name}: {resting}");
    }
}

#[test]
fn time_in_a_state_is_unknown_before_the_journey_begins() {
    check_journey(
        "score early
         rule buy [time_here >= 0 h]: early + 1
         A --buy [early = 1]--> B",
        "start = 2026-01-02\n2026-01-01 buy, 2026-01-03 buy",
        "",
        "→ A; buy → B",
    );
}

#[test]
fn elapsed_days_are_calendar_days_whichever_side_they_stand_on() {
    for guard in ["since(buy) >= 1 day", "1 day <= since(buy)"] {
        // The night of the change to summer time: 23 hours are a day.
        check_journey(
            &format!("zone Europe/Berlin\nA --go [{guard}]--> B"),
            "\n2026-03-28 12:00 buy, 2026-03-29 12:00 go",
            "",
            "→ A; buy –; go → B",
        );
    }
}

#[test]
fn a_half_drawn_chart_runs_and_says_what_is_wrong() {
    let project = notation::parse(
        "start A
         score points
         A ----> B
         A --go [count(gone) > 1]--> B
         A --go [points >]--> B
         A --go [points >= \"many\"]--> B
         A --go--> B
         group G",
    )
    .unwrap();
    let (machine, problems) = Machine::compile(&project);
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 5, "{messages:#?}");
    for expected in
        ["has no trigger", "no event named \"gone\"", "at character 9", "cannot be compared", "with nothing inside"]
    {
        assert!(messages.iter().any(|message| message.contains(expected)), "{expected}: {messages:#?}");
    }
    assert_eq!(machine.arrow_count(), 1, "what cannot be read never fires");
}

#[test]
fn a_value_that_fits_nothing_makes_unknown_and_is_told() {
    let chart = "attribute fit: choice D < C < B < A
        attribute n: number
        attribute opted: yes/no
        event score: fit -> fit, n -> n, opted -> opted
        start A
        A --score [fit is unknown]--> B";
    check_journey(chart, "\n2026-01-01 score (fit = \"b\"), 2026-01-02 score", "", "→ A; score ✗; score ✗");
    check_journey(
        chart,
        "\n2026-01-01 score (fit = \"B\", n = \"3\"), 2026-01-02 score (fit = \"E\")",
        "",
        "→ A; score ✗; score → B / \"E\" is none of the choices of fit (D, C, B, A), so fit is unknown now",
    );
    check_journey(
        chart,
        "\n2026-01-01 score (fit = \"A\", n = \"many\", opted = 1)",
        "",
        "→ A; score ✗ / \"many\" is no number, so n is unknown now, \"1\" is no yes/no, so opted is unknown now",
    );
}

#[test]
fn two_halves_of_a_population_add_up_to_the_whole() {
    let contact = |i: u32| format!("contact C{i}\n2026-01-01 purchase, 2026-0{}-01 purchase\n", 2 + i % 7);
    let run = |range: std::ops::Range<u32>| {
        let contacts: String = range.map(contact).collect();
        let project = notation::parse(&format!("{REPEAT}\n{contacts}")).unwrap();
        let (dataset, codes) = Dataset::of_samples(&project);
        let machine = Machine::of(&project);
        let until = Time::parse("2027-01-01", &Zone::default()).ok();
        Run::new(&machine, &dataset, &codes, until, 1).report(2, &Progress::default()).unwrap()
    };
    assert_eq!(run(0..40).merged(run(40..100)), run(0..100));
}
