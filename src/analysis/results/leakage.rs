//! Where contacts get no further along the conversion points, what became of them, and what they might have been worth.

use super::money;
use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::share;
use crate::simulation::Report;
use crate::simulation::report::StepTally;

/// Those who passed one point and not the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Leak {
    /// The last point that they passed; `None` is the start.
    pub after: Option<String>,
    pub before: String,
    /// Of so many who had got that far.
    pub reached: u64,
    pub lost: u64,
    pub expired: u64,
    pub stuck: u64,
    /// What one contact was worth on average who got to the next point.
    pub worth: Option<f64>,
}

impl Leak {
    /// Everybody who got no further.
    #[must_use]
    pub fn contacts(&self) -> u64 {
        self.lost + self.expired + self.stuck
    }

    #[must_use]
    pub fn share(&self) -> Option<f64> {
        share(self.contacts(), self.reached)
    }

    /// What it would be worth if all of them had got on and been worth what the others were.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub fn money(&self) -> Option<f64> {
        self.worth.map(|worth| worth * self.contacts() as f64)
    }

    /// `from start to order`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} → {}", self.after.as_deref().unwrap_or("start"), self.before)
    }
}

/// Each step between two points, in the order of the drawing.
#[must_use]
pub fn leaks(points: &[String], report: &Report) -> Vec<Leak> {
    let names = std::iter::once(None).chain(points.iter().cloned().map(Some));
    let steps: Vec<(Option<String>, StepTally)> = names
        .map(|name| {
            let tally = report.steps.get(&name).copied().unwrap_or_default();
            (name, tally)
        })
        .collect();
    let leak = |(place, before): (usize, &String)| {
        let (after, tally) = &steps[place];
        let further = &steps[place + 1..];
        let on: u64 = further.iter().map(|(_, tally)| tally.contacts()).sum();
        let cents: i128 = further.iter().map(|(_, tally)| tally.cents).sum();
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
        let worth = (on > 0).then(|| money(cents) / on as f64);
        Leak {
            after: after.clone(),
            before: before.clone(),
            reached: tally.contacts() + on,
            lost: tally.lost,
            expired: tally.expired,
            stuck: tally.stuck,
            worth,
        }
    };
    points.iter().enumerate().map(leak).collect()
}

impl Leak {
    /// All of them as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let cells = |row: &Self| {
            let amount = |amount| Cell::or_missing(amount, Cell::Number, "nobody got on");
            let mut cells = vec![Cell::Text(row.label())];
            cells.extend([row.reached, row.lost, row.expired, row.stuck].map(Cell::Count));
            cells.extend([Cell::or_missing(row.share(), Cell::Share, "–"), amount(row.worth), amount(row.money())]);
            cells
        };
        Sheet {
            name: String::from("Leakage"),
            head: vec!["Step", "Got there", "Lost", "Expired", "Stuck", "Leaked", "Worth of one", "Worth of all"],
            rows: rows.iter().map(cells).collect(),
        }
    }
}
