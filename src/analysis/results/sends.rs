//! What became of messages, by touchpoint.

use crate::analysis::sheet::{Cell, Sheet};
use crate::model::Project;
use crate::simulation::Report;

/// Every touchpoint that was ever meant to be sent, in the order of the catalogue.
#[must_use]
pub fn sends(project: &Project, report: &Report) -> Sheet {
    let rows = report.sends.touchpoints.iter().map(|(id, tally)| {
        let name = project.touchpoint_label(*id);
        let mut cells = vec![Cell::Text(name.to_owned()), Cell::Count(tally.wanted())];
        cells.extend(tally.outcomes().map(|(_, count)| Cell::Count(count)));
        cells
    });
    Sheet {
        name: String::from("Messages"),
        head: vec![
            "Touchpoint",
            "Wanted",
            "Sent",
            "Held, then sent",
            "No consent",
            "Suppressed",
            "Over the cap",
            "Dropped",
            "Still held",
        ],
        rows: rows.collect(),
    }
}
