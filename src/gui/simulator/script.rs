//! The followed contact's story as the clock sees it: when each line happened, and which moves it made.

use crate::model::Time;
use crate::simulation::{Cause, Outcome, Story};

#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    contact: u32,
    /// Of each line its time, and how many moves of the contact are done after it.
    lines: Vec<(Time, usize)>,
}

impl Script {
    pub(super) fn of(contact: usize, story: &Story) -> Self {
        let mut own = 0;
        let mut halted = false;
        let lines = story.entries.iter().map(|entry| {
            own += entry.arrows.len() + usize::from(entry.cause == Cause::Start);
            if entry.outcome == Outcome::Halted && !std::mem::replace(&mut halted, true) {
                own += 1;
            }
            (entry.time, own)
        });
        Self { contact: u32::try_from(contact).unwrap_or(u32::MAX), lines: lines.collect() }
    }

    pub(super) fn contact(&self) -> u32 {
        self.contact
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn span(&self) -> Option<(Time, Time)> {
        Some((self.lines.first()?.0, self.lines.last()?.0))
    }

    /// When a line happened, and how many moves of the contact are done after it.
    pub(super) fn line(&self, line: usize) -> Option<(Time, usize)> {
        self.lines.get(line).copied()
    }

    /// How many moves of the contact were done before a line.
    pub(super) fn own_before(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.lines.get(before)).map_or(0, |(_, own)| *own)
    }

    /// The last line up to an instant.
    pub(super) fn line_at(&self, time: Time) -> Option<usize> {
        self.lines.partition_point(|(at, _)| *at <= time).checked_sub(1)
    }
}
