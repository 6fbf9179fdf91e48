//! The charts of the Results workspace: what they say, to a screen reader and under the pointer.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, TouchPhase, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::driver::Window;

/// Four are in MQL, for 10, 20, 30 and 40 days; whoever left stays in SQL until the end of the run.
const LEADS: &str = "journey Leads
start Start
Start --lead--> MQL
MQL --accept [chance(60%)] / convert(accepted)--> SQL
MQL --accept--> SQL
contact Ann
2026-01-01 lead, 2026-01-11 accept
contact Ben
2026-01-01 lead, 2026-01-21 accept
contact Cem
2026-01-01 lead, 2026-01-31 accept
contact Dee
2026-01-01 lead, 2026-02-10 accept
";
const MQL: &str = "Survival in MQL: half have left after 20 days, nine of ten after 40 days";

fn results() -> Window {
    let mut window = Window::with(LEADS);
    window.ctrl(Key::Num4);
    window.until("the run is over", |window| window.workbench().simulator().played().is_some());
    window
}

/// What the one chart that begins with these words says.
fn chart(window: &Window, begins: &str) -> Option<String> {
    let begins = begins.to_owned();
    let says = move |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with(&begins))
    };
    let mut found = window.harness.query_all_by(says).filter_map(|node| node.accesskit_node().label());
    found.next()
}

fn chip(window: &mut Window, state: &str) {
    let wanted = format!("Survival in {state}");
    window
        .one("a chip", move |node| node.role() == Role::Button && node.label().as_ref() == Some(&wanted))
        .click_accesskit();
    window.rest();
}

#[test]
fn survival_is_told_in_words_for_the_states_that_are_chosen() {
    let mut window = results();
    // Nobody stays in Start, and nobody leaves SQL: they are drawn when they are asked for.
    assert_eq!(chart(&window, "Survival in").as_deref(), Some(MQL));
    chip(&mut window, "SQL");
    let both = format!("{MQL}; Survival in SQL: 0 % have left after 30 days, as long as anybody was seen");
    assert_eq!(chart(&window, "Survival in"), Some(both));
    chip(&mut window, "SQL");
    chip(&mut window, "MQL");
    assert_eq!(chart(&window, "Survival in"), None);
    window.press("Time in state");
    window.comes_to_rest();
    window.sees("Choose a state to see how long contacts stay there.");
    chip(&mut window, "MQL");
    assert_eq!(chart(&window, "Survival in").as_deref(), Some(MQL));
    window.comes_to_rest();
}

#[test]
fn the_pointer_reads_the_curve_and_the_wheel_moves_the_page() {
    let mut window = results();
    window.press("Time in state");
    window.comes_to_rest();
    window.event(Event::PointerMoved(window.place(MQL)));
    window.until("it says what is there", |window| window.shows("days 50 % have left"));
    window.comes_to_rest();
    let before = window.place(MQL);
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 60.0),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    window.comes_to_rest();
    let after = window.place(MQL);
    assert!(after.y > before.y + 30.0, "{before} {after}");
    // What the axes say has stayed.
    window.sees("10 days");
}

#[test]
fn repeats_are_dots_of_the_measure_that_is_chosen() {
    let mut window = results();
    window.press("Chance");
    window.press("Repeat");
    let accepted = "Contacts that reach accepted: the middle of 20 repeats is ";
    window.until("it was repeated", |window| chart(window, accepted).is_some());
    let said = chart(&window, accepted).unwrap();
    assert!(said.contains(" %, nine of ten lie within "), "{said}");
    // What luck does not change is said.
    window.choose("Contacts that reach accepted", "Contacts ever in MQL");
    assert_eq!(chart(&window, accepted), None);
    window.sees("All 20 repeats gave 100.0 %.");
    window.comes_to_rest();
}
