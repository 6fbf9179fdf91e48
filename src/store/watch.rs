//! What happens to an open project behind the scenes, for whoever shows it: how publishing goes, and what there is to
//! say. Shared by the threads that work and the window that looks.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::Listener;

/// How far a working copy is from the file that others see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Publishing {
    /// There is no working copy: the file is edited in place.
    #[default]
    InPlace,
    /// The file has everything.
    Published { at: Option<SystemTime> },
    /// Everything is durable on this computer and on its way into the file.
    Waiting,
    /// Everything is durable on this computer, but the file cannot be written; it is tried again.
    Failed { why: String },
}

/// Something that the user should hear once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The file was changed by somebody else. It was left so; this work goes on in `ours`.
    Conflict { theirs: PathBuf, ours: PathBuf },
    /// Work that had not reached the file yet was found on this computer, and goes on.
    Continued,
    /// The file was of an older format.
    Migrated { from: u32 },
    /// The check of a large file that was open already found this.
    Damage(String),
    /// No earlier version could be kept.
    NoVersion(String),
}

#[derive(Default)]
pub(super) struct Watch {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    publishing: Publishing,
    news: Vec<News>,
    listener: Option<Listener>,
}

impl Watch {
    pub(super) fn publishing(&self) -> Publishing {
        self.lock().publishing.clone()
    }

    pub(super) fn set(&self, publishing: Publishing) {
        let mut inner = self.lock();
        let changed = inner.publishing != publishing;
        inner.publishing = publishing;
        let listener = inner.listener.clone().filter(|_| changed);
        drop(inner);
        if let Some(listener) = listener {
            listener();
        }
    }

    pub(super) fn tell(&self, news: News) {
        let mut inner = self.lock();
        inner.news.push(news);
        let listener = inner.listener.clone();
        drop(inner);
        if let Some(listener) = listener {
            listener();
        }
    }

    /// What was not heard yet, oldest first.
    pub(super) fn take(&self) -> Vec<News> {
        std::mem::take(&mut self.lock().news)
    }

    pub(super) fn listen(&self, listener: Listener) {
        self.lock().listener = Some(listener);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("publishing", &self.publishing()).finish_non_exhaustive()
    }
}

/// A handle to a watch that outlives the project being moved.
pub(super) type Watched = Arc<Watch>;
