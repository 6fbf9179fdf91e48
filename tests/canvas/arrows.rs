//! Arrows are taken elsewhere by their ends and bent by their middle.

use egui::{Shape, vec2};
use statecraft::model::{Edit, NodeId, TransitionId};

use super::screen::Screen;

const ARROW: TransitionId = TransitionId(1);
const FAR: &str = "start Lead\nstate Lead at 0, 0\nstate Trial at 560, 0\nstate Lost at 0, 260\nLead --x--> Trial";

fn middle(screen: &Screen) -> egui::Pos2 {
    screen.app().canvas.arrow_on_screen(ARROW, 0.5).unwrap()
}

#[test]
fn the_tail_of_a_selected_arrow_can_be_taken_elsewhere() {
    let mut screen = Screen::new(FAR);
    screen.click(screen.app().canvas.arrow_on_screen(ARROW, 0.3).unwrap());
    let tail = screen.app().canvas.arrow_on_screen(ARROW, 0.0).unwrap();
    screen.drag(tail, screen.card("Lost"));
    assert_eq!(screen.app().edits, [Edit::SetSource(ARROW, screen.node("Lost"))]);
}

#[test]
fn an_end_that_is_dropped_on_nothing_stays() {
    let mut screen = Screen::new(FAR);
    screen.click(screen.app().canvas.arrow_on_screen(ARROW, 0.3).unwrap());
    let head = screen.app().canvas.arrow_on_screen(ARROW, 1.0).unwrap();
    screen.drag(head, head + vec2(0.0, 160.0));
    assert!(screen.app().edits.is_empty());
}

#[test]
fn pulling_an_arrow_bends_it_and_a_double_click_on_the_bend_straightens_it() {
    let mut screen = Screen::new(FAR);
    let own = middle(&screen);
    screen.drag(own, own + vec2(0.0, 140.0));
    let [Edit::SetBend(ARROW, Some(bend))] = screen.app().edits[..] else { panic!("{:?}", screen.app().edits) };
    let zoom = screen.app().canvas.zoom();
    assert!((bend.y * zoom - 140.0).abs() < 3.0, "{bend:?} at {zoom}");
    assert!(middle(&screen).distance(own + vec2(0.0, 140.0)) < 3.0);
    assert_eq!(screen.selected(), [ARROW.into()]);
    screen.0.run_steps(30);
    screen.double_click(middle(&screen));
    assert_eq!(screen.app().edits.last(), Some(&Edit::SetBend(ARROW, None)));
    assert!(middle(&screen).distance(own) < 1.0);
}

#[test]
fn a_bend_moves_with_what_it_joins_and_pulled_back_it_is_gone() {
    let mut screen = Screen::new(FAR);
    let own = middle(&screen);
    screen.drag(own, own + vec2(0.0, -120.0));
    let bent = screen.app().canvas.arrow_on_screen(ARROW, 0.5).unwrap();
    let nodes: Vec<NodeId> = screen.app().project.nodes.keys().copied().collect();
    let moves = nodes.iter().map(|id| {
        let place = screen.app().project.nodes[id].position;
        (*id, statecraft::model::Point::new(place.x + 80.0, place.y + 40.0))
    });
    let moves = moves.collect();
    screen.0.state_mut().perform(Edit::MoveNodes(moves));
    screen.rest();
    let zoom = screen.app().canvas.zoom();
    assert!(middle(&screen).distance(bent + vec2(80.0, 40.0) * zoom) < 1.0);
    let there = middle(&screen);
    screen.drag(there, own + vec2(80.0, 40.0) * zoom);
    assert_eq!(screen.app().edits.last(), Some(&Edit::SetBend(ARROW, None)));
}

#[test]
fn interrupts_are_drawn_as_double_lines() {
    fn has_line_of(shape: &Shape, color: egui::Color32) -> bool {
        match shape {
            Shape::Vec(shapes) => shapes.iter().any(|shape| has_line_of(shape, color)),
            Shape::Path(path) => {
                !path.closed && matches!(path.stroke.color, egui::epaint::ColorMode::Solid(found) if found == color)
            }
            _ => false,
        }
    }
    for (sign, doubled) in [("", false), ("!", true)] {
        let screen = Screen::new(&format!("group G\nstate A in G at 0, 0\nstate B at 600, 0\nG --{sign}x--> B"));
        let canvas = screen.app().theme.palette.canvas;
        let shapes = &screen.0.output().shapes;
        assert_eq!(shapes.iter().any(|clipped| has_line_of(&clipped.shape, canvas)), doubled, "{sign}");
    }
}
