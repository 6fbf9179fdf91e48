//! One event, from start to end: apply, select, execute, stabilise. A function of the machine, a memory and a stimulus;
//! what happened is handed back, nothing is done.

use std::collections::VecDeque;

use super::condition::{Fields, Finding, LuckKey, Scene, Term};
use super::machine::{Act, Machine, TimerStart};
use super::memory::{Armed, Memory};
use crate::model::{ScoreChange, Time, TouchpointId, Value};

/// Beyond this many arrows taken without an event of their own, the contact is halted.
const MOST_MICROSTEPS: usize = 100;
/// Beyond this many events and timers of one contact at one instant, it is halted.
const MOST_AT_ONE_INSTANT: u32 = 1_000;

/// What a contact reacts to.
#[derive(Clone, Copy)]
pub enum Stimulus<'a> {
    /// The journey begins.
    Start(Time),
    /// Something happened; `event` is its slot, or `None` for an event that the catalogue does not know.
    Event { time: Time, event: Option<usize>, fields: Fields<'a> },
    /// The next timer is due; see [`Machine::next_due`].
    Timer,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Ignored,
    /// Another state, or the same one entered anew.
    Moved,
    /// Actions only.
    Stayed,
    /// Some arrow waited for it, but no guard held.
    Refused,
    /// The journey was over.
    AfterEnd,
    /// The contact went round in circles and was stopped.
    Halted,
}

/// What one stimulus did. Reused from one to the next to save allocations.
#[derive(Clone, Debug, Default)]
pub struct Reaction<'m> {
    pub outcome: Outcome,
    /// In the order it happened.
    pub steps: Vec<Step<'m>>,
    /// The arrow of the timer, if it was one.
    pub timer: Option<usize>,
    /// The arrows whose guards did not hold; filled on request.
    pub refused: Vec<(usize, Finding)>,
    /// The findings that let the first arrow pass; filled on request.
    pub because: Vec<Finding>,
    explain: bool,
}

impl Reaction<'_> {
    /// An empty reaction; `explain` asks for the reasons, which costs time.
    #[must_use]
    pub fn new(explain: bool) -> Self {
        Self { explain, ..Self::default() }
    }

    fn clear(&mut self) {
        self.outcome = Outcome::Ignored;
        self.steps.clear();
        self.timer = None;
        self.refused.clear();
        self.because.clear();
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<'m> {
    Left(usize),
    Took(usize),
    Entered(usize),
    Effect(Effect<'m>),
    /// An action failed and ended the rest of its block.
    Failed(String),
}

/// What would have been done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<'m> {
    Sent {
        touchpoint: TouchpointId,
        name: &'m str,
    },
    Notified {
        team: &'m str,
        text: &'m str,
    },
    Converted {
        point: &'m str,
        value: Option<f64>,
    },
    /// An attribute or score was changed.
    Set {
        attribute: usize,
        value: Value,
    },
    Raised(usize),
}

impl Machine {
    /// When the next timer of the contact is due.
    #[must_use]
    pub fn next_due(&self, memory: &Memory) -> Option<Time> {
        next_timer(memory).map(|(due, _)| due)
    }

    /// What `stimulus` does to the contact. Never moves the contact's clock backwards: a stimulus from the past happens
    /// now.
    pub fn react<'m>(&'m self, memory: &mut Memory, stimulus: &Stimulus, reaction: &mut Reaction<'m>) {
        reaction.clear();
        let time = match stimulus {
            Stimulus::Start(time) | Stimulus::Event { time, .. } => *time,
            Stimulus::Timer => match next_timer(memory) {
                Some((due, _)) => due,
                None => return,
            },
        };
        if memory.finished() {
            reaction.outcome = if memory.halted { Outcome::Halted } else { Outcome::AfterEnd };
            return;
        }
        let before = self.can_cycle.then(|| memory.clone());
        memory.at_this_instant = if time > memory.now { 1 } else { memory.at_this_instant + 1 };
        memory.now = memory.now.max(time);
        if memory.at_this_instant > MOST_AT_ONE_INSTANT {
            memory.halted = true;
            reaction.steps.push(Step::Failed(format!(
                "more than {MOST_AT_ONE_INSTANT} events and timers at one instant; the contact was stopped"
            )));
            reaction.outcome = Outcome::Halted;
            return;
        }
        let mut turn = Turn { machine: self, memory, reaction, fields: Fields::default(), internal: VecDeque::new() };
        match stimulus {
            Stimulus::Start(_) => turn.start(),
            Stimulus::Event { event, fields, .. } => {
                turn.fields = *fields;
                turn.event(*event);
            }
            Stimulus::Timer => turn.timer(),
        }
        if let Err(cycle) = turn.stabilise() {
            if let Some(before) = before {
                *memory = before;
            }
            memory.halted = true;
            reaction.steps.clear();
            reaction.steps.push(Step::Failed(cycle));
            reaction.outcome = Outcome::Halted;
        }
    }
}

