//! Reports and stories as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};
use std::time::Duration;

use anyhow::{Context as _, Result};

use serde_json::{Value, json};

use crate::model::time::{Time, Zone};
use crate::model::trigger_text::print_trigger;
use crate::model::{Contact, Occurrence, Project, grouped};
use crate::simulation::run::MOST_REFERRED;
use crate::simulation::{Outcome, Problem, Report, Severity, Story};

pub(super) const REPORT_JSON: &str = r#"JSON: {"contacts": N, "not_started": N, "halted": N, "events": N, "ignored": N, "refused": N,
"after_end": N, "errors": N,
"states": {NAME: {"contacts": ever there, "entered": visits, "resting": there at the end}},
"transitions": [{"from": NAME, "to": NAME or null for stay, "trigger": "…", "guard": "…", "fired": N, "contacts": N}],
"conversions": {POINT: {"count": N, "value": money}}, "effects": {"sent": {TOUCHPOINT: N}, "notified": {TEAM: N}},
"until": "1998-07-01 00:00", "seed": N, "elapsed_ms": N}"#;

pub(super) const STORY_JSON: &str = r#"JSON: {"contact": ID, "entries": [{"time": "2026-03-01 14:30", "cause": "purchase",
"outcome": "moved" | "stayed" | "refused" | "ignored" | "after the end" | "halted", "from": NAME or null,
"to": NAME or null, "text": "moved from New to Repeat", "effects": ["…"], "errors": ["…"],
"why": ["count(purchase) was 5 (needed at least 5)"], "why_not": ["not to Loyal: count(purchase) was 4, needs at least 5"],
"values": {ATTRIBUTE: "…"}}]}"#;

/// Adds a line to a text.
macro_rules! line {
    ($out:expr, $($part:tt)*) => {
        // Writing to a text cannot fail.
        let _ = writeln!($out, $($part)*);
    };
}
pub(super) use line;

/// Prints a result. Whoever reads it may stop reading at any time, as `head` does: that is no failure.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("Could not write the result"),
        _ => Ok(()),
    }
}

/// Prints JSON, in lines.
pub(super) fn print_json(value: &Value) -> Result<()> {
    print(&format!("{value:#}\n"))
}

/// Says something to the user that is no result.
pub(super) fn tell(text: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(io::stderr(), "statecraft: {text}");
}

/// What a report was made with.
pub(super) struct RunFacts {
    pub(super) until: Time,
    pub(super) seed: u64,
    pub(super) elapsed: Duration,
}

