//! Defects on purpose in how a file is kept, one for each process, to prove that the tests would see them. The switch
//! exists in tests only: without the feature `sabotage` every question below is answered with a constant no.

#[cfg(feature = "sabotage")]
use std::sync::OnceLock;

/// What is done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// An edit is called saved before it is written.
    EarlyPromise,
    /// A folder is not made durable after a name in it has changed.
    UnsyncedFolder,
    /// A file is not made durable before it takes the name of another.
    UnsyncedFile,
    /// What was saved last is in a log beside the file.
    WriteAhead,
}

impl Sabotage {
    pub const ALL: [Self; 4] = [Self::EarlyPromise, Self::UnsyncedFolder, Self::UnsyncedFile, Self::WriteAhead];
}

#[cfg(feature = "sabotage")]
static CHOSEN: OnceLock<Sabotage> = OnceLock::new();

/// Gives this process a defect. The first one stays.
#[cfg(feature = "sabotage")]
pub fn sabotage(sabotage: Sabotage) {
    CHOSEN.get_or_init(|| sabotage);
}

#[cfg(feature = "sabotage")]
pub(super) fn suffers(sabotage: Sabotage) -> bool {
    CHOSEN.get() == Some(&sabotage)
}

#[cfg(not(feature = "sabotage"))]
pub(super) const fn suffers(_: Sabotage) -> bool {
    false
}
