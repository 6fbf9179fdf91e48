//! Keeps one [`Project`] with its history in one SQLite file. Every save is one durable transaction; a file that is not
//! wholly understood is refused and left byte for byte as it was. Knows nothing of intent, screens, or when to save.

mod cell;
mod checksum;
mod connection;
mod dataset;
mod entity;
mod error;
mod header;
mod home;
mod integrity;
mod keeper;
mod keeping;
mod lock;
mod migration;
mod opening;
pub mod placement;
mod publish;
mod read;
mod ring;
mod sabotage;
mod salvage;
mod snapshot;
mod stamp;
mod state;
mod transfer;
mod watch;
mod writer;

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use crate::model::{Change, Dataset, DatasetId, Project};
use checksum::Checksum;

pub use dataset::load as load_dataset;
pub use error::StoreError;
pub use keeping::{Judgement, Keeping, ROOM, Room};
pub use lock::Holder;
pub use opening::ReadOnly;
pub use placement::Place;
pub use ring::{Version, versions};
pub use sabotage::Sabotage;
#[cfg(feature = "sabotage")]
pub use sabotage::sabotage;
pub use salvage::{Salvaged, restore, salvage};
pub use snapshot::{DatasetSource, Snapshot};
pub use state::state_folder;
pub use transfer::{End, Transfer};
pub use watch::{News, Publishing};
pub use writer::{Listener, SaveState, Writer};

use keeper::{Hurry, Keeper};
use ring::{Occasion, Ring};
use watch::Watched;

/// "Stcr", in the header of every project.
const APPLICATION_ID: u32 = 0x5374_6372;
/// The newest format that this version reads, and the one it writes.
const FORMAT: u32 = 2;

/// One step of the history: what Undo calls it, and what it changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub title: String,
    pub changes: Vec<Change>,
}

/// Which way a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// For the first time; whatever could be redone is forgotten.
    Perform,
    Undo,
    Redo,
}

/// What one transaction makes durable: one step, taken in one direction.
#[derive(Clone, Debug)]
pub struct Save {
    pub direction: Direction,
    pub step: Arc<Step>,
    /// Of the step in the history, counted from 1 over the whole life of the project.
    pub position: u64,
    /// Of the oldest step that is kept.
    pub oldest: u64,
    /// Of the project afterwards; the file must hold the one before.
    pub revision: u64,
    /// The columns that come with an import.
    pub dataset: Option<Columns>,
    /// Datasets that neither the project nor its history refers to any more.
    pub forgotten: Vec<DatasetId>,
}

impl Save {
    fn has(&self, transfer: &Arc<Transfer>) -> bool {
        self.dataset.as_ref().is_some_and(|columns| Arc::ptr_eq(&columns.transfer, transfer))
    }
}

/// The columns of a new dataset, and their way into the file. A save with columns is tried once.
#[derive(Clone, Debug)]
pub struct Columns {
    pub id: DatasetId,
    pub dataset: Arc<Dataset>,
    pub transfer: Arc<Transfer>,
}

/// What a file holds.
#[derive(Debug)]
pub struct Opened {
    pub project: Project,
    /// Oldest first.
    pub steps: VecDeque<Arc<Step>>,
    /// Position of the first of the steps.
    pub oldest: u64,
    /// Position of the last step that is done; the steps after it can be redone.
    pub cursor: u64,
    pub revision: u64,
    /// An id that no dataset has had yet.
    pub next_dataset: DatasetId,
    /// Drawn when the project was made; empty in the first format.
    pub identity: String,
    pub format: u32,
    /// Why it takes no edits, if it takes none.
    pub read_only: Option<ReadOnly>,
}

/// An open project file.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// What the user calls it.
    path: PathBuf,
    /// What SQLite has open: the file itself, or its working copy.
    file: PathBuf,
    /// Tells our saves from those of others.
    writer: i64,
    watch: Watched,
    ring: Option<Ring>,
    keeper: Keeper,
    /// Given back when all else is done.
    _lock: Option<lock::Lock>,
}

