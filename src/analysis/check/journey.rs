//! What a journey says about itself: messages that nobody stops, states that nobody owns, a story that is over at the
//! purchase, events that never come.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use crate::model::{
    Action, Duration, EventId, Events, Node, NodeId, NodeKind, Project, Stage, Transition, Trigger, print_list,
};
use crate::simulation::{Kind, Severity};

const DAY: f64 = 86_400_000.0;

/// Timers and `always` arrows that send again and again, whatever the customer does or leaves undone.
pub(super) fn sending_loops(project: &Project, findings: &mut Findings) {
    let arrows = project.arrows_by_source();
    for arrow in project.transitions.values() {
        let every = match &arrow.trigger {
            Trigger::After(delay) | Trigger::AfterWithout(delay, _) | Trigger::AfterSince(delay, _) => delay.every,
            Trigger::At(_, true) => Some(Duration::days(1)),
            _ => None,
        };
        let stays = arrow.target.is_none();
        if let Some(every) = every.filter(|every| stays && every.amount > 0) {
            let sends = arrow.actions.iter().map(sends).sum();
            tell(project, findings, arrow, &[arrow.source], sends, length(every));
        }
    }
    // The way on of somebody who does nothing: the first timer without a condition.
    let next = |leaf: NodeId| -> Option<&Transition> {
        let around = std::iter::successors(Some(leaf), |id| project.nodes.get(id).and_then(|node| node.parent));
        let outgoing = around.take(project.nodes.len() + 1).filter_map(|node| arrows.get(&node)).flatten().copied();
        let moves = outgoing.filter(|arrow| arrow.guard.is_empty() && arrow.target.is_some());
        moves
            .filter_map(|arrow| Some((wait(arrow)?, arrow)))
            .min_by(|one, two| one.0.total_cmp(&two.0))
            .map(|(_, arrow)| arrow)
    };
    let mut told: BTreeSet<NodeId> = BTreeSet::new();
    for (_, node) in project.document_order() {
        if node.kind != NodeKind::State || told.contains(&node.id) {
            continue;
        }
        let (mut path, mut taken): (Vec<NodeId>, Vec<&Transition>) = (vec![node.id], Vec::new());
        while let Some(arrow) = path.last().and_then(|leaf| next(*leaf)) {
            taken.push(arrow);
            let Some(leaf) = arrow.target.and_then(|target| rests_in(project, target)) else { break };
            if let Some(from) = path.iter().position(|passed| *passed == leaf) {
                // Told once, at the state of the loop that is met first.
                if from == 0 && path.iter().all(|passed| told.insert(*passed)) {
                    let entered = path.iter().filter_map(|id| project.nodes.get(id)).flat_map(|node| &node.on_entry);
                    let sends = taken.iter().flat_map(|arrow| &arrow.actions).chain(entered).map(sends).sum();
                    let time = taken.iter().filter_map(|arrow| wait(arrow)).sum();
                    tell(project, findings, taken[0], &path, sends, time);
                }
                break;
            }
            path.push(leaf);
        }
    }
}

fn tell(
    project: &Project,
    findings: &mut Findings,
    arrow: &Transition,
    path: &[NodeId],
    sends: u32,
    milliseconds: f64,
) {
    if sends == 0 {
        return;
    }
    let per_day = f64::from(sends) * DAY / milliseconds.max(1.0);
    let names: Vec<String> = path.iter().chain(path.first()).map(|id| project.node_label(*id)).collect();
    let way =
        if path.len() > 1 { format!("round and round ({})", names.join(" → ")) } else { format!("in {}", names[0]) };
    let rate =
        if per_day >= 0.1 { format!("{per_day:.1} a day") } else { format!("one every {:.0} days", 1.0 / per_day) };
    let message = format!(
        "Messages go on {way} without anything that the customer does: {rate}. Give the way a condition such as \
         count_here(…), or an end."
    );
    // More than one a week to somebody who does nothing is hardly meant.
    let severity = if per_day > 1.0 / 7.0 { Severity::Warning } else { Severity::Hint };
    findings.add(severity, Kind::SendingLoop, arrow.id, message);
}

fn sends(action: &Action) -> u32 {
    match action {
        Action::Send(_) => 1,
        Action::Block(actions) => actions.iter().map(sends).sum(),
        _ => 0,
    }
}

fn length(duration: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
    let long = duration.nominal_milliseconds() as f64;
    long
}

/// How long somebody who does nothing waits for it.
fn wait(arrow: &Transition) -> Option<f64> {
    match &arrow.trigger {
        Trigger::After(delay) | Trigger::AfterWithout(delay, _) => Some(length(delay.first)),
        Trigger::At(..) => Some(DAY),
        Trigger::Always => Some(0.0),
        _ => None,
    }
}

