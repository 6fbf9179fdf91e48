//! The random life of a project, always the same for the same seed: from each revision the same next step, in whichever
//! process and after whichever restart it is taken.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use statecraft::document::{Document, Refusal};
use statecraft::model::Project;

use super::random::{Pick, edit_for, perform, pick};

pub(crate) struct Script {
    seed: u64,
    picks: BoxedStrategy<Pick>,
}

impl Script {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, picks: pick().boxed() }
    }

    /// Takes the document one revision on: an edit, an undo or a redo. Leaves it where nobody knows yet what became of an
    /// import.
    pub(crate) fn advance(&self, document: &mut Document) {
        let revision = document.revision();
        document.poll_import();
        for attempt in 0_u64.. {
            if document.revision() > revision {
                return;
            }
            let pick = self.pick(revision, attempt);
            match pick.undo_first {
                1 => drop(document.undo()),
                2 => drop(document.redo()),
                _ => {
                    let edit = edit_for(document.project(), &pick);
                    if let Err(Refusal::Unknown { .. } | Refusal::Importing) = perform(document, edit) {
                        return;
                    }
                }
            }
        }
    }

    fn pick(&self, revision: u64, attempt: u64) -> Pick {
        let mut seed = [0; 32];
        for (place, number) in [self.seed, revision, attempt].into_iter().enumerate() {
            seed[8 * place..8 * place + 8].copy_from_slice(&number.to_le_bytes());
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let tree = self.picks.new_tree(&mut TestRunner::new_with_rng(ProptestConfig::default(), rng));
        tree.expect("a pick").current()
    }
}

/// A number for what the document is: the project, and what can be undone and redone.
pub(crate) fn digest(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    of_project(document.project()).hash(&mut hasher);
    (document.undo_title(), document.redo_title()).hash(&mut hasher);
    hasher.finish()
}

pub(crate) fn of_project(project: &Project) -> u64 {
    let mut hasher = DefaultHasher::new();
    for entity in project.entities() {
        format!("{entity:?}").hash(&mut hasher);
    }
    hasher.finish()
}

/// Small random numbers for the tests themselves.
pub(crate) struct Luck(u64);

impl Luck {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to just below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((z ^ (z >> 31)) >> 33).expect("31 bits");
        number % end.max(1)
    }
}
