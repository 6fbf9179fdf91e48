//! A thread that owns the store and makes queued saves durable, one transaction each, in order. It never drops a save
//! and never calls one saved before it is: what cannot be written is kept and tried again. Only the save of an import may
//! be called off or fail, as whoever made it waits for its end.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::sabotage::{Sabotage, suffers};
use super::{End, Save, Store, StoreError, Transfer};

/// Between a failure and the next attempt; doubled with every failure, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// When the project is closed while saving fails, so many more attempts are made before the work is given up.
const LAST_ATTEMPTS: u32 = 3;
const LAST_PAUSE: Duration = Duration::from_millis(200);

/// What the title bar says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Everything up to this revision is on disk.
    Saved {
        revision: u64,
        at: SystemTime,
    },
    Saving,
    /// Kept in memory and tried again; the sentence says what is in the way.
    Failed {
        why: String,
    },
}

/// Called on each change of the state, on whichever thread changed it. Must not wait.
pub type Listener = Arc<dyn Fn() + Send + Sync>;

/// The queue in front of the thread. Dropping it saves what is queued, and gives up only when that fails repeatedly.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Signalled when there is something to do, or something was done.
    changed: Condvar,
}

struct Queue {
    saves: VecDeque<Arc<Save>>,
    state: SaveState,
    /// The state after the last save that succeeded.
    saved: SaveState,
    listener: Option<Listener>,
    /// Somebody wants the next attempt now.
    hurry: bool,
    closing: bool,
    /// What is queued is in another file by now.
    given_up: bool,
}

