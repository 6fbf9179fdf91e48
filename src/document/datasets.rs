//! The datasets of one project, loaded when asked for and kept. They never change, so every copy may be shared.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::{Dataset, DatasetId};
use crate::store::{self, DatasetSource, StoreError};

/// A handle that can be cloned and sent to other threads.
#[derive(Clone, Debug)]
pub struct Datasets(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    loaded: Mutex<BTreeMap<DatasetId, Arc<Dataset>>>,
}

impl Datasets {
    pub(super) fn of(path: PathBuf) -> Self {
        Self(Arc::new(Shared { path, loaded: Mutex::default() }))
    }

    /// The columns of a dataset, read from the file the first time, which can take a while.
    ///
    /// # Errors
    /// When they are not in the file, or do not read.
    pub fn load(&self, id: DatasetId) -> Result<Arc<Dataset>, StoreError> {
        if let Some(dataset) = self.loaded(id) {
            return Ok(dataset);
        }
        // Not under the lock, so that a large one holds nobody up.
        let dataset = Arc::new(store::load_dataset(&self.0.path, id)?);
        self.keep(id, Arc::clone(&dataset));
        Ok(dataset)
    }

    /// The columns of a dataset, if they are in memory already. Never waits for the disk.
    #[must_use]
    pub fn loaded(&self, id: DatasetId) -> Option<Arc<Dataset>> {
        self.lock().get(&id).cloned()
    }

    /// Those that are in memory.
    pub(super) fn all(&self) -> Vec<(DatasetId, Arc<Dataset>)> {
        self.lock().iter().map(|(id, columns)| (*id, Arc::clone(columns))).collect()
    }

    pub(super) fn keep(&self, id: DatasetId, dataset: Arc<Dataset>) {
        self.lock().insert(id, dataset);
    }

    pub(super) fn forget(&self, id: DatasetId) {
        self.lock().remove(&id);
    }

    /// Where a copy of the project takes the columns from: memory, which may be ahead of the file, else the file.
    pub(super) fn source(&self, id: DatasetId) -> DatasetSource {
        self.loaded(id).map_or_else(|| DatasetSource::File(self.0.path.clone()), DatasetSource::Memory)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<DatasetId, Arc<Dataset>>> {
        self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
