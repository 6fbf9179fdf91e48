//! `statecraft new`: a project from a template.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::Verdict;
use super::output::print;
use crate::document::Document;
use crate::model::Project;
use crate::model::sample::{SAMPLES, Sample};

#[derive(Args)]
pub(super) struct Arguments {
    /// The file to make; it must not exist yet
    #[arg(required_unless_present = "list")]
    file: Option<PathBuf>,
    /// The template to start from
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Name the templates instead
    #[arg(long)]
    list: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    if arguments.list {
        let lines = SAMPLES.iter().map(|sample| format!("{:<16}  {}\n", sample.key, sample.question()));
        print(&lines.collect::<String>())?;
        return Ok(Verdict::Fine);
    }
    let Some(path) = &arguments.file else { bail!("Name the file to make: statecraft new FILE.") };
    let project = if let Some(key) = &arguments.template {
        template(key)?.project()
    } else {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Project::named(stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| String::from("New journey")))
    };
    Document::create(path, &project)?;
    print(&format!("Made {} with the journey \"{}\".\n", path.display(), project.info.name))?;
    Ok(Verdict::Fine)
}

fn template(key: &str) -> Result<&'static Sample> {
    Sample::by_key(key).ok_or_else(|| {
        let known: Vec<&str> = SAMPLES.iter().map(|sample| sample.key).collect();
        anyhow!("There is no template \"{key}\". Choose one of {}.", known.join(", "))
    })
}
