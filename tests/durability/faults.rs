//! The disk refuses: at the n-th call of each operation, once or from then on. Nothing panics, what was promised is there
//! afterwards, and what was not is said to be not saved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use statecraft::document::Document;

use super::child::{COPY, Job, PROJECT, states, told};
use super::power::check_share;
use super::script::digest;
use super::shared::share;
use super::trace;

/// Much longer than a day's work takes on a busy machine.
const HANGS: Duration = Duration::from_mins(1);
/// The n-th call is made to fail for n up to this.
const MOST_CALLS: u32 = 500;

/// A call that is made to fail.
#[derive(Clone, Copy, Debug)]
struct Fault {
    call: &'static str,
    error: &'static str,
    /// From then on, not once.
    lasting: bool,
    /// Whether only calls on the project and its folder count; else all that the process makes.
    only_ours: bool,
}

const fn once(call: &'static str, error: &'static str) -> Fault {
    Fault { call, error, lasting: false, only_ours: false }
}

/// Starting a process takes such calls, too, so only those on the project are counted.
const fn ours(call: &'static str, error: &'static str) -> Fault {
    Fault { only_ours: true, ..once(call, error) }
}

/// While a project is edited in place and copied.
const IN_PLACE: [Fault; 16] = [
    once("write", "EIO"),
    once("write", "ENOSPC"),
    once("pwrite64", "EIO"),
    once("pwrite64", "ENOSPC"),
    once("fsync", "EIO"),
    once("fdatasync", "EIO"),
    once("ftruncate", "EIO"),
    once("unlink", "EACCES"),
    once("rename", "EIO"),
    ours("openat", "EACCES"),
    ours("read", "EIO"),
    ours("pread64", "EIO"),
    ours("fcntl", "EACCES"),
    ours("lseek", "EIO"),
    Fault { lasting: true, ..ours("write", "ENOSPC") },
    Fault { lasting: true, ..ours("pwrite64", "ENOSPC") },
];

/// While a working copy is published.
const PUBLISHING: [Fault; 13] = [
    once("write", "ENOSPC"),
    once("pwrite64", "EIO"),
    once("fsync", "EIO"),
    once("fdatasync", "EIO"),
    once("copy_file_range", "EIO"),
    once("copy_file_range", "ENOSPC"),
    once("rename", "EIO"),
    once("renameat2", "EIO"),
    once("unlink", "EACCES"),
    ours("openat", "EACCES"),
    ours("read", "EIO"),
    Fault { lasting: true, ..ours("rename,renameat2", "EIO") },
    Fault { lasting: true, ..ours("copy_file_range,write", "ENOSPC") },
];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} fails with {}{}", self.call, self.error, if self.lasting { " from then on" } else { "" })
    }
}

/// A day's work under `strace`, with a fault or without one.
struct Day {
    what: &'static str,
    folder: tempfile::TempDir,
    log: tempfile::NamedTempFile,
    /// `None` where it did not end.
    status: Option<ExitStatus>,
    said: String,
    errors: String,
}

fn day(what: &'static str, fault: &Fault, when: Option<u32>, steps: usize) -> Day {
    let folder = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let traced = trace::strace(log.path(), fault.call, &std::env::current_exe().unwrap());
    let mut command = Command::new("strace");
    command.arg("-y");
    if let Some(when) = when {
        let lasting = if fault.lasting { "+" } else { "" };
        command.args(["-e", &format!("inject={}:error={}:when={when}{lasting}", fault.call, fault.error)]);
    }
    if fault.only_ours {
        let path = if what == "share" { share(folder.path()) } else { folder.path().join(PROJECT) };
        let journal = path.with_file_name(format!("{PROJECT}-journal"));
        for path in [path.parent().unwrap(), &path, &journal, &folder.path().join(COPY)] {
            command.arg("-P").arg(path);
        }
    }
    command.args(traced.get_args());
    Job { what, folder: folder.path().to_owned(), seed: 5, steps, sabotage: None }.tell(&mut command);
    let mut child = command.spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reading = thread::spawn(move || {
        let (mut said, mut errors) = (Vec::new(), Vec::new());
        out.read_to_end(&mut said).unwrap();
        err.read_to_end(&mut errors).unwrap();
        (said, errors)
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if started.elapsed() > HANGS => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => thread::sleep(Duration::from_millis(3)),
        }
    };
    let (said, errors) = if status.is_some() { reading.join().unwrap() } else { Default::default() };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Day { what, folder, log, status, said: text(said), errors: text(errors) }
}

impl Day {
    fn is_in_folder(&self, line: &str) -> bool {
        line.contains(self.folder.path().to_str().unwrap())
    }

