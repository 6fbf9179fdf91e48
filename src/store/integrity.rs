//! The complete check of a file that is open already, on a thread of its own and without a limit of time. It makes way
//! for every save.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::{StoreError, connection};

/// Whether every page is sound and every index agrees with its table.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite("check", path)(error);
    let fault: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if fault == "ok" {
        return Ok(());
    }
    let fault = fault.trim_start_matches("*** in database main ***").replace('\n', " ");
    Err(StoreError::damaged(path, format!("SQLite's check says \"{}\"", fault.trim())))
}

/// Checks `file` while `gives_way` is not set; `None` when it was set before the end.
pub(super) fn check_file(file: &Path, gives_way: &Arc<AtomicBool>) -> Option<Result<(), StoreError>> {
    let checked = open_and_check(file, gives_way);
    match checked {
        Err(StoreError::TooSlow(_)) if gives_way.load(Ordering::Relaxed) => None,
        checked => Some(checked),
    }
}

fn open_and_check(file: &Path, gives_way: &Arc<AtomicBool>) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite("check", file)(error);
    let _locking = connection::locking();
    let mut connection = connection::to_read(file).map_err(failed)?;
    let gives_way = Arc::clone(gives_way);
    connection.progress_handler(1_000, Some(move || gives_way.load(Ordering::Relaxed))).map_err(failed)?;
    check(&connection, file)
}
