//! Contacts who wait for each other, because the same team serves them: all of them in one agenda, in the order of time,
//! then of contacts. What comes out is when which team was done with what, and no more; with that known, every contact can
//! be played for itself and does exactly the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::sync::Arc;

use super::play::{Play, STEPS_BETWEEN_LOOKS, Scene};
use super::population::Person;
use super::walk::{Queued, Served, Walk, is_current};
use crate::model::{Time, Value};
use crate::simulation::luck::ContactKey;
use crate::simulation::memory::Memory;
use crate::simulation::newcomers::Newcomer;
use crate::simulation::react::Reaction;
use crate::simulation::run::{MOST_REFERRED, Progress};

/// When teams are done with what, by contact. It is found out once, and holds for every run of the same chart and world
/// until the same end on the same seed.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<BTreeMap<ContactKey, Vec<Served>>>);

impl Waits {
    /// In the order of behaviours and ordinals.
    pub(super) fn of(&self, contact: ContactKey) -> &[Served] {
        self.0.get(&contact).map_or(&[], Vec::as_slice)
    }
}

/// What is next. At the same time, teams first: what they are done with happens before anything is merely due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Team(usize),
    Contact(usize),
}

/// Where a contact is.
enum Guest {
    Expected,
    Here(Box<(Memory, Walk)>),
    /// Its journey is over, and nothing of it is needed any more.
    Gone,
}

/// A team and what waits for it, first come, first served.
#[derive(Default)]
struct Desk {
    is_busy: bool,
    waiting: VecDeque<(usize, Queued)>,
}

struct Agenda<'p, 'm> {
    play: &'p Play<'m>,
    fresh: Memory,
    turns: BinaryHeap<Reverse<(Time, Turn)>>,
    /// Those who start by themselves, then those who were won, as they came.
    people: Vec<Person>,
    guests: Vec<Guest>,
    desks: Vec<Desk>,
    reaction: Reaction<'m>,
    entries: Vec<u32>,
    given: Vec<(usize, Value)>,
    won: Vec<Newcomer>,
    served: BTreeMap<ContactKey, Vec<Served>>,
}

impl Play<'_> {
    /// `None` if it was cancelled.
    pub(super) fn waits(&self, progress: &Progress) -> Option<Waits> {
        let contacts = self.contact_count();
        let mut agenda = Agenda {
            play: self,
            fresh: self.machine.memory(self.seed, ContactKey::default(), None),
            turns: BinaryHeap::new(),
            people: Vec::new(),
            guests: Vec::new(),
            desks: self.world.teams.iter().map(|_| Desk::default()).collect(),
            reaction: Reaction::of_totals(),
            entries: vec![0; self.machine.node_count()],
            given: Vec::new(),
            won: Vec::new(),
            served: BTreeMap::new(),
        };
        for contact in 0..contacts {
            if !progress.goes_on(contact) {
                return None;
            }
            let person = self.world.population.person(contact, self.seed);
            agenda.people.push(person);
            agenda.guests.push(Guest::Expected);
            if person.start <= self.until {
                agenda.turns.push(Reverse((person.start, Turn::Contact(contact))));
            }
        }
        let mut steps = 0;
        while let Some(Reverse((time, turn))) = agenda.turns.pop() {
            steps += 1;
            if steps % STEPS_BETWEEN_LOOKS == 0 && progress.is_cancelled() {
                return None;
            }
            match turn {
                Turn::Team(team) => {
                    agenda.desks[team].is_busy = false;
                    agenda.begin(team, time);
                }
                Turn::Contact(contact) => {
                    if contact < contacts && matches!(agenda.guests[contact], Guest::Expected) {
                        progress.add(1);
                    }
                    agenda.contact(contact, time, contacts);
                }
            }
        }
        for (place, served) in agenda.served.values_mut().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            served.sort_unstable();
        }
        Some(Waits(Arc::new(agenda.served)))
    }
}

impl Agenda<'_, '_> {
    fn contact(&mut self, contact: usize, time: Time, started: usize) {
        let play = self.play;
        let guest = std::mem::replace(&mut self.guests[contact], Guest::Gone);
        let is_new = matches!(guest, Guest::Expected);
        let mut here = match guest {
            Guest::Expected => {
                let person = self.people[contact];
                let mut memory = self.fresh.clone();
                memory.contact = person.key;
                play.introduce(person, contact < started, &mut memory);
                let mut walk = Walk::new(play.world);
                walk.begin(&memory, person.start, play.until);
                walk.expect(play.world.sent_to(person.key));
                Box::new((memory, walk))
            }
            Guest::Here(here) => here,
            Guest::Gone => return,
        };
        let (memory, walk) = &mut *here;
        let mut scene = Scene {
            memory,
            walk,
            reaction: &mut self.reaction,
            entries: &mut self.entries,
            given: &mut self.given,
            won: &mut self.won,
        };
        if is_new {
            play.open(time, &mut scene);
        } else if play.next_time(&mut scene) == Some(time) {
            play.step(&mut scene);
        } else {
            // It has come to something else meanwhile, which has a place of its own in the agenda.
            self.guests[contact] = Guest::Here(here);
            return;
        }
        if let Some(next) = play.next_time(&mut scene) {
            self.turns.push(Reverse((next, Turn::Contact(contact))));
        }
        let queued = std::mem::take(&mut walk.queued);
        if !memory.finished() {
            self.guests[contact] = Guest::Here(here);
        }
        for item in queued {
            if let Some(team) = play.world.behaviours[item.behaviour].team {
                self.desks[team].waiting.push_back((contact, item));
                if !self.desks[team].is_busy {
                    self.begin(team, time);
                }
            }
        }
        for Newcomer { start, key, .. } in std::mem::take(&mut self.won) {
            // Beyond that, nobody follows them; the run says so.
            if self.people.len() - started < MOST_REFERRED {
                self.turns.push(Reverse((start, Turn::Contact(self.people.len()))));
                self.people.push(Person { key, start });
                self.guests.push(Guest::Expected);
            }
        }
    }

    /// The team begins with the first thing that is still needed. Nobody works for contacts whose journey is over.
    fn begin(&mut self, team: usize, now: Time) {
        let play = self.play;
        let known = &play.world.teams[team];
        let Some(work) = known.work else { return };
        while let Some((contact, item)) = self.desks[team].waiting.pop_front() {
            let Guest::Here(here) = &mut self.guests[contact] else { continue };
            let (memory, walk) = &mut **here;
            if !is_current(item.visit, memory) {
                continue;
            }
            let time = play.machine.zone().after_work(known.hours, now, work);
            self.desks[team].is_busy = true;
            if time > play.until {
                return;
            }
            let served = Served { behaviour: item.behaviour, ordinal: item.ordinal, time };
            walk.serve(served, item.visit);
            self.served.entry(memory.contact).or_default().push(served);
            self.turns.push(Reverse((time, Turn::Team(team))));
            self.turns.push(Reverse((time, Turn::Contact(contact))));
            return;
        }
    }
}
