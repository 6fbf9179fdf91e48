//! Importing recorded events.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use egui::Key;
use statecraft::model::Project;
use statecraft::model::sample::SAMPLES;
use statecraft::simulation::{Machine, Run, run::Progress};

use super::driver::Window;

const SHOP: &str = "start Prospect\nProspect --purchase--> New\nNew --purchase--> Repeat\nRepeat --visit--> Repeat";

/// A table of so many contacts: every second one buys twice.
fn table(contacts: usize) -> String {
    let mut text = String::from("customer,when,event,amount\n");
    for contact in 0..contacts {
        for purchase in 0..=contact % 2 {
            writeln!(text, "C{contact:05},2026-01-{:02},purchase,{}.50", 1 + purchase, contact % 90).unwrap();
        }
    }
    text
}

fn written(window: &Window, name: &str, text: &str) -> PathBuf {
    let path = window.path(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn looked_at(window: &mut Window, path: &Path) {
    window.drop_file(path);
    window.until("the file was looked at", |window| window.has("Import") || window.has("Close"));
}

/// Presses *Import* and counts the frames until it is done; they keep coming.
fn imported(window: &mut Window) {
    let datasets = window.project().datasets.len();
    window.press("Import");
    window.until("it is read", |window| window.project().datasets.len() > datasets);
    window.until("it ran", |window| {
        let played = window.workbench().simulator().played();
        played.is_some_and(|played| played.key.revision == window.document().revision())
    });
}

#[test]
fn a_table_of_events_is_imported_and_run() {
    let mut window = Window::with(SHOP);
    let path = written(&window, "history.csv", &table(400));
    looked_at(&mut window, &path);
    window.sees("4 columns");
    for text in ["column event", "customer", "when", "C00001", "amount"] {
        window.sees(text);
    }
    imported(&mut window);
    window.sees("400 contacts, 600 events");
    window.sees("Import of history");
    let report = &window.workbench().simulator().played().unwrap().report;
    let counts = ["New", "Repeat"].map(|name| report.states[&window.node(name)].resting);
    assert_eq!(counts, [200, 200]);
    window.press("C00001");
    window.sees("The story of");
    let info = window.project().datasets.values().next().unwrap();
    assert_eq!((info.contacts, info.occurrences, info.source.as_str()), (400, 600, "history.csv"));
    let project = window.project().clone();
    assert_eq!(window.kept(), project);
    window.ctrl(Key::Z);
    assert!(window.project().datasets.is_empty());
}

#[test]
fn imported_twice_it_is_two_histories_of_different_names() {
    let mut window = Window::with(SHOP);
    let path = written(&window, "history.csv", &table(20));
    for _ in 0..2 {
        looked_at(&mut window, &path);
        imported(&mut window);
    }
    let names: Vec<&str> = window.project().datasets.values().map(|dataset| dataset.name.as_str()).collect();
    assert_eq!(names, ["history", "history 2"]);
    assert_eq!(window.project().events.len(), 2);
}

#[test]
fn a_bad_date_is_said_with_its_row_and_changes_nothing() {
    let mut window = Window::with(SHOP);
    let before = window.project().clone();
    let mut lines: Vec<String> = table(4000).lines().map(str::to_owned).collect();
    lines[4710] = String::from("C99999,soon,purchase,1");
    let path = written(&window, "bad.csv", &lines.join("\n"));
    looked_at(&mut window, &path);
    window.press("Import");
    window.until("it is said", |window| window.shows("4711") || window.shows("4,711"));
    window.sees("soon");
    assert_eq!(*window.project(), before);
    assert!(window.has("Import"), "the mapping can be mended");
    window.key(Key::Escape);
    assert!(!window.has("Import"));
}

#[test]
fn what_cannot_be_imported_is_refused_with_a_sentence() {
    let mut window = Window::with(SHOP);
    let before = window.project().clone();
    let folder = window.path("folder.csv");
    std::fs::create_dir(&folder).unwrap();
    let empty = written(&window, "empty.csv", "");
    let dateless = written(&window, "dateless.csv", "a,b\n1,x\n2,y\n");
    for (path, sentence) in [
        (folder, "folder"),
        (empty, "empty"),
        (dateless, "dateless.csv holds dates that can be read"),
        (window.path("none.csv"), "none.csv"),
    ] {
        looked_at(&mut window, &path);
        window.sees(sentence);
        window.press("Close");
    }
    assert_eq!(*window.project(), before);
}

#[test]
fn an_import_can_be_left_and_the_project_too_while_it_reads() {
    let mut window = Window::with(SHOP);
    let path = written(&window, "history.csv", &table(50_000));
    looked_at(&mut window, &path);
    window.press("Import");
    window.press("Cancel");
    assert!(window.project().datasets.is_empty());
    looked_at(&mut window, &path);
    window.press("Import");
    let other = window.path("other.statecraft");
    drop(statecraft::document::Document::create(&other, &Project::named("Other")).unwrap());
    window.open(&other);
    window.comes_to_rest();
    assert!(window.project().datasets.is_empty());
    looked_at(&mut window, &path);
    window.press("Import");
    // The window is closed while it reads.
}

/// The purchases of a real shop: what the window shows is what the library counts, and no frame waits for the disk.
#[test]
fn the_history_of_a_real_shop_is_imported_while_frames_keep_coming() {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: STATECRAFT_TEST_DATA names no folder with CDNOW_master.txt");
        return;
    };
    let name = "CDNOW_master.txt";
    let below = data.join("transactions/cdnow").join(name);
    let path = [data.join(name), data.join("cdnow").join(name), below].into_iter().find(|path| path.exists());
    let path = path.unwrap_or_else(|| panic!("no {name} in {}", data.display()));
    let sample = SAMPLES.iter().find(|sample| sample.key == "repeat-purchase").unwrap();
    let mut window = Window::with_project(&sample.project());
    looked_at(&mut window, &path);
    window.sees("every row is one");
    let frames = window.harness.state().frames;
    let begin = std::time::Instant::now();
    imported(&mut window);
    let drawn = window.harness.state().frames - frames;
    println!("{drawn} frames in {:?}", begin.elapsed());
    assert!(drawn > 20, "only {drawn} frames were drawn while it was read and run");
    window.sees("23,570 contacts, 69,659 events");
    let (id, info) = window.project().datasets.iter().next().unwrap();
    let dataset = window.document().dataset(*id).unwrap();
    let machine = Machine::of(window.project());
    let report = Run::new(&machine, &dataset, &info.events, None, 1).report(2, &Progress::default()).unwrap();
    assert_eq!(window.workbench().simulator().played().unwrap().report, report);
    assert_eq!(report.states.values().map(|tally| tally.resting).sum::<u64>(), 23_570);
}

#[test]
fn saving_what_was_read_is_shown_and_can_be_cancelled() {
    let mut window = Window::with(SHOP);
    let (before, kept) = (window.project().clone(), window.kept());
    let path = written(&window, "history.csv", &table(400));
    looked_at(&mut window, &path);
    // Another program holds the file for a moment.
    let other = rusqlite::Connection::open(window.document().path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    window.press("Import");
    window.until("it is being saved", |window| window.shows("Saving 0 of 600 events"));
    window.key(Key::Escape);
    window.sees("Import recorded events");
    assert!(window.project().datasets.is_empty(), "not before it is durable");
    window.press("Cancel");
    other.execute_batch("ROLLBACK").unwrap();
    window.until("it is left", |window| !window.has("Import recorded events") && !window.has("Cancel"));
    assert_eq!(*window.project(), before);
    assert_eq!(window.kept(), kept);
    looked_at(&mut window, &path);
    imported(&mut window);
    assert_eq!(window.kept(), *window.project());
}