impl Writer {
    /// Starts the thread. `state` is what to say until the first save.
    ///
    /// # Errors
    /// When the system refuses another thread.
    pub fn start(store: Store, state: SaveState) -> Result<Self, StoreError> {
        let path = store.path().to_owned();
        let queue = Queue {
            saves: VecDeque::new(),
            saved: state.clone(),
            state,
            listener: None,
            hurry: false,
            closing: false,
            given_up: false,
        };
        let shared = Arc::new(Shared { queue: Mutex::new(queue), changed: Condvar::new() });
        let thread = thread::Builder::new()
            .name(String::from("writer"))
            .spawn({
                let shared = Arc::clone(&shared);
                move || shared.run(store)
            })
            .map_err(StoreError::io("start saving to", &path))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Queues a save and returns at once.
    pub fn push(&self, save: Save) {
        let mut queue = self.shared.lock();
        queue.saves.push_back(Arc::new(save));
        let failing = matches!(queue.state, SaveState::Failed { .. });
        let state = if failing { queue.state.clone() } else { SaveState::Saving };
        self.shared.announce(queue, state);
    }

    /// Gives up the save with this transfer: at once if it still waits for others, else as soon as the thread hears it.
    pub fn call_off(&self, transfer: &Arc<Transfer>) {
        transfer.call_off();
        let mut queue = self.shared.lock();
        let position = queue.saves.iter().position(|save| save.has(transfer));
        if let Some(position) = position.filter(|position| *position > 0) {
            queue.saves.remove(position);
            transfer.finish(End::CalledOff);
        }
        queue.hurry = true;
        drop(queue);
        self.shared.changed.notify_all();
    }

    #[must_use]
    pub fn state(&self) -> SaveState {
        self.shared.lock().state.clone()
    }

    /// Replaces who is told about changes of the state.
    pub fn listen(&self, listener: Listener) {
        self.shared.lock().listener = Some(listener);
    }

    /// Tries again now instead of waiting out the pause after a failure.
    pub fn retry(&self) {
        self.shared.lock().hurry = true;
        self.shared.changed.notify_all();
    }

    /// Drops what is queued: another file has it.
    pub fn give_up(&self) {
        let mut queue = self.shared.lock();
        queue.given_up = true;
        queue.hurry = true;
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Waits until everything is saved.
    ///
    /// # Errors
    /// A sentence on what is in the way, when the time is over; the work is kept and tried again.
    pub fn flush(&self, timeout: Duration) -> Result<(), String> {
        self.retry();
        let deadline = Instant::now() + timeout;
        let mut queue = self.shared.lock();
        while !queue.saves.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(match &queue.state {
                    SaveState::Failed { why } => why.clone(),
                    SaveState::Saving | SaveState::Saved { .. } => String::from("Saving takes longer than expected."),
                });
            }
            queue = self.shared.wait(queue, left);
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closing = true;
        // Nobody is left to hear that an import is done.
        for columns in queue.saves.iter().filter_map(|save| save.dataset.as_ref()) {
            columns.transfer.call_off();
        }
        drop(queue);
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported already, and there is nothing left to wait for.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // No step of ours leaves the queue half changed, so a panic elsewhere is no reason to stop saving.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, queue: MutexGuard<'a, Queue>, timeout: Duration) -> MutexGuard<'a, Queue> {
        self.changed.wait_timeout(queue, timeout).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Sets the state and tells everybody, the listener without holding the lock.
    fn announce(&self, mut queue: MutexGuard<'_, Queue>, state: SaveState) {
        let listener = (queue.state != state).then(|| queue.listener.clone()).flatten();
        queue.state = state;
        drop(queue);
        self.changed.notify_all();
        if let Some(listener) = listener {
            listener();
        }
    }

    fn run(&self, mut store: Store) {
        let mut pause = FIRST_PAUSE;
        let mut last_attempts = LAST_ATTEMPTS;
        while let Some(save) = self.next() {
            let transfer = save.dataset.as_ref().map(|columns| &columns.transfer);
            let early = transfer.is_none() && suffers(Sabotage::EarlyPromise);
            if early {
                self.done(SaveState::Saved { revision: save.revision, at: SystemTime::now() }, None);
            }
            match store.save(&save) {
                Ok(()) if early => {}
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    let saved = SaveState::Saved { revision: save.revision, at: SystemTime::now() };
                    self.done(saved, transfer.map(|transfer| (transfer, End::Durable)));
                }
                Err(error) if transfer.is_some_and(|transfer| !transfer.is_committing()) => {
                    let end = match error {
                        StoreError::CalledOff(_) => End::CalledOff,
                        error => End::Failed(error.to_string()),
                    };
                    let saved = self.lock().saved.clone();
                    self.done(saved, transfer.map(|transfer| (transfer, end)));
                }
                Err(StoreError::CalledOff(_)) => {
                    // It failed at the very end before, and is not in the file.
                    let mut queue = self.lock();
                    let why = match &queue.state {
                        SaveState::Failed { why } => why.clone(),
                        SaveState::Saving | SaveState::Saved { .. } => String::from("Saving was interrupted."),
                    };
                    queue.hurry = false;
                    let saved = queue.saved.clone();
                    drop(queue);
                    self.done(saved, transfer.map(|transfer| (transfer, End::Failed(why))));
                }
                Err(error) => {
                    // Only looking again will tell whether this was too late to fail.
                    if let Some(transfer) = transfer {
                        transfer.call_off();
                        transfer.fail();
                    }
                    let queue = self.lock();
                    if queue.closing {
                        last_attempts -= 1;
                    }
                    self.announce(queue, SaveState::Failed { why: error.to_string() });
                    if last_attempts == 0 {
                        return;
                    }
                    self.pause(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Takes the oldest save out of the queue; `saved` is what there is to say if it was the last.
    fn done(&self, saved: SaveState, end: Option<(&Arc<Transfer>, End)>) {
        let mut queue = self.lock();
        queue.saves.pop_front();
        queue.saved = saved.clone();
        let state = if queue.saves.is_empty() { saved } else { SaveState::Saving };
        if let Some((transfer, end)) = end {
            transfer.finish(end);
        }
        self.announce(queue, state);
    }

    /// The oldest save that is not durable; `None` when all are and the project is being closed.
    fn next(&self) -> Option<Arc<Save>> {
        let mut queue = self.lock();
        loop {
            if queue.given_up {
                return None;
            }
            if let Some(save) = queue.saves.front() {
                return Some(Arc::clone(save));
            }
            if queue.closing {
                return None;
            }
            queue.hurry = false;
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits before the next attempt, unless somebody is in a hurry.
    fn pause(&self, pause: Duration) {
        let started = Instant::now();
        let mut queue = self.lock();
        loop {
            let whole = if queue.closing { LAST_PAUSE } else { pause };
            let left = whole.saturating_sub(started.elapsed());
            if left.is_zero() || queue.hurry {
                queue.hurry = false;
                return;
            }
            queue = self.wait(queue, left);
        }
    }
}
