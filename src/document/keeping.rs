//! How the projects of this user are kept: which folder of this computer is ours, and what its environment says.

use crate::store::{Judgement, Keeping, Place, state_folder};

/// Working copies, earlier versions and locks lie in the state folder of the system, or where `STATECRAFT_STATE` says.
/// `STATECRAFT_WORKING_COPY` is `always` or `never` for those who know their disks better than we do.
#[must_use]
pub fn keeping_of_user() -> Keeping {
    let judgement = match std::env::var("STATECRAFT_WORKING_COPY").as_deref() {
        Ok("always") => Judgement::Always(Place::Network),
        Ok("never") => Judgement::Always(Place::Local),
        _ => Judgement::ByPlace,
    };
    Keeping { state: state_folder(), judgement, ..Keeping::default() }
}
