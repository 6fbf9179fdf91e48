//! `statecraft trace`: one contact's story, and how it would have ended with another timing.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use serde_json::{Value, json};

use super::output::{STORY_JSON, counted, line, print, print_json, story_json, story_text};
use super::scenario::{Choice, Size};
use super::{Format, Verdict, open, recorded};
use crate::analysis::timing::{Alternative, Change, Ending, Timing};
use crate::model::{Occurrence, Project, TouchpointId};
use crate::simulation::{Cast, Progress};

const HELP: &str = r#"JSON with --what-if: {"contact": ID, "until": "2026-03-09 00:00", "ending": ENDING, "tried": N
changes that were run, "left_out": N that were too many to run, "alternatives": [{"text": "If …: …",
"event": NAME, "usual": "2026-03-01 14:30", "then": "2026-03-01 12:30", "before": NAME of the event
it was swapped with or null, "differences": ["ends in Customer instead of Lapsed"],
"ending": ENDING, "events": [{"time": "…", "event": NAME}]}]}
ENDING: {"in": [NAME] at the end, "sent": {TOUCHPOINT: N}, "converted": {POINT: N}}
Changes: each two neighbouring events swapped, and each event brought to 1 min before and after
timers that were armed and ends of windows in which conditions count, at most 3 days away. Listed
are those that end otherwise; of several timers and windows with the same end, the nearest."#;

#[derive(Args)]
#[command(after_long_help = format!("{STORY_JSON}\n\n{HELP}"))]
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
    /// Instead of the story: what would come out if events had come in another order, or just before
    /// or after a timer
    #[arg(long)]
    what_if: bool,
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
    if arguments.what_if {
        let timing = Timing::of(project, &run.sampled(contact), run.until(), chosen.seed, &Progress::default());
        let timing = timing.expect("nobody cancels it");
        return match arguments.format {
            Format::Json => print_json(&timing_json(project, &timing)),
            Format::Text => print(&timing_text(project, &timing)),
        }
        .map(|()| Verdict::Fine);
    }
    let story = run.story(contact);
    match arguments.format {
        Format::Json => print_json(&story_json(project, &story))?,
        Format::Text => print(&story_text(project, &project.zone(), &story))?,
    }
    Ok(Verdict::Fine)
}

fn timing_text(project: &Project, timing: &Timing) -> String {
    let mut out = String::new();
    line!(out, "{}", timing.contact.name);
    for alternative in &timing.alternatives {
        line!(out, "{}", timing.sentence(project, alternative));
    }
    if timing.alternatives.is_empty() {
        line!(out, "Nothing would come out otherwise.");
    }
    line!(out, "{}", timing.bound());
    out
}

fn timing_json(project: &Project, timing: &Timing) -> Value {
    let zone = project.zone();
    let name = |one: &Occurrence| project.events.get(&one.event).map(|event| event.name.as_str());
    let usual = &timing.contact.occurrences;
    let alternative = |one: &Alternative| {
        let event = one.change.event();
        let before = if let Change::Swapped(event) = one.change { name(&usual[event - 1]) } else { None };
        let events = one.contact.occurrences.iter();
        json!({
            "text": timing.sentence(project, one),
            "event": name(&usual[event]),
            "usual": usual[event].time.display_in(&zone),
            "then": one.change.time(usual).display_in(&zone),
            "before": before,
            "differences": timing.differences(project, one),
            "ending": ending_json(project, &one.ending),
            "events": events
                .map(|one| json!({"time": one.time.display_in(&zone), "event": name(one)}))
                .collect::<Vec<_>>(),
        })
    };
    json!({
        "contact": timing.contact.name,
        "until": timing.until.display_in(&zone),
        "ending": ending_json(project, &timing.ending),
        "tried": timing.tried,
        "left_out": timing.left_out,
        "alternatives": timing.alternatives.iter().map(alternative).collect::<Vec<_>>(),
    })
}

fn ending_json(project: &Project, ending: &Ending) -> Value {
    let touchpoint =
        |(id, times): (&TouchpointId, &u32)| Some((project.touchpoints.get(id)?.name.clone(), json!(times)));
    json!({
        "in": ending.resting.iter().map(|node| project.node_label(*node)).collect::<Vec<_>>(),
        "sent": Value::Object(ending.sent.iter().filter_map(touchpoint).collect()),
        "converted": ending.converted,
    })
}
