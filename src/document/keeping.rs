//! How the projects of this user are kept: which folder of this computer is ours, and what its environment says.

use std::path::PathBuf;

use crate::store::{Judgement, Keeping, Place};

/// Working copies, earlier versions and locks lie in the state folder of the system, or where `STATECRAFT_STATE` says.
/// `STATECRAFT_WORKING_COPY` is `always` or `never` for those who know their disks better than we do.
#[must_use]
pub fn keeping_of_user() -> Keeping {
    let given = std::env::var_os("STATECRAFT_STATE").filter(|folder| !folder.is_empty());
    let given = given.map(|folder| std::path::absolute(&folder).unwrap_or_else(|_| PathBuf::from(folder)));
    let usual = || {
        let folders = directories::ProjectDirs::from("", "", "statecraft")?;
        Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
    };
    let judgement = match std::env::var("STATECRAFT_WORKING_COPY").as_deref() {
        Ok("always") => Judgement::Always(Place::Network),
        Ok("never") => Judgement::Always(Place::Local),
        _ => Judgement::ByPlace,
    };
    Keeping { state: given.or_else(usual), judgement, ..Keeping::default() }
}
