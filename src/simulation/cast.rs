//! Whom a run is about: recorded contacts, or invented ones in their world.

use std::borrow::Cow;
use std::sync::Arc;

use super::by_hand::{self, Sent};
use super::machine::Machine;
use super::problem::Problem;
use super::run::Run;
use super::world::World;
use crate::model::{AttributeId, Dataset, DatasetId, EventId, GeneratorId, Population, Project, Time};

/// The contacts of a run, with all that is known of what happens to them.
#[derive(Clone, Debug)]
pub enum Cast {
    Recorded {
        dataset: Arc<Dataset>,
        /// The catalogue entries of its event codes.
        events: Vec<EventId>,
    },
    Invented {
        generator: GeneratorId,
        world: Box<World>,
        /// The last instant of the run, itself included.
        until: Time,
    },
}

impl Cast {
    /// The cast of a population and what is wrong with its world. `machine` was made from `project`; `load` fetches
    /// imported columns.
    ///
    /// # Errors
    /// A sentence where there is nobody to run, or no end.
    pub fn of(
        project: &Project,
        machine: &Machine,
        population: Population,
        until: Option<Time>,
        load: impl FnOnce(DatasetId) -> Result<Arc<Dataset>, String>,
    ) -> Result<(Self, Vec<Problem>), String> {
        match population {
            Population::Samples => {
                let (dataset, events) = Dataset::of_samples(project);
                Ok((Self::Recorded { dataset: Arc::new(dataset), events }, Vec::new()))
            }
            Population::Dataset(id) => {
                let info = project.datasets.get(&id).ok_or(
                    "The imported history of this scenario was deleted. Choose another population, or import it again.",
                )?;
                Ok((Self::Recorded { dataset: load(id)?, events: info.events.clone() }, Vec::new()))
            }
            Population::Generated(id) => {
                let generator = project
                    .generators
                    .get(&id)
                    .ok_or("The generated population of this scenario was deleted. Choose another population.")?;
                let until = until.ok_or_else(|| {
                    format!("Nothing is recorded of {}, so the run needs an end: say until when.", generator.name)
                })?;
                let (world, problems) = World::compile(project, machine, id);
                Ok((Self::Invented { generator: id, world: Box::new(world), until }, problems))
            }
        }
    }

    /// `until` is the last instant of the run, itself included; without it, the last recorded event or what the cast was
    /// made with.
    #[must_use]
    pub fn run<'a>(&'a self, machine: &'a Machine, until: Option<Time>, seed: u64) -> Run<'a> {
        match self {
            Self::Recorded { dataset, events } => Run::new(machine, dataset, events, until, seed),
            Self::Invented { world, until: end, .. } => Run::of_world(machine, world, until.unwrap_or(*end), seed),
        }
    }

    /// The same contacts in another version of the project, of which `machine` was made: recorded ones as they are,
    /// invented ones in the world of that version.
    #[must_use]
    pub fn in_version(&self, project: &Project, machine: &Machine) -> Self {
        match self {
            Self::Recorded { .. } => self.clone(),
            Self::Invented { generator, until, .. } => {
                let (world, _) = World::compile(project, machine, *generator);
                Self::Invented { generator: *generator, world: Box::new(world), until: *until }
            }
        }
    }

