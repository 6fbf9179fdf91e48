//! The Simulate workspace: who runs, their counts on the canvas, one contact's story to read and to replay.

mod people;
mod player;
mod story;
mod work;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use egui::Context;

use super::canvas::Overlay;
use crate::document::Document;
use crate::model::{DatasetId, Population, Project, Time};
use crate::simulation::{Outcome, Story};
use player::Player;
use work::Worker;

pub use work::{Again, Key, Played};

/// How long a run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Until {
    /// As the scenario has it, where it is about the same contacts.
    #[default]
    OfScenario,
    LastEvent,
    At(Time),
}

/// The workspace with what was chosen, the run behind it, and the story that is being read.
#[derive(Default)]
pub struct Simulator {
    population: Option<Population>,
    until: Until,
    /// Why what was last typed as the end is none.
    until_problem: Option<String>,
    seed: Option<u64>,
    worker: Worker,
    /// The run that is shown, which may be older than the drawing while a new one is made.
    played: Option<Played>,
    problem: Option<String>,
    filter: String,
    contact: Option<usize>,
    story: Option<Story>,
    player: Player,
    /// The line that the panel was last scrolled to.
    followed: Option<(Option<usize>, usize)>,
}

impl Simulator {
    /// Takes finished work, and starts a run when what is shown is out of date.
    pub fn update(&mut self, document: &Document, ctx: &Context) {
        match self.worker.poll() {
            Some(Ok(played)) => {
                let chosen = self.contact.and_then(|contact| self.contact_name(contact).map(Cow::into_owned));
                self.played = Some(played);
                self.problem = None;
                let contact = chosen.and_then(|name| {
                    let played = self.played.as_ref()?;
                    (0..played.contact_count()).find(|contact| played.contact_name(*contact) == name)
                });
                self.show_story(contact);
            }
            Some(Err(problem)) => {
                self.played = None;
                self.show_story(None);
                self.problem = Some(problem);
            }
            None => {}
        }
        let key = self.key(document);
        let current = self.worker.key().or(self.played.as_ref().map(|played| &played.key));
        let failed = self.problem.is_some() && self.worker.last() == Some(&key);
        if current != Some(&key) && !failed {
            self.worker.start(key, document, ctx);
        }
        self.player.advance(ctx, self.story.as_ref());
    }

    fn key(&self, document: &Document) -> Key {
        let project = document.project();
        let scenario = project.scenarios.values().next();
        let chosen = self.population.filter(|population| match population {
            Population::Samples => true,
            Population::Dataset(id) => project.datasets.contains_key(id),
            Population::Generated(id) => project.generators.contains_key(id),
        });
        let population = chosen.or(scenario.map(|scenario| scenario.population)).unwrap_or_default();
        // The end of a scenario belongs to its own population.
        let until = scenario.filter(|scenario| scenario.population == population).and_then(|scenario| scenario.until);
        Key {
            revision: document.revision(),
            population,
            until: match self.until {
                Until::OfScenario => until,
                Until::LastEvent => None,
                Until::At(time) => Some(time),
            },
            seed: self.seed.or(scenario.map(|scenario| scenario.seed)).unwrap_or(1),
        }
    }

    /// Runs on this dataset from now on, or on the samples.
    pub fn choose_dataset(&mut self, dataset: Option<DatasetId>) {
        self.choose(dataset.map_or(Population::Samples, Population::Dataset));
    }

    fn choose(&mut self, population: Population) {
        self.population = Some(population);
        self.until = Until::default();
        self.until_problem = None;
        self.show_story(None);
    }

    /// Forgets the run that is shown, so that the next frame starts one.
    pub fn run_again(&mut self) {
        self.played = None;
        self.problem = None;
        self.worker.forget();
        self.show_story(None);
    }

    /// The run that is shown.
    pub fn played(&self) -> Option<&Played> {
        self.played.as_ref()
    }

    /// Why there is no run to show.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    pub fn story(&self) -> Option<&Story> {
        self.story.as_ref()
    }

    fn contact_name(&self, contact: usize) -> Option<Cow<'_, str>> {
        let played = self.played.as_ref()?;
        (contact < played.contact_count()).then(|| played.contact_name(contact))
    }

    fn show_story(&mut self, contact: Option<usize>) {
        self.contact = contact;
        self.story = contact.and_then(|contact| Some(self.played.as_ref()?.story(contact)));
        self.player = Player::at_the_end(self.story.as_ref());
    }

    pub fn play_or_pause(&mut self) {
        self.player.play_or_pause(self.story.as_ref());
    }

    /// Goes so many lines on in the story, or back.
    pub fn step(&mut self, lines: isize) {
        self.player.step(lines, self.story.as_ref());
    }

    /// What the canvas shows on top of the drawing: counts of everybody, and where the chosen contact is.
    #[must_use]
    pub fn overlay(&self, project: &Project) -> Option<Overlay> {
        let played = self.played.as_ref()?;
        let report = &played.report;
        let mut overlay = Overlay {
            resting: report.states.iter().map(|(id, tally)| (*id, tally.resting)).collect(),
            entered: report.states.iter().map(|(id, tally)| (*id, tally.entered)).collect(),
            fired: report.arrows.iter().map(|(id, tally)| (*id, tally.fired)).collect(),
            active: BTreeSet::new(),
            taken: None,
            progress: 0.0,
        };
        if let Some(story) = &self.story {
            // Following one contact, only their own way is counted.
            overlay.resting.clear();
            overlay.entered = BTreeMap::new();
            overlay.fired = BTreeMap::new();
            let shown = &story.entries[..story.entries.len().min(self.player.line() + 1)];
            for entry in shown {
                for arrow in &entry.arrows {
                    *overlay.fired.entry(*arrow).or_default() += 1;
                }
                if entry.outcome == Outcome::Moved {
                    for node in entry.to.iter().filter(|node| !entry.from.contains(node) || entry.from == entry.to) {
                        *overlay.entered.entry(*node).or_default() += 1;
                    }
                }
            }
            if let Some(entry) = shown.last() {
                overlay.active = entry.to.iter().copied().collect();
                overlay.taken = entry.arrows.last().copied();
                overlay.progress = self.player.progress();
                if overlay.taken.is_some_and(|arrow| !project.transitions.contains_key(&arrow)) {
                    overlay.taken = None;
                }
            }
        }
        Some(overlay)
    }
}
