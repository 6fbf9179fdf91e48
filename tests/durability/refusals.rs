//! An import from the command line on a disk that refuses: it ends, it says what became of it, and what it says is so.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use statecraft::document::Document;

use super::child::PROJECT;
use super::examples::journey;
use super::trace;

const BINARY: &str = env!("CARGO_BIN_EXE_statecraft");
const TABLE: &str = "events.csv";
/// Much longer than any import here takes on a busy machine.
const HANGS: &str = "60";
/// What `timeout` makes of a program that hangs.
const HUNG: i32 = 137;
const CALLS: &str = "pwrite64,fsync,fdatasync,unlink,rename,renameat2";
/// Each from some call on.
const FAULTS: [(&str, &str); 4] =
    [("pwrite64", "ENOSPC"), ("fsync", "EIO"), ("fdatasync", "EIO"), ("unlink", "EACCES")];

struct Desk(tempfile::TempDir);

impl Desk {
    /// A project, and events that take up many of its pages.
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        drop(Document::create(&desk.project(), &journey()).unwrap());
        let mut table = String::from("who,when,what\n");
        for row in 0..1_500 {
            writeln!(table, "contact number {row},2026-01-{:02},download", 1 + row % 28).unwrap();
        }
        fs::write(desk.0.path().join(TABLE), table).unwrap();
        desk
    }

    fn project(&self) -> PathBuf {
        self.0.path().join(PROJECT)
    }

    /// Imports under this name and `strace`, which is told more, in a working copy or in place.
    fn import(&self, name: &str, more: &[&str], working_copy: &str) -> (Output, Vec<trace::Call>) {
        let log = tempfile::NamedTempFile::new().unwrap();
        let traced = trace::strace(log.path(), CALLS, Path::new("timeout"));
        let mut command = Command::new("strace");
        let journal = self.0.path().join(format!("{PROJECT}-journal"));
        for path in [self.0.path(), &self.project(), &journal] {
            command.arg("-P").arg(path);
        }
        command.args(more).args(traced.get_args()).args(["-s", "KILL", HANGS, BINARY, "import", PROJECT, TABLE]);
        command.args(["--map", "contact=who", "--map", "time=when", "--map", "event=what", "--name", name]);
        command.current_dir(self.0.path());
        command.env("STATECRAFT_STATE", self.0.path().join("state")).env("STATECRAFT_WORKING_COPY", working_copy);
        (command.output().unwrap(), trace::read(log.path()))
    }

    /// How many imports the project holds, on a good disk again.
    fn imports(&self) -> Result<usize, String> {
        let document = Document::open(&self.project()).map_err(|error| error.to_string())?;
        let ids: Vec<_> = document.project().datasets.keys().copied().collect();
        for id in &ids {
            document.dataset(*id).map_err(|error| error.to_string())?;
        }
        Ok(ids.len())
    }
}

/// Whether it is said that nobody knows; else, whether what was said is so.
fn judge(desk: &Desk, output: &Output) -> Result<bool, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, wrong) = (text(&output.stdout), text(&output.stderr));
    let unknown = wrong.contains("It is not known whether the import is in");
    let imports = desk.imports()?;
    match output.status.code() {
        Some(HUNG) => Err(String::from("it hung")),
        Some(0) if said.starts_with("Imported ") && imports == 1 => Ok(false),
        Some(2) if said.is_empty() && wrong.starts_with("statecraft: ") && (unknown || imports == 0) => Ok(unknown),
        code => Err(format!("{code:?} with {imports} imports in the file: {said}{wrong}")),
    }
}

#[test]
fn an_import_on_a_disk_that_refuses_ends_and_claims_nothing() {
    if !trace::is_possible() {
        return;
    }
    let (mut runs, mut unknown, mut faults) = (0, 0, Vec::new());
    for (call, error) in FAULTS {
        let desk = Desk::new();
        let (output, calls) = desk.import("spring", &[], "never");
        assert_eq!(judge(&desk, &output), Ok(false), "without any fault");
        // Counted for each thread by itself, as `strace` does.
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        calls.iter().filter(|made| made.name == call).for_each(|made| *counts.entry(made.process).or_default() += 1);
        let most = counts.into_values().max().unwrap_or(0);
        for when in (1..=most).step_by(most.div_ceil(6).max(1)) {
            let desk = Desk::new();
            let inject = format!("inject={call}:error={error}:when={when}+");
            let (output, _) = desk.import("spring", &["-e", &inject], "never");
            runs += 1;
            match judge(&desk, &output) {
                Ok(said) => unknown += usize::from(said),
                Err(fault) => faults.push(format!("{call} fails with {error} from call {when} on: {fault}")),
            }
        }
    }
    println!("{runs} imports on a disk that refuses, {unknown} with an unknown end: {} hung or untrue", faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(unknown > 0, "no disk refused to take anything back, so this proves nothing");
}

#[test]
fn an_import_that_others_cannot_see_yet_is_said_to_be_on_this_computer_only() {
    if !trace::is_possible() {
        return;
    }
    let desk = Desk::new();
    let (output, calls) = desk.import("spring", &[], "always");
    assert_eq!((judge(&desk, &output), desk.imports()), (Ok(false), Ok(1)));
    // In the way of what is carried over.
    let swap = calls.iter().find(|call| call.line.contains("RENAME_EXCHANGE")).expect("the file was replaced");
    let part = PathBuf::from(swap.arguments[1].trim_matches('"'));
    fs::create_dir(&part).unwrap();
    let (output, _) = desk.import("autumn", &[], "always");
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{wrong}");
    assert!(output.stdout.is_empty() && wrong.contains("saved on this computer, but not in"), "{wrong}");
    assert_eq!(desk.imports(), Ok(1));
    fs::remove_dir(&part).unwrap();
    // It is there, and goes on its way with whatever is done next.
    let (output, _) = desk.import("autumn", &[], "always");
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(wrong.contains("already"), "{wrong}");
    assert_eq!(desk.imports(), Ok(2));
}