pub(super) fn report_json(project: &Project, report: &Report, facts: &RunFacts) -> Value {
    let states: BTreeMap<String, Value> = report
        .states
        .iter()
        .map(|(id, tally)| {
            let value = json!({"contacts": tally.contacts, "entered": tally.entered, "resting": tally.resting});
            (project.node_label(*id), value)
        })
        .collect();
    let transitions: Vec<Value> = arrows_in_order(project, report)
        .into_iter()
        .map(|(arrow, tally)| {
            json!({
                "from": project.node_label(arrow.source),
                "to": arrow.target.map(|target| project.node_label(target)),
                "trigger": print_trigger(project, &arrow.trigger),
                "guard": arrow.guard.text(),
                "fired": tally.fired,
                "contacts": tally.contacts,
            })
        })
        .collect();
    let conversions: BTreeMap<&str, Value> = report
        .conversions
        .iter()
        .map(|(point, tally)| (point.as_str(), json!({"count": tally.count, "value": money(tally.cents)})))
        .collect();
    let sent: BTreeMap<&str, u64> = report
        .sends
        .touchpoints
        .iter()
        .filter_map(|(id, tally)| Some((project.touchpoints.get(id)?.name.as_str(), tally.delivered())))
        .collect();
    let notified: BTreeMap<&str, u64> =
        report.handovers.iter().map(|(team, tally)| (team.as_str(), tally.count())).collect();
    json!({
        "contacts": report.contacts,
        "not_started": report.not_started,
        "halted": report.halted,
        "events": report.events,
        "ignored": report.ignored,
        "refused": report.refused,
        "after_end": report.after_end,
        "errors": report.errors,
        "states": states,
        "transitions": transitions,
        "conversions": conversions,
        "effects": {"sent": sent, "notified": notified},
        "until": facts.until.display_in(&project.zone()),
        "seed": facts.seed,
        "elapsed_ms": u64::try_from(facts.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

fn arrows_in_order<'a>(
    project: &'a Project,
    report: &'a Report,
) -> Vec<(&'a crate::model::Transition, &'a crate::simulation::report::ArrowTally)> {
    project
        .document_order()
        .into_iter()
        .flat_map(|(_, node)| project.outgoing(node.id))
        .filter_map(|arrow| Some((arrow, report.arrows.get(&arrow.id)?)))
        .collect()
}

/// Hundredths as an amount with two decimals.
#[expect(clippy::cast_precision_loss, reason = "sums are exact; only what is printed is rounded")]
fn money(cents: i128) -> f64 {
    cents as f64 / 100.0
}

pub(super) fn report_text(project: &Project, report: &Report, facts: &RunFacts) -> String {
    let mut out = String::new();
    let until = facts.until.display_in(&project.zone());
    line!(out, "{}, {}, until {until}", counted(report.contacts, "contact"), counted(report.events, "event"));
    out.push('\n');
    let mut states = Table::new(&["state", "resting", "entered", "contacts"]);
    for (_, node) in project.document_order() {
        if let Some(tally) = report.states.get(&node.id) {
            states.row([
                project.node_label(node.id),
                grouped(tally.resting),
                grouped(tally.entered),
                grouped(tally.contacts),
            ]);
        }
    }
    states.print_to(&mut out);
    out.push('\n');
    let mut arrows = Table::new(&["arrow", "fired", "contacts"]);
    for (arrow, tally) in arrows_in_order(project, report) {
        let to = arrow.target.map_or_else(|| String::from("(stay)"), |target| project.node_label(target));
        let guard = if arrow.guard.is_empty() { String::new() } else { format!(" [{}]", arrow.guard) };
        let trigger = print_trigger(project, &arrow.trigger);
        let label = format!("{} --{trigger}{guard}--> {to}", project.node_label(arrow.source));
        arrows.row([label, grouped(tally.fired), grouped(tally.contacts)]);
    }
    arrows.print_to(&mut out);
    out.push('\n');
    for (id, tally) in &report.sends.touchpoints {
        let name = project.touchpoint_label(*id);
        line!(out, "sent {name}: {}", grouped(tally.delivered()));
    }
    for (team, tally) in &report.handovers {
        line!(out, "notified {team}: {}", grouped(tally.count()));
    }
    for (point, tally) in &report.conversions {
        line!(out, "conversion {point}: {}, worth {:.2}", grouped(tally.count), money(tally.cents));
    }
    line!(
        out,
        "events that no state waited for: {}; refused by a condition: {}; after the end: {}",
        grouped(report.ignored),
        grouped(report.refused),
        grouped(report.after_end)
    );
    for (count, what) in
        [(report.not_started, "had not started by then"), (report.halted, "went round in circles and stopped")]
    {
        if count > 0 {
            line!(out, "{} {what}", counted(count, "contact"));
        }
    }
    if report.errors > 0 {
        line!(out, "{}: actions that failed, values that fit nothing", counted(report.errors, "error"));
    }
    if let Some(newcomers) = &report.newcomers {
        line!(out, "{} won by others, counted apart", counted(newcomers.contacts, "contact"));
    }
    if report.endless_referrals {
        line!(
            out,
            "error: more than {} contacts were won by others, so none of them is counted; give referrals a limit",
            grouped(MOST_REFERRED as u64)
        );
    }
    out
}

/// A sample contact with all that happens to it.
pub(super) fn contact_json(project: &Project, contact: &Contact) -> Value {
    let zone = project.zone();
    let attributes = contact
        .attributes
        .iter()
        .filter_map(|(id, value)| Some((project.attributes.get(id)?.name.clone(), json!(value.to_string()))));
    let fields = |one: &Occurrence| {
        Value::Object(one.fields.iter().map(|(name, value)| (name.clone(), json!(value.to_string()))).collect())
    };
    let event = |one: &Occurrence| {
        json!({
            "time": one.time.display_in(&zone),
            "event": project.events.get(&one.event).map(|event| event.name.as_str()),
            "fields": fields(one),
        })
    };
    json!({
        "name": contact.name,
        "start": contact.start.map(|start| start.display_in(&zone)),
        "attributes": Value::Object(attributes.collect()),
        "events": contact.occurrences.iter().map(event).collect::<Vec<_>>(),
    })
}

pub(super) fn story_json(project: &Project, story: &Story) -> Value {
    let zone = project.zone();
    let entries: Vec<Value> = story
        .entries
        .iter()
        .map(|entry| {
            json!({
                "time": entry.time.display_in(&zone),
                "cause": entry.cause_in_words(project),
                "outcome": outcome_word(entry.outcome),
                "from": (!entry.from.is_empty()).then(|| project.node_labels(&entry.from)),
                "to": (!entry.to.is_empty()).then(|| project.node_labels(&entry.to)),
                "text": entry.outcome_in_words(project),
                "effects": entry.effects,
                "errors": entry.errors,
                "why": entry.why,
                "why_not": entry.why_not_in_words(project),
                "values": entry.values.iter().cloned().collect::<BTreeMap<_, _>>(),
            })
        })
        .collect();
    json!({"contact": story.contact, "entries": entries})
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ignored => "ignored",
        Outcome::Moved => "moved",
        Outcome::Stayed => "stayed",
        Outcome::Refused => "refused",
        Outcome::AfterEnd => "after the end",
        Outcome::Halted => "halted",
    }
}

pub(super) fn story_text(project: &Project, zone: &Zone, story: &Story) -> String {
    let mut out = String::new();
    line!(out, "{}", story.contact);
    for entry in &story.entries {
        line!(
            out,
            "{}  {}: {}",
            entry.time.display_in(zone),
            entry.cause_in_words(project),
            entry.outcome_in_words(project)
        );
        for (label, lines) in [
            ("why", &entry.why),
            ("why not", &entry.why_not_in_words(project)),
            ("then", &entry.effects),
            ("failed", &entry.errors),
        ] {
            for line in lines {
                line!(out, "                    {label}: {line}");
            }
        }
    }
    out
}

/// Errors of the chart go to standard error, so that nobody takes the numbers for more than they are.
pub(super) fn warn_of_errors(project: &Project, problems: &[Problem]) {
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        tell(&format!("{}: {}", project.describe(problem.at), problem.message));
    }
}

/// `1 error`, `2,000 errors`.
pub(super) fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// The first of many names.
pub(super) fn some(names: &[&str]) -> String {
    const MOST: usize = 10;
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}

/// Columns of text: the first to the left, numbers to the right.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|&cell| cell.to_owned()).collect()] }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn print_to(&self, out: &mut String) {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.rows[0].len()).map(width).collect();
        for row in &self.rows {
            let name = format!("{:<width$}", row[0], width = widths[0]);
            let numbers = row.iter().zip(&widths).skip(1).map(|(cell, width)| format!("  {cell:>width$}"));
            line!(out, "{name}{}", numbers.collect::<String>());
        }
    }
}
