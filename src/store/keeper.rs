//! A thread beside an open project: publishes its working copy, keeps earlier versions, checks what was too large to be
//! checked while opening. It makes way for saving, and does its last work when the project is closed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::integrity;
use super::publish::{Outcome, Publication};
use super::ring::{Occasion, Ring};
use super::watch::{News, Publishing, Watch};
use super::{Keeping, StoreError};

/// Between a failure to publish and the next attempt; doubled with every failure, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What there is to do for one project.
#[derive(Debug)]
pub(super) struct Work {
    /// What SQLite has open.
    pub(super) file: PathBuf,
    /// What the user calls it.
    pub(super) path: PathBuf,
    pub(super) publication: Option<Publication>,
    /// There is work already that was not published.
    pub(super) unpublished: bool,
    pub(super) ring: Option<Ring>,
    /// The file was only looked into so far.
    pub(super) unchecked: bool,
}

#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    due: Mutex<Due>,
    changed: Condvar,
    /// A save is waiting for the file.
    saving: Arc<AtomicBool>,
    watch: Arc<Watch>,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what there is to do, each for itself")]
struct Due {
    /// The first and the last save that is not published.
    unpublished: Option<(Instant, Instant)>,
    /// The first save that no earlier version has.
    unkept: Option<Instant>,
    unchecked: bool,
    /// Publish at once.
    hurry: bool,
    closing: bool,
    /// The last work is to be left undone.
    given_up: bool,
}

enum Job {
    Publish,
    Keep,
    Check,
}

impl Keeper {
    pub(super) fn start(work: Work, keeping: &Keeping, watch: Arc<Watch>) -> Result<Self, StoreError> {
        let now = Instant::now();
        let due =
            Due { unpublished: work.unpublished.then_some((now, now)), unchecked: work.unchecked, ..Due::default() };
        if work.publication.is_some() {
            watch.set(if work.unpublished { Publishing::Waiting } else { Publishing::Published { at: None } });
        }
        let shared = Arc::new(Shared { due: Mutex::new(due), changed: Condvar::new(), saving: Arc::default(), watch });
        let path = work.path.clone();
        let thread = thread::Builder::new()
            .name(String::from("keeper"))
            .spawn({
                let (shared, keeping) = (Arc::clone(&shared), keeping.clone());
                move || Runner { work, keeping, pause: FIRST_PAUSE, retry: None }.run(&shared)
            })
            .map_err(StoreError::io("start looking after", &path))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Saving begins, and the file is wanted.
    pub(super) fn saving(&self) {
        self.shared.saving.store(true, Ordering::Relaxed);
    }

    /// Saving ended; `changed`: there is something new in the file.
    pub(super) fn saved(&self, changed: bool) {
        self.shared.saving.store(false, Ordering::Relaxed);
        if !changed {
            return;
        }
        let now = Instant::now();
        let mut due = self.shared.lock();
        due.unpublished = Some((due.unpublished.map_or(now, |(first, _)| first), now));
        due.unkept.get_or_insert(now);
        drop(due);
        if matches!(self.shared.watch.publishing(), Publishing::Published { .. }) {
            self.shared.watch.set(Publishing::Waiting);
        }
        self.shared.changed.notify_all();
    }

    /// A way to ask for publishing from elsewhere.
    pub(super) fn handle(&self) -> Hurry {
        Hurry(Arc::clone(&self.shared))
    }
}

/// Asks for publishing now instead of in a while.
#[derive(Clone, Debug)]
pub(super) struct Hurry(Arc<Shared>);

impl Hurry {
    pub(super) fn publish(&self) {
        self.0.lock().hurry = true;
        self.0.changed.notify_all();
    }

