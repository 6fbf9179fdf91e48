//! `statecraft matrix`: what happens in each state when something happens, and what nobody has decided.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::output::{line, print, print_json};
use super::{Verdict, open};
use crate::analysis::Matrix;
use crate::analysis::matrix::{Filter, Kind, View};
use crate::exchange::matrix::{open_to_csv, to_csv, to_json};
use crate::exchange::matrix_page::to_html;
use crate::model::{Project, grouped};

const HELP: &str = r#"Undecided cells are no errors: the exit code is 0.

JSON: {"states": [NAME], "asked": [NAME or "NAME [CASE]"], "counts": {KIND: N},
"undecided_in_part": N, "not_analysed": N, "cells": [{"state": NAME, "stage": NAME or null,
"owner": "…", "asked": EVENT or "silence" or "time of day", "timer": whether it is no event,
"case": NAME or null, "kind": KIND, "rest": REST, "branches": [{"from": NAME,
"to": NAME or null for stay, "trigger": "…", "guard": "…", "actions": ["…"],
"inherited": whether a group has it}], "reason": "…" or null, "by": "…" or null}]}
KIND: "moves" | "stays" | "splits" | "inherited" | "other_region" | "ignored" | "question" |
"undecided" | "not_asked"
REST, what becomes of those whom no branch takes: "covered" (there are none) | "ignored" |
"question" | "other_region" | "not_asked" | "undecided" | "not_analysed""#;

#[derive(Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// Only what somebody has still to decide about
    #[arg(long)]
    undecided: bool,
    /// `csv` is for spreadsheets, `html` a page to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Csv,
    Html,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let document = open(&arguments.file)?;
    let project = document.project();
    let matrix = Matrix::of(project);
    let view = matrix.view(&Filter { open: arguments.undecided, ..Filter::default() });
    match arguments.format {
        Format::Json => print_json(&to_json(project, &matrix, arguments.undecided))?,
        Format::Csv if arguments.undecided => print(&open_to_csv(project, &matrix))?,
        Format::Csv => print(&to_csv(project, &matrix, &view))?,
        Format::Html => print(&to_html(project, &matrix, &view))?,
        Format::Text if arguments.undecided => print(&open_cells(project, &matrix))?,
        Format::Text => print(&table(project, &matrix, &view))?,
    }
    Ok(Verdict::Fine)
}

fn open_cells(project: &Project, matrix: &Matrix) -> String {
    let mut out = String::new();
    for (row, column, cell) in matrix.cells().filter(|(_, _, cell)| cell.is_open()) {
        let (state, asked) = (&matrix.rows[row].label, matrix.column_label(column));
        if cell.is_undecided() {
            line!(out, "{state}: {asked}");
        } else {
            line!(out, "{state}: {asked}, in part ({})", cell.short(project));
        }
    }
    totals(&mut out, matrix);
    out
}

fn table(project: &Project, matrix: &Matrix, view: &View) -> String {
    let head = std::iter::once(String::from("state")).chain(view.columns.iter().map(|at| matrix.column_label(*at)));
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    for row in &view.rows {
        let cells = view.columns.iter().map(|column| {
            let cell = matrix.cell(*row, *column);
            if cell.is_undecided() { String::from("?") } else { cell.short(project) }
        });
        rows.push(std::iter::once(matrix.rows[*row].label.clone()).chain(cells).collect());
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        line!(out, "{}", cells.join("  ").trim_end());
    }
    line!(out, "\n?: undecided; in brackets: inherited from that group");
    totals(&mut out, matrix);
    out
}

fn totals(out: &mut String, matrix: &Matrix) {
    let counts = matrix.counts();
    let number = |number: usize| grouped(number as u64);
    let cells = matrix.cells().count() - counts.of(Kind::NotAsked);
    line!(out, "{}, of {}", counts.sentence(), number(cells));
    if counts.unclear > 0 {
        line!(out, "not analysed whether every contact has an answer: {}", number(counts.unclear));
    }
}
