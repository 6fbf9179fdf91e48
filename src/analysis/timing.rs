//! What would come out for a contact if its events had come in another order, or just before or just after something was
//! due: each change is run, and those are told that end otherwise. Of changes that are further away nothing is said.

mod changes;
mod ending;

use std::collections::{BTreeMap, BTreeSet};

use super::expectation::{Comparison, side_by_side, told};
use crate::model::{Contact, ContactId, Dataset, Duration, Project, Time, Unit};
use crate::simulation::{Machine, Progress, Run};
pub use changes::{Boundary, Change};
pub use ending::Ending;
use ending::Watcher;

/// Events are brought to what is at most so far away from them.
pub const REACH: Duration = Duration::new(3, Unit::Day);

/// How much is *just* before and *just* after.
pub const JUST: Duration = Duration::new(1, Unit::Minute);

/// More changes than these are not run.
pub const MOST_TRIED: usize = 2_000;

/// What came of asking how things would be if the timing were different.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// The contact as it is, with a start of its own.
    pub contact: Contact,
    pub until: Time,
    pub seed: u64,
    pub ending: Ending,
    /// In the order of the events, the smallest change first.
    pub alternatives: Vec<Alternative>,
    /// How many changes were run.
    pub tried: usize,
    /// How many were not, because they were too many.
    pub left_out: usize,
}

/// A change of the timing that ends otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    pub change: Change,
    /// The contact to whom it happens like that.
    pub contact: Contact,
    pub ending: Ending,
}

impl Timing {
    /// Asks it of one contact, as it would stand among the sample contacts; `until` is the last instant, itself included.
    /// `None` if it was cancelled.
    #[must_use]
    pub fn of(project: &Project, contact: &Contact, until: Time, seed: u64, progress: &Progress) -> Option<Self> {
        let mut contact = Contact { id: ContactId(1), ..contact.clone() };
        contact.occurrences.retain(|occurrence| occurrence.time <= until);
        contact.occurrences.sort_by_key(|occurrence| occurrence.time);
        // The journey begins when it began, whatever comes first.
        contact.start = contact.start.or(contact.occurrences.first().map(|first| first.time));
        let mut trial = Trial::of(project, until, seed);
        let ending = trial.ending(&contact);
        let changes = changes::changes(project, &contact, &trial.deadlines(&contact), until);
        let left_out = changes.len().saturating_sub(MOST_TRIED);
        let tried = changes.len() - left_out;
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut known: BTreeSet<(usize, bool, bool, Ending)> = BTreeSet::new();
        for change in changes.into_iter().take(MOST_TRIED) {
            if progress.is_cancelled() {
                return None;
            }
            let other = Contact { occurrences: change.made(&contact.occurrences), ..contact.clone() };
            let found = trial.ending(&other);
            // Of several timers and windows that lead an event to the same end, the nearest says it.
            let is_swap = matches!(change, Change::Swapped(_));
            let way = (change.event(), is_swap, change.is_later(&contact.occurrences), found.clone());
            if found != ending && known.insert(way) {
                alternatives.push(Alternative { change, contact: other, ending: found });
            }
        }
        Some(Self { contact, until, seed, ending, alternatives, tried, left_out })
    }

    /// The two stories, and where they part.
    #[must_use]
    pub fn compare(&self, project: &Project, alternative: &Alternative) -> Comparison {
        let mut trial = Trial::of(project, self.until, self.seed);
        let [usual, other] = [&self.contact, &alternative.contact].map(|contact| trial.told(contact));
        side_by_side(usual, other)
    }

    /// `If purchase came before visit (2 h earlier)`.
    #[must_use]
    pub fn condition(&self, project: &Project, alternative: &Alternative) -> String {
        alternative.change.words(project, &self.contact.occurrences)
    }

    /// `ends in Customer instead of Lapsed`, and whatever else is different.
    #[must_use]
    pub fn differences(&self, project: &Project, alternative: &Alternative) -> Vec<String> {
        alternative.ending.differences(project, &self.ending)
    }

    /// The whole as a sentence.
    #[must_use]
    pub fn sentence(&self, project: &Project, alternative: &Alternative) -> String {
        let differences = self.differences(project, alternative).join(", ");
        format!("{}: {differences}", self.condition(project, alternative))
    }

    /// What was looked at, so that nobody takes silence for more than it is.
    #[must_use]
    pub fn bound(&self) -> String {
        let number = |number: usize| crate::model::grouped(number as u64);
        let more = if self.left_out > 0 {
            format!(" {} more were not run: there are too many.", number(self.left_out))
        } else {
            String::new()
        };
        let changes = if self.tried == 1 { "change was" } else { "changes were" };
        format!(
            "{} {changes} run: neighbouring events swapped, and each event brought to {JUST} before and after timers and \
             ends of windows that are at most {REACH} away.{more}",
            number(self.tried)
        )
    }
}

/// One contact in a project of its own, again and again.
struct Trial {
    alone: Project,
    machine: Machine,
    until: Time,
    seed: u64,
}

impl Trial {
    fn of(project: &Project, until: Time, seed: u64) -> Self {
        let alone = Project { contacts: BTreeMap::new(), ..project.clone() };
        let machine = Machine::of(project);
        Self { alone, machine, until, seed }
    }

    fn with_run<T>(&mut self, contact: &Contact, look: impl FnOnce(&Project, &Run) -> T) -> T {
        self.alone.contacts = BTreeMap::from([(contact.id, contact.clone())]);
        let (dataset, codes) = Dataset::of_samples(&self.alone);
        look(&self.alone, &Run::new(&self.machine, &dataset, &codes, Some(self.until), self.seed))
    }

    fn ending(&mut self, contact: &Contact) -> Ending {
        self.with_run(contact, |_, run| {
            let mut watcher = Watcher::new(run.machine());
            run.follow(0..run.contact_count(), &mut watcher);
            watcher.ending
        })
    }

    fn deadlines(&mut self, contact: &Contact) -> Vec<crate::simulation::Deadline> {
        self.with_run(contact, |_, run| run.deadlines(0))
    }

    fn told(&mut self, contact: &Contact) -> Vec<crate::model::Told> {
        self.with_run(contact, |project, run| told(project, &run.story(0)))
    }
}
