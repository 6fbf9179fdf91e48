//! Who has a project open. The system's lock on a file of ours decides on this computer, so that what a dead process
//! left behind locks nobody out; a small readable file says who it is. Where others can reach the project, a marker
//! beside it tells them; it goes when the project is closed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::home::{self, Home};

/// Somebody who has a project open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The computer.
    pub host: String,
    pub pid: u32,
    /// Seconds since 1970.
    pub since: u64,
}

impl Holder {
    fn ourselves() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Self { host: this_host(), pid: std::process::id(), since }
    }

    #[must_use]
    pub fn since(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.since)
    }

    /// Whether this computer cannot know if they are still there.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.host != this_host()
    }
}

pub(super) fn this_host() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

/// The right to edit a project, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// Of the files that say who holds it.
    told: Vec<PathBuf>,
    holder: Holder,
    /// Closing it gives the lock back, also when the process dies.
    _file: File,
}

#[derive(Debug)]
pub(super) enum Taken {
    Ours(Lock),
    Theirs(Holder),
}

impl Lock {
    /// Takes the lock of the project with this home. `shared` is the project's path where other computers see it too.
    pub(super) fn take(home: &Home, shared: Option<&Path>, take_over: bool) -> Result<Taken, StoreError> {
        let path = home.lock();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io("lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Taken::Theirs(told_by(&home.holder()))),
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
        }
        let holder = Holder::ourselves();
        let mut told = vec![home.holder()];
        if let Some(marker) = shared.map(marker) {
            // One of this computer is left from a process that is gone: its lock would not have been free.
            let theirs = read(&marker).filter(Holder::is_elsewhere);
            if let Some(theirs) = theirs.filter(|_| !take_over) {
                return Ok(Taken::Theirs(theirs));
            }
            told.push(marker);
        }
        let text = serde_json::to_vec(&holder).unwrap_or_default();
        let said = home::write_small(&told[0], &text);
        said.map_err(StoreError::io("lock", &told[0]))?;
        if let Some(marker) = told.get(1) {
            // Where it cannot be written, neither can the project; saving says so.
            let _ = File::create(marker).and_then(|mut file| file.write_all(&text));
        }
        Ok(Taken::Ours(Self { told, holder, _file: file }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        for path in &self.told {
            // Whoever took over has said so there, and keeps it.
            if read(path).is_some_and(|holder| holder == self.holder) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// `.journey.statecraft.open`, beside the project.
pub(super) fn marker(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.open"))
}

fn read(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Whoever took the lock just now may not have said so yet.
fn told_by(path: &Path) -> Holder {
    for _ in 0..20 {
        if let Some(holder) = read(path) {
            return holder;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Holder { host: this_host(), pid: 0, since: Holder::ourselves().since }
}
