//! Files that cannot be written.

use std::fs;
use std::path::PathBuf;

use egui::Key;
use statecraft::document::Document;
use statecraft::model::{Edit, notation};

use super::driver::Window;

#[test]
fn nothing_of_a_read_only_project_changes() {
    let mut window = Window::new();
    let path = window.path("fixed.statecraft");
    let project = notation::parse("start A\nA --go--> B\nB --back--> A").unwrap();
    drop(Document::create(&path, &project).unwrap());
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    window.open(&path);
    window.sees("Read-only");
    for name in ["Name of the journey", "Note", "Contacts start in", "Time zone", "Add to events"] {
        assert!(window.is_disabled(name), "{name}");
    }
    window.outline("A");
    window.sees("This project is read-only. Use Save a copy to change it in another file.");
    for name in ["Name", "Stage", "Owner", "Kind", "New arrow", "New response", "Delete"] {
        assert!(window.is_disabled(name), "{name}");
    }
    assert_eq!(window.value("Name"), "A");
    for key in [Key::Delete, Key::Insert, Key::F2, Key::ArrowRight] {
        window.key(key);
    }
    window.ctrl(Key::Z);
    // What only leads elsewhere still does.
    window.press("go → B");
    assert_eq!(window.selected(), Some(window.arrow_id("A", "B").into()));
    for name in ["What sets it off", "Event", "Condition", "New response", "From", "To", "Delete"] {
        assert!(window.is_disabled(name), "{name}");
    }
    assert_eq!(*window.project(), project);
    let table = window.path("table.csv");
    fs::write(&table, "who,when\nA,2026-01-01\n").unwrap();
    window.drop_file(&table);
    window.sees("This project is read-only.");
    window.press("Close");
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().played().is_some());
}

/// A window with an edit that cannot be saved, since its folder has gone.
fn unsaved() -> (Window, PathBuf, PathBuf) {
    let mut window = Window::new();
    let (disk, away) = edit_what_goes_away(&mut window);
    window.until("it says so", |window| window.shows("Not saved"));
    (window, disk, away)
}

/// Opens a project, moves its folder from the first place to the second, and edits the project.
fn edit_what_goes_away(window: &mut Window) -> (PathBuf, PathBuf) {
    let (disk, away) = (window.path("disk"), window.path("away"));
    fs::create_dir(&disk).unwrap();
    let path = disk.join("journey.statecraft");
    drop(Document::create(&path, &notation::parse("state A").unwrap()).unwrap());
    window.open(&path);
    fs::rename(&disk, &away).unwrap();
    window.outline("A");
    window.fill("Owner", "Sales");
    (disk, away)
}

#[test]
fn what_cannot_be_saved_is_said_and_kept_until_it_can() {
    let (mut window, disk, away) = unsaved();
    assert!(window.workbench().saved_text().contains("was moved, deleted or replaced"));
    assert!(window.title.starts_with("Journey – Not saved – "), "{}", window.title);
    window.fill("Owner", "Partners");
    assert_eq!(window.project().nodes[&window.node("A")].owner, "Partners");
    fs::rename(&away, &disk).unwrap();
    window.press("Try now");
    let project = window.project().clone();
    assert_eq!(window.kept(), project);
}

#[test]
fn another_place_is_the_way_out_and_the_work_goes_on_there_with_its_history() {
    let (mut window, ..) = unsaved();
    window.press("Save elsewhere…");
    let target = window.path("elsewhere.statecraft");
    window.key_with(Key::A, egui::Modifiers::COMMAND);
    window.typed(&target.display().to_string());
    window.key(Key::Enter);
    window.until("it is said", |window| window.shows("The project goes on in"));
    assert_eq!(window.document().path(), target);
    assert!(window.document().undo_title().is_some());
    window.outline("A");
    window.fill("Owner", "Partners");
    let project = window.project().clone();
    assert_eq!(window.kept(), project);
    window.ctrl(Key::W);
    assert!(window.on_start_screen());
}

