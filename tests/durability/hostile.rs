//! Damaged and hostile files: each is refused with a sentence, or opens and is exactly what it was. Nothing panics or
//! hangs, and nothing is silently another project.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use statecraft::document::Document;
use statecraft::model::Dataset;

use super::child::PROJECT;
use super::examples::{dataset, journey};
use super::script::{Luck, Script, of_project};

const HANGS: Duration = Duration::from_secs(5);

/// What was found out about a file by opening it.
#[derive(Clone, Debug, PartialEq)]
enum Finding {
    Refused(String),
    Opened(Box<Content>),
}

/// All that a project file is for.
#[derive(Clone, Debug, PartialEq)]
struct Content {
    /// Of the project at each step back, the newest first.
    states: Vec<u64>,
    datasets: Vec<Result<Arc<Dataset>, String>>,
}

fn look(path: &Path) -> Finding {
    let document = match Document::open(path) {
        Ok(document) => document,
        Err(error) => return Finding::Refused(error.to_string()),
    };
    let ids: Vec<_> = document.project().datasets.keys().copied().collect();
    let datasets = ids.iter().map(|id| document.dataset(*id).map_err(|error| error.to_string())).collect();
    let earlier = document.steps_done().filter_map(|(position, _)| document.before(position));
    let states =
        [of_project(document.project())].into_iter().chain(earlier.map(|project| of_project(&project))).collect();
    Finding::Opened(Box::new(Content { states, datasets }))
}

/// Opens files on a thread of its own, so that a hang is seen.
struct Watched {
    asked: Sender<PathBuf>,
    found: Receiver<Finding>,
}

impl Watched {
    fn start() -> Self {
        let (asked, questions) = channel::<PathBuf>();
        let (answers, found) = channel();
        thread::spawn(move || {
            for path in questions {
                if answers.send(look(&path)).is_err() {
                    return;
                }
            }
        });
        Self { asked, found }
    }

    fn look(&self, path: &Path) -> Result<Finding, String> {
        self.asked.send(path.to_owned()).map_err(|_| String::from("it panicked"))?;
        self.found.recv_timeout(HANGS).map_err(|error| match error {
            RecvTimeoutError::Timeout => String::from("it hangs"),
            RecvTimeoutError::Disconnected => String::from("it panicked"),
        })
    }
}

/// Looks at one damaged file after the other.
struct Trial {
    folder: tempfile::TempDir,
    watched: Watched,
    /// What an undamaged file holds.
    whole: Finding,
    files: usize,
    refused: usize,
    faults: Vec<String>,
}

impl Trial {
    /// With a project of some history, and the bytes of its file.
    fn new() -> (Self, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PROJECT);
        let script = Script::new(21);
        let mut document = Document::create(&path, &journey()).unwrap();
        let (info, columns) = dataset();
        document.import(info, columns, ["download", "called"].map(String::from).to_vec()).unwrap();
        for _ in 0..12 {
            script.advance(&mut document);
        }
        drop(document);
        let bytes = fs::read(&path).unwrap();
        let copy = folder.path().join("whole.statecraft");
        fs::write(&copy, &bytes).unwrap();
        let watched = Watched::start();
        let whole = watched.look(&copy).unwrap();
        assert!(matches!(&whole, Finding::Opened(content) if content.states.len() > 4), "{whole:?}");
        (Self { folder, watched, whole, files: 0, refused: 0, faults: Vec::new() }, bytes)
    }

    /// `must_be_refused` where the file is no project, however it looks.
    fn try_bytes(&mut self, what: &str, bytes: &[u8], must_be_refused: bool) {
        // A name of its own for each, so that nothing of one is taken for the next.
        let path = self.folder.path().join(format!("{}.statecraft", self.files));
        fs::write(&path, bytes).unwrap();
        self.try_file(what, &path, must_be_refused);
        fs::remove_file(&path).unwrap();
    }

    fn try_file(&mut self, what: &str, path: &Path, must_be_refused: bool) {
        self.files += 1;
        let before = fs::read(path).unwrap();
        let fault = match self.watched.look(path) {
            Err(why) => {
                self.watched = Watched::start();
                Some(why)
            }
            Ok(Finding::Refused(sentence)) => {
                self.refused += 1;
                let untouched = fs::read(path).unwrap() == before;
                if !untouched {
                    Some(String::from("it was refused and changed"))
                } else if sentence.ends_with('.') {
                    None
                } else {
                    Some(format!("no sentence: {sentence}"))
                }
            }
            Ok(_) if must_be_refused => Some(String::from("it opened")),
            Ok(found) => self.is_silently_wrong(&found).then(|| String::from("it opened as something else")),
        };
        self.faults.extend(fault.map(|fault| format!("{what}: {fault}")));
    }

    /// Columns that are refused when they are asked for are no silence.
    fn is_silently_wrong(&self, found: &Finding) -> bool {
        let (Finding::Opened(whole), Finding::Opened(found)) = (&self.whole, found) else { return true };
        let same = whole.datasets.iter().zip(&found.datasets).all(|(whole, found)| found.is_err() || whole == found);
        whole.states != found.states || whole.datasets.len() != found.datasets.len() || !same
    }

    fn end(self, enough: usize) {
        let Self { files, refused, faults, .. } = self;
        println!("{files} damaged files, {refused} refused: {} panics, hangs or silent errors", faults.len());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(files >= enough && refused > files / 4, "{files} files, {refused} refused");
    }
}

