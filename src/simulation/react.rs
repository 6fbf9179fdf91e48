//! One event, from start to end: apply, select, execute, stabilise, after the algorithm of the W3C SCXML Recommendation,
//! Appendix D. A function of the machine, a memory and a stimulus;
//! what happened is handed back, nothing is done.

mod act;
mod commit;
mod execute;
mod meet;
mod reaction;
mod select;

use std::collections::VecDeque;

use commit::Staged;
use reaction::Detail;
pub use reaction::{Effect, Outcome, Reaction, Step, Withheld};

use super::condition::{Fields, LuckKey, Scene, Seen, Term};
use super::machine::{Machine, Way};
use super::memory::{Due, Memory};
use crate::model::{ScoreChange, Time, TransitionId, Value};

/// Beyond this many events and timers of one contact at one instant, it is halted.
pub(super) const MOST_AT_ONE_INSTANT: u32 = 1_000;

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

impl Machine {
    /// When the next timer of the contact is due.
    #[must_use]
    pub fn next_due(&self, memory: &Memory) -> Option<Time> {
        memory.next_due()
    }

    fn next_timer(&self, memory: &mut Memory) -> Option<(Time, Due)> {
        if memory.silence.take().is_some() {
            for &timer in memory.leaves.first().map_or(&[][..], |leaf| &self.nodes[*leaf].timers) {
                memory.set_up(timer, &self.timers[timer]);
            }
        }
        memory.next_timer()
    }

    /// What `stimulus` does to the contact. Never moves the contact's clock backwards: a stimulus from the past happens
    /// now.
    pub fn react<'m>(&'m self, memory: &mut Memory, stimulus: &Stimulus, reaction: &mut Reaction<'m>) {
        reaction.clear();
        reaction.recorded = matches!(stimulus, Stimulus::Event { .. });
        if reaction.explain {
            reaction.from.extend_from_slice(&memory.leaves);
        }
        let time = match stimulus {
            Stimulus::Start(time) | Stimulus::Event { time, .. } => *time,
            Stimulus::Timer => match self.next_timer(memory) {
                Some((due, Due::Timer(place))) => {
                    reaction.timer = Some(self.timers[memory.timers[place].timer].arrow);
                    due
                }
                Some((due, Due::Scheduled(place))) => {
                    reaction.scheduled = Some(memory.scheduled[place].event);
                    due
                }
                Some((due, Due::Held(_))) => {
                    reaction.released = true;
                    due
                }
                None => return,
            },
        };
        if memory.halted || (memory.ended && !matches!(stimulus, Stimulus::Timer)) {
            if !memory.halted {
                memory.now = memory.now.max(time);
            }
            reaction.outcome = if memory.halted { Outcome::Halted } else { Outcome::AfterEnd };
            return;
        }
        let before = self.can_cycle.then(|| memory.clone());
        memory.at_this_instant = if time > memory.now { 1 } else { memory.at_this_instant + 1 };
        memory.advance(memory.now.max(time));
        if memory.at_this_instant > MOST_AT_ONE_INSTANT {
            memory.halted = true;
            reaction.steps.push(Step::Failed(format!(
                "more than {MOST_AT_ONE_INSTANT} events and timers at one instant; the contact was stopped"
            )));
            reaction.outcome = Outcome::Halted;
            return;
        }
        let mut turn = Turn {
            machine: self,
            memory,
            reaction,
            fields: Fields::default(),
            given: Vec::new(),
            internal: VecDeque::new(),
            failed: false,
            sent: None,
            staged: Vec::new(),
        };
        match stimulus {
            Stimulus::Start(_) => turn.start(),
            Stimulus::Event { event, fields, .. } => {
                turn.fields = *fields;
                if let Some(event) = event {
                    turn.tell(*event, Origin::Outside);
                }
                turn.event(*event);
            }
            Stimulus::Timer => turn.timer(),
        }
        if let Err(cycle) = turn.stabilise().map(|()| turn.commit()) {
            if let Some(before) = before {
                // What it did is taken back; that it was stopped happens now.
                let now = memory.now;
                *memory = before;
                memory.now = now;
            }
            memory.halted = true;
            reaction.steps.clear();
            reaction.steps.push(Step::Failed(cycle));
            reaction.outcome = Outcome::Halted;
        }
    }
}

