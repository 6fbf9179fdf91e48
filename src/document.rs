//! The only door to change: a project in memory, its file, and its history kept in step. Planning and memory come
//! first and never wait for the disk; the file follows, one durable transaction per edit. An import goes the other way:
//! it is part of the project once it is durable. Knows nothing of screens.

mod datasets;
mod history;
mod keeping;
mod moving;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::model::{Change, Dataset, DatasetId, DatasetInfo, Edit, EditError, EntityId, Project};
use crate::store::{
    self, Columns, Direction, End, Handle, Keeping, Listener, News, Opened, Publishing, ReadOnly, Save, SaveState,
    Snapshot, Step, Store, StoreError, Transfer, Writer,
};

pub use datasets::Datasets;
use history::History;
pub use keeping::keeping_of_user;

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
    keeping: Keeping,
    identity: String,
    home: Home,
    pending: Option<Box<Pending>>,
    opened_at: SystemTime,
}

/// Where the saves go.
#[derive(Debug)]
enum Home {
    Writer(Writer, Handle),
    /// Nothing is saved, for this reason. The store is kept for what it still does: the check of a large file.
    ReadOnly(ReadOnly, Box<Store>),
}

/// An import on its way into the file, and what the project is once it is there.
#[derive(Debug)]
struct Pending {
    transfer: Arc<Transfer>,
    project: Project,
    history: History,
    id: DatasetId,
    dataset: Arc<Dataset>,
    forgotten: Vec<DatasetId>,
    performed: Performed,
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
    #[error("An import is being saved. Wait until it is done, or cancel it.")]
    Importing,
    #[error("The import was cancelled; nothing was changed.")]
    Cancelled,
    #[error("The import was not saved, and nothing was changed. {0}")]
    NotSaved(String),
    #[error(
        "It is not known whether the import is in {}: neither completing it nor taking it back worked. {why} Then open \
         the project: it holds all of the import or nothing.",
        .path.display()
    )]
    Unknown { path: PathBuf, why: String },
}

/// Between two looks whether an import can still go on.
const PATIENCE: Duration = Duration::from_millis(100);
/// So often the end of an import is looked for on a disk that refuses, before whoever waits for it is let go.
const ATTEMPTS: u32 = 20;

/// The step that `edit` would be, and what there would be to tell of it.
fn plan(edit: &Edit, project: &Project) -> Result<(Step, Performed), EditError> {
    let title = edit.title(project);
    let changes = edit.plan(project)?;
    let is_new = |change: &&Change| change.before.is_none();
    let created = changes.iter().filter(is_new).map(|change| change.id).collect();
    Ok((Step { title: title.clone(), changes }, Performed { created, title }))
}

impl Document {
    /// Makes a new file that holds `project`, and opens it.
    ///
    /// # Errors
    /// When there is a file already, or the new one cannot be written.
    pub fn create(path: &Path, project: &Project) -> Result<Self, StoreError> {
        Self::create_with(path, project, &Keeping::default())
    }

    /// Makes a new file that holds `project`, and opens it to be kept in this way.
    ///
    /// # Errors
    /// When there is a file already, or the new one cannot be written.
    pub fn create_with(path: &Path, project: &Project, keeping: &Keeping) -> Result<Self, StoreError> {
        Store::create(path, project)?;
        Self::open_with(path, keeping)
    }

