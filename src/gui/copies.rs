//! Files that are written on threads of their own, so that no frame waits, and what they are for.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::store::Snapshot;

/// What happens when the file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is said where the copy is.
    SayCopy,
    /// It is said where the picture is.
    SayPicture,
    /// It is opened in place of what is open.
    Open,
    /// It is said where the shared copy is, and which things in it still name a contact.
    SayShared(Vec<String>),
    /// The project goes on there, if it is still at this revision.
    GoOn { revision: u64 },
}

#[derive(Default)]
pub struct Copies(Vec<(Then, Receiver<Result<PathBuf, String>>)>);

impl Copies {
    /// Writes `snapshot` where it holds no frame up.
    pub fn write(&mut self, snapshot: Snapshot, path: PathBuf, then: Then, ctx: &egui::Context) {
        self.run(then, ctx, move || snapshot.write(&path).map(|()| path).map_err(|error| error.to_string()));
    }

    /// Does `work`, which makes a file or says why it could not, where it holds no frame up.
    pub fn run(
        &mut self,
        then: Then,
        ctx: &egui::Context,
        work: impl FnOnce() -> Result<PathBuf, String> + Send + 'static,
    ) {
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            // The window may be gone by now; the file is written all the same.
            let _ = sender.send(work());
            ctx.request_repaint();
        });
        self.0.push((then, receiver));
    }

    /// Those that ended, and how.
    pub fn ended(&mut self) -> Vec<(Then, Result<PathBuf, String>)> {
        let mut ended = Vec::new();
        self.0.retain(|(then, copy)| match copy.try_recv() {
            Ok(result) => {
                ended.push((then.clone(), result));
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        });
        ended
    }
}
