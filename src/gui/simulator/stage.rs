//! Everybody's moves, made ready for the clock in the background, and where the clock stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::Context;

use super::clock::{Clock, Reel, Stopped, Stops};
use super::script::Script;
use super::task::{Polled, Task, poll};
use super::work::{Setup, threads};
use crate::gui::Breakpoint;
use crate::model::{NodeKind, Project, TransitionId, grouped};
use crate::simulation::by_hand::Sent;
use crate::simulation::timeline::{By, Counts, Looks, MOST_MOVES, Missing, Tallies};
use crate::simulation::{Progress, Story, Timeline};

/// What the moves were made from, besides the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    sent: Vec<Sent>,
    /// Arrows whose conditions are watched, by slot.
    watched: Vec<usize>,
}

/// Moves and looks; first as they are, then with what was sent by hand.
#[derive(Clone, Default)]
struct Made {
    timeline: Option<Arc<Timeline>>,
    watched: Vec<usize>,
    looks: Option<Arc<Looks>>,
    shown: Option<Arc<Timeline>>,
    shown_looks: Option<Arc<Looks>>,
    /// The run with what was sent by hand, where that may change everybody.
    changed: Option<Arc<Setup>>,
    wish: Wish,
}

pub(super) struct Stage {
    setup: Option<Arc<Setup>>,
    made: Made,
    /// Grows whenever other moves are shown.
    version: u64,
    task: Option<Task<Result<Made, Missing>>>,
    /// Why there is no clock, or no stop at conditions.
    problem: Option<String>,
    /// What failed, so that it is not tried again and again.
    failed: Option<Wish>,
    script: Option<Script>,
    clock: Clock,
    breakpoints: BTreeSet<Breakpoint>,
    /// By way of the shown timeline: whether playing stops there.
    stops: Vec<bool>,
    stopped: Option<(Breakpoint, u32)>,
    /// Whether the clock stood at the end when the moves were last there.
    at_end: bool,
    sent: Vec<Sent>,
    /// The shortest and the longest mean time in a state at the end of the run.
    times: Option<(i64, i64)>,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
            setup: None,
            made: Made::default(),
            version: 0,
            task: None,
            problem: None,
            failed: None,
            script: None,
            clock: Clock::default(),
            breakpoints: BTreeSet::new(),
            stops: Vec::new(),
            stopped: None,
            at_end: true,
            sent: Vec::new(),
            times: None,
        }
    }
}

impl Stage {
    /// Another run is shown, on which the clock stays where it was as far as possible.
    pub(super) fn begin(&mut self, setup: Arc<Setup>, same_people: bool) {
        self.at_end = self.stood_at_end();
        if !same_people {
            self.sent.clear();
            self.clock = Clock::default();
            self.at_end = true;
        }
        self.task = None;
        self.problem = None;
        self.failed = None;
        self.stopped = None;
        self.made = Made::default();
        self.setup = Some(setup);
        self.stops.clear();
        self.clock.pause();
    }

    pub(super) fn follow(&mut self, contact: usize, story: Option<&Story>) {
        let was_at_end = self.stood_at_end();
        self.script = story.map(|story| Script::of(contact, story));
        // Where the moves are still being put in order, the clock waits for them.
        if self.made.shown.is_some() || self.problem.is_some() {
            let reel = Reel { timeline: self.made.shown.as_deref(), script: self.script.as_ref() };
            self.clock.settle(reel, was_at_end);
        }
    }

    fn stood_at_end(&self) -> bool {
        if self.made.shown.is_some() { self.is_at_end() } else { self.at_end }
    }

    /// Gives up making the moves ready.
    pub(super) fn cancel(&mut self) {
        self.task = None;
        self.failed = Some(self.wish());
        self.problem = Some(String::from("Cancelled. The counts are those of the end of the run; F5 runs it again."));
    }

