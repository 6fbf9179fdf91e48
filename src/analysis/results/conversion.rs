//! How many contacts got to each conversion point, of all and of those who had come as far as the point before.

use super::money;
use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::{Interval, share, wilson};
use crate::simulation::Report;
use crate::simulation::report::StepTally;

/// One conversion point.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    pub point: String,
    /// Contacts that ever got there, of all that entered the journey.
    pub contacts: u64,
    pub all: u64,
    pub share: Option<f64>,
    pub interval: Option<Interval>,
    /// Contacts that got there or further, of those who had got to the point before or further.
    pub step: (u64, u64),
    /// Conversions: a contact can get there again.
    pub count: u64,
    pub value: f64,
}

impl Conversion {
    #[must_use]
    pub fn step_share(&self) -> Option<f64> {
        share(self.step.0, self.step.1)
    }
}

/// Every point, in the order of the drawing.
#[must_use]
pub fn conversions(points: &[String], report: &Report) -> Vec<Conversion> {
    let mut before = report.steps.values().map(StepTally::contacts).sum::<u64>();
    let mut stopped = report.steps.get(&None).map_or(0, StepTally::contacts);
    let row = |point: &String| {
        let tally = report.conversions.get(point).copied().unwrap_or_default();
        let got_here = before - stopped;
        let step = (got_here, before);
        before = got_here;
        stopped = report.steps.get(&Some(point.clone())).map_or(0, StepTally::contacts);
        Conversion {
            point: point.clone(),
            contacts: tally.contacts,
            all: report.contacts,
            share: share(tally.contacts, report.contacts),
            interval: wilson(tally.contacts, report.contacts),
            step,
            count: tally.count,
            value: money(tally.cents),
        }
    };
    points.iter().map(row).collect()
}

impl Conversion {
    /// All of them as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let cells = |row: &Self| {
            let bound = |bound: Option<f64>| Cell::or_missing(bound, Cell::Share, "–");
            let step = wilson(row.step.0, row.step.1);
            vec![
                Cell::Text(row.point.clone()),
                Cell::Count(row.contacts),
                bound(row.share),
                bound(row.interval.map(|interval| interval.low)),
                bound(row.interval.map(|interval| interval.high)),
                bound(row.step_share()),
                bound(step.map(|interval| interval.low)),
                bound(step.map(|interval| interval.high)),
                Cell::Count(row.count),
                Cell::Number(row.value),
            ]
        };
        Sheet {
            name: String::from("Conversion"),
            head: vec![
                "Point",
                "Contacts",
                "Of all",
                "from",
                "to",
                "Of the step before",
                "from",
                "to",
                "Times",
                "Value",
            ],
            rows: rows.iter().map(cells).collect(),
        }
    }
}