    /// Opens a file with its history, to be edited where it lies; nothing is kept beside it. A read-only file can be
    /// looked at and copied.
    ///
    /// # Errors
    /// When the file is anything but a whole project of a format that we read, or another program has locked it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, &Keeping::default())
    }

    /// Opens a file with its history, to be kept in this way. What somebody else has open can be looked at and copied.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(path: &Path, keeping: &Keeping) -> Result<Self, StoreError> {
        Self::of(Store::open_with(path, keeping)?, keeping)
    }

    /// Opens a file to look at it. Nothing is written anywhere.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn look(path: &Path) -> Result<Self, StoreError> {
        Self::of(Store::look(path)?, &Keeping::default())
    }

    fn of((store, opened): (Store, Opened), keeping: &Keeping) -> Result<Self, StoreError> {
        let Opened { project, steps, oldest, cursor, revision, next_dataset, identity, read_only, .. } = opened;
        let path = store.path().to_owned();
        let opened_at =
            std::fs::metadata(&path).and_then(|metadata| metadata.modified()).unwrap_or_else(|_| SystemTime::now());
        let datasets = Datasets::of(store.file().to_owned());
        let home = if let Some(why) = read_only {
            Home::ReadOnly(why, Box::new(store))
        } else {
            let handle = store.handle();
            Home::Writer(Writer::start(store, SaveState::Saved { revision, at: opened_at })?, handle)
        };
        let history = History::new(steps, oldest, cursor);
        let keeping = keeping.clone();
        let pending = None;
        Ok(Self {
            project,
            history,
            revision,
            next_dataset,
            datasets,
            path,
            keeping,
            identity,
            home,
            pending,
            opened_at,
        })
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
        self.writer().is_none()
    }

    /// Why it takes no edits, if it takes none.
    #[must_use]
    pub fn read_only_because(&self) -> Option<&ReadOnly> {
        match &self.home {
            Home::Writer(..) => None,
            Home::ReadOnly(why, _) => Some(why),
        }
    }

    /// How it is kept.
    #[must_use]
    pub fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    fn writer(&self) -> Option<&Writer> {
        match &self.home {
            Home::Writer(writer, _) => Some(writer),
            Home::ReadOnly(..) => None,
        }
    }

    fn handle(&self) -> Handle {
        match &self.home {
            Home::Writer(_, handle) => handle.clone(),
            Home::ReadOnly(_, store) => store.handle(),
        }
    }

    /// How far the file that others see is behind, where it is edited in a working copy. Never waits.
    #[must_use]
    pub fn publishing(&self) -> Publishing {
        self.handle().publishing()
    }

    /// Publishes now instead of in a while.
    pub fn publish(&self) {
        self.handle().publish();
    }

    /// Publishes what is saved, and waits until that is done or does not work.
    ///
    /// # Errors
    /// A sentence on what is in the way. Everything is durable on this computer, and published when that is gone.
    pub fn publish_now(&self) -> Result<(), String> {
        self.publish();
        loop {
            match self.publishing() {
                Publishing::InPlace | Publishing::Published { .. } => return Ok(()),
                Publishing::Failed { why } => return Err(why),
                Publishing::Waiting => std::thread::sleep(PATIENCE),
            }
        }
    }

    /// What happened behind the scenes and was not heard yet. After a conflict the project has another file.
    pub fn news(&mut self) -> Vec<News> {
        let news = self.handle().news();
        for item in &news {
            if let News::Conflict { ours, .. } = item {
                self.path.clone_from(ours);
            }
        }
        news
    }

    /// Performs `edit` as one step of undo. An edit that changes nothing makes no step. Imports come in by
    /// [`Self::import`], with their columns.
    ///
    /// # Errors
    /// A sentence when the edit cannot be done; then nothing has changed.
    pub fn perform(&mut self, edit: Edit) -> Result<Performed, Refusal> {
        match edit {
            Edit::ImportDataset { .. } => Err(Refusal::Import("its columns are missing")),
            edit => self.perform_now(&edit),
        }
    }

    fn perform_now(&mut self, edit: &Edit) -> Result<Performed, Refusal> {
        self.check_free()?;
        let (step, performed) = plan(edit, &self.project)?;
        if !step.changes.is_empty() {
            let step = Arc::new(step);
            step.changes.iter().for_each(|change| change.apply(&mut self.project));
            let dropped = self.history.push(Arc::clone(&step));
            let forgotten = self.history.no_longer_mentioned(&dropped, &self.project);
            for id in &forgotten {
                self.datasets.forget(*id);
            }
            self.save(Direction::Perform, step, forgotten);
        }
        Ok(performed)
    }

    /// Adds an imported dataset as one step of undo, and waits until it is durable. Of `info` the id, the counts and the
    /// fields are filled in here; `events` names the catalogue entry of each of the event names in the dataset.
    ///
    /// # Errors
    /// A sentence when the columns do not fit together, or cannot be saved; then nothing has changed. Where the disk
    /// refuses even to tell, [`Refusal::Unknown`]; then the import is still tried, as [`Self::start_import`] leaves it.
    pub fn import(
        &mut self,
        info: DatasetInfo,
        dataset: impl Into<Arc<Dataset>>,
        events: Vec<String>,
    ) -> Result<Performed, Refusal> {
        let transfer = self.start_import(info, dataset, events)?;
        let mut blocked = None;
        let end = loop {
            if let Some(end) = transfer.wait(PATIENCE) {
                break end;
            }
            // What is in the way of earlier edits is in the way of this one too.
            if let SaveState::Failed { why } = self.save_state() {
                self.cancel_import();
                if transfer.failures() >= ATTEMPTS {
                    return Err(Refusal::Unknown { path: self.path.clone(), why });
                }
                blocked = Some(why);
            }
        };
        match (self.settle(end), blocked) {
            (Err(Refusal::Cancelled), Some(why)) => Err(Refusal::NotSaved(why)),
            (settled, _) => settled,
        }
    }

    /// Starts to write an imported dataset to the file, as [`Self::import`] does, and returns at once. Until
    /// [`Self::poll_import`] says how it ended, the project is as it was and takes no edits.
    ///
    /// # Errors
    /// A sentence when the columns do not fit together or the project takes no edits now.
    pub fn start_import(
        &mut self,
        info: DatasetInfo,
        dataset: impl Into<Arc<Dataset>>,
        events: Vec<String>,
    ) -> Result<Arc<Transfer>, Refusal> {
        let dataset = dataset.into();
        if let Some(fault) = dataset.fault() {
            return Err(Refusal::Import(fault));
        }
        if events.len() != dataset.event_names.len() {
            return Err(Refusal::Import("not every event has a place in the catalogue"));
        }
        let Some(writer) = self.check_free()? else { return Err(Refusal::ReadOnly(self.path.clone())) };
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
        let (step, performed) = plan(&Edit::ImportDataset { dataset: info, events }, &self.project)?;
        let step = Arc::new(step);
        let (mut project, mut history) = (self.project.clone(), self.history.clone());
        step.changes.iter().for_each(|change| change.apply(&mut project));
        let dropped = history.push(Arc::clone(&step));
        let forgotten = history.no_longer_mentioned(&dropped, &project);
        let transfer = Arc::new(Transfer::default());
        writer.push(Save {
            direction: Direction::Perform,
            step,
            position: history.cursor(),
            oldest: history.oldest(),
            revision: self.revision + 1,
            dataset: Some(Columns { id, dataset: Arc::clone(&dataset), transfer: Arc::clone(&transfer) }),
            forgotten: forgotten.clone(),
        });
        let shared = Arc::clone(&transfer);
        self.pending = Some(Box::new(Pending { transfer, project, history, id, dataset, forgotten, performed }));
        Ok(shared)
    }

    /// How the import that was started ended; `None` while it has not, or there is none. Never waits.
    pub fn poll_import(&mut self) -> Option<Result<Performed, Refusal>> {
        let end = self.pending.as_ref()?.transfer.end()?;
        Some(self.settle(end))
    }

    /// Gives up the import that was started. [`Self::poll_import`] says whether this came in time.
    pub fn cancel_import(&self) {
        if let (Some(writer), Some(pending)) = (self.writer(), &self.pending) {
            writer.call_off(&pending.transfer);
        }
    }

    fn settle(&mut self, end: End) -> Result<Performed, Refusal> {
        let Some(pending) = self.pending.take() else { return Err(Refusal::Cancelled) };
        match end {
            End::Durable => {
                let Pending { project, history, id, dataset, forgotten, performed, .. } = *pending;
                (self.project, self.history) = (project, history);
                self.revision += 1;
                self.next_dataset = DatasetId(id.0.saturating_add(1));
                for id in forgotten {
                    self.datasets.forget(id);
                }
                self.datasets.keep(id, dataset);
                Ok(performed)
            }
            End::CalledOff => Err(Refusal::Cancelled),
            End::Failed(why) => Err(Refusal::NotSaved(why)),
        }
    }

    /// The writer, unless the project takes no edits now.
    fn check_free(&self) -> Result<Option<&Writer>, Refusal> {
        if self.read_only() {
            return Err(Refusal::ReadOnly(self.path.clone()));
        }
        if self.pending.is_some() { Err(Refusal::Importing) } else { Ok(self.writer()) }
    }

    /// What [`Self::undo`] would take back.
    #[must_use]
    pub fn undo_title(&self) -> Option<&str> {
        self.history.last_done().filter(|_| self.check_free().is_ok()).map(|step| step.title.as_str())
    }

    /// What [`Self::redo`] would do again.
    #[must_use]
    pub fn redo_title(&self) -> Option<&str> {
        self.history.first_undone().filter(|_| self.check_free().is_ok()).map(|step| step.title.as_str())
    }

    /// Takes the last step back and says its title; `None` when there is none.
    pub fn undo(&mut self) -> Option<String> {
        self.undo_title()?;
        let step = Arc::clone(self.history.last_done()?);
        for change in step.changes.iter().rev() {
            change.inverse().apply(&mut self.project);
        }
        let title = step.title.clone();
        self.save(Direction::Undo, step, Vec::new());
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
        self.save(Direction::Redo, step, Vec::new());
        Some(title)
    }

    /// The steps that are done, with their positions and titles, the last one first: before each of them there is an
    /// earlier version.
    pub fn steps_done(&self) -> impl Iterator<Item = (u64, &str)> {
        self.history.steps_done().map(|(position, step)| (position, step.title.as_str()))
    }

    /// The project as it was before the step at `position`; `None` where that is not among those that are done.
    #[must_use]
    pub fn before(&self, position: u64) -> Option<Project> {
        self.history.steps_done().find(|(known, _)| *known == position)?;
        let mut project = self.project.clone();
        for (_, step) in self.history.steps_done().take_while(|(known, _)| *known >= position) {
            for change in step.changes.iter().rev() {
                change.inverse().apply(&mut project);
            }
        }
        Some(project)
    }

    /// Queues the step at which the history stands.
    fn save(&mut self, direction: Direction, step: Arc<Step>, forgotten: Vec<DatasetId>) {
        self.revision += 1;
        if let Some(writer) = self.writer() {
            writer.push(Save {
                direction,
                step,
                position: self.history.cursor(),
                oldest: self.history.oldest(),
                revision: self.revision,
                dataset: None,
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
        match self.writer() {
            Some(writer) => writer.state(),
            None => SaveState::Saved { revision: self.revision, at: self.opened_at },
        }
    }

    /// Calls `listener` on each change of [`Self::save_state`] and [`Self::publishing`] and when there is news, on any thread. It must not wait.
    pub fn on_save_state(&self, listener: Listener) {
        self.handle().listen(Arc::clone(&listener));
        if let Some(writer) = self.writer() {
            writer.listen(listener);
        }
    }

    /// After a failure, tries to save again now instead of in a while.
    pub fn retry_saving(&self) {
        if let Some(writer) = self.writer() {
            writer.retry();
        }
    }

    /// Waits until everything is saved.
    ///
    /// # Errors
    /// A sentence on what is in the way, when the time is over; the work is kept and tried again.
    pub fn flush(&self, timeout: Duration) -> Result<(), String> {
        self.writer().map_or(Ok(()), |writer| writer.flush(timeout))
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
            identity: store::new_identity(),
        }
    }
}
