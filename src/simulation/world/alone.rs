//! Events that were sent to invented contacts by hand, and one contact apart from the others. Luck is the same as without
//! them, and the same alone as among the others.

use std::collections::BTreeMap;

use super::World;
use super::population::Population;
use crate::model::Time;
use crate::simulation::luck::ContactKey;

/// What was sent to whom, in order of time, then as it was sent; events by their slots.
pub(super) type ByHand = BTreeMap<ContactKey, Vec<(Time, usize)>>;

impl World {
    /// Whether what one contact does may change what happens to another one, because the same team serves them.
    pub(in crate::simulation) fn is_shared(&self) -> bool {
        !self.teams.is_empty()
    }

    /// The world in which these events happen besides to contacts, by their places: at the same time after what people do
    /// by themselves, in the order in which they were sent.
    pub(in crate::simulation) fn with_sent(&self, sent: impl IntoIterator<Item = (usize, Time, usize)>) -> Self {
        let mut by_hand = ByHand::new();
        for (contact, time, event) in sent {
            by_hand.entry(ContactKey::of(&Population::name(contact))).or_default().push((time, event));
        }
        for sent in by_hand.values_mut() {
            sent.sort_by_key(|(time, _)| *time);
        }
        // What comes from outside takes the long way.
        let plain = self.plain.clone().filter(|_| by_hand.is_empty());
        Self { plain, by_hand, ..self.clone() }
    }

    /// The world of this contact alone. `None` where others may change what happens to it.
    pub(in crate::simulation) fn alone(&self, contact: usize) -> Option<Self> {
        (!self.is_shared()).then(|| Self { alone: Some(contact), plain: None, ..self.clone() })
    }

    /// What was sent by hand to a contact.
    pub(super) fn sent_to(&self, contact: ContactKey) -> &[(Time, usize)] {
        self.by_hand.get(&contact).map_or(&[], Vec::as_slice)
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
        self.alone.unwrap_or(contact)
    }
}
