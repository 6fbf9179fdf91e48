//! Problems are shown where they are.

use egui::Key;

use super::driver::Window;

const UNTOLD: &str = "start A\nA --go--> B\nB --back--> A\nA ----> B";

#[test]
fn an_arrow_without_trigger_is_shown_everywhere_and_f8_goes_to_it() {
    let mut window = Window::with(UNTOLD);
    window.sees("1 error");
    window.sees("no trigger → B");
    window.key(Key::F8);
    let untold = window.project().transitions.values().find(|arrow| arrow.trigger.events().is_none()).unwrap().id;
    assert_eq!(window.selected(), Some(untold.into()));
    let sentence = window.painted().into_iter().find(|text| text.contains("trigger") && text.ends_with('.'));
    assert!(sentence.is_some(), "{:?}", window.painted());
    window.choose("choose what sets it off …", "time has passed since entry");
    window.sees("No problems");
    window.key(Key::F8);
    window
        .until("it says so", |window| window.painted().iter().filter(|text| text.contains("No problems")).count() > 1);
}

#[test]
fn the_status_bar_goes_from_problem_to_problem() {
    let mut window = Window::with("start A\nA ----> B\nB --back--> A\nstate Island at 900, 0\nIsland --x--> A");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let button = window.painted().into_iter().find(|text| text.contains("1 error, 1 warning")).unwrap();
        window.press(&button);
        seen.push(window.selected().unwrap());
    }
    let untold = window.arrow_id("A", "B");
    assert_eq!(seen, [untold.into(), window.node("Island").into()]);
    window.sees("No arrow leads from the start to Island.");
}

#[test]
fn a_half_finished_condition_is_kept_and_its_error_stands_below() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    window.outline("go → B");
    window.write("Condition", "count(go) >=");
    window.sees("At character 13:");
    window.key(Key::Enter);
    assert_eq!(window.arrow("A", "B").guard.text(), "count(go) >=");
    window.sees("1 error");
    assert_eq!(window.value("Condition"), "count(go) >=");
    window.sees("At character 13:");
    assert!(!window.shows("What sets this arrow off?"), "Enter was meant for the condition");
    window.fill("Condition", "count(go) >= 2");
    window.sees("No problems");
}

#[test]
fn a_condition_on_an_unknown_event_is_a_problem() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    window.outline("go → B");
    window.fill("Condition", "count(gone) > 1");
    window.sees("1 error");
    assert!(window.painted().iter().any(|text| text.contains("gone") && text.ends_with('.')), "{:?}", window.painted());
}

#[test]
fn the_list_shows_a_contact_whose_story_shows_the_problem_and_mends_it() {
    let mut window =
        Window::with("start A\nend B\nend C\nscore s\nA --go [s > 3]--> B\nA --go [s < 3]--> C\nrule go: s + 3");
    window.sees("1 warning");
    window.press("List of problems");
    window.sees("Problems");
    window.press("Show me");
    window.until("a story", |window| window.shows("A contact whose story shows it"));
    let before = window.project().contacts.len();
    window.press("Close");
    assert_eq!(window.project().contacts.len(), before, "nothing was changed");
    window.press("Show me");
    window.until("a story", |window| window.shows("A contact whose story shows it"));
    window.press("Add to samples");
    assert_eq!(window.project().contacts.len(), before + 1);
    window.press("Add an arrow for the rest");
    window.sees("No problems");
    assert_eq!(window.project().transitions.len(), 3);
}