#[test]
fn what_somebody_else_has_open_is_read_only_and_a_copy_is_one_press_away() {
    let mut window = Window::keeping_beside();
    let path = window.path("journey.statecraft");
    let theirs = Document::create_with(&path, &notation::parse("state A").unwrap(), &window.keeping()).unwrap();
    window.open(&path);
    window.sees("Read-only. It is open in another window on this computer");
    window.press("Open a copy");
    window.until("the copy is open", |window| window.document().path() != path);
    assert!(!window.document().read_only());
    drop(theirs);
    window.outline("A");
    window.fill("Owner", "Sales");
    window.wait_until_saved();
}

#[test]
fn earlier_versions_are_listed_and_opened_as_copies() {
    let mut window = Window::keeping_beside();
    let path = window.path("journey.statecraft");
    let project = notation::parse("state A").unwrap();
    let mut document = Document::create_with(&path, &project, &window.keeping()).unwrap();
    document.perform(Edit::RenameJourney(String::from("Before"))).unwrap();
    drop(document);
    window.open(&path);
    window.fill("Name of the journey", "After");
    window.wait_until_saved();
    window.press_in_menu("Earlier versions…");
    window.sees("on closing");
    window.press_that_begins("Open the version of");
    window.until("the copy is open", |window| window.document().path() != path);
    assert_eq!(window.project().info.name, "Before");
}

#[test]
fn a_damaged_file_is_kept_aside_and_the_newest_version_takes_its_place() {
    let mut window = Window::keeping_beside();
    let path = window.path("journey.statecraft");
    let project = notation::parse("state A").unwrap();
    let mut document = Document::create_with(&path, &project, &window.keeping()).unwrap();
    document.perform(Edit::RenameJourney(String::from("Before"))).unwrap();
    drop(document);
    fs::write(&path, "no project").unwrap();
    window.drop_file(&path);
    window.rest();
    window.sees("This file does not open");
    window.press_that_begins("Go back to");
    window.until("it is open", |window| !window.on_start_screen());
    assert_eq!(window.project().info.name, "Before");
    let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().any(|name| name.to_string_lossy().starts_with("journey (damaged ")));
}

#[test]
fn what_can_be_read_of_a_damaged_file_is_rescued_and_what_is_missing_is_said() {
    let mut window = Window::new();
    let path = window.path("journey.statecraft");
    drop(Document::create(&path, &notation::parse("start A\nA --go--> B").unwrap()).unwrap());
    let mut bytes = fs::read(&path).unwrap();
    // The first letter of the row of state B, so that it reads as nothing.
    let text = b"{\"id\":2,";
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[at] = b'!';
    fs::write(&path, bytes).unwrap();
    window.drop_file(&path);
    window.rest();
    window.sees("This file does not open");
    window.press("Read what is left");
    window.until("it was read", |window| window.shows("is missing."));
    window.press("Open it");
    assert!(window.project().node_by_name("A").is_some());
}

/// A damaged file in which so many rows are looked for one by one that nobody would wait for it.
fn endless(path: &std::path::Path) {
    let project = notation::parse("start A\nA --go--> B").unwrap();
    drop(Document::create(path, &project).unwrap());
    let connection = rusqlite::Connection::open(path).unwrap();
    // Enough rows for a tree of pages, and one at the end of all numbers.
    connection
        .execute_batch(
            "WITH RECURSIVE number (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM number WHERE n < 400)
             INSERT INTO entity (rowid, kind, id, body) SELECT n, 'node', n, hex(zeroblob(100)) FROM number;
             INSERT INTO entity (rowid, kind, id, body) VALUES (5000000, 'node', 5000000, hex(zeroblob(100)))",
        )
        .unwrap();
    drop(connection);
    let mut bytes = fs::read(path).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    // A page in the middle of the rows.
    let full = |page: &&mut [u8]| page[0] == 13 && page.ends_with(&[b'0'; 100]);
    let mut pages: Vec<&mut [u8]> = bytes.chunks_mut(size).filter(full).collect();
    let middle = pages.len() / 2;
    pages[middle].fill(0xa5);
    fs::write(path, bytes).unwrap();
}

