//! A contact whose story shows a problem: looked for step by step over the machine, and played by the simulator before it
//! is handed back. Where none is found within the steps that are looked at, that is all that is said.

mod material;
mod search;

use std::collections::BTreeMap;

use super::check::{Demonstration, Finding};
use super::guards::Case;
use crate::model::{Asked, Contact, ContactId, Dataset, Place, Project, Time};
use crate::simulation::{Cause, Entry, Machine, Meetings, Outcome, Progress, Questions, Run, Story};
use material::Material;
pub use search::{MOST_LOOKED, MOST_STEPS};

/// The seed by which draws are made.
const SEED: u64 = 1;

/// What looking for a story came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// This contact lives through it.
    Reached(Box<Shown>),
    /// Possible as far as conditions go, but no way was found within so many events and timers.
    NotFound { steps: usize },
}

/// A contact and its story, of which the last line shows the problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub contact: Contact,
    pub story: Story,
}

/// Looks for a contact that shows the finding; `None` for those that no story can show.
#[must_use]
pub fn prove(project: &Project, finding: &Finding) -> Option<Proof> {
    let shown = finding.shown?;
    let name = free_name(project, &format!("Shows a {}", finding.problem.kind.name().replace('-', " ")));
    let material = Material::of(project, finding.case.as_ref(), None);
    let note = finding.problem.message.clone();
    let found = look_for(project, &material, shown, (name, note), &Progress::default());
    Some(found.map_or(Proof::NotFound { steps: MOST_STEPS }, |shown| Proof::Reached(Box::new(shown))))
}

/// Looks for a contact that meets a cell of the matrix, until it is found, given up or cancelled.
#[must_use]
pub fn meet(project: &Project, place: Place, progress: &Progress) -> Option<Shown> {
    let label = project.place_label(place);
    let name = free_name(project, &format!("Meets {label}"));
    let event = if let Asked::Event(event) = place.asked { Some(event) } else { None };
    let material = Material::of(project, None, event);
    let note = format!("Found so that somebody meets {label}.");
    let found = look_for(project, &material, Demonstration::Met(place), (name, note), progress)?;
    // Met is what the count says is met.
    let alone = alone(project, &found.contact);
    let machine = Machine::of(&alone);
    let (dataset, codes) = Dataset::of_samples(&alone);
    let until = found.story.entries.last()?.time;
    let run = Run::new(&machine, &dataset, &codes, Some(until), SEED);
    let met = Meetings::of(&run, &Questions::of(&alone, &machine), 1, progress).ok()?;
    (met.times(place) > 0).then_some(found)
}

/// A contact whose last line shows it, with its name and its note.
fn look_for(
    project: &Project,
    material: &Material,
    shown: Demonstration,
    (name, note): (String, String),
    progress: &Progress,
) -> Option<Shown> {
    let machine = Machine::of(project);
    let candidate = search::search(project, &machine, material, shown, &name, progress)?;
    let contact = Contact {
        id: ContactId(1),
        name,
        zone: String::new(),
        start: Some(material.start),
        attributes: candidate.attributes,
        occurrences: candidate.occurrences,
        note,
    };
    let story = play(project, &machine, &contact, candidate.until);
    let is_shown = story.entries.last().is_some_and(|last| shows(project, last, shown));
    is_shown.then_some(Shown { contact, story })
}

/// The project with no other contact.
fn alone(project: &Project, contact: &Contact) -> Project {
    Project { contacts: BTreeMap::from([(contact.id, contact.clone())]), ..project.clone() }
}

/// The contact's story, as the simulator tells it.
fn play(project: &Project, machine: &Machine, contact: &Contact, until: Time) -> Story {
    let (dataset, codes) = Dataset::of_samples(&alone(project, contact));
    Run::new(machine, &dataset, &codes, Some(until), SEED).story(0)
}

/// Whether the last line shows it.
fn shows(project: &Project, entry: &Entry, shown: Demonstration) -> bool {
    let within = |leaf: &crate::model::NodeId, at| {
        std::iter::successors(Some(*leaf), |id| project.nodes.get(id)?.parent).any(|node| node == at)
    };
    let named = |event| {
        let known = project.events.get(&event).map(|event| event.name.as_str());
        matches!(&entry.cause, Cause::Event(name) if Some(name.as_str()) == known)
    };
    match shown {
        Demonstration::Gap { at, event } => {
            named(event) && entry.from.iter().any(|leaf| within(leaf, at)) && entry.arrows.is_empty()
        }
        Demonstration::Shadowed { at, event, arrow } => {
            named(event)
                && entry.from.iter().any(|leaf| within(leaf, at))
                && !entry.arrows.is_empty()
                && !entry.arrows.contains(&arrow)
        }
        Demonstration::Both { event, taken, passed_over, .. } => {
            named(event) && entry.arrows.contains(&taken) && !entry.arrows.contains(&passed_over)
        }
        Demonstration::Stuck { at } => entry.to.iter().any(|leaf| within(leaf, at)),
        Demonstration::Circle { .. } => entry.outcome == Outcome::Halted,
        // Which case it was, and what was raised, is for the count to say.
        Demonstration::Met(Place { state, asked, .. }) => {
            // An end can be left in the same moment, because its group is done.
            entry.from.contains(&state) || entry.to.contains(&state) || matches!(asked, Asked::Done(_))
        }
    }
}

fn free_name(project: &Project, wanted: &str) -> String {
    let taken = |name: &String| project.contacts.values().any(|contact| contact.name.eq_ignore_ascii_case(name));
    let numbered = (2..=u32::MAX).map(|number| format!("{wanted} {number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// The attributes that a case knows, to start with.
fn known_of(case: Option<&Case>) -> BTreeMap<crate::model::AttributeId, crate::model::Value> {
    case.map(|case| case.supposed.attributes.iter().cloned().collect()).unwrap_or_default()
}
