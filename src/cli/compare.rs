//! `statecraft compare`: two versions of a journey on the same contacts and the same luck.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::Args;

use super::experiment::{COMPARE_JSON, Comparison};
use super::output::{print, print_json};
use super::scenario::{Choice, Size};
use super::{Format, Verdict, open, threads};
use crate::analysis::Measure;
use crate::analysis::experiment::{compare, diverging, repeat, without_partner};
use crate::simulation::Progress;

#[derive(Args)]
#[command(after_long_help = COMPARE_JSON)]
pub(super) struct Arguments {
    /// The project, A
    file: PathBuf,
    /// The other version, B; its scenario of the same name runs, else its first
    other: PathBuf,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    size: Size,
    /// On how many seeds in a row
    #[arg(long, value_name = "R", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let begin = Instant::now();
    let documents = [open(&arguments.file)?, open(&arguments.other)?];
    let [a, b] = documents.each_ref().map(|document| arguments.choice.of(document, &arguments.size));
    let (a, b) = (a?, b?);
    // Both begin with the same luck and end at the same time: those of A.
    let (until, seed) = (a.until(), a.seed);
    let (machine_a, machine_b) = (a.machine(), b.machine());
    let (cast_a, cast_b) = (a.cast(&machine_a)?, b.cast(&machine_b)?);
    let reports = |cast: &crate::simulation::Cast, machine| {
        let run = |seed| cast.run(machine, until, seed).report(threads(), &Progress::default());
        repeat(seed, arguments.repeat, run).ok_or_else(|| anyhow!("The run was cancelled."))
    };
    let (reports_a, reports_b) = (reports(&cast_a, &machine_a)?, reports(&cast_b, &machine_b)?);
    let (run_a, run_b) = (cast_a.run(&machine_a, until, seed), cast_b.run(&machine_b, until, seed));
    let diverging = diverging((&a.project, &run_a), (&b.project, &run_b), &Progress::default());
    let comparison = Comparison {
        contacts: run_a.contact_count() as u64,
        seed,
        repeats: reports_a.len(),
        measures: compare((&a.project, &reports_a), (&b.project, &reports_b), &Measure::all(&a.project), false),
        diverging: diverging.ok_or_else(|| anyhow!("The run was cancelled."))?,
        without_partner: without_partner(&a.project, &b.project),
        elapsed: begin.elapsed(),
    };
    match arguments.format {
        Format::Json => print_json(&comparison.json(&a.project))?,
        Format::Text => print(&comparison.text(&a.project))?,
    }
    Ok(Verdict::Fine)
}