/// Files that look like ours to the header.
fn with_our_header(mut bytes: Vec<u8>, ours: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() <= 100 || !bytes.starts_with(b"SQLite format 3\0") {
        return None;
    }
    bytes[18..20].copy_from_slice(&ours[18..20]);
    bytes[60..64].copy_from_slice(&ours[60..64]);
    bytes[68..72].copy_from_slice(&ours[68..72]);
    Some(bytes)
}

fn from_elsewhere(trial: &mut Trial, ours: &[u8]) {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else {
        println!("files from elsewhere are skipped: STATECRAFT_TEST_DATA is not set");
        return;
    };
    for folder in ["nasty/sqlite", "nasty/sqlite_valid"] {
        let Ok(entries) = fs::read_dir(Path::new(&data).join(folder)) else { continue };
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            let name = path.display().to_string();
            trial.try_bytes(&name, &bytes, true);
            if let Some(bytes) = with_our_header(bytes, ours) {
                trial.try_bytes(&format!("{name} with our header"), &bytes, true);
            }
        }
    }
}

/// What somebody who means harm could put into a file, on top of a good one.
const HOSTILE: [&str; 18] = [
    "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM entity; END",
    "CREATE TRIGGER t INSTEAD OF INSERT ON step BEGIN SELECT load_extension('x'); END",
    "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "CREATE TABLE more (a, b AS (a || a) STORED)",
    "CREATE VIRTUAL TABLE words USING fts5(a)",
    "CREATE VIRTUAL TABLE boxes USING rtree(id, a, b)",
    "CREATE INDEX i ON entity (length(zeroblob(999999999)))",
    "CREATE INDEX i ON step (title)",
    "CREATE TABLE t (a CHECK (a > (SELECT 1)))",
    "ALTER TABLE entity ADD COLUMN more TEXT DEFAULT 'x'",
    "ALTER TABLE step RENAME COLUMN title TO name",
    "ALTER TABLE meta RENAME TO other",
    "UPDATE entity SET body = replace(hex(zeroblob(3000)), '00', '[')",
    "UPDATE step SET changes = replace(hex(zeroblob(200000)), '00', '[{\"a\":')",
    "UPDATE entity SET body = CAST(x'ff00fe' AS TEXT)",
    "UPDATE dataset_column SET row_count = 9223372036854775807; UPDATE meta SET next_dataset = 4294967296",
    "UPDATE meta SET revision = 9007199254740993, cursor = 9007199254740993",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'entity'",
];

fn hostile_schemas(trial: &mut Trial, ours: &[u8]) {
    for sql in HOSTILE {
        let path = trial.folder.path().join("hostile.statecraft");
        fs::write(&path, ours).unwrap();
        let done = Connection::open(&path).and_then(|connection| connection.execute_batch(sql));
        if done.is_err() {
            // This SQLite cannot even be asked for it; the file is as it was, or half done.
            continue;
        }
        trial.try_file(sql, &path, false);
        fs::remove_file(&path).unwrap();
    }
}

fn truncations(trial: &mut Trial, ours: &[u8]) {
    let page = usize::from(u16::from_be_bytes([ours[16], ours[17]])).max(512);
    for end in (page..ours.len()).step_by(page) {
        for length in [end, end - 1] {
            trial.try_bytes(&format!("cut to {length} bytes"), &ours[..length], true);
        }
    }
}

fn flips(trial: &mut Trial, ours: &[u8], count: usize) {
    let mut luck = Luck::new(77);
    for _ in 0..count {
        let (place, bit) = (luck.below(ours.len()), luck.below(8));
        let mut bytes = ours.to_vec();
        bytes[place] ^= 1 << bit;
        trial.try_bytes(&format!("bit {bit} of byte {place} flipped"), &bytes, false);
    }
}

/// A sector of zeros, or of another place, as disks leave it.
fn sectors(trial: &mut Trial, ours: &[u8], count: usize) {
    let mut luck = Luck::new(78);
    let all = ours.len() / 512;
    for turn in 0..count {
        let (to, from) = (512 * luck.below(all), 512 * luck.below(all));
        let mut bytes = ours.to_vec();
        let other = if turn % 2 == 0 { vec![0; 512] } else { ours[from..from + 512].to_vec() };
        bytes[to..to + 512].copy_from_slice(&other);
        trial.try_bytes(&format!("sector at {to} overwritten, turn {turn}"), &bytes, false);
    }
}

fn damaged(count: usize) {
    let (mut trial, ours) = Trial::new();
    from_elsewhere(&mut trial, &ours);
    hostile_schemas(&mut trial, &ours);
    truncations(&mut trial, &ours);
    let left = count.saturating_sub(trial.files);
    sectors(&mut trial, &ours, left / 3);
    let left = count.saturating_sub(trial.files);
    flips(&mut trial, &ours, left);
    trial.end(count);
}

#[test]
fn three_hundred_damaged_files_are_refused_or_whole() {
    damaged(300);
}

#[test]
#[ignore = "takes long"]
fn five_thousand_damaged_files_are_refused_or_whole() {
    damaged(5_000);
}
