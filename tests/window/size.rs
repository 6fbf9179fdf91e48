//! A large journey: it is drawn, and how long a frame of the whole window takes.

use std::fmt::Write as _;
use std::time::Instant;

use egui::{Key, Modifiers};
use statecraft::model::{Node, NodeId, Point, Project, Transition, TransitionId, Trigger, notation};

use super::driver::Window;

/// So many states in a grid, and one and a half times as many arrows. Reading the notation takes the square of their
/// number, so it is put together here.
fn large(states: u32) -> Project {
    let mut project = notation::parse("start S0\nS0 --go [fit > 0]--> S1\nevent back\nattribute fit: number").unwrap();
    let (node, forth) = (project.nodes[&NodeId(1)].clone(), project.transitions[&TransitionId(1)].clone());
    let back = Trigger::on(project.event_by_name("back").unwrap().id);
    #[expect(clippy::cast_precision_loss, reason = "a place in a grid")]
    for index in 0..states {
        let position = Point::new((index % 40 * 280) as f32, (index / 40 * 160) as f32);
        let id = NodeId(index + 1);
        project.nodes.insert(id, Node { id, name: format!("S{index}"), order: index + 1, position, ..node.clone() });
    }
    for index in 1..states {
        let id = TransitionId(2 * index);
        let (source, target) = (NodeId(index), Some(NodeId(index + 1)));
        project.transitions.insert(id, Transition { id, source, target, ..forth.clone() });
        if index % 2 == 0 {
            let id = TransitionId(2 * index + 1);
            let (source, target, trigger) = (NodeId(index + 1), Some(NodeId(index / 2 + 1)), back.clone());
            project.transitions.insert(id, Transition { id, source, target, trigger, rank: 1, ..forth.clone() });
        }
    }
    project.transitions.remove(&TransitionId(1));
    project
}

/// The middle one of so many frames, in milliseconds.
fn frame(window: &mut Window, what: &str) -> f64 {
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let begin = Instant::now();
            window.harness.step();
            begin.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.1} ms a frame", times[7]);
    times[7]
}

fn visit(states: u32) -> Vec<f64> {
    let begin = Instant::now();
    let mut window = Window::with_project(&large(states));
    println!("{states} states: opened and drawn after {:.0} ms", begin.elapsed().as_secs_f64() * 1000.0);
    let mut times = vec![frame(&mut window, "everything in view")];
    window.outline("S1");
    times.push(frame(&mut window, "a state selected"));
    window.outline("go → S1");
    times.push(frame(&mut window, "an arrow selected"));
    window.ctrl(Key::Num0);
    times.push(frame(&mut window, "at 100 %"));
    // Folded, so that the events below them come into view.
    window.press("States and arrows");
    window.outline("go");
    times.push(frame(&mut window, "an event selected"));
    window.ctrl(Key::A);
    times.push(frame(&mut window, "all selected"));
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().played().is_some());
    times.push(frame(&mut window, "simulated"));
    for (key, modifiers, what) in
        [(Key::Num1, Modifiers::COMMAND, "back in Design"), (Key::Insert, Modifiers::NONE, "a new state")]
    {
        window.harness.key_press_modifiers(modifiers, key);
        let begin = Instant::now();
        window.step();
        window.step();
        window.step();
        println!("{what} after {:.0} ms", begin.elapsed().as_secs_f64() * 1000.0);
        window.rest();
    }
    times
}

#[test]
#[ignore = "prints milliseconds; cargo test --release --test window -- --ignored --nocapture"]
fn a_frame_of_a_thousand_states() {
    visit(1000);
}

#[test]
#[ignore = "measures time, so it wants a quiet machine"]
fn a_frame_does_not_grow_with_the_square_of_the_journey() {
    let (small, large) = (visit(250), visit(1000));
    for (small, large) in small.iter().zip(&large) {
        assert!(*large < small * 7.0, "four times as large, but {large:.1} ms after {small:.1} ms");
    }
}

#[test]
#[ignore = "prints milliseconds"]
fn a_frame_of_a_long_story() {
    for events in [20, 200, 2000] {
        let mut journey = String::from("start A\nA --go [count(go) > 3]--> B\nB --go--> A\ncontact Ann\n");
        for minute in 0..events {
            let (day, hour) = (1 + minute / 1440, minute / 60 % 24);
            writeln!(journey, "  2026-01-{day:02} {hour:02}:{:02} go", minute % 60).unwrap();
        }
        let mut window = Window::with(&journey);
        frame(&mut window, &format!("design, {events} events"));
        window.outline("Ann");
        frame(&mut window, &format!("their inspector, {events} events"));
        window.ctrl(Key::Num3);
        window.until("it ran", |window| window.workbench().simulator().played().is_some());
        window.press("Ann");
        window.until("the story is told", |window| window.workbench().simulator().story().is_some());
        frame(&mut window, &format!("a story of {events} lines"));
    }
}
