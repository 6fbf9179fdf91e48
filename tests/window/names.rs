//! Renaming, and deleting what is used.

use egui::Key;
use statecraft::model::Project;

use super::driver::Window;

const JOURNEY: &str = "event buy\nattribute fit: number\nstart A
A --buy [count(buy) >= 2 and fit > 1]--> B
B --buy [in(A) or count(buy, 30 days) = 1]--> A
contact Ann\n2026-01-01 buy";

/// Renames what is selected, and sees that the guard says `guard`, as one step of undo.
fn renamed(window: &mut Window, row: &str, to: &str, guards: [&str; 2]) {
    let before = window.project().clone();
    window.outline(row);
    window.fill("Name", to);
    let arrows = [window.arrow_id("A", "B"), window.arrow_id("B", "A")];
    assert_eq!(arrows.map(|arrow| window.project().transitions[&arrow].guard.text().to_owned()), guards);
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), before);
    window.ctrl(Key::Y);
}

#[test]
fn renaming_an_event_or_an_attribute_updates_every_guard_in_one_step() {
    let mut window = Window::with(JOURNEY);
    let second = "in(A) or count(bought it, 30 days) = 1";
    renamed(&mut window, "buy", "bought it", ["count(bought it) >= 2 and fit > 1", second]);
    renamed(&mut window, "fit", "score card", ["count(bought it) >= 2 and score card > 1", second]);
    window.outline("bought it → B");
    assert_eq!(window.value("Condition"), "count(bought it) >= 2 and score card > 1");
    window.sees("number of bought it");
}

#[test]
fn renaming_a_state_updates_the_guards_that_speak_of_it() {
    let mut window = Window::with(JOURNEY);
    window.outline("A");
    window.fill("Name", "Begin");
    assert_eq!(window.arrow("B", "Begin").guard.text(), "in(Begin) or count(buy, 30 days) = 1");
    window.outline("buy → Begin");
    assert_eq!(window.value("Condition"), "in(Begin) or count(buy, 30 days) = 1");
    window.ctrl(Key::Z);
    assert_eq!(window.arrow("B", "A").guard.text(), "in(A) or count(buy, 30 days) = 1");
}

#[test]
fn a_name_that_cannot_be_had_stays_in_its_field_with_the_reason() {
    let mut window = Window::with(JOURNEY);
    let before = window.project().clone();
    window.outline("A");
    let long = "x".repeat(300);
    for (name, sentence) in [
        ("B", "There is already a state named \"B\"."),
        ("   ", "A state needs a name."),
        ("a[b]", "has a character that names cannot have"),
        (&long, "at most 200 characters; this one has 300."),
    ] {
        window.fill("Name", name);
        window.sees(sentence);
        assert_eq!(window.value("Name"), name);
    }
    assert_eq!(*window.project(), before);
    window.focus("Name");
    window.key(Key::Escape);
    assert_eq!(window.value("Name"), "A");
    window.fill("Name", "C");
    assert!(window.project().node_by_name("C").is_some());
    window.fill("Name of the journey", "");
    window.sees("A journey needs a name.");
}

#[test]
fn a_trigger_a_zone_or_a_value_that_cannot_be_had_stays_in_its_field_too() {
    let mut window = Window::with(JOURNEY);
    let before = window.project().clone();
    window.fill("Time zone", "Middle/Earth");
    assert_eq!(window.value("Time zone"), "Middle/Earth");
    window.sees("Middle/Earth\"");
    window.outline("buy → B");
    window.fill("Event", "buy or a[b]");
    assert_eq!(window.value("Event"), "buy or a[b]");
    window.outline("Ann");
    window.fill("fit", "much");
    window.sees("\"much\" is no number.");
    assert_eq!(window.value("fit"), "much");
    assert_eq!(*window.project(), before);
    window.fill("fit", "3");
    assert_ne!(*window.project(), before);
}

fn delete_event(window: &mut Window) -> Project {
    let before = window.project().clone();
    window.outline("buy");
    window.press("Delete");
    window.sees("Delete event buy?");
    window.sees("It is used in 3 places.");
    window.sees("arrow from A to B: loses it");
    window.sees("contact Ann: loses it");
    before
}

#[test]
fn deleting_a_state_says_what_goes_with_it_and_what_names_it() {
    let mut window = Window::with(
        "start A\nA --go [not in(B)]--> B\nA --stay [in(B)]--> (stay)\nB --back--> A\nbehaviour returns: on B -> back",
    );
    window.outline("B");
    window.press("Delete");
    window.sees("It is used in 2 places.");
    window.sees("behaviour returns: goes with it");
    window.sees("names it in a condition or a value, which cannot be read any more");
    window.press("Keep it");
}

#[test]
fn deleting_a_used_event_lists_its_uses_first() {
    let mut window = Window::with(JOURNEY);
    let before = delete_event(&mut window);
    assert_eq!(*window.project(), before);
    window.press("Keep it");
    assert!(!window.shows("Delete event buy?"));
    assert_eq!(*window.project(), before);
    delete_event(&mut window);
    window.key(Key::Escape);
    assert!(!window.shows("Delete event buy?"));
    assert_eq!(*window.project(), before);
}

#[test]
fn deleting_a_used_event_is_one_step() {
    let mut window = Window::with(JOURNEY);
    let before = delete_event(&mut window);
    // Under the dialog lies a button of the same name.
    window.press_last("Delete");
    assert!(window.project().event_by_name("buy").is_none());
    window.sees("2 errors");
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), before);
}

#[test]
fn deleting_a_state_takes_its_arrows_without_asking() {
    let mut window = Window::with("start A\nA --buy--> B\nB --buy--> A");
    let before = window.project().clone();
    window.outline("B");
    window.key(Key::Delete);
    assert_eq!((window.project().nodes.len(), window.project().transitions.len()), (1, 0));
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), before);
}

#[test]
fn what_nobody_uses_goes_without_a_question() {
    let mut window = Window::with("state A\nevent spare");
    window.outline("spare");
    window.press("Delete");
    assert!(window.project().events.is_empty());
    assert_eq!(window.selected(), None);
}
