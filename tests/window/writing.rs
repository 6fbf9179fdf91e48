//! A whole edit session by keyboard and labels alone.

use egui::{Key, Modifiers};
use statecraft::model::{Action, Events, Stage, Trigger, Value};

use super::driver::Window;

fn add_state(window: &mut Window, name: &str) {
    window.press("Add to states and arrows");
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(name);
    window.key(Key::Enter);
    assert!(window.project().node_by_name(name).is_some(), "{name}");
}

#[test]
fn a_journey_is_drawn_by_labels_and_keys_alone() {
    let mut window = Window::new();
    window.press("Blank journey");
    window.fill("Name of the journey", "Trial");
    add_state(&mut window, "Lead");
    add_state(&mut window, "Customer");
    window.outline("Lead");
    window.choose("no stage", Stage::ALL[1].label());
    window.fill("Owner", "Marketing");
    window.write("Note", "Knows us.");
    window.choose("New arrow to …", "Customer");
    // The note was finished by leaving it; the arrow asks for its event.
    window.typed("purchase");
    window.key(Key::Enter);
    let lead = &window.project().nodes[&window.node("Lead")];
    assert_eq!((lead.stage, lead.owner.as_str(), lead.note.as_str()), (Some(Stage::ALL[1]), "Marketing", "Knows us."));
    let purchase = window.project().event_by_name("purchase").unwrap().id;
    assert_eq!(window.arrow("Lead", "Customer").trigger, Trigger::on(purchase));
    assert_eq!(window.selected(), Some(window.arrow_id("Lead", "Customer").into()));

    window.choose("Add a condition …", "number of purchase");
    assert_eq!(window.arrow("Lead", "Customer").guard.text(), "count(purchase) >= 3");
    window.fill("Value", "5");
    window.choose("Add a condition …", "time in this state");
    window.choose("all of these hold", "any of these holds");
    assert_eq!(window.arrow("Lead", "Customer").guard.text(), "count(purchase) >= 5 or time_here >= 30 days");
    window.fill("Condition", "count(purchase, 60 days) >= 2");
    window.sees("number of purchase in the last 60 days");

    window.choose("Add a response …", "notify a team");
    window.fill("What to do", "call them");
    let told = Action::Notify { team: "Sales".into(), text: "call them".into() };
    assert_eq!(window.arrow("Lead", "Customer").actions, [told]);

    window.outline("Customer");
    window.choose("Add a response …", "count a conversion");
    assert_eq!(window.project().nodes[&window.node("Customer")].on_entry.len(), 1);
    assert_eq!(window.project().info.name, "Trial");
    let drawn = window.project().clone();
    assert_eq!(window.kept(), drawn);
}

#[test]
fn a_trigger_is_chosen_by_kind_and_its_event_typed() {
    let mut window = Window::with("start A\nA --go--> B\nB --go--> A\nevent buy");
    window.outline("go → B");
    let trigger = |window: &Window| window.arrow("A", "B").trigger.clone();
    window.choose("an event happens", "an event has not happened here for a while");
    assert!(matches!(trigger(&window), Trigger::AfterWithout(delay, _) if delay.first.to_string() == "30 days"));
    window.fill("Event", "go or buy");
    let (go, buy) =
        (window.project().event_by_name("go").unwrap().id, window.project().event_by_name("buy").unwrap().id);
    assert!(matches!(trigger(&window), Trigger::AfterWithout(_, Events::Only(ids)) if ids == [go, buy]));
    window.choose("days", "weeks");
    window.sees("30 weeks");
    window.choose("an event has not happened here for a while", "at once, without an event");
    assert_eq!(trigger(&window), Trigger::Always);
    window.choose("at once, without an event", "an event happens");
    window.choose("From the catalogue …", "buy");
    assert_eq!(trigger(&window), Trigger::on(buy));
    window.fill("Event", "something new");
    assert!(window.project().event_by_name("something new").is_some());
}

#[test]
fn undo_and_redo_say_what_and_go_back_and_forth() {
    let mut window = Window::with("journey J");
    let blank = window.project().clone();
    add_state(&mut window, "Lead");
    add_state(&mut window, "Customer");
    let drawn = window.project().clone();
    window.press("Menu");
    window.sees("Undo rename of New state to Customer");
    window.key(Key::Escape);
    for _ in 0..4 {
        window.ctrl(Key::Z);
    }
    assert_eq!(*window.project(), blank);
    window.sees("Undid new state New state");
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), blank);
    window.press("Menu");
    window.sees("Redo new state New state");
    window.key(Key::Escape);
    window.ctrl(Key::Y);
    window.key_with(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(window.project().nodes.len(), 1);
    assert_eq!(window.document().undo_title(), Some("rename of New state to Lead"));
    window.press("Redo");
    window.press("Redo");
    assert_eq!(*window.project(), drawn);
    window.press("Undo");
    assert!(window.project().node_by_name("Customer").is_none());
}

