//! From a run to its moves: contact by contact, on several threads, then put in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{By, Missing, Move, Way};
use crate::model::{NodeKind, Time};
use crate::simulation::crew::share;
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::observer::{By as Cause, Observer};
use crate::simulation::react::Outcome;
use crate::simulation::run::{Progress, Run};

/// Stands for the contact whose moves are being collected.
const OPEN: u32 = u32::MAX;

/// The moves of some contacts, with ways of their own.
#[derive(Default)]
pub(super) struct Part {
    pub(super) moves: Vec<Move>,
    pub(super) ways: Vec<Way>,
}

/// Plays everybody; each thread has a part. The moves of one contact are in one part, as they happened.
pub(super) fn parts(run: &Run, threads: usize, progress: &Progress, most: usize) -> Result<Vec<Part>, Missing> {
    let total = AtomicUsize::new(0);
    let hire = || Collector::new(run.machine());
    let parts = share(run.contact_count(), threads, progress, hire, |part, contacts| {
        if total.load(Ordering::Relaxed) <= most {
            let before = part.moves.len();
            run.follow(contacts, part);
            total.fetch_add(part.moves.len() - before, Ordering::Relaxed);
        }
    });
    let parts = parts.ok_or(Missing::Cancelled)?;
    if total.into_inner() > most {
        return Err(Missing::TooMany(most));
    }
    Ok(parts.into_iter().map(Collector::done).collect())
}

/// All moves in order, with ways in an order that depends on nothing but the ways.
pub(super) fn joined(parts: Vec<Part>) -> (Vec<Move>, Vec<Way>) {
    let used = parts.iter().flat_map(|part| {
        let mut used = vec![false; part.ways.len()];
        for one in &part.moves {
            used[one.way as usize] = true;
        }
        part.ways.iter().zip(used).filter(|(_, used)| *used).map(|(way, _)| way.clone())
    });
    let mut ways: Vec<Way> = used.collect();
    ways.sort_unstable();
    ways.dedup();
    let mut moves = Vec::with_capacity(parts.iter().map(|part| part.moves.len()).sum());
    for part in parts {
        let place = |way: &Way| u32::try_from(ways.binary_search(way).unwrap_or(0)).unwrap_or(u32::MAX);
        let renamed: Vec<u32> = part.ways.iter().map(place).collect();
        moves.extend(part.moves.into_iter().map(|one| Move { way: renamed[one.way as usize], ..one }));
    }
    // Of one contact at one instant, the order in which they happened is kept.
    moves.sort_by_key(|one| (one.time, one.contact));
    (moves, ways)
}

/// Notes the moves of one contact after the other.
struct Collector<'m> {
    machine: &'m Machine,
    moves: Vec<Move>,
    ways: BTreeMap<Way, u32>,
    /// The way that was last gone by start, halt and each arrow: most often the next is the same.
    last: Vec<Option<(Way, u32)>>,
    /// Where the contact is, in document order.
    active: Vec<u32>,
    /// What the contact is doing: it ends with the next arrow.
    time: Time,
    way: Option<Way>,
    /// Kept to be used again.
    spare: Option<Way>,
}

impl<'m> Collector<'m> {
    fn new(machine: &'m Machine) -> Self {
        Self {
            machine,
            moves: Vec::new(),
            ways: BTreeMap::new(),
            last: vec![None; machine.arrow_count() + 2],
            active: Vec::new(),
            time: Time::MIN,
            way: None,
            spare: None,
        }
    }

    fn done(self) -> Part {
        let mut ways: Vec<(Way, u32)> = self.ways.into_iter().collect();
        ways.sort_unstable_by_key(|(_, number)| *number);
        Part { moves: self.moves, ways: ways.into_iter().map(|(way, _)| way).collect() }
    }

    fn begin(&mut self, by: By, time: Time) {
        self.end();
        let mut way = self.spare.take().unwrap_or(Way { by, left: Vec::new(), entered: Vec::new() });
        way.by = by;
        way.left.clear();
        way.entered.clear();
        self.time = time;
        self.way = Some(way);
    }

    fn end(&mut self) {
        let Some(mut way) = self.way.take() else { return };
        way.left.sort_unstable();
        let arrows = self.machine.arrow_count();
        let last = &mut self.last[match way.by {
            By::Start => arrows,
            By::Halt => arrows + 1,
            By::Arrow(arrow) => arrow as usize,
        }];
        let number = match last {
            Some((known, number)) if *known == way => *number,
            _ => {
                let next = u32::try_from(self.ways.len()).unwrap_or(u32::MAX);
                let number = *self.ways.entry(way.clone()).or_insert(next);
                *last = Some((way.clone(), number));
                number
            }
        };
        self.moves.push(Move { time: self.time, contact: OPEN, way: number });
        self.spare = Some(way);
    }
}

impl Observer for Collector<'_> {
    const ASKS_FOR_VALUES: bool = false;

    fn began(&mut self, time: Time) {
        self.begin(By::Start, time);
    }

    fn took(&mut self, arrow: usize, time: Time) {
        self.begin(By::Arrow(slot(arrow)), time);
    }

    /// Of a group, and of the chart itself, one part is active: entering another one means that it was left.
    fn entered(&mut self, node: usize, _: Time) {
        let Some(way) = &mut self.way else { return };
        let parent = self.machine.nodes[node].parent;
        let beside = parent.is_some_and(|parent| self.machine.nodes[parent].kind == NodeKind::Parallel);
        let around = if beside { Some(node) } else { parent };
        let is_left = |active: u32| {
            let active = active as usize;
            self.machine.is_within(active, around) && (beside || Some(active) != around)
        };
        way.left.extend(self.active.iter().filter(|active| is_left(**active)));
        self.active.retain(|active| !is_left(*active));
        self.active.push(slot(node));
        way.entered.push(slot(node));
    }

    fn line(&mut self, _: Cause, time: Time, outcome: Outcome) {
        if outcome == Outcome::Halted {
            self.begin(By::Halt, time);
            if let Some(way) = &mut self.way {
                way.left.append(&mut self.active);
            }
        }
    }

    fn finished(&mut self, contact: usize, _: &Memory) {
        self.end();
        // Whose moves these were is known only now.
        let number = slot(contact);
        let own = self.moves.iter_mut().rev().take_while(|one| one.contact == OPEN);
        own.for_each(|one| one.contact = number);
        self.active.clear();
    }
}

fn slot(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
