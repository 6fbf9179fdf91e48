//! The search over the machine: what has come nearest to the state in question goes on first, and what only repeats what
//! was seen is left aside.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

use super::SEED;
use super::material::Material;
use crate::analysis::check::Demonstration;
use crate::model::{Asked, AttributeId, EventId, NodeId, Occurrence, Place, Project, Time, TransitionId, Value};
use crate::simulation::condition::Fields;
use crate::simulation::luck::ContactKey;
use crate::simulation::{Machine, Memory, Outcome, Progress, Questions, Reaction, Step, Stimulus};

/// Longer stories are not looked at.
pub const MOST_STEPS: usize = 16;

/// After so many beginnings of stories, the search gives up.
pub const MOST_LOOKED: usize = 40_000;

/// A story that seems to show what is looked for.
pub(super) struct Candidate {
    pub(super) attributes: BTreeMap<AttributeId, Value>,
    pub(super) occurrences: Vec<Occurrence>,
    pub(super) until: Time,
}

/// The beginning of a story.
struct Beginning {
    memory: Memory,
    profile: usize,
    past: Option<Rc<Past>>,
    steps: usize,
    /// When it came where it is.
    entered: Time,
}

/// An event that happened, and those before it.
struct Past {
    occurrence: Occurrence,
    before: Option<Rc<Past>>,
}

struct Search<'a> {
    project: &'a Project,
    machine: &'a Machine,
    material: &'a Material,
    shown: Demonstration,
    /// Where a cell of the matrix is to be met.
    questions: Option<Arc<Questions>>,
    /// How many arrows away each leaf is.
    far: BTreeMap<NodeId, usize>,
    seen: HashSet<String>,
    waiting: BinaryHeap<(Reverse<usize>, Reverse<usize>)>,
    kept: Vec<Option<Beginning>>,
    found: Option<Candidate>,
}

/// The first story that shows it, if one is found.
pub(super) fn search(
    project: &Project,
    machine: &Machine,
    material: &Material,
    shown: Demonstration,
    name: &str,
    progress: &Progress,
) -> Option<Candidate> {
    let at = match shown {
        Demonstration::Gap { at, .. }
        | Demonstration::Shadowed { at, .. }
        | Demonstration::Both { at, .. }
        | Demonstration::Stuck { at }
        | Demonstration::Circle { at }
        | Demonstration::Met(Place { state: at, .. }) => at,
    };
    let mut search = Search {
        project,
        machine,
        material,
        shown,
        questions: matches!(shown, Demonstration::Met(_)).then(|| Questions::of(project, machine)),
        far: distances(project, at),
        seen: HashSet::new(),
        waiting: BinaryHeap::new(),
        kept: Vec::new(),
        found: None,
    };
    for profile in 0..material.profiles.len() {
        let mut memory = machine.memory(SEED, ContactKey::of(name), None);
        for (id, value) in &material.profiles[profile] {
            machine.set_attribute(&mut memory, *id, value);
        }
        let mut reaction = search.reaction();
        machine.react(&mut memory, &Stimulus::Start(material.start), &mut reaction);
        let beginning = Beginning { memory, profile, past: None, steps: 0, entered: material.start };
        search.keep(beginning, &reaction, &[]);
    }
    while search.found.is_none() && search.kept.len() < MOST_LOOKED && !progress.is_cancelled() {
        let Some((_, Reverse(place))) = search.waiting.pop() else { break };
        if let Some(beginning) = search.kept[place].take() {
            search.go_on(&beginning);
        }
    }
    search.found
}

/// How many arrows each leaf is away from `at`, against the arrows.
fn distances(project: &Project, at: NodeId) -> BTreeMap<NodeId, usize> {
    let within = |leaf: NodeId, outer: NodeId| {
        std::iter::successors(Some(leaf), |id| project.nodes.get(id)?.parent)
            .take(project.nodes.len() + 1)
            .any(|node| node == outer)
    };
    let parents: BTreeSet<NodeId> = project.nodes.values().filter_map(|node| node.parent).collect();
    let leaves: Vec<NodeId> = project.nodes.keys().copied().filter(|id| !parents.contains(id)).collect();
    let mut far: BTreeMap<NodeId, usize> =
        leaves.iter().filter(|leaf| within(**leaf, at)).map(|leaf| (*leaf, 0)).collect();
    let mut edge: Vec<NodeId> = far.keys().copied().collect();
    let mut distance = 0;
    while !edge.is_empty() {
        distance += 1;
        let leads = |target: NodeId| edge.iter().any(|leaf| within(*leaf, target) || within(target, *leaf));
        let sources: BTreeSet<NodeId> = project
            .transitions
            .values()
            .filter(|arrow| arrow.targets().any(leads) || arrow.target.is_some_and(|target| is_resume(project, target)))
            .map(|arrow| arrow.source)
            .collect();
        edge = leaves
            .iter()
            .copied()
            .filter(|leaf| !far.contains_key(leaf) && sources.iter().any(|source| within(*leaf, *source)))
            .collect();
        far.extend(edge.iter().map(|leaf| (*leaf, distance)));
    }
    far
}

