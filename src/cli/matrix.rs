//! `statecraft matrix`: what happens in each state when something happens, and what nobody has decided.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::output::{self, contact_json, line, print, print_json};
use super::scenario::{Choice, Size};
use super::{Verdict, open};
use crate::analysis::coverage::{Met, propose};
use crate::analysis::matrix::{Filter, Kind, View};
use crate::analysis::prove::MOST_STEPS;
use crate::analysis::{Coverage, Matrix};
use crate::document::Document;
use crate::exchange::matrix::{open_to_csv, to_csv, to_json};
use crate::exchange::matrix_page::to_html;
use crate::model::{Contact, Project, Time, grouped};
use crate::simulation::Progress;
use crate::simulation::run::MOST_REFERRED;

const HELP: &str = r#"Undecided cells are no errors: the exit code is 0.

JSON: {"states": [NAME], "asked": [NAME or "NAME [CASE]"], "counts": {KIND: N},
"undecided_in_part": N, "not_analysed": N, "cells": [{"state": NAME, "stage": NAME or null,
"owner": "…", "asked": EVENT or "done GROUP" or "silence" or "time of day", "timer": whether it
is one of the last two, "case": NAME or null, "kind": KIND, "rest": REST, "branches": [{"from":
NAME, "to": NAME or null for stay, "trigger": "…", "guard": "…", "actions": ["…"], "inherited":
whether a group has it}], "restarts": [timers, such as "after 90 days without purchase", that the
event starts anew where no branch is taken], "reason": "…" or null, "by": "…" or null}]}
KIND: "moves" | "stays" | "splits" | "inherited" | "other_region" | "timer_restarts" | "ignored" |
"question" | "undecided" | "not_asked"
REST, what becomes of those whom no branch takes: "covered" (there are none) | "timer_restarts" |
"ignored" | "question" | "other_region" | "not_asked" | "undecided" | "not_analysed"

With --coverage the contacts of a scenario are run, of the first one or, where there is none, the
sample contacts. A cell is met when the event is processed while somebody rests in the state, and
a timer when it is due. Events that the journey raises or schedules itself count too.
JSON then has also, in each cell, "met": N, or null where nobody rests or no timer runs, and
"coverage": {"contacts": N who start by themselves, "cells": N that can be met, "met": N of them,
"never_met": N, "until": "…", "seed": N}. With --propose each cell that was never met has also
"proposal": {"name": "…", "start": "2026-01-05 09:00", "attributes": {NAME: "…"}, "events":
[{"time": "2026-01-05 10:00", "event": NAME, "fields": {NAME: "…"}}]}, or null where no such contact
was found within 16 events and timers. CSV then has numbers in the cells: 0 for never."#;

#[derive(Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// Only what somebody has still to decide about
    #[arg(long)]
    undecided: bool,
    /// Also how often the contacts of a scenario meet each cell
    #[arg(long)]
    coverage: bool,
    /// Look for contacts that meet the cells that were never met; in text and JSON
    #[arg(long, requires = "coverage")]
    propose: bool,
    #[command(flatten)]
    choice: Choice,
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

/// What a run has met.
struct Counted {
    coverage: Coverage,
    contacts: usize,
    until: Time,
    seed: u64,
    /// For cells that were never met, where they were asked for.
    proposals: BTreeMap<(usize, usize), Option<Contact>>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let document = open(&arguments.file)?;
    let project = document.project();
    let matrix = Matrix::of(project);
    if arguments.choice.is_given() && !arguments.coverage {
        bail!("--scenario, --until and --seed describe a run. Ask for one with --coverage.");
    }
    let counted = if arguments.coverage { Some(counted(arguments, &document, &matrix)?) } else { None };
    let coverage = counted.as_ref().map(|counted| &counted.coverage);
    let view = matrix.view(&Filter { open: arguments.undecided, ..Filter::default() }, None);
    match arguments.format {
        Format::Json => {
            let mut all = to_json(project, &matrix, arguments.undecided, coverage);
            if let Some(counted) = &counted {
                counted.add_to(&mut all, project, &matrix, arguments);
            }
            print_json(&all)?;
        }
        Format::Csv if arguments.undecided => print(&open_to_csv(project, &matrix, coverage))?,
        Format::Csv => print(&to_csv(project, &matrix, &view, coverage))?,
        Format::Html => print(&to_html(project, &matrix, &view, coverage))?,
        Format::Text => {
            let mut out = match coverage {
                _ if arguments.undecided => open_cells(project, &matrix, coverage),
                Some(coverage) => {
                    table(&matrix, &view, |row, column| short(coverage.met(row, column)), "-: nothing to meet there")
                }
                None => {
                    let words = |row: usize, column: usize| {
                        let cell = matrix.cell(row, column);
                        if cell.is_undecided() { String::from("?") } else { cell.short(project) }
                    };
                    table(&matrix, &view, words, "?: undecided; in brackets: inherited from that group")
                }
            };
            match &counted {
                Some(counted) => counted.tell(&mut out, project, &matrix),
                None => totals(&mut out, &matrix),
            }
            print(&out)?;
        }
    }
    Ok(Verdict::Fine)
}

