//! A population played through a machine: contact by contact, in parallel, with progress and cancel.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::condition::Fields;
use super::crew::share;
use super::express::Express;
use super::luck::ContactKey;
use super::machine::Machine;
use super::memory::Memory;
use super::react::{Effect, Outcome, Reaction, Step, Stimulus};
use super::report::{Report, Tally};
use super::resting::Resting;
use super::sabotage::Sabotage;
use super::story::{Entry, Story};
use super::world::{Play, Room, World};
use crate::model::dataset::FieldColumn;
use crate::model::{Dataset, EventId, Time, Zone};

/// Recorded occurrences on their way through a machine, or invented contacts in a world.
pub struct Run<'a> {
    machine: &'a Machine,
    dataset: &'a Dataset,
    /// The slot of each event code of the dataset.
    events: Vec<Option<usize>>,
    /// The column of each field slot of the machine.
    columns: Vec<Option<&'a FieldColumn>>,
    until: Time,
    seed: u64,
    /// For charts and datasets that it can carry.
    express: Option<Express<'a>>,
    /// Where nothing is recorded.
    play: Option<Play<'a>>,
}

/// Beyond this many contacts that were won by others, a run no longer follows them.
pub(super) const MOST_REFERRED: usize = 10_000_000;

/// Looks on while contacts are played, one after the other.
pub trait Observer {
    /// Whether [`Self::finished`] looks at attributes and scores.
    const ASKS_FOR_VALUES: bool = true;

    /// The journey of the contact begins.
    fn began(&mut self, _time: Time) {}
    /// Whether [`Self::occasion`] is to be called.
    fn wants_occasion(&self) -> bool {
        false
    }

    /// What the contact is about to react to.
    fn occasion(&mut self, _occasion: &Occasion) {}
    fn left(&mut self, _node: usize, _time: Time) {}
    /// An arrow was taken.
    fn took(&mut self, _arrow: usize, _time: Time) {}
    fn entered(&mut self, _node: usize, _time: Time) {}
    fn effect(&mut self, _effect: &Effect, _time: Time) {}
    /// An action failed, or the contact was stopped.
    fn failed(&mut self) {}
    /// The contact was stopped and is nowhere any more.
    fn halted(&mut self, _time: Time) {}
    /// The condition of a watched arrow was looked at; see [`Run::watch`].
    fn looked(&mut self, _look: Look) {}
    /// A recorded event has been consumed.
    fn processed(&mut self, _outcome: Outcome) {}
    /// The contact at the end of the run.
    fn finished(&mut self, contact: usize, memory: &Memory);
}

/// The condition of an arrow was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub time: Time,
    pub contact: u32,
    pub arrow: u32,
    /// Whether it held.
    pub held: bool,
}

/// What a contact reacts to, its start apart.
#[derive(Clone, Copy)]
pub enum Occasion<'a> {
    /// `None`: an event that the catalogue does not know.
    Event { event: Option<usize>, fields: Fields<'a> },
    /// The timer of this arrow.
    Timer(usize),
    /// An event that the chart had scheduled for itself.
    Scheduled(usize),
}

impl<'a> Occasion<'a> {
    fn of(stimulus: &Stimulus<'a>, reaction: &Reaction) -> Option<Self> {
        match (*stimulus, reaction.timer, reaction.scheduled) {
            (Stimulus::Start(_), _, _) | (Stimulus::Timer, None, None) => None,
            (Stimulus::Event { event, fields, .. }, _, _) => Some(Self::Event { event, fields }),
            (Stimulus::Timer, Some(arrow), _) => Some(Self::Timer(arrow)),
            (Stimulus::Timer, None, Some(event)) => Some(Self::Scheduled(event)),
        }
    }
}

/// Tells an observer what happened in one reaction.
fn tell(observer: &mut impl Observer, stimulus: &Stimulus, memory: &Memory, reaction: &Reaction) {
    if let Stimulus::Start(time) = stimulus {
        observer.began(*time);
    }
    if observer.wants_occasion()
        && let Some(occasion) = Occasion::of(stimulus, reaction)
    {
        observer.occasion(&occasion);
    }
    for step in &reaction.steps {
        match step {
            Step::Left(node) => observer.left(*node, memory.now),
            Step::Took(arrow) => observer.took(*arrow, memory.now),
            Step::Entered(node) => observer.entered(*node, memory.now),
            Step::Effect(effect) => observer.effect(effect, memory.now),
            Step::Failed(_) => observer.failed(),
        }
    }
    if reaction.outcome == Outcome::Halted && !reaction.steps.is_empty() {
        observer.halted(memory.now);
    }
    // A halted contact consumes nothing more.
    if reaction.recorded && (reaction.outcome != Outcome::Halted || !reaction.steps.is_empty()) {
        observer.processed(reaction.outcome);
    }
}

