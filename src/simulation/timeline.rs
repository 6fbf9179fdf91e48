//! Everybody's moves in order of time, so that any instant of a run can be looked at: how many rest where, how often each
//! arrow was taken so far, who is where. Nothing is undone to go back: what is shown is a function of the instant.
//!
//! A move takes 16 bytes, and 4 more to find it by its contact. Besides, there is a snapshot of all counts every so many
//! moves, so that an instant is found in the logarithm of all moves and counted in the moves since one snapshot; the
//! snapshots are so far apart that they take at most 4 bytes a move.

mod build;
mod looks;
mod sends;

use super::machine::Machine;
use super::newcomers::Newcomers;
use super::run::{MOST_REFERRED, Progress, Run};
use crate::model::Time;
use build::{Joined, Part};
use sends::Sends;

pub use looks::Looks;
pub use sends::{Moment, Tallies};

/// Of longer runs there is no timeline.
pub const MOST_MOVES: usize = 20_000_000;

/// Why there is no timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Cancelled,
    /// There would be more moves and messages than this.
    TooMany(usize),
    /// More contacts than this are won by others.
    Endless(usize),
}

/// One thing that one contact did. Moves are ordered by time, then contact, then as they happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub time: Time,
    pub contact: u32,
    way: u32,
}

/// What moves have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub by: By,
    /// The nodes left, in document order.
    pub left: Vec<u32>,
    /// The nodes entered, outer-first. Of arrows taken together, all are entered by the last.
    pub entered: Vec<u32>,
}

/// What a contact moved by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The journey began.
    Start,
    Arrow(u32),
    /// It was stopped.
    Halt,
}

/// All counts after so many moves, by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Contacts that are there.
    pub resting: Vec<u32>,
    /// Visits that began.
    pub entered: Vec<u32>,
    /// How often each arrow was taken.
    pub fired: Vec<u32>,
    /// Contacts whose journey began.
    pub begun: u32,
    /// Of each node, the instants at which it was left less those at which it was entered, in milliseconds.
    spent: Vec<i128>,
}

/// The moves of a whole run, also of those whom others have won.
#[derive(Clone, Debug)]
pub struct Timeline {
    moves: Vec<Move>,
    ways: Vec<Way>,
    /// The moves of contact `i` stand at the places `own[first[i]..first[i + 1]]`.
    own: Vec<u32>,
    first: Vec<u32>,
    newcomers: Newcomers,
    /// While the chart has a send policy; without one everything is sent.
    sends: Sends,
    /// Counts before every so many moves, from none on.
    snapshots: Vec<Counts>,
    every: usize,
    until: Time,
}

impl Timeline {
    /// Plays everybody. The result does not depend on `threads`.
    ///
    /// # Errors
    /// When it was cancelled, when there are more than `most` moves and messages, or when those who are won by others are
    /// more than a run follows.
    pub fn new(run: &Run, threads: usize, progress: &Progress, most: usize) -> Result<Self, Missing> {
        let parts = build::parts(run, threads, progress, most)?;
        Self::of(run.machine(), run.contact_count(), run.until(), parts, progress)
    }

    /// The same with another way of one contact, and of those who come down from it: that of the only contact of `run`.
    ///
    /// # Errors
    /// As those of [`Self::new`].
    pub fn with(&self, contact: u32, run: &Run, progress: &Progress, most: usize) -> Result<Self, Missing> {
        let mut parts = build::parts(run, 1, progress, most)?;
        for part in &mut parts {
            part.rename(contact);
        }
        let others = self.without(contact, progress).ok_or(Missing::Cancelled)?;
        parts.push(others);
        if parts.iter().map(Part::len).sum::<usize>() > most {
            return Err(Missing::TooMany(most));
        }
        Self::of(run.machine(), self.contacts(), self.until, parts, progress)
    }

