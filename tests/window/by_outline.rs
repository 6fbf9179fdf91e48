//! A whole session of drawing through the accessibility tree and the keyboard alone, as with a screen reader: no pointer,
//! no place on the screen. What is pressed is found by the name and the role that the tree tells.

use egui::{Key, Modifiers};
use statecraft::model::{EntityId, NodeKind, Trigger};

use crate::driver::Window;

/// Adds a state by the outline; its name is asked for at once.
fn add_state(window: &mut Window, name: &str) {
    window.press("Add to states and arrows");
    assert!(window.is_focused("Name of the state"), "a new state asks for its name");
    window.typed(name);
    window.key(Key::Enter);
    assert_eq!(window.selected(), Some(window.node(name).into()));
}

/// Draws an arrow by the inspector; what sets it off is asked for at once.
fn connect(window: &mut Window, from: &str, to: &str, event: &str) {
    window.outline(from);
    window.choose("New arrow to …", to);
    window.typed(event);
    window.key(Key::Enter);
    let trigger = window.arrow(from, to).trigger.clone();
    let known = window.project().event_by_name(event).expect("the event is in the catalogue").id;
    assert!(matches!(trigger, Trigger::On(events) if events == statecraft::model::Events::Only(vec![known])));
}

#[test]
fn a_journey_is_drawn_changed_grouped_and_undone_without_the_canvas() {
    let mut window = Window::new();
    window.press("Blank journey");
    let blank = window.project().clone();

    for name in ["Lead", "Trial", "Customer"] {
        add_state(&mut window, name);
    }
    window.outline("Lead");
    if window.has("Start here") {
        window.press("Start here");
    }
    connect(&mut window, "Lead", "Trial", "sign up");
    connect(&mut window, "Trial", "Customer", "buy");
    connect(&mut window, "Customer", "Customer", "buy");
    let rows = window.outline_rows();
    for row in ["Lead", "sign up → Trial", "buy → Customer"] {
        assert!(rows.iter().any(|shown| shown == row), "{row} is not in {rows:?}");
    }

    // A condition, by its exact text.
    window.outline("sign up → Trial");
    window.fill("Condition", "count(sign up) >= 2");
    assert_eq!(window.arrow("Lead", "Trial").guard.text(), "count(sign up) >= 2");

    // A name, a stage, an owner.
    window.outline("Trial");
    window.fill("Name", "Free trial");
    window.choose("no stage", "nurture");
    window.fill("Owner", "Marketing");
    let trial = window.node("Free trial");
    assert_eq!(window.project().nodes[&trial].owner, "Marketing");

    // Another end for an arrow.
    window.outline("buy → Customer");
    window.choose("Customer", "Lead");
    assert_eq!(window.project().outgoing(trial).next().and_then(|arrow| arrow.target), Some(window.node("Lead")));
    window.ctrl(Key::Z);

    // Two states at once, then the group around them.
    window.outline("Lead");
    window.tab_to("Free trial");
    window.key_with(Key::Space, Modifiers::SHIFT);
    let both = [window.node("Lead").into(), trial.into()];
    assert!(
        both.iter().all(|id: &EntityId| window.workbench().selection().contains(*id)),
        "Shift adds to the selection"
    );
    window.ctrl(Key::G);
    window.typed("Before the sale");
    window.key(Key::Enter);
    let group = window.node("Before the sale");
    assert_eq!(window.project().nodes[&group].kind, NodeKind::Group);
    assert_eq!(window.project().children(Some(group)).count(), 2);
    window.outline("Free trial");
    assert_eq!(window.shown("Inside"), "Before the sale");
    window.choose("Before the sale", "no group");
    assert_eq!(window.project().nodes[&trial].parent, None);

    // An interrupt of the group, and a state that goes.
    connect(&mut window, "Before the sale", "Customer", "walk in");
    window.press("Interrupt: nothing inside can answer before it");
    assert!(window.arrow("Before the sale", "Customer").interrupt);
    window.outline("Free trial");
    window.key(Key::Delete);
    assert!(window.project().node_by_name("Free trial").is_none());

    // All of it back, and forth again.
    let drawn = window.project().clone();
    let mut steps = 0;
    while window.document().undo_title().is_some() {
        window.ctrl(Key::Z);
        steps += 1;
        assert!(steps < 100, "undo never ends");
    }
    assert_eq!(*window.project(), blank);
    for _ in 0..steps {
        window.ctrl(Key::Y);
    }
    assert_eq!(*window.project(), drawn);
    assert_eq!(window.kept(), drawn, "and it is in the file");
}

#[test]
fn everything_that_can_be_pressed_has_a_name() {
    let mut window = Window::with_project(&statecraft::model::sample::Sample::by_key("white-paper").unwrap().project());
    for space in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.ctrl(space);
        window.until("it ran", |window| {
            window.workbench().simulator().played().is_some() || matches!(space, Key::Num1 | Key::Num2)
        });
        let nameless = window.nameless();
        assert_eq!(nameless, Vec::<String>::new(), "in workspace {space:?}");
    }
    window.ctrl(Key::Num1);
    for row in window.outline_rows().iter().take(12) {
        window.outline(row);
        assert_eq!(window.nameless(), Vec::<String>::new(), "in the inspector of {row}");
    }
}
