//! Promises about the file: what is refused stays untouched, what is saved stays saved, what cannot be saved is kept.

mod datasets;
mod hostile;
mod locks;
mod migration;
mod placement;
mod publishing;
mod rescue;
mod sharing;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use datasets::{info, small};
use rusqlite::Connection;
use statecraft::document::{Document, Refusal};
use statecraft::model::*;
use statecraft::store::{Direction, End, Save, SaveState, Step, Store, StoreError};

const SOON: Duration = Duration::from_secs(20);

fn journey() -> Project {
    notation::parse("journey Trial\nstart Lead\nLead --trial started--> Trial\nTrial --bought--> Customer\n").unwrap()
}

/// A folder with a project in it that has a history: three steps, one of them undone.
fn project_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journey.statecraft");
    let mut document = Document::create(&path, &journey()).unwrap();
    document.perform(Edit::AddEvent(String::from("one"))).unwrap();
    document.perform(Edit::AddEvent(String::from("two"))).unwrap();
    document.perform(Edit::AddEvent(String::from("three"))).unwrap();
    document.undo().unwrap();
    document.flush(SOON).unwrap();
    (folder, path)
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Opening `path` fails, and leaves the file and its folder exactly as they were.
fn refused(path: &Path) -> StoreError {
    let (bytes, names) = (fs::read(path).ok(), names_in(path.parent().unwrap()));
    let error = Document::open(path).map(|_| ()).expect_err("this file should be refused");
    assert_eq!(fs::read(path).ok(), bytes, "{error}");
    assert_eq!(names_in(path.parent().unwrap()), names, "{error}");
    let sentence = error.to_string();
    assert!(sentence.ends_with('.') && sentence.contains(path.to_str().unwrap()), "{sentence}");
    error
}

fn set_in_file(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < SOON, "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn failure(document: &Document) -> String {
    wait_until("saving failed", || matches!(document.save_state(), SaveState::Failed { .. }));
    match document.save_state() {
        SaveState::Failed { why } => why,
        state => panic!("{state:?}"),
    }
}

#[test]
fn a_missing_file_is_refused_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(refused(&folder.path().join("none.statecraft")), StoreError::Missing(_)));
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folder.statecraft");
    fs::create_dir(&path).unwrap();
    assert!(matches!(refused(&path), StoreError::Directory(_)));
}

#[test]
fn an_empty_file_is_refused_and_left_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.statecraft");
    fs::write(&path, "").unwrap();
    assert!(matches!(refused(&path), StoreError::Empty(_)));
}

#[test]
fn a_file_that_is_not_sqlite_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.statecraft");
    for text in ["x", "SQLite format 2\0 and more", "<xml/>\n"] {
        fs::write(&path, text).unwrap();
        assert!(matches!(refused(&path), StoreError::NotSqlite(_)), "{text}");
    }
    fs::write(&path, "SQLite format 3\0").unwrap();
    assert!(matches!(refused(&path), StoreError::Damaged { .. }));
}

#[test]
fn a_file_of_another_program_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.statecraft");
    set_in_file(&path, "CREATE TABLE a (b); INSERT INTO a VALUES (1);");
    assert!(matches!(refused(&path), StoreError::Foreign(_)));
    set_in_file(&path, "PRAGMA journal_mode = WAL; INSERT INTO a VALUES (2);");
    assert!(matches!(refused(&path), StoreError::Foreign(_)));
}

#[test]
fn a_newer_file_is_refused_and_left_untouched() {
    let (_folder, path) = project_file();
    set_in_file(&path, "PRAGMA user_version = 7; UPDATE meta SET minimum_reader = 5, minimum_version = '0.4.0'");
    let error = refused(&path);
    assert!(matches!(error, StoreError::TooNew { found: 7, supported: 2, .. }));
    let sentence = "newer Statecraft (format 7; this one reads up to 2). Get Statecraft 0.4.0 or newer to open it.";
    assert!(error.to_string().contains(sentence), "{error}");
}

#[test]
fn a_file_switched_to_write_ahead_logging_is_refused_and_not_converted() {
    let (_folder, path) = project_file();
    set_in_file(&path, "PRAGMA journal_mode = WAL");
    assert!(matches!(refused(&path), StoreError::WriteAhead(_)));
}