fn is_resume(project: &Project, node: NodeId) -> bool {
    project.nodes.get(&node).is_some_and(|node| node.kind == crate::model::NodeKind::Resume)
}

impl<'a> Search<'a> {
    fn reaction(&self) -> Reaction<'a> {
        self.questions.as_ref().map_or_else(|| Reaction::new(false), Reaction::meeting)
    }

    fn leaves(&self, memory: &Memory) -> Vec<NodeId> {
        memory.leaves().iter().map(|slot| self.machine.node_id(*slot)).collect()
    }

    fn is_at(&self, memory: &Memory, at: NodeId) -> bool {
        self.machine.node_slot(at).is_some_and(|slot| memory.active().any(|active| active == slot))
    }

    /// Everything that can come next.
    fn go_on(&mut self, beginning: &Beginning) {
        if beginning.steps >= MOST_STEPS || beginning.memory.finished() {
            return;
        }
        let due = self.machine.next_due(&beginning.memory);
        let now = beginning.memory.now();
        for wait in self.material.waits() {
            let time = Time(now.0 + wait);
            if due.is_some_and(|due| due < time) {
                break;
            }
            for (event, brought) in &self.material.events {
                if !self.matters(&beginning.memory, *event) {
                    continue;
                }
                for fields in brought {
                    self.event(beginning, time, *event, fields);
                    if self.found.is_some() {
                        return;
                    }
                }
            }
        }
        if due.is_some() {
            let mut memory = beginning.memory.clone();
            let mut reaction = self.reaction();
            self.machine.react(&mut memory, &Stimulus::Timer, &mut reaction);
            let entered = if memory.leaves() == beginning.memory.leaves() { beginning.entered } else { memory.now() };
            let past = beginning.past.clone();
            self.keep(
                Beginning { memory, profile: beginning.profile, past, steps: beginning.steps + 1, entered },
                &reaction,
                &[],
            );
        }
    }

    /// Whether an arrow waits for it, a condition counts it, or it changes what is known.
    fn matters(&self, memory: &Memory, event: EventId) -> bool {
        let brings = self
            .project
            .events
            .get(&event)
            .is_some_and(|event| event.fields.iter().any(|field| field.attribute.is_some()));
        let waited = |id: NodeId| {
            self.project
                .transitions
                .values()
                .any(|arrow| arrow.source == id && arrow.trigger.events().is_some_and(|events| events.contains(event)))
        };
        let is_wanted = matches!(self.shown, Demonstration::Met(place) if place.asked == Asked::Event(event));
        is_wanted
            || self.material.counted.contains_key(&event)
            || brings
            || memory.active().any(|slot| waited(self.machine.node_id(slot)))
    }

    fn event(&mut self, beginning: &Beginning, time: Time, event: EventId, fields: &BTreeMap<String, Value>) {
        let [slot] = self.machine.event_slots(&[event])[..] else { return };
        let given: Vec<(usize, Value)> = fields
            .iter()
            .filter_map(|(name, value)| Some((self.machine.field_slot(name)?, as_recorded(value))))
            .collect();
        let stimulus = Stimulus::Event { time, event: slot, fields: Fields::given(&given) };
        let mut memory = beginning.memory.clone();
        let mut reaction = self.reaction();
        self.machine.react(&mut memory, &stimulus, &mut reaction);
        let asked: Vec<TransitionId> = match self.shown {
            Demonstration::Shadowed { arrow, .. } => vec![arrow],
            Demonstration::Both { passed_over, .. } => vec![passed_over],
            _ => Vec::new(),
        };
        let mut holds = Vec::new();
        if let Demonstration::Gap { at, event: wanted }
        | Demonstration::Shadowed { at, event: wanted, .. }
        | Demonstration::Both { at, event: wanted, .. } = self.shown
            && wanted == event
            && self.is_at(&beginning.memory, at)
        {
            holds.push(true);
            holds.extend(self.machine.would_hold(&beginning.memory, &stimulus, &asked));
        }
        let occurrence = Occurrence { time, event, fields: fields.clone() };
        let past = Some(Rc::new(Past { occurrence, before: beginning.past.clone() }));
        let entered = if memory.leaves() == beginning.memory.leaves() { beginning.entered } else { time };
        self.keep(
            Beginning { memory, profile: beginning.profile, past, steps: beginning.steps + 1, entered },
            &reaction,
            &holds,
        );
    }

    /// Whether this step shows it; `holds` says whether the event came where it should, and what else held then.
    fn shows(&self, memory: &Memory, reaction: &Reaction, holds: &[bool]) -> bool {
        let took: Vec<TransitionId> = reaction
            .steps
            .iter()
            .filter_map(|step| if let Step::Took(arrow) = step { Some(self.machine.arrow_id(*arrow)) } else { None })
            .collect();
        match self.shown {
            Demonstration::Gap { .. } => {
                holds == [true] && took.is_empty() && matches!(reaction.outcome, Outcome::Ignored | Outcome::Refused)
            }
            Demonstration::Shadowed { arrow, .. } => {
                holds == [true, true] && !took.is_empty() && !took.contains(&arrow)
            }
            Demonstration::Both { taken, passed_over, .. } => {
                holds == [true, true] && took.contains(&taken) && !took.contains(&passed_over)
            }
            Demonstration::Stuck { at } => self.is_at(memory, at),
            Demonstration::Circle { .. } => memory.halted(),
            Demonstration::Met(place) => self.questions.as_ref().is_some_and(|questions| {
                reaction.met.iter().any(|meeting| questions.place(self.machine, *meeting) == place)
            }),
        }
    }

    fn keep(&mut self, beginning: Beginning, reaction: &Reaction, holds: &[bool]) {
        if self.shows(&beginning.memory, reaction, holds) {
            let mut occurrences = Vec::new();
            let mut past = beginning.past.as_ref();
            while let Some(one) = past {
                occurrences.push(one.occurrence.clone());
                past = one.before.as_ref();
            }
            occurrences.reverse();
            let attributes = self.material.profiles[beginning.profile].clone();
            self.found = Some(Candidate { attributes, occurrences, until: beginning.memory.now() });
            return;
        }
        let far = self.leaves(&beginning.memory).iter().filter_map(|leaf| self.far.get(leaf)).min().copied();
        let Some(far) = far.filter(|_| !beginning.memory.finished()) else { return };
        let traits = self.traits(&beginning);
        if self.seen.insert(traits) {
            self.waiting.push((Reverse(beginning.steps + far), Reverse(self.kept.len())));
            self.kept.push(Some(beginning));
        }
    }

    /// All that conditions could tell apart.
    fn traits(&self, beginning: &Beginning) -> String {
        let mut out = String::new();
        let memory = &beginning.memory;
        let now = memory.now();
        let zone = self.project.zone();
        let lengths = &self.material.lengths;
        let age = |since: Time| lengths.iter().filter(|length| since.plus(**length, &zone) <= now).count();
        // A timer that was due and led nowhere makes way for the next.
        let _ = write!(out, "{:?}{:?}{}", memory.leaves(), memory.armed(), age(beginning.entered));
        for id in self.project.attributes.keys() {
            if let Some(slot) = self.machine.attribute_slot(*id) {
                let _ = write!(out, ",{}", memory.value(slot));
            }
        }
        for (event, greatest) in &self.material.counted {
            let mut times = Vec::new();
            let mut past = beginning.past.as_ref();
            while let Some(one) = past {
                if one.occurrence.event == *event {
                    times.push(one.occurrence.time);
                }
                past = one.before.as_ref();
            }
            let most = usize::try_from(*greatest).unwrap_or(usize::MAX).saturating_add(1);
            let here = times.iter().filter(|time| **time > beginning.entered).count();
            let _ = write!(out, ";{},{}", times.len().min(most), here.min(most));
            for length in lengths {
                let within = times.iter().filter(|time| time.plus(*length, &zone) > now).count();
                let _ = write!(out, ",{}", within.min(most));
            }
        }
        let _ = write!(out, "|{}", memory.last_touchpoint().unwrap_or_default());
        out
    }
}

/// Recorded values are numbers or texts.
fn as_recorded(value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Unknown => value.clone(),
        other => Value::Text(other.to_string()),
    }
}
