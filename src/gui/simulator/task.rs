//! Work on a thread of its own, with progress and cancel; the frame only looks whether it is done.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::Context;

use crate::simulation::Progress;

/// Something under way. Dropping it cancels it.
pub(in crate::gui) struct Task<T> {
    progress: Arc<Progress>,
    /// How many contacts there will be.
    contacts: u64,
    result: Receiver<T>,
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

impl<T: Send + 'static> Task<T> {
    /// Begins `work`, which gives nothing where it was cancelled.
    pub(in crate::gui) fn start(
        ctx: &Context,
        contacts: u64,
        work: impl FnOnce(&Progress) -> Option<T> + Send + 'static,
    ) -> Self {
        let (sender, result) = channel();
        let progress = Arc::new(Progress::default());
        let task = Self { progress: Arc::clone(&progress), contacts, result };
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            if let Some(done) = work(&progress) {
                let _ = sender.send(done);
            }
            // Before the window is woken, so that it finds the work over even where there is no result.
            drop(sender);
            ctx.request_repaint();
        });
        task
    }

    /// Between 0 and 1.
    pub(in crate::gui) fn share(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
        let share = self.progress.contacts() as f32 / self.contacts.max(1) as f32;
        share.min(1.0)
    }
}

/// What has become of a task.
pub(in crate::gui) enum Polled<T> {
    Waiting,
    Done(T),
    /// It ended without a result.
    Broken,
}

/// Takes the result of a task that is done, and the task away.
pub(in crate::gui) fn poll<T>(task: &mut Option<Task<T>>) -> Polled<T> {
    let Some(under_way) = task else { return Polled::Waiting };
    let polled = match under_way.result.try_recv() {
        Ok(result) => Polled::Done(result),
        Err(TryRecvError::Empty) => return Polled::Waiting,
        Err(TryRecvError::Disconnected) => Polled::Broken,
    };
    *task = None;
    polled
}
