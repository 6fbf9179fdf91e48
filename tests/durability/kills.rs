//! A program that is killed at any moment has lost nothing that it had promised, and its file opens.

use std::path::Path;
use std::thread;
use std::time::Duration;

use statecraft::document::Document;
use statecraft::store::Sabotage;

use super::child::{COPY, Job, PROJECT, told};
use super::examples::journey;
use super::script::{Luck, Script, digest};

/// So often one file is edited and killed before there is a new one.
const KILLS_PER_FILE: usize = 20;
/// A child is killed after at most so many microseconds of work.
const LONGEST: usize = 40_000;

#[derive(Debug, Default)]
struct Count {
    kills: usize,
    /// Revisions that were promised to children that were killed.
    promised: u64,
    lost: Vec<String>,
    damaged: Vec<String>,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.promised += other.promised;
        self.lost.extend(other.lost);
        self.damaged.extend(other.damaged);
    }
}

/// Kills the editing of one file again and again.
fn edit_and_kill(seed: u64, kills: usize, sabotage: Option<Sabotage>) -> Count {
    let mut luck = Luck::new(seed);
    let mut count = Count::default();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(PROJECT);
    drop(Document::create(&path, &journey()).unwrap());
    // What the file should be at each revision.
    let script = Script::new(seed);
    let mut reference = Document::create(&folder.path().join("reference.statecraft"), &journey()).unwrap();
    let job = Job { what: "edit", folder: folder.path().to_owned(), seed, steps: 0, sabotage };
    for kill in 0..kills {
        let mut running = job.start();
        running.wait_for("started");
        thread::sleep(Duration::from_micros(luck.below(LONGEST) as u64));
        let said = running.kill();
        count.kills += 1;
        let promised = told(said.iter().map(String::as_str), "saved").last().copied().unwrap_or(reference.revision());
        count.promised += promised - reference.revision();
        let opened = match Document::open(&path) {
            Ok(opened) => opened,
            Err(error) => {
                count.damaged.push(format!("kill {kill} of {seed}: {error}"));
                return count;
            }
        };
        if opened.revision() < promised {
            let found = opened.revision();
            count.lost.push(format!("kill {kill} of {seed}: {promised} was promised, {found} is there"));
            return count;
        }
        while reference.revision() < opened.revision() {
            script.advance(&mut reference);
        }
        if digest(&reference) != digest(&opened) {
            count.damaged.push(format!("kill {kill} of {seed}: revision {} is another one", opened.revision()));
            return count;
        }
    }
    count
}

/// In two threads, since children wait for the disk.
fn edits(kills: usize) {
    let files: Vec<u64> = (0..kills.div_ceil(KILLS_PER_FILE) as u64).collect();
    let (even, odd): (Vec<u64>, Vec<u64>) = files.into_iter().partition(|file| file % 2 == 0);
    let all = |files: Vec<u64>| {
        let mut count = Count::default();
        for file in files {
            count.add(edit_and_kill(file, KILLS_PER_FILE.min(kills), None));
        }
        count
    };
    let count = thread::scope(|scope| {
        let odd = scope.spawn(|| all(odd));
        let mut count = all(even);
        count.add(odd.join().unwrap());
        count
    });
    let Count { kills, promised, lost, damaged } = count;
    println!("{kills} kills, {promised} promised edits: {} lost, {} files damaged", lost.len(), damaged.len());
    assert!(lost.is_empty() && damaged.is_empty(), "{lost:#?}\n{damaged:#?}");
    assert!(promised > kills as u64 / 2, "too little was promised for this to prove anything");
}

#[test]
fn two_hundred_kills_lose_no_edit_that_was_promised() {
    edits(200);
}

#[test]
#[ignore = "takes long"]
fn ten_thousand_kills_lose_no_edit_that_was_promised() {
    edits(10_000);
}

#[test]
fn a_promise_before_the_commit_is_seen_by_killing() {
    let found = (0..50).any(|seed| {
        let count = edit_and_kill(seed, 10, Some(Sabotage::EarlyPromise));
        assert!(count.damaged.is_empty(), "{:?}", count.damaged);
        !count.lost.is_empty()
    });
    assert!(found, "no kill met an edit that was promised and not yet written");
}

#[test]
fn a_log_beside_the_file_is_seen_by_killing() {
    let count = edit_and_kill(1, 10, Some(Sabotage::WriteAhead));
    assert!(!count.damaged.is_empty(), "a file with a log beside it passed");
}

/// Kills something that must leave the project whole; `check` looks at the rest.
fn work_and_kill(what: &'static str, kills: usize, check: impl Fn(&Path, &Document, &[String]) -> Result<(), String>) {
    let mut luck = Luck::new(7);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(PROJECT);
    let mut document = Document::create(&path, &journey()).unwrap();
    let script = Script::new(11);
    for _ in 0..20 {
        script.advance(&mut document);
    }
    drop(document);
    let mut faults = Vec::new();
    let mut done = 0;
    for kill in 0..kills {
        let job = Job { what, folder: folder.path().to_owned(), ..Job::default() };
        let mut running = job.start();
        running.wait_for("started");
        thread::sleep(Duration::from_micros(luck.below(LONGEST) as u64));
        let said = running.kill();
        done += said.iter().filter(|line| !line.is_empty()).count();
        let fault = match Document::open(&path) {
            Ok(document) => check(folder.path(), &document, &said),
            Err(error) => Err(error.to_string()),
        };
        faults.extend(fault.err().map(|fault| format!("kill {kill}: {fault}")));
    }
    println!("{kills} kills during {what}, {done} times it was done before: {} originals damaged", faults.len());
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(done > 0, "it was never done, so this proves nothing");
}

fn copies(kills: usize) {
    let copied = std::cell::Cell::new(false);
    let first = std::cell::Cell::new(None);
    work_and_kill("copy", kills, |folder, document, said| {
        let whole = *first.get().get_or_insert(digest(document));
        first.set(Some(whole));
        if digest(document) != whole {
            return Err(String::from("the original is another one"));
        }
        copied.set(copied.get() || !told(said.iter().map(String::as_str), "copied").is_empty());
        let copy = folder.join(COPY);
        if !copy.exists() {
            return if copied.get() { Err(String::from("the copy is gone")) } else { Ok(()) };
        }
        let copy = Document::open(&copy).map_err(|error| format!("the copy: {error}"))?;
        if digest(&copy) == whole { Ok(()) } else { Err(String::from("the copy is another one")) }
    });
}

fn imports(kills: usize) {
    let first = std::cell::Cell::new(None);
    work_and_kill("import", kills, |_, document, _| {
        // An import is there as a whole or not at all, and what was before it can be had back.
        for id in document.project().datasets.keys() {
            document.dataset(*id).map_err(|error| error.to_string())?;
        }
        let now = document.project().nodes.clone();
        let before = first.take().unwrap_or_else(|| now.clone());
        let same = before == now;
        first.set(Some(before));
        if same { Ok(()) } else { Err(String::from("the journey is another one")) }
    });
}

#[test]
fn kills_during_a_copy_leave_the_original_and_the_copy_whole() {
    copies(20);
}

#[test]
#[ignore = "takes long"]
fn very_many_kills_during_a_copy_leave_the_original_and_the_copy_whole() {
    copies(500);
}

#[test]
fn kills_during_an_import_leave_the_original_whole() {
    imports(20);
}

#[test]
#[ignore = "takes long"]
fn very_many_kills_during_an_import_leave_the_original_whole() {
    imports(500);
}
