//! Cases of events that nobody can be in.

use super::{Findings, Fix};
use crate::analysis::guards::Guards;
use crate::model::{Bucket, Edit, Formula, Project};
use crate::simulation::Kind;

pub(super) fn nobody_in(project: &Project, findings: &mut Findings) {
    if project.events.values().all(|event| event.buckets.is_empty()) {
        return;
    }
    let guards = Guards::new(project);
    for event in project.events.values() {
        for (place, case) in event.buckets.iter().enumerate() {
            // What cannot be read is an error already, and holds for nobody.
            if case.guard.parse().is_err() {
                continue;
            }
            let before: Vec<(&Formula, bool)> = readable(&event.buckets[..place]).map(|guard| (guard, false)).collect();
            let alone = [(&case.guard, true)];
            let with_those: Vec<(&Formula, bool)> = before.iter().copied().chain(alone).collect();
            if guards.is_possible_somewhere(event.id, &with_those) {
                continue;
            }
            let (kind, why, remedy) = if guards.is_possible_somewhere(event.id, &alone) {
                (Kind::Shadowed, "the cases before it take everybody", "Change their order, or remove it.")
            } else {
                (Kind::Never, "nothing can pass its condition", "Correct it, or remove the case.")
            };
            let message = format!("Nobody is in the case \"{}\" of {}: {why}. {remedy}", case.name, event.name);
            let others = event.buckets.iter().filter(|other| other.id != case.id).cloned().collect();
            let fix = Fix::new("Remove the case", Edit::SetBuckets(event.id, others));
            findings.warn(kind, event.id, message).fix = Some(fix);
        }
    }
}

fn readable(cases: &[Bucket]) -> impl Iterator<Item = &Formula> {
    cases.iter().map(|case| &case.guard).filter(|guard| guard.parse().is_ok())
}
