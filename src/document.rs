//! The only door to change: a project in memory, its file, and its history kept in step. Planning and memory come
//! first and never wait for the disk; the file follows, one durable transaction per edit. Knows nothing of screens.

mod datasets;
mod history;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::model::{Change, Dataset, DatasetId, DatasetInfo, Edit, EditError, EntityId, Project};
use crate::store::{Direction, Listener, Opened, Save, SaveState, Snapshot, Step, Store, StoreError, Writer};

pub use datasets::Datasets;
use history::History;

/// A project that is open: read it, perform edits on it, undo and redo them. Everything is saved by itself; dropping a
/// document saves what is not saved yet.
#[derive(Debug)]
pub struct Document {
    project: Project,
    history: History,
    revision: u64,
    next_dataset: DatasetId,
    datasets: Datasets,
    path: PathBuf,
    /// None for a read-only file.
    writer: Option<Writer>,
    opened_at: SystemTime,
}

/// What an edit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performed {
    /// In the order in which they were made.
    pub created: Vec<EntityId>,
    /// What Undo calls it.
    pub title: String,
}

/// Why an edit was not performed, as a sentence to the user. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error("{} is read-only; use Save a copy to go on in another file.", .0.display())]
    ReadOnly(PathBuf),
    #[error("The import was refused: {0}.")]
    Import(&'static str),
}

impl Document {
    /// Makes a new file that holds `project`, and opens it.
    ///
    /// # Errors
    /// When there is a file already, or the new one cannot be written.
    pub fn create(path: &Path, project: &Project) -> Result<Self, StoreError> {
        Store::create(path, project)?;
        Self::open(path)
    }

