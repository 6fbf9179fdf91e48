//! What can be done on the canvas with pointer and keys.

#![cfg(feature = "gui")]

mod arrows;
mod drawing;
mod groups;
mod moving;
mod screen;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use statecraft::gui::{Breakpoint, Dots, Look, Overlay, Selection, Theme, Withheld};
use statecraft::model::{Edit, NodeKind, Point, TransitionId, Trigger};

use screen::{App, Screen};

const PAIR: &str = "start Lead\nstate Lead at 0, 0\nstate Trial at 320, 0";
const EMPTY: Pos2 = pos2(600.0, 700.0);

#[test]
fn the_first_state_is_made_by_a_double_click_and_named_in_place() {
    let mut screen = Screen::new("journey Empty");
    screen.double_click(pos2(500.0, 300.0));
    assert_eq!(screen.app().project.nodes.len(), 1);
    screen.typed("Prospect");
    screen.key(Key::Enter);
    let prospect = screen.node("Prospect");
    assert_eq!(screen.app().project.info.start, Some(prospect));
    assert_eq!(screen.selected(), [prospect.into()]);
    assert!(screen.card("Prospect").distance(pos2(500.0, 300.0)) < 8.0);
    assert!(!screen.app().canvas.is_typing());
}

#[test]
fn escape_keeps_the_old_name() {
    let mut screen = Screen::new(PAIR);
    screen.double_click(screen.card("Lead"));
    screen.typed("Something");
    screen.key(Key::Escape);
    assert!(screen.app().edits.is_empty());
    assert!(screen.app().project.node_by_name("Lead").is_some());
}

#[test]
fn a_name_that_is_taken_stays_in_the_field_until_it_is_free() {
    let mut screen = Screen::new(PAIR);
    screen.click(screen.card("Lead"));
    screen.key(Key::F2);
    screen.typed("Trial");
    screen.key(Key::Enter);
    assert!(screen.app().canvas.is_typing());
    screen.typed(" user");
    screen.key(Key::Enter);
    assert_eq!(screen.app().edits, [Edit::RenameNode(screen.node("Trial user"), "Trial user".into())]);
}

#[test]
fn clicking_elsewhere_commits_a_name() {
    let mut screen = Screen::new(PAIR);
    screen.double_click(screen.card("Lead"));
    screen.typed("Prospect");
    screen.click(EMPTY);
    assert!(screen.app().project.node_by_name("Prospect").is_some());
    assert!(!screen.app().canvas.is_typing());
}

#[test]
fn dragging_from_a_handle_connects_and_asks_for_the_event() {
    let mut screen = Screen::new(&format!("{PAIR}\nevent purchase\nevent visit"));
    screen.drag(screen.handle("Lead"), screen.card("Trial"));
    let (lead, trial) = (screen.node("Lead"), screen.node("Trial"));
    let connect = Edit::AddTransition { source: lead, target: Some(trial), trigger: String::new() };
    assert_eq!(screen.app().edits, [connect]);
    screen.typed("vi");
    screen.key(Key::ArrowDown);
    screen.key(Key::Enter);
    let arrow = &screen.app().project.transitions[&TransitionId(1)];
    let visit = screen.app().project.event_by_name("visit").unwrap().id;
    assert_eq!(arrow.trigger, Trigger::on(visit));
    assert!(!screen.app().canvas.is_typing());
}

#[test]
fn a_timer_can_be_typed_and_a_new_event_with_it() {
    let mut screen = Screen::new(PAIR);
    screen.drag(screen.handle("Lead"), screen.card("Trial"));
    screen.typed("after 90 days without purchase");
    screen.key(Key::Enter);
    let arrow = screen.app().project.transitions.values().next().unwrap();
    assert!(matches!(arrow.trigger, Trigger::AfterWithout(..)));
    assert!(screen.app().project.event_by_name("purchase").is_some());
}

#[test]
fn a_trigger_that_makes_no_sense_stays_in_the_field() {
    let mut screen = Screen::new(PAIR);
    screen.drag(screen.handle("Lead"), screen.card("Trial"));
    screen.typed("after lunch");
    screen.key(Key::Enter);
    assert!(screen.app().canvas.is_typing());
    screen.key(Key::Escape);
    assert!(!screen.app().canvas.is_typing());
    assert_eq!(screen.app().edits.len(), 1);
}

