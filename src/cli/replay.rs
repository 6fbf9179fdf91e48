//! `statecraft replay`: recorded events through the journey, from a file or from the project.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{REPORT_JSON, RunFacts, print, print_json, report_json, report_text, warn_of_errors};
use super::{Format, Verdict, open, recorded, threads};
use crate::simulation::{Machine, Progress, Run};

#[derive(Args)]
#[command(after_long_help = REPORT_JSON)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// The recorded events: a text file with a row per event
    #[arg(long, value_name = "LOG")]
    events: Option<PathBuf>,
    /// Instead of a file: events that were imported into the project
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    #[command(flatten)]
    recorded: recorded::Source,
    /// The last instant of the run, itself included; without it the last event
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// For guards with chance(…)
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let begin = Instant::now();
    let document = open(&arguments.file)?;
    let project = document.project();
    let until = recorded::until(arguments.until.as_deref(), project)?;
    let (dataset, events) = match (&arguments.events, &arguments.dataset) {
        (Some(log), None) => {
            let recorded = arguments.recorded.read(log, project)?;
            (Arc::new(recorded.dataset), recorded.events)
        }
        (None, Some(_)) if arguments.recorded.is_given() => {
            bail!("--map, --event and --contacts describe a file. Name it with --events LOG.")
        }
        (None, Some(name)) => recorded::of_project(&document, name)?,
        _ => bail!(
            "Name the events to run: --events LOG for a file, or --dataset NAME for some of the project (see --help)."
        ),
    };
    let (machine, problems) = Machine::compile(project);
    warn_of_errors(project, &problems);
    let run = Run::new(&machine, &dataset, &events, until, arguments.seed);
    let report = run.report(threads(), &Progress::default()).ok_or_else(|| anyhow!("The run was cancelled."))?;
    let facts = RunFacts { until: run.until(), seed: arguments.seed, elapsed: begin.elapsed() };
    match arguments.format {
        Format::Json => print_json(&report_json(project, &report, &facts))?,
        Format::Text => print(&report_text(project, &report, &facts))?,
    }
    Ok(Verdict::Fine)
}
