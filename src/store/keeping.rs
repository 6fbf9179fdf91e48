//! How projects are to be kept: which folder of this computer is ours, which places to trust, how often to publish and
//! to keep an earlier version. Given from outside; knows no environment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Place;

/// Who says where a file lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Judgement {
    /// The place itself is looked at.
    #[default]
    ByPlace,
    /// Every file is taken to lie there.
    Always(Place),
}

/// How many earlier versions are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Of one project.
    pub versions: usize,
    /// Of all projects together, in bytes. The newest version of each project stays, however large it is.
    pub bytes: u64,
}

/// 24 of each project, and 2 GiB in all.
pub const ROOM: Room = Room { versions: 24, bytes: 2 << 30 };

#[derive(Clone, Debug)]
pub struct Keeping {
    /// The folder for working copies, earlier versions and locks. Without one, everything is edited in place and nothing
    /// is kept beside it.
    pub state: Option<PathBuf>,
    pub judgement: Judgement,
    /// A working copy is published when there was no edit for so long.
    pub quiet: Duration,
    /// While edits never pause, a working copy is published after so long all the same.
    pub longest: Duration,
    /// Between two earlier versions of a project that is being edited.
    pub interval: Duration,
    pub room: Room,
    /// Smaller files are checked completely before they open, larger ones while they are open already.
    pub checked_whole: u64,
    /// Edit also what somebody on another computer has open.
    pub take_over: bool,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            state: None,
            judgement: Judgement::ByPlace,
            quiet: Duration::from_secs(2),
            longest: Duration::from_mins(1),
            interval: Duration::from_mins(10),
            room: ROOM,
            checked_whole: 64 << 20,
            take_over: false,
        }
    }
}

impl Keeping {
    /// With a folder for what is kept beside the projects.
    #[must_use]
    pub fn in_folder(state: impl Into<PathBuf>) -> Self {
        Self { state: Some(state.into()), ..Self::default() }
    }

    /// The place of a file. Without a folder for working copies nobody asks.
    #[must_use]
    pub fn place(&self, path: &Path) -> Place {
        match &self.judgement {
            Judgement::Always(place) => place.clone(),
            Judgement::ByPlace => Place::of(path),
        }
    }
}
