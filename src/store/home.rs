//! The folder that this computer keeps for one project, beside its file: working copy, earlier versions, lock. Found by
//! the path of the project. Only the user may read it, since it holds what the project holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::snapshot::sync_folder;

/// What the folder is about, for whoever looks into it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) path: PathBuf,
    /// As the project says; empty until it was read.
    pub(super) identity: String,
}

#[derive(Clone, Debug)]
pub(super) struct Home {
    folder: PathBuf,
}

impl Home {
    /// The folder for the project at `path`, which should have no links in it. Makes nothing.
    pub(super) fn of(state: &Path, path: &Path) -> Self {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let readable: String =
            stem.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).take(32).collect();
        let key = fingerprint(path.as_os_str().as_encoded_bytes());
        Self { folder: state.join("projects").join(format!("{readable}-{key:016x}")) }
    }

    /// Makes the folder, and says whose it is.
    pub(super) fn make(&self, path: &Path, identity: &str) -> io::Result<()> {
        make_private(&self.folder)?;
        let about = About { path: path.to_owned(), identity: identity.to_owned() };
        write_small(&self.folder.join("about.json"), &serde_json::to_vec(&about)?)
    }

    pub(super) fn working(&self) -> PathBuf {
        self.folder.join("working.statecraft")
    }

    pub(super) fn published(&self) -> PathBuf {
        self.folder.join("published.json")
    }

    pub(super) fn part(&self) -> PathBuf {
        self.folder.join("outgoing.part")
    }

    pub(super) fn versions(&self) -> PathBuf {
        self.folder.join("versions")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    pub(super) fn holder(&self) -> PathBuf {
        self.folder.join("open.json")
    }

    /// The folder of the project that was at another path, if it moved: it has this identity and its file is gone.
    pub(super) fn of_moved(state: &Path, identity: &str) -> Option<Self> {
        let mut folders: Vec<PathBuf> =
            fs::read_dir(state.join("projects")).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        folders.sort();
        folders.into_iter().map(|folder| Self { folder }).find(|home| {
            let about = fs::read(home.folder.join("about.json")).ok();
            let about = about.and_then(|bytes| serde_json::from_slice::<About>(&bytes).ok());
            about.is_some_and(|about| about.identity == identity && !about.path.exists())
        })
    }
}

/// A folder that only the user may read.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a small file, durably: the old one or the new one is there, never half of one.
pub(super) fn write_small(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let growing = path.with_extension("new");
    let mut file = fs::File::create(&growing)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    fs::rename(&growing, path)?;
    sync_folder(path);
    Ok(())
}

/// FNV-1a: the same on every platform and in every version, as the names of folders must be.
pub(super) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
