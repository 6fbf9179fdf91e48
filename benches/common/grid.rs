//! Journeys of any size.

use statecraft::model::sample::Sample;
use statecraft::model::{Node, NodeId, Point, Project, Transition, TransitionId};

/// States in a grid, and arrows between them, most of them short.
pub(crate) fn grid(states: u32, arrows: u32) -> Project {
    let mut project = Sample::by_key("repeat-purchase").expect("it is built in").project();
    let (node, arrow) = (project.nodes[&NodeId(1)].clone(), project.transitions[&TransitionId(1)].clone());
    project.nodes.clear();
    project.transitions.clear();
    let wide = states.isqrt() * 4 / 3;
    for index in 0..states {
        let place = |number: u32, step: f32| f32::from(u16::try_from(number).expect("a small grid")) * step;
        let position = Point::new(place(index % wide, 280.0), place(index / wide, 160.0));
        let id = NodeId(index + 1);
        project.nodes.insert(id, Node { id, name: format!("S{index}"), order: id.0, position, ..node.clone() });
    }
    for index in 1..=arrows {
        let from = index % states;
        // To the right, down, and now and then far away.
        let to = match index % 10 {
            0 => (index * 7) % states,
            1..5 => (from + wide) % states,
            _ => (from + 1) % states,
        };
        let (source, target) = (NodeId(1 + from), NodeId(1 + to));
        let id = TransitionId(index);
        project.transitions.insert(id, Transition { id, source, target: Some(target), ..arrow.clone() });
    }
    project.info.start = Some(NodeId(1));
    project
}
