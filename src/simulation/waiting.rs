//! What an event would mean to a contact that rests somewhere: for the buttons that send one by hand.

use super::machine::Machine;

/// What waits for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// An arrow of an active node, whatever its condition says.
    Arrow,
    /// A timer that would start over.
    Timer,
    /// A score rule.
    Rule,
}

impl Machine {
    /// What `event`, by its slot, would mean where these nodes are active; `None`: it would be counted, and no more.
    #[must_use]
    pub fn meaning(&self, active: &[usize], event: usize) -> Option<Meaning> {
        let waits = |node: usize| self.nodes[node].on_signal.get(event).is_some_and(|arrows| !arrows.is_empty());
        let interrupts = self.interrupts.get(event).into_iter().flatten();
        if active.iter().any(|node| waits(*node)) || interrupts.into_iter().any(|found| active.contains(&found.node)) {
            return Some(Meaning::Arrow);
        }
        let starts_over = |node: &usize| {
            let timers = &self.nodes[*node].timers;
            timers.iter().any(|timer| self.timers[*timer].watches(Some(event)))
        };
        if active.iter().any(starts_over) {
            return Some(Meaning::Timer);
        }
        self.events.get(event).is_some_and(|event| !event.rules.is_empty()).then_some(Meaning::Rule)
    }
}
