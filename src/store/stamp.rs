//! What a published file looked like when we last saw it, so that a change by somebody else is noticed whatever the disk
//! says of times.

use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, Read as _};
use std::path::Path;
use std::time::SystemTime;

use rusqlite::ErrorCode;
use serde::{Deserialize, Serialize};

use super::connection;

/// Two files with equal stamps are one file that nobody changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Of the disk and of the file on it; 0 where the system has none.
    device: u64,
    inode: u64,
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    /// Which state of which project it is.
    pub(super) state: State,
    /// Of all bytes.
    hash: u64,
}

/// A state of a project: nobody else can have made the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) revision: u64,
    writer: i64,
    identity: String,
}

impl State {
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    /// `None` where the file does not say, for whatever reason.
    pub(super) fn of(path: &Path) -> Option<Self> {
        Self::read(path).ok()
    }

    /// `None` where the file is none of ours or is gone.
    ///
    /// # Errors
    /// When it could not be looked at; then nobody knows.
    pub(super) fn found(path: &Path) -> io::Result<Option<Self>> {
        if !path.try_exists()? {
            return Ok(None);
        }
        match Self::read(path) {
            Ok(state) => Ok(Some(state)),
            Err(error) if error.sqlite_error_code().is_some_and(tells_of_the_disk) => Err(io::Error::other(error)),
            Err(_) => Ok(None),
        }
    }

    fn read(path: &Path) -> rusqlite::Result<Self> {
        let _locking = connection::locking();
        let connection = connection::to_read(path)?;
        let has_identity: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let (revision, writer): (i64, i64) =
            connection.query_row("SELECT revision, writer FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let revision = u64::try_from(revision).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, revision))?;
        let identity = if has_identity >= 2 {
            connection.query_row("SELECT identity FROM meta", [], |row| row.get(0))?
        } else {
            String::new()
        };
        Ok(Self { revision, writer, identity })
    }
}

/// Whether SQLite failed by the disk or a lock, and not by what is in the file.
fn tells_of_the_disk(code: ErrorCode) -> bool {
    use ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, OutOfMemory, PermissionDenied, SystemIoFailure};
    matches!(code, CannotOpen | DatabaseBusy | DatabaseLocked | OutOfMemory | PermissionDenied | SystemIoFailure)
}

impl Stamp {
    /// Looks at all of a file that is in the state `state`.
    pub(super) fn of(path: &Path, state: State) -> io::Result<Self> {
        let stamp = Self::light(&fs::metadata(path)?, state);
        Ok(Self { hash: hash(path)?, ..stamp })
    }

    fn light(metadata: &Metadata, state: State) -> Self {
        let (device, inode) = identity(metadata);
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let modified = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let modified = u64::try_from(modified).unwrap_or(u64::MAX);
        Self { device, inode, size: metadata.len(), modified, state, hash: 0 }
    }

    /// Whether the file at `path` is still the one that was stamped. Sync programs touch files, and some disks know
    /// times to two seconds only; where one says this and the other that, the bytes decide.
    pub(super) fn fits(&self, path: &Path) -> io::Result<bool> {
        let metadata = fs::metadata(path)?;
        let Some(state) = State::found(path)? else { return Ok(false) };
        if metadata.len() != self.size || state != self.state {
            return Ok(false);
        }
        let same = Self { hash: self.hash, ..Self::light(&metadata, state) } == *self;
        Ok(same || hash(path)? == self.hash)
    }
}

/// Of the disk that holds `path`, where the system tells.
pub(super) fn device(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| identity(&metadata).0).filter(|device| *device != 0)
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// FNV-1a over all bytes.
fn hash(path: &Path) -> io::Result<u64> {
    let _bypassing = connection::bypassing();
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut block = vec![0; 1 << 16];
    loop {
        let length = reader.read(&mut block)?;
        if length == 0 {
            return Ok(hash);
        }
        for byte in &block[..length] {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Stamp {
    /// Whether the two files have the same content, wherever they lie.
    pub(super) fn same_bytes(&self, other: &Self) -> bool {
        (self.size, self.hash) == (other.size, other.hash)
    }
}
