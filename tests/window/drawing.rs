//! Commands that work on what is drawn: order, copies, groups, search, palette, minimap.

use egui::{Event, Key, Modifiers, pos2, vec2};
use statecraft::gui::Selection;
use statecraft::model::{EntityId, NodeId, Point};

use super::driver::Window;

const THREE: &str =
    "start A\nevent visit\nstate A at 0, 0\nstate B at 304, 72\nstate C at 800, 40\nA --visit [count(visit) > 2]--> B
    B --after 14 days--> C";

const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);

fn place(window: &Window, name: &str) -> Point {
    window.project().nodes[&window.node(name)].position
}

/// One coordinate of the three states.
fn along(window: &Window, axis: fn(Point) -> f32) -> Vec<f32> {
    ["A", "B", "C"].iter().map(|name| axis(place(window, name))).collect()
}

fn x(point: Point) -> f32 {
    point.x
}

fn y(point: Point) -> f32 {
    point.y
}

fn all(window: &mut Window) {
    window.ctrl(Key::A);
}

#[test]
fn several_states_have_their_stages_and_arrangement_in_the_inspector() {
    let mut window = Window::with(THREE);
    window.outline("A");
    window.choose("no stage", "nurture");
    all(&mut window);
    window.choose("different stages", "retain");
    assert_eq!(window.document().undo_title(), Some("stage retain for 3 states"));
    window.press("Align top");
    assert_eq!(along(&window, y), [0.0; 3]);
    assert_eq!(window.document().undo_title(), Some("alignment of 3 states"));
}

#[test]
fn selected_states_are_aligned_and_distributed_each_in_one_step() {
    let mut window = Window::with(THREE);
    all(&mut window);
    window.key_with(Key::W, Modifiers::ALT);
    assert_eq!(along(&window, y), [0.0; 3]);
    assert_eq!(window.document().undo_title(), Some("alignment of 3 states"));
    window.key_with(Key::H, ALT_SHIFT);
    assert_eq!(along(&window, x), [0.0, 400.0, 800.0]);
    assert_eq!(window.document().undo_title(), Some("distribution of 3 states"));
    window.key_with(Key::A, Modifiers::ALT);
    assert_eq!(along(&window, x), [0.0; 3]);
    for _ in 0..3 {
        window.ctrl(Key::Z);
    }
    assert_eq!(place(&window, "B"), Point::new(304.0, 72.0));
    for (key, is_x, same) in
        [(Key::H, true, 400.0), (Key::D, true, 800.0), (Key::V, false, 36.0), (Key::S, false, 72.0)]
    {
        window.key_with(key, Modifiers::ALT);
        assert_eq!(along(&window, if is_x { x } else { y }), [same; 3], "{key:?}");
        window.ctrl(Key::Z);
    }
    window.key_with(Key::V, ALT_SHIFT);
    assert_eq!(along(&window, y), [0.0, 72.0, 36.0]);
}

#[test]
fn too_few_states_are_told_so() {
    let mut window = Window::with(THREE);
    window.outline("A");
    window.key_with(Key::A, Modifiers::ALT);
    window.sees("Select two states or more");
    assert_eq!(window.document().undo_title(), None);
}

#[test]
fn a_duplicate_lies_beside_and_is_selected() {
    let mut window = Window::with(THREE);
    all(&mut window);
    window.ctrl(Key::D);
    assert_eq!((window.project().nodes.len(), window.project().transitions.len()), (6, 4));
    assert_eq!(window.document().undo_title(), Some("duplicate of 3 states"));
    let copy = window.node("A 2");
    assert!(
        window.workbench().selection().contains(copy) && !window.workbench().selection().contains(window.node("A"))
    );
    assert_eq!(place(&window, "A 2"), Point::new(32.0, 32.0));
}

