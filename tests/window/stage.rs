//! The stage: everybody under one clock, breakpoints, events sent by hand.

use egui::{Key, Modifiers};
use statecraft::gui::Breakpoint;
use statecraft::model::{Project, Time};

use super::driver::Window;

const DAY: i64 = 86_400_000;

/// Ann goes on and comes back, Bob is refused, Cid never does anything that counts.
const LOOP: &str = "start A\nA --go [count(go) >= 2]--> B\nB --back--> A\nevent other\nevent scored\nscore s
rule scored: s + 1
contact Ann\n2026-01-01 go, 2026-01-03 go, 2026-01-05 back
contact Bob\n2026-01-02 go
contact Cid\n2026-01-04 other, 2026-01-11 other";

/// The stage with everybody's moves in order.
fn stage(journey: &str) -> Window {
    let mut window = Window::with(journey);
    window.ctrl(Key::Num3);
    window.until("the moves are in order", |window| window.workbench().simulator().time().is_some());
    window
}

fn day(window: &Window) -> i64 {
    (window.workbench().simulator().time().expect("a clock").0 - 1_767_225_600_000) / DAY + 1
}

fn moves(window: &Window) -> (usize, usize) {
    window.workbench().simulator().moves().expect("a clock")
}

fn is_lit(window: &Window, button: &str) -> bool {
    use egui_kittest::kittest::NodeT as _;
    let wanted = button.to_owned();
    let found = window.one(button, move |node| node.label().is_some_and(|text| text == wanted));
    !found.accesskit_node().is_disabled()
}

fn before(window: &Window) -> Project {
    window.project().clone()
}

