//! A file that exists and can be opened. Knows nothing of what is in it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::ImportError;

/// A file that has been looked at but not read.
pub(super) struct Source {
    path: PathBuf,
    pub(super) size: u64,
    /// `None` where the file system keeps no such time.
    modified: Option<SystemTime>,
}

impl Source {
    pub(super) fn at(path: &Path) -> Result<Self, ImportError> {
        let source = Self { path: path.to_owned(), size: 0, modified: None };
        let metadata = fs::metadata(path).map_err(|error| source.problem(&error))?;
        if metadata.is_dir() {
            return Err(ImportError::Folder { file: source.name() });
        }
        if !metadata.is_file() {
            // A pipe or a device has no size and can't be read twice.
            return Err(ImportError::Unreadable {
                file: source.name(),
                reason: String::from("it is no ordinary file"),
            });
        }
        match metadata.len() {
            0 => Err(ImportError::Empty { file: source.name() }),
            size => Ok(Self { size, modified: metadata.modified().ok(), ..source }),
        }
    }

    /// For what is kept row by row in memory.
    pub(super) fn within(self, limit: u64) -> Result<Self, ImportError> {
        if self.size > limit {
            return Err(ImportError::TooLarge { file: self.name(), size: self.size });
        }
        Ok(self)
    }

    pub(super) fn open(&self) -> Result<File, ImportError> {
        File::open(&self.path).map_err(|error| self.problem(&error))
    }

    /// A file is read several times; what was learnt of it has to be true still at the end.
    pub(super) fn unchanged(&self) -> Result<(), ImportError> {
        let metadata = fs::metadata(&self.path).map_err(|error| self.problem(&error))?;
        if metadata.len() == self.size && metadata.modified().ok() == self.modified {
            return Ok(());
        }
        Err(ImportError::Changed { file: self.name() })
    }

    /// What sentences call the file.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn problem(&self, error: &io::Error) -> ImportError {
        if error.kind() == io::ErrorKind::NotFound {
            return ImportError::Missing { file: self.name() };
        }
        ImportError::Unreadable { file: self.name(), reason: error.to_string() }
    }
}
