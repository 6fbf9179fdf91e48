//! A world and a machine run together, contact by contact.

use std::sync::OnceLock;

use super::World;
use super::agenda::Rota;
use super::plain::{Plain, Rates};
use super::population::Person;
use super::walk::{Happening, Walk};
use crate::model::{Time, Zone};
use crate::simulation::condition::Fields;
use crate::simulation::luck::ContactKey;
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::react::{Effect, Outcome, Reaction, Step, Stimulus};
use crate::simulation::run::{Player, Progress};

/// How many steps are taken before somebody asks whether to go on.
pub(super) const STEPS_BETWEEN_LOOKS: u32 = 1_024;

/// One run of a world.
pub(in crate::simulation) struct Play<'a> {
    pub(super) machine: &'a Machine,
    pub(in crate::simulation) world: &'a World,
    pub(super) until: Time,
    pub(super) seed: u64,
    /// When teams are done with what; found out once, before contacts are played each for itself.
    rota: OnceLock<Rota>,
}

/// The room that a contact in the world needs beside its memory; the next contact finds it again.
#[derive(Clone, Debug, Default)]
pub(in crate::simulation) struct Room {
    walk: Walk,
    /// By node, in one reaction: how many of its entries are still to be told.
    entries: Vec<u32>,
    /// Of a world of the common kind.
    pub(in crate::simulation) rates: Rates,
    /// Those whom somebody has won and nobody has played yet.
    pub(in crate::simulation) won: Vec<Referral>,
}

/// A contact whom another one has won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::simulation) struct Referral {
    pub(super) start: Time,
    pub(super) key: ContactKey,
}

/// A contact in the middle of its journey.
pub(super) struct Scene<'p, 'm> {
    pub(super) memory: &'p mut Memory,
    pub(super) walk: &'p mut Walk,
    pub(super) reaction: &'p mut Reaction<'m>,
    pub(super) entries: &'p mut [u32],
    pub(super) won: &'p mut Vec<Referral>,
}

impl<'m> Play<'m> {
    pub(in crate::simulation) fn new(machine: &'m Machine, world: &'m World, until: Time, seed: u64) -> Self {
        Self { machine, world, until, seed, rota: OnceLock::new() }
    }

    pub(in crate::simulation) fn room(&self) -> Room {
        let entries = vec![0; self.machine.node_count()];
        let rates = self.world.plain().map(Plain::rates).unwrap_or_default();
        Room { walk: Walk::new(self.world), entries, rates, won: Vec::new() }
    }

    pub(in crate::simulation) fn contact_count(&self) -> usize {
        self.world.contact_count()
    }

    pub(in crate::simulation) fn until(&self) -> Time {
        self.until
    }

    pub(in crate::simulation) fn seed(&self) -> u64 {
        self.seed
    }

    /// Finds out how contacts wait for each other, if they do. Without it, the first contact that is played does; `None`
    /// if it was cancelled.
    pub(in crate::simulation) fn prepare(&self, progress: &Progress) -> Option<&Rota> {
        if let Some(rota) = self.rota.get() {
            return Some(rota);
        }
        let rota = if self.world.teams.is_empty() { Rota::default() } else { self.rota(progress)? };
        Some(self.rota.get_or_init(|| rota))
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
        let person = self.world.population.person(self.world.number(contact), self.seed);
        player.memory.begin(&player.fresh, person.key, None);
        self.introduce(person, true, &mut player.memory);
        if person.start <= self.until {
            self.run(person, player, progress, observe);
        }
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
        let person = Person { key, start };
        player.memory.begin(&player.fresh, key, None);
        self.introduce(person, false, &mut player.memory);
        self.run(person, player, progress, observe);
    }

    /// Fills what is known of a contact before its journey. Those who were won have no past.
    pub(super) fn introduce(&self, person: Person, has_past: bool, memory: &mut Memory) {
        memory.seed = self.seed;
        self.world.population.introduce(memory);
        if has_past && person.start <= self.until {
            let zone: &Zone = &memory.zone.clone();
            let mut past = self.world.population.past(self.seed, person, zone);
            past.extend(self.world.sent_by_hand().iter().take_while(|(time, _)| *time < person.start));
            past.sort_by_key(|(time, _)| *time);
            for (time, event) in past {
                let stimulus = Stimulus::Event { time, event: Some(event), fields: Fields::default() };
                self.machine.react(memory, &stimulus, &mut Reaction::new(false));
            }
        }
    }

