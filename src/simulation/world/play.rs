//! A world and a machine run together, contact by contact.

use std::sync::OnceLock;

use super::World;
use super::agenda::Waits;
use super::plain::{Plain, Rates};
use super::population::Person;
use super::walk::{Happening, Walk};
use crate::model::{Time, Value, Zone};
use crate::simulation::condition::Fields;
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::newcomers::Newcomer;
use crate::simulation::observer::By;
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
    waits: OnceLock<Waits>,
}

/// The room that a contact in the world needs beside its memory; the next contact finds it again.
#[derive(Clone, Debug, Default)]
pub(in crate::simulation) struct Room {
    walk: Walk,
    /// By node, in one reaction: how many of its entries are still to be told.
    entries: Vec<u32>,
    /// What the last event brings, by field slot.
    pub(in crate::simulation) given: Vec<(usize, Value)>,
    /// Of a world of the common kind.
    pub(in crate::simulation) rates: Rates,
    /// Those whom somebody has won and nobody has played yet.
    pub(in crate::simulation) won: Vec<Newcomer>,
}

/// A contact in the middle of its journey.
pub(super) struct Scene<'p, 'm> {
    pub(super) memory: &'p mut Memory,
    pub(super) walk: &'p mut Walk,
    pub(super) reaction: &'p mut Reaction<'m>,
    pub(super) entries: &'p mut [u32],
    pub(super) given: &'p mut Vec<(usize, Value)>,
    pub(super) won: &'p mut Vec<Newcomer>,
}

impl<'p, 'm> Scene<'p, 'm> {
    fn of(player: &'p mut Player<'m>) -> Self {
        let Player { memory, reaction, room: Room { walk, entries, given, won, .. }, .. } = player;
        Self { memory, walk, reaction, entries, given, won }
    }
}

impl<'m> Play<'m> {
    pub(in crate::simulation) fn new(machine: &'m Machine, world: &'m World, until: Time, seed: u64) -> Self {
        Self { machine, world, until, seed, waits: OnceLock::new() }
    }

