//! Errors and warnings of a journey: what the compiler found, and what will run but is hardly meant.

use std::collections::BTreeSet;

use crate::model::{EntityId, Events, NodeId, NodeKind, Project, Transition, Trigger};
use crate::simulation::{Machine, Problem, Severity};

/// Everything the user should look at, errors first, in the order of the drawing.
#[must_use]
pub fn problems(project: &Project) -> Vec<Problem> {
    let (_, mut problems) = Machine::compile(project);
    unreachable_states(project, &mut problems);
    traps(project, &mut problems);
    shadowed_arrows(project, &mut problems);
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
    while let Some(node) = open.pop() {
        if reached.insert(node) {
            open.extend(arrows.get(&node).into_iter().flatten().filter_map(|arrow| arrow.target));
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
    for (_, node) in project.document_order() {
        let leaves = arrows
            .get(&node.id)
            .into_iter()
            .flatten()
            .any(|arrow| arrow.target.is_some_and(|target| target != node.id));
        if node.kind == NodeKind::State && !leaves {
            let message = format!(
                "No arrow leaves {}: whoever enters stays for ever. Draw a way on, or make it an end.",
                node.name
            );
            warn(problems, node.id, message);
        }
    }
}

fn shadowed_arrows(project: &Project, problems: &mut Vec<Problem>) {
    for arrows in project.arrows_by_source().into_values() {
        for (index, arrow) in arrows.iter().enumerate() {
            let shadow =
                arrows[..index].iter().find(|earlier| earlier.guard.is_empty() && takes_all_of(earlier, arrow));
            if let Some(shadow) = shadow {
                let message = format!(
                    "This arrow never fires: the {} stands before it, waits for the same and has no condition. Change their order.",
                    project.describe(shadow.id.into())
                );
                warn(problems, arrow.id, message);
            }
        }
    }
}

/// Whether `earlier` waits for everything that `later` waits for.
fn takes_all_of(earlier: &Transition, later: &Transition) -> bool {
    match (&earlier.trigger, &later.trigger) {
        (Trigger::On(Events::Every), Trigger::On(_) | Trigger::Done(_))
        | (Trigger::On(Events::Any), Trigger::On(Events::Any | Events::Only(_)))
        | (Trigger::Always, Trigger::Always) => true,
        (Trigger::On(Events::Only(earlier)), Trigger::On(Events::Only(later))) => {
            !later.is_empty() && later.iter().all(|event| earlier.contains(event))
        }
        _ => false,
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