#[test]
fn a_file_whose_content_makes_no_sense_is_refused_and_left_untouched() {
    for sql in [
        "UPDATE entity SET body = '{' WHERE kind = 'node' AND id = 1",
        "UPDATE entity SET body = '[]' WHERE kind = 'info'",
        "UPDATE entity SET id = 77 WHERE kind = 'event' AND id = 1",
        "UPDATE entity SET kind = 'spaceship' WHERE kind = 'event' AND id = 3",
        "DELETE FROM entity WHERE kind = 'node' AND id = 2",
        "DELETE FROM entity WHERE kind = 'info'",
        "UPDATE entity SET body = json_set(body, '$.parent', 1) WHERE kind = 'node'",
        "UPDATE entity SET body = json_set(body, '$.parent', 3 - id) WHERE kind = 'node' AND id < 3",
        "UPDATE entity SET body = json_set(body, '$.position.x', 1e300) WHERE kind = 'node' AND id = 1",
        "UPDATE entity SET body = json_set(body, '$.id', 4294967295), id = 4294967295 WHERE kind = 'event' AND id = 4",
        "UPDATE entity SET body = json_set(body, '$.name', 'renamed') WHERE kind = 'event' AND id = 4",
        "DELETE FROM step WHERE position = 2",
        "DELETE FROM step WHERE position = 3; UPDATE meta SET cursor = 3",
        "UPDATE step SET position = -5 WHERE position = 1",
        "UPDATE step SET changes = 'x' WHERE position = 3",
        "UPDATE step SET changes = replace(changes, 'three', 'four') WHERE position = 3;
         UPDATE step SET changes = json_set(changes, '$[0].id.Event', 1) WHERE position = 3",
        "UPDATE meta SET cursor = 99",
        "UPDATE meta SET revision = -1",
        "UPDATE meta SET revision = 9223372036854775807",
        "UPDATE meta SET next_dataset = -1",
        "DELETE FROM meta",
        "DROP TABLE step",
        "ALTER TABLE entity ADD COLUMN more TEXT",
        "PRAGMA user_version = 0",
    ] {
        let (_folder, path) = project_file();
        set_in_file(&path, sql);
        let error = refused(&path);
        assert!(matches!(error, StoreError::Damaged { .. }), "{sql}: {error}");
    }
}

#[test]
fn a_file_cut_short_is_refused_and_left_untouched() {
    let (_folder, path) = project_file();
    let bytes = fs::read(&path).unwrap();
    for length in (1..bytes.len()).step_by(487) {
        fs::write(&path, &bytes[..length]).unwrap();
        refused(&path);
    }
}

#[test]
fn a_file_with_a_flipped_byte_opens_or_is_refused_but_is_never_changed() {
    let (_folder, path) = project_file();
    let bytes = fs::read(&path).unwrap();
    let mut refusals = 0;
    for position in (0..bytes.len()).step_by(97).chain(0..100) {
        let mut flipped = bytes.clone();
        flipped[position] ^= 0x55;
        fs::write(&path, &flipped).unwrap();
        refusals += usize::from(Document::open(&path).is_err());
        assert_eq!(fs::read(&path).unwrap(), flipped, "byte {position}");
    }
    assert!(refusals > 20, "only {refusals} refusals");
}

#[test]
fn broken_sqlite_files_from_elsewhere_are_refused_without_panic_or_hang() {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else {
        println!("skipped: STATECRAFT_TEST_DATA is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.statecraft");
    let mut seen = 0;
    for name in ["nasty/sqlite", "nasty/sqlite_valid"] {
        let Ok(entries) = fs::read_dir(Path::new(&data).join(name)) else { continue };
        for entry in entries {
            let mut bytes = fs::read(entry.unwrap().path()).unwrap();
            fs::write(&copy, &bytes).unwrap();
            refused(&copy);
            // Once more with a header like ours, so that more than the header is looked at.
            if bytes.len() > 100 && bytes.starts_with(b"SQLite format 3\0") {
                bytes[18..20].copy_from_slice(&[1, 1]);
                bytes[60..64].copy_from_slice(&1_u32.to_be_bytes());
                bytes[68..72].copy_from_slice(b"Stcr");
                fs::write(&copy, &bytes).unwrap();
                assert!(matches!(refused(&copy), StoreError::Damaged { .. }));
            }
            seen += 1;
        }
    }
    assert!(seen > 0, "no files in {}", Path::new(&data).display());
}

#[test]
fn a_project_that_could_not_be_opened_again_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.statecraft");
    let mut project = journey();
    project.events.clear();
    let error = Document::create(&path, &project).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Unfit { .. }));
    assert!(error.to_string().contains("transition 1 refers to an event that does not exist"), "{error}");
    assert_eq!(names_in(folder.path()), Vec::<String>::new());
}

