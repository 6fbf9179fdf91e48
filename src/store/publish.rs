//! From a working copy to the file that others see: copied, checked, made durable, compared with what was there before,
//! and only then put in its place. A file that somebody else changed is never overwritten; our work goes beside it.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use serde::{Deserialize, Serialize};

use super::home::{self, Home};
use super::read::{self, Depth};
use super::snapshot::{Growing, beside, sync_file, sync_folder};
use super::stamp::{self, Stamp, State};
use super::{StoreError, connection, dated, header, integrity, lock};

/// So many pages are copied before others may write again.
const PAGES: i32 = 2_000;

/// What a working copy is a copy of; kept beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    target: PathBuf,
    /// `None` when it was gone.
    stamp: Option<Stamp>,
    /// Of the disk that holds the target's folder.
    device: Option<u64>,
    /// What the working copy held when it was last the same as the target; `None` where nobody knows any more.
    state: Option<State>,
    /// What is being put there; after a crash nobody may know that it arrived.
    #[serde(default)]
    underway: Option<State>,
}

/// The way from one working copy to its file.
#[derive(Debug)]
pub(super) struct Publication {
    home: Home,
    record: Record,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Published,
    /// Somebody else changed `theirs`; our work is in `ours` and goes on there.
    Conflict {
        theirs: PathBuf,
        ours: PathBuf,
    },
}

/// How a target compares with what it was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Same,
    Gone,
    Changed,
}

impl Publication {
    /// Makes a working copy of `target`.
    pub(super) fn begin(home: Home, target: &Path) -> Result<Self, StoreError> {
        let copying = || StoreError::io("copy", target);
        let working = home.working();
        for suffix in ["-journal", "-wal"] {
            // Of a working copy that was given up; SQLite would take it for the new one's.
            let _ = fs::remove_file(beside(&working, suffix));
        }
        // Others may put another file there in the middle of it.
        for _ in 0..5 {
            let unread = || StoreError::damaged(target, "it does not say in which state it is");
            let state = State::of(target).ok_or_else(unread)?;
            let before = Stamp::of(target, state.clone()).map_err(copying())?;
            let growing = Growing(working.with_extension("part"));
            copy_bytes(target, &growing.0).map_err(copying())?;
            let read = Stamp::of(&growing.0, state.clone()).map_err(copying())?;
            if !before.fits(target).map_err(copying())? || !read.same_bytes(&before) {
                continue;
            }
            sync_file(&growing.0).map_err(StoreError::io("write", &working))?;
            let device = target.parent().and_then(stamp::device);
            let record =
                Record { target: target.to_owned(), stamp: Some(before), device, state: Some(state), underway: None };
            // The record first: a working copy without one would pass for unpublished work.
            let publication = Self { home, record };
            publication.keep_record()?;
            fs::rename(&growing.0, &working).map_err(StoreError::io("write", &working))?;
            sync_folder(&working);
            return Ok(publication);
        }
        Err(StoreError::Changed(target.to_owned()))
    }

