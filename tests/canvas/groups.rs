//! Super-states: collapsed and expanded, with regions as lanes; ends and resumes as signs.

use egui::{Key, Modifiers, vec2};
use statecraft::gui::Overlay;
use statecraft::model::{Edit, NodeId, TransitionId};

use super::screen::{App, Screen};

const NESTED: &str =
    "group G\ngroup Inner in G\nstate A in Inner at 0, 0\nstate B in Inner at 0, 160\nstate Out at 640, 60
    A --x--> Out\nB --y--> Out\nOut --z--> A\nA --w--> B";

fn is_drawn(screen: &Screen, node: NodeId) -> bool {
    screen.app().canvas.card_on_screen(node).is_some()
}

#[test]
fn a_group_is_collapsed_and_expanded_by_its_sign_and_arrows_end_at_its_card() {
    let mut screen = Screen::new(NESTED);
    let (group, inner, a) = (screen.node("G"), screen.node("Inner"), screen.node("A"));
    let sign = |screen: &Screen, node| screen.app().canvas.toggle_on_screen(node).unwrap().center();
    screen.click(sign(&screen, inner));
    assert_eq!(screen.app().edits, [Edit::SetCollapsed(inner, true)]);
    assert!(is_drawn(&screen, inner) && !is_drawn(&screen, a));
    // Two side by side are one, the way back is another, and what goes on inside is not seen.
    let together: Vec<usize> = (1..=4).map(|id| screen.app().canvas.drawn_together(TransitionId(id))).collect();
    assert_eq!(together, [2, 2, 1, 0]);
    let card = screen.app().canvas.card_on_screen(inner).unwrap();
    let tail = screen.app().canvas.arrow_on_screen(TransitionId(2), 0.0).unwrap();
    assert!(card.expand(1.0).contains(tail) && !card.shrink(1.0).contains(tail));
    screen.click(screen.app().canvas.arrow_on_screen(TransitionId(1), 0.5).unwrap());
    assert_eq!(screen.selected(), [TransitionId(1).into(), TransitionId(2).into()]);
    screen.click(sign(&screen, group));
    assert!(!is_drawn(&screen, inner) && is_drawn(&screen, group));
    screen.click(sign(&screen, group));
    screen.click(sign(&screen, inner));
    assert!(is_drawn(&screen, a));
    assert_eq!(screen.app().edits.len(), 4);
}

#[test]
fn a_state_that_an_arrow_makes_belongs_to_where_it_was_dropped() {
    let mut screen = Screen::new("group G\nstate A in G at 0, 0\nstate B in G at 0, 320\nA --x--> B");
    let (group, below) = (screen.node("G"), screen.card("B") + vec2(0.0, 200.0));
    let between = screen.card("A").lerp(screen.card("B"), 0.5);
    for (place, home) in [(between, Some(group)), (below, None)] {
        screen.drag(screen.handle("A"), place);
        let Some(Edit::AddConnectedState { parent, .. }) = screen.app().edits.last() else { panic!() };
        assert_eq!(*parent, home);
        screen.key(Key::Escape);
        screen.key(Key::Escape);
        screen.click(vec2(20.0, 20.0).to_pos2());
    }
    screen.click(screen.card("A"));
    screen.key_with(Key::ArrowRight, Modifiers::COMMAND);
    let Some(Edit::AddConnectedState { parent, .. }) = screen.app().edits.last() else { panic!() };
    assert_eq!(*parent, Some(group));
}

#[test]
fn a_collapsed_group_moves_with_what_it_hides() {
    let mut screen = Screen::new(NESTED);
    let group = screen.node("G");
    screen.0.state_mut().perform(Edit::SetCollapsed(group, true));
    screen.rest();
    let before = screen.place("A");
    let card = screen.card("G") - vec2(40.0, 0.0);
    screen.drag(card, card + vec2(0.0, 120.0));
    assert!(screen.place("A").y > before.y + 40.0);
    assert_eq!(screen.app().project.nodes[&screen.node("Inner")].parent, Some(group));
}

#[test]
fn what_is_hidden_is_shown_by_the_card_that_hides_it() {
    let mut screen = Screen::new(NESTED);
    let (group, a) = (screen.node("G"), screen.node("A"));
    screen.0.state_mut().perform(Edit::SetCollapsed(group, true));
    screen.rest();
    screen.0.state_mut().canvas.zoom_by(6.0);
    screen.0.state_mut().canvas.reveal(a.into());
    screen.rest();
    let card = screen.app().canvas.card_on_screen(group).unwrap();
    assert!(egui::Rect::from_min_size(egui::Pos2::ZERO, vec2(1200.0, 800.0)).intersects(card));
}

#[test]
fn regions_are_lanes_of_the_parallel_around_them() {
    let mut screen = Screen::new(
        "parallel P\ngroup One in P\nstate A in One at 0, 0\nstate B in One at 260, 0\ngroup Two in P\nstate C in Two at 0, 240",
    );
    let rect = |screen: &Screen, name: &str| screen.app().canvas.card_rect(screen.node(name)).unwrap();
    let (whole, one, two) = (rect(&screen, "P"), rect(&screen, "One"), rect(&screen, "Two"));
    assert!((one.width() - two.width()).abs() < 0.1 && (one.width() - whole.width()).abs() < 4.0);
    assert!((one.bottom() - two.top()).abs() < 0.1 && (two.bottom() - whole.bottom()).abs() < 0.1);
    // A state that is dropped in a lane is in its region.
    let lane = screen.app().canvas.card_on_screen(screen.node("Two")).unwrap();
    screen.drag(screen.card("B"), lane.right_center() - vec2(60.0, 0.0));
    assert_eq!(screen.app().project.nodes[&screen.node("B")].parent, Some(screen.node("Two")));
}

#[test]
fn ends_and_resumes_are_signs_and_in_a_run_an_end_is_a_card() {
    let journey =
        "start A\nstate A at 0, 0\nend Gone at 320, 0\ngroup G\nresume Back in G at 0, 300\nstate B in G at 260, 300";
    let size = |screen: &Screen, name: &str| screen.app().canvas.card_rect(screen.node(name)).unwrap().size();
    let screen = Screen::new(journey);
    for name in ["Gone", "Back"] {
        let size = size(&screen, name);
        assert!((size.x - size.y).abs() < 0.1 && size.x < 60.0, "{name}: {size}");
    }
    let mut app = App::new(journey);
    app.overlay = Some(Overlay::default());
    let screen = Screen::with(app);
    assert!(size(&screen, "Gone").x > 150.0 && size(&screen, "Back").x < 60.0);
}
