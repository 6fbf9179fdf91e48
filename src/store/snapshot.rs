//! A whole project written as a new file: complete or not there at all. The file grows under a name of its own beside
//! the target, is read back and compared, made durable, and only then takes the target's name.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::params;

use super::checksum::Checksum;
use super::read::{self, Depth};
use super::sabotage::{Sabotage, suffers};
use super::{
    APPLICATION_ID, FORMAT, Step, StoreError, Transfer, connection, dataset, entity, header, insert_step, integer,
    integrity, json_error, migration, new_identity,
};
use crate::model::{Dataset, DatasetId, EntityId, Project};

/// Where the columns of a dataset are.
#[derive(Clone, Debug)]
pub enum DatasetSource {
    Memory(Arc<Dataset>),
    /// Another project's file, which holds it under the same id.
    File(PathBuf),
}

/// Everything that a project file holds. Owns or shares it all, so that another thread may write it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub project: Project,
    /// Oldest first.
    pub steps: Vec<Arc<Step>>,
    pub oldest: u64,
    pub cursor: u64,
    pub revision: u64,
    pub next_dataset: DatasetId,
    pub datasets: Vec<(DatasetId, DatasetSource)>,
    /// The file it was taken from, which a copy must not replace.
    pub own_file: Option<PathBuf>,
    /// A copy is another project; what only moves stays the same.
    pub identity: String,
}

impl Snapshot {
    /// A project without a history.
    #[must_use]
    pub fn of(project: Project) -> Self {
        let next_dataset = project.datasets.keys().next_back().map_or(1, |id| id.0.saturating_add(1));
        Self {
            project,
            steps: Vec::new(),
            oldest: 1,
            cursor: 0,
            revision: 1,
            next_dataset: DatasetId(next_dataset),
            datasets: Vec::new(),
            own_file: None,
            identity: new_identity(),
        }
    }

    /// What a file holds, as a copy with its history.
    ///
    /// # Errors
    /// When the file is anything but a whole project that we can read.
    pub fn of_file(path: &Path) -> Result<Self, StoreError> {
        header::check(path)?;
        let _locking = connection::locking();
        let mut connection = connection::to_read(path).map_err(StoreError::sqlite("open", path))?;
        let opened = read::project(path, path, &mut connection, Depth::Whole)?;
        let in_steps = opened.steps.iter().flat_map(|step| &step.changes).filter_map(|change| match change.id {
            EntityId::Dataset(id) => Some(id),
            _ => None,
        });
        let datasets: BTreeSet<DatasetId> = opened.project.datasets.keys().copied().chain(in_steps).collect();
        Ok(Self {
            steps: opened.steps.into_iter().collect(),
            oldest: opened.oldest,
            cursor: opened.cursor,
            revision: opened.revision,
            next_dataset: opened.next_dataset,
            datasets: datasets.into_iter().map(|id| (id, DatasetSource::File(path.to_owned()))).collect(),
            own_file: Some(path.to_owned()),
            identity: new_identity(),
            project: opened.project,
        })
    }

    /// Writes the file, replacing one that is there. Waits for the disk.
    ///
    /// # Errors
    /// When `target` is the project's own file, or cannot be written completely; then it is as it was.
    pub fn write(&self, target: &Path) -> Result<(), StoreError> {
        let target = std::path::absolute(target).map_err(StoreError::io("find", target))?;
        self.check_target(&target)?;
        let growing = Growing(beside(&target, &format!(".{}.part", std::process::id())));
        growing.remove();
        // Until it is complete, errors speak of the file that the user asked for.
        self.fill(&growing.0).map_err(StoreError::sqlite("write", &target))?;
        for (id, source) in &self.datasets {
            copy_dataset(&growing.0, &target, *id, source)?;
        }
        self.read_back(&growing.0, &target)?;
        sync_file(&growing.0).map_err(StoreError::io("write", &target))?;
        fs::rename(&growing.0, &target).map_err(StoreError::io("write", &target))?;
        sync_folder(&target);
        Ok(())
    }

