//! `statecraft import`: a project from a chart of another program.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::Verdict;
use super::output::{print, tell};
use crate::document::Document;
use crate::exchange::read_scxml;

#[derive(Args)]
pub(super) struct Arguments {
    /// The file to make; it must not exist yet
    file: PathBuf,
    /// The chart to read, in SCXML
    source: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let source = &arguments.source;
    let is_scxml = source.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("scxml"));
    if !is_scxml {
        bail!("{} cannot be imported: charts are read from files that end in .scxml.", source.display());
    }
    let bytes = std::fs::read(source).with_context(|| format!("{} could not be read", source.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not in UTF-8", source.display()))?;
    let imported = read_scxml(&text).with_context(|| format!("{} could not be imported", source.display()))?;
    Document::create(&arguments.file, &imported.project)?;
    for note in imported.notes {
        tell(&note);
    }
    let name = &imported.project.info.name;
    print(&format!("Made {} with the journey \"{name}\".\n", arguments.file.display()))?;
    Ok(Verdict::Fine)
}
