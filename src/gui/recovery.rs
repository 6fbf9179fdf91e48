//! What is said at the first start after the program broke: what of the work is there, and where the report is.

use std::path::Path;

use crate::crash::Report;
use crate::document::Document;
use crate::store::{Keeping, StoreError};

/// The sentences for `report`; `last` is the project that was opened last, which is kept like this.
#[must_use]
pub fn sentences(report: &Report, last: Option<&Path>, keeping: &Keeping) -> String {
    let project = match last.map(|path| (path, Document::open_with(path, keeping))) {
        None => String::from("No project was open."),
        Some((path, Ok(document))) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match document.undo_title() {
                Some(title) => format!("{name} is whole and has everything up to \u{201c}{title}\u{201d}."),
                None => format!("{name} is whole."),
            }
        }
        Some((_, Err(StoreError::Missing(path)))) => {
            format!("{} is not where it was; choose it again.", path.display())
        }
        Some((_, Err(error))) => error.to_string(),
    };
    format!(
        "Statecraft broke on {}, because of a defect of its own. {project} A report, without anything of your project, is \
         in {}.",
        report.time,
        report.path.display()
    )
}
