//! `statecraft export`: a project as a chart for other programs, or as a project without anybody's data.

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
    /// The chart to make, ending in .scxml, or with --without-contacts the project, ending in .statecraft; it must not
    /// exist yet
    chart: PathBuf,
    /// Write a project for others: no contacts, no imported data, no history, no names of scenarios
    #[arg(long)]
    without_contacts: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let chart = &arguments.chart;
    let name = chart.display();
    let ends_in = |ending: &str| chart.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    if arguments.without_contacts {
        if !ends_in("statecraft") {
            bail!(
                "{name} cannot be written. A project without contacts is written to a file that ends in .statecraft."
            );
        }
        return share(arguments);
    }
    if ends_in("statecraft") {
        bail!(
            "{name} cannot be written. To copy a project, copy its file; to give it away without anybody's data, add \
             --without-contacts."
        );
    }
    if !ends_in("scxml") {
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

fn share(arguments: &Arguments) -> Result<Verdict> {
    let target = &arguments.chart;
    let document = open(&arguments.file)?;
    for id in document.project().datasets.keys() {
        // So that it is known who is in it.
        document.dataset(*id)?;
    }
    let (snapshot, mentions) = document.snapshot_without_contacts();
    if target.symlink_metadata().is_ok() {
        bail!("{} exists already. Name another file, or remove it first.", target.display());
    }
    snapshot.write(target)?;
    for place in mentions {
        tell(&format!("A contact is still named in {place}. Look at it before you give the file away."));
    }
    let name = &document.project().info.name;
    print(&format!("Wrote the journey \"{name}\" without contacts to {}.\n", target.display()))?;
    Ok(Verdict::Fine)
}
