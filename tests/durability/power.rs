//! The power goes at any moment of a day's work. A traced process tells every change of its disk; from that follows what
//! the disk can hold when the power comes back, and each such disk must open with everything that was promised.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use statecraft::document::Document;
use statecraft::store::Sabotage;

use super::child::{COPY, Job, PROJECT, states, told};
use super::disk::{CALLS, Disk};
use super::script::{Luck, digest, of_project};
use super::shared::{published, share};
use super::trace::{self, Call};

/// Edits before and after the project is closed and opened again.
const STEPS: usize = 8;
const CUTS_PER_DAY: usize = 50;

/// Looks at a folder after what was said there, with what the project was at each revision.
type Check = fn(&Path, &[String], &BTreeMap<u64, u64>) -> Result<(), String>;

/// What is done all day, and what must be so whenever the power went.
struct Work {
    what: &'static str,
    check: Check,
}

/// Edits in place, and copies.
const IN_PLACE: Work = Work { what: "session", check };
/// Edits in a working copy, and publishing.
const PUBLISHING: Work = Work { what: "share", check: check_share };

/// The calls of one day's work.
fn day(what: &'static str, seed: u64, sabotage: Option<Sabotage>) -> (tempfile::TempDir, Vec<Call>) {
    let folder = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = trace::strace(log.path(), CALLS, &std::env::current_exe().unwrap());
    let mut whole = Command::new("strace");
    // Every byte of every write.
    whole.args(["-xx", "-s", "16777216"]).args(command.get_args());
    command = whole;
    Job { what, folder: folder.path().to_owned(), seed, steps: STEPS, sabotage }.tell(&mut command);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = trace::read(log.path());
    (folder, calls)
}

/// What the process said with this call.
fn said(call: &Call) -> Option<String> {
    let line = String::from_utf8(call.bytes(1).filter(|_| call.name == "write" && call.number(0) == Some(1))?).ok()?;
    Some(line.trim().to_owned())
}

/// What was promised and is not there after so many power cuts in one day's work, half of them right after a promise.
fn cuts(work: &Work, seed: u64, cuts: usize, sabotage: Option<Sabotage>) -> Vec<String> {
    let (folder, calls) = day(work.what, seed, sabotage);
    let mut luck = Luck::new(seed);
    let all: Vec<String> = calls.iter().filter_map(said).collect();
    assert!(all.iter().any(|line| line == "done"), "the day did not end: {all:?}");
    let states = states(all.iter().map(String::as_str));
    let promises: Vec<usize> = calls
        .iter()
        .enumerate()
        .filter(|(_, call)| said(call).is_some_and(|line| line != "done"))
        .map(|(at, _)| at)
        .collect();
    let mut moments: Vec<usize> = (0..cuts)
        .map(|cut| if cut % 2 == 0 { promises[luck.below(promises.len())] } else { luck.below(calls.len()) })
        .collect();
    moments.sort_unstable();
    let mut disk = Disk::new(folder.path());
    let mut before = Vec::new();
    let mut faults = Vec::new();
    let mut moments = moments.into_iter().peekable();
    for (at, call) in calls.iter().enumerate() {
        disk.apply(call);
        before.extend(said(call));
        while moments.next_if_eq(&at).is_some() {
            put(folder.path(), disk.after_a_power_cut(&mut luck));
            if let Err(fault) = (work.check)(folder.path(), &before, &states) {
                faults.push(format!("day {seed}, call {at} of {}: {fault}", calls.len()));
            }
        }
    }
    faults
}

/// Puts these files where they were. Folders stay, since they are how the model of the disk knows them.
fn put(folder: &Path, files: BTreeMap<PathBuf, Vec<u8>>) {
    fn clear(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                clear(&path);
            } else {
                fs::remove_file(path).unwrap();
            }
        }
    }
    clear(folder);
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

