//! `statecraft trace`: one contact's story.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::output::{STORY_JSON, counted, print, print_json, story_json, story_text};
use super::scenario::{Choice, Size};
use super::{Format, Verdict, open, recorded};
use crate::simulation::Cast;

#[derive(Args)]
#[command(after_long_help = STORY_JSON)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// The contact, as its file or the project calls it
    #[arg(long, value_name = "ID")]
    contact: String,
    /// Take the contact from a file of recorded events
    #[arg(long, value_name = "LOG", conflicts_with = "scenario")]
    events: Option<PathBuf>,
    #[command(flatten)]
    recorded: recorded::Source,
    #[command(flatten)]
    choice: Choice,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let document = open(&arguments.file)?;
    let chosen = arguments.choice.of(&document, &Size::default())?;
    let project = &chosen.project;
    let mut until = chosen.until();
    let machine = chosen.machine();
    let cast = if let Some(log) = &arguments.events {
        let recorded = arguments.recorded.read(log, project)?;
        // The end of a scenario is not that of a file.
        until = arguments.choice.until(project)?;
        Cast::Recorded { dataset: Arc::new(recorded.dataset), events: recorded.events }
    } else {
        if arguments.recorded.is_given() {
            bail!("--map, --event and --contacts describe a file. Name it with --events LOG.");
        }
        chosen.cast(&machine)?
    };
    let run = cast.run(&machine, until, chosen.seed);
    let contact = (0..run.contact_count()).find(|contact| run.contact_name(*contact) == arguments.contact);
    let contact = contact.ok_or_else(|| {
        let some: Vec<_> = (0..run.contact_count()).take(5).map(|contact| run.contact_name(contact)).collect();
        let more = if run.contact_count() > some.len() { ", …" } else { "" };
        anyhow!(
            "There is no contact \"{}\" among the {}: {}{more}.",
            arguments.contact,
            counted(run.contact_count() as u64, "contact"),
            some.join(", ")
        )
    })?;
    let story = run.story(contact);
    match arguments.format {
        Format::Json => print_json(&story_json(project, &story))?,
        Format::Text => print(&story_text(project, &project.zone(), &story))?,
    }
    Ok(Verdict::Fine)
}
