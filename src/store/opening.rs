//! Opening a project: who may edit it, where that happens, and in which format. Whatever cannot be edited is shown
//! without anything being written.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::home::Home;
use super::keeper::{Keeper, Work};
use super::lock::{Holder, Lock, Taken};
use super::publish::Publication;
use super::read::{self, Depth};
use super::ring::{Occasion, Ring};
use super::watch::{News, Publishing, Watch, Watched};
use super::{FORMAT, Keeping, Opened, Store, StoreError, connection, header, migration, random, snapshot};

/// Why a project takes no edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// Its file must not be written.
    File,
    /// Somebody else has it open.
    InUse(Holder),
    /// It is of this newer format, which this version reads but does not write.
    Newer(u32),
    /// It was opened to be looked at.
    Look,
}

impl fmt::Display for ReadOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("This file must not be written: by its permissions or its disk."),
            Self::InUse(holder) if holder.pid == 0 => f.write_str("It is open in another window."),
            Self::InUse(holder) if holder.is_elsewhere() => write!(f, "It is open on {}.", holder.host),
            Self::InUse(holder) => {
                write!(f, "It is open in another window on this computer (process {}).", holder.pid)
            }
            Self::Newer(format) => write!(
                f,
                "A newer Statecraft saved it (format {format}; this one writes format {FORMAT}). A copy of it lacks what \
                 only the newer one knows."
            ),
            Self::Look => f.write_str("It was opened to be looked at."),
        }
    }
}

/// Where the files of a project are, and what may be done with them.
struct Site {
    /// What the user calls it.
    path: PathBuf,
    /// The same without links.
    real: PathBuf,
    home: Option<Home>,
    shared: bool,
    watch: Watched,
}

pub(super) fn open(path: &Path, keeping: &Keeping) -> Result<(Store, Opened), StoreError> {
    let path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    let shared = keeping.place(&real).needs_working_copy() && keeping.state.is_some();
    let home = keeping.state.as_ref().map(|state| Home::of(state, &real));
    let left = home.as_ref().is_some_and(|home| shared && home.working().exists());
    let watch = Arc::new(Watch::default());
    let site = Site { path, real, home, shared, watch };
    if !left {
        header::check(&site.path)?;
    }
    if site.real.exists() && header::is_read_only(&site.path)? {
        return site.look(keeping, ReadOnly::File);
    }
    match site.lock(keeping)? {
        Some(Taken::Theirs(holder)) => site.look(keeping, ReadOnly::InUse(holder)),
        Some(Taken::Ours(lock)) => site.edit(keeping, Some(lock)),
        None => site.edit(keeping, None),
    }
}

/// Reads a project without a thought of editing it.
pub(super) fn look(path: &Path) -> Result<(Store, Opened), StoreError> {
    let path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
    header::check(&path)?;
    let site = Site { real: path.clone(), path, home: None, shared: false, watch: Arc::new(Watch::default()) };
    site.look(&Keeping::default(), ReadOnly::Look)
}

impl Site {
    /// `None` where there is no folder for locks.
    fn lock(&self, keeping: &Keeping) -> Result<Option<Taken>, StoreError> {
        let Some(home) = &self.home else { return Ok(None) };
        if let Err(error) = home.make(&self.real, "") {
            if self.shared {
                return Err(StoreError::io("make a working copy of", &self.path)(error));
            }
            // Without our folder it is edited in place as ever; only what is kept beside it is missing.
            self.watch.tell(News::NoVersion(format!("{}: {error}.", home.versions().display())));
            return Ok(None);
        }
        Lock::take(home, self.shared.then_some(self.real.as_path()), keeping.take_over).map(Some)
    }

