//! Earlier versions of a project: checked copies in a folder of this computer, the oldest of which go first. No failure
//! here keeps anybody from working.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::home::{self, Home};
use super::keeping::Room;
use super::publish::copy_project;
use super::snapshot::{Growing, sync_file, sync_folder};
use super::stamp::State;
use super::{Keeping, StoreError};

/// A copy of a project as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub path: PathBuf,
    pub at: SystemTime,
    pub revision: u64,
    /// In bytes.
    pub size: u64,
    /// `while editing`, `before an import`, `on closing`
    pub why: String,
}

/// When a version was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Editing,
    BeforeImport,
    BeforeMigration,
    Closing,
}

impl Occasion {
    const ALL: [Self; 4] = [Self::Editing, Self::BeforeImport, Self::BeforeMigration, Self::Closing];

    /// In the name of the file.
    fn key(self) -> &'static str {
        match self {
            Self::Editing => "editing",
            Self::BeforeImport => "import",
            Self::BeforeMigration => "format",
            Self::Closing => "closing",
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Editing => "while editing",
            Self::BeforeImport => "before an import",
            Self::BeforeMigration => "before the format changed",
            Self::Closing => "on closing",
        }
    }
}

const TIME: &str = "%Y-%m-%dT%H.%M.%SZ";

#[derive(Clone, Debug)]
pub(super) struct Ring {
    folder: PathBuf,
    /// Where the homes of all projects are.
    state: PathBuf,
    room: Room,
}

impl Ring {
    pub(super) fn of(home: &Home, state: &Path, room: Room) -> Self {
        Self { folder: home.versions(), state: state.to_owned(), room }
    }

    /// Keeps a copy of `file`; errors speak of it as `path`.
    pub(super) fn keep(&self, file: &Path, path: &Path, occasion: Occasion) -> Result<(), StoreError> {
        home::make_private(&self.folder).map_err(StoreError::io("make", &self.folder))?;
        let growing = Growing(self.folder.join(format!(".{}.part", occasion.key())));
        copy_project(file, &growing.0, path)?;
        sync_file(&growing.0).map_err(StoreError::io("write", &growing.0))?;
        let revision = State::of(&growing.0).map_or(0, |state| state.revision);
        let now = Timestamp::now().to_zoned(TimeZone::UTC).strftime(TIME);
        let target = self.folder.join(format!("{now}-r{revision}-{}.statecraft", occasion.key()));
        fs::rename(&growing.0, &target).map_err(StoreError::io("write", &target))?;
        sync_folder(&target);
        self.make_room();
        Ok(())
    }

    fn make_room(&self) {
        let own = versions_in(&self.folder);
        for version in own.iter().skip(self.room.versions.max(1)) {
            // What cannot be removed takes room, and nothing else.
            let _ = fs::remove_file(&version.path);
        }
        let folders = fs::read_dir(self.state.join("projects")).into_iter().flatten();
        let folders = folders.filter_map(|entry| Some(entry.ok()?.path().join("versions")));
        let mut size = 0;
        let mut older = Vec::new();
        for folder in folders {
            let versions = versions_in(&folder);
            size += versions.iter().map(|version| version.size).sum::<u64>();
            older.extend(versions.into_iter().skip(1));
        }
        older.sort_by_key(|version| (version.at, version.path.clone()));
        for version in older {
            if size <= self.room.bytes {
                return;
            }
            if fs::remove_file(&version.path).is_ok() {
                size -= version.size;
            }
        }
    }
}

/// The earlier versions of the project at `path` that this computer keeps, newest first.
#[must_use]
pub fn versions(keeping: &Keeping, path: &Path) -> Vec<Version> {
    let Some(state) = &keeping.state else { return Vec::new() };
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = path.canonicalize().unwrap_or(path);
    let mut all = versions_in(&Home::of(state, &real).versions());
    // A project that was moved brings its earlier versions along.
    let moved = State::of(&real).and_then(|now| Home::of_moved(state, now.identity()));
    all.extend(moved.into_iter().flat_map(|home| versions_in(&home.versions())));
    all.sort_by_key(|version| Reverse((version.at, version.revision)));
    all
}

/// Newest first.
fn versions_in(folder: &Path) -> Vec<Version> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut all: Vec<Version> = entries.filter_map(|entry| version(&entry.ok()?.path())).collect();
    all.sort_by_key(|version| Reverse((version.at, version.revision)));
    all
}

/// What the name of a version says.
fn version(path: &Path) -> Option<Version> {
    let name = path.file_name()?.to_str()?.strip_suffix(".statecraft")?;
    let (time, rest) = name.split_once("Z-r")?;
    let (revision, key) = rest.split_once('-')?;
    let at = jiff::civil::DateTime::strptime("%Y-%m-%dT%H.%M.%S", time).ok()?.to_zoned(TimeZone::UTC).ok()?;
    let why = Occasion::ALL.into_iter().find(|occasion| occasion.key() == key)?.in_words();
    Some(Version {
        path: path.to_owned(),
        at: at.timestamp().into(),
        revision: revision.parse().ok()?,
        size: fs::metadata(path).ok()?.len(),
        why: why.to_owned(),
    })
}
