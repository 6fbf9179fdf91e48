//! What came of handing contacts over to teams, and why.

use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::{share, wilson};
use crate::model::Project;
use crate::model::trigger_text::print_trigger;
use crate::simulation::Report;
use crate::simulation::report::Ending;

/// The hand-overs to one team that ended in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    pub team: String,
    /// What made the contacts leave the state, in words.
    pub outcome: String,
    /// Why, where the event said so.
    pub reason: String,
    pub count: u64,
    /// All hand-overs to the team.
    pub all: u64,
}

/// By team, the most frequent outcome first, those that are still open at last.
#[must_use]
pub fn handovers(project: &Project, report: &Report) -> Vec<Handover> {
    let words = |ending: &Ending| match ending {
        Ending::Event(id) => {
            project.events.get(id).map_or_else(|| String::from("(deleted)"), |event| event.name.clone())
        }
        Ending::UnknownEvent => String::from("an event that the catalogue does not know"),
        Ending::Timer(id) => {
            let arrow = project.transitions.get(id);
            arrow.map_or_else(|| String::from("(deleted)"), |arrow| print_trigger(project, &arrow.trigger))
        }
    };
    let mut rows = Vec::new();
    for (team, tally) in &report.handovers {
        let all = tally.count();
        let row = |outcome: String, reason: &str, count| Handover {
            team: team.clone(),
            outcome,
            reason: reason.to_owned(),
            count,
            all,
        };
        let mut own: Vec<Handover> =
            tally.ended.iter().map(|((ending, reason), count)| row(words(ending), reason, *count)).collect();
        own.sort_by_key(|row| std::cmp::Reverse(row.count));
        rows.extend(own);
        if tally.open > 0 {
            rows.push(row(String::from("still open"), "", tally.open));
        }
    }
    rows
}

impl Handover {
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        share(self.count, self.all)
    }

    /// All of them as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let cells = |row: &Self| {
            let interval = wilson(row.count, row.all);
            let bound = |bound: Option<f64>| Cell::or_missing(bound, Cell::Share, "–");
            let texts = [&row.team, &row.outcome, &row.reason].map(|text| Cell::Text(text.clone()));
            let mut cells = texts.to_vec();
            cells.extend([
                Cell::Count(row.count),
                bound(row.share()),
                bound(interval.map(|interval| interval.low)),
                bound(interval.map(|interval| interval.high)),
            ]);
            cells
        };
        Sheet {
            name: String::from("Hand-overs"),
            head: vec!["Team", "Outcome", "Reason", "Hand-overs", "Share", "from", "to"],
            rows: rows.iter().map(cells).collect(),
        }
    }
}