/// The single state that is entered with the node, if there is one.
fn rests_in(project: &Project, node: NodeId) -> Option<NodeId> {
    let mut at = project.nodes.get(&node)?;
    for _ in 0..=project.nodes.len() {
        match at.kind {
            NodeKind::State => return Some(at.id),
            NodeKind::Group => {
                let first = at.initial.or_else(|| project.children(Some(at.id)).next().map(|node| node.id));
                at = project.nodes.get(&first?)?;
            }
            NodeKind::Parallel | NodeKind::End | NodeKind::Resume => return None,
        }
    }
    None
}

/// States that say less than the others about who is responsible and where in the lifecycle they stand.
pub(super) fn owners_and_stages(project: &Project, findings: &mut Findings) {
    let mut tell = |kind, what: &str, lacks: &dyn Fn(&Node) -> bool| {
        let states: Vec<&Node> = project.document_order().into_iter().map(|(_, node)| node).collect();
        let states = states.into_iter().filter(|node| matches!(node.kind, NodeKind::State | NodeKind::End));
        let (without, with): (Vec<&Node>, Vec<&Node>) = states.partition(|node| lacks(node));
        // Nobody has begun to say it, so nothing is missing yet.
        let (Some(first), false) = (without.first(), with.is_empty()) else { return };
        let names: Vec<String> = without.iter().take(5).map(|node| project.node_label(node.id)).collect();
        let more = if without.len() > 5 { format!(", and {} more", without.len() - 5) } else { String::new() };
        let message = format!("No {what} is given for {}{more}. Select the state and choose one.", names.join(", "));
        findings.add(Severity::Hint, kind, first.id, message);
    };
    tell(Kind::NoOwner, "owner", &|node| node.owner.is_empty());
    tell(Kind::NoStage, "stage", &|node| node.stage.is_none());
}

/// A journey that sells and then has nothing to say.
pub(super) fn end_at_the_purchase(project: &Project, findings: &mut Findings) {
    let of = |stages: &[Stage]| {
        let mut nodes = project.document_order().into_iter().map(|(_, node)| node);
        nodes.find(|node| node.stage.is_some_and(|stage| stages.contains(&stage)))
    };
    let Some(last) = of(&[Stage::Convert]) else { return };
    if of(&[Stage::Retain, Stage::Grow, Stage::Advocate]).is_none() {
        let message = "The journey ends at the purchase: no state is of the stages retain, grow or advocate. Draw what comes \
                       after it, or say in a note who does.";
        findings.add(Severity::Hint, Kind::EndsAtPurchase, last.id, message);
    }
}

/// Events that arrows wait for while nobody in the project ever brings them.
pub(super) fn events_nobody_brings(project: &Project, findings: &mut Findings) {
    // Without a world, events come from files.
    if project.behaviours.is_empty() {
        return;
    }
    let mut brought: BTreeSet<EventId> = BTreeSet::new();
    brought.extend(project.behaviours.values().flat_map(|behaviour| &behaviour.outcomes).map(|outcome| outcome.event));
    brought.extend(project.contacts.values().flat_map(|contact| &contact.occurrences).map(|one| one.event));
    brought.extend(project.datasets.values().flat_map(|dataset| &dataset.events));
    let lists = project.nodes.values().flat_map(|node| [&node.on_entry, &node.on_exit, &node.on_begin]);
    for action in lists.chain(project.transitions.values().map(|arrow| &arrow.actions)).flatten() {
        action.visit_references(&mut |id| {
            if let crate::model::EntityId::Event(event) = id {
                brought.insert(event);
            }
        });
    }
    let mut waited: BTreeMap<EventId, Vec<NodeId>> = BTreeMap::new();
    for arrow in project.transitions.values() {
        // Where one of several comes, the arrow is of use.
        if let Trigger::On(Events::Only(events)) = &arrow.trigger
            && !events.iter().any(|event| brought.contains(event))
        {
            for event in events {
                waited.entry(*event).or_default().push(arrow.source);
            }
        }
    }
    for (event, states) in waited {
        let Some(known) = project.events.get(&event) else { continue };
        let mut names: Vec<String> = states.iter().map(|state| project.node_label(*state)).collect();
        names.dedup();
        let message = format!(
            "Nobody brings about {}, which {} waits for: no behaviour, no sample contact, no history. Add a behaviour that \
             does.",
            known.name,
            print_list(&names, "and")
        );
        findings.add(Severity::Hint, Kind::EventNobodyBrings, event, message);
    }
}
