//! Adds up what contacts do while they are played, by slot; a contact at a time.

use super::handover::Handovers;
use super::leakage::{Fate, Leakage};
use super::sends::Sends;
use super::times::Counter;
use super::{ArrowTally, ConversionTally, Moments, NOWHERE, Report, StateTally, Stays};
use crate::model::{NodeKind, Time};
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::react::{Effect, Outcome};
use crate::simulation::run::{Observer, Occasion};

/// One more than the last outcome.
const OUTCOMES: usize = Outcome::Halted as usize + 1;
const MONTH: f64 = 365.25 / 12.0 * 86_400_000.0;

#[derive(Clone, Copy, Default)]
struct Count {
    times: u64,
    contacts: u64,
    /// The last contact (from 1) that was counted.
    seen: u64,
}

impl Count {
    #[inline]
    fn add(&mut self, contact: u64) {
        self.times += 1;
        self.contacts += u64::from(self.seen != contact);
        self.seen = contact;
    }
}

/// What is known of a node: its visits, and since when the contact is there that is being played. In one place, since a
/// contact that moves asks for all of it.
#[derive(Clone)]
#[repr(align(64))]
struct Place {
    entered: Count,
    since: i64,
    /// Times of visits that are over.
    finished: Counter,
}

/// What is known of an arrow.
#[derive(Clone)]
struct Way {
    taken: Count,
    /// What became of those whom it moved last, unless they rest in an end.
    fate: Option<Fate>,
}

/// The totals of everybody who was played so far, and where the contact is that is being played.
pub(in crate::simulation) struct Tally<'m> {
    machine: &'m Machine,
    until: Time,
    report: Report,
    places: Vec<Place>,
    ways: Vec<Way>,
    resting: Vec<u64>,
    /// By node: times of visits that were not over at the end of the run.
    inside: Vec<Counter>,
    /// Recorded events by outcome.
    outcomes: [u64; OUTCOMES],
    leakage: Leakage,
    value: Moments,
    sends: Sends,
    handovers: Handovers<'m>,
    contact: u64,
    started: i64,
    fate: Fate,
}

impl<'m> Tally<'m> {
    pub(in crate::simulation) fn new(machine: &'m Machine, until: Time) -> Self {
        let nodes = machine.node_count();
        let fate = |slot: usize| {
            let by_timer = machine.timers.iter().any(|timer| timer.arrow == slot);
            match &machine.arrows[slot] {
                arrow if !arrow.moves => None,
                _ if by_timer => Some(Fate::Expired),
                arrow if arrow.interrupt => Some(Fate::Lost),
                _ => Some(Fate::Stuck),
            }
        };
        Self {
            machine,
            until,
            report: Report::default(),
            places: vec![Place { entered: Count::default(), since: NOWHERE, finished: Counter::default() }; nodes],
            ways: (0..machine.arrow_count()).map(|arrow| Way { taken: Count::default(), fate: fate(arrow) }).collect(),
            resting: vec![0; nodes],
            inside: vec![Counter::default(); nodes],
            outcomes: [0; OUTCOMES],
            leakage: Leakage::new(machine),
            value: Moments::default(),
            sends: Sends::default(),
            handovers: Handovers::new(machine),
            contact: 1,
            started: NOWHERE,
            fate: Fate::Stuck,
        }
    }

    fn converted(&mut self, point: &str, value: f64, time: Time) {
        let mut value = value * 100.0;
        if let Some(discount) = self.machine.discount {
            let started = if self.started == NOWHERE { time.0 } else { self.started };
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of some thousand years")]
            let months = (time.0 - started) as f64 / MONTH;
            value *= libm::pow(1.0 + discount, -months);
        }
        #[expect(clippy::cast_possible_truncation, reason = "amounts of money; the conversion saturates")]
        let cents = value.round() as i64;
        self.leakage.converted(point, cents, self.contact);
    }

    /// What became of a contact, if it gets no further.
    fn fate(&self, memory: &Memory) -> Fate {
        let is_end = |leaf: &usize| self.machine.nodes[*leaf].kind == NodeKind::End;
        match self.fate {
            Fate::Stuck if memory.leaves().iter().all(is_end) => Fate::Lost,
            fate => fate,
        }
    }

    /// The contact is in `node` when the run ends.
    #[inline]
    fn rests(&mut self, node: usize) {
        self.resting[node] += 1;
        let since = std::mem::replace(&mut self.places[node].since, NOWHERE);
        self.inside[node].add(self.until.0 - since);
    }

