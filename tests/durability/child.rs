//! What other processes do: this very program, started again to be killed, to lose its disk, or to be listened to. It
//! tells on standard output what has been promised.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use statecraft::document::Document;
use statecraft::store::{Sabotage, SaveState, StoreError, sabotage};

use super::examples::{dataset, journey};
use super::importers::read_all;
use super::script::{Script, digest, of_project};
use super::shared::{published, share, versioned};

pub(crate) const PROJECT: &str = "journey.statecraft";
pub(crate) const COPY: &str = "copy.statecraft";

/// What a child is to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    /// The name of one of the functions below.
    pub(crate) what: &'static str,
    pub(crate) folder: PathBuf,
    pub(crate) seed: u64,
    pub(crate) steps: usize,
    pub(crate) sabotage: Option<Sabotage>,
}

impl Job {
    /// The variables that tell a child of ours what to do.
    pub(crate) fn tell(&self, command: &mut Command) {
        command
            .args(["--exact", "child::child", "--ignored", "--nocapture"])
            .env("STATECRAFT_CHILD", self.what)
            .env("STATECRAFT_CHILD_FOLDER", &self.folder)
            .env("STATECRAFT_CHILD_SEED", self.seed.to_string())
            .env("STATECRAFT_CHILD_STEPS", self.steps.to_string())
            .env("STATECRAFT_STATE", self.folder.join("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(sabotage) = self.sabotage {
            command.env("STATECRAFT_CHILD_SABOTAGE", format!("{sabotage:?}"));
        }
    }

    pub(crate) fn start(&self) -> Running {
        let mut command = Command::new(std::env::current_exe().expect("our own name"));
        self.tell(&mut command);
        let mut child = command.stderr(Stdio::null()).spawn().expect("we can be started again");
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        Running { child, lines }
    }
}

pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    /// Waits until it says something that begins like this.
    pub(crate) fn wait_for(&mut self, start: &str) {
        let mut line = String::new();
        while !line.starts_with(start) {
            line.clear();
            assert!(self.lines.read_line(&mut line).expect("it speaks") > 0, "it ended before \"{start}\"");
        }
    }

    /// Kills it, and gives back what it had said until then.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        let mut said = Vec::new();
        let mut line = Vec::new();
        while self.lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            // The last line can be cut.
            if line.ends_with(b"\n") {
                said.push(String::from_utf8_lossy(&line).trim().to_owned());
            }
            line.clear();
        }
        said
    }
}

/// The numbers after the word in the lines that begin with it.
pub(crate) fn told<'a>(lines: impl IntoIterator<Item = &'a str>, word: &str) -> Vec<u64> {
    let numbers = lines.into_iter().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
    numbers.map(|number| number.parse().expect("a number")).collect()
}

/// What the project was at each revision that was told.
pub(crate) fn states<'a>(lines: impl IntoIterator<Item = &'a str>) -> BTreeMap<u64, u64> {
    let pairs = lines.into_iter().filter_map(|line| line.strip_prefix("state ")?.split_once(' '));
    pairs.map(|(revision, state)| (revision.parse().expect("a number"), state.parse().expect("a number"))).collect()
}

/// Not a test: what the others start.
#[test]
#[ignore = "runs as a part of other tests"]
fn child() {
    let variable = |name: &str| std::env::var(format!("STATECRAFT_CHILD{name}"));
    let Ok(what) = variable("") else { return };
    if let Ok(name) = variable("_SABOTAGE") {
        let chosen = Sabotage::ALL.into_iter().find(|sabotage| format!("{sabotage:?}") == name);
        sabotage(chosen.expect("a defect that there is"));
    }
    let folder = PathBuf::from(variable("_FOLDER").expect("a folder"));
    let number = |name| variable(name).expect("a number").parse::<u64>().expect("a number");
    let script = Script::new(number("_SEED"));
    match what.as_str() {
        "edit" => edit(Document::open(&folder.join(PROJECT)), &script),
        "publish" => edit(Document::open_with(&share(&folder), &published(&folder)), &script),
        "versions" => edit(Document::open_with(&folder.join(PROJECT), &versioned(&folder)), &script),
        "migrate" => {
            say("started");
            drop(open(&folder));
        }
        "copy" => copy(&folder),
        "import" => import(&folder),
        "session" => session(&folder, &script, number("_STEPS")),
        "share" => work_on_share(&folder, &script, number("_STEPS")),
        "read" => read_all(&folder, say),
        // More than it may have.
        "flood" => drop(vec![1_u8; 4 << 30]),
        "socket" => drop(std::net::UdpSocket::bind("127.0.0.1:0")),
        _ => panic!("nobody knows how to {what}"),
    }
    say("done");
}