#[test]
fn dropped_on_empty_it_makes_a_state_then_asks_its_name_and_its_event() {
    let mut screen = Screen::new(PAIR);
    screen.drag(screen.handle("Trial"), EMPTY);
    assert!(matches!(screen.app().edits[..], [Edit::AddConnectedState { .. }]));
    screen.typed("Customer");
    screen.key(Key::Enter);
    screen.typed("purchase");
    screen.key(Key::Enter);
    let customer = screen.node("Customer");
    let arrow = screen.app().project.transitions.values().next().unwrap();
    assert_eq!((arrow.source, arrow.target), (screen.node("Trial"), Some(customer)));
    assert!(matches!(arrow.trigger, Trigger::On(_)));
}

#[test]
fn dropped_on_its_own_card_it_is_a_loop() {
    let mut screen = Screen::new(PAIR);
    screen.drag(screen.handle("Lead"), screen.card("Lead"));
    let lead = screen.node("Lead");
    let arrow = screen.app().project.transitions.values().next().unwrap();
    assert_eq!((arrow.source, arrow.target), (lead, Some(lead)));
}

#[test]
fn a_move_is_one_edit_and_lands_on_the_grid() {
    let mut screen = Screen::new(PAIR);
    let from = screen.card("Lead") + vec2(10.0, 6.0);
    let zoom = screen.app().canvas.zoom();
    screen.drag(from, from + vec2(101.0, 47.0));
    assert!(matches!(&screen.app().edits[..], [Edit::MoveNodes(moves)] if moves.len() == 1));
    let Point { x, y } = screen.place("Lead");
    assert!((x % 8.0).abs() < 1e-3 && (y % 8.0).abs() < 1e-3, "{x}, {y}");
    assert!((x - 101.0 / zoom).abs() <= 4.1 && (y - 47.0 / zoom).abs() <= 4.1, "{x}, {y}");
}

#[test]
fn all_that_is_selected_moves_together() {
    let mut screen = Screen::new(PAIR);
    screen.key_with(Key::A, Modifiers::COMMAND);
    let from = screen.card("Lead");
    screen.drag(from, from + vec2(0.0, 80.0));
    assert!(matches!(&screen.app().edits[..], [Edit::MoveNodes(moves)] if moves.len() == 2));
    assert!(screen.moved_to("Trial", 320.0, screen.place("Lead").y));
}

#[test]
fn escape_gives_up_a_drag() {
    let mut screen = Screen::new(PAIR);
    let from = screen.card("Lead");
    screen.hover(from);
    screen.button(from, PointerButton::Primary, true, Modifiers::NONE);
    screen.hover(from + vec2(0.0, 90.0));
    screen.key(Key::Escape);
    screen.hover(from + vec2(0.0, 95.0));
    screen.button(from + vec2(0.0, 95.0), PointerButton::Primary, false, Modifiers::NONE);
    assert!(screen.app().edits.is_empty());
}

#[test]
fn a_rubber_band_selects_what_it_touches() {
    let mut screen = Screen::new(&format!("{PAIR}\nstate Far at 320, 200"));
    let (lead, trial) = (screen.card("Lead"), screen.card("Trial"));
    screen.drag(lead - vec2(160.0, 100.0), trial + vec2(0.0, 10.0));
    assert_eq!(screen.selected(), [screen.node("Lead").into(), screen.node("Trial").into()]);
    assert!(screen.app().edits.is_empty());
}

#[test]
fn clicks_select_shift_toggles_and_empty_clears() {
    let mut screen = Screen::new(PAIR);
    let (lead, trial) = (screen.node("Lead").into(), screen.node("Trial").into());
    screen.click(screen.card("Lead"));
    assert_eq!(screen.selected(), [lead]);
    screen.click_with(screen.card("Trial"), Modifiers::SHIFT);
    assert_eq!(screen.selected(), [lead, trial]);
    screen.click_with(screen.card("Lead"), Modifiers::SHIFT);
    assert_eq!(screen.selected(), [trial]);
    screen.click(EMPTY);
    assert_eq!(screen.selected(), []);
}

