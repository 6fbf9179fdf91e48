//! Worlds from the notation, and their runs.

use statecraft::model::{GeneratorId, Project, Time, notation};
use statecraft::simulation::{Machine, Progress, Report, Run, Story, World};

/// A journey, its machine and its world, without any problem.
pub(crate) struct Setting {
    pub(crate) project: Project,
    pub(crate) machine: Machine,
    pub(crate) world: World,
}

impl Setting {
    #[track_caller]
    pub(crate) fn new(text: &str) -> Self {
        Self::of(notation::parse(text).expect("the notation reads"))
    }

    #[track_caller]
    pub(crate) fn of(project: Project) -> Self {
        let (machine, problems) = Machine::compile(&project);
        assert_eq!(problems, [], "the chart has problems");
        let generator = *project.generators.keys().next().expect("a population");
        let (world, problems) = World::compile(&project, &machine, generator);
        assert_eq!(problems, [], "the world has problems");
        Self { project, machine, world }
    }

    pub(crate) fn run(&self, until: &str, seed: u64) -> Run<'_> {
        Run::of_world(&self.machine, &self.world, self.time(until), seed)
    }

    pub(crate) fn time(&self, text: &str) -> Time {
        Time::parse(text, &self.project.zone()).expect("a time")
    }

    pub(crate) fn report(&self, until: &str, seed: u64) -> Report {
        self.run(until, seed).report(2, &Progress::default()).expect("nobody cancelled")
    }

    pub(crate) fn story(&self, contact: usize, until: &str, seed: u64) -> Story {
        self.run(until, seed).story(contact)
    }

    /// When something happened, on the clock of the project, and what: `2026-01-05 09:30 visit`.
    pub(crate) fn happened(&self, story: &Story) -> Vec<String> {
        let zone = self.project.zone();
        let line = |entry: &statecraft::simulation::Entry| {
            let done: Vec<&str> = entry.effects.iter().map(|effect| effect.trim_start_matches("sent ")).collect();
            let done = if done.is_empty() { String::new() } else { format!(" / {}", done.join(", ")) };
            format!("{} {}{done}", entry.time.display_in(&zone), entry.cause_in_words(&self.project))
        };
        story.entries.iter().map(line).collect()
    }
}

/// The words of the problems of a world.
pub(crate) fn problems(text: &str) -> Vec<String> {
    let project = notation::parse(text).expect("the notation reads");
    let machine = Machine::of(&project);
    let generator = project.generators.keys().next().copied().unwrap_or(GeneratorId(1));
    World::compile(&project, &machine, generator).1.into_iter().map(|problem| problem.message).collect()
}

/// `count` against `mean` within five standard errors, which are given.
#[track_caller]
pub(crate) fn check_close(count: u64, mean: f64, error: f64) {
    let count = f64::from(u32::try_from(count).expect("a count of a test"));
    assert!((count - mean).abs() <= 5.0 * error, "{count}, not {mean} ± {error}");
}
