//! Recorded events from a file, as `import`, `replay` and `trace` read them.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{some, tell};
use crate::document::Document;
use crate::exchange::{Mapping, Overrides, Preview, read_contacts, read_events};
use crate::model::{Dataset, EventId, Project};

#[derive(Args)]
pub(super) struct Source {
    /// A table of contacts: their attributes, zone and start
    #[arg(long, value_name = "TABLE")]
    contacts: Option<PathBuf>,
    /// Which column is what: contact, time, event, or a field of the events; once per column
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// The event that every row is, for files without a column of events
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err(String::from("write FIELD=COLUMN, for example contact=customer_id")),
    }
}

/// The occurrences of a file, with the catalogue entry of each event code.
pub(super) struct Recorded {
    pub(super) dataset: Dataset,
    pub(super) events: Vec<EventId>,
}

impl Source {
    /// Whether anything but defaults was given.
    pub(super) fn is_given(&self) -> bool {
        self.contacts.is_some() || !self.map.is_empty() || self.event.is_some()
    }

    /// The columns of `log`, and what the user should know about it.
    pub(super) fn table(&self, log: &Path, project: &Project) -> Result<(Dataset, Vec<String>)> {
        let mut on = |_| ControlFlow::Continue(());
        let preview = Preview::read(log, Overrides::default(), &mut on)?;
        let mapping = Mapping::from_arguments(&self.map, self.event.as_deref(), &preview)?;
        let import = read_events(log, &mapping, &project.zone(), &mut on)?;
        let mut dataset = import.dataset;
        let mut notes = import.notes;
        if let Some(table) = &self.contacts {
            notes.extend(read_contacts(table, &mapping.contact, project, &mut dataset, &mut on)?.notes);
        }
        Ok((dataset, notes))
    }

    /// Reads `log`; what the user should know about it goes to standard error.
    pub(super) fn read(&self, log: &Path, project: &Project) -> Result<Recorded> {
        let (dataset, mut notes) = self.table(log, project)?;
        let missing = EventId(0);
        let known = |name: &String| project.event_by_name(name).map_or(missing, |event| event.id);
        let events: Vec<EventId> = dataset.event_names.iter().map(known).collect();
        let unknown: Vec<&str> = dataset
            .event_names
            .iter()
            .zip(&events)
            .filter(|(_, id)| **id == missing)
            .map(|(name, _)| name.as_str())
            .collect();
        if unknown.len() == events.len() {
            let in_catalogue: Vec<&str> = project.events.values().map(|event| event.name.as_str()).collect();
            return Err(anyhow!(
                "None of the events in {} is in the catalogue of this journey. The file has {}. The journey knows {}.",
                log.display(),
                some(&unknown),
                if in_catalogue.is_empty() { String::from("no event yet") } else { some(&in_catalogue) }
            ));
        }
        if !unknown.is_empty() {
            notes.push(format!(
                "These events are not in the catalogue of the journey, so only arrows for any event see them: {}.",
                some(&unknown)
            ));
        }
        for note in notes {
            tell(&note);
        }
        Ok(Recorded { dataset, events })
    }
}

/// A dataset of the project by its name, with the catalogue entry of each event code.
pub(super) fn of_project(document: &Document, name: &str) -> Result<(Arc<Dataset>, Vec<EventId>)> {
    let datasets = &document.project().datasets;
    let Some(info) = datasets.values().find(|info| info.name.eq_ignore_ascii_case(name.trim())) else {
        let known: Vec<&str> = datasets.values().map(|info| info.name.as_str()).collect();
        bail!(
            "There are no events called \"{name}\" in the project. It has {}.",
            if known.is_empty() { String::from("none; add some with import") } else { some(&known) }
        );
    };
    Ok((document.dataset(info.id)?, info.events.clone()))
}

/// The instant that `--until` names, in the zone of the project.
pub(super) fn until(text: Option<&str>, project: &Project) -> Result<Option<crate::model::Time>> {
    text.map(|text| crate::model::Time::parse(text, &project.zone()).map_err(|problem| anyhow!("--until: {problem}.")))
        .transpose()
}
