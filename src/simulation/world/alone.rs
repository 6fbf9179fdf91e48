//! One contact of a population apart from the others, with events that were sent to it by hand. Its luck is the same as
//! among the others.

use super::World;
use super::population::Population;
use crate::model::Time;

/// Who it is, and what was sent to it, in order of time, then as it was sent.
#[derive(Clone, Debug)]
pub(super) struct Alone {
    contact: usize,
    pub(super) sent: Vec<(Time, usize)>,
}

impl World {
    /// Whether what one contact does may change what happens to another one, because the same team serves them.
    pub(in crate::simulation) fn is_shared(&self) -> bool {
        !self.teams.is_empty()
    }

    /// The world of this contact alone, to whom these events happen besides: at the same time after what people do by
    /// themselves, in the order in which they were sent. `None` where that would change others.
    pub(in crate::simulation) fn alone(&self, contact: usize, mut sent: Vec<(Time, usize)>) -> Option<Self> {
        if self.is_shared() {
            return None;
        }
        sent.sort_by_key(|(time, _)| *time);
        // What comes from outside takes the long way.
        Some(Self { alone: Some(Alone { contact, sent }), plain: None, ..self.clone() })
    }

    /// What was sent by hand, in order of time, then as it was sent.
    pub(super) fn sent_by_hand(&self) -> &[(Time, usize)] {
        self.alone.as_ref().map_or(&[], |alone| &alone.sent)
    }

    pub(in crate::simulation) fn contact_count(&self) -> usize {
        if self.alone.is_some() { 1 } else { self.population.contacts }
    }

    /// What the contact is called.
    pub(in crate::simulation) fn name(&self, contact: usize) -> String {
        Population::name(self.number(contact))
    }

    /// Its place in the whole population.
    pub(super) fn number(&self, contact: usize) -> usize {
        self.alone.as_ref().map_or(contact, |alone| alone.contact)
    }
}
