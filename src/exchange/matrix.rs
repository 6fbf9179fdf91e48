//! The matrix of states and events for spreadsheets, for programs and for the wall of a workshop.

use serde_json::{Value, json};

use super::sheet::{harmless, rows_as_text};
use crate::analysis::coverage::Met;
use crate::analysis::matrix::{Cell, Kind, View};
use crate::analysis::{Coverage, Matrix};
use crate::model::{Asked, Project, Stage};

/// A row for each state: CSV, its head in the first row. With `coverage` the cells say how often they were met, in numbers.
#[must_use]
pub fn to_csv(project: &Project, matrix: &Matrix, view: &View, coverage: Option<&Coverage>) -> String {
    rows_as_text(rows(project, matrix, view, coverage).into_iter(), b',')
}

/// The same for the clipboard, parted by tabs.
#[must_use]
pub fn to_tabs(project: &Project, matrix: &Matrix, view: &View, coverage: Option<&Coverage>) -> String {
    rows_as_text(rows(project, matrix, view, coverage).into_iter(), b'\t')
}

fn rows(project: &Project, matrix: &Matrix, view: &View, coverage: Option<&Coverage>) -> Vec<Vec<String>> {
    let columns = view.columns.iter().map(|column| harmless(&matrix.column_label(*column)));
    let head = ["state", "stage", "owner"].map(String::from).into_iter().chain(columns).collect();
    let rows = view.rows.iter().map(|row| {
        let row_of = &matrix.rows[*row];
        let stage = row_of.stage.map_or("", Stage::label);
        let cells = view.columns.iter().map(|column| match coverage {
            Some(coverage) => number(coverage.met(*row, *column)).map_or_else(String::new, |times| times.to_string()),
            None => harmless(&matrix.cell(*row, *column).short(project)),
        });
        [harmless(&row_of.label), stage.to_owned(), harmless(&row_of.owner)].into_iter().chain(cells).collect()
    });
    std::iter::once(head).chain(rows).collect()
}

/// How often a cell was met; nothing where there is nothing to meet.
fn number(met: Met) -> Option<u64> {
    match met {
        Met::Times(times) => Some(times),
        Met::Never => Some(0),
        Met::Nothing => None,
    }
}

/// The cells that somebody has still to decide about, a row for each: CSV. With `coverage` also how often they were met.
#[must_use]
pub fn open_to_csv(project: &Project, matrix: &Matrix, coverage: Option<&Coverage>) -> String {
    let mut head = ["state", "owner", "asked", "undecided"].map(String::from).to_vec();
    head.extend(coverage.map(|_| String::from("met")));
    let open = matrix.cells().filter(|(_, _, cell)| cell.is_open()).map(|(row, column, cell)| {
        let how = if cell.is_undecided() { String::from("wholly") } else { cell.short(project) };
        let state = &matrix.rows[row];
        let mut line = vec![
            harmless(&state.label),
            harmless(&state.owner),
            harmless(&matrix.column_label(column)),
            harmless(&how),
        ];
        line.extend(
            coverage
                .map(|coverage| number(coverage.met(row, column)).map_or_else(String::new, |times| times.to_string())),
        );
        line
    });
    rows_as_text(std::iter::once(head).chain(open), b',')
}

/// Cells as JSON, with `open` only those that somebody has still to decide about, with `coverage` also how often they were
/// met.
#[must_use]
pub fn to_json(project: &Project, matrix: &Matrix, open: bool, coverage: Option<&Coverage>) -> Value {
    let counts = matrix.counts();
    let kinds: serde_json::Map<String, Value> =
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), json!(counts.of(kind)))).collect();
    let cells = matrix.cells().filter(|(_, _, cell)| !open || cell.is_open());
    let cells = cells.map(|(row, column, cell)| {
        let mut value = cell_as_json(project, matrix, row, column, cell);
        if let Some(coverage) = coverage {
            value["met"] = json!(number(coverage.met(row, column)));
        }
        value
    });
    let cells: Vec<Value> = cells.collect();
    json!({
        "states": matrix.rows.iter().map(|row| &row.label).collect::<Vec<_>>(),
        "asked": (0..matrix.columns.len()).map(|column| matrix.column_label(column)).collect::<Vec<_>>(),
        "counts": kinds,
        "undecided_in_part": counts.in_part,
        "not_analysed": counts.unclear,
        "cells": cells,
    })
}

fn cell_as_json(project: &Project, matrix: &Matrix, row: usize, column: usize, cell: &Cell) -> Value {
    let (state, asked) = (&matrix.rows[row], &matrix.columns[column]);
    let decision = cell.decision.and_then(|id| project.decisions.get(&id));
    let branches = cell.branches.iter().filter_map(|branch| {
        let arrow = project.transitions.get(&branch.arrow)?;
        let actions = arrow.actions.iter().map(|action| crate::model::sentence::action(project, action));
        Some(json!({
            "from": project.node_label(arrow.source),
            "to": arrow.target.map(|target| project.node_label(target)),
            "trigger": crate::model::trigger_text::print_trigger(project, &arrow.trigger),
            "guard": arrow.guard.text(),
            "actions": actions.collect::<Vec<_>>(),
            "inherited": !branch.own,
        }))
    });
    json!({
        "state": state.label,
        "stage": state.stage.map(Stage::label),
        "owner": state.owner,
        "asked": asked.label,
        "timer": matches!(asked.asked, Asked::Silence | Asked::Clock),
        "case": asked.case,
        "kind": cell.kind.key(),
        "rest": cell.rest.key(),
        "branches": branches.collect::<Vec<_>>(),
        "restarts": cell.timers(project),
        "reason": decision.map(|decision| &decision.text),
        "by": decision.map(|decision| &decision.who),
    })
}