    pub(in crate::simulation) fn finish(mut self) -> Report {
        for (slot, ((place, inside), resting)) in self.places.iter().zip(&self.inside).zip(self.resting).enumerate() {
            let tally = StateTally { contacts: place.entered.contacts, entered: place.entered.times, resting };
            self.report.states.insert(self.machine.node_id(slot), tally);
            let stays = Stays { finished: place.finished.times(), inside: inside.times() };
            self.report.stays.insert(self.machine.node_id(slot), stays);
        }
        for (slot, way) in self.ways.iter().enumerate() {
            let tally = ArrowTally { fired: way.taken.times, contacts: way.taken.contacts };
            self.report.arrows.insert(self.machine.arrow_id(slot), tally);
        }
        let of = |outcome: Outcome| self.outcomes[outcome as usize];
        self.report.events = self.outcomes.iter().sum();
        self.report.ignored = of(Outcome::Ignored);
        self.report.refused = of(Outcome::Refused);
        self.report.after_end = of(Outcome::AfterEnd);
        self.report.steps = self.leakage.steps();
        for point in self.leakage.points.into_iter().filter(|point| point.count > 0) {
            let tally = ConversionTally { count: point.count, contacts: point.contacts, cents: point.cents };
            self.report.conversions.insert(point.name, tally);
        }
        self.report.value = self.value;
        self.report.sends = self.sends.finish();
        self.report.handovers = self.handovers.finish();
        self.report
    }
}

impl Observer for Tally<'_> {
    const ASKS_FOR_VALUES: bool = false;

    #[inline]
    fn wants_occasion(&self) -> bool {
        self.handovers.is_any_open()
    }

    fn occasion(&mut self, occasion: &Occasion) {
        let places = &self.places;
        self.handovers.occasion(occasion, |node| places[node].since != NOWHERE);
    }

    #[inline]
    fn left(&mut self, node: usize, time: Time) {
        let place = &mut self.places[node];
        let since = std::mem::replace(&mut place.since, NOWHERE);
        place.finished.add(time.0 - since);
        self.handovers.left(node);
    }

    #[inline]
    fn took(&mut self, arrow: usize, _: Time) {
        let way = &mut self.ways[arrow];
        way.taken.add(self.contact);
        self.fate = way.fate.unwrap_or(self.fate);
    }

    #[inline]
    fn entered(&mut self, node: usize, time: Time) {
        let place = &mut self.places[node];
        place.entered.add(self.contact);
        place.since = time.0;
        self.handovers.went(node);
        if self.started == NOWHERE {
            self.started = time.0;
        }
    }

    fn effect(&mut self, effect: &Effect, time: Time) {
        match effect {
            Effect::Sent { .. } | Effect::Held { .. } | Effect::Withheld { .. } => self.sends.count(effect, time),
            Effect::Notified { team, .. } => self.handovers.opened(team),
            Effect::Converted { point, value } => self.converted(point, value.unwrap_or(0.0), time),
            Effect::Referred => self.report.referrals += 1,
            Effect::Set { .. } | Effect::Raised(_) | Effect::Scheduled { .. } | Effect::Cancelled(_) => {}
        }
    }

    fn failed(&mut self) {
        self.report.errors += 1;
    }

    #[inline]
    fn processed(&mut self, outcome: Outcome) {
        self.outcomes[outcome as usize] += 1;
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        let mut fate = None;
        if memory.halted() {
            // Also one that was halted while it entered, and so is nowhere.
            self.report.contacts += 1;
            self.report.halted += 1;
            self.places.iter_mut().for_each(|place| place.since = NOWHERE);
        } else if memory.started() {
            self.report.contacts += 1;
            fate = Some(self.fate(memory));
            if let &[leaf] = memory.leaves() {
                self.machine.around(leaf).for_each(|node| self.rests(node));
            } else {
                memory.active().for_each(|node| self.rests(node));
            }
        } else {
            self.report.not_started += 1;
        }
        let counts = memory.halted() || memory.started();
        let cents = self.leakage.finish_contact(fate);
        if counts {
            self.value.add(cents);
        }
        self.sends.finish_contact(counts);
        self.handovers.finish_contact();
        self.contact += 1;
        (self.started, self.fate) = (NOWHERE, Fate::Stuck);
    }
}