    pub(in crate::simulation) fn room(&self) -> Room {
        let entries = vec![0; self.machine.node_count()];
        let rates = self.world.plain().map(Plain::rates).unwrap_or_default();
        Room { walk: Walk::new(self.world), entries, given: Vec::new(), rates, won: Vec::new() }
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
    pub(in crate::simulation) fn prepare(&self, progress: &Progress) -> Option<&Waits> {
        if let Some(waits) = self.waits.get() {
            return Some(waits);
        }
        let waits = if self.world.teams.is_empty() { Waits::default() } else { self.waits(progress)? };
        Some(self.waits.get_or_init(|| waits))
    }

    /// What was found out before, of the same world, machine, end and seed.
    pub(in crate::simulation) fn know(&self, waits: &Waits) {
        self.waits.get_or_init(|| waits.clone());
    }

    /// A contact that starts by itself, before its journey, and when that begins; `None` if not within the run.
    pub(in crate::simulation) fn meet(
        &self,
        contact: usize,
        player: &mut Player<'m>,
        progress: &Progress,
    ) -> Option<Time> {
        let person = self.world.population.person(self.world.number(contact), self.seed);
        player.memory.begin(&player.fresh, person.key, None);
        self.introduce(person, true, &mut player.memory);
        if person.start > self.until {
            return None;
        }
        self.begin(person, player, progress)
    }

    /// The same for a contact whom another one has won.
    pub(in crate::simulation) fn meet_referred(
        &self,
        newcomer: &Newcomer,
        player: &mut Player<'m>,
        progress: &Progress,
    ) -> Option<Time> {
        let person = Person { key: newcomer.key, start: newcomer.start };
        player.memory.begin(&player.fresh, person.key, None);
        self.introduce(person, false, &mut player.memory);
        self.begin(person, player, progress)
    }

    /// What was drawn of a contact, and the events before its start by their slots.
    pub(in crate::simulation) fn introduced(&self, contact: usize, fresh: &Memory) -> (Memory, Vec<(Time, usize)>) {
        let person = self.world.population.person(self.world.number(contact), self.seed);
        let mut memory = fresh.clone();
        memory.begin(fresh, person.key, None);
        memory.seed = self.seed;
        self.world.population.introduce(&mut memory);
        let past = self.world.population.past(self.seed, person, &memory.zone);
        (memory, past)
    }

    /// Fills what is known of a contact before its journey. Those who were won have no past.
    pub(super) fn introduce(&self, person: Person, has_past: bool, memory: &mut Memory) {
        memory.seed = self.seed;
        self.world.population.introduce(memory);
        if has_past && person.start <= self.until {
            let zone: &Zone = &memory.zone.clone();
            let mut past = self.world.population.past(self.seed, person, zone);
            past.extend(self.world.sent_to(person.key).iter().take_while(|(time, _)| *time < person.start));
            past.sort_by_key(|(time, _)| *time);
            for (time, event) in past {
                let stimulus = Stimulus::Event { time, event: Some(event), fields: Fields::default() };
                self.machine.react(memory, &stimulus, &mut Reaction::new(false));
            }
        }
    }

    fn begin(&self, person: Person, player: &mut Player<'m>, progress: &Progress) -> Option<Time> {
        let waits = self.prepare(progress)?;
        let walk = &mut player.room.walk;
        walk.begin(&player.memory, person.start, self.until);
        walk.served.extend_from_slice(waits.of(person.key));
        walk.expect(self.world.sent_to(person.key));
        Some(person.start)
    }

    /// The journey begins; those whom the contact wins are left in the room, here and later.
    pub(in crate::simulation) fn start(&self, start: Time, player: &mut Player<'m>) -> By {
        self.open(start, &mut Scene::of(player))
    }

    /// What happens next, and what set it off; `None` when the run is over for this contact, or was cancelled.
    pub(in crate::simulation) fn go_on(&self, player: &mut Player<'m>, progress: &Progress) -> Option<By> {
        let mut scene = Scene::of(player);
        while self.next_time(&mut scene).is_some() {
            scene.walk.steps += 1;
            if scene.walk.steps.is_multiple_of(STEPS_BETWEEN_LOOKS) && progress.is_cancelled() {
                return None;
            }
            if let Some(by) = self.step(&mut scene) {
                return Some(by);
            }
        }
        None
    }

    /// The journey begins.
    pub(super) fn open(&self, start: Time, scene: &mut Scene<'_, 'm>) -> By {
        self.machine.react(scene.memory, &Stimulus::Start(start), scene.reaction);
        self.settle(scene);
        scene.walk.start(self.world, scene.memory);
        By::Start
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

    /// Whatever comes first; at the same time, what people do comes before what is merely due. `None` where something was
    /// merely set off or did not come about.
    pub(super) fn step(&self, scene: &mut Scene<'_, 'm>) -> Option<By> {
        let (own, due) = self.next(scene);
        let by = if own.is_none_or(|own| due.is_some_and(|due| due < own)) {
            self.machine.react(scene.memory, &Stimulus::Timer, scene.reaction);
            By::of_timer(scene.reaction)
        } else {
            let (happening, time) = scene.walk.step(self.world, scene.memory)?;
            let event = match happening {
                Happening::Outcome(behaviour, outcome) => {
                    let behaviour = &self.world.behaviours[behaviour];
                    *scene.given = behaviour.values(outcome, scene.memory, time);
                    behaviour.outcomes[outcome].event
                }
                Happening::ByHand(event) => {
                    scene.given.clear();
                    event
                }
            };
            let stimulus = Stimulus::Event { time, event: Some(event), fields: Fields::given(scene.given) };
            self.machine.react(scene.memory, &stimulus, scene.reaction);
            By::Event(event)
        };
        self.settle(scene);
        Some(by)
    }

    /// Sets off what entries and touchpoints set off, after all of the reaction is done.
    fn settle(&self, scene: &mut Scene<'_, 'm>) {
        let Scene { memory, walk, reaction, entries, won, .. } = scene;
        if reaction.outcome == Outcome::Halted {
            return;
        }
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
                    won.push(Newcomer::of_root(key, memory.now, walk.children));
                }
                Step::Left(_) | Step::Took(_) | Step::Effect(_) | Step::Failed(_) => {}
            }
        }
    }
}