/// What others see is whole and has everything that was published; what goes on here has everything that was saved, and
/// nobody is told of a change by somebody else.
pub(crate) fn check_share(folder: &Path, said: &[String], states: &BTreeMap<u64, u64>) -> Result<(), String> {
    let path = share(folder);
    let last = |promise| told(said.iter().map(String::as_str), promise).last().copied();
    let (published_last, saved) = (last("published"), last("saved"));
    if !path.exists() && published_last.is_none() && saved.is_none() {
        return Ok(());
    }
    let holds = |document: &Document, promised: Option<u64>, promise: &str| {
        let revision = document.revision();
        if Some(revision) < promised {
            return Err(format!("{promised:?} was {promise}, {revision} is there"));
        }
        let same = states.get(&revision) == Some(&of_project(document.project()));
        if same { Ok(()) } else { Err(format!("it is another one at revision {revision}")) }
    };
    let look = || Document::look(&path).map_err(|error| format!("{published_last:?} was published: {error}"));
    holds(&look()?, published_last, "published")?;
    let ours = Document::open_with(&path, &published(folder));
    let ours = ours.map_err(|error| format!("{saved:?} was saved: {error}"))?;
    holds(&ours, saved, "saved")?;
    drop(ours);
    holds(&look()?, saved, "published on closing")?;
    let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<_> = names.filter(|name| !name.to_string_lossy().starts_with('.')).collect();
    if names == [PROJECT] { Ok(()) } else { Err(format!("there are {names:?}")) }
}

/// Everything that was promised is there, and whatever is there is whole.
fn check(folder: &Path, said: &[String], states: &BTreeMap<u64, u64>) -> Result<(), String> {
    for (name, promise) in [(PROJECT, "saved"), (COPY, "copied")] {
        let promised = told(said.iter().map(String::as_str), promise).last().copied();
        let path = folder.join(name);
        if !path.exists() && promised.is_none() {
            continue;
        }
        let opened = Document::open(&path).map_err(|error| format!("{promised:?} was {promise}: {error}"))?;
        let revision = opened.revision();
        if Some(revision) < promised {
            return Err(format!("{promised:?} was {promise}, {revision} is in {name}"));
        }
        if states.get(&revision) != Some(&digest(&opened)) {
            return Err(format!("{name} is another one at revision {revision}"));
        }
    }
    Ok(())
}

fn days(work: &Work, all: usize) {
    if !trace::is_possible() {
        return;
    }
    let days = 0..all.div_ceil(CUTS_PER_DAY) as u64;
    let faults: Vec<String> = days.flat_map(|seed| cuts(work, seed, CUTS_PER_DAY.min(all), None)).collect();
    println!("{all} power cuts in a {}: {} lost or damaged", work.what, faults.len());
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn fifty_power_cuts_lose_no_edit_that_was_promised() {
    days(&IN_PLACE, 50);
}

#[test]
#[ignore = "takes long"]
fn two_thousand_power_cuts_lose_no_edit_that_was_promised() {
    days(&IN_PLACE, 2_000);
}

#[test]
fn fifty_power_cuts_while_publishing_lose_nothing_that_was_promised() {
    days(&PUBLISHING, 50);
}

#[test]
#[ignore = "takes long"]
fn two_thousand_power_cuts_while_publishing_lose_nothing_that_was_promised() {
    days(&PUBLISHING, 2_000);
}

#[test]
fn each_defect_of_keeping_files_is_seen_by_cutting_the_power() {
    if !trace::is_possible() {
        return;
    }
    for sabotage in Sabotage::ALL {
        let faults = cuts(&IN_PLACE, 3, 50, Some(sabotage));
        println!("{sabotage:?}: {} of 50 power cuts lost or damaged something", faults.len());
        assert!(!faults.is_empty(), "{sabotage:?} passed");
    }
}

#[test]
fn each_defect_of_publishing_is_seen_by_cutting_the_power() {
    if !trace::is_possible() {
        return;
    }
    for sabotage in [Sabotage::UnsyncedFolder, Sabotage::UnsyncedFile] {
        let mut faults = cuts(&PUBLISHING, 3, 50, Some(sabotage));
        faults.retain(|fault| fault.contains("was published"));
        println!("{sabotage:?}: {} of 50 power cuts took away what was published", faults.len());
        assert!(!faults.is_empty(), "{sabotage:?} passed");
    }
}