#[test]
fn a_save_that_succeeded_although_it_seemed_to_fail_is_not_taken_for_a_change_by_others() {
    let (_folder, path) = project_file();
    let (mut store, opened) = Store::open(&path).unwrap();
    let mut project = opened.project;
    let changes = Edit::AddEvent(String::from("four")).plan(&project).unwrap();
    for change in &changes {
        change.apply(&mut project);
    }
    let save = Save {
        direction: Direction::Perform,
        step: Arc::new(Step { title: String::from("new event four"), changes }),
        position: opened.cursor + 1,
        oldest: opened.oldest,
        revision: opened.revision + 1,
        dataset: None,
        forgotten: Vec::new(),
    };
    store.save(&save).unwrap();
    store.save(&save).unwrap();
    let (mut other, opened) = Store::open(&path).unwrap();
    assert_eq!((&opened.project, opened.revision), (&project, save.revision));
    assert!(matches!(other.save(&save), Err(StoreError::Changed(_))));
}

#[test]
fn a_read_only_file_is_shown_but_not_edited() {
    let (folder, path) = project_file();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let bytes = fs::read(&path).unwrap();

    let mut document = Document::open(&path).unwrap();
    assert!(document.read_only());
    assert!(document.project().event_by_name("two").is_some());
    let refusal = document.perform(Edit::AddEvent(String::from("four"))).unwrap_err();
    assert_eq!(refusal, Refusal::ReadOnly(path.clone()));
    assert!(refusal.to_string().ends_with("is read-only; use Save a copy to go on in another file."));
    assert_eq!((document.undo(), document.redo(), document.undo_title()), (None, None, None));
    assert!(matches!(document.save_state(), SaveState::Saved { .. }));
    document.flush(Duration::ZERO).unwrap();

    let copy = folder.path().join("copy.statecraft");
    document.save_copy(&copy).unwrap();
    drop(document);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let mut document = Document::open(&copy).unwrap();
    assert_eq!(document.redo().as_deref(), Some("new event three"));
}

#[test]
fn the_header_says_whose_file_it_is_and_there_is_never_a_log_beside_it() {
    let (folder, path) = project_file();
    let header = fs::read(&path).unwrap();
    assert_eq!((&header[18..20], &header[60..64], &header[68..72]), (&[1, 1][..], &[0, 0, 0, 2][..], &b"Stcr"[..]));
    assert_eq!(names_in(folder.path()), ["journey.statecraft"]);
    let mode: String = Connection::open(&path).unwrap().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
}

