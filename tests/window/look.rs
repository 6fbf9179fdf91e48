//! The look, the shortcut sheet, keys that rest while typing, and a program that rests when nothing moves.

use egui::{Key, Modifiers};

use super::driver::Window;

const PAIR: &str = "start Lead\nstate Lead at 0, 0\nstate Trial at 320, 0\nLead --go--> Trial\nTrial --back--> Lead
contact Ann\n2026-01-01 go";

fn is_dark(window: &Window) -> bool {
    window.harness.ctx.global_style().visuals.dark_mode
}

#[test]
fn the_look_is_changed_by_button_and_by_key_on_every_screen() {
    let mut window = Window::new();
    assert!(!is_dark(&window));
    window.key_with(Key::L, Modifiers::COMMAND | Modifiers::SHIFT);
    assert!(is_dark(&window));
    window.press("Blank journey");
    window.press("Light, dark or high contrast");
    assert!(is_dark(&window), "high contrast is light on black");
    window.press("Light, dark or high contrast");
    assert!(!is_dark(&window));
    window.ctrl(Key::Num3);
    window.key_with(Key::L, Modifiers::COMMAND | Modifiers::SHIFT);
    assert!(is_dark(&window));
}

#[test]
fn the_shortcut_sheet_opens_and_closes() {
    let mut window = Window::with(PAIR);
    let before = window.project().clone();
    for close in [Key::Escape, Key::Enter] {
        window.key(Key::F1);
        window.sees("Keys and gestures");
        window.key(Key::Insert);
        assert_eq!(*window.project(), before, "the sheet has the keys");
        if close == Key::Escape {
            window.key(close);
        } else {
            window.press("Close");
        }
        assert!(!window.shows("Keys and gestures"));
    }
    window.press("Keyboard shortcuts");
    window.sees("Keys and gestures");
}

#[test]
fn keys_of_the_journey_rest_while_a_text_is_typed() {
    let mut window = Window::with(PAIR);
    window.outline("Trial");
    window.fill("Owner", "Sales");
    let before = window.project().clone();
    window.focus("Name");
    for key in [Key::Delete, Key::Backspace, Key::Insert, Key::F8, Key::F2] {
        window.key(key);
    }
    window.ctrl(Key::Z);
    window.ctrl(Key::W);
    window.ctrl(Key::A);
    assert_eq!(*window.project(), before);
    assert_eq!(window.selected(), Some(window.node("Trial").into()));
    window.key(Key::Escape);
    assert_eq!(window.value("Name"), "Trial");
    assert_eq!(window.selected(), Some(window.node("Trial").into()), "Escape was meant for the text");
    window.ctrl(Key::Z);
    assert_eq!(window.project().nodes[&window.node("Trial")].owner, "");
}

#[test]
fn enter_in_a_panel_is_not_meant_for_the_canvas() {
    let mut window = Window::with(PAIR);
    window.outline("Trial");
    window.fill("Owner", "Sales");
    window.ctrl(Key::Z);
    assert_eq!(window.project().nodes[&window.node("Trial")].owner, "", "a name was being typed on the canvas");
}

#[test]
fn a_draft_is_finished_when_something_else_is_selected() {
    let mut window = Window::with(PAIR);
    window.outline("Trial");
    window.write("Owner", "Sales");
    window.outline("Lead");
    window.write("Owner", "Marketing");
    let canvas = window.place("Canvas") + egui::vec2(0.0, 200.0);
    window.click_at(canvas);
    window.outline("Lead");
    window.write("Note", "Knows us");
    window.press("Simulate");
    let owner = |name| window.project().nodes[&window.node(name)].owner.clone();
    assert_eq!([owner("Trial"), owner("Lead")], ["Sales", "Marketing"]);
    assert_eq!(window.project().nodes[&window.node("Lead")].note, "Knows us");
}

#[test]
fn a_draft_is_finished_when_the_window_closes_or_another_project_opens() {
    let mut window = Window::with(PAIR);
    window.outline("Trial");
    window.write("Owner", "Sales");
    window.close_requested();
    assert_eq!(window.project().nodes[&window.node("Trial")].owner, "Sales");
    window.key(Key::F2);
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed("Tester");
    window.close_requested();
    assert!(window.project().node_by_name("Tester").is_some(), "the name on the canvas");
    window.write("Owner", "Partners");
    let path = window.document().path().to_owned();
    let other = window.path("other.statecraft");
    drop(statecraft::document::Document::create(&other, &statecraft::model::Project::named("Other")).unwrap());
    window.open(&other);
    window.open(&path);
    assert_eq!(window.project().nodes[&window.node("Tester")].owner, "Partners");
}

#[test]
fn at_rest_nothing_is_repainted() {
    let mut window = Window::new();
    window.comes_to_rest();
    let mut window = Window::with(PAIR);
    window.comes_to_rest();
    window.outline("Lead");
    window.comes_to_rest();
    window.focus("Owner");
    window.comes_to_rest();
    window.key(Key::Escape);
    window.key(Key::F2);
    window.comes_to_rest();
    window.key(Key::Escape);
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().played().is_some());
    window.comes_to_rest();
    window.press("Ann");
    window.comes_to_rest();
    let frames = window.harness.state().frames;
    window.step();
    assert_eq!(window.harness.state().frames, frames + 1);
    assert!(window.sleeps_for() > std::time::Duration::from_secs(1));
}

#[test]
fn escape_closes_what_is_on_top_and_nothing_else() {
    let mut window = Window::with(&format!("{PAIR}\nevent spare"));
    window.outline("Trial");
    let trial = window.selected();
    window.press_combo("no stage");
    window.sees("nurture");
    window.key(Key::Escape);
    assert!(!window.shows("nurture"));
    assert_eq!(window.selected(), trial, "the list had the key");
    window.press("Menu");
    window.key(Key::Escape);
    assert!(!window.shows("An empty journey") && !window.shows("New journey"));
    assert_eq!(window.selected(), trial, "the menu had the key");
    for (open, text) in [(Key::F1, "Keys and gestures"), (Key::Delete, "Delete event go?")] {
        if open == Key::Delete {
            window.outline("go");
        }
        let selected = window.selected();
        window.key(open);
        window.sees(text);
        window.key(Key::Escape);
        assert!(!window.shows(text));
        assert_eq!(window.selected(), selected, "the dialog had the key");
    }
    let selected = window.selected();
    window.ctrl(Key::O);
    window.key(Key::Escape);
    assert!(!window.shows("Open a project"));
    assert_eq!(window.selected(), selected, "the dialog had the key");
    window.key(Key::Escape);
    assert_eq!(window.selected(), None);
}

#[test]
fn keys_rest_while_a_list_is_open() {
    let mut window = Window::with(PAIR);
    let before = window.project().clone();
    window.outline("Trial");
    window.press_combo("no stage");
    for key in [Key::Delete, Key::Backspace, Key::Insert] {
        window.key(key);
    }
    assert_eq!(*window.project(), before);
}
