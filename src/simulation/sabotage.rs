//! Defects on purpose, one at a time, to prove that the tests would see them. The switch exists in tests only: without
//! the feature `sabotage` every question below is answered with a constant no.

use super::machine::Machine;

/// What is done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Later leaves first, and of one state the later arrows first.
    ReverseDocumentOrder,
    /// Groups are asked before the states inside them.
    OuterFirst,
    /// Arrows that get in each other's way are all taken.
    KeepConflicts,
    /// Every condition of an arrow holds.
    IgnoreGuards,
    /// A resume always leads to where its group begins.
    IgnoreHistory,
    /// At the same instant, the timer comes before the event.
    TimerBeforeEvent,
    /// The event that led into a state counts as one that happened there.
    CountEnteringEvent,
}

impl Sabotage {
    pub const ALL: [Self; 7] = [
        Self::ReverseDocumentOrder,
        Self::OuterFirst,
        Self::KeepConflicts,
        Self::IgnoreGuards,
        Self::IgnoreHistory,
        Self::TimerBeforeEvent,
        Self::CountEnteringEvent,
    ];
}

impl Machine {
    /// The same machine with a defect.
    #[cfg(feature = "sabotage")]
    #[must_use]
    pub fn sabotaged(mut self, sabotage: Sabotage) -> Self {
        self.sabotage = Some(sabotage);
        self
    }

    #[cfg(feature = "sabotage")]
    pub(super) fn suffers(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    /// Whether any defect is switched on; shortcuts are not taken then.
    pub(super) fn suffers_anything(&self) -> bool {
        Sabotage::ALL.into_iter().any(|sabotage| self.suffers(sabotage))
    }

    #[cfg(not(feature = "sabotage"))]
    #[expect(clippy::unused_self, reason = "the same call with and without the feature")]
    pub(super) const fn suffers(&self, _: Sabotage) -> bool {
        false
    }
}
