//! Bytes as a file, for what reads files only.

use std::path::PathBuf;

/// Writes the bytes where this process keeps its file.
pub fn of(bytes: &[u8], ending: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("statecraft-fuzz-{}.{ending}", std::process::id()));
    std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
    path
}