    /// Takes what was made in the background, begins what is missing, and lets time pass; whether other moves are shown.
    pub(super) fn update(&mut self, project: &Project, ctx: &Context) -> bool {
        let mut is_new = false;
        match poll(&mut self.task) {
            Polled::Waiting => {}
            Polled::Done(Ok(made)) => {
                self.show(made, project);
                is_new = true;
            }
            Polled::Done(Err(Missing::TooMany(most))) => {
                let watched = self.made.timeline.is_some() && self.wish().sent == self.made.wish.sent;
                let what = if watched { "looks at these conditions" } else { "moves and messages" };
                self.fail(format!(
                    "This run has more than {} {what}, too many to keep. The counts are those of its end.",
                    grouped(most as u64)
                ));
            }
            Polled::Done(Err(Missing::Endless(most))) => self.fail(format!(
                "Contacts win more than {} others, too many to keep. The counts are those of the contacts who start by \
                 themselves, at the end of the run.",
                grouped(most as u64)
            )),
            Polled::Done(Err(Missing::Cancelled)) | Polled::Broken => {
                self.fail(String::from("The moves could not be put in order. Run it again."));
            }
        }
        let wish = self.wish();
        let wanted = self.made.shown.is_none() || self.made.wish != wish;
        if wanted && self.task.is_none() && self.failed.as_ref() != Some(&wish) {
            self.make(wish, project, ctx);
        }
        let reel = Reel { timeline: self.made.shown.as_deref(), script: self.script.as_ref() };
        let stops = Stops { ways: &self.stops, looks: self.made.shown_looks.as_deref() };
        let stopped = self.clock.advance(ctx.input(|input| input.time), reel, stops);
        if let Some(stopped) = stopped {
            self.stopped = self.reason(stopped);
        }
        if self.clock.is_moving() {
            ctx.request_repaint_after(std::time::Duration::from_millis(33));
        }
        is_new
    }

    /// What cannot be made is not tried again, and events that would have been part of it are not sent.
    fn fail(&mut self, problem: String) {
        self.problem = Some(problem);
        if self.made.shown.is_some() {
            self.sent.clone_from(&self.made.wish.sent);
        }
        self.failed = Some(self.wish());
    }

    /// While everybody is played again because of what was sent by hand: how far that is, between 0 and 1.
    pub(super) fn playing_again(&self) -> Option<f32> {
        let is_shared = self.setup.as_ref().is_some_and(|setup| setup.is_shared());
        let changed = is_shared && self.made.shown.is_some() && self.made.wish.sent != self.sent;
        self.task.as_ref().filter(|_| changed).map(Task::share)
    }

    /// Gives that up: nothing of it was sent, or taken back.
    pub(super) fn stop_playing_again(&mut self) {
        self.task = None;
        self.sent.clone_from(&self.made.wish.sent);
    }

    fn wish(&self) -> Wish {
        let asked = self.breakpoints.iter().filter_map(|breakpoint| match breakpoint {
            Breakpoint::Asked(arrow) => self.setup.as_ref()?.machine.arrow_slot(*arrow),
            _ => None,
        });
        Wish { sent: self.sent.clone(), watched: asked.collect() }
    }

    fn make(&mut self, wish: Wish, project: &Project, ctx: &Context) {
        let Some(setup) = self.setup.clone() else { return };
        let before = self.made.clone();
        let project = (!wish.sent.is_empty()).then(|| project.clone());
        let changed = setup.is_shared() && !wish.sent.is_empty();
        let passes = usize::from(before.timeline.is_none())
            + usize::from(!wish.watched.is_empty()) * (1 + usize::from(changed))
            + 2 * usize::from(changed);
        let contacts = (setup.contacts() * passes.max(1)) as u64;
        self.problem = None;
        self.task = Some(Task::start(ctx, contacts, move |progress| {
            match make(&setup, before, wish, project.as_ref(), progress) {
                Err(Missing::Cancelled) => None,
                made => Some(made),
            }
        }));
    }

    fn show(&mut self, made: Made, project: &Project) {
        let was_at_end = self.stood_at_end();
        self.made = made;
        self.version += 1;
        self.failed = None;
        self.prepare_stops();
        if let (Some(timeline), Some(setup)) = (&self.made.shown, &self.setup) {
            let (_, last) = timeline.span();
            let counts = timeline.counts(timeline.moves().len());
            let is_end = |node: usize| {
                project.nodes.get(&setup.machine.node_id(node)).is_none_or(|node| node.kind == NodeKind::End)
            };
            let visited = (0..setup.machine.node_count()).filter(|node| setup.machine.is_leaf(*node) && !is_end(*node));
            let means: Vec<i64> = visited.filter_map(|node| counts.mean_time(node, last)).collect();
            // Below a small part of the longest, differences say nothing.
            let longest = means.iter().copied().max();
            self.times =
                longest.map(|longest| (means.iter().copied().fold(longest, i64::min).max(longest / 300), longest));
        }
        let reel = Reel { timeline: self.made.shown.as_deref(), script: self.script.as_ref() };
        self.clock.settle(reel, was_at_end);
    }

