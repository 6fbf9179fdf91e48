//! A run as the window keeps it: who took part, the totals, and the means to play anybody again.

use std::sync::Arc;

use egui::Context;

use super::task::{Polled, Task, poll};
use crate::analysis::{Coverage, Matrix};
use crate::document::Document;
use crate::model::{Contact, Population, Project, Time};
use crate::simulation::by_hand::Sent;
use crate::simulation::newcomers::Newcomer;
use crate::simulation::timeline::Missing;
use crate::simulation::{Cast, Machine, Progress, Report, Resting, Run, Story, Waits};

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
    pub(super) setup: Arc<Setup>,
}

impl Played {
    /// Every conversion point, in the order of the drawing.
    #[must_use]
    pub fn conversion_points(&self) -> Vec<String> {
        self.setup.machine.conversion_points()
    }

    #[must_use]
    pub fn again(&self) -> Again {
        Again { setup: Arc::clone(&self.setup) }
    }
}

/// The same run once more, on another seed or of a changed project; for threads of their own.
pub struct Again {
    setup: Arc<Setup>,
}

impl Again {
    /// `None` if it was called off.
    #[must_use]
    pub fn report(&self, project: &Project, seed: u64, progress: &Progress) -> Option<Report> {
        let machine = Machine::of(project);
        let cast = self.setup.cast.in_version(project, &machine);
        cast.run(&machine, Some(self.setup.until), seed).report(threads(), progress)
    }

    /// The same contacts, end and seed in another project, an earlier version if it is `kin`; with the names of recorded
    /// events that it does not know.
    ///
    /// # Errors
    /// A sentence where it has no such population.
    pub fn in_other(&self, from: &Project, to: &Project, kin: bool) -> Result<(Self, Vec<String>), String> {
        let machine = Machine::of(to);
        let (cast, unknown) = self.setup.cast.in_other(from, to, &machine, kin)?;
        let setup =
            Setup { machine: Arc::new(machine), until: self.setup.until, seed: self.setup.seed, cast, waits: None };
        Ok((Self { setup: Arc::new(setup) }, unknown))
    }

    /// How often the run meets each cell of the matrix of `project`, which is what was run.
    ///
    /// # Errors
    /// When it was cancelled, or when those who are won by others are more than a run follows.
    pub fn coverage(&self, project: &Project, matrix: &Matrix, progress: &Progress) -> Result<Coverage, Missing> {
        Coverage::of(project, matrix, &self.run(), threads(), progress)
    }

    /// The run on its own seed.
    #[must_use]
    pub fn run(&self) -> Run<'_> {
        self.setup.run()
    }
}

/// Whoever takes part, the chart that they go through, and until when.
pub(super) struct Setup {
    pub(super) machine: Arc<Machine>,
    pub(super) until: Time,
    seed: u64,
    cast: Cast,
    /// How contacts wait for each other, once that is known.
    waits: Option<Waits>,
}

impl Setup {
    pub(super) fn run(&self) -> Run<'_> {
        let run = self.cast.run(&self.machine, Some(self.until), self.seed);
        match &self.waits {
            Some(waits) => run.knowing(waits),
            None => run,
        }
    }

    /// Finds out how contacts wait for each other, so that no story has to; `None` if it was cancelled.
    pub(super) fn prepared(mut self, progress: &Progress) -> Option<Self> {
        self.waits = Some(self.run().waits(progress)?);
        Some(self)
    }

    /// One contact alone, with what was sent to it by hand; `None` where that cannot be done.
    pub(super) fn alone(&self, project: &Project, contact: u32, sent: &[Sent]) -> Option<Self> {
        Some(self.of(self.cast.alone(project, &self.machine, contact as usize, sent)?))
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// A contact who starts by itself, with what was sent by hand, as a sample contact.
    pub(super) fn sampled(&self, project: &Project, contact: usize, sent: &[Sent]) -> Contact {
        if sent.is_empty() {
            return self.run().sampled(contact);
        }
        let number = u32::try_from(contact).unwrap_or(u32::MAX);
        match (self.alone(project, number, sent), self.with_sent(sent)) {
            (Some(alone), _) => alone.run().sampled(0),
            (None, Some(everybody)) => everybody.run().sampled(contact),
            (None, None) => self.run().sampled(contact),
        }
    }

    /// Everybody, with all that was sent by hand, where it may change others too.
    pub(super) fn with_sent(&self, sent: &[Sent]) -> Option<Self> {
        Some(self.of(self.cast.with_sent(&self.machine, sent)?))
    }

    fn of(&self, cast: Cast) -> Self {
        Self { machine: Arc::clone(&self.machine), until: self.until, seed: self.seed, cast, waits: None }
    }

    /// Whether what is sent to one contact may change others.
    pub(super) fn is_shared(&self) -> bool {
        self.cast.is_shared()
    }

    pub(super) fn contacts(&self) -> usize {
        self.cast.contact_count()
    }

    pub(super) fn name(&self, contact: usize) -> String {
        self.cast.contact_name(contact).into_owned()
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

    /// What a contact did whom another one has won.
    pub(super) fn story_of_newcomer(&self, newcomer: &Newcomer, name: String) -> Story {
        self.run().story_of_newcomer(newcomer, name)
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
            // Who waits for others is played twice.
            Population::Generated(id) => project.generators.get(&id).map_or(0, |generator| {
                let is_shared = project.behaviours.values().any(|behaviour| behaviour.team.is_some());
                u64::from(generator.contacts) * if is_shared { 2 } else { 1 }
            }),
        };
        self.key = Some(key.clone());
        self.job = Some(Task::start(ctx, contacts, move |progress| {
            let machine = Machine::of(&project);
            let load = |id| datasets.load(id).map_err(|error| error.to_string());
            let cast = match Cast::of(&project, &machine, key.population, key.until, load) {
                Ok((cast, _)) => cast,
                Err(problem) => return Some(Err(problem)),
            };
            let until = cast.run(&machine, key.until, key.seed).until();
            let setup = Setup { machine: Arc::new(machine), until, seed: key.seed, cast, waits: None };
            play(key, setup, progress).map(Ok)
        }));
    }
}

fn play(key: Key, setup: Setup, progress: &Progress) -> Option<Played> {
    let begin = std::time::Instant::now();
    let setup = setup.prepared(progress)?;
    let (report, resting) = setup.run().played(threads(), progress)?;
    let until = setup.until;
    Some(Played { key, report, resting, until, elapsed: begin.elapsed(), setup: Arc::new(setup) })
}

pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
