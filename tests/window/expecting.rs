//! Expectations: recorded from a story with one press, run after each edit, red where they no longer hold.

use egui::Key;

use super::driver::Window;

const JOURNEY: &str = "start Lead\nstate Trial\nstate MQL\ntouchpoint guide
Lead --download / send(guide)--> Trial
Trial --download [count(download) >= 3] / convert(mql)--> MQL
contact Anna\n2026-03-01 download, 2026-03-03 download, 2026-03-05 download
behaviour Downloads: at start, after 1 day -> download 100 %
population Visitors: 20 contacts from 2026-01-01
scenario Base until 2026-03-09";

fn recorded() -> Window {
    let mut window = Window::with(JOURNEY);
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().time().is_some());
    window.press("Anna");
    window.key(Key::End);
    window.press("Expect this from now on");
    window
}

/// Selects an expectation in the outline, where it stands far below.
fn select(window: &mut Window, label: &str) {
    window.write("Filter", "Anna on");
    window.outline(label);
    window.write("Filter", "");
    window.key(Key::Escape);
}

#[test]
fn what_came_out_is_kept_with_one_press_and_turns_red_when_it_no_longer_does() {
    let mut window = recorded();
    let label = "Anna on 2026-03-09 is in MQL, got guide once and reached mql once";
    window.sees("New expectation of Anna");
    window.ctrl(Key::Num1);
    select(&mut window, label);
    window.sees("Comes out as expected");

    window.outline("download → MQL");
    assert!(!window.shows("broken expectation"));
    window.fill("Condition", "count(download) >= 4");
    window.sees("1 broken expectation");
    select(&mut window, label);
    window.sees("Expected in MQL, but is in Trial");
    window.press("Where does the story part?");
    window.sees("The first 3 lines are alike. Then the stories part.");
    window.sees("moved from Trial to MQL");
    window.sees("no condition held");
    window.key(Key::Escape);

    window.press("Expect what comes out now");
    window.sees("Comes out as expected");
    select(&mut window, "Anna on 2026-03-09 is in Trial and got guide once");
    window.ctrl(Key::Z);
    select(&mut window, label);
    window.sees("Expected in MQL, but is in Trial");
}

#[test]
fn claims_are_added_and_taken_away() {
    let mut window = recorded();
    window.ctrl(Key::Num1);
    select(&mut window, "Anna on 2026-03-09 is in MQL, got guide once and reached mql once");
    window.press("Expect no longer: reached mql once");
    window.choose("Expect also …", "in Lead");
    window.sees("Expected in Lead, but is in MQL");
    window.press("Expect no longer: in Lead");
    window.sees("Comes out as expected");
    window.fill("Instant", "2026-03-04");
    window.sees("Expected in MQL, but is in Trial");
    window.fill("Instant", "soon");
    window.sees("soon");
    assert_eq!(window.project().expectations.len(), 1);
}

#[test]
fn an_invented_contact_becomes_a_sample_with_its_expectation() {
    let mut window = Window::with(&JOURNEY.replace("scenario Base until", "scenario Base on Visitors until"));
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().time().is_some());
    window.press("3");
    window.key(Key::End);
    window.press("Expect this from now on");
    let sample = window.project().contacts.values().find(|contact| contact.name == "3").expect("a new sample");
    assert_eq!(sample.occurrences.len(), 1);
    assert_eq!(window.project().expectations.values().next().map(|one| one.contact), Some(sample.id));
    window.ctrl(Key::Z);
    assert_eq!((window.project().contacts.len(), window.project().expectations.len()), (1, 0), "one step");
}

const RACE: &str = "event purchase\nstate Lead\nstart Lead\nstate Customer\nstate Lapsed\ntouchpoint reminder
Lead --purchase--> Customer
Lead --after 10 days / send(reminder)--> Lapsed
contact Anna: start = 2026-03-01\n2026-03-11 02:00 purchase
scenario Base until 2026-04-01";

#[test]
fn another_timing_lists_what_would_come_out_and_shows_both_stories() {
    let mut window = Window::with(RACE);
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().time().is_some());
    window.press("Anna");
    window.press("What if the timing were different?");
    window.until("it was tried", |window| window.has("Anna: what if the timing were different?"));
    window.sees("Ends in Customer instead of Lapsed, gets reminder never instead of once.");
    let condition = "If purchase came just before \"after 10 days\" in Lead was due (2 h 1 min earlier)";
    window.sees(condition);
    window.press(&format!("Compare the stories: {condition}"));
    window.sees("The first line is alike. Then the stories part.");
    window.sees("As it is");
    window.key(Key::Escape);
    window.sees(condition);
    window.press("Close");
    assert!(!window.shows(condition));
}