    /// Counted for each thread by itself, as `strace` does: which of its calls are on files of ours.
    fn calls(&self) -> BTreeSet<u32> {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut ours = BTreeSet::new();
        for call in trace::read(self.log.path()) {
            let count = counts.entry(call.process).or_default();
            *count += 1;
            if self.is_in_folder(&call.line) {
                ours.insert(*count);
            }
        }
        ours
    }

    /// Whether a call on a file of ours failed, and none elsewhere.
    fn was_hit(&self) -> bool {
        let log = std::fs::read_to_string(self.log.path()).unwrap();
        let mut hits = log.lines().filter(|line| line.ends_with("(INJECTED)")).peekable();
        hits.peek().is_some() && hits.all(|line| self.is_in_folder(line) || line.contains(" resumed>"))
    }

    /// Nothing panicked or hung, and with a good disk again everything that was promised is there.
    fn check(&self) -> Result<(), String> {
        if self.status.is_none() {
            return Err(String::from("it hung"));
        }
        if self.errors.contains("panicked") {
            return Err(self.errors.clone());
        }
        let lines: Vec<&str> = self.said.lines().collect();
        if self.what == "share" {
            let said: Vec<String> = self.said.lines().map(str::to_owned).collect();
            return check_share(self.folder.path(), &said, &states(lines))
                .map_err(|why| format!("{why}\n{}", self.said));
        }
        for (name, promise) in [(PROJECT, "saved"), (COPY, "copied")] {
            self.check_file(&self.folder.path().join(name), &lines, promise)?;
        }
        Ok(())
    }

    fn check_file(&self, path: &Path, lines: &[&str], promise: &str) -> Result<(), String> {
        let promised = told(lines.iter().copied(), promise).last().copied();
        if !path.exists() && promised.is_none() {
            return Ok(());
        }
        let opened = Document::open(path).map_err(|error| format!("{promised:?} was {promise}: {error}"))?;
        if Some(opened.revision()) < promised {
            return Err(format!("{promised:?} was {promise}, {} is there", opened.revision()));
        }
        let state = format!("state {} {}", opened.revision(), digest(&opened));
        if lines.contains(&state.as_str()) { Ok(()) } else { Err(format!("\"{state}\" was never so\n{}", self.said)) }
    }
}

/// Makes every `stride`-th call of every operation fail.
fn faults(what: &'static str, faults: &[Fault], stride: usize, steps: usize) {
    if !trace::is_possible() {
        return;
    }
    let mut work: Vec<(Fault, u32)> = Vec::new();
    for fault in faults.iter().copied() {
        let undisturbed = day(what, &fault, None, steps);
        undisturbed.check().unwrap_or_else(|why| panic!("without any fault: {why}"));
        assert!(undisturbed.said.contains("done"), "{}", undisturbed.errors);
        let calls = undisturbed.calls();
        work.extend(calls.into_iter().take_while(|call| *call <= MOST_CALLS).step_by(stride).map(|call| (fault, call)));
    }
    let (even, odd): (Vec<_>, Vec<_>) = work.iter().enumerate().partition(|(place, _)| place % 2 == 0);
    let run = |work: Vec<(usize, &(Fault, u32))>| {
        let (mut hits, mut found) = (0, Vec::new());
        for (_, (fault, when)) in work {
            let day = day(what, fault, Some(*when), steps);
            hits += usize::from(day.was_hit());
            found.extend(day.check().err().map(|why| format!("call {when} of {fault}: {why}")));
        }
        (hits, found)
    };
    let (hits, found) = thread::scope(|scope| {
        let odd = scope.spawn(|| run(odd));
        let (mut hits, mut found) = run(even);
        let other = odd.join().unwrap();
        hits += other.0;
        found.extend(other.1);
        (hits, found)
    });
    let (kinds, found_count) = (faults.len(), found.len());
    println!("{hits} failing calls in a {what}, {kinds} kinds: {found_count} panics, losses or hangs");
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(hits > work.len() / 2, "only {hits} of {} faults met a file of ours", work.len());
}

#[test]
fn every_tenth_call_of_each_operation_can_fail() {
    faults("session", &IN_PLACE, 10, 6);
}

#[test]
fn every_tenth_call_of_each_operation_can_fail_while_publishing() {
    faults("share", &PUBLISHING, 10, 3);
}

#[test]
#[ignore = "takes long"]
fn each_of_the_first_five_hundred_calls_of_each_operation_can_fail() {
    faults("session", &IN_PLACE, 1, 16);
}

#[test]
#[ignore = "takes long"]
fn each_of_the_first_five_hundred_calls_of_each_operation_can_fail_while_publishing() {
    faults("share", &PUBLISHING, 1, 16);
}
