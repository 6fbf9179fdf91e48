//! What nobody should do, and somebody does.

use egui::{Key, vec2};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{EntityId, notation};

use super::driver::{Window, clash};

/// Everything that a project can hold, some of it twice.
const ALL: &str = "event buy: value, channel\nevent visit\nattribute fit: choice D < C < B < A\nscore points
attribute opted: yes/no\nattribute age: number\ntouchpoint mail: e-mail\nrule buy [fit >= B]: points + 10\nrule visit: points + 1\nstart A
A --buy [count(buy) >= 2 and count(buy) >= 3 and fit >= B] / notify(Sales: one); notify(Sales: two); send(mail)--> B
A --buy [opted = yes or opted = no]--> A\nB --after 3 days without buy--> A
contact Ann\n2026-01-01 buy (value = 2), 2026-01-01 buy (value = 3), 2026-01-02 visit
scenario One until 2026-02-01";

/// Every step of every test looks for what egui paints over two widgets of one id; this is how it would be found.
#[test]
fn two_widgets_of_one_id_would_be_seen() {
    let harness = egui_kittest::Harness::new_ui(|ui| {
        for left in [0.0, 50.0] {
            let rect = egui::Rect::from_min_size(egui::pos2(left, 0.0), vec2(20.0, 20.0));
            ui.interact(rect, egui::Id::new("twice"), egui::Sense::click());
        }
    });
    assert!(clash(&harness).is_some());
}

#[test]
fn everything_can_be_looked_at_without_two_widgets_of_one_id() {
    let mut projects: Vec<_> = SAMPLES.iter().map(statecraft::model::sample::Sample::project).collect();
    projects.push(notation::parse(ALL).unwrap());
    for project in projects {
        let mut window = Window::with_project(&project);
        // High enough that every row of the outline is drawn.
        window.harness.set_size(vec2(1280.0, 2600.0));
        window.rest();
        for row in window.outline_rows() {
            window.outline(&row);
            assert!(window.selected().is_some(), "{row}");
        }
    }
}

#[test]
fn a_new_thing_of_every_kind_asks_for_its_name() {
    let mut window = Window::with(ALL);
    window.harness.set_size(vec2(1280.0, 1600.0));
    for section in ["events", "attributes and scores", "touchpoints", "sample contacts", "scenarios"] {
        window.press(&format!("Add to {section}"));
        // The name is selected, so that typing replaces it.
        assert!(window.is_focused("Name"), "{section}");
        window.typed(&format!("my {section}"));
        window.key(Key::Enter);
        assert_eq!(window.value("Name"), format!("my {section}"));
        window.key(Key::F2);
        assert!(window.is_focused("Name"), "F2 on {section}");
        window.key(Key::Escape);
    }
    window.press("Add to score rules");
    assert!(matches!(window.selected(), Some(EntityId::ScoreRule(_))));
}

#[test]
fn names_of_any_script_and_length_are_drawn() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    let long = "W".repeat(200);
    for name in
        ["🛒🎉", "سلة مهجورة", "放弃的购物车", "a\u{301}\u{301}\u{301}", "\u{200b}", &long, "x/y: z, (w) = 1 < 2"]
    {
        let node = window.node("A");
        window.key(Key::Escape);
        window.outline("A");
        window.fill("Name", name);
        assert_eq!(window.project().nodes[&node].name, name);
        window.ctrl(Key::Num3);
        window.until("it ran", |window| window.workbench().simulator().played().is_some());
        window.ctrl(Key::Num1);
        window.ctrl(Key::Z);
        assert_eq!(window.project().nodes[&node].name, "A");
    }
    window.fill("Name of the journey", &"🛒".repeat(100));
    window.fill("Name of the journey", "name\nof two lines");
    assert!(!window.project().info.name.contains('\n'));
}

#[test]
fn what_is_being_named_can_be_deleted_and_undone() {
    let mut window = Window::with("start A\nA --go--> B");
    let before = window.project().clone();
    window.outline("B");
    window.key(Key::F2);
    window.typed("Another");
    window.press("Delete");
    assert_eq!(window.project().nodes.len(), 1);
    window.ctrl(Key::Z);
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), before);
    // A name that is open when its state is undone away.
    window.key(Key::Insert);
    window.press("Undo");
    window.rest();
    assert_eq!(*window.project(), before);
    window.outline("go → B");
    window.key(Key::F2);
    window.press("Undo");
    window.ctrl(Key::Y);
}

