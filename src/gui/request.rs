//! What panels ask for; run by the frame's last step, which alone holds the document mutably.

use std::collections::BTreeSet;

use super::matrix::Written;
use super::{Breakpoint, Command};
use crate::analysis::Sheet;
use crate::model::{Edit, EntityId, ExpectationId, NodeId, Time};

/// Something a panel asks for.
#[derive(Clone, Debug)]
pub enum Request {
    /// Perform an edit as one step of undo.
    Edit(Edit),
    /// Perform an edit that creates something, select what was created, and start renaming it.
    Create(Edit),
    /// Perform an edit, and select the states that it made.
    Place(Edit),
    /// Add the states and arrows that a text holds.
    Paste(String),
    /// Delete these, after telling what else would go with them.
    Delete(Vec<EntityId>),
    /// Make this the selection.
    Select(Selection),
    /// Make this the selection and bring it into view.
    Show(EntityId),
    /// Stop playing there, or no more.
    Breakpoint(Breakpoint),
    /// Follow a contact that rests in a state, by its place among the dots.
    Follow(NodeId, u16),
    /// Put a table of results on the clipboard.
    CopyTable(Sheet),
    /// Ask for a file, and write the table there.
    ExportTable(Sheet),
    /// Put a text on the clipboard, and say what it was.
    CopyText { name: String, text: String },
    /// Ask for a file, and write the text there.
    ExportText(Written),
    /// Ask for a project file to compare this one with.
    AskForVersion,
    /// In Simulate, follow a contact by its name, at a time.
    ShowContact(String, Time),
    /// Write a copy of what cannot be edited, and open that.
    OpenCopy,
    /// Edit what somebody on another computer has open.
    EditAnyway,
    /// Perform an edit, and say that it was done: nothing in sight shows it.
    Announce(Edit),
    /// Show the recorded story of an expectation beside the one that is told now.
    CompareStories(ExpectationId),
    /// Do what a menu entry does.
    Command(Command),
}

/// What is selected, in every workspace alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(BTreeSet<EntityId>);

impl Selection {
    pub fn one(id: impl Into<EntityId>) -> Self {
        Self(BTreeSet::from([id.into()]))
    }

    pub fn contains(&self, id: impl Into<EntityId>) -> bool {
        self.0.contains(&id.into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = EntityId> {
        self.0.iter().copied()
    }

    /// The selected thing, if it is the only one.
    pub fn single(&self) -> Option<EntityId> {
        if self.0.len() == 1 { self.0.first().copied() } else { None }
    }

    /// This selection with `id` added, or taken out if it was in.
    #[must_use]
    pub fn toggled(&self, id: impl Into<EntityId>) -> Self {
        let id = id.into();
        let mut items = self.0.clone();
        if !items.remove(&id) {
            items.insert(id);
        }
        Self(items)
    }

    pub fn retain(&mut self, keep: impl Fn(EntityId) -> bool) {
        self.0.retain(|id| keep(*id));
    }
}

impl FromIterator<EntityId> for Selection {
    fn from_iter<I: IntoIterator<Item = EntityId>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}
