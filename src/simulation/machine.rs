//! The chart as dense tables: every name a small number, every state with its candidates per event.

use super::condition::{Quick, Term};
use super::luck::ContactKey;
use super::memory::Memory;
use super::points::{Cap, Decaying};
use super::policy::Policy;
use crate::model::{
    AttributeId, AttributeKind, Channel, Delay, Duration, EventId, Moment, NodeId, NodeKind, Project, ScoreChange,
    ScoreRuleId, Time, TouchpointId, TransitionId, Value, Zone,
};

/// A chart that can run. Made by [`Machine::compile`]; knows the names it was made from, so that it can explain itself.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(super) start: Option<usize>,
    pub(super) nodes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
    pub(super) timers: Vec<Timer>,
    /// By signal, outermost first; see [`Node::on_signal`].
    pub(super) interrupts: Vec<Vec<Interrupt>>,
    pub(super) always_interrupts: Vec<Interrupt>,
    pub(super) events: Vec<Event>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) fields: Vec<String>,
    /// In the order of their ids.
    pub(super) touchpoints: Vec<Touchpoint>,
    pub(super) policy: Policy,
    /// The scores that decay, as they are before anything is known.
    pub(super) decaying: Vec<Decaying>,
    /// How many score rules are capped.
    pub(super) capped: usize,
    pub(super) zone: Zone,
    /// Whether anything can happen without an event of its own, so that a cycle is possible.
    pub(super) can_cycle: bool,
    /// Beyond this many arrows taken without an event of their own, the contact is stopped.
    pub(super) most_microsteps: u32,
    /// For contacts in a single state, by leaf and signal, `always` last: where their part of `candidates` begins and ends.
    pub(super) cells: Vec<(usize, usize)>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) hops: Vec<Hop>,
    pub(super) signals: usize,
    #[cfg(feature = "sabotage")]
    pub(super) sabotage: Option<super::sabotage::Sabotage>,
    /// The share by which money of a month later is worth less.
    pub(super) discount: Option<f64>,
    /// The signal that an action failed, where the catalogue has one.
    pub(super) failure: Option<usize>,
    /// The fields in which charts read what an event is called and where it comes from, where they do.
    pub(super) event_name: Option<usize>,
    pub(super) event_type: Option<usize>,
}

/// A node of the tree. Slots are in document order, so that what is inside a node follows it without a gap.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) name: String,
    pub(super) kind: NodeKind,
    pub(super) parent: Option<usize>,
    /// The last slot inside it; its own where there is nothing inside.
    pub(super) last: usize,
    pub(super) children: Vec<usize>,
    /// Where a group begins, and where a *resume* leads at first.
    pub(super) initial: Vec<usize>,
    /// Of a *resume*: whether it returns to the innermost states.
    pub(super) deep: bool,
    /// The *resume* nodes among its children.
    pub(super) resumes: Vec<usize>,
    pub(super) on_entry: Vec<Act>,
    pub(super) on_exit: Vec<Act>,
    /// What is done on the way to where it begins.
    pub(super) on_begin: Vec<Act>,
    /// Of an end: what the event brings that says its group is done; by field.
    pub(super) brings: Vec<(usize, Option<Term>)>,
    /// Of a leaf: the arrows to try by signal, from the leaf to the root, in rank. The last list is for events that the
    /// catalogue does not know.
    pub(super) on_signal: Vec<Vec<usize>>,
    /// Of a leaf: the same for `always`.
    pub(super) always: Vec<usize>,
    /// Timers that its entry arms.
    pub(super) timers: Vec<usize>,
    /// Of a leaf: its shortest timer in milliseconds and whether that needs days of 24 hours, where all timers that can
    /// run in it count from the last event. They are set up when the first of them is due.
    pub(super) silence: Option<(i64, bool)>,
    /// Whether an arrow of it asks how often something happened since entry.
    pub(super) counts_visits: bool,
    /// The signal that says it is done, for groups and parallels.
    pub(super) done: Option<usize>,
}

impl Node {
    /// Whether a contact rests here: nothing is inside.
    pub(super) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

/// A group's arrow that is tried before anything inside the group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interrupt {
    pub(super) node: usize,
    pub(super) arrow: usize,
}

/// An arrow to try for contacts that rest in a single state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) arrow: usize,
    pub(super) way: Way,
}

/// What taking an arrow comes down to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Stay,
    /// By its place among the hops.
    Hop(usize),
    /// It takes a look around: at other regions, or at what was left before.
    Around,
}

