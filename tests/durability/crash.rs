//! When the program breaks, it leaves a report without anything of the project, and says at its next start what is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use statecraft::crash;
use statecraft::document::Document;
use statecraft::model::Edit;

use super::child::PROJECT;
use super::examples::journey;

const BINARY: &str = env!("CARGO_BIN_EXE_statecraft");

/// A project in a folder of its own.
fn desk() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(PROJECT);
    let mut document = Document::create(&path, &journey()).unwrap();
    document.perform(Edit::AddEvent(String::from("webinar"))).unwrap();
    drop(document);
    (folder, path)
}

fn broken(folder: &Path, prepare: impl FnOnce(&mut Command)) -> Output {
    let mut command = Command::new(BINARY);
    command.env("STATECRAFT_STATE", folder.join("state"));
    prepare(&mut command);
    command.output().unwrap()
}

/// It said one sentence, and what it left names nothing of the project.
fn check_report(folder: &Path, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    let report = crash::latest(&folder.join("state")).expect("there is a report");
    assert!(said.contains(report.path.to_str().unwrap()), "{said}");
    let text = fs::read_to_string(&report.path).unwrap();
    for word in [concat!("Statecraft ", env!("CARGO_PKG_VERSION")), "place: src/crash.rs:", "break_on_purpose"] {
        assert!(text.contains(word), "no \"{word}\" in {text}");
    }
    for secret in ["Anna", "webinar", "journey.statecraft", folder.to_str().unwrap()] {
        assert!(!text.contains(secret) && !said.replace(report.path.to_str().unwrap(), "").contains(secret), "{text}");
    }
    text
}

#[test]
fn a_subcommand_that_breaks_leaves_a_report() {
    let (folder, path) = desk();
    let output = broken(folder.path(), |command| {
        command.arg("check").arg(&path).env("STATECRAFT_BREAK", "command");
    });
    let text = check_report(folder.path(), &output);
    assert!(text.contains("commands, the last one last: check\n"), "{text}");
    assert_ne!(Command::new(BINARY).arg("check").arg(&path).output().unwrap().status.code(), Some(2));
}

#[test]
fn a_report_that_cannot_be_written_is_said() {
    let (folder, path) = desk();
    fs::write(folder.path().join("state"), "a file where the folder should be").unwrap();
    let output = broken(folder.path(), |command| {
        command.arg("check").arg(&path).env("STATECRAFT_BREAK", "command");
    });
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("No report could be written"), "{said}");
}

#[test]
fn of_what_a_program_was_told_only_the_kind_is_noted() {
    // Whatever stands in them, the words of edits end at the first bracket.
    let edit = Edit::RenameJourney(String::from("Anna"));
    assert!(format!("{edit:?}").starts_with("RenameJourney("));
    crash::note(&edit);
}

#[cfg(feature = "gui")]
#[test]
fn what_is_said_at_the_next_start_names_the_last_edit_and_the_report() {
    use statecraft::gui::recovery;
    use statecraft::store::Keeping;

    let (folder, path) = desk();
    let report = crash::Report {
        path: folder.path().join("crash.txt"),
        name: String::from("crash.txt"),
        time: String::from("2026-05-04 10:20"),
    };
    let sentences = |path: Option<&Path>| recovery::sentences(&report, path, &Keeping::default());
    let said = sentences(Some(&path));
    for word in ["2026-05-04 10:20", "journey.statecraft is whole", "\u{201c}new event webinar\u{201d}", "crash.txt"] {
        assert!(said.contains(word), "{said}");
    }
    assert!(sentences(None).contains("No project was open"));
    fs::write(&path, "broken").unwrap();
    assert!(sentences(Some(&path)).contains("is not a Statecraft project"));
    fs::remove_file(&path).unwrap();
    assert!(sentences(Some(&path)).contains("is not where it was"));
}

#[cfg(all(target_os = "linux", feature = "gui"))]
#[test]
fn a_window_that_breaks_leaves_a_report_and_the_next_start_tells_it_once() {
    let Some(display) = super::display::Display::start() else { return };
    let (folder, path) = desk();
    let output = broken(folder.path(), |command| {
        display.show(command, folder.path());
        command.arg(&path).env("STATECRAFT_BREAK", "window");
    });
    if String::from_utf8_lossy(&output.stderr).contains("the window could not be opened") {
        println!("skipped: the window cannot be opened here");
        return;
    }
    check_report(folder.path(), &output);
    let settings = folder.path().join(".config/statecraft/settings.json");
    let told = || fs::read_to_string(&settings).unwrap_or_default().contains("\"crash_told\": \"crash-");
    assert!(!told());
    // It opens, says what is there, and is ended from outside.
    let mut command = Command::new("timeout");
    display.show(&mut command, folder.path());
    command.args(["4", BINARY]).env("STATECRAFT_STATE", folder.path().join("state"));
    command.output().unwrap();
    assert!(told(), "{}", fs::read_to_string(&settings).unwrap_or_default());
    assert_eq!(Document::open(&path).unwrap().undo_title(), Some("new event webinar"));
}

#[cfg(all(target_os = "linux", feature = "gui"))]
#[test]
fn where_no_window_can_be_opened_one_sentence_says_so() {
    let output = Command::new(BINARY)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env("DISPLAY", ":4094")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(2), 1), "{said}");
}