#[test]
fn opening_and_closing_leaves_a_file_byte_for_byte_as_it_was() {
    let (_folder, path) = project_file();
    let bytes = fs::read(&path).unwrap();
    drop(Document::open(&path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_new_project_never_replaces_a_file() {
    let (_folder, path) = project_file();
    let bytes = fs::read(&path).unwrap();
    assert!(matches!(Document::create(&path, &journey()), Err(StoreError::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn the_history_survives_closing() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let revision = document.revision();
    assert_eq!(document.undo_title(), Some("new event two"));
    assert_eq!(document.redo_title(), Some("new event three"));
    assert_eq!(document.undo().as_deref(), Some("new event two"));
    assert_eq!(document.undo().as_deref(), Some("new event one"));
    assert_eq!(document.undo(), None);
    assert_eq!(*document.project(), journey());
    assert_eq!(document.revision(), revision + 2);
    drop(document);
    let mut document = Document::open(&path).unwrap();
    assert_eq!(document.revision(), revision + 2);
    for title in ["new event one", "new event two", "new event three"] {
        assert_eq!(document.redo().as_deref(), Some(title));
    }
    assert_eq!(document.redo(), None);
}

#[test]
fn a_thousand_steps_are_kept_and_the_oldest_are_forgotten_at_last() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    for index in 0..2100 {
        document.perform(Edit::RenameJourney(format!("Trial {index}"))).unwrap();
    }
    document.flush(Duration::from_mins(2)).unwrap();
    drop(document);
    let mut document = Document::open(&path).unwrap();
    let mut steps = 0;
    while document.undo().is_some() {
        steps += 1;
    }
    assert_eq!(steps, 2000);
    assert_eq!(document.project().info.name, "Trial 99");
}

#[test]
fn a_dropped_document_saves_what_was_not_saved_yet() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    for index in 0..50 {
        document.perform(Edit::RenameJourney(format!("Trial {index}"))).unwrap();
    }
    drop(document);
    assert_eq!(Document::open(&path).unwrap().project().info.name, "Trial 49");
}

#[test]
fn whoever_listens_hears_of_saving_and_saved() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    document.on_save_state({
        let calls = Arc::clone(&calls);
        Arc::new(move || {
            calls.fetch_add(1, Ordering::SeqCst);
        })
    });
    document.perform(Edit::AddEvent(String::from("four"))).unwrap();
    document.flush(SOON).unwrap();
    wait_until("both were heard", || calls.load(Ordering::SeqCst) >= 2);
    assert!(matches!(document.save_state(), SaveState::Saved { revision, .. } if revision == document.revision()));
}

#[test]
fn a_change_by_another_program_is_never_overwritten() {
    let (folder, path) = project_file();
    let mut ours = Document::open(&path).unwrap();
    let mut theirs = Document::open(&path).unwrap();
    theirs.perform(Edit::RenameJourney(String::from("Theirs"))).unwrap();
    theirs.flush(SOON).unwrap();
    let bytes = fs::read(&path).unwrap();

    ours.perform(Edit::RenameJourney(String::from("Ours"))).unwrap();
    let why = failure(&ours);
    assert!(why.contains("was changed by another program"), "{why}");
    assert_eq!(ours.flush(Duration::from_millis(50)), Err(why));
    ours.perform(Edit::AddEvent(String::from("four"))).unwrap();
    let copy = folder.path().join("copy.statecraft");
    ours.save_copy(&copy).unwrap();
    drop(ours);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(Document::open(&path).unwrap().project().info.name, "Theirs");

    let mut copy = Document::open(&copy).unwrap();
    assert_eq!(copy.project().info.name, "Ours");
    assert_eq!(copy.undo().as_deref(), Some("new event four"));
}

#[test]
fn what_a_locked_file_refuses_is_kept_and_saved_later() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    document.perform(Edit::RenameJourney(String::from("Later"))).unwrap();
    let why = failure(&document);
    assert!(why.contains("is locked by another program"), "{why}");
    other.execute_batch("ROLLBACK").unwrap();
    wait_until("it was saved", || matches!(document.save_state(), SaveState::Saved { .. }));
    assert_eq!(Document::open(&path).unwrap().project().info.name, "Later");
}

#[test]
fn what_a_lost_disk_refuses_is_kept_and_saved_when_it_is_back() {
    let root = tempfile::tempdir().unwrap();
    let (disk, away) = (root.path().join("disk"), root.path().join("away"));
    fs::create_dir(&disk).unwrap();
    let path = disk.join("journey.statecraft");
    let mut document = Document::create(&path, &journey()).unwrap();
    fs::rename(&disk, &away).unwrap();
    document.perform(Edit::RenameJourney(String::from("Later"))).unwrap();
    document.perform(Edit::AddEvent(String::from("webinar"))).unwrap();
    let why = failure(&document);
    assert!(why.contains("was moved, deleted or replaced"), "{why}");

    // The way out while the file is gone.
    let copy = root.path().join("copy.statecraft");
    document.save_copy(&copy).unwrap();
    assert_eq!(Document::open(&copy).unwrap().project(), document.project());
    assert!(matches!(document.save_copy(&path), Err(StoreError::OwnFile(_))));

    fs::rename(&away, &disk).unwrap();
    document.flush(SOON).unwrap();
    assert_eq!(Document::open(&path).unwrap().project(), document.project());
}

#[test]
fn what_a_full_disk_refuses_is_kept_and_saved_when_there_is_space() {
    // A folder on a disk of at most a few hundred kilobytes.
    let Some(disk) = std::env::var_os("STATECRAFT_SMALL_DISK") else {
        println!("skipped: STATECRAFT_SMALL_DISK is not set");
        return;
    };
    let folder = tempfile::tempdir_in(disk).unwrap();
    let path = folder.path().join("journey.statecraft");
    let mut document = Document::create(&path, &journey()).unwrap();
    let ballast = folder.path().join("ballast");
    let mut written = Vec::new();
    while fs::write(&ballast, &written).is_ok() {
        written.resize(written.len() + 4096, 0);
    }
    document.perform(Edit::SetJourneyNote("x".repeat(20_000))).unwrap();
    let why = failure(&document);
    assert!(why.contains("is full"), "{why}");
    assert_eq!(*Document::open(&path).unwrap().project(), journey());
    fs::remove_file(&ballast).unwrap();
    document.flush(SOON).unwrap();
    assert_eq!(Document::open(&path).unwrap().project(), document.project());
}

/// Not a test: what the next one starts and kills. Every edit names the journey after the revision it leads to.
#[test]
#[ignore = "runs until it is killed, as a part of another test"]
fn edit_until_killed() {
    let Some(path) = std::env::var_os("STATECRAFT_KILLED_FILE") else { return };
    let mut document = Document::open(Path::new(&path)).unwrap();
    loop {
        let note = "much to write ".repeat(5000);
        document.perform(Edit::SetJourneyNote(format!("{note}{}", document.revision()))).unwrap();
        document.perform(Edit::RenameJourney((document.revision() + 1).to_string())).unwrap();
        document.flush(SOON).unwrap();
    }
}

#[test]
fn a_killed_program_leaves_a_file_that_opens_at_its_last_save() {
    let (_folder, path) = project_file();
    let mut last = 0;
    for round in 0..8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "edit_until_killed", "--ignored", "--nocapture"])
            .env("STATECRAFT_KILLED_FILE", &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + 37 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let document = Document::open(&path).unwrap();
        assert!(document.revision() >= last);
        last = document.revision();
        if let Ok(named) = document.project().info.name.parse::<u64>() {
            // The name is written with every second revision.
            assert!(last == named || last == named + 1, "revision {last}, named {named}");
        }
    }
    assert!(last > 6, "nothing was saved before the kills: revision {last}");
}