#[test]
fn a_name_finished_by_pressing_undo_is_what_is_undone() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    window.outline("A");
    window.fill("Owner", "Sales");
    window.write("Owner", "Marketing");
    window.press("Undo");
    assert_eq!(window.project().nodes[&window.node("A")].owner, "Sales");
    assert!(window.document().redo_title().is_some());
}

#[test]
fn new_states_do_not_lie_on_one_another() {
    let mut window = Window::with("journey J");
    for _ in 0..3 {
        window.key(Key::Insert);
        window.key(Key::Enter);
    }
    let places: Vec<_> = window.project().nodes.values().map(|node| node.position).collect();
    assert_eq!(places.len(), 3);
    assert!(places[0] != places[1] && places[1] != places[2], "{places:?}");
}

#[test]
fn ctrl_a_takes_everything_that_is_drawn() {
    let mut window = Window::with("start A\nA --go--> B");
    window.ctrl(Key::A);
    assert_eq!(window.workbench().selection().len(), 3);
    window.sees("3 things");
    window.key(Key::Delete);
    assert!(window.project().nodes.is_empty());
    window.ctrl(Key::Z);
    assert_eq!(window.project().nodes.len(), 2);
}

#[test]
fn everything_can_be_undone_down_to_nothing_and_done_again() {
    let mut window = Window::with("journey J");
    for key in [Key::Insert, Key::Enter, Key::Insert, Key::Enter] {
        window.key(key);
    }
    let drawn = window.project().clone();
    for _ in 0..10 {
        window.ctrl(Key::Z);
    }
    assert!(window.project().nodes.is_empty());
    for _ in 0..10 {
        window.ctrl(Key::Y);
    }
    assert_eq!(*window.project(), drawn);
}

#[test]
fn a_small_window_still_draws() {
    let mut window = Window::with(ALL);
    for size in [vec2(820.0, 560.0), vec2(400.0, 300.0), vec2(60.0, 40.0)] {
        window.harness.set_size(size);
        window.rest();
        window.ctrl(Key::Num3);
        window.ctrl(Key::Num1);
        window.key(Key::F1);
        window.key(Key::Escape);
        window.ctrl(Key::O);
        window.key(Key::Escape);
    }
}

#[test]
fn a_run_under_way_is_left_with_its_project() {
    let mut window = Window::with(ALL);
    let other = window.path("other.statecraft");
    let empty = notation::parse("journey Other").unwrap();
    drop(statecraft::document::Document::create(&other, &empty).unwrap());
    for _ in 0..3 {
        window.ctrl(Key::Num3);
        window.key(Key::F5);
        window.ctrl(Key::W);
        assert!(window.on_start_screen());
        window.press("journey");
        window.ctrl(Key::Num3);
        window.key(Key::F5);
        window.open(&other);
        window.comes_to_rest();
        window.ctrl(Key::W);
        window.press("journey");
    }
}

/// What had the focus goes away; a screen reader must not be told of a focus on nothing.
#[test]
fn what_has_the_focus_can_go_away() {
    let mut window = Window::with(ALL);
    window.outline("B");
    window.tab_to("Delete");
    window.key(Key::Enter);
    assert!(window.project().node_by_name("B").is_none());
    window.ctrl(Key::Z);
    window.outline("visit");
    window.tab_to("Delete");
    window.key(Key::Enter);
    window.tab_to("Keep it");
    window.key(Key::Enter);
    assert!(window.project().event_by_name("visit").is_some());
    window.tab_to("Simulate");
    window.key(Key::Space);
    window.until("it ran", |window| window.workbench().simulator().played().is_some());
    window.tab_to("Ann");
    window.key(Key::Enter);
    window.tab_to("Step back");
    window.key(Key::Enter);
    window.tab_to("Everybody");
    window.key(Key::Enter);
    window.tab_to("Design");
    window.key(Key::Enter);
    window.tab_to("Redo");
    window.ctrl(Key::W);
    window.tab_to("journey");
    window.key(Key::Enter);
    assert!(!window.on_start_screen());
    window.outline("A");
    window.tab_to("Owner");
    window.typed("Sales");
    window.key(Key::Tab);
    window.tab_to("Add a response …");
    window.key(Key::Enter);
    window.tab_to("send mail");
    window.key(Key::Enter);
    window.tab_to("Remove response");
    window.key(Key::Enter);
    assert_eq!(window.project().nodes[&window.node("A")].owner, "Sales");
    assert!(window.project().nodes[&window.node("A")].on_entry.is_empty());
}
