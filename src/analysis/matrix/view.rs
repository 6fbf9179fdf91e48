//! The part of the matrix that somebody wants to see.

use super::{Matrix, Row};
use crate::analysis::coverage::{Coverage, Met};
use crate::model::Stage;

/// What is looked for. Nothing is left out by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only states and events that somebody has still to decide something about.
    pub open: bool,
    /// Only states and events of cells that a run has never met.
    pub never: bool,
    pub stage: Option<Stage>,
    pub owner: Option<String>,
    /// Part of the name of a state or of an event.
    pub text: String,
}

/// The rows and columns that are shown, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub rows: Vec<usize>,
    pub columns: Vec<usize>,
}

impl Matrix {
    /// `coverage` is how often a run has met the cells; without it nothing is left out for that.
    #[must_use]
    pub fn view(&self, filter: &Filter, coverage: Option<&Coverage>) -> View {
        let text = filter.text.trim().to_lowercase();
        let is_meant = |row: &Row| {
            filter.stage.is_none_or(|stage| row.stage == Some(stage))
                && filter.owner.as_ref().is_none_or(|owner| row.owner == *owner)
        };
        let mut rows: Vec<usize> = (0..self.rows.len()).filter(|row| is_meant(&self.rows[*row])).collect();
        let mut columns: Vec<usize> = (0..self.columns.len()).collect();
        if !text.is_empty() {
            // A word that names states and events asks where they meet.
            let has = |name: &str| name.to_lowercase().contains(&text);
            let named: Vec<usize> = rows.iter().copied().filter(|row| has(&self.rows[*row].label)).collect();
            let asked: Vec<usize> = columns.iter().copied().filter(|column| has(&self.column_label(*column))).collect();
            match (named.is_empty(), asked.is_empty()) {
                (true, true) => return View::default(),
                (false, true) => rows = named,
                (true, false) => columns = asked,
                (false, false) => (rows, columns) = (named, asked),
            }
        }
        let coverage = coverage.filter(|_| filter.never);
        if filter.open || coverage.is_some() {
            let is_meant = |row: usize, column: usize| {
                (!filter.open || self.cell(row, column).is_open())
                    && coverage.is_none_or(|coverage| coverage.met(row, column) == Met::Never)
            };
            rows.retain(|row| columns.iter().any(|column| is_meant(*row, *column)));
            columns.retain(|column| rows.iter().any(|row| is_meant(*row, *column)));
        }
        View { rows, columns }
    }

    /// Everybody who owns a state, in order.
    #[must_use]
    pub fn owners(&self) -> Vec<String> {
        let owners: std::collections::BTreeSet<&String> =
            self.rows.iter().map(|row| &row.owner).filter(|owner| !owner.is_empty()).collect();
        owners.into_iter().cloned().collect()
    }
}
