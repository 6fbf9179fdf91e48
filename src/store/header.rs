//! Judges a file by its first 100 bytes, before SQLite sees it. Knows the layout of SQLite's header, nothing of tables.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use super::error::LARGEST_FILE_GB;
use super::{APPLICATION_ID, StoreError, connection};

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Refuses every file that is not a project; says which format it has, which may be newer than ours.
pub(super) fn check(path: &Path) -> Result<u32, StoreError> {
    let metadata = fs::metadata(path).map_err(StoreError::io("read", path))?;
    if metadata.is_dir() {
        return Err(StoreError::Directory(path.to_owned()));
    }
    // A pipe or a device could keep us waiting for ever.
    if !metadata.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let gigabytes = metadata.len() >> 30;
    if gigabytes >= LARGEST_FILE_GB {
        return Err(StoreError::TooLarge { path: path.to_owned(), gigabytes });
    }
    let mut header = Vec::with_capacity(100);
    let _bypassing = connection::bypassing();
    File::open(path).and_then(|file| file.take(100).read_to_end(&mut header)).map_err(StoreError::io("read", path))?;
    judge(path, &header)
}

fn judge(path: &Path, header: &[u8]) -> Result<u32, StoreError> {
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
    if version == 0 {
        return Err(StoreError::damaged(path, "it does not say which format it has"));
    }
    if write == 2 || read == 2 {
        return Err(StoreError::WriteAhead(path.to_owned()));
    }
    let page = header.get(16..18).map_or(0, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
    // SQLite writes 1 for the one size that does not fit into two bytes.
    if page != 1 && !(page.is_power_of_two() && page >= 512) {
        return Err(StoreError::damaged(path, format!("its pages have {page} bytes, which no SQLite file has")));
    }
    let utf8 = number(header, 56) == Some(1);
    if header.get(20) != Some(&0) || !utf8 {
        return Err(StoreError::damaged(path, "its header is not that of a project"));
    }
    Ok(version)
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