    /// The ways of everybody but one contact and those who come down from it. `None` if it was cancelled.
    fn without(&self, contact: u32, progress: &Progress) -> Option<Part> {
        let (won, as_noted) = self.newcomers.without(contact);
        let mut part = Part { ways: self.ways.clone(), won, ..Part::default() };
        for (place, one) in self.moves.iter().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            part.moves.extend(as_noted(one.contact).map(|contact| Move { contact, ..*one }));
        }
        for (place, one) in self.sends.all().iter().enumerate() {
            if !progress.goes_on(place) {
                return None;
            }
            let mut one = *one;
            if let Some(contact) = as_noted(one.moment.contact) {
                one.moment.contact = contact;
                part.sends.push(one);
            }
        }
        Some(part)
    }

    fn of(
        machine: &Machine,
        contacts: usize,
        until: Time,
        parts: Vec<Part>,
        progress: &Progress,
    ) -> Result<Self, Missing> {
        let Joined { moves, ways, sends, newcomers } =
            build::joined(contacts, parts, progress).ok_or(Missing::Cancelled)?;
        if newcomers.len() > MOST_REFERRED {
            return Err(Missing::Endless(MOST_REFERRED));
        }
        let (first, own) = by_contact(contacts + newcomers.len(), &moves, progress).ok_or(Missing::Cancelled)?;
        let sends = Sends::of(sends, progress).ok_or(Missing::Cancelled)?;
        let mut counts = Counts::none(machine);
        let every = (counts.bytes() / 4).max(1024);
        let mut snapshots = vec![counts.clone()];
        for part in moves.chunks(every) {
            if progress.is_cancelled() {
                return Err(Missing::Cancelled);
            }
            for one in part {
                counts.add(one.time, &ways[one.way as usize]);
            }
            snapshots.push(counts.clone());
        }
        Ok(Self { moves, ways, own, first, newcomers, sends, snapshots, every, until })
    }

    /// How many start by themselves; those whom others have won have the numbers after these.
    fn contacts(&self) -> usize {
        self.first.len() - 1 - self.newcomers.len()
    }

    /// Those whom others have won.
    pub fn newcomers(&self) -> &Newcomers {
        &self.newcomers
    }

    /// What has become of messages up to a moment. While the chart has no send policy, nothing is said of any.
    pub fn sends(&self, moment: Moment) -> Tallies {
        self.sends.at(moment)
    }

    /// Every move, in order.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    pub fn way(&self, one: &Move) -> &Way {
        &self.ways[one.way as usize]
    }

    /// The first and the last instant: from the first move to the end of the run, itself included.
    pub fn span(&self) -> (Time, Time) {
        let first = self.moves.first().map_or(self.until, |first| first.time);
        (first, self.until.max(first))
    }

    /// How many moves are done at `time`, those of that very instant included.
    pub fn done_at(&self, time: Time) -> usize {
        self.moves.partition_point(|one| one.time <= time)
    }

    /// How many moves are done when `contact` has done so many of its own, and everybody else what comes before that
    /// moment: earlier, or at the same instant by a contact before it.
    pub fn done_within(&self, time: Time, contact: u32, own: usize) -> usize {
        let before = self.moves.partition_point(|one| (one.time, one.contact) < (time, contact));
        match own.checked_sub(1).and_then(|last| self.moves_of(contact).get(last)) {
            Some(&last) if self.moves[last as usize].time == time => last as usize + 1,
            _ => before,
        }
    }

    /// How many moves are done after the next step of anybody, which is all that one contact does at one instant.
    pub fn next_step(&self, done: usize) -> Option<usize> {
        let next = self.moves.get(done)?;
        let same = |one: &&Move| (one.time, one.contact) == (next.time, next.contact);
        Some(done + self.moves[done..].iter().take_while(same).count())
    }

    /// How many moves were done before the last step of anybody.
    pub fn step_before(&self, done: usize) -> Option<usize> {
        let last = self.moves[..done].last()?;
        let same = |one: &&Move| (one.time, one.contact) == (last.time, last.contact);
        Some(done - self.moves[..done].iter().rev().take_while(same).count())
    }

    /// The places of a contact's moves among all.
    pub fn moves_of(&self, contact: u32) -> &[u32] {
        let contact = contact as usize;
        match self.first.get(contact..contact + 2) {
            Some(&[from, to]) => &self.own[from as usize..to as usize],
            _ => &[],
        }
    }

    /// The contacts that are at a node after `done` moves, those of `but` excepted. Looks at everybody.
    pub fn who_rests(&self, node: u32, done: usize, but: Option<u32>) -> Vec<u32> {
        let contacts = u32::try_from(self.first.len() - 1).unwrap_or(u32::MAX);
        let rests = |contact: &u32| Some(*contact) != but && self.whereabouts(*contact, done).contains(&node);
        (0..contacts).filter(rests).collect()
    }

    /// The active nodes of a contact after `done` moves of everybody, in document order.
    pub fn whereabouts(&self, contact: u32, done: usize) -> Vec<u32> {
        let mut active: Vec<u32> = Vec::new();
        for &place in self.moves_of(contact).iter().take_while(|place| (**place as usize) < done) {
            let way = self.way(&self.moves[place as usize]);
            active.retain(|node| !way.left.contains(node));
            active.extend(&way.entered);
        }
        active.sort_unstable();
        active
    }

    /// All counts after `done` moves.
    pub fn counts(&self, done: usize) -> Counts {
        let snapshot = done / self.every;
        let mut counts = self.snapshots[snapshot].clone();
        for one in &self.moves[snapshot * self.every..done] {
            counts.add(one.time, self.way(one));
        }
        counts
    }

    /// The first place from `from` to `to` where a move goes one of these ways, by [`Self::ways`]; without any, none.
    pub fn find(&self, from: usize, to: usize, wanted: &[bool]) -> Option<usize> {
        let is_wanted = |one: &Move| wanted.get(one.way as usize) == Some(&true);
        let some = self.moves.get(from..to).filter(|_| !wanted.is_empty())?;
        some.iter().position(is_wanted).map(|place| from + place)
    }

    /// Every way that is gone, in a defined order.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// How many moves fall into each of so many equal parts of the span.
    pub fn density(&self, parts: usize) -> Vec<usize> {
        let (first, last) = self.span();
        let length = i128::from(last.0 - first.0 + 1);
        let mut before = 0;
        (1..=parts)
            .map(|part| {
                let share = i128::try_from(part).unwrap_or(0) * length / i128::try_from(parts).unwrap_or(1);
                let end = Time(first.0 + i64::try_from(share).unwrap_or(i64::MAX) - 1);
                let done = self.done_at(end);
                done - std::mem::replace(&mut before, done)
            })
            .collect()
    }

    /// Room that it takes in memory.
    pub fn bytes(&self) -> usize {
        let moves = size_of_val(&self.moves[..]) + size_of_val(&self.own[..]) + size_of_val(&self.first[..]);
        let sends = size_of_val(self.sends.all());
        moves + sends + self.snapshots.iter().map(Counts::bytes).sum::<usize>()
    }
}

