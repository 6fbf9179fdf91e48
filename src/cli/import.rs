//! `statecraft import`: a project from a chart of another program, or recorded events into a project.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{counted, print, some, tell};
use super::{Verdict, open_to_edit, recorded};
use crate::document::Document;
use crate::exchange::read_scxml;
use crate::model::DatasetInfo;
use crate::store::News;

#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// For a chart, the project to make, which must not exist yet; for events, the project to add them to
    file: PathBuf,
    /// A chart in SCXML (.scxml), or a table with a row per event (.csv, .tsv or .txt)
    source: PathBuf,
    #[command(flatten)]
    recorded: recorded::Source,
    /// What to call the events in the project; without it they are called like the file
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

const EXAMPLES: &str = "\
statecraft import new.statecraft chart.scxml
statecraft import journey.statecraft events.csv --map contact=customer_id --map time=date --map event=what
statecraft replay journey.statecraft --dataset events

Events become part of the project as a whole or not at all. Those that the journey does not know yet are added to its
catalogue.";

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let source = &arguments.source;
    let extension = source.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("scxml") => {
            if arguments.recorded.is_given() || arguments.name.is_some() {
                bail!("--map, --event, --contacts and --name describe a table of events. A chart needs none of them.");
            }
            chart(&arguments.file, source)
        }
        Some("csv" | "tsv" | "txt") => events(arguments),
        _ => bail!(
            "{} cannot be imported. Charts are read from files that end in .scxml, events from .csv, .tsv or .txt.",
            source.display()
        ),
    }
}

fn chart(file: &Path, source: &Path) -> Result<Verdict> {
    let name = source.display();
    let bytes = std::fs::read(source).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("There is no file {name}. Check its name and folder."),
        _ => anyhow!("{name} cannot be read: {error}."),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        anyhow!("{name} is not in UTF-8, from byte {} on. Save it as UTF-8.", error.utf8_error().valid_up_to())
    })?;
    let imported = read_scxml(&text).map_err(|error| anyhow!("{name} cannot be imported. {error}"))?;
    Document::create(file, &imported.project)?;
    for note in imported.notes {
        tell(&note);
    }
    let journey = &imported.project.info.name;
    print(&format!("Made {} with the journey \"{journey}\".\n", file.display()))?;
    Ok(Verdict::Fine)
}

fn events(arguments: &Arguments) -> Result<Verdict> {
    let mut document = open_to_edit(&arguments.file)?;
    let source = &arguments.source;
    let part =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let name = arguments.name.clone().unwrap_or_else(|| part(source.file_stem()));
    let taken = document.project().datasets.values().any(|dataset| dataset.name.eq_ignore_ascii_case(name.trim()));
    if taken {
        bail!("{} has events called \"{name}\" already. Choose another name with --name.", arguments.file.display());
    }
    let (dataset, mut notes) = arguments.recorded.table(source, document.project())?;
    let names = dataset.event_names.clone();
    let new: Vec<&str> =
        names.iter().filter(|name| document.project().event_by_name(name).is_none()).map(String::as_str).collect();
    if !new.is_empty() {
        notes.push(format!("Added to the catalogue of events: {}.", some(&new)));
    }
    let (contacts, occurrences) = (dataset.contacts.len() as u64, dataset.times.len() as u64);
    document.import(DatasetInfo::named(name.trim(), part(source.file_name())), dataset, names)?;
    if let Err(why) = document.publish_now() {
        bail!(
            "The events are saved on this computer, but not in {} yet. {why} Then open the project, or import something \
             else into it: that writes the file.",
            arguments.file.display()
        );
    }
    let mut place = arguments.file.clone();
    for item in document.news() {
        if let News::Conflict { theirs, ours } = item {
            notes.push(format!("Somebody else changed {} meanwhile; it was left so.", theirs.display()));
            place = ours;
        }
    }
    for note in notes {
        tell(&note);
    }
    print(&format!(
        "Imported {} of {} into {} as \"{}\".\n",
        counted(occurrences, "event"),
        counted(contacts, "contact"),
        place.display(),
        name.trim()
    ))?;
    Ok(Verdict::Fine)
}
