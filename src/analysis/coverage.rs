//! Which cells of the matrix a run has met, how often, and contacts that would meet the others. Where no such contact is
//! found within the steps that are looked at, that is all that is said.

use super::matrix::{Kind, Matrix};
use super::prove::{self, Shown};
use crate::model::{Asked, Place, Project, Trigger};
use crate::simulation::timeline::Missing;
use crate::simulation::{Meetings, Progress, Questions, Run};

/// How often something came to a state while contacts rested there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    Times(u64),
    Never,
    /// There is nothing to meet: nobody rests there, or no timer runs there.
    Nothing,
}

impl Met {
    /// `met 12 times`, `never met`; nothing where there is nothing to meet.
    #[must_use]
    pub fn words(self) -> Option<String> {
        match self {
            Self::Times(1) => Some(String::from("met once")),
            Self::Times(times) => Some(format!("met {} times", crate::model::grouped(times))),
            Self::Never => Some(String::from("never met")),
            Self::Nothing => None,
        }
    }
}

/// How often a run has met each cell of a matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    width: usize,
    /// Row by row.
    cells: Vec<Met>,
}

impl Coverage {
    /// Plays everybody and counts. `matrix` and the machine of `run` were made from `project`. The result does not depend on
    /// `threads`.
    ///
    /// # Errors
    /// When it was cancelled, or when those who are won by others are more than a run follows.
    pub fn of(
        project: &Project,
        matrix: &Matrix,
        run: &Run,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self, Missing> {
        let meetings = Meetings::of(run, &Questions::of(project, run.machine()), threads, progress)?;
        let met = |(row, column, _): (usize, usize, _)| match meetings.times(matrix.place(row, column)) {
            0 if can_be_met(project, matrix, (row, column)) => Met::Never,
            0 => Met::Nothing,
            times => Met::Times(times),
        };
        Ok(Self { width: matrix.columns.len(), cells: matrix.cells().map(met).collect() })
    }

    /// # Panics
    /// Where there is no such row or column.
    #[must_use]
    pub fn met(&self, row: usize, column: usize) -> Met {
        assert!(column < self.width, "a column of the matrix");
        self.cells[row * self.width + column]
    }

    /// Row and column of every cell that was never met, row by row.
    pub fn never(&self) -> impl Iterator<Item = (usize, usize)> {
        let never = self.cells.iter().enumerate().filter(|(_, met)| **met == Met::Never);
        never.map(|(at, _)| (at / self.width, at % self.width))
    }

    /// How many cells were met, and how many could be.
    #[must_use]
    pub fn share(&self) -> (usize, usize) {
        let of = |is_counted: fn(&Met) -> bool| self.cells.iter().filter(|met| is_counted(met)).count();
        (of(|met| matches!(met, Met::Times(_))), of(|met| *met != Met::Nothing))
    }

    /// `9 of 34 cells met`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (met, all) = self.share();
        let cells = if all == 1 { "cell" } else { "cells" };
        format!("{} of {} {cells} met", crate::model::grouped(met as u64), crate::model::grouped(all as u64))
    }
}

/// A contact that meets a cell, which the simulator has played; `None` where none was found, or it was cancelled.
#[must_use]
pub fn propose(project: &Project, place: Place, progress: &Progress) -> Option<Shown> {
    prove::meet(project, place, progress)
}

/// Whether contacts can rest there for something to come. That time passes is met by a timer, so there must be one.
fn can_be_met(project: &Project, matrix: &Matrix, (row, column): (usize, usize)) -> bool {
    if matrix.cell(row, column).kind == Kind::NotAsked {
        return false;
    }
    let state = &matrix.rows[row];
    let mut waiting = project
        .transitions
        .values()
        .filter(|arrow| arrow.source == state.state || state.around.contains(&arrow.source));
    match matrix.columns[column].asked {
        Asked::Event(_) | Asked::Done(_) => true,
        Asked::Silence => waiting.any(|arrow| {
            matches!(arrow.trigger, Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..))
        }),
        Asked::Clock => waiting.any(|arrow| matches!(arrow.trigger, Trigger::At(..))),
    }
}