    /// Opens a file with its history; nothing is written to it. A read-only file can be looked at and copied.
    ///
    /// # Errors
    /// When the file is anything but a whole project of a known format, or another program has locked it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (store, opened) = Store::open(path)?;
        let Opened { project, steps, oldest, cursor, revision, next_dataset, read_only } = opened;
        let path = store.path().to_owned();
        let opened_at =
            std::fs::metadata(&path).and_then(|metadata| metadata.modified()).unwrap_or_else(|_| SystemTime::now());
        let writer =
            if read_only { None } else { Some(Writer::start(store, SaveState::Saved { revision, at: opened_at })?) };
        let history = History::new(steps, oldest, cursor);
        let datasets = Datasets::of(path.clone());
        Ok(Self { project, history, revision, next_dataset, datasets, path, writer, opened_at })
    }

    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Grows by one with every edit, undo and redo.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn read_only(&self) -> bool {
        self.writer.is_none()
    }

    /// Performs `edit` as one step of undo. An edit that changes nothing makes no step. Imports come in by
    /// [`Self::import`], with their columns.
    ///
    /// # Errors
    /// A sentence when the edit cannot be done; then nothing has changed.
    pub fn perform(&mut self, edit: Edit) -> Result<Performed, Refusal> {
        match edit {
            Edit::ImportDataset { .. } => Err(Refusal::Import("its columns are missing")),
            edit => self.perform_with(&edit, None),
        }
    }

    /// Adds an imported dataset as one step of undo. Of `info` the id, the counts and the fields are filled in here;
    /// `events` names the catalogue entry of each of the event names in the dataset.
    ///
    /// # Errors
    /// A sentence when the columns do not fit together or the name is taken; then nothing has changed.
    pub fn import(
        &mut self,
        info: DatasetInfo,
        dataset: impl Into<Arc<Dataset>>,
        events: Vec<String>,
    ) -> Result<Performed, Refusal> {
        let dataset = dataset.into();
        if let Some(fault) = dataset.fault() {
            return Err(Refusal::Import(fault));
        }
        if events.len() != dataset.event_names.len() {
            return Err(Refusal::Import("not every event has a place in the catalogue"));
        }
        let (first, last) = dataset.span().unwrap_or((info.first, info.last));
        let id = self.next_dataset;
        let info = DatasetInfo {
            id,
            contacts: dataset.contacts.len() as u64,
            occurrences: dataset.times.len() as u64,
            first,
            last,
            fields: dataset.fields.iter().map(|field| field.name.clone()).collect(),
            ..info
        };
        let performed =
            self.perform_with(&Edit::ImportDataset { dataset: info, events }, Some((id, Arc::clone(&dataset))))?;
        self.next_dataset = DatasetId(id.0.saturating_add(1));
        self.datasets.keep(id, dataset);
        Ok(performed)
    }

    fn perform_with(&mut self, edit: &Edit, dataset: Option<(DatasetId, Arc<Dataset>)>) -> Result<Performed, Refusal> {
        if self.read_only() {
            return Err(Refusal::ReadOnly(self.path.clone()));
        }
        let title = edit.title(&self.project);
        let changes = edit.plan(&self.project)?;
        let is_new = |change: &&Change| change.before.is_none();
        let created = changes.iter().filter(is_new).map(|change| change.id).collect();
        if !changes.is_empty() {
            let step = Arc::new(Step { title: title.clone(), changes });
            step.changes.iter().for_each(|change| change.apply(&mut self.project));
            let dropped = self.history.push(Arc::clone(&step));
            let forgotten = self.history.no_longer_mentioned(&dropped, &self.project);
            for id in &forgotten {
                self.datasets.forget(*id);
            }
            self.save(Direction::Perform, step, dataset, forgotten);
        }
        Ok(Performed { created, title })
    }

    /// What [`Self::undo`] would take back.
    #[must_use]
    pub fn undo_title(&self) -> Option<&str> {
        self.history.last_done().filter(|_| !self.read_only()).map(|step| step.title.as_str())
    }

    /// What [`Self::redo`] would do again.
    #[must_use]
    pub fn redo_title(&self) -> Option<&str> {
        self.history.first_undone().filter(|_| !self.read_only()).map(|step| step.title.as_str())
    }

    /// Takes the last step back and says its title; `None` when there is none.
    pub fn undo(&mut self) -> Option<String> {
        self.undo_title()?;
        let step = Arc::clone(self.history.last_done()?);
        for change in step.changes.iter().rev() {
            change.inverse().apply(&mut self.project);
        }
        let title = step.title.clone();
        self.save(Direction::Undo, step, None, Vec::new());
        self.history.step_back();
        Some(title)
    }

    /// Does the last undone step again and says its title; `None` when there is none.
    pub fn redo(&mut self) -> Option<String> {
        self.redo_title()?;
        let step = Arc::clone(self.history.first_undone()?);
        step.changes.iter().for_each(|change| change.apply(&mut self.project));
        let title = step.title.clone();
        self.history.step_forward();
        self.save(Direction::Redo, step, None, Vec::new());
        Some(title)
    }

    /// Queues the step at which the history stands.
    fn save(
        &mut self,
        direction: Direction,
        step: Arc<Step>,
        dataset: Option<(DatasetId, Arc<Dataset>)>,
        forgotten: Vec<DatasetId>,
    ) {
        self.revision += 1;
        if let Some(writer) = &self.writer {
            writer.push(Save {
                direction,
                step,
                position: self.history.cursor(),
                oldest: self.history.oldest(),
                revision: self.revision,
                dataset,
                forgotten,
            });
        }
    }

    /// The columns of a dataset, read from the file the first time.
    ///
    /// # Errors
    /// When they are not in the file, or do not read.
    pub fn dataset(&self, id: DatasetId) -> Result<Arc<Dataset>, StoreError> {
        self.datasets.load(id)
    }

    /// A handle for loading datasets on another thread.
    #[must_use]
    pub fn datasets(&self) -> &Datasets {
        &self.datasets
    }

    /// Whether everything is on disk. Never waits.
    #[must_use]
    pub fn save_state(&self) -> SaveState {
        match &self.writer {
            Some(writer) => writer.state(),
            None => SaveState::Saved { revision: self.revision, at: self.opened_at },
        }
    }

    /// Calls `listener` on each change of [`Self::save_state`], on any thread. It must not wait.
    pub fn on_save_state(&self, listener: Listener) {
        if let Some(writer) = &self.writer {
            writer.listen(listener);
        }
    }

    /// After a failure, tries to save again now instead of in a while.
    pub fn retry_saving(&self) {
        if let Some(writer) = &self.writer {
            writer.retry();
        }
    }

    /// Waits until everything is saved.
    ///
    /// # Errors
    /// A sentence on what is in the way, when the time is over; the work is kept and tried again.
    pub fn flush(&self, timeout: Duration) -> Result<(), String> {
        self.writer.as_ref().map_or(Ok(()), |writer| writer.flush(timeout))
    }

    /// Writes the project as it is in memory, with its history and datasets, to another file, replacing one that is
    /// there. Works while the project's own file cannot be written. Waits for the disk; see [`Self::snapshot`].
    ///
    /// # Errors
    /// When `target` is the project's own file, or cannot be written completely; then it is as it was.
    pub fn save_copy(&self, target: &Path) -> Result<(), StoreError> {
        self.snapshot().write(target)
    }

    /// The project as it is in memory, with its history and datasets, for another thread to write as a copy.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let datasets = self.history.datasets(&self.project);
        Snapshot {
            project: self.project.clone(),
            steps: self.history.steps().cloned().collect(),
            oldest: self.history.oldest(),
            cursor: self.history.cursor(),
            revision: self.revision,
            next_dataset: self.next_dataset,
            datasets: datasets.into_iter().map(|id| (id, self.datasets.source(id))).collect(),
            own_file: Some(self.path.clone()),
        }
    }
}