/// What an arrow leaves, inner-first, and enters, outer-first.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) left: Vec<usize>,
    pub(super) entered: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Arrow {
    pub(super) id: TransitionId,
    pub(super) source: usize,
    pub(super) target: Option<usize>,
    /// Further targets, each in a region beside the first.
    pub(super) also: Vec<usize>,
    /// Whether it leaves anything; otherwise it only acts.
    pub(super) moves: bool,
    /// The nearest group around source and target: what is inside is left. `None` is the chart itself.
    pub(super) domain: Domain,
    /// Listens to any event, which never means internal ones.
    pub(super) on_any: bool,
    pub(super) interrupt: bool,
    pub(super) guard: Option<Term>,
    pub(super) quick: Quick,
    pub(super) actions: Vec<Act>,
}

/// The nearest group around an arrow's source and targets; `None` is the chart itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Domain {
    Known(Option<usize>),
    /// Some target is a *resume*, so it depends on what is remembered.
    Remembered {
        restart: bool,
    },
}

impl Arrow {
    /// Whether its source, a group, is not left.
    pub(super) fn stays_inside(&self) -> bool {
        matches!(self.domain, Domain::Known(Some(domain)) if domain == self.source)
    }

    /// Every target; none means stay.
    pub(super) fn targets(&self) -> impl Iterator<Item = usize> {
        self.target.into_iter().chain(self.also.iter().copied())
    }
}

#[derive(Clone, Debug)]
pub(super) struct Timer {
    pub(super) arrow: usize,
    pub(super) way: Way,
    pub(super) kind: TimerKind,
}

#[derive(Clone, Debug)]
pub(super) enum TimerKind {
    After {
        delay: Delay,
        from: TimerStart,
    },
    /// At a time on the contact's clock; with `true` at every one.
    At(Moment, bool),
}

impl Timer {
    /// Whether `event` arms it anew; `None` is an event that the catalogue does not know.
    pub(super) fn watches(&self, event: Option<usize>) -> bool {
        matches!(&self.kind, TimerKind::After { from, .. } if from.watches(event))
    }
}

/// What a timer counts from.
#[derive(Clone, Debug)]
pub(super) enum TimerStart {
    Entry,
    /// The later of entry and the last of these events.
    EntryOr(Watched),
    /// The last of these events, but never before entry.
    Last(Watched),
}

