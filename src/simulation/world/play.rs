//! A world and a machine run together, contact by contact.

use super::World;
use super::population::{Person, Population};
use super::walk::Walk;
use crate::model::{Time, Zone};
use crate::simulation::condition::Fields;
use crate::simulation::luck::ContactKey;
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::react::{Effect, Outcome, Reaction, Step, Stimulus};
use crate::simulation::run::{Player, Progress};

/// How many steps of one contact are taken before somebody asks whether to go on.
const STEPS_BETWEEN_LOOKS: u32 = 1_024;

/// One run of a world.
pub(in crate::simulation) struct Play<'a> {
    pub(in crate::simulation) machine: &'a Machine,
    pub(in crate::simulation) world: &'a World,
    pub(in crate::simulation) until: Time,
    pub(in crate::simulation) seed: u64,
}

/// The room that a contact in the world needs beside its memory; the next contact finds it again.
#[derive(Clone, Debug, Default)]
pub(in crate::simulation) struct Room {
    walk: Walk,
    /// By node, in one reaction: how many of its entries are still to be told.
    entries: Vec<u32>,
    /// Those whom somebody has won and nobody has played yet.
    pub(in crate::simulation) won: Vec<Referral>,
}

/// A contact whom another one has won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::simulation) struct Referral {
    pub(in crate::simulation) start: Time,
    pub(in crate::simulation) key: ContactKey,
}

impl<'m> Play<'m> {
    pub(in crate::simulation) fn room(&self) -> Room {
        let entries = vec![0; self.machine.node_count()];
        Room { walk: Walk::new(self.world), entries, won: Vec::new() }
    }

    pub(in crate::simulation) fn contact_count(&self) -> usize {
        self.world.population.contacts
    }

    pub(in crate::simulation) fn name(contact: usize) -> String {
        Population::name(contact)
    }

    /// Plays a contact that starts by itself. Shows the stimulus, and the event if it is one; those whom it wins are left
    /// in the room.
    pub(in crate::simulation) fn contact(
        &self,
        contact: usize,
        player: &mut Player<'m>,
        progress: &Progress,
        observe: impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        let person = self.world.population.person(contact, self.seed);
        self.introduce(person, player);
        if person.start > self.until {
            return;
        }
        let zone: &Zone = &player.memory.zone.clone();
        for (time, event) in self.world.population.past(self.seed, person, zone) {
            let stimulus = Stimulus::Event { time, event: Some(event), fields: Fields::default() };
            self.machine.react(&mut player.memory, &stimulus, &mut Reaction::new(false));
        }
        self.run(person.start, player, progress, observe);
    }

    /// Plays a contact whom another one has won.
    pub(in crate::simulation) fn referral(
        &self,
        referral: Referral,
        player: &mut Player<'m>,
        progress: &Progress,
        observe: impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        let Referral { key, start } = referral;
        self.introduce(Person { key, start }, player);
        self.run(start, player, progress, observe);
    }

    fn introduce(&self, person: Person, player: &mut Player<'m>) {
        player.memory.begin(&player.fresh, person.key, None);
        player.memory.seed = self.seed;
        self.world.population.introduce(&mut player.memory);
        player.room.walk.begin(person.start, self.until);
    }

    /// The one loop of a contact in the world: whatever comes first, and at the same time what people do before what is
    /// merely due.
    fn run(
        &self,
        start: Time,
        player: &mut Player<'m>,
        progress: &Progress,
        mut observe: impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        let Player { memory, reaction, room: Room { walk, entries, won }, .. } = player;
        let mut wake = Wake { machine: self.machine, world: self.world, entries, won, children: 0 };
        let stimulus = Stimulus::Start(start);
        self.machine.react(memory, &stimulus, reaction);
        observe(&stimulus, None, memory, reaction);
        wake.settle(walk, memory, reaction);
        walk.start(self.world, memory);
        let mut steps = 0;
        while !memory.finished() {
            steps += 1;
            if steps % STEPS_BETWEEN_LOOKS == 0 && progress.is_cancelled() {
                return;
            }
            let (own, due) = (walk.next_time(memory), self.machine.next_due(memory));
            let own_first = own.is_some_and(|own| due.is_none_or(|due| own <= due));
            if own.into_iter().chain(due).min().is_none_or(|next| next > self.until) {
                return;
            }
            if !own_first {
                self.machine.react(memory, &Stimulus::Timer, reaction);
                observe(&Stimulus::Timer, None, memory, reaction);
                wake.settle(walk, memory, reaction);
            } else if let Some(coming) = walk.step(self.world, memory) {
                let behaviour = &self.world.behaviours[coming.behaviour];
                let values = behaviour.values(coming.outcome, memory, coming.time);
                let event = behaviour.outcomes[coming.outcome].event;
                let stimulus =
                    Stimulus::Event { time: coming.time, event: Some(event), fields: Fields::given(&values) };
                self.machine.react(memory, &stimulus, reaction);
                observe(&stimulus, Some(event), memory, reaction);
                wake.settle(walk, memory, reaction);
            }
        }
    }
}

/// What follows from a reaction.
struct Wake<'a, 'm> {
    machine: &'m Machine,
    world: &'a World,
    entries: &'a mut [u32],
    won: &'a mut Vec<Referral>,
    children: u64,
}

impl<'m> Wake<'_, 'm> {
    /// Sets off what entries and touchpoints set off, after all of the reaction is done.
    fn settle(&mut self, walk: &mut Walk, memory: &mut Memory, reaction: &Reaction<'m>) {
        if reaction.steps.is_empty() || reaction.outcome == Outcome::Halted {
            return;
        }
        for step in &reaction.steps {
            if let Step::Entered(node) = step {
                self.entries[*node] += 1;
            }
        }
        for step in &reaction.steps {
            match step {
                Step::Entered(node) => {
                    // Of several entries, the last one is the visit that goes on.
                    self.entries[*node] -= 1;
                    let number = memory.nodes[*node].number - self.entries[*node];
                    walk.entered(self.world, memory, *node, number);
                }
                Step::Effect(Effect::Sent { touchpoint, .. }) => {
                    if let Some(slot) = self.machine.touchpoint_slot(*touchpoint) {
                        walk.sent(self.world, memory, slot);
                    }
                }
                Step::Effect(Effect::Referred) => {
                    self.children += 1;
                    let key = memory.contact.continued(&format!("/{}", self.children));
                    self.won.push(Referral { start: memory.now, key });
                }
                Step::Left(_) | Step::Took(_) | Step::Effect(_) | Step::Failed(_) => {}
            }
        }
    }
}
