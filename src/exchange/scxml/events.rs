//! Event names and what waits for them: `order` waits for `order.paid` too, `*` for anything.

use std::collections::BTreeMap;

use super::expression::Script;
use super::{Element, ScxmlError, Source, Taken, elements, is_own};
use crate::model::{Event, EventId, Events, Field, NodeId, Project, Trigger};

const FAILURE: &str = "error.execution";

/// Every event that a chart names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) ids: BTreeMap<String, EventId>,
    taken: Taken,
}

impl Names {
    /// Collects the names into the catalogue of the project. `groups` are the ids of all groups and parallels.
    pub(super) fn read(
        source: &Source,
        root: Element,
        groups: &BTreeMap<&str, NodeId>,
        project: &mut Project,
    ) -> Result<Self, ScxmlError> {
        let mut names = Self::default();
        let mut waits_for_failure = false;
        for element in root.descendants().filter(|node| node.is_element() && is_own(*node)) {
            match element.tag_name().name() {
                "transition" => {
                    for wanted in descriptors(element) {
                        waits_for_failure |= matches(wanted, FAILURE);
                        let done = wanted.strip_prefix("done.state.").is_some_and(|id| groups.contains_key(id));
                        if wanted != "*" && !done {
                            names.add(project, wanted);
                        }
                    }
                }
                "raise" => names.add(project, source.required(element, "event")?),
                "send" => names.add(project, &sent_name(source, element)?),
                _ => {}
            }
        }
        if waits_for_failure {
            names.add(project, FAILURE);
        }
        Ok(names)
    }

    fn add(&mut self, project: &mut Project, name: &str) {
        if !self.ids.contains_key(name) {
            let id = EventId(u32::try_from(project.events.len()).unwrap_or(u32::MAX) + 1);
            let unique = self.taken.free(name);
            project.events.insert(id, Event { id, name: unique, fields: Vec::new(), note: String::new() });
            self.ids.insert(name.to_owned(), id);
        }
    }

    /// The event that says that an action failed, if anything waits for it.
    pub(super) fn failure(&self) -> Option<EventId> {
        self.ids.get(FAILURE).copied()
    }

    /// What sets a transition off: several triggers where it waits for events and for ends of groups.
    pub(super) fn triggers(&self, transition: Element, groups: &BTreeMap<&str, NodeId>) -> Vec<Trigger> {
        let wanted: Vec<&str> = descriptors(transition).collect();
        if !transition.has_attribute("event") {
            return vec![Trigger::Always];
        }
        if wanted.contains(&"*") {
            return vec![Trigger::On(Events::Every)];
        }
        let is_wanted = |name: &str| wanted.iter().any(|descriptor| matches(descriptor, name));
        let mut ids: Vec<EventId> = self.ids.iter().filter(|(name, _)| is_wanted(name)).map(|(_, id)| *id).collect();
        ids.sort_unstable();
        let on = (!ids.is_empty()).then_some(Trigger::On(Events::Only(ids)));
        let ends = wanted.iter().any(|descriptor| descriptor.starts_with("done"));
        let done = groups
            .iter()
            .filter(|_| ends)
            .filter(|(id, _)| is_wanted(&format!("done.state.{id}")))
            .map(|(_, id)| Trigger::Done(*id));
        on.into_iter().chain(done).collect()
    }
}

/// Declares that the event brings these fields.
pub(super) fn declare_fields<'a>(event: &mut Event, names: impl Iterator<Item = &'a str>) {
    for name in names {
        if event.fields.iter().all(|field| field.name != name) {
            event.fields.push(Field { name: name.to_owned(), attribute: None });
        }
    }
}

/// The names that a transition waits for, without the `.*` that some end in and that changes nothing.
fn descriptors(transition: Element<'_>) -> impl Iterator<Item = &str> {
    let names = transition.attribute("event").unwrap_or_default().split_whitespace();
    names
        .map(|name| if name == "*" { name } else { name.strip_suffix(".*").or(name.strip_suffix('.')).unwrap_or(name) })
}

/// Whether what waits for `descriptor` hears the event `name`.
pub(super) fn matches(descriptor: &str, name: &str) -> bool {
    descriptor == "*" || name.strip_prefix(descriptor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The name of the event that a `<send>` sends.
pub(super) fn sent_name(source: &Source, send: Element) -> Result<String, ScxmlError> {
    match (send.attribute("event"), send.attribute("eventexpr")) {
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(expr)) => match Script::parse(expr) {
            Ok(Script::Text(name)) => Ok(name),
            _ => Err(source.unsupported(send, "event name that is computed")),
        },
        (None, None) if elements(send).next().is_some() => Err(source.unsupported(send, "send without an event")),
        _ => Err(source.invalid(send, "<send> needs either \"event\" or \"eventexpr\"")),
    }
}
