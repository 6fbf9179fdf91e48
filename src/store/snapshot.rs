//! A whole project written as a new file: complete or not there at all. The file grows under a name of its own beside
//! the target, is read back and compared, made durable, and only then takes the target's name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::{APPLICATION_ID, FORMAT, Step, StoreError, connection, dataset, entity, insert_step, integer, json_error};
use crate::model::{Dataset, DatasetId, Project};

/// Where the columns of a dataset are.
#[derive(Clone, Debug)]
pub enum DatasetSource<'a> {
    Memory(Arc<Dataset>),
    /// Another project's file, which holds it under the same id.
    File(&'a Path),
}

/// Everything that a project file holds.
#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    pub project: &'a Project,
    /// Oldest first.
    pub steps: Vec<&'a Step>,
    pub oldest: u64,
    pub cursor: u64,
    pub revision: u64,
    pub next_dataset: DatasetId,
    pub datasets: Vec<(DatasetId, DatasetSource<'a>)>,
}

impl<'a> Snapshot<'a> {
    /// A project without a history.
    #[must_use]
    pub fn of(project: &'a Project) -> Self {
        Self {
            project,
            steps: Vec::new(),
            oldest: 1,
            cursor: 0,
            revision: 1,
            next_dataset: DatasetId(project.datasets.keys().next_back().map_or(1, |id| id.0.saturating_add(1))),
            datasets: Vec::new(),
        }
    }

    /// Writes the file, replacing one that is there.
    ///
    /// # Errors
    /// When it cannot be written completely; then the target is as it was.
    pub fn write(&self, target: &Path) -> Result<(), StoreError> {
        let target = std::path::absolute(target).map_err(StoreError::io("find", target))?;
        if target.is_dir() {
            return Err(StoreError::Directory(target));
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.is_dir()) {
            return Err(StoreError::NoFolder(folder.to_owned()));
        }
        // SQLite would take these for the new file's, and roll it back to something else.
        for suffix in ["-journal", "-wal"] {
            let journal = beside(&target, suffix);
            if journal.exists() {
                return Err(StoreError::Leftover { path: target, journal });
            }
        }
        let growing = Growing(beside(&target, &format!(".{}.part", std::process::id())));
        growing.remove();
        // Until it is complete, errors speak of the file that the user asked for.
        self.fill(&growing.0).map_err(StoreError::sqlite("write", &target))?;
        for (id, source) in &self.datasets {
            copy_dataset(&growing.0, &target, *id, source)?;
        }
        let written = read_back(&growing.0, &target)?;
        if written != *self.project {
            return Err(StoreError::damaged(&target, "what was written does not read back the same"));
        }
        File::open(&growing.0).and_then(|file| file.sync_all()).map_err(StoreError::io("write", &target))?;
        fs::rename(&growing.0, &target).map_err(StoreError::io("write", &target))?;
        sync_folder(&target);
        Ok(())
    }

    fn fill(&self, path: &Path) -> rusqlite::Result<()> {
        let mut connection = connection::to_fill(path)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(include_str!("schema.sql"))?;
        transaction.execute(
            "INSERT INTO meta (only, revision, cursor, next_dataset) VALUES (1, ?1, ?2, ?3)",
            params![integer(self.revision), integer(self.cursor), self.next_dataset.0],
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
        transaction.commit()
    }
}

fn copy_dataset(growing: &Path, target: &Path, id: DatasetId, source: &DatasetSource<'_>) -> Result<(), StoreError> {
    let writing = |error| StoreError::sqlite("write", target)(error);
    let mut connection = connection::to_fill(growing).map_err(writing)?;
    let transaction = connection.transaction().map_err(writing)?;
    match source {
        DatasetSource::Memory(columns) => dataset::write(&transaction, id, columns).map_err(writing)?,
        DatasetSource::File(path) => dataset::copy(path, &transaction, id).map_err(StoreError::sqlite("copy", path))?,
    }
    transaction.commit().map_err(writing)
}

fn read_back(path: &Path, target: &Path) -> Result<Project, StoreError> {
    let connection: Connection = connection::to_read(path).map_err(StoreError::sqlite("write", target))?;
    Ok(super::read::project(target, &connection)?.project)
}

/// A file that is not complete yet, and goes away unless it is renamed.
struct Growing(PathBuf);

impl Growing {
    fn remove(&self) {
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

/// Makes a new name durable. Only Unix can open a folder for that; elsewhere the system sees to it.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().filter(|_| cfg!(unix)) {
        // The file itself is durable by now; some network disks refuse this, and no one can do anything about it.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