/// The earliest timer; of those due at the same time the one armed first, then in the order of the drawing.
fn next_timer(memory: &Memory) -> Option<(Time, usize)> {
    if memory.finished() {
        return None;
    }
    memory
        .timers
        .iter()
        .enumerate()
        .filter_map(|(timer, armed)| armed.due.map(|due| (due, armed.order, timer)))
        .min()
        .map(|(due, _, timer)| (due, timer))
}

/// One stimulus being processed.
struct Turn<'t, 'm, 'f> {
    machine: &'m Machine,
    memory: &'t mut Memory,
    reaction: &'t mut Reaction<'m>,
    fields: Fields<'f>,
    internal: VecDeque<usize>,
}

impl<'m> Turn<'_, 'm, '_> {
    fn start(&mut self) {
        if let Some(start) = self.machine.start
            && self.memory.active.is_none()
        {
            self.enter(start);
            self.reaction.outcome = Outcome::Moved;
        }
    }

    fn event(&mut self, event: Option<usize>) {
        match event {
            Some(event) => self.apply(event),
            // What the catalogue does not know has no counter, but it is an event like any.
            None => self.memory.last_any = Some(self.memory.now),
        }
        let Some(active) = self.memory.active else { return };
        self.rearm(active, event);
        let node = &self.machine.nodes[active];
        self.select(event.map_or(&node.on_unknown, |event| &node.on_event[event]), false);
    }

    fn timer(&mut self) {
        let (Some((_, timer)), Some(active)) = (next_timer(self.memory), self.memory.active) else { return };
        // Evaluated once: a guard that does not hold spends the timer until it is armed again.
        self.memory.timers[timer].due = None;
        let arrow = self.machine.nodes[active].timers[timer].arrow;
        self.reaction.timer = Some(arrow);
        self.select(&[arrow], false);
    }

    /// Fields to attributes, counters, then score rules in rank; guards see all of it.
    fn apply(&mut self, event: usize) {
        let known = &self.machine.events[event];
        for (field, attribute) in &known.bound {
            let value = self.fields.get(*field);
            if value != Value::Unknown {
                self.memory.values[*attribute] = self.machine.fitting(*attribute, &value);
            }
        }
        self.memory.record(event, known.keep);
        for rule in &known.rules {
            if rule.guard.as_ref().is_none_or(|guard| guard.holds(self.scene(LuckKey::score_rule(rule.id)))) {
                let value = match (rule.change, &self.memory.values[rule.score]) {
                    (ScoreChange::Add, Value::Number(score)) => Value::Number(score + rule.points),
                    // Points for a number that was unknown are the first that is known of it.
                    (ScoreChange::Add | ScoreChange::Set, _) => Value::Number(rule.points),
                };
                self.memory.values[rule.score] = value;
            }
        }
    }

    fn rearm(&mut self, active: usize, event: Option<usize>) {
        for (slot, timer) in self.machine.nodes[active].timers.iter().enumerate() {
            if timer.from.watches(event) {
                let due = self.memory.now.plus(timer.delay, &self.memory.zone);
                self.memory.arm(slot, Some(due));
            }
        }
    }

