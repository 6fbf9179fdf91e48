//! The Simulate workspace: who runs, everybody on the canvas under a clock, one contact's story to read and to replay.

mod by_hand;
pub mod caption;
mod clock;
mod expecting;
mod heights;
mod overlay;
mod people;
mod script;
mod scrub;
mod stage;
mod stops;
mod story;
pub(in crate::gui) mod task;
mod timing;
mod transport;
mod withheld;
mod work;

use std::collections::BTreeSet;

use egui::Context;

use super::Breakpoint;
use super::command::Command;
use crate::document::Document;
use crate::model::{DatasetId, NodeId, Population, Project, Time};
use crate::simulation::{Report, Story};
use clock::Clock;
use heights::Heights;
use scrub::Scrub;
use stage::Stage;
use timing::Asking;
use work::Worker;

pub(super) use story::line_ui;
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
    /// Its totals with those whom others have won, where there are any.
    whole: Option<Report>,
    problem: Option<String>,
    filter: String,
    contact: Option<usize>,
    /// Who is to be followed as soon as that contact is there.
    awaited: Option<String>,
    story: Option<Story>,
    heights: Heights,
    stage: Stage,
    scrub: Scrub,
    timing: Asking,
    /// The line that the panel was last scrolled to.
    followed: Option<(Option<usize>, usize)>,
}

impl Simulator {
    /// Takes finished work, starts a run when what is shown is out of date, and lets time pass.
    pub fn update(&mut self, document: &Document, ctx: &Context) {
        match self.worker.poll() {
            Some(Ok(played)) => self.show(played, document.project()),
            Some(Err(problem)) => {
                (self.played, self.whole) = (None, None);
                self.stage = Stage::default();
                self.show_story(None, document.project());
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
        self.stage.keep_breakpoints(document.project());
        if self.stage.update(document.project(), ctx) {
            self.follow_on(document.project());
        }
    }

    /// Other moves are shown: the same contact is followed, who may have another place and another story.
    fn follow_on(&mut self, project: &Project) {
        let Some(name) = self.awaited.take().or(self.story.as_ref().map(|story| story.contact.clone())) else { return };
        let contact = self.stage.named(&name);
        let same = contact == self.contact;
        let story = contact.and_then(|contact| self.stage.story(project, contact));
        if !same || story != self.story {
            self.show_story(contact, project);
        }
    }

    /// The totals of everybody who is shown, also of those whom others have won.
    fn whole(&self) -> Option<&Report> {
        self.whole.as_ref().or(self.played.as_ref().map(|played| &played.report))
    }

    /// Another run; the same contact is followed if it is still there.
    fn show(&mut self, played: Played, project: &Project) {
        let chosen = self.awaited.take().or(self.story.as_ref().map(|story| story.contact.clone()));
        let before = self.played.as_ref().map(|played| (played.key.population, played.setup.contacts()));
        let same_people = before == Some((played.key.population, played.setup.contacts()));
        self.stage.begin(std::sync::Arc::clone(&played.setup), same_people);
        let report = &played.report;
        self.whole = report
            .newcomers
            .as_ref()
            .map(|others| Report { newcomers: None, ..report.clone() }.merged(*others.clone()));
        self.played = Some(played);
        self.problem = None;
        let contact = chosen.as_ref().and_then(|name| self.stage.named(name));
        self.show_story(contact, project);
        // Those whom others win are known only when everybody's moves are in order.
        self.awaited = chosen.filter(|_| contact.is_none());
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
        self.contact = None;
        self.awaited = None;
        self.story = None;
        self.stage.follow(0, None);
    }

    /// Forgets the run that is shown, so that the next frame starts one.
    pub fn run_again(&mut self) {
        (self.played, self.whole) = (None, None);
        self.problem = None;
        self.worker.forget();
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

    /// The instant that is shown, once everybody's moves are in order.
    pub fn time(&self) -> Option<Time> {
        self.stage.timeline().map(|_| self.stage.clock().time())
    }

    /// How many moves of anybody are done at the clock, and how many there are.
    pub fn moves(&self) -> Option<(usize, usize)> {
        self.stage.timeline().map(|timeline| (self.stage.clock().done(), timeline.moves().len()))
    }

    pub fn is_playing(&self) -> bool {
        self.stage.clock().is_playing()
    }

    /// Follows a contact from now on, or nobody. The clock stays where it is.
    fn show_story(&mut self, contact: Option<usize>, project: &Project) {
        self.contact = contact;
        self.awaited = None;
        self.heights = Heights::default();
        self.story = contact.and_then(|contact| self.stage.story(project, contact));
        self.stage.follow(contact.unwrap_or(0), self.story.as_ref());
    }

    /// Follows the contact of that name, with the clock at `time`.
    pub fn show_contact(&mut self, name: &str, time: Time, project: &Project) {
        self.show_story(self.stage.named(name), project);
        self.stage.turn(|clock, reel| {
            clock.pause();
            clock.go(time, reel);
        });
    }

    /// Follows a contact that rests in a state, by its place among the dots: the followed one is the first.
    pub fn follow(&mut self, node: NodeId, place: u16, project: &Project) {
        let followed = self.contact.and_then(|contact| u32::try_from(contact).ok());
        let (Some(timeline), Some(setup)) = (self.stage.timeline(), self.stage.setup()) else { return };
        let Some(slot) = setup.machine.node_slot(node).and_then(|slot| u32::try_from(slot).ok()) else { return };
        let done = self.stage.clock().done();
        let is_first = |contact: &u32| timeline.whereabouts(*contact, done).contains(&slot);
        let first = followed.filter(is_first);
        let others = timeline.who_rests(slot, done, first);
        let chosen = first.into_iter().chain(others).nth(usize::from(place));
        if let Some(contact) = chosen {
            self.show_story(Some(contact as usize), project);
        }
    }

    /// Sets a breakpoint, or takes it away.
    pub fn toggle(&mut self, breakpoint: Breakpoint) {
        self.stage.toggle(breakpoint);
    }

    pub fn breakpoints(&self) -> &BTreeSet<Breakpoint> {
        self.stage.breakpoints()
    }

    /// What a key or a button about the clock asks for.
    pub fn command(&mut self, command: Command) {
        let speed = self.stage.clock().speed();
        match command {
            Command::PlayOrPause => self.stage.turn(Clock::play_or_pause),
            Command::StepForward => self.stage.turn(Clock::step),
            Command::StepBack => self.stage.turn(Clock::step_back),
            Command::ToStart => self.stage.turn(|clock, reel| {
                clock.pause();
                clock.rewind(reel);
            }),
            Command::ToEnd => self.stage.turn(|clock, reel| {
                clock.pause();
                clock.go(Time::MAX, reel);
            }),
            Command::Faster => self.stage.turn(|clock, _| clock.set_speed(speed + 1)),
            Command::Slower => self.stage.turn(|clock, _| clock.set_speed(speed.saturating_sub(1))),
            _ => {}
        }
    }
}
