//! States are dragged: level with their neighbours, into groups and out again, as copies.

use egui::{Event, Modifiers, PointerButton, vec2};
use statecraft::model::{Edit, Home, Point};

use super::screen::Screen;

const GROUPED: &str = "group G\nstate In in G at 0, 0\nstate Out at 560, 0\nstate Far at 560, 300";

#[test]
fn a_card_comes_level_with_a_neighbour_that_is_off_the_grid() {
    let mut screen = Screen::new("start Lead\nstate Lead at 0, 0\nstate Trial at 560, 3");
    let from = screen.card("Lead");
    screen.drag(from, from + vec2(60.0, 2.0));
    assert!((screen.place("Lead").y - 3.0).abs() < 0.01, "{:?}", screen.place("Lead"));
    screen.drag_holding(screen.card("Trial"), screen.card("Trial") + vec2(0.0, 50.0), Modifiers::COMMAND);
    let free = screen.place("Trial");
    let zoom = screen.app().canvas.zoom();
    assert!((free.y - 3.0 - 50.0 / zoom).abs() <= 0.6, "held, it snaps to nothing: {free:?}");
}

#[test]
fn a_state_that_is_dropped_on_a_group_goes_into_it_and_dropped_outside_it_leaves() {
    let mut screen = Screen::new(GROUPED);
    let (group, out, inner) = (screen.node("G"), screen.node("Out"), screen.node("In"));
    let frame = screen.app().canvas.card_on_screen(group).unwrap();
    screen.drag(screen.card("Out"), frame.left_bottom() + vec2(30.0, -12.0));
    assert!(
        matches!(&screen.app().edits[..], [Edit::MoveInto { ids, parent: Some(g), .. }] if *ids == [out] && *g == group),
        "{:?}",
        screen.app().edits
    );
    assert_eq!(screen.app().project.nodes[&out].parent, Some(group));
    let beyond = screen.card("Far") + vec2(0.0, 20.0);
    screen.drag(screen.card("In"), beyond);
    assert_eq!(screen.app().edits.len(), 2);
    assert_eq!(screen.app().project.nodes[&inner].parent, None);
    assert_eq!(screen.app().project.nodes[&group].initial, Some(out));
}

#[test]
fn a_state_that_is_moved_inside_its_group_stays_in_it_and_the_frame_waits_for_it() {
    let mut screen = Screen::new("group G\nstate A in G at 0, 0\nstate B in G at 0, 200");
    let before = screen.app().canvas.card_on_screen(screen.node("G")).unwrap();
    let from = screen.card("A");
    screen.hover(from);
    screen.button(from, PointerButton::Primary, true, Modifiers::NONE);
    screen.hover(from + vec2(0.0, 30.0));
    screen.hover(from + vec2(0.0, 60.0));
    screen.rest();
    assert_eq!(screen.app().canvas.card_on_screen(screen.node("G")).unwrap(), before);
    screen.button(from + vec2(0.0, 60.0), PointerButton::Primary, false, Modifiers::NONE);
    screen.rest();
    assert!(matches!(&screen.app().edits[..], [Edit::MoveNodes(_)]), "{:?}", screen.app().edits);
}

#[test]
fn where_a_frame_is_slow_a_card_lands_where_it_was_let_go() {
    let mut screen = Screen::new("start Lead\nstate Lead at 0, 0\nstate Trial at 560, 300");
    let from = screen.card("Lead");
    let to = from + vec2(0.0, 120.0);
    screen.hover(from);
    screen.button(from, PointerButton::Primary, true, Modifiers::NONE);
    screen.hover(from + vec2(0.0, 20.0));
    screen.in_one_frame([
        Event::PointerMoved(from + vec2(0.0, 80.0)),
        Event::PointerButton { pos: to, button: PointerButton::Primary, pressed: false, modifiers: Modifiers::NONE },
        Event::PointerMoved(to + vec2(200.0, 90.0)),
    ]);
    screen.rest();
    assert!((screen.card("Lead") - to).length() < 8.0, "{:?} and not {to:?}", screen.card("Lead"));
}

#[test]
fn with_alt_a_copy_is_dropped_and_the_original_stays() {
    let mut screen = Screen::new("start Lead\nevent x\nstate Lead at 0, 0\nstate Trial at 560, 0\nLead --x--> Lead");
    let lead = screen.node("Lead");
    let from = screen.card("Lead");
    screen.drag_holding(from, from + vec2(0.0, 200.0), Modifiers::ALT);
    let [Edit::Duplicate { ids, home: Home::Beside, .. }] = &screen.app().edits[..] else {
        panic!("{:?}", screen.app().edits)
    };
    assert_eq!(*ids, [lead]);
    assert_eq!(screen.place("Lead"), Point::new(0.0, 0.0));
    assert!(screen.place("Lead 2").y > 60.0);
    assert_eq!(screen.selected(), [screen.node("Lead 2").into()]);
    assert_eq!(screen.app().project.transitions.len(), 2, "its loop came with it");
}

#[test]
fn a_copy_that_is_dropped_on_a_group_goes_into_it() {
    let mut screen = Screen::new(GROUPED);
    let frame = screen.app().canvas.card_on_screen(screen.node("G")).unwrap();
    screen.drag_holding(screen.card("Out"), frame.left_bottom() + vec2(30.0, -12.0), Modifiers::ALT);
    assert_eq!(screen.app().project.children(Some(screen.node("G"))).count(), 2);
    assert_eq!(screen.app().project.nodes[&screen.node("Out")].parent, None);
}
