//! What is kept beside a project, and the file that others see: whatever is killed while a working copy is published, an
//! earlier version is kept or a format is brought up, the original is whole; and nobody's change is overwritten silently.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use statecraft::document::Document;
use statecraft::model::Edit;
use statecraft::store::{Judgement, Keeping, Place, Publishing, versions};

use super::child::{Job, PROJECT, told};
use super::examples::journey;
use super::script::{Luck, Script, of_project};

/// Longer than any publishing takes on a busy machine.
const SOON: Duration = Duration::from_mins(1);
const LONGEST: usize = 60_000;

/// The project as if it were on a server.
pub(crate) fn share(folder: &Path) -> PathBuf {
    let share = folder.join("share");
    fs::create_dir_all(&share).unwrap();
    share.join(PROJECT)
}

/// Edited in a working copy, published as often as can be.
pub(crate) fn published(folder: &Path) -> Keeping {
    Keeping {
        judgement: Judgement::Always(Place::Network),
        quiet: Duration::from_millis(1),
        longest: Duration::from_millis(5),
        ..Keeping::in_folder(folder.join("state"))
    }
}

/// Edited in place, an earlier version kept after every save.
pub(crate) fn versioned(folder: &Path) -> Keeping {
    Keeping {
        judgement: Judgement::Always(Place::Local),
        interval: Duration::ZERO,
        ..Keeping::in_folder(folder.join("state"))
    }
}

/// Of the project alone: what is only looked at has nothing to undo.
fn digest(document: &Document) -> u64 {
    of_project(document.project())
}

/// What the project is at every revision.
struct Life {
    script: Script,
    document: Document,
    states: BTreeMap<u64, u64>,
}

impl Life {
    fn new(folder: &Path, seed: u64) -> Self {
        let document = Document::create(&folder.join("reference.statecraft"), &journey()).unwrap();
        let states = BTreeMap::from([(document.revision(), digest(&document))]);
        Self { script: Script::new(seed), document, states }
    }

    /// Whether this is one of its states, and not older than `promised`.
    fn check(&mut self, opened: &Document, promised: u64) -> Result<(), String> {
        if opened.revision() < promised {
            return Err(format!("{promised} was promised, {} is there", opened.revision()));
        }
        while self.document.revision() < opened.revision() {
            self.script.advance(&mut self.document);
            self.states.insert(self.document.revision(), digest(&self.document));
        }
        let same = self.states.get(&opened.revision()) == Some(&digest(opened));
        if same { Ok(()) } else { Err(format!("revision {} is another one", opened.revision())) }
    }
}

/// Kills `what` so many times; `check` looks at what is left.
fn kill(what: &'static str, kills: usize, folder: &Path, mut check: impl FnMut(&[String]) -> Result<(), String>) {
    let mut luck = Luck::new(13);
    let (mut faults, mut done) = (Vec::new(), 0);
    for turn in 0..kills {
        let job = Job { what, folder: folder.to_owned(), seed: 4, ..Job::default() };
        let mut running = job.start();
        running.wait_for("started");
        thread::sleep(Duration::from_micros(luck.below(LONGEST) as u64));
        let said = running.kill();
        done += said.iter().filter(|line| !line.is_empty()).count();
        faults.extend(check(&said).err().map(|fault| format!("kill {turn}: {fault}")));
        if !faults.is_empty() {
            break;
        }
    }
    println!("{kills} kills during {what}, {done} times it was done before: {} originals damaged", faults.len());
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(done > 0, "it was never done, so this proves nothing");
}

fn publishing(kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = share(folder.path());
    drop(Document::create(&path, &journey()).unwrap());
    let mut life = Life::new(folder.path(), 4);
    let mut promised = 0;
    kill("publish", kills, folder.path(), |said| {
        promised = told(said.iter().map(String::as_str), "saved").last().copied().unwrap_or(promised);
        let seen = Document::look(&path).map_err(|error| format!("the file that others see: {error}"))?;
        life.check(&seen, 0)?;
        let ours = Document::open_with(&path, &published(folder.path())).map_err(|error| error.to_string())?;
        life.check(&ours, promised)?;
        drop(ours);
        // Closing publishes, and nothing but the project is left where others see it.
        let seen = Document::look(&path).map_err(|error| error.to_string())?;
        life.check(&seen, promised)?;
        let mut names: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.retain(|name| !name.to_string_lossy().starts_with('.'));
        if names == [PROJECT] { Ok(()) } else { Err(format!("there are {names:?}")) }
    });
}