    fn prepare_stops(&mut self) {
        self.stops.clear();
        let (Some(timeline), Some(setup)) = (&self.made.shown, &self.setup) else { return };
        let stops = |breakpoint: &Breakpoint| !matches!(breakpoint, Breakpoint::Asked(_));
        if self.breakpoints.iter().any(stops) {
            let machine = &setup.machine;
            self.stops.extend(timeline.ways().iter().map(|way| {
                let entered =
                    |node: &u32| self.breakpoints.contains(&Breakpoint::Entered(machine.node_id(*node as usize)));
                let taken = match way.by {
                    By::Arrow(arrow) => self.breakpoints.contains(&Breakpoint::Taken(machine.arrow_id(arrow as usize))),
                    By::Start | By::Halt => false,
                };
                taken || way.entered.iter().any(entered)
            }));
        }
    }

    /// At which breakpoint it stopped, and who came there.
    fn reason(&self, stopped: Stopped) -> Option<(Breakpoint, u32)> {
        let (timeline, setup) = (self.made.shown.as_ref()?, self.setup.as_ref()?);
        match stopped {
            Stopped::Look(look) => Some((Breakpoint::Asked(setup.machine.arrow_id(look.arrow as usize)), look.contact)),
            Stopped::Move(place) => {
                let one = timeline.moves()[place];
                let way = timeline.way(&one);
                let taken = match way.by {
                    By::Arrow(arrow) => Some(Breakpoint::Taken(setup.machine.arrow_id(arrow as usize))),
                    By::Start | By::Halt => None,
                };
                let entered = way.entered.iter().map(|node| Breakpoint::Entered(setup.machine.node_id(*node as usize)));
                let found = taken.into_iter().chain(entered).find(|found| self.breakpoints.contains(found))?;
                Some((found, one.contact))
            }
        }
    }

    pub(super) fn toggle(&mut self, breakpoint: Breakpoint) {
        if !self.breakpoints.remove(&breakpoint) {
            self.breakpoints.insert(breakpoint);
        }
        self.prepare_stops();
    }

    pub(super) fn breakpoints(&self) -> &BTreeSet<Breakpoint> {
        &self.breakpoints
    }

    /// Those whose state or arrow is gone, or whose condition is, are gone too.
    pub(super) fn keep_breakpoints(&mut self, project: &Project) {
        let before = self.breakpoints.len();
        self.breakpoints.retain(|breakpoint| Breakpoint::possible(project, breakpoint.at()).contains(breakpoint));
        if self.breakpoints.len() != before {
            self.prepare_stops();
        }
    }

    pub(super) fn sent(&self) -> &[Sent] {
        &self.sent
    }

    pub(super) fn send(&mut self, sent: Sent) {
        self.sent.push(sent);
    }

    pub(super) fn take_back(&mut self, place: Option<usize>) {
        match place {
            Some(place) if place < self.sent.len() => {
                self.sent.remove(place);
            }
            Some(_) => {}
            None => self.sent.clear(),
        }
    }

    pub(super) fn setup(&self) -> Option<&Setup> {
        self.setup.as_deref()
    }

    /// How many contacts are shown: once their moves are in order, also those whom others have won.
    pub(super) fn contacts(&self) -> usize {
        let newcomers = self.timeline().map_or(0, |timeline| timeline.newcomers().len());
        self.setup.as_ref().map_or(0, |setup| setup.contacts()) + newcomers
    }

    /// What a contact is called.
    pub(super) fn name(&self, contact: usize) -> String {
        let Some(setup) = &self.setup else { return String::new() };
        let newcomers = self.timeline().map(Timeline::newcomers);
        let newcomer = newcomers.and_then(|all| Some((all.get(contact)?.root, all.path(contact)?)));
        newcomer.map_or_else(|| setup.name(contact), |(root, path)| setup.name(root as usize) + &path)
    }

