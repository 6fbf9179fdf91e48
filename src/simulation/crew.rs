//! Contacts shared between threads, some at a time, so that no thread waits for another. Who plays whom is left to chance;
//! what comes of it must not depend on that.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::run::Progress;

/// Contacts that are taken at once.
const SHARE: usize = 1_024;

/// The workers after everything is done, in no order; `None` if it was cancelled.
pub(super) fn share<W: Send>(
    contacts: usize,
    threads: usize,
    progress: &Progress,
    hire: impl Fn() -> W + Sync,
    play: impl Fn(&mut W, Range<usize>) + Sync,
) -> Option<Vec<W>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worker = hire();
        while !progress.is_cancelled() {
            let start = next.fetch_add(SHARE, Ordering::Relaxed);
            if start >= contacts {
                break;
            }
            let end = contacts.min(start + SHARE);
            play(&mut worker, start..end);
            // Whoever was called off in the middle has not done all of them.
            if !progress.is_cancelled() {
                progress.add(end - start);
            }
        }
        worker
    };
    let helpers = threads.min(contacts.div_ceil(SHARE)).max(1) - 1;
    let workers = std::thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(work)).collect();
        let mut workers = vec![work()];
        // A worker that panicked has found a defect of ours; carrying on with fewer contacts would hide it.
        let joined = helpers.into_iter().map(std::thread::ScopedJoinHandle::join);
        workers.extend(joined.map(|worker| worker.unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        workers
    });
    (!progress.is_cancelled()).then_some(workers)
}