/// The places of each contact's moves, one contact after the other, and where each begins. `None` if it was cancelled.
fn by_contact(contacts: usize, moves: &[Move], progress: &Progress) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut first = vec![0_u32; contacts + 1];
    for (place, one) in moves.iter().enumerate() {
        if !progress.goes_on(place) {
            return None;
        }
        first[one.contact as usize + 1] += 1;
    }
    for contact in 0..contacts {
        first[contact + 1] += first[contact];
    }
    let mut next = first.clone();
    let mut own = vec![0; moves.len()];
    for (place, one) in (0..).zip(moves) {
        if !progress.goes_on(place as usize) {
            return None;
        }
        let slot = &mut next[one.contact as usize];
        own[*slot as usize] = place;
        *slot += 1;
    }
    Some((first, own))
}

impl Counts {
    fn none(machine: &Machine) -> Self {
        let nodes = machine.node_count();
        Self {
            resting: vec![0; nodes],
            entered: vec![0; nodes],
            fired: vec![0; machine.arrow_count()],
            begun: 0,
            spent: vec![0; nodes],
        }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + 8 * self.resting.len() + 4 * self.fired.len() + 16 * self.spent.len()
    }

    fn add(&mut self, time: Time, way: &Way) {
        match way.by {
            By::Start => self.begun += 1,
            By::Arrow(arrow) => self.fired[arrow as usize] += 1,
            By::Halt => {}
        }
        for &node in &way.left {
            self.resting[node as usize] -= 1;
            self.spent[node as usize] += i128::from(time.0);
        }
        for &node in &way.entered {
            self.resting[node as usize] += 1;
            self.entered[node as usize] += 1;
            self.spent[node as usize] -= i128::from(time.0);
        }
    }

    /// How long a visit of the node has lasted on average at `now`, in milliseconds; those under way count as long as they
    /// have lasted.
    pub fn mean_time(&self, node: usize, now: Time) -> Option<i64> {
        let under_way = i128::from(self.resting[node]) * i128::from(now.0);
        let visits = i128::from(self.entered[node]);
        i64::try_from((self.spent[node] + under_way).checked_div(visits)?).ok()
    }
}
