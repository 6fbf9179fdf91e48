//! `statecraft import`: a project from a chart of another program.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
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
        bail!("{} cannot be imported. Charts are read from files that end in .scxml.", source.display());
    }
    let name = source.display();
    let bytes = std::fs::read(source).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("There is no file {name}. Check its name and folder."),
        _ => anyhow!("{name} cannot be read: {error}."),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        anyhow!("{name} is not in UTF-8, from byte {} on. Save it as UTF-8.", error.utf8_error().valid_up_to())
    })?;
    let imported = read_scxml(&text).map_err(|error| anyhow!("{name} cannot be imported. {error}"))?;
    Document::create(&arguments.file, &imported.project)?;
    for note in imported.notes {
        tell(&note);
    }
    let journey = &imported.project.info.name;
    print(&format!("Made {} with the journey \"{journey}\".\n", arguments.file.display()))?;
    Ok(Verdict::Fine)
}