#[test]
fn it_opens_at_the_end_and_leads_to_every_move_of_anybody() {
    let mut window = stage(LOOP);
    assert_eq!((day(&window), moves(&window)), (11, (5, 5)));
    window.sees("5 of 5 moves");
    window.key(Key::Home);
    assert_eq!(moves(&window), (0, 5));
    let mut seen = Vec::new();
    for _ in 0..5 {
        window.key(Key::F7);
        seen.push((day(&window), moves(&window).0));
    }
    assert_eq!(seen, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
    for expected in seen.iter().rev().skip(1) {
        window.key_with(Key::F7, Modifiers::SHIFT);
        assert_eq!((day(&window), moves(&window).0), *expected);
    }
    window.press("To the end");
    assert_eq!(day(&window), 11);
    window.comes_to_rest();
}

#[test]
fn space_plays_and_pauses_and_at_rest_no_frame_is_drawn() {
    let mut window = stage(LOOP);
    window.key(Key::Space);
    assert!(window.workbench().simulator().is_playing());
    window.until("a day has passed", |window| day(window) >= 2);
    assert!(moves(&window).0 < 5, "it began anew");
    window.key(Key::Space);
    let paused = window.workbench().simulator().time();
    assert!(!window.workbench().simulator().is_playing());
    window.comes_to_rest();
    assert_eq!(window.workbench().simulator().time(), paused, "it went on");
    window.press("Play or pause");
    window.until("it is over", |window| !window.workbench().simulator().is_playing());
    window.comes_to_rest();
    assert_eq!((day(&window), moves(&window)), (11, (5, 5)));
}

#[test]
fn the_keys_of_the_stage_rest_in_design_and_in_a_text() {
    let mut window = stage(LOOP);
    window.focus("Until");
    window.typed("2026 ");
    window.key(Key::Space);
    assert!(!window.workbench().simulator().is_playing(), "Space was typed");
    window.key(Key::Escape);
    window.ctrl(Key::Num1);
    window.key(Key::Space);
    window.ctrl(Key::Num3);
    assert!(!window.workbench().simulator().is_playing(), "Space belongs to the canvas in Design");
}

#[test]
fn the_bar_is_pulled_along_by_pointer_and_keys() {
    let mut window = stage(LOOP);
    window.slide_left();
    let time = window.workbench().simulator().time().expect("a clock");
    assert!(time < Time(1_767_225_600_000 + 10 * DAY) && day(&window) == 10, "{time:?}");
    window.click("Time");
    assert_eq!((day(&window), moves(&window).0), (6, 5), "in the middle");
    window.comes_to_rest();
}

#[test]
fn speed_goes_over_six_orders_of_magnitude() {
    let mut window = stage(LOOP);
    for _ in 0..20 {
        window.key(Key::Comma);
    }
    window.sees("1 s = 1 s");
    for _ in 0..20 {
        window.key(Key::Period);
    }
    window.sees("1 s = 365 days");
}

#[test]
fn a_line_of_the_story_is_a_moment_to_go_to() {
    let mut window = stage(LOOP);
    window.press("Ann");
    window.sees("line 4 of 4");
    window.press("go: moved from A to B");
    assert_eq!(day(&window), 3);
    window.sees("line 3 of 4");
    // Everybody else is where they were on that day.
    assert_eq!(moves(&window).0, 3);
    window.press("Step");
    assert_eq!(day(&window), 5);
    window.press("Everybody");
    assert_eq!(day(&window), 5, "the clock stays");
}

#[test]
fn playing_stops_where_somebody_enters_a_state() {
    let mut window = stage(LOOP);
    window.press("B");
    window.press("Stop when somebody enters");
    let b = window.node("B");
    assert!(window.workbench().simulator().breakpoints().contains(&Breakpoint::Entered(b)));
    window.key(Key::Space);
    window.until("it stopped", |window| !window.workbench().simulator().is_playing());
    assert_eq!((day(&window), moves(&window).0), (3, 3));
    window.sees("Stopped: Ann enters B");
    window.comes_to_rest();
    window.key(Key::Space);
    window.until("it is over", |window| !window.workbench().simulator().is_playing());
    assert_eq!(day(&window), 11);
    window.press("Do not stop When somebody enters B");
    assert!(window.workbench().simulator().breakpoints().is_empty());
}

#[test]
fn playing_stops_where_an_arrow_is_taken_and_where_its_condition_is_looked_at() {
    let mut window = stage(LOOP);
    window.ctrl(Key::Num1);
    window.outline("back → A");
    window.press("Stop when somebody takes it");
    window.outline("go → B");
    window.press("Stop when its condition is looked at");
    window.ctrl(Key::Num3);
    window.until("it is watched", |window| !window.shows("putting everybody"));
    window.rest();
    let mut stops = Vec::new();
    for _ in 0..4 {
        window.key(Key::Space);
        window.until("it stopped", |window| !window.workbench().simulator().is_playing());
        stops.push(day(&window));
    }
    // Ann's first go is refused, so is Bob's; her second is let through, then she comes back.
    assert_eq!(stops, [1, 2, 3, 5]);
    window.key(Key::Space);
    window.until("it is over", |window| !window.workbench().simulator().is_playing());
    assert_eq!(day(&window), 11);
}

#[test]
fn a_breakpoint_goes_with_what_it_was_at() {
    let mut window = stage(LOOP);
    window.ctrl(Key::Num1);
    window.outline("go → B");
    window.press("Stop when its condition is looked at");
    window.fill("Condition", "");
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().time().is_some());
    assert!(window.workbench().simulator().breakpoints().is_empty());
}

#[test]
fn only_events_that_mean_something_now_are_lit() {
    let mut window = stage(LOOP);
    window.press("Ann");
    let lit = |window: &Window| ["Send go", "Send back", "Send other", "Send scored"].map(|name| is_lit(window, name));
    assert_eq!(lit(&window), [true, false, false, true], "in A at the end of the run");
    window.press("Step back");
    assert_eq!(lit(&window), [false, true, false, true], "in B");
    window.press("To the start");
    assert_eq!(lit(&window), [false; 4], "nothing has begun");
}

