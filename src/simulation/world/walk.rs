//! What is still to come for one contact: moments at which something may happen, and what will happen.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::candidates::{self, Candidates, Cells};
use super::spread::gamma;
use super::{Behaviour, Chance, When, World};
use crate::model::{Duration, Time, Value};
use crate::simulation::condition::{Fields, Scene, Term};
use crate::simulation::luck::{Fortune, Lane, unit};
use crate::simulation::memory::Memory;

/// The part of the world that concerns one contact.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    fortune: Fortune,
    start: Time,
    until: Time,
    clocks: Vec<Clock>,
    /// By rate; made when somebody looks.
    candidates: Vec<Option<Candidates>>,
    coming: BinaryHeap<Reverse<Coming>>,
    /// By touchpoint: how often it was really sent.
    times_sent: Vec<u64>,
    /// Others whom the contact has won.
    pub(super) children: u64,
    /// Steps of the contact so far.
    pub(super) steps: u32,
    /// What waits for a team, in order, until somebody takes it from here.
    pub(super) queued: Vec<Queued>,
    /// When a team is done with what waited for it, by behaviour and ordinal, in order; where that is known beforehand.
    pub(super) served: Vec<Served>,
}

/// A visit of a node.
type Visit = Option<(usize, u32)>;

/// Something that a team is to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queued {
    pub(super) behaviour: usize,
    pub(super) ordinal: u64,
    /// It is not needed any more when this visit is over.
    pub(super) visit: Visit,
}

/// Something that a team has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Served {
    pub(super) behaviour: usize,
    pub(super) ordinal: u64,
    pub(super) time: Time,
}

/// The next moment at which a behaviour may be set off.
#[derive(Clone, Copy, Debug)]
struct Clock {
    time: Time,
    behaviour: usize,
    ordinal: u64,
    /// It stands still as soon as this visit is over.
    visit: Visit,
    /// Of a period: when the counting began, and how many there were.
    from: Time,
    count: u32,
}

/// What will happen. At the same time, in the order of the behaviours, then of their ordinals; never in the order in which
/// somebody thought of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Coming {
    pub(super) time: Time,
    pub(super) behaviour: usize,
    pub(super) ordinal: u64,
    what: What,
    /// It is taken back when this visit is over.
    visit: Visit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A team is done with it, and what comes of it is still to be drawn.
    Undecided,
    Outcome(usize),
    /// Somebody sent this event.
    ByHand(usize),
}

/// What happens to the contact.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    /// Of a behaviour.
    Outcome(usize, usize),
    /// Somebody sent this event.
    ByHand(usize),
}

/// In the order of behaviours, what is sent by hand comes after all of them.
const BY_HAND: usize = usize::MAX;

/// What is next.
#[derive(Clone, Copy, Debug)]
enum Next {
    Clock(usize),
    Coming,
}

/// Whether the contact is still in that visit.
pub(super) fn is_current(visit: Visit, memory: &Memory) -> bool {
    visit.is_none_or(|(node, number)| memory.nodes[node].active && memory.nodes[node].number == number)
}

impl Walk {
    pub(super) fn new(world: &World) -> Self {
        Self { candidates: vec![None; world.rates], times_sent: vec![0; world.on_send.len()], ..Self::default() }
    }

    /// Becomes the walk of another contact.
    pub(super) fn begin(&mut self, memory: &Memory, start: Time, until: Time) {
        self.fortune = Fortune::of(memory.seed, memory.contact);
        (self.start, self.until) = (start, until);
        self.clocks.clear();
        self.candidates.fill(None);
        self.coming.clear();
        self.times_sent.fill(0);
        (self.children, self.steps) = (0, 0);
        self.queued.clear();
        self.served.clear();
    }

    /// These events will be sent to the contact, those before the journey apart. They are in order.
    pub(super) fn expect(&mut self, sent: &[(Time, usize)]) {
        let coming = sent.iter().zip(0..).filter(|((time, _), _)| *time >= self.start);
        self.coming.extend(coming.map(|(&(time, event), ordinal)| {
            Reverse(Coming { time, behaviour: BY_HAND, ordinal, what: What::ByHand(event), visit: None })
        }));
    }

    /// When something comes next, apart from what the machine itself waits for.
    pub(super) fn next_time(&mut self, memory: &Memory) -> Option<Time> {
        self.next(memory).map(|(time, _)| time)
    }

