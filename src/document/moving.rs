//! Moving a project to another file, with its history: the way out when its own cannot be written. The other file counts
//! once it was written, read back and opened; until then everything stays as it is. And giving it away without contacts
//! and without a history.

use std::path::Path;

use super::{Document, Home};
use crate::store::{Snapshot, StoreError};

impl Document {
    /// The project as [`Self::snapshot`] gives it, for another thread to write where [`Self::go_on_in`] will go on.
    #[must_use]
    pub fn snapshot_to_move(&self) -> Snapshot {
        Snapshot { identity: self.identity.clone(), ..self.snapshot() }
    }

    /// Writes the project to `target` with its history and goes on there. Waits for the disk.
    ///
    /// # Errors
    /// When it cannot be written or opened there; then everything is as it was.
    pub fn save_elsewhere(&mut self, target: &Path) -> Result<(), StoreError> {
        self.snapshot_to_move().write(target)?;
        self.go_on_in(target)
    }

    /// Goes on in `target`, to which the project was written. The file that it leaves is not written to any more.
    /// Whoever listened listens anew.
    ///
    /// # Errors
    /// When `target` does not open as the project that this is; then everything is as it was.
    pub fn go_on_in(&mut self, target: &Path) -> Result<(), StoreError> {
        if self.pending.is_some() {
            return Err(StoreError::Importing(self.path.clone()));
        }
        let moved = Self::open_with(target, &self.keeping)?;
        if moved.read_only() || moved.project != self.project || moved.revision != self.revision {
            return Err(StoreError::Changed(moved.path));
        }
        for (id, columns) in self.datasets.all() {
            moved.datasets.keep(id, columns);
        }
        if let Home::Writer(writer, handle) = &self.home {
            // In this order: the writer takes the rest with it.
            handle.give_up();
            writer.give_up();
        }
        *self = moved;
        Ok(())
    }

    /// The project as others may see it: no contacts, no imported data, no history, in a file of its own. With it, which
    /// of its things still name a contact in their words.
    #[must_use]
    pub fn snapshot_without_contacts(&self) -> (Snapshot, Vec<String>) {
        let shared = self.project.without_contacts();
        let changes = self.history.steps().flat_map(|step| &step.changes);
        let mut identifiers = self.project.identifiers(changes);
        for id in self.project.datasets.keys() {
            if let Some(dataset) = self.datasets.loaded(*id) {
                identifiers.extend(dataset.contacts.iter().cloned());
            }
        }
        let mentions = shared.mentions(&identifiers);
        (Snapshot { own_file: Some(self.path.clone()), ..Snapshot::of(shared) }, mentions)
    }
}