    /// The contact of that name.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        (0..self.contacts()).find(|contact| self.name(*contact) == name)
    }

    /// Whether a contact was won by another one.
    pub(super) fn is_newcomer(&self, contact: usize) -> bool {
        self.timeline().is_some_and(|timeline| timeline.newcomers().get(contact).is_some())
    }

    /// What a contact did, with what was sent by hand; where that may change everybody, once they were played again.
    pub(super) fn story(&self, project: &Project, contact: usize) -> Option<Story> {
        let setup = self.made.changed.as_deref().or(self.setup.as_deref())?;
        if let Some(newcomer) = self.timeline().and_then(|timeline| timeline.newcomers().get(contact)) {
            return Some(setup.story_of_newcomer(newcomer, self.name(contact)));
        }
        (contact < setup.contacts()).then(|| setup.story(project, contact, &self.sent))
    }

    pub(super) fn timeline(&self) -> Option<&Timeline> {
        self.made.shown.as_deref()
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn reel(&self) -> Reel<'_> {
        Reel { timeline: self.timeline(), script: self.script.as_ref() }
    }

    pub(super) fn script(&self) -> Option<&Script> {
        self.script.as_ref()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.clock.is_at_end(self.reel())
    }

    /// Moves the clock.
    pub(super) fn turn(&mut self, how: impl FnOnce(&mut Clock, Reel)) {
        let reel = Reel { timeline: self.made.shown.as_deref(), script: self.script.as_ref() };
        how(&mut self.clock, reel);
        self.stopped = None;
    }

    pub(super) fn stopped(&self) -> Option<(Breakpoint, u32)> {
        self.stopped
    }

    /// Between 0 and 1 while something is being made ready.
    pub(super) fn progress(&self) -> Option<f32> {
        self.task.as_ref().map(Task::share)
    }

    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// What has become of messages at the clock.
    pub(super) fn sends(&self) -> Option<Tallies> {
        self.timeline().map(|timeline| timeline.sends(self.clock.moment(self.reel())))
    }

    /// All counts at the clock.
    pub(super) fn counts(&self) -> Option<Counts> {
        self.timeline().map(|timeline| timeline.counts(self.clock.done()))
    }

    pub(super) fn times(&self) -> Option<(i64, i64)> {
        self.times
    }

    /// The arrow of a move, if it was one.
    pub(super) fn arrow(&self, timeline: &Timeline, place: usize) -> Option<TransitionId> {
        match timeline.way(&timeline.moves()[place]).by {
            By::Arrow(arrow) => self.setup.as_ref().map(|setup| setup.machine.arrow_id(arrow as usize)),
            By::Start | By::Halt => None,
        }
    }
}

fn make(
    setup: &Setup,
    before: Made,
    wish: Wish,
    project: Option<&Project>,
    progress: &Progress,
) -> Result<Made, Missing> {
    let run = setup.run();
    let timeline = match before.timeline {
        Some(timeline) => timeline,
        None => Arc::new(Timeline::new(&run, threads(), progress, MOST_MOVES)?),
    };
    let looks = match before.looks {
        _ if wish.watched.is_empty() => None,
        Some(looks) if before.watched == wish.watched => Some(looks),
        _ => Some(Arc::new(Looks::new(&run, &wish.watched, threads(), progress, MOST_MOVES)?)),
    };
    let (mut shown, mut shown_looks) = (Arc::clone(&timeline), looks.clone());
    let mut changed = None;
    if let Some(all) = setup.with_sent(&wish.sent).filter(|_| !wish.sent.is_empty()) {
        let all = Arc::new(all.prepared(progress).ok_or(Missing::Cancelled)?);
        let run = all.run();
        shown = Arc::new(Timeline::new(&run, threads(), progress, MOST_MOVES)?);
        if !wish.watched.is_empty() {
            shown_looks = Some(Arc::new(Looks::new(&run, &wish.watched, threads(), progress, MOST_MOVES)?));
        }
        drop(run);
        changed = Some(all);
    } else {
        let contacts: BTreeSet<u32> = wish.sent.iter().map(|sent| sent.contact).collect();
        for contact in contacts {
            let Some(alone) = project.and_then(|project| setup.alone(project, contact, &wish.sent)) else { continue };
            let run = alone.run();
            shown = Arc::new(shown.with(contact, &run, progress, MOST_MOVES)?);
            if let Some(looks) = shown_looks {
                let looks = looks.with(contact, &run, &wish.watched, progress, MOST_MOVES)?;
                shown_looks = Some(Arc::new(looks));
            }
        }
    }
    let watched = wish.watched.clone();
    Ok(Made { timeline: Some(timeline), watched, looks, shown: Some(shown), shown_looks, changed, wish })
}
