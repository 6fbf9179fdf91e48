//! Judges a file by its first 100 bytes, before SQLite sees it. Knows the layout of SQLite's header, nothing of tables.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use super::{APPLICATION_ID, FORMAT, StoreError, connection};

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Refuses every file that is not a project of a format we know.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    let metadata = fs::metadata(path).map_err(StoreError::io("read", path))?;
    if metadata.is_dir() {
        return Err(StoreError::Directory(path.to_owned()));
    }
    // A pipe or a device could keep us waiting for ever.
    if !metadata.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let mut header = Vec::with_capacity(100);
    let _bypassing = connection::bypassing();
    File::open(path).and_then(|file| file.take(100).read_to_end(&mut header)).map_err(StoreError::io("read", path))?;
    judge(path, &header)
}

fn judge(path: &Path, header: &[u8]) -> Result<(), StoreError> {
    if header.is_empty() {
        return Err(StoreError::Empty(path.to_owned()));
    }
    if !header.starts_with(MAGIC) {
        return Err(StoreError::NotSqlite(path.to_owned()));
    }
    let (Some(version), Some(application), Some(&[write, read])) =
        (number(header, 60), number(header, 68), header.get(18..20))
    else {
        return Err(StoreError::damaged(path, "it ends within its header"));
    };
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    if version > FORMAT {
        return Err(StoreError::TooNew { path: path.to_owned(), found: version, supported: FORMAT });
    }
    if version == 0 {
        return Err(StoreError::damaged(path, "it does not say which format it has"));
    }
    if write == 2 || read == 2 {
        return Err(StoreError::WriteAhead(path.to_owned()));
    }
    Ok(())
}

/// Whether the file refuses to be written: by its attribute, its permissions or its disk.
pub(super) fn is_read_only(path: &Path) -> Result<bool, StoreError> {
    let attribute = fs::metadata(path).map_err(StoreError::io("read", path))?.permissions().readonly();
    if attribute {
        return Ok(true);
    }
    let _bypassing = connection::bypassing();
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(false),
        Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
            Ok(true)
        }
        Err(error) => Err(StoreError::io("write", path)(error)),
    }
}

fn number(header: &[u8], at: usize) -> Option<u32> {
    header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
}