    fn next(&mut self, memory: &Memory) -> Option<(Time, Next)> {
        if memory.finished() {
            // People do nothing more by themselves.
            self.clocks.clear();
            self.coming.retain(|Reverse(coming)| matches!(coming.what, What::ByHand(_)));
        }
        self.clocks.retain(|clock| is_current(clock.visit, memory));
        while self.coming.peek().is_some_and(|Reverse(coming)| !is_current(coming.visit, memory)) {
            self.coming.pop();
        }
        let key = |clock: &Clock| (clock.time, clock.behaviour, clock.ordinal);
        let clock = self.clocks.iter().enumerate().min_by_key(|(_, clock)| key(clock));
        let coming = self.coming.peek().map(|Reverse(coming)| (coming.time, coming.behaviour, coming.ordinal));
        match (clock, coming) {
            // What was set off before happens before the next is set off.
            (Some((_, clock)), Some(coming)) if coming <= key(clock) => Some((coming.0, Next::Coming)),
            (Some((place, clock)), _) => Some((clock.time, Next::Clock(place))),
            (None, Some(coming)) => Some((coming.0, Next::Coming)),
            (None, None) => None,
        }
    }

    /// Takes the next step: what happens now, and when that is; nothing if something was merely
    /// set off or did not come about.
    pub(super) fn step(&mut self, world: &World, memory: &mut Memory) -> Option<(Happening, Time)> {
        match self.next(memory)? {
            (_, Next::Coming) => {
                let Reverse(coming) = self.coming.pop()?;
                let Coming { time, behaviour, ordinal, visit, .. } = coming;
                match coming.what {
                    What::Outcome(outcome) => Some((Happening::Outcome(behaviour, outcome), time)),
                    What::ByHand(event) => Some((Happening::ByHand(event), time)),
                    What::Undecided => {
                        let before = std::mem::replace(&mut memory.now, time);
                        self.draw(world, memory, behaviour, ordinal, visit);
                        memory.now = before;
                        None
                    }
                }
            }
            (time, Next::Clock(place)) => {
                let clock = self.clocks[place];
                if let When::Rate { place: rate, .. } = world.behaviours[clock.behaviour].when {
                    self.candidates[rate].iter_mut().for_each(Candidates::take);
                }
                if !self.advance(world, memory, place) {
                    self.clocks.swap_remove(place);
                }
                self.set_off(world, memory, clock.behaviour, clock.ordinal, time);
                None
            }
        }
    }

    /// Sets the clock to its next moment; `false` if there is none.
    fn advance(&mut self, world: &World, memory: &Memory, place: usize) -> bool {
        let clock = &mut self.clocks[place];
        match world.behaviours[clock.behaviour].when {
            When::Every(period) => {
                clock.count += 1;
                clock.ordinal += 1;
                let Some(amount) = period.amount.checked_mul(clock.count) else { return false };
                clock.time = clock.from.plus(Duration { amount, ..period }, &memory.zone);
            }
            When::Rate { place: rate, .. } => {
                let Some(candidates) = &mut self.candidates[rate] else { return false };
                clock.time = candidates.next(clock.time);
                clock.ordinal = candidates.ordinal();
            }
            When::Start | When::Entered | When::Sent => return false,
        }
        clock.time <= self.until
    }

    /// Starts a clock; `visit` is that of its node, if it has one.
    fn wind(&mut self, world: &World, memory: &Memory, behaviour: usize, visit: Visit, now: Time) {
        let described = &world.behaviours[behaviour];
        let number = visit.map_or(0, |(_, number)| u64::from(number));
        if let When::Rate { rate, shape, place } = described.when
            && self.candidates[place].is_none()
        {
            let stream = self.fortune.named(described.name);
            let more = shape.map_or(1.0, |shape| gamma(shape, &mut stream.draws(0, Lane::Share)) / shape);
            let candidates = self.candidates[place].insert(Candidates::new(Cells::of(rate * more)));
            candidates.begin(stream, self.start, self.until);
        }
        self.clocks.push(Clock { time: now, behaviour, ordinal: number << 32, visit, from: now, count: 0 });
        if !self.advance(world, memory, self.clocks.len() - 1) {
            self.clocks.pop();
        }
    }

    /// The journey has begun.
    pub(super) fn start(&mut self, world: &World, memory: &mut Memory) {
        for (place, behaviour) in world.behaviours.iter().enumerate() {
            match behaviour.when {
                When::Start => self.set_off(world, memory, place, 0, self.start),
                When::Every(_) | When::Rate { .. } if behaviour.node.is_none() => {
                    self.wind(world, memory, place, None, self.start);
                }
                _ => {}
            }
        }
    }