#[test]
fn what_is_copied_can_be_pasted_into_another_project() {
    let mut window = Window::with(THREE);
    window.outline("A");
    window.event(Event::Copy);
    window.rest();
    let single = window.copied.clone();
    assert!(single.contains("\"name\": \"A\"") && !single.contains("\"arrows\""), "{single}");
    all(&mut window);
    window.event(Event::Copy);
    window.rest();
    let text = window.copied.clone();
    let mut other = Window::with("start X\nstate X at 0, 0");
    other.event(Event::Paste(text));
    other.rest();
    assert_eq!(other.document().undo_title(), Some("paste of 3 states"));
    assert_eq!((other.project().nodes.len(), other.project().transitions.len()), (4, 2));
    assert!(other.project().event_by_name("visit").is_some());
    assert_eq!(other.workbench().selection().len(), 3);
    let kept = other.kept();
    assert_eq!(kept, *other.project());
}

#[test]
fn what_is_cut_is_gone_and_comes_back_by_pasting() {
    let mut window = Window::with(THREE);
    window.outline("C");
    window.event(Event::Cut);
    window.rest();
    assert!(window.project().node_by_name("C").is_none());
    window.event(Event::Paste(window.copied.clone()));
    window.rest();
    assert_eq!(window.document().undo_title(), Some("paste of C"));
}

#[test]
fn a_mermaid_text_is_pasted_and_a_text_that_is_none_says_what_was_expected() {
    let mut window = Window::with(THREE);
    window.event(Event::Paste(String::from("stateDiagram-v2\n[*] --> New\nNew --> Old : a year / cake")));
    window.rest();
    assert_eq!(window.document().undo_title(), Some("paste of 2 states"));
    window.sees("cake");
    let revision = window.document().revision();
    window.event(Event::Paste(String::from("Dear Anna,")));
    window.rest();
    window.sees("no states in the clipboard");
    assert_eq!(window.document().revision(), revision);
}

#[test]
fn all_of_a_large_chart_is_in_view_when_it_has_been_pasted() {
    let mut window = Window::with(THREE);
    let steps: Vec<String> = (1..20).map(|step| format!("S{step} --> S{}: go", step + 1)).collect();
    window.event(Event::Paste(format!("stateDiagram-v2\n{}", steps.join("\n"))));
    window.comes_to_rest();
    let canvas = window.workbench().canvas();
    let shown = |name: &str| canvas.card_on_screen(window.node(name)).unwrap();
    let screen = window.harness.ctx.content_rect();
    assert!(screen.contains_rect(shown("S1")) && screen.contains_rect(shown("S20")));
    assert!(canvas.zoom() < 0.9);
}

#[test]
fn pasting_into_a_field_is_for_the_field() {
    let mut window = Window::with(THREE);
    window.focus("Name of the journey");
    window.event(Event::Paste(String::from("stateDiagram-v2\nA --> B")));
    window.rest();
    assert_eq!(window.project().nodes.len(), 3);
}

#[test]
fn a_group_is_made_collapsed_and_expanded_by_keys() {
    let mut window = Window::with(THREE);
    window.outline("A");
    window.key_with(Key::ArrowRight, Modifiers::ALT);
    assert_eq!(window.selected(), Some(window.node("B").into()));
    all(&mut window);
    window.ctrl(Key::G);
    window.typed("Prospects");
    window.key(Key::Enter);
    let group = window.node("Prospects");
    assert_eq!(window.project().children(Some(group)).count(), 3);
    window.ctrl(Key::E);
    assert!(window.project().nodes[&group].collapsed && window.kept().nodes[&group].collapsed);
    assert!(window.has("Expand Prospects"));
    window.ctrl(Key::E);
    assert_eq!(window.document().undo_title(), Some("expansion of Prospects"));
    window.key_with(Key::G, Modifiers::COMMAND.plus(Modifiers::SHIFT));
    assert!(window.project().node_by_name("Prospects").is_none());
}

