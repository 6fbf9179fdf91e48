//! What can go wrong with a file, in the reader's words: what was read, what was expected, what to do.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why a file was not opened, written or copied. Nothing of the file was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("There is no file {}. It may have been moved or deleted; choose it again.", .0.display())]
    Missing(PathBuf),
    #[error("{} is a folder. Choose a file that ends in .statecraft.", .0.display())]
    Directory(PathBuf),
    #[error("There is no folder {}. Make it first, or choose another place.", .0.display())]
    NoFolder(PathBuf),
    #[error("Could not {doing} {}: the system does not let it be opened. Check that you may read and write it and its folder.", .path.display())]
    CannotOpen { doing: &'static str, path: PathBuf },
    #[error("{} is not an ordinary file. Choose a file that ends in .statecraft.", .0.display())]
    NotAFile(PathBuf),
    #[error("{} is empty. A Statecraft project is never empty, so saving or copying it was cut short; use another copy.", .0.display())]
    Empty(PathBuf),
    #[error("{} is not a Statecraft project: it is no SQLite file. Other formats are read by Import.", .0.display())]
    NotSqlite(PathBuf),
    #[error("{} is an SQLite file of another program, not a Statecraft project. It was left as it is.", .0.display())]
    Foreign(PathBuf),
    #[error("{} was saved by a newer Statecraft (format {found}; this one reads up to {supported}). {} to open it.", .path.display(), update_to(.needs.as_deref()))]
    TooNew { path: PathBuf, found: u32, supported: u32, needs: Option<String> },
    #[error("{} is too large for a project ({gigabytes} GB; the largest has {LARGEST_FILE_GB} GB). It was left as it is.", .path.display())]
    TooLarge { path: PathBuf, gigabytes: u64 },
    #[error("Reading {} was given up after {TIME_LIMIT_SECONDS} seconds, since no sound project takes so long. It was left as it is; open another copy or an earlier version.", .0.display())]
    TooSlow(PathBuf),
    #[error("{} holds more than a project does: {what}. It was left as it is and nothing in it was run; its journey can be taken over into a new file.", .path.display())]
    Extras { path: PathBuf, what: String },
    #[error("Nothing of a journey could be read from {}. It was left as it is.", .0.display())]
    NothingLeft(PathBuf),
    #[error("{} lies where it is edited in a working copy, and this computer has no folder for that. Set STATECRAFT_STATE to a folder of yours.", .0.display())]
    NoStateFolder(PathBuf),
    #[error("{} is not there: its disk or its network folder is not connected. Your work is kept on this computer.", .0.display())]
    Unplugged(PathBuf),
    #[error("{} was switched to write-ahead logging by another program. Close that program and run \"PRAGMA journal_mode = DELETE\" on the file to open it here.", .0.display())]
    WriteAhead(PathBuf),
    #[error("{} is damaged: {why}. It was left as it is; open another copy.", .path.display())]
    Damaged { path: PathBuf, why: String },
    #[error("The project cannot be saved as {}: {why}.", .path.display())]
    Unfit { path: PathBuf, why: String },
    #[error("There already is a file {}. Choose another name.", .0.display())]
    Exists(PathBuf),
    #[error("Beside {} lies {}, left by a program that is still writing or was interrupted. Choose another name.", .path.display(), .journal.display())]
    Leftover { path: PathBuf, journal: PathBuf },
    #[error("{} is this project's own file; every edit is saved there already. Choose another name for the copy.", .0.display())]
    OwnFile(PathBuf),
    #[error("{} is read-only; use Save a copy to go on in another file.", .0.display())]
    ReadOnly(PathBuf),
    #[error("{} was changed by another program, and nothing of that was overwritten. Use Save a copy to keep this version, or open the file again.", .0.display())]
    Changed(PathBuf),
    #[error("{} was moved, deleted or replaced while it was open. Put it back, or use Save a copy.", .0.display())]
    Moved(PathBuf),
    #[error("The disk that holds {} is full. Free some space, or use Save a copy on another disk.", .0.display())]
    Full(PathBuf),
    #[error("{} is locked by another program. Close it there, or wait.", .0.display())]
    Locked(PathBuf),
    #[error("The dataset is not in {}; import it again.", .0.display())]
    NoDataset(PathBuf),
    #[error("The work on {} was called off; nothing was changed.", .0.display())]
    CalledOff(PathBuf),
    #[error("An import is being saved to {}. Wait until it is done, or cancel it.", .0.display())]
    Importing(PathBuf),
    #[error("Could not {doing} {}: {source}.", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("Could not {doing} {}: {source}.", .path.display())]
    Sqlite { doing: &'static str, path: PathBuf, source: rusqlite::Error },
}

/// The size of the largest file that is looked into.
pub(super) const LARGEST_FILE_GB: u64 = 64;
/// So long may SQLite read in a file of unknown origin.
pub(super) const TIME_LIMIT_SECONDS: u64 = 5;

fn update_to(needs: Option<&str>) -> String {
    needs.map_or_else(|| String::from("Update Statecraft"), |needs| format!("Get Statecraft {needs} or newer"))
}

impl StoreError {
    /// Whether the file itself is at fault, so that an earlier version or what is left of it is worth offering.
    #[must_use]
    pub fn calls_for_rescue(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Empty(_) | Self::NotSqlite(_) | Self::Extras { .. } | Self::TooSlow(_)
        )
    }

    pub(super) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.into() }
    }

    /// For `map_err` on file operations.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::StorageFull => Self::Full(path),
            _ => Self::Io { doing, path, source },
        }
    }

    /// For `map_err` on SQLite operations.
    pub(super) fn sqlite(doing: &'static str, path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.sqlite_error() {
            Some(error) if error.extended_code == ffi::SQLITE_READONLY_DBMOVED => Self::Moved(path),
            Some(error) if error.extended_code == ffi::SQLITE_READONLY_ROLLBACK => {
                Self::damaged(&path, "a save was interrupted, and the file is read-only, so it cannot be completed")
            }
            Some(error) => match error.code {
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    Self::damaged(&path, format!("SQLite says \"{source}\""))
                }
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked(path),
                ErrorCode::DiskFull => Self::Full(path),
                ErrorCode::OperationInterrupted => Self::TooSlow(path),
                ErrorCode::ReadOnly => Self::ReadOnly(path),
                ErrorCode::CannotOpen => Self::CannotOpen { doing, path },
                _ => Self::Sqlite { doing, path, source },
            },
            None => match source {
                rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::QueryReturnedNoRows => {
                    Self::damaged(&path, format!("a value in it does not read ({source})"))
                }
                source => Self::Sqlite { doing, path, source },
            },
        }
    }
}