fn counted(arguments: &Arguments, document: &Document, matrix: &Matrix) -> Result<Counted> {
    let chosen = arguments.choice.of(document, &Size::default())?;
    let (project, machine) = (&chosen.project, chosen.machine());
    let cast = chosen.cast_or_nobody(&machine)?;
    let run = cast.run(&machine, chosen.until(), chosen.seed);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let coverage = Coverage::of(project, matrix, &run, threads, &Progress::default());
    let coverage = coverage.map_err(|_| {
        anyhow!("Contacts win more than {} others, so the run has no end.", grouped(MOST_REFERRED as u64))
    })?;
    let mut proposals = BTreeMap::new();
    if arguments.propose {
        for (row, column) in coverage.never() {
            let found = propose(project, matrix.place(row, column), &Progress::default());
            proposals.insert((row, column), found.map(|shown| shown.contact));
        }
    }
    Ok(Counted { coverage, contacts: run.contact_count(), until: run.until(), seed: chosen.seed, proposals })
}

impl Counted {
    fn add_to(&self, all: &mut Value, project: &Project, matrix: &Matrix, arguments: &Arguments) {
        let (met, cells) = self.coverage.share();
        all["coverage"] = json!({
            "contacts": self.contacts, "cells": cells, "met": met, "never_met": cells - met,
            "until": self.until.display_in(&project.zone()), "seed": self.seed,
        });
        let Value::Array(listed) = &mut all["cells"] else { return };
        let shown = matrix.cells().filter(|(_, _, cell)| !arguments.undecided || cell.is_open());
        for ((row, column, _), value) in shown.zip(listed) {
            if let Some(proposal) = self.proposals.get(&(row, column)) {
                value["proposal"] = json!(proposal.as_ref().map(|contact| contact_json(project, contact)));
            }
        }
    }

    fn tell(&self, out: &mut String, project: &Project, matrix: &Matrix) {
        let contacts = output::counted(self.contacts as u64, "contact");
        line!(out, "{} by {contacts}, until {}", self.coverage.sentence(), self.until.display_in(&project.zone()));
        for ((row, column), proposal) in &self.proposals {
            let label = project.place_label(matrix.place(*row, *column));
            let Some(contact) = proposal else {
                line!(out, "{label}: no contact was found within {MOST_STEPS} events and timers");
                continue;
            };
            let known = contact
                .attributes
                .iter()
                .filter_map(|(id, value)| Some(format!("{} {value}", project.attributes.get(id)?.name)));
            let events = contact.occurrences.iter().map(|one| {
                let name = project.events.get(&one.event).map_or("(deleted)", |event| event.name.as_str());
                let fields: Vec<String> = one.fields.iter().map(|(name, value)| format!("{name} {value}")).collect();
                let fields = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
                format!("{} {name}{fields}", one.time.display_in(&project.zone()))
            });
            let start = contact.start.map(|start| format!("{} start", start.display_in(&project.zone())));
            let all: Vec<String> = known.chain(start).chain(events).collect();
            line!(out, "{label}: {}", all.join(", "));
        }
    }
}

fn short(met: Met) -> String {
    match met {
        Met::Times(times) => grouped(times),
        Met::Never => String::from("never"),
        Met::Nothing => String::from("-"),
    }
}

fn open_cells(project: &Project, matrix: &Matrix, coverage: Option<&Coverage>) -> String {
    let mut out = String::new();
    for (row, column, cell) in matrix.cells().filter(|(_, _, cell)| cell.is_open()) {
        let (state, asked) = (&matrix.rows[row].label, matrix.column_label(column));
        let met = coverage.and_then(|coverage| coverage.met(row, column).words());
        let met = met.map_or_else(String::new, |words| format!(", {words}"));
        if cell.is_undecided() {
            line!(out, "{state}: {asked}{met}");
        } else {
            line!(out, "{state}: {asked}, in part ({}){met}", cell.short(project));
        }
    }
    out
}

fn table(matrix: &Matrix, view: &View, words: impl Fn(usize, usize) -> String, key: &str) -> String {
    let head = std::iter::once(String::from("state")).chain(view.columns.iter().map(|at| matrix.column_label(*at)));
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    for row in &view.rows {
        let cells = view.columns.iter().map(|column| words(*row, *column));
        rows.push(std::iter::once(matrix.rows[*row].label.clone()).chain(cells).collect());
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        line!(out, "{}", cells.join("  ").trim_end());
    }
    line!(out, "\n{key}");
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