#[test]
fn a_file_put_in_the_place_of_ours_is_not_written_to() {
    let (folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let other = folder.path().join("other.statecraft");
    fs::copy(&path, &other).unwrap();
    let bytes = fs::read(&other).unwrap();
    fs::rename(&other, &path).unwrap();
    document.perform(Edit::RenameJourney(String::from("Ours"))).unwrap();
    failure(&document);
    drop(document);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_copy_holds_everything_and_replaces_another_file_but_not_its_own() {
    let (folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    document.import(info("spring"), small(), vec![String::from("a")]).unwrap();
    let copy = folder.path().join("copy.statecraft");
    fs::write(&copy, "something else").unwrap();
    let check_copy = |document: &Document| {
        document.save_copy(&copy).unwrap();
        let copied = Document::open(&copy).unwrap();
        assert_eq!(copied.project(), document.project());
        assert_eq!(copied.undo_title(), document.undo_title());
        assert_eq!(copied.revision(), document.revision());
        let id = *copied.project().datasets.keys().next().unwrap();
        assert_eq!(*copied.dataset(id).unwrap(), small());
        assert!(matches!(document.save_copy(&path), Err(StoreError::OwnFile(_))));
    };
    // Once from memory, and once from the file that the columns are in.
    check_copy(&document);
    drop(document);
    check_copy(&Document::open(&path).unwrap());
    assert_eq!(names_in(folder.path()), ["copy.statecraft", "journey.statecraft"]);
}

#[test]
fn a_copy_that_cannot_be_written_leaves_its_target_alone() {
    let (folder, path) = project_file();
    let document = Document::open(&path).unwrap();
    let target = folder.path().join("target.statecraft");
    fs::write(&target, "precious").unwrap();
    fs::write(folder.path().join("target.statecraft-journal"), "left over").unwrap();
    assert!(matches!(document.save_copy(&target), Err(StoreError::Leftover { .. })));
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    let nowhere = folder.path().join("no/such/folder.statecraft");
    assert!(matches!(document.save_copy(&nowhere), Err(StoreError::NoFolder(_))));
    assert!(matches!(document.save_copy(folder.path()), Err(StoreError::Directory(_))));
}

#[test]
fn a_save_that_a_power_failure_interrupted_is_taken_back_on_opening() {
    let (folder, path) = project_file();
    let before = Document::open(&path).unwrap().project().clone();
    // The file and its journal as they are on disk in the middle of a transaction that is too large for the cache.
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch(
            "PRAGMA cache_size = 1; BEGIN IMMEDIATE;
             UPDATE entity SET body = json_set(body, '$.note', hex(zeroblob(40000)));
             UPDATE meta SET revision = revision + 1;",
        )
        .unwrap();
    let crashed = folder.path().join("crashed.statecraft");
    let journal = folder.path().join("crashed.statecraft-journal");
    fs::copy(&path, &crashed).unwrap();
    fs::copy(folder.path().join("journey.statecraft-journal"), &journal).unwrap();
    drop(other);
    // Read-only, it cannot be taken back, and half a save is not shown.
    let set_readonly = |readonly| {
        let mut permissions = fs::metadata(&crashed).unwrap().permissions();
        permissions.set_readonly(readonly);
        fs::set_permissions(&crashed, permissions).unwrap();
    };
    set_readonly(true);
    let error = refused(&crashed);
    assert!(error.to_string().contains("a save was interrupted"), "{error}");
    set_readonly(false);
    assert_ne!(fs::metadata(&crashed).unwrap().len(), fs::metadata(&path).unwrap().len());
    assert_eq!(*Document::open(&crashed).unwrap().project(), before);
    assert!(!journal.exists());
}