    /// A node was entered; `number` is that of the visit.
    pub(super) fn entered(&mut self, world: &World, memory: &mut Memory, node: usize, number: u32) {
        for &place in &world.on_entry[node] {
            match world.behaviours[place].when {
                When::Entered => self.set_off_in(world, memory, place, u64::from(number), Some((node, number))),
                _ => self.wind(world, memory, place, Some((node, number)), memory.now),
            }
        }
    }

    /// A touchpoint was really sent.
    pub(super) fn sent(&mut self, world: &World, memory: &mut Memory, touchpoint: usize) {
        self.times_sent[touchpoint] += 1;
        for &place in &world.on_send[touchpoint] {
            self.set_off(world, memory, place, self.times_sent[touchpoint], memory.now);
        }
    }

    fn set_off(&mut self, world: &World, memory: &mut Memory, behaviour: usize, ordinal: u64, now: Time) {
        let node = world.behaviours[behaviour].node.or(memory.leaves.first().copied());
        let visit = node.map(|node| (node, memory.nodes[node].number));
        let before = std::mem::replace(&mut memory.now, now);
        self.set_off_in(world, memory, behaviour, ordinal, visit);
        memory.now = before;
    }

    /// Draws what comes of it, for those whom it is for; where a team does it, it waits for the team.
    fn set_off_in(&mut self, world: &World, memory: &Memory, behaviour: usize, ordinal: u64, visit: Visit) {
        let described = &world.behaviours[behaviour];
        let scene = described.scene(memory, visit.map(|(node, _)| node));
        if described.guard.as_ref().is_some_and(|guard| !guard.holds(scene)) {
            return;
        }
        let visit = visit.filter(|_| described.cancel_on_leave);
        if described.team.is_none() {
            self.draw(world, memory, behaviour, ordinal, visit);
            return;
        }
        let key = |served: &Served| (served.behaviour, served.ordinal);
        match self.served.binary_search_by_key(&(behaviour, ordinal), key) {
            Ok(place) => self.serve(self.served[place], visit),
            Err(_) => self.queued.push(Queued { behaviour, ordinal, visit }),
        }
    }

    /// A team will be done with it then.
    pub(super) fn serve(&mut self, served: Served, visit: Visit) {
        let Served { behaviour, ordinal, time } = served;
        self.coming.push(Reverse(Coming { time, behaviour, ordinal, what: What::Undecided, visit }));
    }

    fn draw(&mut self, world: &World, memory: &Memory, behaviour: usize, ordinal: u64, visit: Visit) {
        let described = &world.behaviours[behaviour];
        let stream = self.fortune.named(described.name);
        let uniform = match described.when {
            When::Rate { .. } => unit(candidates::draw(stream, ordinal).1),
            _ => stream.uniform(ordinal, Lane::Outcome),
        };
        let Some(outcome) = described.outcome(memory, uniform) else { return };
        let time = described.delay.map_or(memory.now, |late| {
            let delay = late.spread.draw(&mut stream.draws(ordinal, Lane::Amount)) * late.unit;
            // Less than nothing is at once; what no calendar holds comes never.
            #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
            let delay = libm::round(delay.max(0.0)) as i64;
            Time(memory.now.0.saturating_add(delay))
        });
        if time <= self.until {
            self.coming.push(Reverse(Coming { time, behaviour, ordinal, what: What::Outcome(outcome), visit }));
        }
    }
}

impl Behaviour {
    fn scene<'a>(&self, memory: &'a Memory, here: Option<usize>) -> Scene<'a> {
        Scene { memory, fields: Fields::default(), luck: self.luck, here }
    }

    /// The outcome that a draw falls to; `None` is nothing.
    fn outcome(&self, memory: &Memory, uniform: f64) -> Option<usize> {
        let mut below = 0.0;
        self.outcomes.iter().position(|outcome| {
            below += match outcome.chance {
                Chance::Share(share) => share,
                Chance::Attribute(slot) => match memory.values[slot] {
                    Value::Number(number) => number.clamp(0.0, 1.0),
                    _ => 0.0,
                },
            };
            uniform < below
        })
    }

    /// The values that an outcome brings, looked up at `now`.
    pub(super) fn values(&self, outcome: usize, memory: &mut Memory, now: Time) -> Vec<(usize, Value)> {
        let fields = &self.outcomes[outcome].fields;
        if fields.is_empty() {
            return Vec::new();
        }
        let before = std::mem::replace(&mut memory.now, now);
        let scene = self.scene(memory, self.node.or(memory.leaves.first().copied()));
        let value = |term: &Option<Term>| term.as_ref().map_or(Value::Unknown, |term| term.value(scene));
        let values = fields.iter().map(|(slot, term)| (*slot, value(term))).collect();
        memory.now = before;
        values
    }
}