    fn scene(&self, luck: LuckKey) -> Scene<'_> {
        Scene { memory: self.memory, fields: self.fields, luck }
    }

    /// Takes the first of `candidates` whose guard holds.
    fn select(&mut self, candidates: &[usize], internal: bool) -> bool {
        for &candidate in candidates {
            let arrow = &self.machine.arrows[candidate];
            if internal && arrow.on_any {
                continue;
            }
            let luck = LuckKey::arrow(arrow.id);
            let holds = arrow.guard.as_ref().is_none_or(|guard| guard.holds(self.scene(luck)));
            if holds {
                self.explain_taken(arrow.guard.as_ref(), luck);
                self.take(candidate);
                return true;
            }
            if self.reaction.outcome == Outcome::Ignored {
                self.reaction.outcome = Outcome::Refused;
            }
            if self.reaction.explain
                && let Some(guard) = &arrow.guard
            {
                let finding = self.machine.why_not(guard, self.scene(luck));
                self.reaction.refused.push((candidate, finding));
            }
        }
        false
    }

    fn explain_taken(&mut self, guard: Option<&Term>, luck: LuckKey) {
        let first = !self.reaction.steps.iter().any(|step| matches!(step, Step::Took(_)));
        if self.reaction.explain
            && first
            && let Some(guard) = guard
        {
            let mut because = Vec::new();
            self.machine.why(guard, self.scene(luck), &mut because);
            self.reaction.because = because;
        }
    }

    fn take(&mut self, slot: usize) {
        let arrow = &self.machine.arrows[slot];
        if arrow.stays() {
            self.reaction.steps.push(Step::Took(slot));
            self.perform(&arrow.actions, LuckKey::arrow(arrow.id));
            if self.reaction.outcome != Outcome::Moved {
                self.reaction.outcome = Outcome::Stayed;
            }
            return;
        }
        self.reaction.steps.push(Step::Left(arrow.source));
        let source = &self.machine.nodes[arrow.source];
        self.perform(&source.on_exit, LuckKey::exit(source.id));
        self.reaction.steps.push(Step::Took(slot));
        self.perform(&arrow.actions, LuckKey::arrow(arrow.id));
        self.enter(arrow.target.unwrap_or(arrow.source));
        self.reaction.outcome = Outcome::Moved;
    }

    fn enter(&mut self, slot: usize) {
        let node = &self.machine.nodes[slot];
        let memory = &mut *self.memory;
        memory.active = Some(slot);
        memory.entered = memory.now;
        memory.visits[slot] += 1;
        memory.visit = memory.visits[slot];
        memory.counts_here.fill(0);
        memory.timers.clear();
        memory.timers.resize(node.timers.len(), Armed::default());
        for (index, timer) in node.timers.iter().enumerate() {
            let due = match &timer.from {
                TimerStart::Entry | TimerStart::EntryOr(_) => Some(memory.now.plus(timer.delay, &memory.zone)),
                TimerStart::Last(watched) => {
                    watched.last(memory).map(|last| last.plus(timer.delay, &memory.zone).max(memory.entered))
                }
            };
            memory.arm(index, due);
        }
        memory.ended = node.is_end;
        self.reaction.steps.push(Step::Entered(slot));
        self.perform(&node.on_entry, LuckKey::entry(node.id));
    }

    /// One block of actions; one that fails ends the block.
    fn perform(&mut self, acts: &'m [Act], luck: LuckKey) {
        for act in acts {
            match self.act(act, luck) {
                Ok(effect) => self.reaction.steps.push(Step::Effect(effect)),
                Err(problem) => {
                    self.reaction.steps.push(Step::Failed(problem));
                    return;
                }
            }
        }
    }

    fn act(&mut self, act: &'m Act, luck: LuckKey) -> Result<Effect<'m>, String> {
        Ok(match act {
            Act::Send { touchpoint, name } => {
                self.memory.last_touchpoint = Some(name.clone());
                Effect::Sent { touchpoint: *touchpoint, name }
            }
            Act::Add { attribute, points } => {
                let name = self.machine.attribute_name(*attribute);
                let points = self.number(points.as_ref(), name, luck)?;
                let Value::Number(score) = self.memory.values[*attribute] else {
                    return Err(format!("{name} is unknown, so nothing could be added to it"));
                };
                self.set(*attribute, Value::Number(score + points))
            }
            Act::Set { attribute, value } => {
                let value = match value {
                    Some(term) => term.value(self.scene(luck)),
                    None => Value::Unknown,
                };
                let fitting = match &value {
                    // A choice comes as its position.
                    Value::Number(_) if self.machine.attribute_choices(*attribute).is_some() => value.clone(),
                    _ => self.machine.fitting(*attribute, &value),
                };
                if fitting == Value::Unknown && value != Value::Unknown {
                    return Err(format!("{} cannot be set to {value}", self.machine.attribute_name(*attribute)));
                }
                self.set(*attribute, fitting)
            }
            Act::Notify { team, text } => Effect::Notified { team, text },
            Act::Convert { point, value } => {
                let value = match value {
                    Some(_) => Some(self.number(value.as_ref(), point, luck)?),
                    None => None,
                };
                Effect::Converted { point, value }
            }
            Act::Raise(event) => {
                self.internal.push_back(*event);
                Effect::Raised(*event)
            }
        })
    }

    fn set(&mut self, attribute: usize, value: Value) -> Effect<'m> {
        self.memory.values[attribute] = value.clone();
        Effect::Set { attribute, value }
    }

    fn number(&self, term: Option<&Term>, what: &str, luck: LuckKey) -> Result<f64, String> {
        match term.map(|term| term.value(self.scene(luck))) {
            Some(Value::Number(number)) => Ok(number),
            Some(other) => Err(format!("the value for {what} was {other}, which is no number")),
            None => Err(format!("the value for {what} is empty")),
        }
    }

    /// Takes `always` arrows, then internal events, until neither is left.
    fn stabilise(&mut self) -> Result<(), String> {
        let mut microsteps = 0;
        while !self.memory.ended
            && let Some(active) = self.memory.active
        {
            let outcome = self.reaction.outcome;
            if self.select(&self.machine.nodes[active].always, true) {
                microsteps += 1;
            } else {
                // An `always` that is not enabled is no refusal of the event.
                self.reaction.outcome = outcome;
                let Some(event) = self.internal.pop_front() else { return Ok(()) };
                microsteps += 1;
                self.select(&self.machine.nodes[active].on_event[event], true);
            }
            if microsteps > MOST_MICROSTEPS {
                return Err(self.cycle());
            }
        }
        Ok(())
    }

    /// The states of the circle, from the last time one was entered twice.
    fn cycle(&self) -> String {
        let entered: Vec<usize> = self
            .reaction
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Entered(node) => Some(*node),
                _ => None,
            })
            .collect();
        let names = entered.last().map_or_else(String::new, |last| {
            let earlier = entered[..entered.len() - 1].iter().rposition(|node| node == last).unwrap_or(0);
            let names: Vec<&str> = entered[earlier..].iter().map(|node| self.machine.node_name(*node)).collect();
            format!(": {}", names.join(" → "))
        });
        format!("went round in circles without an event{names}; the contact was stopped")
    }
}
