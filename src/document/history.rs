//! The steps that can be undone and redone, counted over the whole life of a project. Knows nothing of files.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::model::{DatasetId, EntityId, Project};
use crate::store::Step;

/// So many steps are kept; the oldest are forgotten first.
const KEPT_STEPS: usize = 2000;

#[derive(Clone, Debug)]
pub(super) struct History {
    /// Oldest first.
    steps: VecDeque<Arc<Step>>,
    /// How many of them are done; the others can be redone.
    done: usize,
    /// Position of the first of them, counted from 1.
    oldest: u64,
}

impl History {
    /// `cursor` is the position of the last step that is done.
    pub(super) fn new(steps: VecDeque<Arc<Step>>, oldest: u64, cursor: u64) -> Self {
        let done = usize::try_from((cursor + 1).saturating_sub(oldest)).unwrap_or(usize::MAX).min(steps.len());
        Self { steps, done, oldest }
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &Arc<Step>> {
        self.steps.iter()
    }

    pub(super) fn oldest(&self) -> u64 {
        self.oldest
    }

    pub(super) fn cursor(&self) -> u64 {
        self.oldest + self.done as u64 - 1
    }

    pub(super) fn last_done(&self) -> Option<&Arc<Step>> {
        self.steps.get(self.done.checked_sub(1)?)
    }

    pub(super) fn first_undone(&self) -> Option<&Arc<Step>> {
        self.steps.get(self.done)
    }

    /// The steps that are done with their positions, the last one first.
    pub(super) fn steps_done(&self) -> impl Iterator<Item = (u64, &Arc<Step>)> {
        let done = self.steps.iter().take(self.done).enumerate().rev();
        done.map(|(place, step)| (self.oldest + place as u64, step))
    }

    pub(super) fn step_back(&mut self) {
        self.done = self.done.saturating_sub(1);
    }

    pub(super) fn step_forward(&mut self) {
        self.done = (self.done + 1).min(self.steps.len());
    }

    /// Adds a step that was just done; gives back those that are forgotten for it.
    pub(super) fn push(&mut self, step: Arc<Step>) -> Vec<Arc<Step>> {
        let mut dropped: Vec<_> = self.steps.drain(self.done..).collect();
        self.steps.push_back(step);
        while self.steps.len() > KEPT_STEPS {
            dropped.extend(self.steps.pop_front());
            self.oldest += 1;
        }
        self.done = self.steps.len();
        dropped
    }

    /// Every dataset that the project or a step that is kept refers to.
    pub(super) fn datasets(&self, project: &Project) -> BTreeSet<DatasetId> {
        let in_steps = self.steps.iter().flat_map(|step| datasets_in(step));
        project.datasets.keys().copied().chain(in_steps).collect()
    }

    /// The datasets in `dropped` that neither the project nor a step that is kept refers to.
    pub(super) fn no_longer_mentioned(&self, dropped: &[Arc<Step>], project: &Project) -> Vec<DatasetId> {
        let gone: BTreeSet<DatasetId> = dropped.iter().flat_map(|step| datasets_in(step)).collect();
        if gone.is_empty() { Vec::new() } else { gone.difference(&self.datasets(project)).copied().collect() }
    }
}

fn datasets_in(step: &Step) -> impl Iterator<Item = DatasetId> {
    step.changes.iter().filter_map(|change| match change.id {
        EntityId::Dataset(id) => Some(id),
        _ => None,
    })
}
