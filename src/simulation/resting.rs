//! Where each contact of a population rests at the end of a run, in four bytes for all who rest in a single state.

use super::machine::Machine;
use super::memory::Memory;
use crate::model::NodeId;

/// The states by contact: one in a flat chart, several in a parallel, none for who never started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resting {
    /// By contact, its state, or one of two words for what does not fit.
    states: Vec<NodeId>,
    /// Contacts in several states, in order, with the place of their first.
    several: Vec<(u32, u32)>,
    beside: Vec<NodeId>,
}

const NOWHERE: NodeId = NodeId(u32::MAX);
const SEVERAL: NodeId = NodeId(u32::MAX - 1);

impl Resting {
    /// The states of one contact.
    #[must_use]
    pub fn of(&self, contact: usize) -> &[NodeId] {
        match self.states.get(contact) {
            None | Some(&NOWHERE) => &[],
            Some(&SEVERAL) => {
                let place =
                    |place: usize| self.several.get(place).map_or(self.beside.len(), |(_, first)| *first as usize);
                let first = self.several.partition_point(|(known, _)| (*known as usize) < contact);
                &self.beside[place(first)..place(first + 1)]
            }
            Some(_) => &self.states[contact..=contact],
        }
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }

    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    pub(super) fn with_room(contacts: usize) -> Self {
        Self { states: Vec::with_capacity(contacts), ..Self::default() }
    }

    pub(super) fn push(&mut self, machine: &Machine, memory: &Memory) {
        let state = match memory.leaves() {
            [] => NOWHERE,
            [leaf] => machine.node_id(*leaf),
            leaves => {
                self.several.push((small(self.states.len()), small(self.beside.len())));
                self.beside.extend(leaves.iter().map(|leaf| machine.node_id(*leaf)));
                SEVERAL
            }
        };
        self.states.push(state);
    }

    /// These contacts, then those of `other`.
    pub(super) fn append(&mut self, other: &Self) {
        let (contacts, beside) = (small(self.states.len()), small(self.beside.len()));
        self.states.extend_from_slice(&other.states);
        self.several.extend(other.several.iter().map(|(contact, first)| (contact + contacts, first + beside)));
        self.beside.extend_from_slice(&other.beside);
    }
}

/// Datasets have fewer than four thousand million occurrences, and contacts fewer than those.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