    /// Shows the file as it is.
    fn look(self, keeping: &Keeping, why: ReadOnly) -> Result<(Store, Opened), StoreError> {
        header::check(&self.path)?;
        // Whoever has it open completes their saves themselves.
        let interrupted = why == ReadOnly::Look && snapshot::beside(&self.path, "-journal").exists();
        if interrupted && !header::is_read_only(&self.path)? {
            super::complete_interrupted_save(&self.path)?;
        }
        let (connection, mut opened, depth) = {
            let _locking = connection::locking();
            self.read(&self.path, keeping)?
        };
        opened.read_only = Some(if opened.format > FORMAT { ReadOnly::Newer(opened.format) } else { why });
        let work = Work {
            file: self.path.clone(),
            path: self.path.clone(),
            publication: None,
            unpublished: false,
            ring: None,
            // Of what is only looked at, nobody would hear.
            unchecked: depth == Depth::Tables && opened.read_only != Some(ReadOnly::Look),
        };
        self.store(connection, work, keeping, None, opened)
    }

    fn edit(self, keeping: &Keeping, lock: Option<Lock>) -> Result<(Store, Opened), StoreError> {
        let (file, publication, unpublished) = match self.home.as_ref().filter(|_| self.shared) {
            None => (self.path.clone(), None, false),
            Some(home) => {
                let (publication, unpublished) = self.working_copy(home)?;
                (home.working(), Some(publication), unpublished)
            }
        };
        let ring = match (&self.home, &keeping.state) {
            (Some(home), Some(state)) if lock.is_some() => Some(Ring::of(home, state, keeping.room)),
            _ => None,
        };
        if snapshot::beside(&file, "-journal").exists() {
            super::complete_interrupted_save(&file)?;
        }
        let (connection, mut opened, depth) = {
            let _locking = connection::locking();
            self.read(&file, keeping)?
        };
        drop(connection);
        if opened.format > FORMAT {
            return self.look(keeping, ReadOnly::Newer(opened.format));
        }
        if opened.format < FORMAT {
            if let Some(ring) = &ring {
                ring.keep(&file, &self.path, Occasion::BeforeMigration)?;
            }
            let from = opened.format;
            let _locking = connection::locking();
            opened = migration::bring_up(&file, &self.path, &opened)?;
            self.watch.tell(News::Migrated { from });
        }
        let connection = {
            let _locking = connection::locking();
            connection::to_write(&file).map_err(StoreError::sqlite("open", &self.path))?
        };
        if let Some(home) = self.home.as_ref().filter(|_| lock.is_some()) {
            // Only for finding its earlier versions when it was moved.
            let _ = home.make(&self.real, &opened.identity);
        }
        if unpublished {
            self.watch.tell(News::Continued);
        }
        let work =
            Work { file, path: self.path.clone(), publication, unpublished, ring, unchecked: depth == Depth::Tables };
        self.store(connection, work, keeping, lock, opened)
    }

    /// The working copy to go on in, and whether it holds work that its file has not.
    fn working_copy(&self, home: &Home) -> Result<(Publication, bool), StoreError> {
        if let Some(mut left) = Publication::left(home, &self.real)? {
            if left.target() == self.real {
                return Ok((left, true));
            }
            // An earlier session had moved on to another file, which gets what is left for it first.
            left.publish()?;
        }
        header::check(&self.path)?;
        Ok((Publication::begin(home.clone(), &self.real)?, false))
    }

    fn read(&self, file: &Path, keeping: &Keeping) -> Result<(rusqlite::Connection, Opened, Depth), StoreError> {
        let length = file.metadata().map_err(StoreError::io("read", file))?.len();
        let depth = if length < keeping.checked_whole { Depth::Whole } else { Depth::Tables };
        let mut connection = connection::to_read(file).map_err(StoreError::sqlite("open", &self.path))?;
        let opened = read::project(file, &self.path, &mut connection, depth)?;
        Ok((connection, opened, depth))
    }

    fn store(
        self,
        connection: rusqlite::Connection,
        work: Work,
        keeping: &Keeping,
        lock: Option<Lock>,
        opened: Opened,
    ) -> Result<(Store, Opened), StoreError> {
        let (file, ring) = (work.file.clone(), work.ring.clone());
        if work.publication.is_none() {
            self.watch.set(Publishing::InPlace);
        }
        let keeper = Keeper::start(work, keeping, Arc::clone(&self.watch))?;
        let store =
            Store { connection, path: self.path, file, writer: random(), watch: self.watch, ring, keeper, _lock: lock };
        Ok((store, opened))
    }
}
