//! `statecraft export`: a project as a chart for other programs.

use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{print, tell};
use super::{Verdict, open};
use crate::exchange::{read_scxml, write_scxml};

#[derive(Args)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// The chart to make, ending in .scxml; it must not exist yet
    chart: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let chart = &arguments.chart;
    let name = chart.display();
    if !chart.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("scxml")) {
        bail!("{name} cannot be written. Charts are written to files that end in .scxml.");
    }
    let document = open(&arguments.file)?;
    let text = write_scxml(document.project());
    // A chart that could not be read again would be no copy of the work.
    read_scxml(&text).map_err(|error| anyhow!("{} cannot be exported. {error}", arguments.file.display()))?;
    let mut file = std::fs::File::create_new(chart).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{name} exists already. Name another file, or remove it first."),
        _ => anyhow!("{name} cannot be written: {error}."),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        drop(file);
        // What is there is only a part, and it was not there before.
        let _ = std::fs::remove_file(chart);
        bail!("{name} cannot be written: {error}.");
    }
    if !document.project().datasets.is_empty() {
        tell("The imported histories of the project are not in the chart, which says what can happen, not what did.");
    }
    print(&format!("Wrote the journey \"{}\" to {name}.\n", document.project().info.name))?;
    Ok(Verdict::Fine)
}
