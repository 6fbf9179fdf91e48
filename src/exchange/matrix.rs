//! The matrix of states and events for spreadsheets, for programs and for the wall of a workshop.

use serde_json::{Value, json};

use super::sheet::{harmless, rows_as_text};
use crate::analysis::Matrix;
use crate::analysis::matrix::{Cell, Kind, View};
use crate::model::{Asked, Project, Stage};

/// A row for each state: CSV, its head in the first row.
#[must_use]
pub fn to_csv(project: &Project, matrix: &Matrix, view: &View) -> String {
    rows_as_text(rows(project, matrix, view).into_iter(), b',')
}

/// The same for the clipboard, parted by tabs.
#[must_use]
pub fn to_tabs(project: &Project, matrix: &Matrix, view: &View) -> String {
    rows_as_text(rows(project, matrix, view).into_iter(), b'\t')
}

fn rows(project: &Project, matrix: &Matrix, view: &View) -> Vec<Vec<String>> {
    let columns = view.columns.iter().map(|column| harmless(&matrix.column_label(*column)));
    let head = ["state", "stage", "owner"].map(String::from).into_iter().chain(columns).collect();
    let rows = view.rows.iter().map(|row| {
        let row_of = &matrix.rows[*row];
        let stage = row_of.stage.map_or("", Stage::label);
        let cells = view.columns.iter().map(|column| harmless(&matrix.cell(*row, *column).short(project)));
        [harmless(&row_of.label), stage.to_owned(), harmless(&row_of.owner)].into_iter().chain(cells).collect()
    });
    std::iter::once(head).chain(rows).collect()
}

/// The cells that somebody has still to decide about, a row for each: CSV.
#[must_use]
pub fn open_to_csv(project: &Project, matrix: &Matrix) -> String {
    let head = ["state", "owner", "asked", "undecided"].map(String::from).to_vec();
    let open = matrix.cells().filter(|(_, _, cell)| cell.is_open()).map(|(row, column, cell)| {
        let how = if cell.is_undecided() { String::from("wholly") } else { cell.short(project) };
        let state = &matrix.rows[row];
        vec![harmless(&state.label), harmless(&state.owner), harmless(&matrix.column_label(column)), harmless(&how)]
    });
    rows_as_text(std::iter::once(head).chain(open), b',')
}

/// Cells as JSON, with `open` only those that somebody has still to decide about.
#[must_use]
pub fn to_json(project: &Project, matrix: &Matrix, open: bool) -> Value {
    let counts = matrix.counts();
    let kinds: serde_json::Map<String, Value> =
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), json!(counts.of(kind)))).collect();
    let cells = matrix.cells().filter(|(_, _, cell)| !open || cell.is_open());
    let cells: Vec<Value> = cells.map(|(row, column, cell)| cell_as_json(project, matrix, row, column, cell)).collect();
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
        "timer": !matches!(asked.asked, Asked::Event(_)),
        "case": asked.case,
        "kind": cell.kind.key(),
        "rest": cell.rest.key(),
        "branches": branches.collect::<Vec<_>>(),
        "reason": decision.map(|decision| &decision.text),
        "by": decision.map(|decision| &decision.who),
    })
}