    fn check_target(&self, target: &Path) -> Result<(), StoreError> {
        if self.own_file.as_ref().is_some_and(|own| is_same_file(target, own)) {
            return Err(StoreError::OwnFile(target.to_owned()));
        }
        if target.is_dir() {
            return Err(StoreError::Directory(target.to_owned()));
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.is_dir()) {
            return Err(StoreError::NoFolder(folder.to_owned()));
        }
        // SQLite would take these for the new file's, and roll it back to something else.
        for suffix in ["-journal", "-wal"] {
            let journal = beside(target, suffix);
            if journal.exists() {
                return Err(StoreError::Leftover { path: target.to_owned(), journal });
            }
        }
        Ok(())
    }

    /// A file that could not be opened again is no copy.
    fn read_back(&self, growing: &Path, target: &Path) -> Result<(), StoreError> {
        let mut connection = connection::to_read(growing).map_err(StoreError::sqlite("write", target))?;
        let depth = if self.datasets.is_empty() { Depth::Whole } else { Depth::Tables };
        let why = match read::project(growing, target, &mut connection, depth) {
            Ok(written) if written.project == self.project && written.steps.iter().eq(&self.steps) => {
                // The columns may be large, so their pages are checked without a limit of time.
                return integrity::check(&connection, target);
            }
            Ok(_) => String::from("it does not read back the same"),
            Err(StoreError::Damaged { why, .. }) => why,
            Err(error) => return Err(error),
        };
        Err(StoreError::Unfit { path: target.to_owned(), why })
    }

    fn fill(&self, path: &Path) -> rusqlite::Result<()> {
        let mut connection = connection::to_fill(path)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration::schema(FORMAT))?;
        transaction.execute(
            "INSERT INTO meta (only, revision, writer, cursor, next_dataset, identity, minimum_reader, minimum_version)
             VALUES (1, ?1, 0, ?2, ?3, ?4, ?5, ?6)",
            params![
                integer(self.revision),
                integer(self.cursor),
                self.next_dataset.0,
                self.identity,
                migration::MINIMUM_READER,
                migration::MINIMUM_VERSION
            ],
        )?;
        for entity in self.project.entities() {
            let (kind, id) = entity::key(entity.id());
            let body = entity::to_json(&entity).map_err(json_error)?;
            transaction
                .prepare_cached("INSERT INTO entity (kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute(params![kind, id, body])?;
        }
        for (position, step) in (integer(self.oldest)..).zip(&self.steps) {
            insert_step(&transaction, position, step)?;
        }
        Checksum::of(&transaction)?.store(&transaction)?;
        transaction.commit()
    }
}

fn copy_dataset(growing: &Path, target: &Path, id: DatasetId, source: &DatasetSource) -> Result<(), StoreError> {
    let writing = |error| StoreError::sqlite("write", target)(error);
    let mut connection = connection::to_fill(growing).map_err(writing)?;
    let transaction = connection.transaction().map_err(writing)?;
    match source {
        DatasetSource::Memory(columns) => {
            dataset::write(&transaction, id, columns, &Transfer::default()).map_err(writing)?;
        }
        DatasetSource::File(path) => dataset::copy(path, &transaction, id).map_err(StoreError::sqlite("copy", path))?,
    }
    transaction.commit().map_err(writing)
}

/// A file that is not complete yet, and goes away unless it is renamed.
pub(super) struct Growing(pub(super) PathBuf);

impl Growing {
    pub(super) fn remove(&self) {
        // Usually there is none, which is what is wanted.
        let _ = fs::remove_file(&self.0);
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        self.remove();
    }
}

/// `path` with `suffix` after its whole name, as SQLite names its journals.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes the content of a file durable. Windows does so only through a handle that may write.
pub(super) fn sync_file(path: &Path) -> std::io::Result<()> {
    if suffers(Sabotage::UnsyncedFile) {
        return Ok(());
    }
    OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all())
}

/// Makes a new name durable. Only Unix can open a folder for that; elsewhere the system sees to it.
pub(super) fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().filter(|_| cfg!(unix) && !suffers(Sabotage::UnsyncedFolder)) {
        // The file itself is durable by now; some network disks refuse this, and no one can do anything about it.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Also when one of them is a link, or written in another way.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        // The project's own file can be gone for a while; its name is still its own.
        _ => one == other,
    }
}