#[test]
fn frames_go_on_while_a_large_damaged_file_is_read_and_that_can_be_cancelled() {
    let mut window = Window::new();
    let path = window.path("journey.statecraft");
    endless(&path);
    let damaged = fs::read(&path).unwrap();
    window.drop_file(&path);
    window.rest();
    window.sees("This file does not open");
    window.press("Read what is left");
    window.sees("Reading what is left of journey.statecraft.");
    window.press("Cancel");
    window.until("it is offered again", |window| window.has("Read what is left"));
    assert_eq!(fs::read(&path).unwrap(), damaged);
    let names = fs::read_dir(window.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().contains("damaged")), "a copy for nothing is left");
}

#[test]
fn a_file_for_others_is_written_from_the_menu() {
    let mut window = Window::with("state A\ncontact Anna");
    window.press_in_menu("Share without contacts…");
    let target = window.path("shared.statecraft");
    window.key_with(Key::A, egui::Modifiers::COMMAND);
    window.typed(&target.display().to_string());
    window.key(Key::Enter);
    window.until("it is said", |window| window.shows("The journey without contacts is in"));
    assert_eq!(Document::look(&target).unwrap().project().nodes, window.project().nodes);
}

/// On a share that goes away: the work is durable here and not there.
#[test]
fn what_is_not_published_is_said_and_not_left_without_a_question() {
    let mut window = Window::keeping_in_working_copies();
    let (disk, away) = edit_what_goes_away(&mut window);
    window.until("it says so", |window| window.shows("Saved on this computer only"));
    window.ctrl(Key::W);
    window.sees("Leave before the file has everything?");
    window.press("Stay");
    fs::rename(&away, &disk).unwrap();
    window.press("Try now");
    window.until("it is published", |window| window.workbench().saved_text().starts_with("Saved "));
    let path = disk.join("journey.statecraft");
    window
        .until("it is there", |_| Document::look(&path).unwrap().project().node_by_name("A").unwrap().owner == "Sales");
    window.until("it is quiet", |window| !window.shows("Saved on this computer only"));
    window.ctrl(Key::W);
    assert!(window.on_start_screen());
}

#[test]
fn what_is_not_saved_is_not_left_without_a_question() {
    let (mut window, disk, away) = unsaved();
    for leave in [0, 1, 2] {
        match leave {
            0 => window.ctrl(Key::W),
            1 => window.ctrl(Key::N),
            _ => window.close_requested(),
        }
        assert!(!window.on_start_screen());
        window.sees("Leave without saving?");
        assert_eq!(window.close_was_called_off(), leave == 2);
        window.key(Key::Escape);
        assert!(!window.shows("Leave without saving?"));
    }
    window.ctrl(Key::W);
    window.press("Stay");
    assert_eq!(window.project().nodes[&window.node("A")].owner, "Sales");
    fs::rename(&away, &disk).unwrap();
    window.press("Try now");
    window.wait_until_saved();
    window.ctrl(Key::W);
    assert!(window.on_start_screen());
}

#[test]
fn what_is_not_saved_can_be_left_behind() {
    let (mut window, ..) = unsaved();
    window.ctrl(Key::W);
    window.press("Leave it behind");
    assert!(window.on_start_screen());
}

#[test]
fn a_copy_replaces_another_file_only_when_told_twice() {
    let mut window = Window::with("state A");
    let copy = window.path("copy.statecraft");
    fs::write(&copy, "something else").unwrap();
    window.key_with(Key::S, egui::Modifiers::COMMAND | egui::Modifiers::SHIFT);
    window.key_with(Key::A, egui::Modifiers::COMMAND);
    window.typed(&window.path("copy").display().to_string());
    window.press("Save copy");
    window.sees("It would be replaced.");
    assert_eq!(fs::read_to_string(&copy).unwrap(), "something else");
    window.press("Replace it");
    window.until("the copy is written", |window| window.shows("A copy is in"));
    assert_eq!(Document::open(&copy).unwrap().project(), window.project());
}

#[test]
fn the_title_says_what_is_open_and_whether_it_is_saved() {
    let mut window = Window::new();
    window.press("Blank journey");
    window.fill("Name of the journey", "Trial");
    window.wait_until_saved();
    assert!(window.title.starts_with("Trial – Saved ") && window.title.ends_with(" – Statecraft"), "{}", window.title);
    window.ctrl(Key::W);
    assert_eq!(window.title, "Statecraft");
}
