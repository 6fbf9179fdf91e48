//! The way of one dataset into the file: how far it is, whether it was called off, how it ended. Shared by whoever waits
//! for it and the thread that writes.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Transfer {
    written: AtomicU64,
    size: AtomicU64,
    called_off: AtomicBool,
    /// Everything is written; what is left is to make it durable, which can no longer be called off.
    committing: AtomicBool,
    failures: AtomicU32,
    end: Mutex<Option<End>>,
    ended: Condvar,
}

/// How a transfer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The dataset is in the file, and a power failure cannot undo it.
    Durable,
    /// The file is as it was.
    CalledOff,
    /// The file is as it was; the sentence says what was in the way.
    Failed(String),
}

impl Transfer {
    /// Between 0 and 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
    pub fn share(&self) -> f32 {
        let size = self.size.load(Ordering::Relaxed).max(1);
        (self.written.load(Ordering::Relaxed) as f32 / size as f32).min(1.0)
    }

    /// Asks for it to be given up. Comes too late where all is written already.
    pub fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.lock().clone()
    }

    /// Waits for the end; `None` when the time is over before.
    #[must_use]
    pub fn wait(&self, timeout: Duration) -> Option<End> {
        let end = self.lock();
        let waited = self.ended.wait_timeout_while(end, timeout, |end| end.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    pub(super) fn begin(&self, size: u64) {
        self.written.store(0, Ordering::Relaxed);
        self.size.store(size, Ordering::Relaxed);
        self.committing.store(false, Ordering::Relaxed);
    }

    pub(super) fn advance(&self, cells: usize) {
        self.written.fetch_add(cells as u64, Ordering::Relaxed);
    }

    pub(super) fn commit(&self) {
        self.committing.store(true, Ordering::Relaxed);
    }

    /// Whether a failure may have come after all was durable.
    pub(super) fn is_committing(&self) -> bool {
        self.committing.load(Ordering::Relaxed)
    }

    /// It failed while nobody could say any more whether all was durable, and will be looked at again.
    pub(super) fn fail(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was so.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures.load(Ordering::Relaxed)
    }

    /// The first end counts.
    pub(super) fn finish(&self, how: End) {
        self.lock().get_or_insert(how);
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Option<End>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
