//! `statecraft simulate`: the journey on generated contacts, its sample contacts or an imported history.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::Args;

use super::experiment::{EXPERIMENT_JSON, repeats_json, repeats_text, varied_json, varied_text};
use super::output::{REPORT_JSON, RunFacts, print, print_json, report_json, report_text};
use super::scenario::{Choice, Size};
use super::{Format, Verdict, open, threads};
use crate::analysis::experiment::{repeat, vary};
use crate::model::Project;
use crate::simulation::{Machine, Progress};

#[derive(Args)]
#[command(after_long_help = format!("{REPORT_JSON}\n\n{EXPERIMENT_JSON}"))]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    size: Size,
    /// Chance: run on so many seeds in a row, and tell how far the results lie apart
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(2..))]
    repeat: Option<u32>,
    /// Assumptions: run with the least and the most of each number that has a range, all else being likely
    #[arg(long)]
    vary: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let begin = Instant::now();
    let document = open(&arguments.file)?;
    let chosen = arguments.choice.of(&document, &arguments.size)?;
    let project = &chosen.project;
    let machine = chosen.machine();
    let cast = chosen.cast(&machine)?;
    let run = cast.run(&machine, chosen.until(), chosen.seed);
    let cancelled = || anyhow!("The run was cancelled.");
    let report = run.report(threads(), &Progress::default()).ok_or_else(cancelled)?;
    let repeats = arguments.repeat.map(|repeats| {
        let run = |seed| cast.run(&machine, chosen.until(), seed).report(threads(), &Progress::default());
        repeat(chosen.seed, repeats, run).ok_or_else(cancelled)
    });
    let repeats = repeats.transpose()?;
    let varied = arguments.vary.then(|| {
        let run = |project: &Project| {
            let machine = Machine::of(project);
            let cast = cast.in_version(project, &machine);
            cast.run(&machine, chosen.until(), chosen.seed).report(threads(), &Progress::default())
        };
        vary(project, run).ok_or_else(cancelled)
    });
    let varied = varied.transpose()?;
    let facts = RunFacts { until: run.until(), seed: chosen.seed, elapsed: begin.elapsed() };
    match arguments.format {
        Format::Json => {
            let mut json = report_json(project, &report, &facts);
            json["chance"] = repeats.map(|reports| repeats_json(project, chosen.seed, &reports)).into();
            json["assumptions"] = varied.map(|varied| varied_json(project, &report, &varied)).into();
            print_json(&json)?;
        }
        Format::Text => {
            let mut text = report_text(project, &report, &facts);
            text.extend(repeats.map(|reports| repeats_text(project, chosen.seed, &reports)));
            text.extend(varied.map(|varied| varied_text(project, &report, &varied)));
            print(&text)?;
        }
    }
    Ok(Verdict::Fine)
}
