//! Event names and what waits for them: `order` waits for `order.paid` too, `*` for anything.

use std::collections::BTreeMap;

use super::datamodel::Variables;
use super::expression::Script;
use super::sending::UNREACHABLE;
use super::{Element, ScxmlError, Source, Taken, is_own};
use crate::model::{Event, EventId, Events, Field, NodeId, Project, Trigger};

const FAILURE: &str = "error.execution";

/// Every event that a chart names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) ids: BTreeMap<String, EventId>,
    /// Whether anything in the chart looks at the event being processed.
    pub(super) are_asked: bool,
    /// What is asked of events beside their name and what they bring.
    asked: Vec<&'static str>,
    /// The fields that may come with an event; `data` is what comes without a name.
    pub(super) brought: Vec<String>,
    taken: Taken,
}

impl Names {
    /// Collects the names into the catalogue of the project. `groups` are the ids of all groups and parallels.
    pub(super) fn read(
        source: &Source,
        root: Element,
        groups: &BTreeMap<&str, NodeId>,
        variables: &Variables,
        project: &mut Project,
    ) -> Result<Self, ScxmlError> {
        let text = source.document.input_text();
        let are_asked = text.contains("_event");
        let mut asked = vec!["type", "sendid", "origin", "origintype"];
        asked.retain(|part| text.contains(&format!("_event.{part}")) || text.contains("_event["));
        let mut names = Self { are_asked, asked, brought: vec![String::from("data")], ..Self::default() };
        let mut waits_for = [FAILURE, UNREACHABLE].map(|name| (name, false));
        for element in root.descendants().filter(|node| node.is_element() && is_own(*node)) {
            match element.tag_name().name() {
                "transition" => {
                    for wanted in descriptors(element) {
                        for (name, waits) in &mut waits_for {
                            *waits |= matches(wanted, name);
                        }
                        let done = wanted.strip_prefix("done.state.").is_some_and(|id| groups.contains_key(id));
                        // With an event of its name, what the end of a group brings can be spoken of.
                        if wanted != "*" && (!done || are_asked) {
                            names.add(project, wanted);
                        }
                    }
                }
                "raise" => names.add(project, source.required(element, "event")?),
                "param" => names.brought.extend(element.attribute("name").map(str::to_owned)),
                "send" => {
                    let words = element.attribute("namelist").unwrap_or_default().split_whitespace();
                    names.brought.extend(words.map(str::to_owned));
                    for name in sent_names(source, element, variables)? {
                        names.add(project, &name);
                    }
                }
                _ => {}
            }
        }
        if are_asked && names.ids.is_empty() {
            // What is asked of events needs one that can be asked.
            names.add(project, "_event");
        }
        names.brought.sort_unstable();
        names.brought.dedup();
        for (name, _) in waits_for.iter().filter(|(_, waits)| *waits) {
            names.add(project, name);
        }
        Ok(names)
    }

    fn add(&mut self, project: &mut Project, name: &str) {
        if !self.ids.contains_key(name) {
            let id = EventId(u32::try_from(project.events.len()).unwrap_or(u32::MAX) + 1);
            let unique = self.taken.free(name);
            project.events.insert(id, Event::new(id, unique));
            self.ids.insert(name.to_owned(), id);
        }
    }

    /// Whether anything asks for this part of an event.
    pub(super) fn is_asked(&self, part: &str) -> bool {
        self.asked.contains(&part)
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

/// The names of the events that a `<send>` can send.
fn sent_names(source: &Source, send: Element, variables: &Variables) -> Result<Vec<String>, ScxmlError> {
    if let Some(name) = send.attribute("event") {
        return Ok(vec![name.to_owned()]);
    }
    let Some(Ok(script)) = send.attribute("eventexpr").map(Script::parse) else { return Ok(Vec::new()) };
    let unknown = || source.unsupported(send, "event name that is computed");
    Ok(variables.possible(&script).ok_or_else(unknown)?.into_iter().collect())
}