    /// The same contacts in another project, of which `machine` was made and whose catalogue may differ: events, attributes
    /// and populations are those of the same name, or, where it is `kin`, an earlier version, else those of the same id.
    /// With the names of recorded events that it does not know.
    ///
    /// # Errors
    /// A sentence where it has no such population.
    pub fn in_other(
        &self,
        from: &Project,
        to: &Project,
        machine: &Machine,
        kin: bool,
    ) -> Result<(Self, Vec<String>), String> {
        match self {
            Self::Recorded { dataset, events } => {
                // An id that nothing has: nobody waits for such an event.
                let nothing = EventId(to.events.keys().next_back().map_or(1, |id| id.0.saturating_add(1)));
                let event = |id: &EventId| {
                    let named = from.events.get(id).and_then(|event| to.event_by_name(&event.name));
                    named.map(|event| event.id).or_else(|| (kin && to.events.contains_key(id)).then_some(*id))
                };
                let found: Vec<Option<EventId>> = events.iter().map(event).collect();
                let mut happens = vec![false; events.len()];
                dataset.codes.iter().for_each(|code| happens[usize::from(*code)] = true);
                let unknown = found.iter().zip(&happens).zip(&dataset.event_names);
                let unknown = unknown.filter(|((found, happens), _)| found.is_none() && **happens);
                let unknown = unknown.map(|(_, name)| name.clone()).collect();
                let attribute = |id: &AttributeId| {
                    let named = from.attributes.get(id).and_then(|known| to.attribute_by_name(&known.name));
                    named.map(|known| known.id).or_else(|| (kin && to.attributes.contains_key(id)).then_some(*id))
                };
                let mut dataset = Arc::clone(dataset);
                if dataset.attributes.keys().any(|id| attribute(id) != Some(*id)) {
                    let known = dataset.attributes.iter();
                    let known = known.filter_map(|(id, values)| Some((attribute(id)?, values.clone()))).collect();
                    Arc::make_mut(&mut dataset).attributes = known;
                }
                let events = found.into_iter().map(|id| id.unwrap_or(nothing)).collect();
                Ok((Self::Recorded { dataset, events }, unknown))
            }
            Self::Invented { generator, until, .. } => {
                let name = from.generators.get(generator).map_or("", |known| known.name.as_str());
                let named = to.generator_by_name(name).map(|known| known.id);
                let same = || (kin && to.generators.contains_key(generator)).then_some(*generator);
                let generator = named.or_else(same).ok_or_else(|| {
                    format!(
                        "The other version has no generated population {name}. Choose another version, or in Simulate other \
                         contacts."
                    )
                })?;
                let (world, _) = World::compile(to, machine, generator);
                Ok((Self::Invented { generator, world: Box::new(world), until: *until }, Vec::new()))
            }
        }
    }

    /// How many start by themselves.
    #[must_use]
    pub fn contact_count(&self) -> usize {
        match self {
            Self::Recorded { dataset, .. } => dataset.contacts.len(),
            Self::Invented { world, .. } => world.contact_count(),
        }
    }

    /// What the contact is called.
    #[must_use]
    pub fn contact_name(&self, contact: usize) -> Cow<'_, str> {
        match self {
            Self::Recorded { dataset, .. } => Cow::Borrowed(&dataset.contacts[contact]),
            Self::Invented { world, .. } => Cow::Owned(world.name(contact)),
        }
    }

    /// One contact alone, with what was sent to it by hand; everybody else does what they did. `None` where that cannot be
    /// told apart, see [`Self::is_shared`]. `machine` was made from `project`.
    #[must_use]
    pub fn alone(&self, project: &Project, machine: &Machine, contact: usize, sent: &[Sent]) -> Option<Self> {
        match self {
            Self::Recorded { dataset, events } => {
                let (dataset, events) = by_hand::alone(project, (dataset, events), contact, sent)?;
                Some(Self::Recorded { dataset: Arc::new(dataset), events })
            }
            Self::Invented { generator, world, until } => {
                let own = sent.iter().filter(|one| one.contact as usize == contact);
                let world = Box::new(world.alone(contact)?.with_sent(own.filter_map(|one| in_slots(machine, one))));
                Some(Self::Invented { generator: *generator, world, until: *until })
            }
        }
    }

    /// Everybody, with all that was sent by hand to anybody, where invented contacts wait for each other: then it may
    /// change others too. `None` where it does not, and [`Self::alone`] tells all.
    #[must_use]
    pub fn with_sent(&self, machine: &Machine, sent: &[Sent]) -> Option<Self> {
        match self {
            Self::Invented { generator, world, until } if world.is_shared() => {
                let world = Box::new(world.with_sent(sent.iter().filter_map(|one| in_slots(machine, one))));
                Some(Self::Invented { generator: *generator, world, until: *until })
            }
            Self::Invented { .. } | Self::Recorded { .. } => None,
        }
    }

    /// Whether what happens to one contact may change what happens to others.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Invented { world, .. } if world.is_shared())
    }
}

/// Whom it was sent, when, and the slot of the event; `None` if the chart does not know it.
fn in_slots(machine: &Machine, sent: &Sent) -> Option<(usize, Time, usize)> {
    Some((sent.contact as usize, sent.time, machine.event_slots(&[sent.event])[0]?))
}
