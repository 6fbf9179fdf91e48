//! Errors and warnings of a journey: what the compiler found, and what will run but is hardly meant.

mod circle;
mod names;
mod order;
mod region;
mod time;

use std::collections::BTreeSet;

use crate::model::{EntityId, NodeId, NodeKind, Project};
use crate::simulation::{Machine, Problem, Severity};

/// Everything the user should look at, errors first, in the order of the drawing.
#[must_use]
pub fn problems(project: &Project) -> Vec<Problem> {
    let (_, mut problems) = Machine::compile(project);
    unreachable_states(project, &mut problems);
    traps(project, &mut problems);
    order::arrows_beside(project, &mut problems);
    circle::circles(project, &mut problems);
    time::always_by_time(project, &mut problems);
    time::forestalled_timers(project, &mut problems);
    names::ambiguous(project, &mut problems);
    problems.extend(super::world::problems(project));
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    problems
}

fn warn(problems: &mut Vec<Problem>, at: impl Into<EntityId>, message: String) {
    problems.push(Problem { severity: Severity::Warning, at: at.into(), message });
}

fn unreachable_states(project: &Project, problems: &mut Vec<Problem>) {
    let Some(start) = project.info.start else { return };
    let arrows = project.arrows_by_source();
    let mut reached: BTreeSet<NodeId> = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let Some(node) = project.nodes.get(&id).filter(|_| reached.insert(id)) else { continue };
        open.extend(arrows.get(&id).into_iter().flatten().filter_map(|arrow| arrow.target));
        // Whoever enters a state enters the groups around it, and what begins inside.
        open.extend(node.parent);
        open.extend(node.initial);
        match node.kind {
            NodeKind::Parallel => open.extend(project.children(Some(id)).map(|child| child.id)),
            NodeKind::Group if node.initial.is_none() => {
                open.extend(project.children(Some(id)).next().map(|child| child.id));
            }
            NodeKind::Resume => {
                open.extend(node.parent.and_then(|group| project.nodes.get(&group)).and_then(|group| group.initial));
            }
            _ => {}
        }
    }
    for (_, node) in project.document_order() {
        if matches!(node.kind, NodeKind::State | NodeKind::End) && !reached.contains(&node.id) {
            let message = format!("No arrow leads from the start to {}. Draw one, or delete it.", node.name);
            warn(problems, node.id, message);
        }
    }
}

fn traps(project: &Project, problems: &mut Vec<Problem>) {
    // A single state is a journey that is only being begun.
    if project.nodes.len() < 2 {
        return;
    }
    let arrows = project.arrows_by_source();
    // An interrupt is the emergency exit, not the way on.
    let leads_on = |node: NodeId| {
        arrows
            .get(&node)
            .into_iter()
            .flatten()
            .any(|arrow| !arrow.interrupt && arrow.target.is_some_and(|target| target != node))
    };
    for (_, node) in project.document_order() {
        let around = std::iter::successors(Some(node.id), |id| project.nodes.get(id).and_then(|node| node.parent));
        if node.kind == NodeKind::State && !around.take(project.nodes.len() + 1).any(leads_on) {
            let message = format!(
                "No arrow leaves {}: whoever enters stays for ever. Draw a way on, or make it an end.",
                node.name
            );
            warn(problems, node.id, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn check(chart: &str, expected: &[&str]) {
        let found = problems(&notation::parse(chart).unwrap());
        assert_eq!(found.len(), expected.len(), "{chart}: {found:#?}");
        for (problem, expected) in found.iter().zip(expected) {
            assert!(problem.message.contains(expected), "{chart}: {}", problem.message);
        }
    }

    #[test]
    fn what_is_hardly_meant_is_warned_about() {
        check("start A\nA --go--> B\nB --back--> A", &[]);
        check("start A\nA --go--> B\nB --back--> A\nC --go--> A", &["No arrow leads from the start to C"]);
        check("start A\nA --go--> B", &["No arrow leaves B"]);
        check("start A\nend B\nA --go--> B", &[]);
        check("start A\nend B\nA --go--> B\nA --go [count(go) > 1]--> A", &["arrow from A to B stands before it"]);
        check("start A\nend B\nA --go [count(go) > 1]--> A\nA --go--> B", &[]);
        check("state A", &[]);
        check("group G\nstate A in G\nstate B in G\nend Z\nA --go--> B\nG --stop--> Z", &[]);
        check("group G\nstate A in G\nend Z\nG --!stop--> Z", &["No arrow leaves A"]);
        check("parallel P\ngroup R in P\nend A in R\ngroup S in P\nend B in S", &[]);
    }

    #[test]
    fn errors_come_before_warnings() {
        let found = problems(&notation::parse("start A\nA ----> B").unwrap());
        assert_eq!(
            found.iter().map(|problem| problem.severity).collect::<Vec<_>>(),
            [Severity::Error, Severity::Warning]
        );
    }
}
