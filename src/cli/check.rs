//! `statecraft check`: errors and warnings of a journey.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::expectations::Checked;
use super::output::{counted, line, print, print_json};
use super::{Format, Verdict, open};
use crate::analysis::problems;
use crate::simulation::Severity;

const JSON: &str = r#"JSON: {"errors": 1, "warnings": 0, "problems": [{"severity": "error" | "warning",
"at": "arrow from Lead to Trial", "message": "…"}]}
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
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let document = open(&arguments.file)?;
    let project = document.project();
    let problems = problems(project);
    let expectations = arguments.expectations.then(|| Checked::of(project));
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let word = |severity| if severity == Severity::Error { "error" } else { "warning" };
    match arguments.format {
        Format::Json => {
            let list: Vec<_> = problems
                .iter()
                .map(|problem| {
                    json!({
                        "severity": word(problem.severity),
                        "at": project.describe(problem.at),
                        "message": problem.message,
                    })
                })
                .collect();
            let mut all = json!({"errors": errors, "warnings": problems.len() - errors, "problems": list});
            if let Some(expectations) = &expectations {
                all["expectations"] = expectations.json();
            }
            print_json(&all)?;
        }
        Format::Text => {
            let mut out = String::new();
            for problem in &problems {
                line!(out, "{}: {}: {}", word(problem.severity), project.describe(problem.at), problem.message);
            }
            let warnings = problems.len() - errors;
            line!(out, "{}, {}", counted(errors as u64, "error"), counted(warnings as u64, "warning"));
            out.extend(expectations.as_ref().map(Checked::text));
            print(&out)?;
        }
    }
    let broken = expectations.is_some_and(|expectations| !expectations.hold());
    Ok(if errors > 0 || broken { Verdict::ProblemsFound } else { Verdict::Fine })
}
