//! A run once more, on another seed or of a changed project. Knows all that it needs, so that it can go to a thread of its
//! own.

use std::sync::Arc;

use crate::model::{Dataset, EventId, GeneratorId, Project, Time};
use crate::simulation::{Machine, Progress, Report, Run, World};

/// Whom to run, and until when.
pub struct Again {
    who: Who,
    until: Time,
}

enum Who {
    Recorded(Arc<Dataset>, Vec<EventId>),
    Invented(GeneratorId),
}

impl Again {
    /// Recorded occurrences, with the catalogue entries of their event codes.
    #[must_use]
    pub fn recorded(dataset: Arc<Dataset>, events: Vec<EventId>, until: Time) -> Self {
        Self { who: Who::Recorded(dataset, events), until }
    }

    /// Contacts who are invented anew from each project.
    #[must_use]
    pub fn invented(generator: GeneratorId, until: Time) -> Self {
        Self { who: Who::Invented(generator), until }
    }

    /// `None` if it was called off.
    #[must_use]
    pub fn report(&self, project: &Project, seed: u64, progress: &Progress) -> Option<Report> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let machine = Machine::of(project);
        match &self.who {
            Who::Recorded(dataset, events) => {
                Run::new(&machine, dataset, events, Some(self.until), seed).report(threads, progress)
            }
            Who::Invented(generator) => {
                let (world, _) = World::compile(project, &machine, *generator);
                Run::of_world(&machine, &world, self.until, seed).report(threads, progress)
            }
        }
    }
}
