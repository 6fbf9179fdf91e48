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
use super::stories::{Recorder, Stories};
use super::story::{Cause, Entry, Story};
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

    /// An arrow was taken.
    fn took(&mut self, _arrow: usize, _time: Time) {}
    fn entered(&mut self, _node: usize) {}
    fn effect(&mut self, _effect: &Effect) {}
    /// An action failed, or the contact was stopped.
    fn failed(&mut self) {}
    /// A recorded event has been consumed.
    fn processed(&mut self, _outcome: Outcome) {}
    /// All that one cause set off has happened; a line of a story.
    fn line(&mut self, _by: By, _time: Time, _outcome: Outcome) {}
    /// The contact at the end of the run.
    fn finished(&mut self, contact: usize, memory: &Memory);
}

/// What set a line off, by slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Start,
    /// The occurrence of this place in the dataset.
    Event(usize),
    /// The timer of this arrow.
    Timer(usize),
    /// An event that the chart had scheduled for itself.
    Scheduled(usize),
}

/// Tells an observer what happened in one reaction.
fn tell(observer: &mut impl Observer, by: By, memory: &Memory, reaction: &Reaction) {
    for step in &reaction.steps {
        match step {
            Step::Left(_) => {}
            Step::Took(arrow) => observer.took(*arrow, memory.now),
            Step::Entered(node) => observer.entered(*node),
            Step::Effect(effect) => observer.effect(effect),
            Step::Failed(_) => observer.failed(),
        }
    }
    // A halted contact consumes nothing more.
    if reaction.outcome != Outcome::Halted || !reaction.steps.is_empty() {
        if reaction.recorded {
            observer.processed(reaction.outcome);
        }
        observer.line(by, memory.now, reaction.outcome);
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

    pub(super) fn machine(&self) -> &'a Machine {
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
        let hire = || (Tally::new(self.machine), Player::new(self.machine, Reaction::of_totals()));
        let workers = share(self.contact_count(), threads, progress, hire, |(tally, player), contacts| {
            contacts.for_each(|contact| self.observe(contact, player, tally));
        })?;
        let reports = workers.into_iter().map(|(tally, _)| tally.finish());
        Some(reports.fold(Tally::new(self.machine).finish(), Report::merged))
    }

    /// Totals over everybody, and where each contact rests at the end.
    #[must_use]
    pub fn played(&self, threads: usize, progress: &Progress) -> Option<(Report, Resting)> {
        let hire = || (Tally::new(self.machine), Player::new(self.machine, Reaction::of_totals()), Vec::new());
        let workers = share(self.contact_count(), threads, progress, hire, |(tally, player, parts), contacts| {
            let mut part = Resting::with_room(contacts.len());
            for contact in contacts.clone() {
                self.observe(contact, player, tally);
                part.push(self.machine, &player.memory);
            }
            parts.push((contacts.start, part));
        })?;
        let mut total = Tally::new(self.machine).finish();
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

    /// Totals over everybody, and what happened to each of them.
    #[must_use]
    pub fn stories(&self, threads: usize, progress: &Progress) -> Option<(Report, Stories)> {
        let hire = || {
            let recorder = Recorder::new(Tally::new(self.machine));
            (recorder, Player::new(self.machine, Reaction::of_totals()), Vec::new())
        };
        let workers = share(self.contact_count(), threads, progress, hire, |(recorder, player, parts), contacts| {
            let start = contacts.start;
            contacts.for_each(|contact| self.observe(contact, player, recorder));
            parts.push((start, recorder.part()));
        })?;
        let mut total = Tally::new(self.machine).finish();
        let mut parts = Vec::new();
        for (recorder, _, own) in workers {
            total = total.merged(recorder.tally.finish());
            parts.extend(own);
        }
        parts.sort_unstable_by_key(|(start, _)| *start);
        Some((total, Stories::of(parts.into_iter().map(|(_, part)| part).collect())))
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
            self.play(contact, player, |by, memory, reaction| tell(observer, by, memory, reaction));
        }
        observer.finished(contact, &player.memory);
    }

    /// What happened to one contact, and why.
    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        let mut entries = Vec::new();
        let mut player = Player::new(self.machine, Reaction::new(true));
        self.play(contact, &mut player, |by, memory, reaction| entries.push(self.entry(by, memory, reaction)));
        Story { contact: self.dataset.contacts[contact].clone(), entries }
    }

    pub(super) fn entry(&self, by: By, memory: &Memory, reaction: &Reaction) -> Entry {
        Entry::of(self.machine, self.cause(by), memory, reaction)
    }

    /// What set a line off, in names.
    pub(super) fn cause(&self, by: By) -> Cause {
        match by {
            By::Start => Cause::Start,
            By::Event(row) => {
                let name = self.dataset.event_names.get(usize::from(self.dataset.codes[row]));
                Cause::Event(name.cloned().unwrap_or_default())
            }
            By::Timer(arrow) => Cause::Timer(self.machine.arrow_id(arrow)),
            By::Scheduled(event) => Cause::Scheduled(self.machine.event_name(event).to_owned()),
        }
    }

    /// The one loop of every run.
    fn play(&self, contact: usize, player: &mut Player<'a>, mut observe: impl FnMut(By, &Memory, &Reaction<'a>)) {
        let mut place = self.meet(contact, player);
        while let Some(by) = self.step(&mut place, player) {
            observe(by, &player.memory, &player.reaction);
        }
    }

    /// What happens next to a contact, and what set it off: timers that are due strictly before an event, then the event,
    /// at last the timers up to and including the end of the run.
    pub(super) fn step(&self, place: &mut Place, player: &mut Player<'a>) -> Option<By> {
        let Player { memory, reaction, .. } = player;
        let start = place.start?;
        let hasty = self.machine.suffers(Sabotage::TimerBeforeEvent);
        let next = |row: usize| (row < place.end).then(|| self.dataset.times[row]).filter(|time| *time <= self.until);
        while let Some(time) = next(place.row) {
            let row = place.row;
            let event = self.events.get(usize::from(self.dataset.codes[row])).copied().flatten();
            let fields = Fields { columns: &self.columns, row, ..Fields::default() };
            let stimulus = Stimulus::Event { time, event, fields };
            if time < start {
                // Before the journey: remembered, but nothing reacts yet.
                self.machine.react(memory, &stimulus, &mut Reaction::new(false));
                place.row += 1;
                continue;
            }
            if !place.started {
                break;
            }
            if self.machine.next_due(memory).is_some_and(|due| due < time || (due == time && hasty)) {
                return Some(self.timer(memory, reaction));
            }
            self.machine.react(memory, &stimulus, reaction);
            place.row += 1;
            return Some(By::Event(row));
        }
        if !std::mem::replace(&mut place.started, true) {
            self.machine.react(memory, &Stimulus::Start(start), reaction);
            return Some(By::Start);
        }
        self.machine.next_due(memory).is_some_and(|due| due <= self.until).then(|| self.timer(memory, reaction))
    }

    fn timer(&self, memory: &mut Memory, reaction: &mut Reaction<'a>) -> By {
        self.machine.react(memory, &Stimulus::Timer, reaction);
        match (reaction.timer, reaction.scheduled) {
            (Some(arrow), _) => By::Timer(arrow),
            (None, Some(event)) => By::Scheduled(event),
            (None, None) => By::Start,
        }
    }

    /// The contact before its journey, with what is known of it.
    pub(super) fn meet(&self, contact: usize, player: &mut Player<'a>) -> Place {
        let named = self.dataset.zones.get(contact).filter(|zone| !zone.is_empty());
        let zone = named.and_then(|zone| Zone::named(zone).ok());
        player.memory.begin(&player.fresh, ContactKey::of(&self.dataset.contacts[contact]), zone.as_ref());
        player.memory.seed = self.seed;
        for (id, values) in &self.dataset.attributes {
            if let Some(value) = values.get(contact) {
                self.machine.set_attribute(&mut player.memory, *id, value);
            }
        }
        let range = self.dataset.range(contact);
        let first = self.dataset.times.get(range.start).copied().filter(|_| !range.is_empty());
        let given = self.dataset.starts.get(contact).copied().flatten();
        let start = given.or(first).filter(|start| *start <= self.until);
        Place { start, row: range.start, end: range.end, started: false }
    }
}

/// How far a contact has come.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// When the journey begins; never, if that is after the end of the run.
    start: Option<Time>,
    /// The next occurrence, and the last but one.
    row: usize,
    end: usize,
    started: bool,
}

/// What plays one contact after the other, so that each finds the room that the last one needed.
pub(super) struct Player<'m> {
    /// A contact of whom nothing is known.
    fresh: Memory,
    pub(super) memory: Memory,
    pub(super) reaction: Reaction<'m>,
}

impl<'m> Player<'m> {
    pub(super) fn new(machine: &'m Machine, reaction: Reaction<'m>) -> Self {
        let fresh = machine.memory(0, ContactKey::default(), None);
        Self { memory: fresh.clone(), fresh, reaction }
    }
}