#[test]
fn an_event_sent_by_hand_changes_one_future_and_is_taken_back() {
    let mut window = stage(LOOP);
    let drawn = before(&window);
    window.press("Bob");
    window.sees("line 2 of 2");
    window.press("go: stayed in A: no condition held");
    assert_eq!(day(&window), 2);
    window.press("Send go");
    window.sees("line 3 of 3");
    window.sees("Moved from A to B");
    window.sees("Sent by hand: go at 2026-01-02 00:00");
    window.until("the moves are in order again", |window| moves(window).1 == 6);
    assert_eq!(day(&window), 2);
    window.press("Send back");
    window.until("the moves are in order again", |window| moves(window).1 == 7);
    window.press("Take back back at 2026-01-02 00:00");
    window.until("the moves are in order again", |window| moves(window).1 == 6);
    window.press("Take back hand-sent events");
    window.until("the moves are in order again", |window| moves(window).1 == 5);
    window.sees("line 2 of 2");
    assert_eq!(before(&window), drawn, "something was written");
    window.comes_to_rest();
}

#[test]
fn a_changed_drawing_keeps_the_clock_of_everybody_too() {
    let mut window = stage(LOOP);
    window.press("Step back");
    window.press("Step back");
    assert_eq!(day(&window), 3);
    window.ctrl(Key::Num1);
    window.outline("go → B");
    window.fill("Condition", "count(go) >= 1");
    window.ctrl(Key::Num3);
    window.until("the moves are in order", |window| {
        let simulator = window.workbench().simulator();
        simulator.moves().is_some_and(|(_, all)| all == 6)
    });
    assert_eq!(day(&window), 3);
}

#[test]
fn a_changed_drawing_keeps_the_clock_where_it_was() {
    let mut window = stage(LOOP);
    window.press("Ann");
    window.press("go: moved from A to B");
    window.ctrl(Key::Num1);
    window.outline("B");
    window.fill("Name", "Bee");
    window.ctrl(Key::Num3);
    window.until("the moves are in order", |window| {
        let simulator = window.workbench().simulator();
        simulator.time().is_some() && window.shows("Moved from A to Bee")
    });
    assert_eq!(day(&window), 3);
}

#[test]
fn an_invented_contact_is_sent_an_event_too() {
    let mut window = stage(
        "start A\nA --go--> B\nB --back--> A\nbehaviour looks: every 1 day -> look
population People: 3 contacts from 2026-01-01\nscenario Base on People until 2026-01-11",
    );
    assert_eq!(moves(&window), (3, 3));
    window.press("2");
    window.sees("line 11 of 11");
    window.press("To the start");
    window.press("Step");
    window.press("Step");
    assert_eq!(day(&window), 2);
    window.press("Send go");
    window.sees("line 3 of 12");
    window.sees("Moved from A to B");
    window.until("the moves are in order again", |window| moves(window).1 == 4);
    window.press("Take back hand-sent events");
    window.until("the moves are in order again", |window| moves(window).1 == 3);
    window.sees("of 11");
    window.comes_to_rest();
}

/// Three contacts, served one after the other, two hours each, on a Friday and the Monday after it.
const QUEUE: &str = "start A\nA --answer--> B\nA --leave--> Out\nend Out
team Reps: 2 people, 10 a week each, Mon–Fri 09:00–17:00
behaviour answers: on A, cancelled on leaving, by team Reps -> answer
population People: 3 contacts from 2026-01-02 14:00\nscenario Base on People until 2026-02-01";

#[test]
fn where_contacts_wait_for_a_team_an_event_sent_to_one_changes_the_others() {
    let mut window = stage(QUEUE);
    window.press("3");
    window.press("answer: moved from A to B");
    assert_eq!(day(&window), 5, "on Monday, after 1 and 2");
    window.press("2");
    window.press("To the start");
    window.press("Step");
    window.sees("Contacts wait for the same team.");
    window.press("Send leave");
    window.until("everybody was played again", |window| window.shows("Moved from A to Out"));
    window.sees("line 2 of 2");
    window.sees("Sent by hand: leave at 2026-01-02 14:00");
    assert_eq!(day(&window), 2, "the clock stays");
    window.press("3");
    window.press("answer: moved from A to B");
    // 3 is served in place of 2.
    window.sees("2026-01-05 10:00");
    window.press("Take back hand-sent events");
    window.until("everybody was played again", |window| {
        window.shows("2026-01-05 11:00") || window.shows("2026-01-05 12:00")
    });
    window.comes_to_rest();
}

