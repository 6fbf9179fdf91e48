//! Experiments on a thread of their own: repeats and varied assumptions take many runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::Context;

use crate::gui::simulator::Key;
use crate::simulation::Progress;

/// Something that is worked out on request, for one run.
pub(super) struct Work<T> {
    job: Option<Job<T>>,
    done: Option<(Key, T)>,
}

impl<T> Default for Work<T> {
    fn default() -> Self {
        Self { job: None, done: None }
    }
}

struct Job<T> {
    key: Key,
    count: Arc<Count>,
    result: Receiver<T>,
}

/// How many runs are over, and whether to stop.
pub(super) struct Count {
    runs: AtomicU32,
    all: u32,
    progress: Progress,
}

impl Count {
    pub(super) fn one_more(&self) {
        self.runs.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.count.progress.cancel();
    }
}

impl<T: Send + 'static> Work<T> {
    /// Begins; `work` gives nothing when it was called off.
    pub(super) fn start(
        &mut self,
        key: Key,
        runs: u32,
        ctx: &Context,
        work: impl FnOnce(&Count) -> Option<T> + Send + 'static,
    ) {
        let (sender, result) = channel();
        let count = Arc::new(Count { runs: AtomicU32::new(0), all: runs, progress: Progress::default() });
        self.job = Some(Job { key, count: Arc::clone(&count), result });
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            if let Some(done) = work(&count) {
                // Whoever asked may be gone.
                let _ = sender.send(done);
            }
            ctx.request_repaint();
        });
    }

    /// Takes what is finished, and drops what belongs to another run than `key`.
    pub(super) fn update(&mut self, key: &Key) {
        if self.job.as_ref().is_some_and(|job| job.key != *key) {
            self.job = None;
        }
        if self.done.as_ref().is_some_and(|(done, _)| done != key) {
            self.done = None;
        }
        let Some(job) = &self.job else { return };
        match job.result.try_recv() {
            Ok(done) => {
                self.done = Some((job.key.clone(), done));
                self.job = None;
            }
            Err(TryRecvError::Disconnected) => self.job = None,
            Err(TryRecvError::Empty) => {}
        }
    }

    pub(super) fn stop(&mut self) {
        self.job = None;
    }

    /// Runs that are over, of all, while it works.
    pub(super) fn running(&self) -> Option<(u32, u32)> {
        self.job.as_ref().map(|job| (job.count.runs.load(Ordering::Relaxed), job.count.all))
    }

    pub(super) fn done(&self) -> Option<&T> {
        self.done.as_ref().map(|(_, done)| done)
    }
}
