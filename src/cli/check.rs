//! `statecraft check`: errors, warnings and hints of a journey, for eyes, programs, tables and browsers.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::expectations::Checked;
use super::output::{contact_json, counted, line, print, print_json};
use super::{Verdict, open};
use crate::analysis::check::Finding;
use crate::analysis::findings;
use crate::analysis::prove::{Proof, Shown, prove};
use crate::analysis::sheet::{Cell, Sheet};
use crate::exchange::sheet::to_csv;
use crate::model::Project;
use crate::simulation::Severity;

const JSON: &str = r#"JSON: {"errors": 1, "warnings": 0, "hints": 0, "problems": [{"severity": "error" | "warning" | "hint",
"kind": "gap", "at": "arrow from Lead to Trial", "message": "…", "case": {"count(visit)": "3"} or null,
"fix": "Delete the arrow" or null, "proof": PROOF or null}]}
"case" is a contact for whom the conditions show it, so far as they ask. "proof" is there with --prove alone:
{"reached": true, "contact": {"name": "…", "start": "2026-01-05 09:00", "attributes": {NAME: "…"},
"events": [{"time": "2026-01-05 10:00", "event": NAME, "fields": {NAME: "…"}}]}, "story": ["…"]} or
{"reached": false, "steps": N}: no way there was found within so many events and timers.
The names of "kind" do not change: cannot-run, world, unreachable, unreachable-under-conditions, trap, gap, overlap, never,
always, shadowed, always-cycle, always-by-time, timer-never-due, unclear-name, sending-loop, no-owner, no-stage,
ends-at-purchase, event-nobody-brings, event-nobody-hears.
With --expectations also: "expectations": [{"expectation": "Anna on 2026-03-09 is in MQL", "holds": false,
"broken": ["expected in MQL, but is in Lead"]}]"#;

#[derive(Args)]
#[command(after_long_help = JSON)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// Run the expectations of the project as well; one that is broken counts as an error
    #[arg(long)]
    expectations: bool,
    #[arg(long, value_enum, default_value_t)]
    format: CheckFormat,
    /// Look for a contact whose story shows the problem, for each that a story can show
    #[arg(long)]
    prove: bool,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum CheckFormat {
    #[default]
    Text,
    Json,
    Csv,
    Html,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let document = open(&arguments.file)?;
    let project = document.project();
    let found: Vec<(Finding, Option<Proof>)> = findings(project)
        .into_iter()
        .map(|finding| {
            let proof = if arguments.prove { prove(project, &finding) } else { None };
            (finding, proof)
        })
        .collect();
    let of = |severity| found.iter().filter(|(finding, _)| finding.problem.severity == severity).count();
    let counts = [of(Severity::Error), of(Severity::Warning), of(Severity::Hint)];
    let expectations = arguments.expectations.then(|| Checked::of(project));
    match arguments.format {
        CheckFormat::Json => {
            let problems: Vec<Value> =
                found.iter().map(|(finding, proof)| problem_json(project, finding, proof.as_ref())).collect();
            let [errors, warnings, hints] = counts;
            let mut all = json!({"errors": errors, "warnings": warnings, "hints": hints, "problems": problems});
            if let Some(expectations) = &expectations {
                all["expectations"] = expectations.json();
            }
            print_json(&all)?;
        }
        CheckFormat::Text => {
            let more = expectations.as_ref().map(Checked::text).unwrap_or_default();
            print(&(text(project, &found, counts) + &more))?;
        }
        CheckFormat::Csv | CheckFormat::Html => {
            let mut rows = rows(project, &found);
            rows.extend(expectations.iter().flat_map(Checked::rows));
            let is_csv = matches!(arguments.format, CheckFormat::Csv);
            print(&if is_csv { to_csv(&sheet(rows)) } else { html(project, &rows, counts) })?;
        }
    }
    let broken = expectations.is_some_and(|expectations| !expectations.hold());
    Ok(if counts[0] > 0 || broken { Verdict::ProblemsFound } else { Verdict::Fine })
}

fn problem_json(project: &Project, finding: &Finding, proof: Option<&Proof>) -> Value {
    let case = finding.case.as_ref().map(|case| {
        let facts = case.facts.iter().map(|(what, value)| (what.clone(), json!(value)));
        Value::Object(facts.collect())
    });
    json!({
        "severity": finding.problem.severity.name(),
        "kind": finding.problem.kind.name(),
        "at": project.describe(finding.problem.at),
        "message": finding.problem.message,
        "case": case,
        "fix": finding.fix.as_ref().map(|fix| fix.label),
        "proof": proof.map(|proof| proof_json(project, proof)),
    })
}