#[test]
fn keys_select_all_clear_nudge_and_delete() {
    let mut screen = Screen::new(&format!("{PAIR}\nLead --x--> Trial"));
    screen.key_with(Key::A, Modifiers::COMMAND);
    assert_eq!(screen.selected().len(), 3);
    screen.key(Key::Escape);
    assert_eq!(screen.selected(), []);
    screen.click(screen.card("Trial"));
    screen.key(Key::ArrowRight);
    screen.key_with(Key::ArrowDown, Modifiers::SHIFT);
    assert_eq!(screen.place("Trial"), Point::new(328.0, 32.0));
    assert_eq!(screen.app().edits.len(), 2);
    screen.key(Key::Delete);
    assert_eq!(screen.app().deleted, [vec![screen.node("Trial").into()]]);
}

#[test]
fn keys_rest_while_a_name_is_typed() {
    let mut screen = Screen::new(PAIR);
    screen.double_click(screen.card("Lead"));
    screen.key(Key::Backspace);
    screen.key(Key::Delete);
    screen.key_with(Key::A, Modifiers::COMMAND);
    screen.key(Key::ArrowLeft);
    assert!(screen.app().deleted.is_empty() && screen.app().edits.is_empty());
    assert!(screen.app().canvas.is_typing());
}

#[test]
fn ctrl_and_an_arrow_key_add_a_connected_state() {
    let mut screen = Screen::new(PAIR);
    screen.click(screen.card("Trial"));
    screen.key_with(Key::ArrowRight, Modifiers::COMMAND);
    screen.typed("Customer");
    screen.key(Key::Enter);
    assert!(screen.place("Customer").x > screen.place("Trial").x);
}

#[test]
fn alt_and_an_arrow_key_walk_along_the_arrows() {
    let mut screen = Screen::new(&format!("{PAIR}\nstate Lost at 0, 240\nLead --x--> Trial\nLost --y--> Lead"));
    screen.click(screen.card("Lead"));
    screen.key_with(Key::ArrowRight, Modifiers::ALT);
    assert_eq!(screen.selected(), [screen.node("Trial").into()]);
    screen.key_with(Key::ArrowRight, Modifiers::ALT);
    screen.key_with(Key::ArrowLeft, Modifiers::ALT);
    screen.key_with(Key::ArrowDown, Modifiers::ALT);
    assert_eq!(screen.selected(), [screen.node("Lost").into()]);
    assert!(screen.app().edits.is_empty());
}

#[test]
fn a_state_out_of_view_comes_into_view_to_be_named() {
    let mut screen = Screen::new("state Lead at 0, 0\nstate Far at 9000, 0");
    screen.click(screen.card("Lead"));
    screen.key_with(Key::Num2, Modifiers::SHIFT);
    assert!(screen.card("Lead").distance(pos2(600.0, 400.0)) < 1.0);
    assert!(screen.card("Far").x > 1200.0);
    let far = screen.node("Far");
    screen.0.state_mut().canvas.start_rename(far);
    screen.rest();
    assert!(screen.card("Far").x < 1200.0);
    screen.typed("Near");
    screen.key(Key::Enter);
    assert_eq!(screen.node("Near"), far);
}

#[test]
fn zooming_keeps_what_is_under_the_pointer() {
    let mut screen = Screen::new(PAIR);
    let at = screen.card("Trial");
    screen.hover(at);
    let before = screen.app().canvas.zoom();
    screen.event(Event::Zoom(1.4));
    screen.rest();
    assert!((screen.app().canvas.zoom() / before - 1.4).abs() < 0.01);
    assert!(screen.card("Trial").distance(at) < 0.5);
    screen.key_with(Key::Num0, Modifiers::COMMAND);
    assert!((screen.app().canvas.zoom() - 1.0).abs() < f32::EPSILON);
    screen.key_with(Key::Num1, Modifiers::SHIFT);
    assert!((screen.app().canvas.zoom() - before).abs() < 0.01);
}

