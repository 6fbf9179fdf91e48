//! What Statecraft itself wrote into a chart, in a namespace of its own: everything that SCXML has no words for. It is
//! taken at its word as long as nobody has changed the chart around it.

use std::collections::BTreeMap;

use roxmltree::{Document, ParsingOptions};
use serde::de::DeserializeOwned;

use super::{Element, Imported, ScxmlError, Source, elements};
use crate::model::{Entity, Project};

/// The namespace of our own elements and attributes.
pub const NAMESPACE: &str = "urn:statecraft:scxml:1";

pub(super) fn is_ours(element: Element) -> bool {
    element.tag_name().namespace() == Some(NAMESPACE)
}

/// What became of a chart that may be one of our own.
pub(super) enum Found {
    /// It says nothing of ours.
    Nothing,
    /// Somebody has changed what SCXML says in it.
    Changed,
    Whole(Box<Imported>),
}

/// Reads back what was exported.
pub(super) fn read(source: &Source, root: Element) -> Result<Found, ScxmlError> {
    let (Some(info), Some(print)) = (root.attribute((NAMESPACE, "info")), root.attribute((NAMESPACE, "plain"))) else {
        return Ok(Found::Nothing);
    };
    if print_of(root) != print {
        return Ok(Found::Changed);
    }
    let mut project = Project { info: value(source, root, info)?, ..Project::default() };
    let mut states = BTreeMap::new();
    for element in root.descendants().filter(Element::is_element) {
        if let Some(text) = element.attribute((NAMESPACE, "node")) {
            let node: crate::model::Node = value(source, element, text)?;
            if let Some(id) = element.attribute("id") {
                states.insert(id.to_owned(), node.id);
            }
            add(source, element, &mut project, Entity::Node(node))?;
        }
        if let Some(text) = element.attribute((NAMESPACE, "arrow")) {
            let arrow = value(source, element, text)?;
            add(source, element, &mut project, Entity::Transition(arrow))?;
        }
    }
    let catalogues = elements(root).filter(|child| is_ours(*child) && child.tag_name().name() == "project");
    for element in catalogues.flat_map(elements).filter(|element| is_ours(*element)) {
        let text = element.text().unwrap_or_default();
        let entity = match element.tag_name().name() {
            // Too deep inside others to stand there; it was read with all states.
            "state" => continue,
            "event" => Entity::Event(value(source, element, text)?),
            "attribute" => Entity::Attribute(value(source, element, text)?),
            "touchpoint" => Entity::Touchpoint(value(source, element, text)?),
            "rule" => Entity::ScoreRule(value(source, element, text)?),
            "expectation" => Entity::Expectation(value(source, element, text)?),
            "decision" => Entity::Decision(value(source, element, text)?),
            "contact" => Entity::Contact(value(source, element, text)?),
            "behaviour" => Entity::Behaviour(value(source, element, text)?),
            "team" => Entity::Team(value(source, element, text)?),
            "generator" => Entity::Generator(value(source, element, text)?),
            "scenario" => Entity::Scenario(value(source, element, text)?),
            other => return Err(source.unsupported(element, format!("{other} of a newer Statecraft"))),
        };
        add(source, element, &mut project, entity)?;
    }
    for entity in project.entities() {
        if let Some(fault) = project.fault(&entity) {
            let what = project.describe(entity.id());
            return Err(source.invalid(root, format!("what Statecraft wrote is damaged: {what} {fault}")));
        }
    }
    let events = project.events.values().map(|event| (event.name.clone(), event.id)).collect();
    Ok(Found::Whole(Box::new(Imported { project, states, events, notes: Vec::new() })))
}

fn value<T: DeserializeOwned>(source: &Source, element: Element, text: &str) -> Result<T, ScxmlError> {
    serde_json::from_str(text)
        .map_err(|error| source.invalid(element, format!("what Statecraft wrote here is damaged: {error}")))
}

fn add(source: &Source, element: Element, project: &mut Project, entity: Entity) -> Result<(), ScxmlError> {
    if project.entity(entity.id()).is_some() {
        return Err(source.invalid(element, "what Statecraft wrote here is in the file twice"));
    }
    project.insert(entity);
    Ok(())
}

/// The fingerprint of a chart as SCXML says it, and how much of our own is in it. `None`: it is no XML.
pub(super) fn fingerprint(text: &str) -> Option<String> {
    let document = Document::parse_with_options(text, ParsingOptions::default()).ok()?;
    Some(print_of(document.root_element()))
}

fn print_of(root: Element) -> String {
    let mut print = Print(0xcbf2_9ce4_8422_2325);
    print.element(root);
    // What is missing of our own is a change too.
    let ours = |element: &Element| {
        is_ours(*element) || element.attributes().any(|attribute| attribute.namespace() == Some(NAMESPACE))
    };
    format!("{:016x}-{}", print.0, root.descendants().filter(ours).count())
}

/// FNV-1a, the same on every machine and in every version.
struct Print(u64);

impl Print {
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn element(&mut self, element: Element) {
        self.part(element.tag_name().name());
        let plain: BTreeMap<&str, &str> = element
            .attributes()
            .filter(|attribute| attribute.namespace() != Some(NAMESPACE))
            .map(|attribute| (attribute.name(), attribute.value()))
            .collect();
        for (name, value) in plain {
            self.part(name);
            self.part(value);
        }
        // Spaces between the elements may change, for programs like to set them anew.
        for child in element.children() {
            if child.is_text() && !child.text().unwrap_or_default().trim().is_empty() {
                self.part(child.text().unwrap_or_default().trim());
            } else if child.is_element() && !is_ours(child) {
                self.element(child);
            }
        }
        self.part("/");
    }
}
