//! Opens SQLite connections, set to trust neither the file nor the power supply.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::sabotage::{Sabotage, suffers};

/// How long to wait for a lock of another program.
const PATIENCE: Duration = Duration::from_secs(2);

/// What our own statements and rows need, with room to spare.
const LIMITS: [(Limit, i32); 12] = [
    (Limit::SQLITE_LIMIT_LENGTH, 512 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 64),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 32),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 8),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 8),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 32),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// POSIX forgets all locks that a process holds on a file as soon as that process closes any handle of it. So nobody
/// here opens a project without SQLite while a connection of ours may hold a lock.
static HANDLES: RwLock<()> = RwLock::new(());

/// Held while connections hold locks. Not to be taken twice by one thread.
pub(super) fn locking() -> RwLockReadGuard<'static, ()> {
    HANDLES.read().unwrap_or_else(PoisonError::into_inner)
}

/// Held while a project is opened without SQLite.
pub(super) fn bypassing() -> RwLockWriteGuard<'static, ()> {
    HANDLES.write().unwrap_or_else(PoisonError::into_inner)
}

/// A connection that cannot change the file, nor create anything beside it.
pub(super) fn to_read(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
    distrust(&connection)?;
    Ok(connection)
}

/// The digit of a number below 16.
fn hex(number: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(number & 15)])
}

/// A connection that reads whatever can still be read: it heeds no lock, and no journal beside the file.
pub(super) fn to_salvage(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b':' => uri.push(char::from(byte)),
            _ => uri.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    uri.push_str("?immutable=1");
    let access = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags(access))?;
    distrust(&connection)?;
    Ok(connection)
}

/// Gives up what SQLite does on `connection` when `limit` is over or somebody calls it off, so that no file can hold us
/// up.
pub(super) fn limit_time(
    connection: &mut Connection,
    limit: Duration,
    called_off: Arc<AtomicBool>,
) -> rusqlite::Result<()> {
    let deadline = Instant::now() + limit;
    connection.progress_handler(1_000, Some(move || called_off.load(Ordering::Relaxed) || Instant::now() > deadline))
}

/// A connection that writes durably. The file must exist.
pub(super) fn to_write(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    distrust(&connection)?;
    let journal = if suffers(Sabotage::WriteAhead) { "WAL" } else { "DELETE" };
    connection.pragma_update(None, "journal_mode", journal)?;
    // Extra: that the journal is gone is durable, too, for as long as it is there a save can be taken back.
    let synchronous = if suffers(Sabotage::UnsyncedFolder) { "FULL" } else { "EXTRA" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(connection)
}

/// A connection that fills a new file quickly; whoever uses it makes the whole file durable afterwards.
pub(super) fn to_fill(path: &Path) -> rusqlite::Result<Connection> {
    let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = Connection::open_with_flags(path, flags(create))?;
    distrust(&connection)?;
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(connection)
}

fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE
}

fn distrust(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        connection.set_db_config(setting, on)?;
    }
    for (limit, most) in LIMITS {
        connection.set_limit(limit, most)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}