impl TimerStart {
    /// Whether `event` arms the timer anew; `None` is an event that the catalogue does not know.
    pub(super) fn watches(&self, event: Option<usize>) -> bool {
        match self {
            Self::Entry => false,
            Self::EntryOr(watched) | Self::Last(watched) => watched.contains(event),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Watched {
    Any,
    Only(Vec<usize>),
}

impl Watched {
    fn contains(&self, event: Option<usize>) -> bool {
        match self {
            Self::Any => true,
            Self::Only(events) => event.is_some_and(|event| events.contains(&event)),
        }
    }

    pub(super) fn last(&self, memory: &Memory) -> Option<Time> {
        match self {
            Self::Any => memory.last_any,
            Self::Only(events) => events.iter().filter_map(|event| memory.last[*event]).max(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: EventId,
    pub(super) name: String,
    /// (field, attribute) pairs: the event's fields that attributes take over.
    pub(super) bound: Vec<(usize, usize)>,
    pub(super) rules: Vec<Rule>,
    /// For how many milliseconds its times are kept: at least the longest window that any formula counts it in.
    pub(super) keep: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: ScoreRuleId,
    pub(super) guard: Option<Term>,
    pub(super) quick: Quick,
    pub(super) score: usize,
    pub(super) change: ScoreChange,
    pub(super) points: Term,
    pub(super) cap: Option<Cap>,
}

#[derive(Clone, Debug)]
pub(super) struct Touchpoint {
    pub(super) id: TouchpointId,
    pub(super) name: String,
    pub(super) channel: Channel,
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) id: AttributeId,
    pub(super) name: String,
    pub(super) kind: AttributeKind,
    pub(super) initial: Value,
}

/// An action with its names looked up.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Send {
        touchpoint: TouchpointId,
        name: String,
        /// Its place among the touchpoints.
        slot: usize,
    },
    /// `None`: the formula is empty.
    Add {
        attribute: usize,
        points: Option<Term>,
    },
    Set {
        attribute: usize,
        value: Option<Term>,
    },
    Notify {
        team: String,
        text: String,
    },
    Convert {
        point: String,
        value: Option<Term>,
    },
    Raise(usize),
    Schedule {
        event: usize,
        after: Option<Duration>,
        key: String,
        fields: Vec<(usize, Option<Term>)>,
    },
    Refer,
    Cancel(String),
    Fail {
        problem: String,
        fields: Vec<(usize, Option<Term>)>,
    },
    Block(Vec<Act>),
    If(Vec<(Option<Term>, Vec<Act>)>),
}

impl Act {
    /// Whether `wanted` says yes to some formula inside.
    pub(super) fn any_term(&self, wanted: fn(&Term) -> bool) -> bool {
        let holds = |term: &Option<Term>| term.as_ref().is_some_and(wanted);
        match self {
            Self::Add { points: term, .. } | Self::Set { value: term, .. } | Self::Convert { value: term, .. } => {
                holds(term)
            }
            Self::Schedule { fields, .. } | Self::Fail { fields, .. } => fields.iter().any(|(_, term)| holds(term)),
            Self::Block(acts) => acts.iter().any(|act| act.any_term(wanted)),
            Self::If(branches) => {
                branches.iter().any(|(guard, acts)| holds(guard) || acts.iter().any(|act| act.any_term(wanted)))
            }
            Self::Send { .. } | Self::Notify { .. } | Self::Refer | Self::Raise(_) | Self::Cancel(_) => false,
        }
    }

    /// Whether it can make something happen later.
    pub(super) fn schedules(&self) -> bool {
        match self {
            Self::Schedule { .. } => true,
            Self::Block(acts) => acts.iter().any(Self::schedules),
            Self::If(branches) => branches.iter().any(|(_, acts)| acts.iter().any(Self::schedules)),
            _ => false,
        }
    }

    /// Whether it can raise an event inside.
    pub(super) fn raises(&self) -> bool {
        match self {
            Self::Raise(_) | Self::Schedule { after: None, .. } => true,
            Self::Block(acts) => acts.iter().any(Self::raises),
            Self::If(branches) => branches.iter().any(|(_, acts)| acts.iter().any(Self::raises)),
            _ => false,
        }
    }
}

impl Machine {
    /// A contact that has not started yet.
    #[must_use]
    pub fn memory(&self, seed: u64, contact: ContactKey, zone: Option<Zone>) -> Memory {
        Memory::new(self, seed, contact, zone.unwrap_or_else(|| self.zone.clone()))
    }

    /// The zone of contacts that have none of their own.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub fn arrow_count(&self) -> usize {
        self.arrows.len()
    }

    pub(super) fn has_resumes(&self) -> bool {
        self.nodes.iter().any(|node| node.kind == NodeKind::Resume)
    }

    /// Whether some formula counts events within a window.
    pub(super) fn has_windows(&self) -> bool {
        self.events.iter().any(|event| event.keep.is_some())
    }

    pub(super) fn event_count(&self) -> usize {
        self.events.len()
    }

    pub fn node_id(&self, slot: usize) -> NodeId {
        self.nodes[slot].id
    }

    /// The slot of a node; `None` for those that the chart does not have.
    #[must_use]
    pub fn node_slot(&self, id: NodeId) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// Whether a contact can rest there: nothing is inside.
    pub fn is_leaf(&self, slot: usize) -> bool {
        self.nodes[slot].is_leaf()
    }

    pub fn node_name(&self, slot: usize) -> &str {
        &self.nodes[slot].name
    }

    pub fn arrow_id(&self, slot: usize) -> TransitionId {
        self.arrows[slot].id
    }

    /// The slot of an arrow; `None` for those that cannot run.
    #[must_use]
    pub fn arrow_slot(&self, id: TransitionId) -> Option<usize> {
        self.arrows.iter().position(|arrow| arrow.id == id)
    }

    /// Source and target of an arrow; no target means stay.
    pub fn arrow_ends(&self, slot: usize) -> (usize, Option<usize>) {
        (self.arrows[slot].source, self.arrows[slot].target)
    }

    pub(super) fn event_name(&self, slot: usize) -> &str {
        &self.events[slot].name
    }

    /// What an event or the end of a group is called, as the chart reads it.
    pub(super) fn signal_name(&self, signal: usize) -> Option<String> {
        let done = |node: &&Node| node.done == Some(signal);
        let group = || Some(format!("done.state.{}", self.nodes.iter().find(done)?.name));
        self.events.get(signal).map(|event| event.name.clone()).or_else(group)
    }

    /// Whether `inner` is `outer` or inside it; `None` is the chart itself.
    pub(super) fn is_within(&self, inner: usize, outer: Option<usize>) -> bool {
        outer.is_none_or(|outer| outer <= inner && inner <= self.nodes[outer].last)
    }

    /// The node and the groups around it, from the inside out.
    pub(super) fn around(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |node| self.nodes[*node].parent)
    }

    pub(super) fn event_id(&self, slot: usize) -> EventId {
        self.events[slot].id
    }

    pub(super) fn field_count(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn field_name(&self, slot: usize) -> &str {
        &self.fields[slot]
    }

    pub(super) fn attribute_name(&self, slot: usize) -> &str {
        &self.attributes[slot].name
    }

    pub(super) fn attribute_choices(&self, slot: usize) -> Option<&[String]> {
        match &self.attributes[slot].kind {
            AttributeKind::Choice(choices) => Some(choices),
            _ => None,
        }
    }

    /// The slot of each catalogue entry; `None` for events that the project no longer has.
    #[must_use]
    pub fn event_slots(&self, ids: &[EventId]) -> Vec<Option<usize>> {
        ids.iter().map(|id| self.events.iter().position(|event| event.id == *id)).collect()
    }

    /// The slot of a field that some event brings.
    #[must_use]
    pub fn field_slot(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.eq_ignore_ascii_case(name))
    }

    pub(super) fn touchpoint_slot(&self, id: TouchpointId) -> Option<usize> {
        self.touchpoints.binary_search_by_key(&id, |touchpoint| touchpoint.id).ok()
    }

    /// The slot of an attribute or score.
    #[must_use]
    pub fn attribute_slot(&self, id: AttributeId) -> Option<usize> {
        self.attributes.iter().position(|attribute| attribute.id == id)
    }

    /// What each attribute starts with: scores with 0, everything else unknown unless something was said.
    pub(super) fn initial_values(&self) -> Vec<Value> {
        let value = |(slot, attribute): (usize, &Attribute)| match (&attribute.kind, &attribute.initial) {
            (AttributeKind::Score, Value::Unknown) => Value::Number(0.0),
            (_, initial) => self.fitting(slot, initial),
        };
        self.attributes.iter().enumerate().map(value).collect()
    }

    /// Sets an attribute of a contact before it starts. A value of the wrong kind is taken as unknown.
    pub fn set_attribute(&self, memory: &mut Memory, id: AttributeId, value: &Value) {
        if let Some(slot) = self.attributes.iter().position(|attribute| attribute.id == id) {
            memory.values[slot] = self.fitting(slot, value);
        }
    }

    /// The value as attribute `slot` keeps it: a choice as its position, a number read from a text where need be.
    pub(super) fn fitting(&self, slot: usize, value: &Value) -> Value {
        match (&self.attributes[slot].kind, value) {
            (AttributeKind::Choice(choices), Value::Text(text)) => choices
                .iter()
                .position(|choice| choice.eq_ignore_ascii_case(text))
                .and_then(|position| u32::try_from(position).ok())
                .map_or(Value::Unknown, |position| Value::Number(f64::from(position))),
            (AttributeKind::Number | AttributeKind::Score, Value::Text(text)) => {
                text.trim().parse().map_or(Value::Unknown, Value::Number)
            }
            (AttributeKind::YesNo, Value::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" => Value::YesNo(true),
                "no" | "false" | "0" => Value::YesNo(false),
                _ => Value::Unknown,
            },
            (AttributeKind::Time, Value::Text(text)) => {
                Time::parse(text, &self.zone).map_or(Value::Unknown, Value::Time)
            }
            (AttributeKind::Text, Value::Number(number)) => Value::Text(number.to_string()),
            (AttributeKind::Number | AttributeKind::Score, Value::Number(_))
            | (AttributeKind::Text, Value::Text(_))
            | (AttributeKind::YesNo, Value::YesNo(_))
            | (AttributeKind::Time, Value::Time(_)) => value.clone(),
            _ => Value::Unknown,
        }
    }

    /// Says why attribute `slot` cannot hold the value.
    pub(super) fn misfit(&self, slot: usize, value: &Value) -> String {
        let Attribute { name, kind, .. } = &self.attributes[slot];
        match kind {
            AttributeKind::Choice(choices) => {
                format!(
                    "\"{value}\" is none of the choices of {name} ({}), so {name} is unknown now",
                    choices.join(", ")
                )
            }
            kind => format!("\"{value}\" is no {}, so {name} is unknown now", kind.label()),
        }
    }

    /// What attribute `slot` holds, in the user's words.
    pub(super) fn show_attribute(&self, slot: usize, value: &Value) -> String {
        match (self.attribute_choices(slot), value) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "positions are small whole numbers"
            )]
            (Some(choices), Value::Number(position)) => {
                choices.get(*position as usize).cloned().unwrap_or_else(|| value.to_string())
            }
            _ => value.to_string(),
        }
    }

    /// The contact's attributes and scores that are known, by name, in the order of the project.
    #[must_use]
    pub fn known_values(&self, memory: &Memory) -> Vec<(String, String)> {
        (0..self.attributes.len())
            .filter(|slot| memory.values[*slot] != Value::Unknown)
            .map(|slot| (self.attribute_name(slot).to_owned(), self.show_attribute(slot, &memory.values[slot])))
            .collect()
    }

    /// The machine of a project, whatever its problems.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        Self::compile(project).0
    }
}