#[test]
fn closed_and_opened_again_everything_is_there_and_undo_still_works() {
    let mut window = Window::new();
    window.press("Blank journey");
    add_state(&mut window, "Lead");
    let drawn = window.project().clone();
    window.ctrl(Key::W);
    window.press("New journey");
    assert_eq!(*window.project(), drawn);
    window.ctrl(Key::Z);
    assert!(window.project().node_by_name("New state").is_some());
}

/// Not even the names that a screen reader knows: Tab, Enter, arrows and letters.
#[test]
fn a_journey_is_drawn_by_keys_alone() {
    let mut window = Window::new();
    window.tab_to("Blank journey");
    window.key(Key::Enter);
    for name in ["Lead", "Customer"] {
        window.tab_to("Add to states and arrows");
        window.key(Key::Enter);
        window.typed(name);
        window.key(Key::Enter);
    }
    window.tab_to("Lead");
    window.key(Key::Enter);
    window.tab_to("New arrow to …");
    window.key(Key::Enter);
    window.tab_to("Customer");
    window.key(Key::Enter);
    window.typed("purchase");
    window.key(Key::Enter);
    let purchase = window.project().event_by_name("purchase").unwrap().id;
    assert_eq!(window.arrow("Lead", "Customer").trigger, Trigger::on(purchase));
    window.tab_to("Condition");
    window.typed("count(purchase) >= 2");
    window.key(Key::Enter);
    assert_eq!(window.arrow("Lead", "Customer").guard.text(), "count(purchase) >= 2");
    window.ctrl(Key::Z);
    assert_eq!(window.arrow("Lead", "Customer").guard.text(), "");
}

#[test]
fn a_cap_and_a_half_life_are_typed_and_mistakes_stand_below() {
    let mut window = Window::with("start A\nA --go--> B\nB --go--> A\nscore points\nrule go: points + 10");
    window.outline("go: points + 10");
    window.write("Cap", "at most many");
    window.sees("\"at most many\" is no cap; write at most 30 in 7 days");
    window.key(Key::Enter);
    assert_eq!(window.value("Cap"), "at most many");
    window.fill("Cap", "at most 30 in 1 week");
    let rule = |window: &Window| window.project().score_rules.values().next().unwrap().cap;
    assert_eq!(rule(&window).unwrap().to_string(), "at most 30 in 1 week");
    window.outline("go: points + 10, at most 30 in 1 week");
    window.fill("Cap", "");
    assert_eq!(rule(&window), None);

    window.outline("points");
    let half_life = |window: &Window| window.project().attributes.values().next().unwrap().half_life;
    window.write("Half-life", "0 days");
    window.sees("has a half-life of no time; write a duration such as 30 days");
    window.write("Half-life", "soon");
    window.sees("\"soon\" is no duration");
    window.fill("Half-life", "30 days");
    assert_eq!(half_life(&window), "30 days".parse().ok());
    window.ctrl(Key::Z);
    window.sees("Undid half-life 30 days for attribute points");
    window.ctrl(Key::Y);
    let drawn = window.project().clone();
    assert_eq!(window.kept(), drawn);
    window.fill("Half-life", "");
    assert_eq!(half_life(&window), None);
}

#[test]
fn events_attributes_and_touchpoints_have_notes_and_attributes_a_value_at_the_start() {
    let mut window = Window::with(
        "attribute fit: choice C < B < A\nattribute visits: number\ntouchpoint mail: e-mail\nstart A\nA --go--> A",
    );
    for (name, note) in [("go", "any click"), ("fit", "from the form"), ("mail", "the welcome")] {
        window.outline(name);
        // Enter begins a new line in a note; it is finished when the field is left.
        window.write("Note", note);
        window.focus("Name");
    }
    let project = window.project();
    assert_eq!(project.event_by_name("go").expect("one").note, "any click");
    assert_eq!(project.attribute_by_name("fit").expect("one").note, "from the form");
    assert_eq!(project.touchpoint_by_name("mail").expect("one").note, "the welcome");
    window.outline("visits");
    window.write("Value at the start", "many");
    window.sees("\"many\" is no number.");
    window.fill("Value at the start", "3");
    assert_eq!(window.project().attribute_by_name("visits").expect("one").initial, Value::Number(3.0));
    window.outline("fit");
    window.choose("unknown", "B");
    assert_eq!(window.project().attribute_by_name("fit").expect("one").initial, Value::Text(String::from("B")));
    window.ctrl(Key::Z);
    assert_eq!(window.project().attribute_by_name("fit").expect("one").initial, Value::Unknown);
}