impl Machine {
    /// Whether the conditions of these arrows would hold when the event has been applied and before any arrow is taken.
    #[must_use]
    pub fn would_hold(&self, memory: &Memory, stimulus: &Stimulus, arrows: &[TransitionId]) -> Vec<bool> {
        let Stimulus::Event { time, event: Some(event), fields } = stimulus else { return vec![false; arrows.len()] };
        let mut memory = memory.clone();
        memory.advance(memory.now.max(*time));
        let mut turn = Turn {
            machine: self,
            memory: &mut memory,
            reaction: &mut Reaction::new(false),
            fields: *fields,
            given: Vec::new(),
            internal: VecDeque::new(),
            failed: false,
            sent: None,
            staged: Vec::new(),
        };
        turn.apply(*event);
        let holds = |id: &TransitionId| {
            let Some(slot) = self.arrow_slot(*id) else { return false };
            let arrow = &self.arrows[slot];
            let scene = turn.scene(LuckKey::arrow(arrow.id), Some(arrow.source));
            let quick = arrow.quick.holds(scene.memory, &scene.fields);
            quick.unwrap_or_else(|| arrow.guard.as_ref().is_none_or(|guard| guard.holds(scene)))
        };
        arrows.iter().map(holds).collect()
    }
}

/// One stimulus being processed.
struct Turn<'t, 'm, 'f> {
    machine: &'m Machine,
    memory: &'t mut Memory,
    reaction: &'t mut Reaction<'m>,
    fields: Fields<'f>,
    /// The values that the chart itself gives the event being processed; they come before those from outside.
    given: Vec<(usize, Value)>,
    /// What was raised inside, which comes before anything from outside.
    internal: VecDeque<Raised>,
    /// A guard that cannot be read was asked since somebody looked here last.
    failed: bool,
    /// The last message, where there is no policy that could keep it from being sent.
    sent: Option<&'m str>,
    /// Messages that have the policy before them.
    staged: Vec<Staged>,
}

/// A signal raised inside; `None` brings no values and leaves those of the event from outside in sight.
struct Raised {
    signal: usize,
    fields: Option<Vec<(usize, Value)>>,
    origin: Origin,
}

impl Raised {
    fn bare(signal: usize) -> Self {
        Self { signal, fields: None, origin: Origin::Inside }
    }

    /// What nobody drew: a failure, the end of a group.
    fn of_the_platform(signal: usize) -> Self {
        Self { signal, fields: None, origin: Origin::Platform }
    }
}

/// Where an event comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Outside,
    Inside,
    Platform,
}

/// What arrows are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Query {
    /// An event from outside, by its signal.
    Outside(usize),
    /// A raised event, or a group that is done.
    Inside(usize),
    Always,
}

