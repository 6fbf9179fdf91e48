//! Contacts whom others have won, as those who look at everybody number them: after those who start by themselves, in the
//! order of the contacts from whom they come down, then as they were played. That order depends on no thread.

use super::luck::ContactKey;
use crate::model::Time;

/// In place of a parent, of those whom a contact won that started by itself.
const NOBODY: u32 = u32::MAX;
/// Marks a number that holds only among those whom one thread has played.
const OPEN: u32 = 1 << 31;

/// A contact whom another one has won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The contact that started by itself, from whom this one comes down.
    pub root: u32,
    /// Who has won it: the place among all that come down from the same contact.
    pub(super) parent: u32,
    /// Its number among those whom its parent has won.
    pub(super) ordinal: u32,
    pub start: Time,
    pub(super) key: ContactKey,
}

impl Newcomer {
    /// Won by the contact `root` itself, until somebody says otherwise.
    pub(super) fn of_root(key: ContactKey, start: Time, ordinal: u64) -> Self {
        Self { root: 0, parent: NOBODY, ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX), start, key }
    }
}

/// All whom others have won in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newcomers {
    /// How many start by themselves.
    contacts: usize,
    all: Vec<Newcomer>,
}

impl Newcomers {
    /// From what each thread has played, where those who come down from one contact stand together. Besides, for each
    /// thread the numbers of its own.
    pub(super) fn of(contacts: usize, parts: &[&[Newcomer]]) -> (Self, Vec<Vec<u32>>) {
        let mut places: Vec<(usize, usize)> =
            parts.iter().enumerate().flat_map(|(part, own)| (0..own.len()).map(move |place| (part, place))).collect();
        places.sort_by_key(|(part, place)| parts[*part][*place].root);
        let mut numbers: Vec<Vec<u32>> = parts.iter().map(|own| vec![0; own.len()]).collect();
        for (rank, (part, place)) in places.iter().enumerate() {
            numbers[*part][*place] = u32::try_from(contacts + rank).unwrap_or(u32::MAX);
        }
        let all = places.iter().map(|(part, place)| parts[*part][*place]).collect();
        (Self { contacts, all }, numbers)
    }

    /// How many start by themselves.
    pub(super) fn contacts(&self) -> usize {
        self.contacts
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All but those who come down from `root`, and as what each number is noted among them: as nothing, if it is that of
    /// `root` or of one of those.
    pub(super) fn without(&self, root: u32) -> (Vec<Newcomer>, impl Fn(u32) -> Option<u32> + '_) {
        let from = self.all.partition_point(|newcomer| newcomer.root < root);
        let to = self.all.partition_point(|newcomer| newcomer.root <= root);
        let others = self.all[..from].iter().chain(&self.all[to..]).copied().collect();
        let as_noted = move |number: u32| match (number as usize).checked_sub(self.contacts) {
            None => (number != root).then_some(number),
            Some(place) if place < from => Some(noted(0, Some(place))),
            Some(place) if place < to => None,
            Some(place) => Some(noted(0, Some(place - (to - from)))),
        };
        (others, as_noted)
    }

    /// The one of this number; `None` for who starts by itself.
    pub fn get(&self, number: usize) -> Option<&Newcomer> {
        self.all.get(number.checked_sub(self.contacts)?)
    }

    /// What comes after the name of the contact from whom it comes down: `/2/1` is the first whom its second has won.
    pub fn path(&self, number: usize) -> Option<String> {
        let newcomer = self.get(number)?;
        let family = self.all.partition_point(|other| other.root < newcomer.root);
        let mut ordinals = vec![newcomer.ordinal];
        let mut parent = newcomer.parent;
        while let Some(known) = self.all.get(family + parent as usize).filter(|_| parent != NOBODY) {
            ordinals.push(known.ordinal);
            parent = known.parent;
        }
        Some(ordinals.iter().rev().fold(String::new(), |path, ordinal| format!("{path}/{ordinal}")))
    }
}

/// The number under which something is noted of the contact that was played last.
pub(super) fn noted(contact: usize, won: Option<usize>) -> u32 {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    won.map_or_else(|| small(contact), |place| OPEN | small(place))
}

/// The number among all for one that was noted.
pub(super) fn number(noted: u32, own: &[u32]) -> u32 {
    if noted & OPEN == 0 { noted } else { own[(noted & !OPEN) as usize] }
}