/// What can be asked of an open store while another thread owns it.
#[derive(Clone, Debug)]
pub struct Handle {
    watch: Watched,
    hurry: Hurry,
}

impl Handle {
    /// How far the file that others see is behind. Never waits.
    #[must_use]
    pub fn publishing(&self) -> Publishing {
        self.watch.publishing()
    }

    /// What was not heard yet, oldest first.
    #[must_use]
    pub fn news(&self) -> Vec<News> {
        self.watch.take()
    }

    /// Calls `listener` when there is something to ask for, on any thread. It must not wait.
    pub fn listen(&self, listener: Listener) {
        self.watch.listen(listener);
    }

    /// Publishes now instead of in a while.
    pub fn publish(&self) {
        self.hurry.publish();
    }

    /// The project goes on elsewhere: what is not published yet stays so.
    pub fn give_up(&self) {
        self.hurry.give_up();
    }
}

impl Store {
    /// Makes a new file that holds `project` without a history.
    ///
    /// # Errors
    /// When there is a file already, or the new one cannot be written completely; then there is none afterwards.
    pub fn create(path: &Path, project: &Project) -> Result<(), StoreError> {
        if path.is_dir() {
            return Err(StoreError::Directory(path.to_owned()));
        }
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        Snapshot::of(project.clone()).write(path)
    }

    /// Opens a project to edit it where it lies, with nothing kept beside it.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub fn open(path: &Path) -> Result<(Self, Opened), StoreError> {
        opening::open(path, &Keeping::default())
    }

    /// Opens a project to edit it, or to look at it where it cannot be edited. What is of an older format is brought to
    /// that of today; nothing else is written to it.
    ///
    /// # Errors
    /// When the file is anything but a whole project of a format that we read, or another program has locked it.
    pub fn open_with(path: &Path, keeping: &Keeping) -> Result<(Self, Opened), StoreError> {
        opening::open(path, keeping)
    }

    /// Opens a project to look at it. Nothing is written, here or elsewhere.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub fn look(path: &Path) -> Result<(Self, Opened), StoreError> {
        opening::look(path)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that holds everything that was saved: the project's own, or its working copy.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { watch: Arc::clone(&self.watch), hurry: self.keeper.handle() }
    }

    /// Makes one step durable. When this returns `Ok`, a power failure cannot undo it.
    ///
    /// # Errors
    /// When another program has changed the file since, it cannot be written, or the transfer of its columns was called
    /// off; then it is as it was before.
    pub fn save(&mut self, save: &Save) -> Result<(), StoreError> {
        if let (Some(ring), Some(_)) = (&self.ring, &save.dataset)
            && let Err(error) = ring.keep(&self.file, &self.path, Occasion::BeforeImport)
        {
            // The import can be undone all the same.
            self.watch.tell(News::NoVersion(error.to_string()));
        }
        self.keeper.saving();
        let saved = self.write(save);
        self.keeper.saved(saved.is_ok());
        saved
    }

    fn write(&mut self, save: &Save) -> Result<(), StoreError> {
        let path = &self.file;
        let failed = |error| StoreError::sqlite("save", path)(error);
        let _locking = connection::locking();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let (found, writer): (i64, i64) = transaction
            .query_row("SELECT revision, writer FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed)?;
        if found == integer(save.revision) && writer == self.writer {
            // An earlier attempt failed so late that it was durable after all.
            return Ok(());
        }
        let called_off = || save.dataset.as_ref().is_some_and(|columns| columns.transfer.is_called_off());
        if called_off() {
            return Err(StoreError::CalledOff(path.clone()));
        }
        if found != integer(save.revision) - 1 {
            return Err(StoreError::Changed(path.clone()));
        }
        if let Some(Columns { id, dataset, transfer }) = &save.dataset {
            dataset::write(&transaction, *id, dataset, transfer).map_err(failed)?;
        }
        write_step(&transaction, save, self.writer).map_err(failed)?;
        if called_off() {
            return Err(StoreError::CalledOff(path.clone()));
        }
        if let Some(columns) = &save.dataset {
            columns.transfer.commit();
        }
        transaction.commit().map_err(failed)
    }
}

