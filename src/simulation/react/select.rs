//! Which arrows are taken: interrupts outermost first, then every leaf on its own, the first that passes from the leaf to
//! the root.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::super::condition::{LuckKey, Quick};
use super::super::machine::{Candidate, Interrupt, Node};
use super::super::sabotage::Sabotage;
use super::{Outcome, Query, Raised, Step, Turn};

impl<'m> Turn<'_, 'm, '_> {
    /// The arrow to take for a contact that rests in a single state.
    pub(super) fn first(&mut self, leaf: usize, query: Query) -> Option<Candidate> {
        let machine = self.machine;
        let signal = match query {
            Query::Outside(signal) | Query::Inside(signal) => signal,
            Query::Always => machine.signals,
        };
        let (start, end) = machine.cells[leaf * (machine.signals + 1) + signal];
        machine.candidates[start..end].iter().find(|candidate| self.fits(candidate.arrow, query)).copied()
    }

    /// The arrows to take now, none of which gets in the way of another.
    pub(super) fn select(&mut self, query: Query) -> Vec<usize> {
        let mut enabled: Vec<usize> = Vec::new();
        for interrupt in self.interrupts(query) {
            let active = self.memory.nodes[interrupt.node].active;
            if active && !self.is_silenced(interrupt.node, &enabled) && self.fits(interrupt.arrow, query) {
                enabled.push(interrupt.arrow);
            }
        }
        for index in 0..self.memory.leaves.len() {
            let reversed = self.machine.suffers(Sabotage::ReverseDocumentOrder);
            let leaf = self.memory.leaves[if reversed { self.memory.leaves.len() - 1 - index } else { index }];
            if self.is_silenced(leaf, &enabled) {
                continue;
            }
            let machine = self.machine;
            for &arrow in &*self.in_order(candidates(&machine.nodes[leaf], query)) {
                // Beside other regions, an arrow of a group around several leaves is met by each of them.
                if enabled.contains(&arrow) {
                    break;
                }
                if self.fits(arrow, query) {
                    enabled.push(arrow);
                    break;
                }
            }
        }
        if enabled.len() > 1 && !self.machine.suffers(Sabotage::KeepConflicts) {
            self.without_conflicts(&enabled)
        } else {
            enabled
        }
    }

    /// The candidates as they are, unless their order is sabotaged.
    fn in_order(&self, candidates: &'m [usize]) -> Cow<'m, [usize]> {
        let source = |arrow: &usize| self.machine.arrows[*arrow].source;
        if self.machine.suffers(Sabotage::OuterFirst) {
            let mut candidates = candidates.to_vec();
            candidates.sort_by_key(source);
            Cow::Owned(candidates)
        } else if self.machine.suffers(Sabotage::ReverseDocumentOrder) {
            let mut candidates: Vec<usize> = candidates.iter().rev().copied().collect();
            candidates.sort_by_key(|arrow| Reverse(source(arrow)));
            Cow::Owned(candidates)
        } else {
            Cow::Borrowed(candidates)
        }
    }

    fn interrupts(&self, query: Query) -> &'m [Interrupt] {
        match query {
            Query::Outside(signal) | Query::Inside(signal) => &self.machine.interrupts[signal],
            Query::Always => &self.machine.always_interrupts,
        }
    }

    /// Whether an interrupt around `node` was taken already.
    fn is_silenced(&self, node: usize, enabled: &[usize]) -> bool {
        enabled.iter().any(|arrow| {
            let arrow = &self.machine.arrows[*arrow];
            arrow.interrupt && self.machine.is_within(node, Some(arrow.source))
        })
    }

    fn fits(&mut self, arrow: usize, query: Query) -> bool {
        let outside = matches!(query, Query::Outside(_));
        (outside || !self.machine.arrows[arrow].on_any) && self.passes(arrow)
    }

    /// Whether the guard of an arrow holds; the reasons are kept for those who asked for them.
    pub(super) fn passes(&mut self, slot: usize) -> bool {
        let arrow = &self.machine.arrows[slot];
        if matches!(arrow.quick, Quick::Fails) {
            self.failed = true;
            self.internal.extend(self.machine.failure.map(Raised::of_the_platform));
            return false;
        }
        let Some(guard) = &arrow.guard else { return true };
        let scene = self.scene(LuckKey::arrow(arrow.id), Some(arrow.source));
        let holds = arrow.quick.holds(scene.memory, &scene.fields).unwrap_or_else(|| guard.holds(scene))
            || self.machine.suffers(Sabotage::IgnoreGuards);
        if self.reaction.explain {
            let first = !self.reaction.steps.iter().any(|step| matches!(step, Step::Took(_)));
            if !holds {
                let finding = self.machine.why_not(guard, scene);
                if self.reaction.refused.iter().all(|(known, _)| *known != slot) {
                    self.reaction.refused.push((slot, finding));
                }
            } else if first {
                let mut because = Vec::new();
                self.machine.why(guard, scene, &mut because);
                self.reaction.because.extend(because);
            }
        }
        if self.reaction.watched.get(slot) == Some(&true) {
            self.reaction.looks.push((slot, holds));
        }
        if !holds && self.reaction.outcome == Outcome::Ignored {
            self.reaction.outcome = Outcome::Refused;
        }
        holds
    }

    /// Of two arrows that would leave the same state, the inner one stays, else the one of the earlier leaf.
    fn without_conflicts(&self, enabled: &[usize]) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        for &arrow in enabled {
            let inner = |other: usize| {
                let (source, around) = (self.machine.arrows[arrow].source, self.machine.arrows[other].source);
                source != around && self.machine.is_within(source, Some(around))
            };
            let rivals: Vec<usize> = kept.iter().copied().filter(|other| self.conflict(arrow, *other)).collect();
            if rivals.iter().all(|rival| inner(*rival)) {
                kept.retain(|other| !rivals.contains(other));
                kept.push(arrow);
            }
        }
        kept
    }

    /// Whether both leave some state.
    fn conflict(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.machine.arrows[one], &self.machine.arrows[other]);
        let inside = |inner: Option<usize>, outer: Option<usize>| match (inner, outer) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), outer) => self.machine.is_within(inner, outer),
        };
        if !one.moves || !other.moves {
            return false;
        }
        let (one, other) = (self.domain(one), self.domain(other));
        inside(one, other) || inside(other, one)
    }
}

fn candidates(leaf: &Node, query: Query) -> &[usize] {
    match query {
        Query::Outside(signal) | Query::Inside(signal) => &leaf.on_signal[signal],
        Query::Always => &leaf.always,
    }
}
