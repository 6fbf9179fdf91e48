//! A run as the window keeps it: who took part, the totals, and the means to play anybody again.

use std::sync::Arc;

use egui::Context;

use super::task::{Polled, Task, poll};
use crate::document::Document;
use crate::model::{Dataset, EventId, Population, Project, Time};
use crate::simulation::by_hand::{self, Sent};
use crate::simulation::{Machine, Progress, Report, Resting, Run, Story, World};

/// All that a run depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub revision: u64,
    pub population: Population,
    pub until: Option<Time>,
    pub seed: u64,
}

/// A finished run, with what is needed to tell anybody's story.
pub struct Played {
    pub key: Key,
    pub report: Report,
    /// Where each contact rests at the end; nowhere for those who never started.
    pub resting: Resting,
    /// The last instant of the run, itself included.
    pub until: Time,
    /// How long the run took.
    pub elapsed: std::time::Duration,
    pub(super) cast: Arc<Cast>,
}

impl Played {
    /// Every conversion point, in the order of the drawing.
    #[must_use]
    pub fn conversion_points(&self) -> Vec<String> {
        self.cast.machine.conversion_points()
    }

    #[must_use]
    pub fn again(&self) -> Again {
        Again { cast: Arc::clone(&self.cast), population: self.key.population }
    }
}

/// The same run once more, on another seed or of a changed project; for threads of their own.
pub struct Again {
    cast: Arc<Cast>,
    population: Population,
}

impl Again {
    /// `None` if it was called off.
    #[must_use]
    pub fn report(&self, project: &Project, seed: u64, progress: &Progress) -> Option<Report> {
        let machine = Machine::of(project);
        let until = self.cast.until;
        match (&self.cast.who, self.population) {
            (Who::Recorded(dataset, events), _) => {
                Run::new(&machine, dataset, events, Some(until), seed).report(threads(), progress)
            }
            (Who::Invented(_), Population::Generated(id)) => {
                let (world, _) = World::compile(project, &machine, id);
                Run::of_world(&machine, &world, until, seed).report(threads(), progress)
            }
            (Who::Invented(_), _) => None,
        }
    }
}

/// Whoever takes part, and the chart that they go through.
pub(super) struct Cast {
    pub(super) machine: Arc<Machine>,
    pub(super) until: Time,
    seed: u64,
    who: Who,
}

enum Who {
    /// Occurrences that were recorded, and the catalogue entry of each event code.
    Recorded(Arc<Dataset>, Vec<EventId>),
    Invented(Box<World>),
}

impl Cast {
    pub(super) fn run(&self) -> Run<'_> {
        match &self.who {
            Who::Recorded(dataset, events) => Run::new(&self.machine, dataset, events, Some(self.until), self.seed),
            Who::Invented(world) => Run::of_world(&self.machine, world, self.until, self.seed),
        }
    }

    /// One contact alone, with what was sent to it by hand; `None` where that cannot be done.
    pub(super) fn alone(&self, project: &Project, contact: u32, sent: &[Sent]) -> Option<Self> {
        let Who::Recorded(dataset, events) = &self.who else { return None };
        let (dataset, events) = by_hand::alone(project, (dataset, events), contact as usize, sent)?;
        let who = Who::Recorded(Arc::new(dataset), events);
        Some(Self { machine: Arc::clone(&self.machine), until: self.until, seed: self.seed, who })
    }

    /// Whether events can be sent to a contact by hand.
    pub(super) fn takes_events(&self) -> bool {
        matches!(self.who, Who::Recorded(..))
    }

    pub(super) fn contacts(&self) -> usize {
        match &self.who {
            Who::Recorded(dataset, _) => dataset.contacts.len(),
            Who::Invented(_) => self.run().contact_count(),
        }
    }

    pub(super) fn name(&self, contact: usize) -> String {
        match &self.who {
            Who::Recorded(dataset, _) => dataset.contacts.get(contact).cloned().unwrap_or_default(),
            Who::Invented(_) => self.run().contact(contact).into_owned(),
        }
    }

    /// What the contact did, with what was sent to it by hand.
    pub(super) fn story(&self, project: &Project, contact: usize, sent: &[Sent]) -> Story {
        let number = u32::try_from(contact).unwrap_or(u32::MAX);
        if sent.iter().any(|one| one.contact == number)
            && let Some(alone) = self.alone(project, number, sent)
        {
            return alone.run().story(0);
        }
        self.run().story(contact)
    }
}

/// At most one run under way; a newer one cancels it.
#[derive(Default)]
pub(super) struct Worker {
    job: Option<Task<Result<Played, String>>>,
    key: Option<Key>,
}

impl Worker {
    /// What is being run.
    pub(super) fn key(&self) -> Option<&Key> {
        self.key.as_ref().filter(|_| self.job.is_some())
    }

    /// What was run last, finished or not.
    pub(super) fn last(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Between 0 and 1 while something runs.
    pub(super) fn progress(&self) -> Option<f32> {
        self.job.as_ref().map(Task::share)
    }

    pub(super) fn poll(&mut self) -> Option<Result<Played, String>> {
        match poll(&mut self.job) {
            Polled::Waiting => None,
            Polled::Done(result) => Some(result),
            Polled::Broken => Some(Err(String::from("The run broke off. Run it again."))),
        }
    }

    pub(super) fn start(&mut self, key: Key, document: &Document, ctx: &Context) {
        let project = document.project().clone();
        let datasets = document.datasets().clone();
        let contacts = match key.population {
            Population::Samples => project.contacts.len() as u64,
            Population::Dataset(id) => project.datasets.get(&id).map_or(0, |dataset| dataset.contacts),
            Population::Generated(id) => project.generators.get(&id).map_or(0, |generator| generator.contacts.into()),
        };
        self.key = Some(key.clone());
        self.job = Some(Task::start(ctx, contacts, move |progress| {
            let machine = Machine::of(&project);
            let cast = |who, until| Cast { machine: Arc::new(machine.clone()), until, seed: key.seed, who };
            let recorded = |dataset: Arc<Dataset>, events: Vec<EventId>| {
                let until = Run::new(&machine, &dataset, &events, key.until, key.seed).until();
                cast(Who::Recorded(dataset, events), until)
            };
            let cast = match (key.population, key.until) {
                (Population::Samples, _) => {
                    let (dataset, events) = Dataset::of_samples(&project);
                    recorded(Arc::new(dataset), events)
                }
                (Population::Dataset(id), _) => {
                    let events = project.datasets.get(&id).map(|dataset| dataset.events.clone()).unwrap_or_default();
                    match datasets.load(id) {
                        Ok(dataset) => recorded(dataset, events),
                        Err(error) => return Some(Err(error.to_string())),
                    }
                }
                (Population::Generated(id), Some(until)) => {
                    let (world, _) = World::compile(&project, &machine, id);
                    cast(Who::Invented(Box::new(world)), until)
                }
                (Population::Generated(_), None) => {
                    let problem = "Nothing is recorded of invented contacts, so there is no last event to end with. \
                                   Say until when.";
                    return Some(Err(String::from(problem)));
                }
            };
            play(key, cast, progress).map(Ok)
        }));
    }
}

fn play(key: Key, cast: Cast, progress: &Progress) -> Option<Played> {
    let begin = std::time::Instant::now();
    let (report, resting) = cast.run().played(threads(), progress)?;
    let until = cast.until;
    Some(Played { key, report, resting, until, elapsed: begin.elapsed(), cast: Arc::new(cast) })
}

pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