fn keeping_versions(kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(PROJECT);
    drop(Document::create(&path, &journey()).unwrap());
    let mut life = Life::new(folder.path(), 4);
    let mut promised = 0;
    let mut kept = 0;
    kill("versions", kills, folder.path(), |said| {
        promised = told(said.iter().map(String::as_str), "saved").last().copied().unwrap_or(promised);
        let opened = Document::open(&path).map_err(|error| error.to_string())?;
        life.check(&opened, promised)?;
        drop(opened);
        for version in versions(&versioned(folder.path()), &path) {
            let version = Document::look(&version.path).map_err(|error| format!("an earlier version: {error}"))?;
            life.check(&version, 0).map_err(|fault| format!("an earlier version: {fault}"))?;
            kept += 1;
        }
        Ok(())
    });
    assert!(kept > 0, "no version was ever kept");
}

fn migrating(kills: usize) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1.statecraft");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(PROJECT);
    fs::copy(&fixture, &path).unwrap();
    let whole = digest(&Document::look(&path).unwrap());
    kill("migrate", kills, folder.path(), |_| {
        let opened = Document::open(&path).map_err(|error| error.to_string())?;
        let same = digest(&opened) == whole;
        drop(opened);
        // The next one begins anew.
        fs::copy(&fixture, &path).unwrap();
        if same { Ok(()) } else { Err(String::from("it is another project")) }
    });
}

#[test]
fn kills_during_publishing_leave_the_file_whole_and_lose_no_edit() {
    publishing(20);
}

#[test]
#[ignore = "takes long"]
fn very_many_kills_during_publishing_leave_the_file_whole_and_lose_no_edit() {
    publishing(500);
}

#[test]
fn kills_while_versions_are_kept_leave_all_of_them_whole() {
    keeping_versions(20);
}

#[test]
#[ignore = "takes long"]
fn very_many_kills_while_versions_are_kept_leave_all_of_them_whole() {
    keeping_versions(500);
}

#[test]
fn kills_while_a_format_is_brought_up_leave_the_project_whole() {
    migrating(20);
}

#[test]
#[ignore = "takes long"]
fn very_many_kills_while_a_format_is_brought_up_leave_the_project_whole() {
    migrating(500);
}

/// Somebody else replaces the file at some moment while ours is being published.
fn change_meanwhile(turn: u64, luck: &mut Luck) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = share(folder.path());
    drop(Document::create(&path, &journey()).unwrap());
    let mut ours = Document::open_with(&path, &published(folder.path())).unwrap();
    // As a sync program brings it: another file under the same name.
    let theirs = folder.path().join("theirs.statecraft");
    fs::copy(&path, &theirs).unwrap();
    let mut document = Document::open(&theirs).unwrap();
    document.perform(Edit::AddEvent(format!("theirs {turn}"))).unwrap();
    drop(document);
    let wait = Duration::from_micros(luck.below(20_000) as u64);
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(wait);
            fs::rename(&theirs, &path).unwrap();
        });
        for number in 0..4 {
            ours.perform(Edit::AddEvent(format!("ours {turn} {number}"))).unwrap();
            ours.flush(SOON).unwrap();
            ours.publish();
            thread::sleep(Duration::from_millis(2));
        }
    });
    // What was published before they replaced it is theirs to lose; what comes after is not.
    ours.perform(Edit::AddEvent(format!("ours {turn} last"))).unwrap();
    ours.flush(SOON).unwrap();
    ours.publish();
    let started = Instant::now();
    while !matches!(ours.publishing(), Publishing::Published { .. }) {
        if started.elapsed() > SOON {
            return Err(format!("never published: {:?}", ours.publishing()));
        }
        thread::sleep(Duration::from_millis(2));
    }
    drop(ours);
    let mut found = Vec::new();
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "statecraft") {
            let document = Document::look(&path).map_err(|error| error.to_string())?;
            found.extend(document.project().events.values().map(|event| event.name.clone()));
        }
    }
    for wanted in [format!("theirs {turn}"), format!("ours {turn} last")] {
        if !found.contains(&wanted) {
            return Err(format!("\"{wanted}\" is gone after {wait:?}"));
        }
    }
    Ok(())
}

fn changes_meanwhile(count: u64) {
    let mut luck = Luck::new(5);
    let faults: Vec<String> = (0..count)
        .filter_map(|turn| change_meanwhile(turn, &mut luck).err().map(|why| format!("{turn}: {why}")))
        .collect();
    println!("{count} changes while publishing: {} overwritten silently", faults.len());
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn nobodys_change_while_publishing_is_overwritten() {
    changes_meanwhile(10);
}

#[test]
#[ignore = "takes long"]
fn nobodys_change_of_many_while_publishing_is_overwritten() {
    changes_meanwhile(200);
}