    fn run(
        &self,
        person: Person,
        player: &mut Player<'m>,
        progress: &Progress,
        mut observe: impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        let Some(rota) = self.prepare(progress) else { return };
        let Player { memory, reaction, room: Room { walk, entries, won, .. }, .. } = player;
        walk.begin(memory, person.start, self.until);
        walk.served.extend_from_slice(rota.of(person.key));
        walk.expect(self.world.sent_by_hand());
        let mut scene = Scene { memory, walk, reaction, entries, won };
        self.open(person.start, &mut scene, &mut observe);
        let mut steps = 0;
        while self.next_time(&mut scene).is_some() {
            steps += 1;
            if steps % STEPS_BETWEEN_LOOKS == 0 && progress.is_cancelled() {
                return;
            }
            self.step(&mut scene, &mut observe);
        }
    }

    /// The journey begins.
    pub(super) fn open(
        &self,
        start: Time,
        scene: &mut Scene<'_, 'm>,
        observe: &mut impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        self.react(scene, &Stimulus::Start(start), None, observe);
        scene.walk.start(self.world, scene.memory);
    }

    /// When the next step is due, if that is within the run.
    pub(super) fn next_time(&self, scene: &mut Scene<'_, 'm>) -> Option<Time> {
        let (own, due) = self.next(scene);
        own.into_iter().chain(due).min().filter(|next| *next <= self.until)
    }

    /// When people do something next, and when something is merely due.
    fn next(&self, scene: &mut Scene<'_, 'm>) -> (Option<Time>, Option<Time>) {
        (scene.walk.next_time(scene.memory), self.machine.next_due(scene.memory))
    }

    /// Whatever comes first; at the same time, what people do comes before what is merely due.
    pub(super) fn step(
        &self,
        scene: &mut Scene<'_, 'm>,
        observe: &mut impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        let (own, due) = self.next(scene);
        if own.is_none_or(|own| due.is_some_and(|due| due < own)) {
            self.react(scene, &Stimulus::Timer, None, observe);
        } else if let Some((happening, time)) = scene.walk.step(self.world, scene.memory) {
            let (event, values) = match happening {
                Happening::Outcome(behaviour, outcome) => {
                    let behaviour = &self.world.behaviours[behaviour];
                    (behaviour.outcomes[outcome].event, behaviour.values(outcome, scene.memory, time))
                }
                Happening::ByHand(event) => (event, Vec::new()),
            };
            let stimulus = Stimulus::Event { time, event: Some(event), fields: Fields::given(&values) };
            self.react(scene, &stimulus, Some(event), observe);
        }
    }

    fn react(
        &self,
        scene: &mut Scene<'_, 'm>,
        stimulus: &Stimulus,
        event: Option<usize>,
        observe: &mut impl FnMut(&Stimulus, Option<usize>, &Memory, &Reaction<'m>),
    ) {
        self.machine.react(scene.memory, stimulus, scene.reaction);
        observe(stimulus, event, scene.memory, scene.reaction);
        if !scene.reaction.steps.is_empty() && scene.reaction.outcome != Outcome::Halted {
            self.settle(scene);
        }
    }

    /// Sets off what entries and touchpoints set off, after all of the reaction is done.
    fn settle(&self, scene: &mut Scene<'_, 'm>) {
        let Scene { memory, walk, reaction, entries, won } = scene;
        for step in &reaction.steps {
            if let Step::Entered(node) = step {
                entries[*node] += 1;
            }
        }
        for step in &reaction.steps {
            match step {
                Step::Entered(node) => {
                    // Of several entries, the last one is the visit that goes on.
                    entries[*node] -= 1;
                    let number = memory.nodes[*node].number - entries[*node];
                    walk.entered(self.world, memory, *node, number);
                }
                Step::Effect(Effect::Sent { touchpoint, .. }) => {
                    if let Some(slot) = self.machine.touchpoint_slot(*touchpoint) {
                        walk.sent(self.world, memory, slot);
                    }
                }
                Step::Effect(Effect::Referred) => {
                    walk.children += 1;
                    let key = memory.contact.continued(&format!("/{}", walk.children));
                    won.push(Referral { start: memory.now, key });
                }
                Step::Left(_) | Step::Took(_) | Step::Effect(_) | Step::Failed(_) => {}
            }
        }
    }
}
