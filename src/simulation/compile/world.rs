//! What is wrong with the formulas of the world, of the send policy and of the cases of events, which belong to no node and no
//! arrow.

use super::{Kind, Problem, Resolver, Severity, field_names};
use crate::model::{AttributeId, EntityId, EventId, Formula, NodeId, Project};
use crate::simulation::condition::apart;

/// Every formula of a behaviour, of the send policy or of a case that cannot be read or names what is not there.
#[must_use]
pub fn formula_problems(project: &Project) -> Vec<Problem> {
    let order: Vec<NodeId> = project.document_order().into_iter().map(|(_, node)| node.id).collect();
    let events: Vec<EventId> = project.events.keys().copied().collect();
    let attributes: Vec<AttributeId> = project.attributes.keys().copied().collect();
    let fields = field_names(project);
    let resolver = Resolver { project, nodes: &order, events: &events, attributes: &attributes, fields: &fields };
    let mut problems = Vec::new();
    let mut report = |at: EntityId, what: &str, problem: Option<String>| {
        problems.extend(problem.map(|problem| Problem {
            severity: Severity::Error,
            kind: Kind::World,
            at,
            message: format!("{what}: {problem}."),
        }));
    };
    let condition = |formula: &Formula, is_somewhere| resolver.condition_apart(formula, is_somewhere).err();
    let policy = &project.info.send_policy;
    report(EntityId::Info, "Consent", condition(&policy.consent, false));
    report(EntityId::Info, "Suppression", condition(&policy.suppression, false));
    for behaviour in project.behaviours.values() {
        report(behaviour.id.into(), "For whom", condition(&behaviour.guard, behaviour.when.node().is_some()));
        for (name, formula) in behaviour.outcomes.iter().flat_map(|outcome| &outcome.fields) {
            let problem = match apart(formula, false).and_then(|()| resolver.value(formula, None)) {
                Ok(Some(_)) => None,
                Ok(None) => Some(String::from("it has no value; write a number, a \"text\" or an attribute")),
                Err(problem) => Some(problem),
            };
            report(behaviour.id.into(), name, problem);
        }
    }
    for event in project.events.values() {
        for case in &event.buckets {
            let problem = resolver.condition(&case.guard).err();
            problems.extend(problem.map(|problem| Problem {
                severity: Severity::Error,
                kind: Kind::CannotRun,
                at: event.id.into(),
                message: format!("Case \"{}\" of {}: {problem}. Until then nobody is in it.", case.name, event.name),
            }));
        }
    }
    problems
}
