//! Where the program keeps what is about its own work and no part of a project.

use std::path::PathBuf;

/// The folder for what the program keeps about its own work; it need not exist yet. `STATECRAFT_STATE` names another
/// one. `None` where the system knows no such place.
#[must_use]
pub fn state_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("STATECRAFT_STATE").filter(|folder| !folder.is_empty()) {
        return std::path::absolute(folder).ok();
    }
    let folders = directories::ProjectDirs::from("", "", "statecraft")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
}
