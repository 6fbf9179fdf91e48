//! One contact's way, forwards and backwards: any line of a story by itself, however long the story is. Stepping back undoes
//! nothing. The way is played again from a memory that was kept some lines before.

use super::memory::Memory;
use super::react::Reaction;
use super::run::{Place, Player, Progress, Run};
use super::story::Entry;
use super::world::Room;

/// Memories of one contact, some lines apart.
#[derive(Clone, Debug)]
pub struct Playback {
    contact: usize,
    every: usize,
    marks: Vec<Mark>,
    lines: usize,
}

/// Where the contact stood before a line.
#[derive(Clone, Debug)]
struct Mark {
    place: Place,
    memory: Memory,
    /// In a world, what is still to come.
    room: Room,
}

impl Playback {
    /// Lines between two memories: few enough to play in no time, and so many that memories take little room.
    pub const EVERY: usize = 256;

    /// Plays the contact once and keeps a memory every so many lines.
    #[must_use]
    pub fn of(run: &Run, contact: usize) -> Self {
        Self::with_marks(run, contact, Self::EVERY)
    }

    /// The same with a memory every `every` lines.
    #[must_use]
    pub fn with_marks(run: &Run, contact: usize, every: usize) -> Self {
        let every = every.max(1);
        let mut player = Player::new(run, Reaction::of_totals());
        let mut place = run.meet(contact, &mut player, &Progress::default());
        let (mut marks, mut lines) = (Vec::new(), 0);
        loop {
            if lines % every == 0 {
                // Those whom the contact wins have stories of their own.
                player.room.won.clear();
                marks.push(Mark { place: place.clone(), memory: player.memory.clone(), room: player.room.clone() });
            }
            if run.step(&mut place, &mut player, &Progress::default()).is_none() {
                return Self { contact, every, marks, lines };
            }
            lines += 1;
        }
    }

    pub fn contact(&self) -> usize {
        self.contact
    }

    /// How many lines the story has.
    pub fn len(&self) -> usize {
        self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// What is remembered of the contact after this many lines, 0 before the first; `None` beyond the last.
    #[must_use]
    pub fn memory_after(&self, run: &Run, lines: usize) -> Option<Memory> {
        if lines > self.lines {
            return None;
        }
        let (mut place, mut player) = self.from(run, lines, Reaction::of_totals());
        for _ in 0..lines % self.every {
            run.step(&mut place, &mut player, &Progress::default())?;
        }
        Some(player.memory)
    }

    /// The lines from `first` on, as the story tells them; fewer, if the story ends before.
    #[must_use]
    pub fn entries(&self, run: &Run, first: usize, count: usize) -> Vec<Entry> {
        let (mut place, mut player) = self.from(run, first, Reaction::new(true));
        let mut entries = Vec::new();
        for line in first - first % self.every..self.lines.min(first.saturating_add(count)) {
            let Some(by) = run.step(&mut place, &mut player, &Progress::default()) else { break };
            if line >= first {
                entries.push(run.entry(by, &player));
            }
        }
        entries
    }

    /// The contact as it was kept last before a line.
    fn from<'m>(&self, run: &Run<'m>, line: usize, reaction: Reaction<'m>) -> (Place, Player<'m>) {
        let mark = &self.marks[(line / self.every).min(self.marks.len() - 1)];
        let mut player = Player::new(run, reaction);
        (player.memory, player.room) = (mark.memory.clone(), mark.room.clone());
        (mark.place.clone(), player)
    }
}
