//! How often what came while contacts rested in a state: each event, case by case where its column of the matrix is split,
//! the timers, and that groups are done. Counts events from outside, those that the chart scheduled for itself and those
//! that it raised.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::condition::{LuckKey, Resolver, Scene, Term};
use super::crew::share;
use super::machine::Machine;
use super::memory::Memory;
use super::observer::Observer;
use super::run::{MOST_REFERRED, Progress, Run};
use super::timeline::Missing;
use crate::model::{Asked, AttributeId, BucketId, EventId, NodeId, Place, Project, TransitionId, Value};

/// What is asked of contacts wherever they rest: the columns of the matrix, with the conditions of the cases.
#[derive(Clone, Debug)]
pub struct Questions {
    columns: Vec<(Asked, Option<BucketId>)>,
    /// By event.
    cases: Vec<Cases>,
    /// The first of those about groups that are done, in the order of their signals.
    done: usize,
}

/// The cases of an event in their order. Behind them is the column of what they leave.
#[derive(Clone, Debug)]
struct Cases {
    first: usize,
    /// `None`: everything that the cases before it leave.
    conditions: Vec<Option<Term>>,
}

/// Something came to a state where a contact rested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    pub leaf: usize,
    /// By its place among the questions.
    pub column: usize,
}

impl Questions {
    /// The questions of a project, of which `machine` was made.
    #[must_use]
    pub fn of(project: &Project, machine: &Machine) -> Arc<Self> {
        let nodes: Vec<NodeId> = machine.nodes.iter().map(|node| node.id).collect();
        let events: Vec<EventId> = machine.events.iter().map(|event| event.id).collect();
        let attributes: Vec<AttributeId> = machine.attributes.iter().map(|attribute| attribute.id).collect();
        let resolver =
            Resolver { project, nodes: &nodes, events: &events, attributes: &attributes, fields: &machine.fields };
        let (mut columns, mut cases) = (Vec::new(), Vec::new());
        for id in &events {
            let first = columns.len();
            let mut conditions = Vec::new();
            for bucket in project.events.get(id).iter().flat_map(|event| &event.buckets) {
                columns.push((Asked::Event(*id), Some(bucket.id)));
                // What cannot be read never holds; the check says so.
                let read = resolver.condition(&bucket.guard);
                conditions.push(read.unwrap_or(Some(Term::Constant(Value::YesNo(false)))));
            }
            columns.push((Asked::Event(*id), None));
            cases.push(Cases { first, conditions });
        }
        let done = columns.len();
        let groups = machine.nodes.iter().filter(|node| node.done.is_some());
        columns.extend(groups.map(|node| (Asked::Done(node.id), None)));
        columns.extend([(Asked::Silence, None), (Asked::Clock, None)]);
        Arc::new(Self { columns, cases, done })
    }

    /// The draws in the condition of a case are those of no arrow.
    pub(super) fn luck() -> LuckKey {
        LuckKey::arrow(TransitionId(u32::MAX))
    }

    /// The first case whose condition holds.
    pub(super) fn case(&self, event: usize, scene: Scene) -> usize {
        let Cases { first, conditions } = &self.cases[event];
        let holds = |condition: &Option<Term>| condition.as_ref().is_none_or(|condition| condition.holds(scene));
        first + conditions.iter().position(holds).unwrap_or(conditions.len())
    }

    /// The group whose being done is the signal of this number after those of events.
    pub(super) fn done(&self, number: usize) -> usize {
        self.done + number
    }

    pub(super) fn silence(&self) -> usize {
        self.columns.len() - 2
    }

    pub(super) fn clock(&self) -> usize {
        self.columns.len() - 1
    }

    /// The cell that a meeting means.
    #[must_use]
    pub fn place(&self, machine: &Machine, meeting: Meeting) -> Place {
        let (asked, bucket) = self.columns[meeting.column];
        Place { state: machine.node_id(meeting.leaf), asked, bucket }
    }
}

/// How often each cell was met by everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meetings(BTreeMap<Place, u64>);

impl Meetings {
    /// Plays everybody, also those who are won by others. The result does not depend on `threads`.
    ///
    /// # Errors
    /// When it was cancelled, or when those who are won by others are more than a run follows.
    pub fn of(run: &Run, questions: &Arc<Questions>, threads: usize, progress: &Progress) -> Result<Self, Missing> {
        run.waits(progress).ok_or(Missing::Cancelled)?;
        let (width, won) = (questions.columns.len(), AtomicUsize::new(0));
        let hire = || Counter { width, times: vec![0; run.machine().node_count() * width] };
        let counters = share(run.contact_count(), threads, progress, hire, |counter, contacts| {
            run.follow_meetings(contacts, questions, counter, progress, &won);
        });
        let counters = counters.ok_or(Missing::Cancelled)?;
        if won.into_inner() > MOST_REFERRED {
            return Err(Missing::Endless(MOST_REFERRED));
        }
        let mut all = BTreeMap::new();
        for counter in counters {
            for (at, times) in counter.times.into_iter().enumerate().filter(|(_, times)| *times > 0) {
                let meeting = Meeting { leaf: at / width, column: at % width };
                *all.entry(questions.place(run.machine(), meeting)).or_default() += times;
            }
        }
        Ok(Self(all))
    }

    #[must_use]
    pub fn times(&self, place: Place) -> u64 {
        self.0.get(&place).copied().unwrap_or(0)
    }
}

/// What one thread has counted, by leaf and column.
struct Counter {
    width: usize,
    times: Vec<u64>,
}

impl Observer for Counter {
    const ASKS_FOR_VALUES: bool = false;

    fn met(&mut self, Meeting { leaf, column }: Meeting) {
        self.times[leaf * self.width + column] += 1;
    }

    fn finished(&mut self, _: usize, _: &Memory) {}
}