#[test]
fn wheel_middle_button_and_space_pan() {
    let mut screen = Screen::new(PAIR);
    let start = screen.card("Lead");
    screen.drag_with(EMPTY, EMPTY + vec2(60.0, -30.0), PointerButton::Middle);
    assert!(screen.card("Lead").distance(start + vec2(60.0, -30.0)) < 12.0);
    let before = screen.card("Lead");
    screen.hover(EMPTY);
    screen.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 40.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    screen.0.run_steps(30);
    assert!(screen.card("Lead").distance(before + vec2(0.0, 40.0)) < 4.0);
    let before = screen.card("Lead");
    let space = |pressed| Event::Key {
        key: Key::Space,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    screen.event(space(true));
    screen.drag(before, before + vec2(0.0, 70.0));
    screen.event(space(false));
    assert!(screen.card("Lead").y > before.y + 50.0);
    assert!(screen.app().edits.is_empty());
}

#[test]
fn every_arrow_is_selected_by_a_click_anywhere_on_its_curve() {
    let journey = "state A at 0, 0\nstate B at 520, 0\nstate C at 520, 360
        A --straight--> C\nA --one--> B\nA --two--> B\nB --back--> A\nA --own--> A\nA --own too--> A\nA --stays--> (stay)
        C --x--> B\nC --y--> B";
    let mut screen = Screen::new(journey);
    let arrows: Vec<TransitionId> = screen.app().project.transitions.keys().copied().collect();
    for arrow in arrows {
        for (along, must) in [(0.3, false), (0.5, true), (0.7, false)] {
            let at = screen.app().canvas.arrow_on_screen(arrow, along).unwrap();
            screen.click(at + vec2(1.5, 1.5));
            // Where the label of another covers the curve, that one is meant.
            let got = screen.selected();
            if must || !got.is_empty() {
                assert_eq!(got, [arrow.into()], "{} at {along}", screen.app().project.describe(arrow.into()));
            }
            screen.click(EMPTY + vec2(-500.0, 60.0));
        }
    }
}

#[test]
fn parallel_arrows_and_loops_are_apart() {
    let journey = "state A at 0, 0\nstate B at 420, 0
        A --one--> B\nA --two--> B\nB --back--> A\nA --own--> A\nA --own too--> A\nA --stays--> (stay)";
    let screen = Screen::new(journey);
    let middles: BTreeMap<TransitionId, Pos2> = screen
        .app()
        .project
        .transitions
        .keys()
        .copied()
        .map(|arrow| (arrow, screen.app().canvas.arrow_on_screen(arrow, 0.5).unwrap()))
        .collect();
    for (one, at) in &middles {
        for (other, there) in &middles {
            assert!(one == other || at.distance(*there) > 18.0, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn the_head_of_a_selected_arrow_can_be_taken_elsewhere() {
    let mut screen = Screen::new(&format!("{PAIR}\nstate Lost at 320, 240\nLead --x--> Trial"));
    let arrow = TransitionId(1);
    screen.click(screen.app().canvas.arrow_on_screen(arrow, 0.3).unwrap());
    let head = screen.app().canvas.arrow_on_screen(arrow, 1.0).unwrap();
    screen.drag(head, screen.card("Lost"));
    assert_eq!(screen.app().edits, [Edit::SetTarget(arrow, Some(screen.node("Lost")))]);
}

#[test]
fn moving_a_group_moves_what_it_holds_and_double_click_inside_adds_to_it() {
    let mut screen = Screen::new("group G\nstate In in G at 0, 0\nstate Out at 400, 0");
    let group = screen.app().canvas.card_on_screen(screen.node("G")).unwrap();
    let header = group.center_top() + vec2(20.0, 12.0);
    screen.drag(header, header + vec2(0.0, 100.0));
    assert!(screen.place("In").y > 50.0);
    assert!(screen.moved_to("Out", 400.0, 0.0));
    let inside = screen.app().canvas.card_on_screen(screen.node("G")).unwrap();
    screen.double_click(inside.left_bottom() + vec2(15.0, -10.0));
    assert_eq!(screen.app().project.children(Some(screen.node("G"))).count(), 2);
}

#[test]
fn what_cannot_be_edited_can_still_be_selected_and_panned() {
    let mut screen = Screen::with(App { editable: false, ..App::new(PAIR) });
    let before = screen.card("Lead");
    screen.click(before);
    assert_eq!(screen.selected(), [screen.node("Lead").into()]);
    screen.key(Key::Delete);
    screen.key(Key::F2);
    screen.double_click(EMPTY);
    screen.drag(before, before + vec2(60.0, 0.0));
    assert!(screen.app().edits.is_empty() && screen.app().deleted.is_empty());
    assert!(screen.card("Lead").x > before.x + 40.0);
}

#[test]
fn states_and_arrows_are_found_by_name() {
    let mut screen = Screen::new(&format!("{PAIR}\nevent visit\nLead --visit--> Trial"));
    screen.0.get_by_label("Trial").click();
    screen.0.run_steps(3);
    assert_eq!(screen.selected(), [screen.node("Trial").into()]);
    assert!(screen.0.query_by_label("arrow from Lead to Trial: visit").is_some());
    screen.0.get_by_label("Lead").click_accesskit();
    screen.0.run_steps(3);
    assert_eq!(screen.selected(), [screen.node("Lead").into()]);
}

#[test]
fn the_context_menu_starts_the_journey_here() {
    let mut screen = Screen::new(PAIR);
    let at = screen.card("Trial");
    screen.hover(at);
    screen.button(at, PointerButton::Secondary, true, Modifiers::NONE);
    screen.button(at, PointerButton::Secondary, false, Modifiers::NONE);
    screen.rest();
    screen.0.get_by_label_contains("Start here").click();
    screen.0.run_steps(3);
    assert_eq!(screen.app().edits, [Edit::SetStart(screen.node("Trial"))]);
}

#[test]
fn the_context_menu_makes_nodes_of_every_kind() {
    for kind in NodeKind::ALL {
        let mut screen = Screen::new(PAIR);
        let beside = EMPTY;
        screen.hover(beside);
        screen.button(beside, PointerButton::Secondary, true, Modifiers::NONE);
        screen.button(beside, PointerButton::Secondary, false, Modifiers::NONE);
        screen.rest();
        screen.0.get_by_label_contains(&format!("New {} here", kind.label())).click();
        screen.0.run_steps(3);
        let made =
            screen.app().edits.iter().any(|edit| matches!(edit, Edit::AddNode { kind: made, .. } if *made == kind));
        assert!(made, "{kind:?}: {:?}", screen.app().edits);
    }
}

#[test]
fn a_click_on_a_dot_follows_the_contact_and_a_click_beside_it_selects_the_state() {
    let mut app = App::new(PAIR);
    let lead = app.project.node_by_name("Lead").unwrap().id;
    let dots = Dots { count: 2, share: 0.5, ..Dots::default() };
    app.overlay = Some(Overlay { dots: [(lead, dots)].into(), ..Overlay::default() });
    app.editable = false;
    let mut screen = Screen::with(app);
    let card = screen.0.state().canvas.card_on_screen(lead).unwrap();
    // The tray is the lowest third of the card, its dots ten points apart.
    let scale = screen.0.state().canvas.zoom();
    let first = card.left_bottom() + vec2(16.0 + 5.0, -7.0 - 15.0) * scale;
    screen.click(first);
    assert_eq!(screen.0.state_mut().followed.take(), Some((lead, 0)));
    screen.click(first + vec2(10.0, 0.0) * scale);
    assert_eq!(screen.0.state_mut().followed.take(), Some((lead, 1)));
    screen.click(first + vec2(20.0, 0.0) * scale);
    assert_eq!(screen.0.state_mut().followed.take(), None);
    assert_eq!(screen.app().selection, Selection::one(lead));
}

#[test]
fn a_breakpoint_is_set_and_taken_away_by_the_menu_of_a_card() {
    for editable in [true, false] {
        let mut app = App::new(&format!("{PAIR}\nLead --x [count(x) > 1]--> Trial"));
        app.editable = editable;
        let mut screen = Screen::with(app);
        let lead = screen.node("Lead");
        for there in [true, false] {
            let at = screen.card("Lead");
            screen.hover(at);
            screen.button(at, PointerButton::Secondary, true, Modifiers::NONE);
            screen.button(at, PointerButton::Secondary, false, Modifiers::NONE);
            screen.rest();
            screen.0.get_by_label_contains("Stop when somebody enters").click();
            screen.0.run_steps(3);
            assert_eq!(screen.app().breakpoints.contains(&Breakpoint::Entered(lead)), there);
        }
    }
}

#[test]
fn at_rest_nothing_is_repainted() {
    let mut app = App::new(&format!("{PAIR}\nLead --x--> Trial\nLead --y--> Lead"));
    let lead = app.project.node_by_name("Lead").unwrap().id;
    app.overlay = Some(Overlay { active: [lead].into(), ..Overlay::default() });
    app.breakpoints.insert(Breakpoint::Entered(lead));
    app.selection = Selection::one(lead);
    let mut screen = Screen::with(app);
    screen.hover(screen.card("Lead"));
    screen.0.run_steps(60);
    let delay = screen.0.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    assert!(delay > std::time::Duration::from_secs(1), "{delay:?}");
}

#[test]
fn a_thousand_states_are_drawn_at_every_zoom() {
    let mut journey = String::new();
    for index in 0..1000 {
        let (x, y) = (index % 40 * 280, index / 40 * 160);
        writeln!(journey, "state S{index} at {x}, {y}").unwrap();
        if index > 0 {
            writeln!(journey, "S{} --go--> S{index}", index - 1).unwrap();
        }
    }
    let mut screen = Screen::new(&journey);
    let before = screen.app().canvas.zoom();
    for _ in 0..14 {
        screen.hover(pos2(600.0, 400.0));
        screen.event(Event::Zoom(1.3));
    }
    screen.rest();
    assert!(screen.app().canvas.zoom() > before * 20.0 || screen.app().canvas.zoom() >= 3.9);
}

/// Every text on the screen, and where.
fn texts(screen: &Screen) -> Vec<(String, egui::Rect)> {
    fn collect(shape: &egui::Shape, texts: &mut Vec<(String, egui::Rect)>) {
        match shape {
            egui::Shape::Text(text) => texts.push((text.galley.text().to_owned(), text.visual_bounding_rect())),
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    screen.0.output().shapes.iter().for_each(|clipped| collect(&clipped.shape, &mut texts));
    texts
}

#[test]
fn what_was_kept_back_has_room_of_its_own_at_any_zoom_and_in_both_themes() {
    const JOURNEY: &str = "start Lead\ntouchpoint mail: e-mail\nstate Lead at 0, 0\nstate Trial at 420, 0
          entry send(mail)\nLead --visit / send(mail)--> Trial\nTrial --leave--> Lead\npolicy cap 1 e-mail in 7 days";
    for theme in Look::ALL.map(Theme::of) {
        let mut app = App::new(JOURNEY);
        let trial = app.project.node_by_name("Trial").unwrap().id;
        let arrow = TransitionId(1);
        let told = |not_sent, held| Withheld { not_sent, held, details: vec![String::from("mail: 7 sent")] };
        app.overlay = Some(Overlay {
            entered: [(trial, 123_456)].into(),
            resting: [(trial, 123_456)].into(),
            dots: [(trial, Dots { count: 123_456, share: 1.0, ..Dots::default() })].into(),
            fired: [(arrow, 123_456)].into(),
            withheld: [(trial.into(), told(0, 1_234)), (arrow.into(), told(123_456, 0))].into(),
            ..Overlay::default()
        });
        app.theme = theme;
        let mut screen = Screen::with(app);
        for factor in [1.0, 0.8, 0.8, 4.0] {
            screen.0.state_mut().canvas.zoom_by(factor);
            screen.rest();
            let zoom = screen.app().canvas.zoom();
            let texts = texts(&screen);
            for words in ["1,234 held", "123,456 not sent"] {
                let (_, own) =
                    texts.iter().find(|(text, _)| text.ends_with(words)).unwrap_or_else(|| panic!("{texts:?}"));
                for (text, other) in texts.iter().filter(|(text, _)| !text.ends_with(words)) {
                    assert!(!own.shrink(1.0).intersects(*other), "{words} and {text} at {zoom}");
                }
            }
            let card = screen.app().canvas.card_on_screen(trial).unwrap();
            let (_, held) = texts.iter().find(|(text, _)| text.ends_with("1,234 held")).unwrap();
            assert!(
                held.left() > card.left() && held.right() < card.right() && held.bottom() < card.bottom() + 20.0 * zoom
            );
        }
    }
}