    /// The working copy that an earlier session left with work that is not in its file, if there is one. Where nothing
    /// tells of which file it is a copy, that is `target`, unless it holds the same.
    pub(super) fn left(home: &Home, target: &Path) -> Result<Option<Self>, StoreError> {
        let working = home.working();
        if !working.try_exists().map_err(StoreError::io("read", &working))? {
            return Ok(None);
        }
        let record = match fs::read(home.published()) {
            Ok(bytes) => serde_json::from_slice::<Record>(&bytes).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::io("read", &home.published())(error)),
        };
        header::check(&working)?;
        super::complete_interrupted_save(&working)?;
        let unread = || StoreError::damaged(&working, "it does not say in which state it is");
        let state = Some(State::of(&working).ok_or_else(unread)?);
        let known = match &record {
            Some(record) => record.state.clone(),
            None => State::found(target).map_err(StoreError::io("read", target))?,
        };
        if state == known {
            return Ok(None);
        }
        let unknown = || Record { target: target.to_owned(), stamp: None, device: None, state: None, underway: None };
        Ok(Some(Self { home: home.clone(), record: record.unwrap_or_else(unknown) }))
    }

    pub(super) fn target(&self) -> &Path {
        &self.record.target
    }

    /// Puts what the working copy holds into the file. May be tried again when it failed.
    pub(super) fn publish(&mut self) -> Result<Outcome, StoreError> {
        let target = self.record.target.clone();
        let folder = target.parent().unwrap_or(Path::new("")).to_owned();
        self.check_folder(&folder)?;
        let outgoing = Growing(self.home.part());
        let working = self.home.working();
        copy_project(&working, &outgoing.0, &target)?;
        let unread = || StoreError::damaged(&working, "it does not say in which state it is");
        let state = State::of(&outgoing.0).ok_or_else(unread)?;
        // One name for each computer, so that what a crash leaves is replaced by the next attempt.
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let host = home::fingerprint(lock::this_host().as_bytes());
        let part = Growing(folder.join(format!(".{name}.{host:016x}.part")));
        let writing = || StoreError::io("write", &target);
        copy_bytes(&outgoing.0, &part.0).map_err(writing())?;
        sync_file(&part.0).map_err(writing())?;
        if !same_bytes(&outgoing.0, &part.0).map_err(writing())? {
            return Err(StoreError::Unfit {
                path: target,
                why: String::from("the disk did not keep what was written"),
            });
        }
        if let Ok(metadata) = fs::metadata(&target) {
            // Some network disks know no permissions.
            let _ = fs::set_permissions(&part.0, metadata.permissions());
        }
        let found = State::found(&target).map_err(StoreError::io("read", &target))?;
        if let Some(underway) = self.record.underway.take_if(|underway| found.as_ref() == Some(underway)) {
            // It had arrived before the crash.
            self.record.stamp = Some(Stamp::of(&target, underway).map_err(writing())?);
        }
        self.record.underway = Some(state.clone());
        self.keep_record()?;
        let arrived = match self.compare()? {
            Target::Same => self.replace(&part.0).map_err(writing())?,
            Target::Gone => fs::rename(&part.0, &target).map(|()| true).map_err(writing())?,
            Target::Changed => false,
        };
        let (place, outcome) = if arrived {
            (target, Outcome::Published)
        } else {
            let ours = dated(&target, "conflict");
            fs::rename(&part.0, &ours).map_err(writing())?;
            (ours.clone(), Outcome::Conflict { theirs: target.clone(), ours })
        };
        sync_folder(&place);
        let stamp = Stamp::of(&place, state.clone()).map_err(StoreError::io("write", &place))?;
        self.record = Record {
            target: place,
            stamp: Some(stamp),
            device: stamp::device(&folder),
            state: Some(state),
            underway: None,
        };
        self.keep_record()?;
        Ok(outcome)
    }

    /// Removes the working copy once its file has everything.
    pub(super) fn end(&self) {
        let working = self.home.working();
        if State::of(&working).is_some_and(|state| self.record.state == Some(state)) {
            self.forget();
        }
    }

    /// Removes the working copy: what it holds is kept elsewhere.
    pub(super) fn forget(&self) {
        // What stays is looked at when the project is opened again, and replaced.
        let _ = fs::remove_file(self.home.working());
        let _ = fs::remove_file(self.home.published());
    }

    /// A folder on another disk than before is the empty place where a disk was.
    fn check_folder(&self, folder: &Path) -> Result<(), StoreError> {
        let there = folder.is_dir();
        let same = self.record.device.is_none() || stamp::device(folder) == self.record.device;
        // A share that is connected anew may have another number; its file tells that it is the one.
        if there && (same || self.record.target.exists()) {
            return Ok(());
        }
        Err(StoreError::Unplugged(self.record.target.clone()))
    }

    fn compare(&self) -> Result<Target, StoreError> {
        let target = &self.record.target;
        if target.symlink_metadata().is_err() {
            return Ok(Target::Gone);
        }
        let Some(stamp) = &self.record.stamp else { return Ok(Target::Changed) };
        let fits = stamp.fits(target).map_err(StoreError::io("read", target))?;
        Ok(if fits { Target::Same } else { Target::Changed })
    }

    /// Gives `part` the name of the target. Where the system can exchange two files, what comes out is looked at once
    /// more: if it is not what was expected, somebody was faster, gets the name back, and the answer is no.
    fn replace(&self, part: &Path) -> io::Result<bool> {
        let target = &self.record.target;
        if exchange(part, target).is_err() {
            return fs::rename(part, target).map(|()| true);
        }
        let expected = match &self.record.stamp {
            Some(stamp) => stamp.fits(part)?,
            None => false,
        };
        if !expected {
            exchange(part, target)?;
        }
        Ok(expected)
    }

    fn keep_record(&self) -> Result<(), StoreError> {
        let path = self.home.published();
        let text = serde_json::to_vec(&self.record).unwrap_or_default();
        home::write_small(&path, &text).map_err(StoreError::io("write", &path))
    }
}

/// Swaps the names of two files in one step.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Copies a project that may be in use, and checks the copy. Errors speak of it as `path`.
pub(super) fn copy_project(from: &Path, to: &Path, path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite("copy", path)(error);
    let _ = fs::remove_file(to);
    let _locking = connection::locking();
    {
        let source = connection::to_read(from).map_err(failed)?;
        let mut copy = connection::to_fill(to).map_err(failed)?;
        let backup = Backup::new(&source, &mut copy).map_err(failed)?;
        backup.run_to_completion(PAGES, Duration::from_millis(2), None).map_err(failed)?;
    }
    let mut copy = connection::to_read(to).map_err(failed)?;
    read::project(to, path, &mut copy, Depth::Tables)?;
    integrity::check(&copy, path)
}

pub(super) fn copy_bytes(from: &Path, to: &Path) -> io::Result<()> {
    let _bypassing = connection::bypassing();
    fs::copy(from, to).map(|_| ())
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let _bypassing = connection::bypassing();
    let mut one = BufReader::new(File::open(one)?);
    let mut other = BufReader::new(File::open(other)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let length = one.read(&mut left)?;
        if length == 0 {
            return Ok(other.read(&mut right)? == 0);
        }
        if other.read_exact(&mut right[..length]).is_err() || left[..length] != right[..length] {
            return Ok(false);
        }
    }
}
