//! Errors, warnings and hints of a journey: what the compiler found, and what will run but is hardly meant.

mod cases;
mod circle;
mod journey;
mod names;
mod order;
mod time;

use std::collections::BTreeSet;

use super::guards::Case;
use crate::model::{Edit, EntityId, EventId, NodeId, NodeKind, Place, Project, TransitionId};
use crate::simulation::{Kind, Machine, Problem, Severity};

/// A problem with what can be done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub problem: Problem,
    /// A contact that shows it, as far as conditions go.
    pub case: Option<Case>,
    /// What a story would have to show, for those that a story can show.
    pub shown: Option<Demonstration>,
    pub fix: Option<Fix>,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Self { problem, case: None, shown: None, fix: None }
    }
}

/// One step that does away with a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What a button says.
    pub label: &'static str,
    pub edit: Edit,
}

impl Fix {
    fn new(label: &'static str, edit: Edit) -> Self {
        Self { label, edit }
    }
}

/// What the story of a contact would have to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demonstration {
    /// The event comes to somebody there, and no arrow is taken.
    Gap { at: NodeId, event: EventId },
    /// The event comes to somebody there for whom the condition of the arrow holds, and another arrow is taken.
    Shadowed { at: NodeId, event: EventId, arrow: TransitionId },
    /// Both conditions hold; one arrow is taken, the other is not.
    Both { at: NodeId, event: EventId, taken: TransitionId, passed_over: TransitionId },
    /// Somebody is there.
    Stuck { at: NodeId },
    /// Somebody is stopped who goes round in circles there.
    Circle { at: NodeId },
    /// Something comes to somebody there: a cell of the matrix is met.
    Met(Place),
}

/// The list while it grows.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        severity: Severity,
        kind: Kind,
        at: impl Into<EntityId>,
        message: impl Into<String>,
    ) -> &mut Finding {
        let place = self.0.len();
        self.0.push(Problem { severity, kind, at: at.into(), message: message.into() }.into());
        &mut self.0[place]
    }

    fn warn(&mut self, kind: Kind, at: impl Into<EntityId>, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Warning, kind, at, message)
    }
}

/// Everything the user should look at, errors first, then warnings, then hints, each in the order of the drawing.
#[must_use]
pub fn findings(project: &Project) -> Vec<Finding> {
    let (_, problems) = Machine::compile(project);
    let mut findings = Findings(problems.into_iter().map(Finding::from).collect());
    offer_starts(project, &mut findings);
    let dead = order::arrows_beside(project, &mut findings);
    unreachable_states(project, &dead, &mut findings);
    traps(project, &dead, &mut findings);
    circle::circles(project, &mut findings);
    time::always_by_time(project, &mut findings);
    time::forestalled_timers(project, &mut findings);
    names::ambiguous(project, &mut findings);
    cases::nobody_in(project, &mut findings);
    journey::sending_loops(project, &mut findings);
    journey::owners_and_stages(project, &mut findings);
    journey::end_at_the_purchase(project, &mut findings);
    journey::events_nobody_brings(project, &mut findings);
    findings.0.extend(super::world::problems(project).into_iter().map(Finding::from));
    let mut found = findings.0;
    found.sort_by_key(|finding| std::cmp::Reverse(finding.problem.severity));
    found
}

/// The same without what can be done about it.
#[must_use]
pub fn problems(project: &Project) -> Vec<Problem> {
    findings(project).into_iter().map(|finding| finding.problem).collect()
}

/// Where a beginning is missing, the first that comes into question is offered.
fn offer_starts(project: &Project, findings: &mut Findings) {
    for finding in &mut findings.0 {
        let first = |parent| project.children(parent).find(|node| node.kind != NodeKind::Resume).map(|node| node.id);
        let edit = match finding.problem.at {
            EntityId::Info if project.info.start.is_none() && finding.problem.message.contains("as the start") => {
                first(None).map(Edit::SetStart)
            }
            EntityId::Node(id) if finding.problem.message.contains("has no initial state") => {
                first(Some(id)).map(|first| Edit::SetInitial(id, first))
            }
            _ => None,
        };
        finding.fix = edit.map(|edit| Fix::new("Begin with the first", edit));
    }
}

fn unreachable_states(project: &Project, dead: &BTreeSet<TransitionId>, findings: &mut Findings) {
    let Some(start) = project.info.start else { return };
    let drawn = reached(project, start, &BTreeSet::new());
    let alive = if dead.is_empty() { drawn.clone() } else { reached(project, start, dead) };
    for (_, node) in project.document_order() {
        if !matches!(node.kind, NodeKind::State | NodeKind::End) || alive.contains(&node.id) {
            continue;
        }
        if drawn.contains(&node.id) {
            let message =
                format!("Only arrows that never fire lead to {}. Correct their conditions or their order.", node.name);
            findings.warn(Kind::UnreachableUnderConditions, node.id, message);
        } else {
            let message = format!("No arrow leads from the start to {}. Draw one, or delete it.", node.name);
            let fix = Fix::new("Delete it", Edit::Delete(vec![node.id.into()]));
            findings.warn(Kind::Unreachable, node.id, message).fix = Some(fix);
        }
    }
}

/// The nodes that arrows lead to, but for those that never fire.
fn reached(project: &Project, start: NodeId, dead: &BTreeSet<TransitionId>) -> BTreeSet<NodeId> {
    let arrows = project.arrows_by_source();
    let mut reached: BTreeSet<NodeId> = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let Some(node) = project.nodes.get(&id).filter(|_| reached.insert(id)) else { continue };
        let outgoing = arrows.get(&id).into_iter().flatten().filter(|arrow| !dead.contains(&arrow.id));
        open.extend(outgoing.filter_map(|arrow| arrow.target));
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
    reached
}

fn traps(project: &Project, dead: &BTreeSet<TransitionId>, findings: &mut Findings) {
    // A single state is a journey that is only being begun.
    if project.nodes.len() < 2 {
        return;
    }
    let arrows = project.arrows_by_source();
    let leads_out = |node: NodeId, alive: bool| {
        // An interrupt is the emergency exit, not the way on.
        arrows.get(&node).into_iter().flatten().any(|arrow| {
            let leaves = !arrow.interrupt && arrow.target.is_some_and(|target| target != node);
            leaves && !(alive && dead.contains(&arrow.id))
        })
    };
    for (_, node) in project.document_order().into_iter().filter(|(_, node)| node.kind == NodeKind::State) {
        let around = std::iter::successors(Some(node.id), |id| project.nodes.get(id).and_then(|node| node.parent));
        let around: Vec<NodeId> = around.take(project.nodes.len() + 1).collect();
        if around.iter().any(|node| leads_out(*node, true)) {
            continue;
        }
        let message = if around.iter().any(|node| leads_out(*node, false)) {
            format!(
                "No arrow that can fire leaves {}: whoever enters stays for ever. Correct their conditions.",
                node.name
            )
        } else {
            format!("No arrow leaves {}: whoever enters stays for ever. Draw a way on, or make it an end.", node.name)
        };
        let found = findings.warn(Kind::Trap, node.id, message);
        found.shown = Some(Demonstration::Stuck { at: node.id });
        found.fix = Some(Fix::new("Make it an end", Edit::SetNodeKind(node.id, NodeKind::End)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn check(chart: &str, expected: &[&str]) {
        let mut found = problems(&notation::parse(chart).unwrap());
        found.retain(|problem| problem.severity > Severity::Hint);
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
