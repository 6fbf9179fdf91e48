//! Which cells of the matrix a contact comes to, noted for whoever asks. Changes nothing of what happens.

use std::sync::Arc;

use super::Turn;
use crate::simulation::machine::{Timer, TimerKind};
use crate::simulation::meetings::{Meeting, Questions};

impl Turn<'_, '_, '_> {
    /// An event is about to be answered, or that a group is done.
    pub(super) fn meet_event(&mut self, signal: usize) {
        let Some(questions) = self.questions() else { return };
        let events = self.machine.event_count();
        for place in 0..self.memory.leaves.len() {
            let leaf = self.memory.leaves[place];
            let column = match signal.checked_sub(events + 1) {
                Some(group) => questions.done(group),
                None if signal < events => questions.case(signal, self.scene(Questions::luck(), Some(leaf))),
                // What the catalogue does not know is no question.
                None => return,
            };
            self.reaction.met.push(Meeting { leaf, column });
        }
    }

    /// A timer is due, which means the states that it runs in.
    pub(super) fn meet_timer(&mut self, timer: &Timer) {
        let Some(questions) = self.questions() else { return };
        let column = match timer.kind {
            TimerKind::After { .. } => questions.silence(),
            TimerKind::At(..) => questions.clock(),
        };
        let source = self.machine.arrows[timer.arrow].source;
        let inside = self.memory.leaves.iter().filter(|leaf| self.machine.is_within(**leaf, Some(source)));
        self.reaction.met.extend(inside.map(|leaf| Meeting { leaf: *leaf, column }));
    }

    fn questions(&self) -> Option<Arc<Questions>> {
        self.reaction.questions.clone()
    }
}
