//! Files that cannot be written.

use std::fs;

use egui::Key;
use statecraft::document::Document;
use statecraft::model::notation;

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
fn unsaved() -> (Window, std::path::PathBuf, std::path::PathBuf) {
    let mut window = Window::new();
    let (disk, away) = (window.path("disk"), window.path("away"));
    fs::create_dir(&disk).unwrap();
    let path = disk.join("journey.statecraft");
    drop(Document::create(&path, &notation::parse("state A").unwrap()).unwrap());
    window.open(&path);
    fs::rename(&disk, &away).unwrap();
    window.outline("A");
    window.fill("Owner", "Sales");
    window.until("it says so", |window| window.shows("Not saved"));
    (window, disk, away)
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
fn a_copy_is_the_way_out() {
    let (mut window, ..) = unsaved();
    window.press("Save a copy…");
    let copy = window.path("copy.statecraft");
    window.key_with(Key::A, egui::Modifiers::COMMAND);
    window.typed(&copy.display().to_string());
    window.key(Key::Enter);
    window.until("it is said", |window| window.shows("A copy is in"));
    assert_eq!(Document::open(&copy).unwrap().project(), window.project());
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