/// How far a run is, and whether it should stop; shared between threads.
#[derive(Debug, Default)]
pub struct Progress {
    contacts: AtomicUsize,
    referred: AtomicUsize,
    cancelled: AtomicBool,
}

impl Progress {
    /// Contacts that are done.
    pub fn contacts(&self) -> usize {
        self.contacts.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, contacts: usize) {
        self.contacts.fetch_add(contacts, Ordering::Relaxed);
    }

    /// Contacts that were won by others and have begun.
    pub fn referred(&self) -> usize {
        self.referred.load(Ordering::Relaxed)
    }

    /// Asks the run to stop soon.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl<'a> Run<'a> {
    /// `events` are the catalogue entries of the dataset's event codes. The run includes everything due at `until`
    /// itself; without it, it ends with the last recorded event.
    #[must_use]
    pub fn new(machine: &'a Machine, dataset: &'a Dataset, events: &[EventId], until: Option<Time>, seed: u64) -> Self {
        let columns: Vec<Option<&FieldColumn>> =
            machine.fields.iter().map(|name| dataset.fields.iter().find(|column| column.name == *name)).collect();
        let until = until.or_else(|| dataset.span().map(|(_, last)| last)).unwrap_or(Time::MIN);
        let events = machine.event_slots(events);
        let fresh = machine.memory(seed, ContactKey::default(), None);
        let express = Express::of(machine, dataset, &events, &columns, &fresh);
        Self { machine, dataset, events, columns, until, seed, express, play: None }
    }

    /// The invented contacts of a world, which was made from the same project as the machine.
    #[must_use]
    pub fn of_world(machine: &'a Machine, world: &'a World, until: Time, seed: u64) -> Self {
        let dataset = world.told();
        let columns: Vec<Option<&FieldColumn>> =
            machine.fields.iter().map(|name| dataset.fields.iter().find(|column| column.name == *name)).collect();
        let fresh = machine.memory(seed, ContactKey::default(), None);
        let mut express = world
            .plain()
            .and_then(|plain| Express::of(machine, dataset, &machine.event_slots(&plain.events), &columns, &fresh));
        // Whoever is drawn as what has no number takes the long way.
        if !express.as_mut().is_none_or(|express| express.populate(world)) {
            express = None;
        }
        let play = Some(Play::new(machine, world, until, seed));
        Self { machine, dataset, events: Vec::new(), columns, until, seed, express, play }
    }

    /// Whether chart and dataset are of the common kind that needs nothing but numbers and so runs much faster.
    pub fn is_express(&self) -> bool {
        self.express.is_some()
    }