#[test]
fn playing_everybody_again_can_be_cancelled() {
    let mut window = stage(&QUEUE.replace("3 contacts", "200000 contacts"));
    window.press("2");
    window.press("To the start");
    window.press("Step");
    let before = moves(&window);
    window.press("Send leave");
    window.sees("playing everybody again");
    assert!(!is_lit(&window, "Send leave"), "one after the other");
    window.press("Cancel");
    assert!(!window.shows("Sent by hand: leave"));
    window.sees("Contacts wait for the same team.");
    assert!(is_lit(&window, "Send leave"));
    window.comes_to_rest();
    assert_eq!(moves(&window).1, before.1);
}

#[test]
fn whoever_was_won_by_another_is_on_the_stage_and_can_be_followed() {
    let mut window = stage(
        "start A\nA --after 2 days / refer()--> B\nB --after 2 days--> C\nevent x\nC --x--> A
population People: 2 contacts from 2026-01-01\nscenario Base on People until 2026-01-06",
    );
    // Each goes to B and to C; those whom they won on the third start then, go to B on the fifth and win others.
    assert_eq!((day(&window), moves(&window)), (6, (12, 12)));
    window.sees("2 contacts, 0 events; besides, 4 won by others, 0 events");
    window.sees("With those whom others have won: 4 by the end of the run.");
    window.press("1/1/1");
    window.sees("line 1 of 1");
    window.sees("The story of");
    window.press("1/1");
    window.sees("line 2 of 2");
    assert!(!is_lit(&window, "Send x"));
    window.points_at("Send x", "1/1 was won by another contact.");
    window.press("Step back");
    assert_eq!(day(&window), 3);
    // The same one is followed when the drawing has changed.
    window.ctrl(Key::Num1);
    window.outline("C");
    window.fill("Name", "Cee");
    window.ctrl(Key::Num3);
    window.until("the moves are in order", |window| window.shows("line 1 of 2"));
    window.sees("1/1");
    assert_eq!(day(&window), 3);
}

#[test]
fn what_the_send_policy_kept_back_stands_beside_what_sends_it() {
    let mut window = stage(
        "touchpoint mail: e-mail\ntouchpoint text: SMS\nstart A\nstate B\n  entry send(text)\nA --ask / send(mail)--> (stay)\nA --go--> B
policy cap 2 e-mail in 7 days\npolicy quiet SMS 21:00–08:00
contact Ann\n2026-01-01 10:00 ask, 2026-01-01 11:00 ask, 2026-01-01 12:00 ask, 2026-01-02 22:00 go, 2026-01-03 go",
    );
    window.sees("1 not sent");
    window.sees("1 held");
    window.points_at("1 not sent", "mail, so far and wherever it is sent:");
    window.sees("1  over the cap");
    window.points_at("1 held", "1  still held");
}

#[test]
fn what_the_send_policy_kept_back_is_told_of_the_instant_of_the_clock() {
    let mut window = stage(
        "touchpoint text: SMS\nstart A\nA --ask / send(text)--> (stay)\npolicy cap 1 SMS in 7 days\npolicy quiet SMS 21:00–08:00
contact Ann\n2026-01-01 22:00 ask, 2026-01-02 10:00 ask, 2026-01-03 10:00 ask",
    );
    window.sees("2 not sent");
    window.press("Ann");
    let lines = |window: &mut Window| {
        window.press("Step back");
        ["1 held", "1 not sent", "2 not sent"].map(|words| window.shows(words))
    };
    assert_eq!(lines(&mut window), [false, true, false], "the second asking");
    assert_eq!(lines(&mut window), [true, false, false], "it was sent in the morning, after it was held");
    assert_eq!(lines(&mut window), [true, false, false], "it is held");
    window.press("To the start");
    assert_eq!(["1 held", "not sent"].map(|words| window.shows(words)), [false, false]);
}
