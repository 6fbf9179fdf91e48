//! The moments at which conditions were looked at, held or not, for a few arrows that somebody wants to know about.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Missing;
use crate::model::Time;
use crate::simulation::crew::share;
use crate::simulation::memory::Memory;
use crate::simulation::observer::{Look, Observer};
use crate::simulation::run::{Progress, Run};

/// Every look at the conditions of some arrows, in order of time, then contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks(Vec<Look>);

impl Looks {
    /// Plays everybody and watches these arrows, by slot. The result does not depend on `threads`.
    ///
    /// # Errors
    /// When it was cancelled, or when there are more than `most` looks.
    pub fn new(run: &Run, arrows: &[usize], threads: usize, progress: &Progress, most: usize) -> Result<Self, Missing> {
        let total = AtomicUsize::new(0);
        let noted = || Noted(Vec::new());
        let parts = share(run.contact_count(), threads, progress, noted, |noted, contacts| {
            if total.load(Ordering::Relaxed) <= most {
                let before = noted.0.len();
                run.watch(contacts, arrows, noted);
                total.fetch_add(noted.0.len() - before, Ordering::Relaxed);
            }
        });
        let parts = parts.ok_or(Missing::Cancelled)?;
        if total.into_inner() > most {
            return Err(Missing::TooMany(most));
        }
        let mut looks: Vec<Look> = parts.into_iter().flat_map(|noted| noted.0).collect();
        looks.sort_by_key(|look| (look.time, look.contact));
        Ok(Self(looks))
    }

    /// The same with other looks of one contact: those of the only contact of `run`.
    #[must_use]
    pub fn with(&self, contact: u32, run: &Run, arrows: &[usize]) -> Self {
        let mut noted = Noted(Vec::new());
        run.watch(0..run.contact_count(), arrows, &mut noted);
        noted.0.iter_mut().for_each(|look| look.contact = contact);
        noted.0.extend(self.0.iter().filter(|look| look.contact != contact));
        noted.0.sort_by_key(|look| (look.time, look.contact));
        Self(noted.0)
    }

    pub fn all(&self) -> &[Look] {
        &self.0
    }

    /// The first look after all that a contact did at an instant, which is not later than `until`.
    pub fn after(&self, moment: (Time, u32), until: Time) -> Option<Look> {
        let next = self.0.partition_point(|look| (look.time, look.contact) <= moment);
        self.0.get(next).copied().filter(|look| look.time <= until)
    }
}

struct Noted(Vec<Look>);

impl Observer for Noted {
    const ASKS_FOR_VALUES: bool = false;

    fn looked(&mut self, look: Look) {
        self.0.push(look);
    }

    fn finished(&mut self, _: usize, _: &Memory) {}
}
