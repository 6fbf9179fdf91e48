//! From a run to its moves: contact by contact, on several threads, then put in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::sends::{Moment, Noted};
use super::{By, Missing, Move, Way};
use crate::model::{NodeKind, Time};
use crate::simulation::crew::share;
use crate::simulation::machine::Machine;
use crate::simulation::memory::Memory;
use crate::simulation::newcomers::{Newcomer, Newcomers, noted, number};
use crate::simulation::observer::{By as Cause, Observer};
use crate::simulation::order::sorted;
use crate::simulation::react::{Effect, Outcome};
use crate::simulation::report::Waiting;
use crate::simulation::run::{MOST_REFERRED, Progress, Run};

/// The moves of some contacts, with ways of their own, and what became of their messages.
#[derive(Default)]
pub(super) struct Part {
    pub(super) moves: Vec<Move>,
    pub(super) ways: Vec<Way>,
    pub(super) sends: Vec<Noted>,
    /// Those whom others have won; those who come down from one contact stand together.
    pub(super) won: Vec<Newcomer>,
}

impl Part {
    /// Moves and messages.
    pub(super) fn len(&self) -> usize {
        self.moves.len() + self.sends.len()
    }

    /// The only contact that starts by itself is `contact`.
    pub(super) fn rename(&mut self, contact: u32) {
        let name = |noted: &mut u32| *noted = if *noted == 0 { contact } else { *noted };
        self.moves.iter_mut().for_each(|one| name(&mut one.contact));
        self.sends.iter_mut().for_each(|one| name(&mut one.moment.contact));
        self.won.iter_mut().for_each(|newcomer| newcomer.root = contact);
    }
}

/// Plays everybody; each thread has a part. The moves of one contact are in one part, as they happened.
pub(super) fn parts(run: &Run, threads: usize, progress: &Progress, most: usize) -> Result<Vec<Part>, Missing> {
    run.waits(progress).ok_or(Missing::Cancelled)?;
    let (total, won) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let hire = || Collector::new(run.machine(), &total, most);
    let parts = share(run.contact_count(), threads, progress, hire, |part, contacts| {
        run.follow_all(contacts, &[], part, progress, &won);
    });
    let parts = parts.ok_or(Missing::Cancelled)?;
    if won.into_inner() > MOST_REFERRED {
        return Err(Missing::Endless(MOST_REFERRED));
    }
    let parts: Vec<Part> = parts.into_iter().map(Collector::done).collect();
    if total.into_inner() > most {
        return Err(Missing::TooMany(most));
    }
    Ok(parts)
}

/// All parts put together.
pub(super) struct Joined {
    pub(super) moves: Vec<Move>,
    pub(super) ways: Vec<Way>,
    pub(super) sends: Vec<Noted>,
    pub(super) newcomers: Newcomers,
}

/// Everything in order, with ways in an order that depends on nothing but the ways. `None` if it was cancelled.
pub(super) fn joined(contacts: usize, parts: Vec<Part>, progress: &Progress) -> Option<Joined> {
    let mut ways: Vec<Way> = Vec::new();
    for part in &parts {
        let mut used = vec![false; part.ways.len()];
        for (place, one) in part.moves.iter().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            used[one.way as usize] = true;
        }
        ways.extend(part.ways.iter().zip(used).filter(|(_, used)| *used).map(|(way, _)| way.clone()));
    }
    ways.sort_unstable();
    ways.dedup();
    let won: Vec<&[Newcomer]> = parts.iter().map(|part| &part.won[..]).collect();
    let (newcomers, numbers) = Newcomers::of(contacts, &won);
    let mut moves = Vec::with_capacity(parts.iter().map(|part| part.moves.len()).sum());
    let mut sends = Vec::with_capacity(parts.iter().map(|part| part.sends.len()).sum());
    for (part, own) in parts.into_iter().zip(&numbers) {
        let place = |way: &Way| u32::try_from(ways.binary_search(way).unwrap_or(0)).unwrap_or(u32::MAX);
        let renamed: Vec<u32> = part.ways.iter().map(place).collect();
        for (place, one) in part.moves.into_iter().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            moves.push(Move { way: renamed[one.way as usize], contact: number(one.contact, own), ..one });
        }
        for (place, mut one) in part.sends.into_iter().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            one.moment.contact = number(one.moment.contact, own);
            sends.push(one);
        }
    }
    // Of one contact at one instant, the order in which they happened is kept.
    let moves = sorted(moves, |one| (one.time, one.contact), progress)?;
    let sends = sorted(sends, |one| (one.moment.time, one.moment.contact), progress)?;
    Some(Joined { moves, ways, sends, newcomers })
}

/// Notes the moves of one contact after the other.
struct Collector<'m> {
    machine: &'m Machine,
    /// How much all collectors have noted, of contacts that are done, and how much they may.
    total: &'m AtomicUsize,
    most: usize,
    told: usize,
    moves: Vec<Move>,
    sends: Vec<Noted>,
    won: Vec<Newcomer>,
    /// The contact was won by another one: its place among those.
    newcomer: Option<usize>,
    /// Where the moves and the messages of the contact begin.
    begin: (usize, usize),
    /// Lines of the contact that are done.
    lines: u32,
    waiting: Waiting,
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
    fn new(machine: &'m Machine, total: &'m AtomicUsize, most: usize) -> Self {
        Self {
            machine,
            total,
            most,
            told: 0,
            moves: Vec::new(),
            sends: Vec::new(),
            won: Vec::new(),
            newcomer: None,
            begin: (0, 0),
            lines: 0,
            waiting: Waiting::default(),
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
        let ways = ways.into_iter().map(|(way, _)| way).collect();
        Part { moves: self.moves, ways, sends: self.sends, won: self.won }
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
        // Whose move this is is known only at the end.
        self.moves.push(Move { time: self.time, contact: 0, way: number });
        self.spare = Some(way);
    }
}

impl Observer for Collector<'_> {
    const ASKS_FOR_VALUES: bool = false;

    fn is_full(&self) -> bool {
        self.total.load(Ordering::Relaxed) + self.moves.len() + self.sends.len() - self.told > self.most
    }

    fn newcomer(&mut self, newcomer: &Newcomer) {
        self.newcomer = Some(self.won.len());
        self.won.push(*newcomer);
    }

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

    fn effect(&mut self, effect: &Effect, time: Time) {
        if self.machine.policy.is_empty {
            return;
        }
        let moment = Moment { time, contact: 0, line: self.lines };
        let sending = self.waiting.sending(effect, time);
        self.sends.extend(sending.map(|sending| Noted { moment, sending }));
    }

    fn line(&mut self, _: Cause, time: Time, outcome: Outcome) {
        self.lines += 1;
        if outcome == Outcome::Halted {
            self.begin(By::Halt, time);
            if let Some(way) = &mut self.way {
                way.left.append(&mut self.active);
            }
        }
    }

    fn finished(&mut self, contact: usize, _: &Memory) {
        self.end();
        let number = noted(contact, self.newcomer.take());
        self.moves[self.begin.0..].iter_mut().for_each(|one| one.contact = number);
        self.sends[self.begin.1..].iter_mut().for_each(|one| one.moment.contact = number);
        self.begin = (self.moves.len(), self.sends.len());
        let noted = self.moves.len() + self.sends.len();
        self.total.fetch_add(noted - std::mem::replace(&mut self.told, noted), Ordering::Relaxed);
        self.active.clear();
        self.lines = 0;
        self.waiting.clear();
    }
}

fn slot(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
