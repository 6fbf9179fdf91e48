//! A population played through a machine: contact by contact, in parallel, with progress and cancel.

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
use crate::model::dataset::FieldColumn;
use crate::model::{Dataset, EventId, Time, Zone};

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
    /// Whether [`Self::finished`] looks at attributes and scores.
    const ASKS_FOR_VALUES: bool = true;

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
    /// A recorded event has been consumed.
    fn processed(&mut self, _outcome: Outcome) {}
    /// The contact at the end of the run.
    fn finished(&mut self, contact: usize, memory: &Memory);
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

    /// The last instant of the run, itself included.
    pub fn until(&self) -> Time {
        self.until
    }

    pub fn contact_count(&self) -> usize {
        self.dataset.contacts.len()
    }

    /// What identifies a contact.
    pub fn contact(&self, contact: usize) -> &str {
        &self.dataset.contacts[contact]
    }

    /// Totals over everybody, or `None` if it was cancelled. The result does not depend on `threads`.
    #[must_use]
    pub fn report(&self, threads: usize, progress: &Progress) -> Option<Report> {
        let hire = || (Tally::new(self.machine, self.until), Player::new(self.machine, Reaction::of_totals()));
        let workers = share(self.contact_count(), threads, progress, hire, |(tally, player), contacts| {
            contacts.for_each(|contact| self.observe(contact, player, tally));
        })?;
        let reports = workers.into_iter().map(|(tally, _)| tally.finish());
        Some(reports.fold(Tally::new(self.machine, self.until).finish(), Report::merged))
    }

    /// Totals over everybody, and where each contact rests at the end.
    #[must_use]
    pub fn played(&self, threads: usize, progress: &Progress) -> Option<(Report, Resting)> {
        let hire =
            || (Tally::new(self.machine, self.until), Player::new(self.machine, Reaction::of_totals()), Vec::new());
        let workers = share(self.contact_count(), threads, progress, hire, |(tally, player, parts), contacts| {
            let mut part = Resting::with_room(contacts.len());
            for contact in contacts.clone() {
                self.observe(contact, player, tally);
                part.push(self.machine, &player.memory);
            }
            parts.push((contacts.start, part));
        })?;
        let mut total = Tally::new(self.machine, self.until).finish();
        let mut parts: Vec<(usize, Resting)> = Vec::new();
        for (tally, _, own) in workers {
            total = total.merged(tally.finish());
            parts.extend(own);
        }
        parts.sort_unstable_by_key(|(start, _)| *start);
        let mut resting = Resting::with_room(self.contact_count());
        parts.iter().for_each(|(_, part)| resting.append(part));
        Some((total, resting))
    }

    /// Plays these contacts and shows `observer` what they do.
    pub fn follow(&self, contacts: std::ops::Range<usize>, observer: &mut impl Observer) {
        let mut player = Player::new(self.machine, Reaction::of_totals());
        for contact in contacts {
            self.observe(contact, &mut player, observer);
        }
    }

    fn observe(&self, contact: usize, player: &mut Player<'a>, observer: &mut impl Observer) {
        if let Some(express) = &self.express {
            express.play(contact, self.until, &mut player.memory, observer);
        } else {
            self.play(contact, player, |stimulus, _, memory, reaction| tell(observer, stimulus, memory, reaction));
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