    pub fn machine(&self) -> &'a Machine {
        self.machine
    }

    /// The last instant of the run, itself included.
    pub fn until(&self) -> Time {
        self.until
    }

    pub fn contact_count(&self) -> usize {
        self.play.as_ref().map_or(self.dataset.contacts.len(), Play::contact_count)
    }

    /// What the contact is called.
    #[must_use]
    pub fn contact_name(&self, contact: usize) -> Cow<'a, str> {
        match &self.play {
            Some(play) => Cow::Owned(play.world.name(contact)),
            None => Cow::Borrowed(&self.dataset.contacts[contact]),
        }
    }

    /// Totals over everybody, or `None` if it was cancelled. The result does not depend on `threads`.
    #[must_use]
    pub fn report(&self, threads: usize, progress: &Progress) -> Option<Report> {
        self.prepare(progress)?;
        let hire = || Worker::new(self);
        let workers = share(self.contact_count(), threads, progress, hire, |worker, contacts| {
            for contact in contacts {
                worker.play(self, contact, progress);
                worker.play_referred(self, progress);
            }
        })?;
        Some(self.total(workers, progress))
    }

    /// Totals over everybody, and where each contact rests at the end.
    #[must_use]
    pub fn played(&self, threads: usize, progress: &Progress) -> Option<(Report, Resting)> {
        self.prepare(progress)?;
        let hire = || (Worker::new(self), Vec::new());
        let workers = share(self.contact_count(), threads, progress, hire, |(worker, parts), contacts| {
            let mut part = Resting::with_room(contacts.len());
            for contact in contacts.clone() {
                worker.play(self, contact, progress);
                part.push(self.machine, &worker.player.memory);
                worker.play_referred(self, progress);
            }
            parts.push((contacts.start, part));
        })?;
        let (workers, parts): (Vec<_>, Vec<_>) = workers.into_iter().unzip();
        let mut parts: Vec<(usize, Resting)> = parts.into_iter().flatten().collect();
        parts.sort_unstable_by_key(|(start, _)| *start);
        let mut resting = Resting::with_room(self.contact_count());
        for (_, part) in &parts {
            resting.append(part);
        }
        Some((self.total(workers, progress), resting))
    }

    /// What has to be known before contacts are played each for itself.
    fn prepare(&self, progress: &Progress) -> Option<()> {
        self.play.as_ref().map_or(Some(()), |play| play.prepare(progress).map(|_| ()))
    }

    fn total(&self, workers: Vec<Worker<'a>>, progress: &Progress) -> Report {
        let mut total = Tally::new(self.machine, self.until).finish();
        let mut others = total.clone();
        for worker in workers {
            total = total.merged(worker.tally.finish());
            others = others.merged(worker.referred.finish());
        }
        // Which of too many were played depends on the threads; that there were too many does not.
        total.endless_referrals = progress.referred() > MOST_REFERRED;
        total.newcomers = (others.contacts > 0 && !total.endless_referrals).then(|| Box::new(others));
        total
    }

    /// Plays these contacts and shows `observer` what they do; those whom they win are not followed.
    pub fn follow(&self, contacts: std::ops::Range<usize>, observer: &mut impl Observer) {
        let mut player = Player::new(self, Reaction::of_totals());
        for contact in contacts {
            self.observe(contact, &mut player, observer, &Progress::default());
            player.room.won.clear();
        }
    }

    /// Like [`Self::follow`], and tells whenever the condition of one of these arrows is looked at.
    pub fn watch(&self, contacts: std::ops::Range<usize>, arrows: &[usize], observer: &mut impl Observer) {
        let mut player = Player::new(self, Reaction::watching(self.machine.arrow_count(), arrows));
        for contact in contacts {
            let number = u32::try_from(contact).unwrap_or(u32::MAX);
            self.reactions(contact, &mut player, &Progress::default(), |stimulus, memory, reaction| {
                for (arrow, held) in &reaction.looks {
                    let arrow = u32::try_from(*arrow).unwrap_or(u32::MAX);
                    observer.looked(Look { time: memory.now, contact: number, arrow, held: *held });
                }
                tell(observer, stimulus, memory, reaction);
            });
            observer.finished(contact, &player.memory);
            player.room.won.clear();
        }
    }

    fn observe(&self, contact: usize, player: &mut Player<'a>, observer: &mut impl Observer, progress: &Progress) {
        if let (Some(express), Some(play)) = (&self.express, &self.play) {
            express.play_world(contact, play, player, observer, progress);
        } else if let Some(express) = &self.express {
            express.play(contact, self.until, &mut player.memory, observer);
        } else {
            self.reactions(contact, player, progress, |stimulus, memory, reaction| {
                tell(observer, stimulus, memory, reaction);
            });
        }
        observer.finished(contact, &player.memory);
    }

    /// Plays one contact the long way and shows every stimulus with what it did.
    fn reactions(
        &self,
        contact: usize,
        player: &mut Player<'a>,
        progress: &Progress,
        mut observe: impl FnMut(&Stimulus, &Memory, &Reaction<'a>),
    ) {
        match &self.play {
            Some(play) => play.contact(contact, player, progress, |stimulus, _, memory, reaction| {
                observe(stimulus, memory, reaction);
            }),
            None => self.play(contact, player, |stimulus, _, memory, reaction| observe(stimulus, memory, reaction)),
        }
    }

    /// What happened to one contact, and why.
    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        let mut entries = Vec::new();
        let mut player = Player::new(self, Reaction::new(true));
        if let Some(play) = &self.play {
            play.contact(contact, &mut player, &Progress::default(), |stimulus, event, memory, reaction| {
                let event = event.map_or("", |event| self.machine.event_name(event));
                entries.push(Entry::of(self.machine, stimulus, event, memory, reaction));
            });
        } else {
            self.play(contact, &mut player, |stimulus, code, memory, reaction| {
                let event = code.and_then(|code| self.dataset.event_names.get(code)).map_or("", String::as_str);
                entries.push(Entry::of(self.machine, stimulus, event, memory, reaction));
            });
        }
        Story { contact: self.contact_name(contact).into_owned(), entries }
    }

    /// The one loop of every run: timers that are due strictly before an event, then the event, at last the timers up to
    /// and including the end of the run. Shows the stimulus, and the code of the event if it is one.
    fn play(
        &self,
        contact: usize,
        player: &mut Player<'a>,
        mut observe: impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'a>),
    ) {
        self.meet(contact, player);
        let Player { memory, reaction, .. } = player;
        let range = self.dataset.range(contact);
        let first = self.dataset.times.get(range.start).copied().filter(|_| !range.is_empty());
        let given = self.dataset.starts.get(contact).copied().flatten();
        let Some(start) = given.or(first).filter(|start| *start <= self.until) else { return };
        let mut step = |memory: &mut Memory, stimulus: &Stimulus, code: Option<usize>| {
            self.machine.react(memory, stimulus, reaction);
            observe(stimulus, code, memory, reaction);
        };
        let hasty = self.machine.suffers(Sabotage::TimerBeforeEvent);
        let mut started = false;
        let times = &self.dataset.times[range.clone()];
        let codes = &self.dataset.codes[range.clone()];
        for ((&time, &code), row) in times.iter().zip(codes).zip(range) {
            if time > self.until {
                break;
            }
            let code = usize::from(code);
            let fields = Fields::of_row(&self.columns, row);
            let stimulus = Stimulus::Event { time, event: self.events.get(code).copied().flatten(), fields };
            if time < start {
                // Before the journey: remembered, but nothing reacts yet.
                self.machine.react(memory, &stimulus, &mut Reaction::new(false));
                continue;
            }
            if !std::mem::replace(&mut started, true) {
                step(memory, &Stimulus::Start(start), None);
            }
            while self.machine.next_due(memory).is_some_and(|due| due < time || (due == time && hasty)) {
                step(memory, &Stimulus::Timer, None);
            }
            step(memory, &stimulus, Some(code));
        }
        if !started {
            step(memory, &Stimulus::Start(start), None);
        }
        while self.machine.next_due(memory).is_some_and(|due| due <= self.until) {
            step(memory, &Stimulus::Timer, None);
        }
    }

    /// The contact before its journey, with what is known of it.
    fn meet(&self, contact: usize, player: &mut Player<'a>) {
        let named = self.dataset.zones.get(contact).filter(|zone| !zone.is_empty());
        let zone = named.and_then(|zone| Zone::named(zone).ok());
        player.memory.begin(&player.fresh, ContactKey::of(&self.dataset.contacts[contact]), zone.as_ref());
        player.memory.seed = self.seed;
        for (id, values) in &self.dataset.attributes {
            if let Some(value) = values.get(contact) {
                self.machine.set_attribute(&mut player.memory, *id, value);
            }
        }
    }
}

