//! A population played through a machine: contact by contact, in parallel, with progress and cancel.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::condition::Fields;
use super::crew::share;
use super::express::Express;
use super::luck::ContactKey;
use super::machine::Machine;
use super::meetings::Questions;
use super::memory::Memory;
use super::newcomers::Newcomer;
use super::observer::{By, Look, Observer, Occasion, tell};
use super::react::{Reaction, Stimulus};
use super::report::{Report, Tally};
use super::resting::Resting;
use super::sabotage::Sabotage;
use super::stories::{Part, Recorder, Stories};
use super::story::{Cause, Entry, Story};
use super::world::{Play, Room, Waits, World};
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
pub const MOST_REFERRED: usize = 10_000_000;

/// How many lines of one contact are played before somebody asks whether to go on.
const LINES_BETWEEN_LOOKS: u32 = 1_024;

const THINGS_BETWEEN_LOOKS: usize = 4_096;

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

    /// Whether to go on with the thing at `place`, where there are very many: asked anew every few thousand.
    pub(super) fn goes_on(&self, place: usize) -> bool {
        !place.is_multiple_of(THINGS_BETWEEN_LOOKS) || !self.is_cancelled()
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

    /// How contacts wait for each other, which takes a whole run to find out; `None` if it was cancelled. Runs like this
    /// one need not find it out again, see [`Self::knowing`].
    #[must_use]
    pub fn waits(&self, progress: &Progress) -> Option<Waits> {
        self.play.as_ref().map_or_else(|| Some(Waits::default()), |play| play.prepare(progress).cloned())
    }

    /// With what another run of the same machine, world, end and seed has found out.
    #[must_use]
    pub fn knowing(self, waits: &Waits) -> Self {
        self.play.iter().for_each(|play| play.know(waits));
        self
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
            for contact in contacts.take_while(|_| !progress.is_cancelled()) {
                self.observe(contact, &mut worker.player, &mut worker.tally, progress);
                self.observe_referred(contact, &mut worker.player, &mut worker.referred, progress, &progress.referred);
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
            for contact in contacts.clone().take_while(|_| !progress.is_cancelled()) {
                self.observe(contact, &mut worker.player, &mut worker.tally, progress);
                part.push(self.machine, &worker.player.memory);
                self.observe_referred(contact, &mut worker.player, &mut worker.referred, progress, &progress.referred);
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

    /// Totals over everybody, and what happened to each of them. Of those who were won by others, only the totals.
    #[must_use]
    pub fn stories(&self, threads: usize, progress: &Progress) -> Option<(Report, Stories)> {
        self.prepare(progress)?;
        let hire = || (Worker::new(self), Vec::<(usize, Part)>::new());
        let workers = share(self.contact_count(), threads, progress, hire, |(worker, parts), contacts| {
            let start = contacts.start;
            let Worker { player, tally, referred } = worker;
            let mut recorder = Recorder::new(tally, parts.last().map(|(_, part)| part));
            for contact in contacts.take_while(|_| !progress.is_cancelled()) {
                self.observe(contact, player, &mut recorder, progress);
                self.observe_referred(contact, player, referred, progress, &progress.referred);
            }
            parts.push((start, recorder.finish()));
        })?;
        let (workers, parts): (Vec<_>, Vec<_>) = workers.into_iter().unzip();
        let mut parts: Vec<(usize, Part)> = parts.into_iter().flatten().collect();
        parts.sort_unstable_by_key(|(start, _)| *start);
        let stories = Stories::of(parts.into_iter().map(|(_, part)| part).collect());
        Some((self.total(workers, progress), stories))
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

    /// Like [`Self::follow`], until the observer is full or it was cancelled; those whom they win are played too, each after
    /// the one from whom it comes down, until there are too many of them, which `won` counts. Tells whenever the condition
    /// of one of `watched` is looked at.
    pub(super) fn follow_all(
        &self,
        contacts: std::ops::Range<usize>,
        watched: &[usize],
        observer: &mut impl Observer,
        progress: &Progress,
        won: &AtomicUsize,
    ) {
        if watched.is_empty() {
            let player = Player::new(self, Reaction::of_totals());
            self.follow_with(contacts, player, true, observer, progress, won);
        } else {
            let player = Player::new(self, Reaction::watching(self.machine.arrow_count(), watched));
            self.follow_with(contacts, player, false, observer, progress, won);
        }
    }

    /// Like [`Self::follow_all`]; tells in which states contacts rest when something comes.
    pub(super) fn follow_meetings(
        &self,
        contacts: std::ops::Range<usize>,
        questions: &Arc<Questions>,
        observer: &mut impl Observer,
        progress: &Progress,
        won: &AtomicUsize,
    ) {
        let player = Player::new(self, Reaction::meeting(questions));
        self.follow_with(contacts, player, false, observer, progress, won);
    }

    /// The short way, where it may be gone, looks at no condition by itself and rests nowhere in between.
    fn follow_with(
        &self,
        contacts: std::ops::Range<usize>,
        mut player: Player<'a>,
        may_be_short: bool,
        observer: &mut impl Observer,
        progress: &Progress,
        won: &AtomicUsize,
    ) {
        for contact in contacts {
            if progress.is_cancelled() || observer.is_full() {
                return;
            }
            if may_be_short {
                self.observe(contact, &mut player, observer, progress);
            } else {
                let place = self.meet(contact, &mut player, progress);
                self.go(contact, place, &mut player, observer, progress);
                observer.finished(contact, &player.memory);
            }
            self.observe_referred(contact, &mut player, observer, progress, won);
        }
    }

    fn observe(&self, contact: usize, player: &mut Player<'a>, observer: &mut impl Observer, progress: &Progress) {
        match (&self.express, &self.play) {
            (Some(express), Some(play)) => express.play_world(contact, play, player, observer, progress),
            (Some(express), None) => express.play(contact, self.until, &mut player.memory, observer),
            (None, _) => {
                let place = self.meet(contact, player, progress);
                self.go(contact, place, player, observer, progress);
            }
        }
        observer.finished(contact, &player.memory);
    }

    /// Those whom the last contact won, and those whom they won, until there are too many.
    fn observe_referred(
        &self,
        root: usize,
        player: &mut Player<'a>,
        observer: &mut impl Observer,
        progress: &Progress,
        won: &AtomicUsize,
    ) {
        let Some(play) = &self.play else { return };
        let mut place = 0;
        while let Some(newcomer) = player.room.won.pop() {
            let too_many = won.fetch_add(1, Ordering::Relaxed) >= MOST_REFERRED;
            if too_many || progress.is_cancelled() || observer.is_full() {
                player.room.won.clear();
                return;
            }
            let newcomer = Newcomer { root: u32::try_from(root).unwrap_or(u32::MAX), ..newcomer };
            observer.newcomer(&newcomer);
            let waiting = player.room.won.len();
            let start = play.meet_referred(&newcomer, player, progress);
            self.go(0, Place { start, ..Place::default() }, player, observer, progress);
            player.room.won[waiting..].iter_mut().for_each(|child| child.parent = place);
            observer.finished(0, &player.memory);
            place += 1;
        }
    }

    /// The long way of one contact.
    fn go(
        &self,
        contact: usize,
        mut place: Place,
        player: &mut Player<'a>,
        observer: &mut impl Observer,
        progress: &Progress,
    ) {
        let mut lines = 0_u32;
        while let Some(by) = self.step(&mut place, player, progress) {
            lines += 1;
            if lines.is_multiple_of(LINES_BETWEEN_LOOKS) && (progress.is_cancelled() || observer.is_full()) {
                return;
            }
            for (arrow, held) in &player.reaction.looks {
                observer.looked(Look::of(player.memory.now, contact, *arrow, *held));
            }
            player.reaction.met.iter().for_each(|meeting| observer.met(*meeting));
            if observer.wants_occasion() {
                observer.occasion(&self.occasion(by, player));
            }
            tell(observer, by, &player.memory, &player.reaction);
        }
    }

    /// What happened to one contact, and why.
    #[must_use]
    pub fn story(&self, contact: usize) -> Story {
        let mut player = Player::new(self, Reaction::new(true));
        let place = self.meet(contact, &mut player, &Progress::default());
        self.told(self.contact_name(contact).into_owned(), place, player)
    }

    /// The same of one whom another contact has won, which is called `name`.
    #[must_use]
    pub fn story_of_newcomer(&self, newcomer: &Newcomer, name: String) -> Story {
        let (mut player, progress) = (Player::new(self, Reaction::new(true)), Progress::default());
        let start = self.play.as_ref().and_then(|play| play.meet_referred(newcomer, &mut player, &progress));
        self.told(name, Place { start, ..Place::default() }, player)
    }

    fn told(&self, contact: String, mut place: Place, mut player: Player<'a>) -> Story {
        let mut entries = Vec::new();
        while let Some(by) = self.step(&mut place, &mut player, &Progress::default()) {
            entries.push(self.entry(by, &player));
        }
        Story { contact, entries }
    }

    /// The line of a story that was played last.
    pub(super) fn entry(&self, by: By, player: &Player<'a>) -> Entry {
        Entry::of(self.machine, self.cause(by), &player.memory, &player.reaction)
    }

    /// What set a line off, in names.
    #[must_use]
    pub fn cause(&self, by: By) -> Cause {
        match by {
            By::Start => Cause::Start,
            By::Row(row) => {
                let name = self.dataset.event_names.get(usize::from(self.dataset.codes[row]));
                Cause::Event(name.cloned().unwrap_or_default())
            }
            By::Event(event) => Cause::Event(self.machine.event_name(event).to_owned()),
            By::Timer(arrow) => Cause::Timer(self.machine.arrow_id(arrow)),
            By::Scheduled(event) => Cause::Scheduled(self.machine.event_name(event).to_owned()),
            By::QuietHoursOver => Cause::QuietHoursOver,
        }
    }

    /// What was played last, and what it brought.
    pub(super) fn occasion<'p>(&'p self, by: By, player: &'p Player) -> Occasion<'p> {
        match by {
            By::Row(row) => Occasion { by, event: self.event(row), fields: Fields::of_row(&self.columns, row) },
            By::Event(event) => Occasion { by, event: Some(event), fields: Fields::given(&player.room.given) },
            By::Start | By::Timer(_) | By::Scheduled(_) | By::QuietHoursOver => Occasion::bare(by),
        }
    }

    pub(super) fn play(&self) -> Option<&Play<'a>> {
        self.play.as_ref()
    }

    /// The occurrences of a contact.
    pub(super) fn rows(&self, contact: usize) -> std::ops::Range<usize> {
        self.dataset.range(contact)
    }

    pub(super) fn row_time(&self, row: usize) -> Time {
        self.dataset.times[row]
    }

    pub(super) fn row_fields(&self, row: usize) -> Fields<'_> {
        Fields::of_row(&self.columns, row)
    }

    /// The slot of the event of an occurrence.
    pub(super) fn event(&self, row: usize) -> Option<usize> {
        self.events.get(usize::from(self.dataset.codes[row])).copied().flatten()
    }

    /// The one way on of every run: what happens next to a contact, and what set it off. In a world, whatever comes first;
    /// otherwise timers that are due strictly before an event, then the event, at last the timers up to and including the
    /// end of the run.
    pub(super) fn step(&self, place: &mut Place, player: &mut Player<'a>, progress: &Progress) -> Option<By> {
        let start = place.start?;
        if let Some(play) = &self.play {
            return if std::mem::replace(&mut place.started, true) {
                play.go_on(player, progress)
            } else {
                Some(play.start(start, player))
            };
        }
        let Player { memory, reaction, .. } = player;
        let hasty = self.machine.suffers(Sabotage::TimerBeforeEvent);
        let next = |row: usize| (row < place.end).then(|| self.dataset.times[row]).filter(|time| *time <= self.until);
        while let Some(time) = next(place.row) {
            let row = place.row;
            let stimulus = Stimulus::Event { time, event: self.event(row), fields: Fields::of_row(&self.columns, row) };
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
            return Some(By::Row(row));
        }
        if !std::mem::replace(&mut place.started, true) {
            self.machine.react(memory, &Stimulus::Start(start), reaction);
            return Some(By::Start);
        }
        self.machine.next_due(memory).is_some_and(|due| due <= self.until).then(|| self.timer(memory, reaction))
    }

    fn timer(&self, memory: &mut Memory, reaction: &mut Reaction<'a>) -> By {
        self.machine.react(memory, &Stimulus::Timer, reaction);
        By::of_timer(reaction)
    }

    /// The contact before its journey, with what is known of it.
    pub(super) fn meet(&self, contact: usize, player: &mut Player<'a>, progress: &Progress) -> Place {
        if let Some(play) = &self.play {
            return Place { start: play.meet(contact, player, progress), ..Place::default() };
        }
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
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// When the journey begins; never, if that is after the end of the run.
    start: Option<Time>,
    /// The next occurrence, and the last but one.
    row: usize,
    end: usize,
    started: bool,
}

impl Place {
    pub(super) fn start(&self) -> Option<Time> {
        self.start
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
    pub(super) fn new(run: &Run<'m>, reaction: Reaction<'m>) -> Self {
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
}
