//! Runs on a thread of their own, with progress and cancel; the frame only looks whether one is done.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::Context;

use super::again::Again;
use crate::document::Document;
use crate::model::{Dataset, EventId, Population, Project, Time};
use crate::simulation::{Machine, Progress, Report, Resting, Run, Story};

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
    pub dataset: Arc<Dataset>,
    pub until: Time,
    /// How long the run took.
    pub elapsed: std::time::Duration,
    machine: Machine,
    events: Vec<EventId>,
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Played {
    /// Every conversion point, in the order of the drawing.
    #[must_use]
    pub fn conversion_points(&self) -> Vec<String> {
        self.machine.conversion_points()
    }

    #[must_use]
    pub fn again(&self) -> Again {
        match self.key.population {
            Population::Generated(id) => Again::invented(id, self.until),
            Population::Samples | Population::Dataset(_) => {
                Again::recorded(Arc::clone(&self.dataset), self.events.clone(), self.until)
            }
        }
    }

    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        Run::new(&self.machine, &self.dataset, &self.events, Some(self.until), self.key.seed).story(contact)
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
            let load = |population| match population {
                Population::Samples => {
                    let (dataset, events) = Dataset::of_samples(&project);
                    Ok((Arc::new(dataset), events))
                }
                Population::Dataset(id) => {
                    let events = project.datasets.get(&id).map(|dataset| dataset.events.clone()).unwrap_or_default();
                    datasets.load(id).map(|dataset| (dataset, events)).map_err(|error| error.to_string())
                }
                Population::Generated(id) => {
                    Err(format!("The {} cannot be run yet. Choose the sample contacts.", project.describe(id.into())))
                }
            };
            let played = load(key.population).map(|(dataset, events)| play(&project, key, dataset, events, &progress));
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

fn play(
    project: &Project,
    key: Key,
    dataset: Arc<Dataset>,
    events: Vec<EventId>,
    progress: &Progress,
) -> Option<Played> {
    let begin = std::time::Instant::now();
    let machine = Machine::of(project);
    let run = Run::new(&machine, &dataset, &events, key.until, key.seed);
    let until = run.until();
    let (report, resting) = run.played(threads(), progress)?;
    let elapsed = begin.elapsed();
    Some(Played { key, report, resting, dataset, until, elapsed, machine, events })
}
