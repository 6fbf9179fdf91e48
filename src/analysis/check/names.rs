//! Bare names that mean an attribute while the event brings a value of the same name.

use std::collections::BTreeSet;

use super::Findings;
use crate::model::formula::NameKind;
use crate::model::{Entity, EntityId, EventId, Events, Project, Trigger};
use crate::simulation::Kind;

pub(super) fn ambiguous(project: &Project, findings: &mut Findings) {
    // Most journeys have no such pair at all.
    let clashes = |event: EventId| {
        let fields = project.events.get(&event).into_iter().flat_map(|event| &event.fields);
        fields.filter_map(move |field| {
            let attribute = project.attribute_by_name(&field.name)?;
            (field.attribute != Some(attribute.id)).then_some((event, attribute))
        })
    };
    let clashing: BTreeSet<EventId> =
        project.events.keys().copied().filter(|event| clashes(*event).count() > 0).collect();
    if clashing.is_empty() {
        return;
    }
    let arrows = project.transitions.values().map(|arrow| (EntityId::from(arrow.id), on(&arrow.trigger)));
    let rules = project.score_rules.values().map(|rule| (EntityId::from(rule.id), vec![rule.event]));
    for (id, events) in arrows.chain(rules) {
        let events = events.into_iter().filter(|event| clashing.contains(event));
        let told: Vec<_> = events.flat_map(|event| clashes(event).collect::<Vec<_>>()).collect();
        let Some(entity) = project.entity(id).filter(|_| !told.is_empty()) else { continue };
        let mut names: Vec<String> = Vec::new();
        visit_names(entity, &mut |name| names.push(name.to_owned()));
        let mut found =
            told.iter().filter(|(_, attribute)| names.iter().any(|name| name.eq_ignore_ascii_case(&attribute.name)));
        if let Some((event, attribute)) = found.next() {
            let message = format!(
                "\"{name}\" means the attribute here, not the {name} that {event} brings. Write event.{name} if that is \
                 meant, or let the attribute take the value over.",
                name = attribute.name,
                event = project.events[event].name,
            );
            findings.warn(Kind::UnclearName, id, message);
        }
    }
}

fn on(trigger: &Trigger) -> Vec<EventId> {
    match trigger {
        Trigger::On(Events::Only(events)) => events.clone(),
        _ => Vec::new(),
    }
}

/// The names of attributes in all formulas inside.
fn visit_names(mut entity: Entity, visit: &mut impl FnMut(&str)) {
    entity.visit_formulas(&mut |formula| {
        if let Ok(Some(expr)) = formula.parse() {
            expr.visit_names(&mut |kind, name| {
                if kind == NameKind::Attribute {
                    visit(&name.text);
                }
            });
        }
    });
}
