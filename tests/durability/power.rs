//! The power goes at any moment of a day's work. A traced process tells every change of its disk; from that follows what
//! the disk can hold when the power comes back, and each such disk must open with everything that was promised.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use statecraft::document::Document;
use statecraft::store::Sabotage;

use super::child::{COPY, Job, PROJECT, told};
use super::disk::{CALLS, Disk};
use super::script::{Luck, digest};
use super::trace::{self, Call};

/// Edits before and after the copy.
const STEPS: usize = 8;
const CUTS_PER_DAY: usize = 50;

/// The calls of one day's work.
fn day(seed: u64, sabotage: Option<Sabotage>) -> (tempfile::TempDir, Vec<Call>) {
    let folder = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = trace::strace(log.path(), CALLS, &std::env::current_exe().unwrap());
    let mut whole = Command::new("strace");
    // Every byte of every write.
    whole.args(["-xx", "-s", "16777216"]).args(command.get_args());
    command = whole;
    Job { what: "session", folder: folder.path().to_owned(), seed, steps: STEPS, sabotage }.tell(&mut command);
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
fn cuts(seed: u64, cuts: usize, sabotage: Option<Sabotage>) -> Vec<String> {
    let (folder, calls) = day(seed, sabotage);
    let mut luck = Luck::new(seed);
    let all: Vec<String> = calls.iter().filter_map(said).collect();
    assert!(all.iter().any(|line| line == "done"), "the day did not end: {all:?}");
    let states: BTreeMap<u64, u64> = all
        .iter()
        .filter_map(|line| {
            let (revision, digest) = line.strip_prefix("state ")?.split_once(' ')?;
            Some((revision.parse().ok()?, digest.parse().ok()?))
        })
        .collect();
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
            let place = tempfile::tempdir().unwrap();
            for (path, bytes) in disk.after_a_power_cut(&mut luck) {
                let path = place.path().join(path.strip_prefix(folder.path()).unwrap());
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            if let Err(fault) = check(place.path(), &before, &states) {
                faults.push(format!("day {seed}, call {at} of {}: {fault}", calls.len()));
            }
        }
    }
    faults
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

fn days(all: usize) {
    if !trace::is_possible() {
        return;
    }
    let faults: Vec<String> =
        (0..all.div_ceil(CUTS_PER_DAY) as u64).flat_map(|seed| cuts(seed, CUTS_PER_DAY.min(all), None)).collect();
    println!("{all} power cuts: {} lost or damaged", faults.len());
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn fifty_power_cuts_lose_no_edit_that_was_promised() {
    days(50);
}

#[test]
#[ignore = "takes long"]
fn two_thousand_power_cuts_lose_no_edit_that_was_promised() {
    days(2_000);
}

#[test]
fn each_defect_of_keeping_files_is_seen_by_cutting_the_power() {
    if !trace::is_possible() {
        return;
    }
    for sabotage in Sabotage::ALL {
        let faults = cuts(3, 50, Some(sabotage));
        println!("{sabotage:?}: {} of 50 power cuts lost or damaged something", faults.len());
        assert!(!faults.is_empty(), "{sabotage:?} passed");
    }
}
