//! Runs on a thread of their own, with progress and cancel; the frame only looks whether one is done.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::Context;

use crate::document::Document;
use crate::model::{Population, Project, Time};
use crate::simulation::{Cast, Machine, Progress, Report, Resting, Run, Story};

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
    pub until: Time,
    /// How long the run took.
    pub elapsed: std::time::Duration,
    machine: Machine,
    cast: Cast,
}

/// The same run once more, on another seed or of a changed project; for threads of their own.
pub struct Again {
    cast: Cast,
    until: Time,
}

impl Again {
    /// `None` if it was called off.
    #[must_use]
    pub fn report(&self, project: &Project, seed: u64, progress: &Progress) -> Option<Report> {
        let machine = Machine::of(project);
        self.cast.in_version(project, &machine).run(&machine, Some(self.until), seed).report(threads(), progress)
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Played {
    /// The run once more, to ask it what it did.
    #[must_use]
    pub fn run(&self) -> Run<'_> {
        self.cast.run(&self.machine, Some(self.until), self.key.seed)
    }

    /// Every conversion point, in the order of the drawing.
    #[must_use]
    pub fn conversion_points(&self) -> Vec<String> {
        self.machine.conversion_points()
    }

    #[must_use]
    pub fn again(&self) -> Again {
        Again { cast: self.cast.clone(), until: self.until }
    }

    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        self.run().story(contact)
    }

    pub fn contact_count(&self) -> usize {
        self.resting.len()
    }

    #[must_use]
    pub fn contact_name(&self, contact: usize) -> Cow<'_, str> {
        self.cast.contact_name(contact)
    }

    /// Who ran.
    #[must_use]
    pub fn cast(&self) -> &Cast {
        &self.cast
    }
}

/// At most one run under way; a newer one cancels it.
#[derive(Default)]
pub(super) struct Worker {
    job: Option<Job>,
    last: Option<Key>,
}

struct Job {
    key: Key,
    progress: Arc<Progress>,
    /// How many contacts there will be, where that is known before.
    contacts: u64,
    result: Receiver<Result<Played, String>>,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

impl Worker {
    /// What is being run.
    pub(super) fn key(&self) -> Option<&Key> {
        self.job.as_ref().map(|job| &job.key)
    }

    /// What was run last, finished or not.
    pub(super) fn last(&self) -> Option<&Key> {
        self.last.as_ref()
    }

    pub(super) fn forget(&mut self) {
        self.job = None;
        self.last = None;
    }

    /// Between 0 and 1 while something runs.
    pub(super) fn progress(&self) -> Option<f32> {
        let job = self.job.as_ref()?;
        #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
        let share = job.progress.contacts() as f32 / job.contacts.max(1) as f32;
        Some(share.min(1.0))
    }

    pub(super) fn poll(&mut self) -> Option<Result<Played, String>> {
        let job = self.job.as_ref()?;
        let result = match job.result.try_recv() {
            Ok(result) => result,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(String::from("The run broke off. Run it again.")),
        };
        self.job = None;
        Some(result)
    }

    pub(super) fn start(&mut self, key: Key, document: &Document, ctx: &Context) {
        let (sender, result) = channel();
        let progress = Arc::new(Progress::default());
        let project = document.project().clone();
        let datasets = document.datasets().clone();
        let contacts = match key.population {
            Population::Samples => project.contacts.len() as u64,
            Population::Dataset(id) => project.datasets.get(&id).map_or(0, |dataset| dataset.contacts),
            Population::Generated(id) => project.generators.get(&id).map_or(0, |generator| generator.contacts.into()),
        };
        self.last = Some(key.clone());
        self.job = Some(Job { key: key.clone(), progress: Arc::clone(&progress), contacts, result });
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            let load = |id| datasets.load(id).map_err(|error| error.to_string());
            let machine = Machine::of(&project);
            let played = Cast::of(&project, &machine, key.population, key.until, load)
                .map(|(cast, _)| play(key, machine, cast, &progress));
            let message = match played {
                Ok(Some(played)) => Ok(played),
                // Cancelled: nobody waits for it any more.
                Ok(None) => return,
                Err(problem) => Err(problem),
            };
            let _ = sender.send(message);
            ctx.request_repaint();
        });
    }
}

fn play(key: Key, machine: Machine, cast: Cast, progress: &Progress) -> Option<Played> {
    let begin = std::time::Instant::now();
    let run = cast.run(&machine, key.until, key.seed);
    let until = run.until();
    let (report, resting) = run.played(threads(), progress)?;
    let elapsed = begin.elapsed();
    Some(Played { key, report, resting, until, elapsed, machine, cast })
}