impl Turn<'_, '_, '_> {
    fn start(&mut self) {
        if let Some(start) = self.machine.start
            && !self.memory.started()
        {
            self.enter_at(start);
            self.reaction.outcome = Outcome::Moved;
        }
    }

    fn event(&mut self, event: Option<usize>) {
        match event {
            Some(event) => self.apply(event),
            // What the catalogue does not know has no counter, but it is an event like any.
            None => self.memory.last_any = Some(self.memory.now),
        }
        self.rearm(event);
        if let Some(event) = event {
            self.meet_event(event);
        }
        self.step(Query::Outside(event.unwrap_or(self.machine.event_count())));
    }

    fn timer(&mut self) {
        let place = match self.memory.next_timer() {
            Some((_, Due::Timer(place))) => place,
            Some((_, Due::Scheduled(place))) => {
                let scheduled = self.memory.scheduled.remove(place);
                self.given = scheduled.fields;
                self.tell(scheduled.event, Origin::Outside);
                self.meet_event(scheduled.event);
                self.step(Query::Inside(scheduled.event));
                return;
            }
            Some((_, Due::Held(place))) => {
                self.release(place);
                return;
            }
            None => return,
        };
        // Evaluated once: a guard that does not hold spends the timer until it is due or armed again.
        let timer = &self.machine.timers[self.memory.timers[place].timer];
        self.memory.spend(place, timer);
        let arrow = timer.arrow;
        self.meet_timer(timer);
        if self.passes(arrow) {
            self.execute(&[arrow]);
        }
    }

    /// Where the chart asks for it, what the event being processed is called and where it comes from.
    fn tell(&mut self, signal: usize, origin: Origin) {
        let machine = self.machine;
        let kind = match origin {
            Origin::Outside => "external",
            Origin::Inside => "internal",
            Origin::Platform => "platform",
        };
        let name = machine.event_name.and_then(|slot| Some((slot, machine.signal_name(signal)?)));
        let kind = machine.event_type.map(|slot| (slot, kind.to_owned()));
        for (slot, text) in name.into_iter().chain(kind) {
            // A name that came with the event is more exact.
            let came_outside = origin == Origin::Outside && self.fields.seen(slot) != Seen::Unknown;
            if !came_outside && self.given.iter().all(|(given, _)| *given != slot) {
                self.given.push((slot, Value::Text(text)));
            }
        }
    }

    /// Looks for arrows and takes them; whether any was taken.
    fn step(&mut self, query: Query) -> bool {
        if let [leaf] = self.memory.leaves[..]
            && !self.machine.suffers_anything()
        {
            let Some(candidate) = self.first(leaf, query) else { return false };
            match candidate.way {
                Way::Stay => self.stay(candidate.arrow),
                Way::Hop(hop) => self.hop(candidate.arrow, hop),
                Way::Around => self.execute(&[candidate.arrow]),
            }
            return true;
        }
        let arrows = self.select(query);
        self.execute(&arrows);
        !arrows.is_empty()
    }

    /// Fields to attributes, counters, then score rules in rank; guards see all of it.
    fn apply(&mut self, event: usize) {
        let known = &self.machine.events[event];
        for (field, attribute) in &known.bound {
            self.take_over(*field, *attribute);
        }
        self.memory.record(event, known.keep);
        let here = self.memory.leaves.first().copied();
        for rule in &known.rules {
            let scene = self.scene(LuckKey::score_rule(rule.id), here);
            let quick = rule.quick.holds(scene.memory, &scene.fields);
            if quick.unwrap_or_else(|| rule.guard.as_ref().is_none_or(|guard| guard.holds(scene))) {
                // Points that this event does not bring change nothing.
                let points = match &rule.points {
                    Term::Constant(Value::Number(points)) => *points,
                    points => match points.value(scene) {
                        Value::Number(points) => points,
                        _ => continue,
                    },
                };
                // Points for a number that was unknown are the first that is known of it.
                let before = match self.memory.values[rule.score] {
                    Value::Number(score) => score,
                    _ => 0.0,
                };
                let (change, after) = match rule.change {
                    ScoreChange::Add => (points, before + points),
                    ScoreChange::Set => (points - before, points),
                };
                let granted = rule.cap.map_or(change, |cap| cap.grant(change, self.memory));
                if granted.total_cmp(&change).is_eq() {
                    self.memory.values[rule.score] = Value::Number(after);
                } else if granted != 0.0 {
                    self.memory.values[rule.score] = Value::Number(before + granted);
                }
            }
        }
    }

    /// The value that a field brings becomes that of its attribute.
    fn take_over(&mut self, field: usize, attribute: usize) {
        match (self.fields.seen(field), &mut self.memory.values[attribute]) {
            (Seen::Unknown, _) => {}
            // Only texts are kept as texts; most often nothing is new.
            (Seen::Text(word), Value::Text(known)) => {
                if *known != word {
                    word.as_ref().clone_into(known);
                }
            }
            (seen, known) => {
                let value = seen.into();
                *known = self.machine.fitting(attribute, &value);
                if known.is_unknown() {
                    self.reaction.steps.push(Step::Failed(self.machine.misfit(attribute, &value)));
                }
            }
        }
    }

    /// Timers that wait for silence start again.
    fn rearm(&mut self, event: Option<usize>) {
        if self.memory.silence.is_some() || self.memory.timers.is_empty() {
            return;
        }
        if let [leaf] = self.memory.leaves[..]
            && let Some(shortest) = self.silence(leaf)
        {
            self.memory.timers.clear();
            self.memory.silence = Some(shortest);
            return;
        }
        for place in 0..self.memory.timers.len() {
            let timer = &self.machine.timers[self.memory.timers[place].timer];
            if timer.watches(event) {
                self.memory.rearm(place, timer);
            }
        }
    }

    /// The shortest delay of a leaf whose timers need not be set up before something is due.
    fn silence(&self, leaf: usize) -> Option<i64> {
        let (shortest, needs_plain_days) = self.machine.nodes[leaf].silence?;
        (!needs_plain_days || self.memory.zone.is_utc()).then_some(shortest)
    }

    fn scene(&self, luck: LuckKey, here: Option<usize>) -> Scene<'_> {
        let fields = Fields { own: &self.given, ..self.fields };
        Scene { memory: self.memory, fields, luck, here }
    }

    /// Takes `always` arrows, then internal events, until neither is left.
    fn stabilise(&mut self) -> Result<(), String> {
        let mut microsteps = 0;
        while !self.memory.ended && self.memory.started() {
            // What is not enabled here is no refusal of the event that came from outside.
            let outcome = self.reaction.outcome;
            let mut taken = self.step(Query::Always);
            if !taken {
                self.reaction.outcome = outcome;
                let Some(raised) = self.internal.pop_front() else { return Ok(()) };
                match raised.fields {
                    Some(fields) => {
                        self.fields = Fields::default();
                        self.given = fields;
                    }
                    None => self.given.retain(|(slot, _)| {
                        Some(*slot) != self.machine.event_name && Some(*slot) != self.machine.event_type
                    }),
                }
                self.tell(raised.signal, raised.origin);
                self.meet_event(raised.signal);
                taken = self.step(Query::Inside(raised.signal));
                if !taken {
                    self.reaction.outcome = outcome;
                }
            }
            // A failure that nobody hears can go on for ever, too.
            microsteps += u32::from(taken | std::mem::take(&mut self.failed));
            if microsteps > self.machine.most_microsteps {
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