fn proof_json(project: &Project, proof: &Proof) -> Value {
    let Proof::Reached(shown) = proof else {
        let Proof::NotFound { steps } = proof else { return Value::Null };
        return json!({"reached": false, "steps": steps});
    };
    let Shown { contact, .. } = &**shown;
    json!({
        "reached": true,
        "contact": contact_json(project, contact),
        "story": story_lines(project, shown),
    })
}

fn story_lines(project: &Project, shown: &Shown) -> Vec<String> {
    let zone = project.zone();
    let line = |entry: &crate::simulation::Entry| {
        format!(
            "{}  {}: {}",
            entry.time.display_in(&zone),
            entry.cause_in_words(project),
            entry.outcome_in_words(project)
        )
    };
    shown.story.entries.iter().map(line).collect()
}

fn known(project: &Project, shown: &Shown) -> String {
    let known = shown
        .contact
        .attributes
        .iter()
        .filter_map(|(id, value)| Some(format!("{}: {value}", project.attributes.get(id)?.name)));
    known.collect::<Vec<_>>().join(", ")
}

fn text(project: &Project, found: &[(Finding, Option<Proof>)], counts: [usize; 3]) -> String {
    let mut out = String::new();
    for (finding, proof) in found {
        let problem = &finding.problem;
        line!(out, "{}: {}: {}", problem.severity.name(), project.describe(problem.at), problem.message);
        match proof {
            Some(Proof::Reached(shown)) => {
                let known = known(project, shown);
                let known = if known.is_empty() { known } else { format!(" ({known})") };
                line!(out, "  A contact whose story shows it{known}:");
                for told in story_lines(project, shown) {
                    line!(out, "    {told}");
                }
            }
            Some(Proof::NotFound { steps }) => {
                line!(
                    out,
                    "  Possible as far as conditions go; no way there was found within {steps} events and timers."
                );
            }
            None => {}
        }
    }
    let [errors, warnings, hints] = counts.map(|count| count as u64);
    let hints = if hints > 0 { format!(", {}", counted(hints, "hint")) } else { String::new() };
    line!(out, "{}, {}{hints}", counted(errors, "error"), counted(warnings, "warning"));
    out
}

fn rows(project: &Project, found: &[(Finding, Option<Proof>)]) -> Vec<[String; 6]> {
    let row = |(finding, proof): &(Finding, Option<Proof>)| {
        let problem = &finding.problem;
        let proof = match proof {
            Some(Proof::Reached(shown)) => story_lines(project, shown).join("; "),
            Some(Proof::NotFound { steps }) => format!("no way found within {steps} events and timers"),
            None => String::new(),
        };
        [
            problem.severity.name().to_owned(),
            problem.kind.name().to_owned(),
            project.describe(problem.at),
            problem.message.clone(),
            finding.case.as_ref().map(ToString::to_string).unwrap_or_default(),
            proof,
        ]
    };
    found.iter().map(row).collect()
}

const HEADINGS: [&str; 6] = ["severity", "kind", "at", "message", "case", "proof"];

fn sheet(rows: Vec<[String; 6]>) -> Sheet {
    let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
    Sheet { name: String::from("problems"), head: HEADINGS.to_vec(), rows }
}

fn html(project: &Project, rows: &[[String; 6]], counts: [usize; 3]) -> String {
    let safe = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut out = String::new();
    let name = safe(&project.info.name);
    line!(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Check of {name}</title>");
    line!(out, "<style>body{{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}}");
    line!(
        out,
        "table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;padding:.4em .8em .4em 0;"
    );
    line!(out, "border-bottom:1px solid #8884}}.error{{color:#b3261e}}.warning{{color:#8a5a00}}.hint{{color:#5f6368}}");
    line!(out, "@media(prefers-color-scheme:dark){{body{{background:#1b1b1f;color:#e3e2e6}}.error{{color:#ffb4ab}}");
    line!(out, ".warning{{color:#ffcf80}}.hint{{color:#b0b3b8}}}}</style></head><body>");
    let [errors, warnings, hints] = counts.map(|count| count as u64);
    line!(
        out,
        "<h1>{name}</h1>\n<p>{}, {}, {}</p>",
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(hints, "hint")
    );
    let heads = HEADINGS.map(|head| format!("<th>{head}</th>")).concat();
    line!(out, "<table><thead><tr>{heads}</tr></thead><tbody>");
    for row in rows {
        let cells = row.each_ref().map(|cell| format!("<td>{}</td>", safe(cell))).concat();
        line!(out, "<tr class=\"{}\">{cells}</tr>", row[0]);
    }
    line!(out, "</tbody></table></body></html>");
    out
}
