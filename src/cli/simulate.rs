//! `statecraft simulate`: the journey on its sample contacts or an imported history.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{REPORT_JSON, RunFacts, print, print_json, report_json, report_text, warn_of_errors};
use super::{Format, Verdict, open, recorded, threads};
use crate::document::Document;
use crate::model::{Dataset, EventId, Population, Scenario};
use crate::simulation::{Machine, Progress, Run};

#[derive(Args)]
#[command(after_long_help = REPORT_JSON)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// Which scenario; without it the first, or the sample contacts where there is none
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Instead of the end of the scenario: the last instant of the run, itself included
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Instead of the seed of the scenario
    #[arg(long)]
    seed: Option<u64>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let begin = Instant::now();
    let document = open(&arguments.file)?;
    let project = document.project();
    let scenario = scenario(&document, arguments.scenario.as_deref())?;
    let (dataset, events) = population(&document, scenario)?;
    let until = recorded::until(arguments.until.as_deref(), project)?.or(scenario.and_then(|scenario| scenario.until));
    let seed = arguments.seed.or(scenario.map(|scenario| scenario.seed)).unwrap_or(1);
    let (machine, problems) = Machine::compile(project);
    warn_of_errors(project, &problems);
    let run = Run::new(&machine, &dataset, &events, until, seed);
    let report = run.report(threads(), &Progress::default()).ok_or_else(|| anyhow!("The run was cancelled."))?;
    let facts = RunFacts { until: run.until(), seed, elapsed: begin.elapsed() };
    match arguments.format {
        Format::Json => print_json(&report_json(project, &report, &facts))?,
        Format::Text => print(&report_text(project, &report, &facts))?,
    }
    Ok(Verdict::Fine)
}

/// The scenario by its name, else the first.
pub(super) fn scenario<'a>(document: &'a Document, name: Option<&str>) -> Result<Option<&'a Scenario>> {
    let scenarios = &document.project().scenarios;
    let Some(name) = name else { return Ok(scenarios.values().next()) };
    let scenario = scenarios.values().find(|scenario| scenario.name.eq_ignore_ascii_case(name));
    if scenario.is_none() {
        let known: Vec<&str> = scenarios.values().map(|scenario| scenario.name.as_str()).collect();
        bail!(
            "There is no scenario \"{name}\". The project has {}.",
            if known.is_empty() { String::from("none") } else { known.join(", ") }
        );
    }
    Ok(scenario)
}

/// Whom a scenario runs on; without one, the sample contacts.
pub(super) fn population(document: &Document, scenario: Option<&Scenario>) -> Result<(Arc<Dataset>, Vec<EventId>)> {
    let project = document.project();
    if let Some(Population::Dataset(id)) = scenario.map(|scenario| scenario.population) {
        let deleted =
            || anyhow!("The dataset of this scenario was deleted. Choose another scenario, or import it again.");
        let info = project.datasets.get(&id).ok_or_else(deleted)?;
        return Ok((document.dataset(id)?, info.events.clone()));
    }
    if let Some(Population::Generated(id)) = scenario.map(|scenario| scenario.population) {
        bail!("The {} cannot be run yet. Choose another scenario.", project.describe(id.into()));
    }
    let (dataset, events) = Dataset::of_samples(project);
    if dataset.contacts.is_empty() {
        bail!("The project has no sample contacts. Add some in the window, or use replay with a file of events.");
    }
    Ok((Arc::new(dataset), events))
}
