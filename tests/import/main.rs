//! Tables of other people, good and bad, through the public door of `exchange`.

mod contacts;
mod dates;
mod random;
mod recorded;
mod refusals;
mod shape;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use statecraft::exchange::{Import, ImportError, Mapping, Overrides, Preview, Progress, read_events};
use statecraft::model::Zone;
use statecraft::model::dataset::Dataset;
use tempfile::TempDir;

/// A file in a folder of its own, which goes with it.
struct Table {
    folder: TempDir,
    path: PathBuf,
}

fn table(content: impl AsRef<[u8]>) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    fs::write(&path, content).unwrap();
    Table { folder, path }
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn preview(path: &Path) -> Result<Preview, ImportError> {
    Preview::read(path, Overrides::default(), &mut go_on)
}

/// Reads as the command line does: `map` is `contact=who time=when`.
fn import_in(path: &Path, map: &str, event: Option<&str>, zone: &Zone) -> Result<Import, ImportError> {
    let pairs: Vec<(String, String)> = map
        .split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(field, column)| (field.to_owned(), column.replace('_', " ")))
        .collect();
    let mapping = Mapping::from_arguments(&pairs, event, &preview(path)?)?;
    read_events(path, &mapping, zone, &mut go_on)
}

fn import(path: &Path, map: &str, event: Option<&str>) -> Result<Import, ImportError> {
    import_in(path, map, event, &Zone::default())
}

const MAP: &str = "contact=who time=when event=what";

fn read(content: impl AsRef<[u8]>) -> Import {
    import(&table(content).path, MAP, None).unwrap()
}

/// The sentence with which `content` is refused.
fn refusal(content: impl AsRef<[u8]>) -> String {
    let sentence = import(&table(content).path, MAP, None).unwrap_err().to_string();
    assert!(sentence.ends_with('.'), "{sentence}");
    sentence
}

/// One line per occurrence: who, when, what.
fn told(dataset: &Dataset) -> Vec<String> {
    (0..dataset.contacts.len())
        .flat_map(|contact| dataset.range(contact).map(move |place| (contact, place)))
        .map(|(contact, place)| {
            let time = dataset.times[place].display_in(&Zone::default());
            let event = &dataset.event_names[usize::from(dataset.codes[place])];
            format!("{} {time} {event}", dataset.contacts[contact])
        })
        .collect()
}
