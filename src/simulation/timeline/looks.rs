//! The moments at which conditions were looked at, held or not, for a few arrows that somebody wants to know about.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Missing;
use crate::model::Time;
use crate::simulation::crew::share;
use crate::simulation::memory::Memory;
use crate::simulation::newcomers::{Newcomer, Newcomers, noted, number};
use crate::simulation::observer::{Look, Observer};
use crate::simulation::order::sorted;
use crate::simulation::run::{MOST_REFERRED, Progress, Run};

/// Every look at the conditions of some arrows, in order of time, then contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    looks: Vec<Look>,
    newcomers: Newcomers,
}

impl Looks {
    /// Plays everybody and watches these arrows, by slot. The result does not depend on `threads`.
    ///
    /// # Errors
    /// When it was cancelled, when there are more than `most` looks, or when those who are won by others are more than a
    /// run follows.
    pub fn new(run: &Run, arrows: &[usize], threads: usize, progress: &Progress, most: usize) -> Result<Self, Missing> {
        let parts = parts(run, arrows, threads, progress, most)?;
        Self::of(run.contact_count(), &parts, progress)
    }

    /// The same with other looks of one contact, and of those who come down from it: those of the only contact of `run`.
    ///
    /// # Errors
    /// As those of [`Self::new`].
    pub fn with(
        &self,
        contact: u32,
        run: &Run,
        arrows: &[usize],
        progress: &Progress,
        most: usize,
    ) -> Result<Self, Missing> {
        let mut parts = parts(run, arrows, 1, progress, most)?;
        for part in &mut parts {
            part.looks.iter_mut().filter(|look| look.contact == 0).for_each(|look| look.contact = contact);
            part.won.iter_mut().for_each(|newcomer| newcomer.root = contact);
        }
        let (won, as_noted) = self.newcomers.without(contact);
        let looks = self.looks.iter().filter_map(|look| Some(Look { contact: as_noted(look.contact)?, ..*look }));
        parts.push(Part { looks: looks.collect(), won });
        Self::of(self.newcomers.contacts(), &parts, progress)
    }

    fn of(contacts: usize, parts: &[Part], progress: &Progress) -> Result<Self, Missing> {
        let won: Vec<&[Newcomer]> = parts.iter().map(|part| &part.won[..]).collect();
        let (newcomers, numbers) = Newcomers::of(contacts, &won);
        let mut looks = Vec::with_capacity(parts.iter().map(|part| part.looks.len()).sum());
        for (part, own) in parts.iter().zip(&numbers) {
            for (place, look) in part.looks.iter().enumerate() {
                if !progress.goes_on(place) {
                    return Err(Missing::Cancelled);
                }
                looks.push(Look { contact: number(look.contact, own), ..*look });
            }
        }
        let looks = sorted(looks, |look| (look.time, look.contact), progress).ok_or(Missing::Cancelled)?;
        Ok(Self { looks, newcomers })
    }

    pub fn all(&self) -> &[Look] {
        &self.looks
    }

    /// The first look after all that a contact did at an instant, which is not later than `until`.
    pub fn after(&self, moment: (Time, u32), until: Time) -> Option<Look> {
        let next = self.looks.partition_point(|look| (look.time, look.contact) <= moment);
        self.looks.get(next).copied().filter(|look| look.time <= until)
    }
}

/// What one thread has seen.
struct Part {
    looks: Vec<Look>,
    won: Vec<Newcomer>,
}

fn parts(run: &Run, arrows: &[usize], threads: usize, progress: &Progress, most: usize) -> Result<Vec<Part>, Missing> {
    run.waits(progress).ok_or(Missing::Cancelled)?;
    let (total, won) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let hire = || Watcher { total: &total, most, told: 0, looks: Vec::new(), won: Vec::new(), newcomer: None };
    let parts = share(run.contact_count(), threads, progress, hire, |watcher, contacts| {
        run.follow_all(contacts, arrows, watcher, progress, &won);
    });
    let parts = parts.ok_or(Missing::Cancelled)?;
    let parts = parts.into_iter().map(|watcher| Part { looks: watcher.looks, won: watcher.won }).collect();
    if won.into_inner() > MOST_REFERRED {
        return Err(Missing::Endless(MOST_REFERRED));
    }
    if total.into_inner() > most {
        return Err(Missing::TooMany(most));
    }
    Ok(parts)
}

/// Notes the looks of one contact after the other.
struct Watcher<'t> {
    /// How much all watchers have noted, of contacts that are done, and how much they may.
    total: &'t AtomicUsize,
    most: usize,
    told: usize,
    looks: Vec<Look>,
    won: Vec<Newcomer>,
    /// The contact was won by another one: its place among those.
    newcomer: Option<usize>,
}

impl Observer for Watcher<'_> {
    const ASKS_FOR_VALUES: bool = false;

    fn is_full(&self) -> bool {
        self.total.load(Ordering::Relaxed) + self.looks.len() - self.told > self.most
    }

    fn newcomer(&mut self, newcomer: &Newcomer) {
        self.newcomer = Some(self.won.len());
        self.won.push(*newcomer);
    }

    fn looked(&mut self, look: Look) {
        self.looks.push(look);
    }

    fn finished(&mut self, contact: usize, _: &Memory) {
        let number = noted(contact, self.newcomer.take());
        self.looks[self.told..].iter_mut().for_each(|look| look.contact = number);
        let before = std::mem::replace(&mut self.told, self.looks.len());
        self.total.fetch_add(self.told - before, Ordering::Relaxed);
    }
}
