//! `always` arrows that lead round in circles with no condition on the way.

use super::{Demonstration, Findings};
use crate::model::{NodeId, NodeKind, Project, Transition, Trigger};
use crate::simulation::Kind;

/// States from which `always` arrows without conditions lead round in circles.
pub(super) fn circles(project: &Project, findings: &mut Findings) {
    let arrows = project.arrows_by_source();
    // The first `always` arrow that whoever rests in `leaf` meets, from the inside out, if no condition can stop it.
    let next = |leaf: NodeId| -> Option<&Transition> {
        let around = std::iter::successors(Some(leaf), |id| project.nodes.get(id).and_then(|node| node.parent));
        let outgoing = around.take(project.nodes.len() + 1).filter_map(|node| arrows.get(&node)).flatten();
        let always: Vec<&Transition> = outgoing.copied().filter(|arrow| arrow.trigger == Trigger::Always).collect();
        // An interrupt comes before them all and may lead out.
        let first = always.first().copied().filter(|arrow| arrow.guard.is_empty());
        first.filter(|_| !always.iter().any(|arrow| arrow.interrupt))
    };
    let mut told: Vec<NodeId> = Vec::new();
    for (_, node) in project.document_order() {
        if node.kind != NodeKind::State || told.contains(&node.id) {
            continue;
        }
        let mut path = vec![node.id];
        let first = next(node.id);
        let mut arrow = first;
        while let Some(taken) = arrow {
            let leaf = match taken.target {
                Some(target) => rests_in(project, target),
                None => path.last().copied(),
            };
            let Some(leaf) = leaf else { break };
            if let Some(start) = path.iter().position(|passed| *passed == leaf) {
                // Told once, at the state of the circle that is met first.
                if start == 0
                    && let Some(first) = first
                {
                    let names: Vec<String> = path.iter().chain([&leaf]).map(|id| project.node_label(*id)).collect();
                    let message = format!(
                        "Arrows without an event and without a condition go round in circles: {}. A contact that comes \
                         here is stopped. Give one of them a condition or an event.",
                        names.join(" → ")
                    );
                    let shown = Demonstration::Circle { at: node.id };
                    findings.warn(Kind::AlwaysCycle, first.id, message).shown = Some(shown);
                    told.append(&mut path);
                }
                break;
            }
            path.push(leaf);
            arrow = next(leaf);
        }
    }
}

/// The single state that is entered with the node, if there is one.
fn rests_in(project: &Project, node: NodeId) -> Option<NodeId> {
    let mut at = project.nodes.get(&node)?;
    for _ in 0..=project.nodes.len() {
        // In a region beside others, more can happen than this looks at.
        if at.parent.and_then(|parent| project.nodes.get(&parent)).is_some_and(|node| node.kind == NodeKind::Parallel) {
            return None;
        }
        match at.kind {
            NodeKind::State => return Some(at.id),
            NodeKind::Group => {
                let initial = at.initial.filter(|_| at.also.is_empty());
                at = project.nodes.get(&initial.or_else(|| project.children(Some(at.id)).next().map(|n| n.id))?)?;
            }
            NodeKind::Parallel | NodeKind::End | NodeKind::Resume => return None,
        }
    }
    None
}
