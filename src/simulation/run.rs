//! A population played through a machine: contact by contact, in parallel, with progress and cancel.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::condition::Fields;
use super::express::Express;
use super::luck::ContactKey;
use super::machine::Machine;
use super::memory::Memory;
use super::react::{Effect, Outcome, Reaction, Step, Stimulus};
use super::report::{Report, Tally};
use super::sabotage::Sabotage;
use super::story::{Entry, Story};
use crate::model::dataset::FieldColumn;
use crate::model::{Dataset, EventId, NodeId, Time, Zone};

/// Recorded occurrences on their way through a machine.
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
}

/// Looks on while contacts are played, one after the other.
pub trait Observer {
    /// The journey of the contact begins.
    fn began(&mut self, _time: Time) {}
    /// An arrow was taken.
    fn took(&mut self, _arrow: usize, _time: Time) {}
    fn entered(&mut self, _node: usize) {}
    fn effect(&mut self, _effect: &Effect) {}
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

/// Tells an observer of one stimulus.
fn show(observer: &mut impl Observer, stimulus: &Stimulus, memory: &Memory, reaction: &Reaction) {
    if let Stimulus::Start(time) = stimulus {
        observer.began(*time);
    }
    tell(observer, memory, reaction);
}

/// Tells an observer what happened in one reaction.
fn tell(observer: &mut impl Observer, memory: &Memory, reaction: &Reaction) {
    for step in &reaction.steps {
        match step {
            Step::Left(_) => {}
            Step::Took(arrow) => observer.took(*arrow, memory.now),
            Step::Entered(node) => observer.entered(*node),
            Step::Effect(effect) => observer.effect(effect),
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
        Self { machine, dataset, events, columns, until, seed, express }
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
        self.dataset.contacts.len()
    }

    /// Totals over everybody, or `None` if it was cancelled. The result does not depend on `threads`.
    #[must_use]
    pub fn report(&self, threads: usize, progress: &Progress) -> Option<Report> {
        self.played(threads, progress).map(|(report, _)| report)
    }

    /// Totals over everybody, and the states in which each contact rests at the end, which are several in a parallel.
    #[must_use]
    pub fn played(&self, threads: usize, progress: &Progress) -> Option<(Report, Vec<Vec<NodeId>>)> {
        let contacts = self.contact_count();
        let share = contacts.div_ceil(threads.max(1)).max(1);
        let parts: Vec<(Report, Vec<Vec<NodeId>>)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..contacts)
                .step_by(share)
                .map(|start| scope.spawn(move || self.part(start..(start + share).min(contacts), progress)))
                .collect();
            // A worker that panicked has found a defect of ours; carrying on with fewer contacts would hide it.
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        (!progress.is_cancelled()).then(|| {
            let mut total = Tally::new(self.machine).finish();
            let mut resting = Vec::with_capacity(contacts);
            for (report, part) in parts {
                total = total.merged(report);
                resting.extend(part);
            }
            (total, resting)
        })
    }

    fn part(&self, contacts: std::ops::Range<usize>, progress: &Progress) -> (Report, Vec<Vec<NodeId>>) {
        const PROGRESS_EVERY: usize = 256;
        let mut tally = Tally::new(self.machine);
        let mut resting = Vec::with_capacity(contacts.len());
        let mut player = Player::new(self.machine, Reaction::of_totals());
        for (done, contact) in contacts.enumerate() {
            if done % PROGRESS_EVERY == PROGRESS_EVERY - 1 {
                progress.contacts.fetch_add(PROGRESS_EVERY, Ordering::Relaxed);
                if progress.is_cancelled() {
                    break;
                }
            }
            self.observe(contact, &mut player, &mut tally);
            resting.push(player.memory.leaves().iter().map(|slot| self.machine.node_id(*slot)).collect());
        }
        (tally.finish(), resting)
    }

    /// Plays these contacts and shows `observer` what they do.
    pub fn follow(&self, contacts: std::ops::Range<usize>, observer: &mut impl Observer) {
        let mut player = Player::new(self.machine, Reaction::of_totals());
        for contact in contacts {
            self.observe(contact, &mut player, observer);
        }
    }

    /// Like [`Self::follow`], and tells whenever the condition of one of these arrows is looked at.
    pub fn watch(&self, contacts: std::ops::Range<usize>, arrows: &[usize], observer: &mut impl Observer) {
        let mut player = Player::new(self.machine, Reaction::watching(self.machine.arrow_count(), arrows));
        for contact in contacts {
            let number = u32::try_from(contact).unwrap_or(u32::MAX);
            self.play(contact, &mut player, |stimulus, _, memory, reaction| {
                for (arrow, held) in &reaction.looks {
                    let arrow = u32::try_from(*arrow).unwrap_or(u32::MAX);
                    observer.looked(Look { time: memory.now, contact: number, arrow, held: *held });
                }
                show(observer, stimulus, memory, reaction);
            });
            observer.finished(contact, &player.memory);
        }
    }

    fn observe(&self, contact: usize, player: &mut Player<'a>, observer: &mut impl Observer) {
        if let Some(express) = &self.express {
            express.play(contact, self.until, &mut player.memory, observer);
        } else {
            self.play(contact, player, |stimulus, _, memory, reaction| show(observer, stimulus, memory, reaction));
        }
        observer.finished(contact, &player.memory);
    }

    /// What happened to one contact, and why.
    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        let mut entries = Vec::new();
        let mut player = Player::new(self.machine, Reaction::new(true));
        self.play(contact, &mut player, |stimulus, code, memory, reaction| {
            let event = code.and_then(|code| self.dataset.event_names.get(code)).map_or("", String::as_str);
            entries.push(Entry::of(self.machine, stimulus, event, memory, reaction));
        });
        Story { contact: self.dataset.contacts[contact].clone(), entries }
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
            let fields = Fields { columns: &self.columns, row, ..Fields::default() };
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
struct Player<'m> {
    /// A contact of whom nothing is known.
    fresh: Memory,
    memory: Memory,
    reaction: Reaction<'m>,
}

impl<'m> Player<'m> {
    fn new(machine: &'m Machine, reaction: Reaction<'m>) -> Self {
        let fresh = machine.memory(0, ContactKey::default(), None);
        Self { memory: fresh.clone(), fresh, reaction }
    }
}