/// What plays one contact after the other, so that each finds the room that the last one needed.
pub(super) struct Player<'m> {
    /// A contact of whom nothing is known.
    pub(super) fresh: Memory,
    pub(super) memory: Memory,
    pub(super) reaction: Reaction<'m>,
    pub(super) room: Room,
}

impl<'m> Player<'m> {
    fn new(run: &Run<'m>, reaction: Reaction<'m>) -> Self {
        let fresh = run.machine.memory(0, ContactKey::default(), None);
        let room = run.play.as_ref().map_or_else(Room::default, Play::room);
        Self { memory: fresh.clone(), fresh, reaction, room }
    }
}

/// One thread's share of a run.
struct Worker<'m> {
    player: Player<'m>,
    tally: Tally<'m>,
    /// Of those who were won by others.
    referred: Tally<'m>,
}

impl<'m> Worker<'m> {
    fn new(run: &Run<'m>) -> Self {
        let tally = || Tally::new(run.machine, run.until);
        Self { player: Player::new(run, Reaction::of_totals()), tally: tally(), referred: tally() }
    }

    fn play(&mut self, run: &Run<'m>, contact: usize, progress: &Progress) {
        run.observe(contact, &mut self.player, &mut self.tally, progress);
    }

    /// Those whom the last contact won, and those whom they won, until there are too many.
    fn play_referred(&mut self, run: &Run<'m>, progress: &Progress) {
        let Some(play) = &run.play else { return };
        while let Some(referral) = self.player.room.won.pop() {
            if progress.referred.fetch_add(1, Ordering::Relaxed) >= MOST_REFERRED || progress.is_cancelled() {
                self.player.room.won.clear();
                return;
            }
            let observer = &mut self.referred;
            play.referral(referral, &mut self.player, progress, |stimulus, _, memory, reaction| {
                tell(observer, stimulus, memory, reaction);
            });
            observer.finished(0, &self.player.memory);
        }
    }
}