#[test]
fn search_counts_what_it_finds_and_goes_from_one_to_the_next() {
    let mut window = Window::with(THREE);
    window.ctrl(Key::F);
    window.typed("visit");
    window.sees("1 of 1");
    assert_eq!(window.selected(), Some(window.arrow_id("A", "B").into()));
    window.write("Search names, conditions, triggers and actions", "14");
    assert_eq!(window.selected(), Some(window.arrow_id("B", "C").into()));
    window.write("Search names, conditions, triggers and actions", "zzz");
    window.sees("nothing");
    window.write("Search names, conditions, triggers and actions", "a");
    window.sees("1 of 2");
    assert_eq!(window.selected(), Some(window.node("A").into()));
    window.key(Key::Enter);
    window.sees("2 of 2");
    assert_eq!(window.selected(), Some(window.arrow_id("B", "C").into()));
    window.key_with(Key::Enter, Modifiers::SHIFT);
    assert_eq!(window.selected(), Some(window.node("A").into()));
    window.key(Key::F3);
    window.sees("2 of 2");
    window.key(Key::Escape);
    assert!(!window.has("Close the search"));
    assert_eq!(window.document().undo_title(), None);
}

#[test]
fn the_palette_does_anything_by_its_name_and_goes_to_states() {
    let mut window = Window::with(THREE);
    all(&mut window);
    window.ctrl(Key::K);
    window.typed("altop");
    window.key(Key::Enter);
    assert_eq!(window.document().undo_title(), Some("alignment of 3 states"));
    window.ctrl(Key::K);
    window.typed("go to c");
    window.key(Key::Enter);
    assert_eq!(window.selected(), Some(window.node("C").into()));
    window.ctrl(Key::K);
    window.typed("xyzzy");
    window.sees("Nothing is called like that.");
    window.key(Key::Escape);
    window.ctrl(Key::K);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowUp);
    window.key(Key::Escape);
    assert!(!window.has("Command or state to look for"));
}

#[test]
fn a_question_mark_shows_the_keys() {
    let mut window = Window::with(THREE);
    window.event(Event::Key {
        key: Key::Questionmark,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::SHIFT,
    });
    window.rest();
    window.sees("Keys and gestures");
    window.sees("Distribute horizontally");
}

#[test]
fn a_click_in_the_minimap_moves_the_view() {
    let mut window = Window::with(THREE);
    window.ctrl(Key::M);
    assert!(window.workbench().canvas().shows_minimap());
    window.ctrl(Key::Num0);
    let before = window.workbench().canvas().center();
    let middle = window.place("Map of the journey");
    window.click_at(middle - vec2(80.0, 0.0));
    let left = window.workbench().canvas().center();
    assert!(left.x < before.x - 100.0, "{left:?} from {before:?}");
    window.click_at(middle + vec2(80.0, 0.0));
    assert!(window.workbench().canvas().center().x > left.x + 400.0);
    assert_eq!(window.selected(), None);
    window.ctrl(Key::M);
    assert!(!window.workbench().canvas().shows_minimap());
    window.comes_to_rest();
}

#[test]
fn the_selection_is_shown_in_full_and_problems_come_one_after_the_other() {
    let mut window = Window::with(THREE);
    window.outline("C");
    window.key_with(Key::Num2, Modifiers::SHIFT);
    let center = window.workbench().canvas().center();
    assert!((center - pos2(800.0, 40.0)).length() < 1.0, "{center:?}");
    window.key_with(Key::Num1, Modifiers::SHIFT);
    window.key(Key::F8);
    let first: Vec<EntityId> = Selection::iter(window.workbench().selection()).collect();
    assert_eq!(first.len(), 1);
}

#[test]
fn the_menu_of_a_card_collapses_duplicates_and_arranges() {
    let mut window = Window::with("group G\nstate In in G at 0, 0\nstate Out at 560, 0");
    let group: NodeId = window.node("G");
    let header = window.workbench().canvas().card_on_screen(group).unwrap().center_top() + vec2(-10.0, 14.0);
    window.right_click_at(header);
    window.entry("Collapse");
    assert!(window.project().nodes[&group].collapsed);
    let card = window.workbench().canvas().card_on_screen(group).unwrap().center();
    window.right_click_at(card);
    window.entry("Duplicate");
    assert_eq!(window.document().undo_title(), Some("duplicate of G"));
    assert!(window.project().nodes[&window.node("G 2")].collapsed);
}