/// A power failure during a save leaves a journal that takes the file back to the state before; SQLite does so as soon
/// as somebody reads with the right to write.
fn complete_interrupted_save(path: &Path) -> Result<(), StoreError> {
    let doing = "complete an interrupted save of";
    let connection = connection::to_write(path).map_err(StoreError::sqlite(doing, path))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(StoreError::sqlite(doing, path))
}

fn write_step(transaction: &Transaction<'_>, save: &Save, writer: i64) -> rusqlite::Result<()> {
    let mut sum = match Checksum::stored(transaction)? {
        Some(sum) => sum,
        None => Checksum::of(transaction)?,
    };
    sum.turn_meta(transaction)?;
    for change in &save.step.changes {
        let now = if save.direction == Direction::Undo { &change.before } else { &change.after };
        let (kind, id) = entity::key(change.id);
        sum.turn_stored_entity(transaction, kind, id.into())?;
        match now {
            Some(entity) => {
                let body = entity::to_json(entity).map_err(json_error)?;
                sum.turn_entity(kind, id.into(), &body);
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO entity (kind, id, body) VALUES (?1, ?2, ?3)")?
                    .execute(params![kind, id, body])?;
            }
            None => {
                transaction
                    .prepare_cached("DELETE FROM entity WHERE kind = ?1 AND id = ?2")?
                    .execute(params![kind, id])?;
            }
        }
    }
    let position = integer(save.position);
    if save.direction == Direction::Perform {
        let oldest = integer(save.oldest);
        sum.turn_steps(transaction, position, i64::MAX)?;
        sum.turn_steps(transaction, i64::MIN, oldest - 1)?;
        transaction
            .prepare_cached("DELETE FROM step WHERE position >= ?1 OR position < ?2")?
            .execute(params![position, oldest])?;
        insert_step(transaction, position, &save.step)?;
        sum.turn_steps(transaction, position, position)?;
    }
    for dataset in &save.forgotten {
        transaction.prepare_cached("DELETE FROM dataset_column WHERE dataset = ?1")?.execute([dataset.0])?;
    }
    let cursor = if save.direction == Direction::Undo { position - 1 } else { position };
    let next_dataset = save.dataset.as_ref().map_or(0, |columns| i64::from(columns.id.0) + 1);
    transaction
        .prepare_cached(
            "UPDATE meta SET revision = ?1, cursor = ?2, next_dataset = max(next_dataset, ?3), writer = ?4",
        )?
        .execute(params![integer(save.revision), cursor, next_dataset, writer])?;
    sum.turn_meta(transaction)?;
    sum.store(transaction)
}

fn insert_step(connection: &Connection, position: i64, step: &Step) -> rusqlite::Result<()> {
    let changes = serde_json::to_string(&step.changes).map_err(json_error)?;
    connection
        .prepare_cached("INSERT INTO step (position, title, changes) VALUES (?1, ?2, ?3)")?
        .execute(params![position, step.title, changes])?;
    Ok(())
}

fn json_error(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// Random, without a dependency for it.
fn random() -> i64 {
    RandomState::new().build_hasher().finish().cast_signed()
}

/// An identity that no other project has.
#[must_use]
pub fn new_identity() -> String {
    format!("{:016x}{:016x}", random(), random())
}

/// A free name beside `path`: `journey (conflict 2026-11-26 12.04).statecraft`.
fn dated(path: &Path, what: &str) -> PathBuf {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let now = jiff::Zoned::now().strftime("%Y-%m-%d %H.%M").to_string();
    let name = |number: u32| match number {
        1 => format!("{stem} ({what} {now}).statecraft"),
        _ => format!("{stem} ({what} {now}, {number}).statecraft"),
    };
    let free = (1..=u32::MAX).map(|number| path.with_file_name(name(number)));
    free.into_iter().find(|path| path.symlink_metadata().is_err()).unwrap_or_else(|| path.with_file_name(name(0)))
}

/// Revisions and positions as SQLite knows them. Reading refuses those that do not fit.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
