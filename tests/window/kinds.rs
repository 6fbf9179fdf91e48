//! Every kind of node, every trigger and every flag of an arrow, by names alone: made, changed and seen.

use statecraft::model::{NodeKind, Trigger};

use super::driver::Window;

#[test]
fn a_node_becomes_of_any_kind_and_says_so() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    window.outline("A");
    let words = [
        (NodeKind::Group, "a group: one state inside is active"),
        (NodeKind::Parallel, "a parallel: every group inside is active"),
        (NodeKind::State, "a state: contacts rest here"),
    ];
    for (kind, text) in words {
        let before = window.shown("Kind");
        window.choose(&before, text);
        assert_eq!(window.project().nodes[&window.node("A")].kind, kind);
        assert_eq!(window.shown("Kind"), text);
        window.sees(kind.label());
    }
    // No arrow can leave these.
    window.press("Add to states and arrows");
    for (kind, text) in [
        (NodeKind::End, "an end: the journey, or its group, is over"),
        (NodeKind::Resume, "a resume: back to where the group was left"),
    ] {
        let before = window.shown("Kind");
        window.choose(&before, text);
        assert_eq!(window.project().nodes[&window.node("New state")].kind, kind);
        assert_eq!(window.shown("Kind"), text);
    }
    window.sees("stands in no group, so there is nothing to resume");
}

#[test]
fn a_parallel_with_regions_is_built_by_names_alone() {
    let mut window = Window::with("start A\nparallel P\ngroup One\ngroup Two\nstate X\nend Done\nstate A\nA --go--> P");
    for group in ["One", "Two"] {
        window.outline(group);
        let before = window.shown("Inside");
        assert_eq!(before, "no group");
        window.choose(&before, "P");
        assert_eq!(window.shown("Inside"), "P");
    }
    for state in ["X", "Done"] {
        window.outline(state);
        window.choose("no group", "One");
    }
    window.outline("One");
    let begins = window.shown("Begins with");
    if begins != "X" {
        window.choose(&begins, "X");
    }
    assert_eq!(window.project().nodes[&window.node("One")].initial, Some(window.node("X")));
    window.outline("Two");
    window.press("State inside");
    window.rest();
    let inside = window.project().children(Some(window.node("Two"))).count();
    assert_eq!(inside, 1);
}

#[test]
fn the_flags_of_an_arrow_are_set_and_seen() {
    let mut window = Window::with(
        "start G\ngroup G\nstate A in G\nstate B in G\nend Z\nA --go--> B\nB --go--> A\nG --stop--> Z\nG --reset--> A",
    );
    let text = |window: &Window, trigger: &str| {
        window.outline_rows().into_iter().find(|row| row.starts_with(trigger)).expect("the row is there")
    };
    window.outline("stop → Z");
    window.press("Interrupt: nothing inside can answer before it");
    assert!(window.arrow("G", "Z").interrupt);
    assert_eq!(text(&window, "stop"), "stop → Z (interrupt)");
    window.sees("before anything inside can answer");
    window.outline("reset → A");
    window.press("Leave and enter anew: timers start again");
    assert!(!window.arrow("G", "A").restart);
    assert_eq!(text(&window, "reset"), "reset → A (without leaving)");
    window.sees("move to A without leaving G");
    window.choose("A", "(stay: nothing is left, no timer starts again)");
    assert_eq!(text(&window, "reset"), "reset → (stay)");
    assert_eq!(window.shown("From"), "G");
}

#[test]
fn every_trigger_is_chosen_by_name() {
    let mut window = Window::with("start G\ngroup G\nstate A in G\nend B in G\nend Z\nA --go--> B\nG --x--> Z");
    window.outline("x → Z");
    let trigger = |window: &Window| window.arrow("G", "Z").trigger.clone();
    for (text, row) in [
        ("time has passed since entry", "after 30 days → Z"),
        ("an event has not happened here for a while", "after 30 days without any event → Z"),
        ("time has passed since an event, anywhere", "after 30 days since any event → Z"),
        ("a time of day comes", "at 09:00 → Z"),
        ("a group has reached its end", "done G → Z"),
        ("at once, without an event", "always → Z"),
        ("an event happens", "any event → Z"),
    ] {
        let before = window.shown("What sets it off");
        window.choose(&before, text);
        assert_eq!(window.shown("What sets it off"), text);
        assert!(window.outline_rows().iter().any(|found| found == row), "{row}: {:?}", window.outline_rows());
        assert_ne!(trigger(&window), Trigger::Unset);
    }
}
