//! Groups that are done: of which of them the matrix asks what happens then, and in which ends.

use crate::model::{Asked, Events, NodeId, NodeKind, Project, Transition, Trigger};

/// The groups and parallels of which it matters that they are done, in the order of the drawing: an arrow waits for that,
/// somebody has decided about it, or whoever has come to their end can still be led on by something else.
pub(super) fn groups(project: &Project) -> Vec<NodeId> {
    let order = project.document_order();
    let waited = |group: NodeId| project.transitions.values().any(|arrow| arrow.trigger == Trigger::Done(group));
    let decided = |group: NodeId| project.decisions.values().any(|known| known.place.asked == Asked::Done(group));
    let completes = |group: NodeId| project.nodes.keys().any(|end| completes(project, *end, group));
    let matters = |arrow: &Transition, group: NodeId| {
        let is_around = outwards(project, group).any(|around| around == arrow.source);
        is_around && (arrow.trigger == Trigger::On(Events::Every) || leads_out(project, arrow, group))
    };
    let asked = |group: &NodeId| {
        waited(*group)
            || decided(*group)
            || (project.transitions.values().any(|arrow| matters(arrow, *group)) && completes(*group))
    };
    let groups = order.iter().filter(|(_, node)| matches!(node.kind, NodeKind::Group | NodeKind::Parallel));
    groups.map(|(_, node)| node.id).filter(asked).collect()
}

/// Whether the group can be done by somebody's coming to this end.
pub(super) fn completes(project: &Project, end: NodeId, group: NodeId) -> bool {
    let Some(node) = project.nodes.get(&end).filter(|node| node.kind == NodeKind::End) else { return false };
    let around = node.parent.and_then(|parent| project.nodes.get(&parent));
    // With its last part a parallel is done, too.
    let beyond = around.and_then(|around| around.parent).and_then(|parent| project.nodes.get(&parent));
    let beyond = beyond.filter(|beyond| beyond.kind == NodeKind::Parallel);
    around.into_iter().chain(beyond).any(|around| around.id == group)
}

/// Whether an arrow that is no emergency exit leads out of the group by something else than its being done.
fn leads_out(project: &Project, arrow: &Transition, group: NodeId) -> bool {
    let leaves = arrow.target.is_some_and(|target| outwards(project, target).all(|around| around != group));
    leaves && !arrow.interrupt && !matches!(arrow.trigger, Trigger::Done(_))
}

/// The node itself and those around it.
pub(super) fn outwards(project: &Project, node: NodeId) -> impl Iterator<Item = NodeId> {
    let outwards = std::iter::successors(Some(node), |id| project.nodes.get(id)?.parent);
    outwards.take(project.nodes.len() + 1)
}
