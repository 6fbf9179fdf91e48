//! `statecraft render`: a picture of the journey, without a display.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::{Format, Verdict};

const HELP: &str = r#"statecraft render journey.statecraft journey.pdf
statecraft render journey.statecraft wall.png --scale 4 --theme dark
statecraft render journey.statecraft part.svg --selection Trial Customer

The drawing is that of the window at 100 %. In SVG every state and every arrow is a group with its name as title; letters
are outlines under text that can be searched. PDF holds its fonts.
JSON: {"file": "…", "width": N, "height": N, "states": N, "arrows": N}; width and height in pixels of a PNG, else in points."#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Look {
    #[default]
    Light,
    Dark,
    HighContrast,
}

#[derive(Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The project
    file: PathBuf,
    /// The picture to make, ending in .png, .svg or .pdf
    picture: PathBuf,
    /// Pixels to a point of the drawing, 1 to 4; for PNG
    #[arg(long, value_name = "N")]
    scale: Option<f32>,
    #[arg(long, value_enum, default_value_t)]
    theme: Look,
    /// Draw only these states with what they hold, and the arrows between them
    #[arg(long, value_name = "NAME", num_args = 1..)]
    selection: Vec<String>,
    /// Write over a picture that exists already
    #[arg(long)]
    replace: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[cfg(not(feature = "gui"))]
pub(super) fn run(_: &Arguments) -> Result<Verdict> {
    anyhow::bail!("This build cannot draw, for it has no window. Use one that was built with the feature gui.")
}

#[cfg(feature = "gui")]
pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    use std::collections::BTreeSet;
    use std::io::{ErrorKind, Write as _};

    use anyhow::{anyhow, bail};

    use super::open;
    use super::output::{counted, print, print_json};
    use crate::gui::picture::{self, Picture};
    use crate::gui::{self, Theme};
    use crate::model::NodeId;

    let name = arguments.picture.display();
    let Some(kind) = picture::Format::of(&arguments.picture) else {
        bail!("{name} cannot be drawn. Pictures are written to files that end in .png, .svg or .pdf.");
    };
    if arguments.scale.is_some() && kind != picture::Format::Png {
        bail!("--scale is for PNG. {name} has no pixels and can be shown at any size.");
    }
    let scale = arguments.scale.unwrap_or(1.0);
    if !(1.0..=4.0).contains(&scale) {
        bail!("--scale is {scale}, but must be from 1 to 4.");
    }
    let document = open(&arguments.file)?;
    let project = document.project();
    let mut only: BTreeSet<NodeId> = BTreeSet::new();
    for wanted in &arguments.selection {
        let same = |id: &NodeId| {
            project.node_label(*id).eq_ignore_ascii_case(wanted) || project.nodes[id].name.eq_ignore_ascii_case(wanted)
        };
        let before = only.len();
        only.extend(project.nodes.keys().copied().filter(same));
        if only.len() == before {
            bail!("There is no state \"{wanted}\" in {}, or it was named twice.", arguments.file.display());
        }
    }
    let theme = Theme::of(match arguments.theme {
        Look::Light => gui::Look::Light,
        Look::Dark => gui::Look::Dark,
        Look::HighContrast => gui::Look::HighContrast,
    });
    let picture = Picture::of(project, &theme, (!only.is_empty()).then_some(&only))
        .map_err(|error| anyhow!("{} cannot be drawn. {error}", arguments.file.display()))?;
    let bytes = picture.bytes(kind, scale).map_err(|error| anyhow!("{name} cannot be drawn. {error}"))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).truncate(true).create_new(!arguments.replace).create(arguments.replace);
    let mut file = options.open(&arguments.picture).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            anyhow!("{name} exists already. Name another file, or write over it with --replace.")
        }
        _ => anyhow!("{name} cannot be written: {error}."),
    })?;
    if let Err(error) = file.write_all(&bytes) {
        drop(file);
        // What is there is only a part.
        let _ = std::fs::remove_file(&arguments.picture);
        bail!("{name} cannot be written: {error}.");
    }
    let size = picture.size();
    let (width, height) = if kind == picture::Format::Png {
        ((size.x * scale).ceil(), (size.y * scale).ceil())
    } else {
        (size.x, size.y)
    };
    let (states, arrows) = picture.counts();
    match arguments.format {
        Format::Json => print_json(&serde_json::json!({
            "file": arguments.picture.to_string_lossy(),
            "width": width,
            "height": height,
            "states": states,
            "arrows": arrows,
        }))?,
        Format::Text => {
            let (states, arrows) = (counted(states, "state"), counted(arrows, "arrow"));
            print(&format!("Drew {states} and {arrows} in {name}, {width} × {height}.\n"))?;
        }
    }
    Ok(Verdict::Fine)
}