/// In one write, so that it is said or not.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listened may be gone.
    let _ = out.write_all(format!("\n{line}\n").as_bytes());
    let _ = out.flush();
}

/// Waits until everything is durable, unless that fails several times.
fn is_saved(document: &Document) -> bool {
    let mut failures = 0;
    // Each time it is tried again at once.
    while document.flush(Duration::from_millis(20)).is_err() {
        failures += u32::from(matches!(document.save_state(), SaveState::Failed { .. }));
        if failures == 3 {
            return false;
        }
    }
    true
}

fn open(folder: &Path) -> Document {
    Document::open(&folder.join(PROJECT)).expect("the project opens")
}

/// Edits for ever and promises every revision.
fn edit(opened: Result<Document, StoreError>, script: &Script) {
    let mut document = opened.expect("the project opens");
    say("started");
    loop {
        script.advance(&mut document);
        if is_saved(&document) {
            say(&format!("saved {}", document.revision()));
        }
    }
}

fn copy(folder: &Path) {
    let document = open(folder);
    say("started");
    loop {
        document.save_copy(&folder.join(COPY)).expect("it is copied");
        say(&format!("copied {}", document.revision()));
    }
}

/// Imports, takes it back, and imports again.
fn import(folder: &Path) {
    let mut document = open(folder);
    say("started");
    loop {
        let (info, columns) = dataset();
        let events = ["download", "called"].map(String::from).to_vec();
        if document.import(info, columns, events).is_ok() {
            say(&format!("imported {}", document.revision()));
        }
        document.undo();
        is_saved(&document);
    }
}

/// A day's work on a file that others see: edits in a working copy, published now and then, and on closing. What cannot
/// be done is said and left.
fn work_on_share(folder: &Path, script: &Script, steps: u64) {
    let path = share(folder);
    say(&format!("state 1 {}", of_project(&journey())));
    if let Err(error) = Document::create(&path, &journey()) {
        say(&format!("refused: {error}"));
        // What did not work once may work now.
        drop(Document::create(&path, &journey()));
    }
    for _ in 0..2 {
        let mut document = match Document::open_with(&path, &published(folder)) {
            Ok(document) => document,
            Err(error) => {
                say(&format!("refused: {error}"));
                continue;
            }
        };
        // A file that must not be written takes no edits.
        for step in 0..if document.read_only() { 0 } else { steps } {
            say(&format!("state {} {}", document.revision(), of_project(document.project())));
            if is_saved(&document) {
                say(&format!("saved {}", document.revision()));
                if step % 2 == 0 && document.publish_now().is_ok() {
                    say(&format!("published {}", document.revision()));
                }
            }
            script.advance(&mut document);
        }
        say(&format!("state {} {}", document.revision(), of_project(document.project())));
    }
}

/// A day's work on whatever disk there is: makes a project, edits it, copies it, goes on, copies it again. What cannot be
/// done is said and left.
fn session(folder: &Path, script: &Script, steps: u64) {
    let path = folder.join(PROJECT);
    let mut document = match Document::create(&path, &journey()) {
        Ok(document) => document,
        Err(error) => {
            say(&format!("refused: {error}"));
            // Another program may have to wait until the file is there.
            let Ok(document) = Document::create(&path, &journey()).or_else(|_| Document::open(&path)) else { return };
            document
        }
    };
    let known = |document: &Document| {
        say(&format!("state {} {}", document.revision(), digest(document)));
        if is_saved(document) {
            say(&format!("saved {}", document.revision()));
        }
    };
    known(&document);
    for round in 0..2 {
        // A file that must not be written takes no edits.
        for _ in 0..if document.read_only() { 0 } else { steps } {
            script.advance(&mut document);
            known(&document);
        }
        match document.save_copy(&folder.join(COPY)) {
            Ok(()) => say(&format!("copied {}", document.revision())),
            Err(error) => say(&format!("refused: {error}")),
        }
        if round == 0 {
            drop(document);
            document = match Document::open(&path) {
                Ok(document) => document,
                Err(error) => {
                    say(&format!("refused: {error}"));
                    return;
                }
            };
        }
    }
}