    /// Leaves the last work undone: the project goes on in another file.
    pub(super) fn give_up(&self) {
        self.0.lock().given_up = true;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        // A check that is not done by now is given up.
        self.shared.saving.store(true, Ordering::Relaxed);
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported already, and there is nothing left to wait for.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Runner {
    work: Work,
    keeping: Keeping,
    pause: Duration,
    /// When to try again to publish.
    retry: Option<Instant>,
}

impl Runner {
    fn run(mut self, shared: &Shared) {
        while let Some(job) = self.next(shared) {
            match job {
                Job::Publish => self.publish(shared),
                Job::Keep => self.keep(shared, Occasion::Editing),
                Job::Check => self.check(shared),
            }
        }
        if shared.lock().given_up {
            if let Some(publication) = &self.work.publication {
                publication.forget();
            }
            return;
        }
        let (unpublished, unkept) = {
            let due = shared.lock();
            (due.unpublished.is_some(), due.unkept.is_some())
        };
        if unpublished && self.work.publication.is_some() {
            self.publish(shared);
        }
        if unkept {
            self.keep(shared, Occasion::Closing);
        }
        if let Some(publication) = self.work.publication.as_ref().filter(|_| shared.lock().unpublished.is_none()) {
            publication.end();
        }
    }

    /// Waits until there is something to do; `None` when the project is being closed.
    fn next(&self, shared: &Shared) -> Option<Job> {
        let mut due = shared.lock();
        loop {
            if due.closing {
                return None;
            }
            let now = Instant::now();
            let publish = due.unpublished.filter(|_| self.work.publication.is_some()).map(|(first, last)| {
                let quiet = (last + self.keeping.quiet).min(first + self.keeping.longest);
                if due.hurry { now } else { self.retry.unwrap_or(quiet) }
            });
            let keep = due.unkept.filter(|_| self.work.ring.is_some()).map(|first| first + self.keeping.interval);
            if publish.is_some_and(|at| at <= now) {
                due.hurry = false;
                return Some(Job::Publish);
            }
            due.hurry = false;
            if keep.is_some_and(|at| at <= now) {
                return Some(Job::Keep);
            }
            if due.unchecked && !shared.saving.load(Ordering::Relaxed) {
                return Some(Job::Check);
            }
            let check = due.unchecked.then(|| now + Duration::from_millis(200));
            let next = [publish, keep, check].into_iter().flatten().min();
            due = match next {
                Some(at) => {
                    let left = at.saturating_duration_since(now);
                    shared.changed.wait_timeout(due, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => shared.changed.wait(due).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn publish(&mut self, shared: &Shared) {
        let Some(publication) = &mut self.work.publication else { return };
        let known = shared.lock().unpublished;
        match publication.publish() {
            Ok(outcome) => {
                let mut due = shared.lock();
                // What was saved meanwhile may not be in it.
                let newer = due.unpublished != known;
                due.unpublished = due.unpublished.filter(|_| newer).map(|(_, last)| (last, last));
                drop(due);
                (self.pause, self.retry) = (FIRST_PAUSE, None);
                let at = Some(SystemTime::now());
                shared.watch.set(if newer { Publishing::Waiting } else { Publishing::Published { at } });
                if let Outcome::Conflict { theirs, ours } = outcome {
                    shared.watch.tell(News::Conflict { theirs, ours });
                }
            }
            Err(error) => {
                shared.watch.set(Publishing::Failed { why: error.to_string() });
                self.retry = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
        }
    }

    fn keep(&self, shared: &Shared, occasion: Occasion) {
        let Some(ring) = &self.work.ring else { return };
        shared.lock().unkept = None;
        if let Err(error) = ring.keep(&self.work.file, &self.work.path, occasion) {
            shared.watch.tell(News::NoVersion(error.to_string()));
        }
    }

    fn check(&self, shared: &Shared) {
        match integrity::check_file(&self.work.file, &shared.saving) {
            // It made way; later again.
            None => thread::sleep(Duration::from_millis(20)),
            Some(checked) => {
                shared.lock().unchecked = false;
                if let Err(error) = checked {
                    shared.watch.tell(News::Damage(error.to_string()));
                }
            }
        }
    }
}
