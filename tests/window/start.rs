//! The start screen.

use egui::{Key, Modifiers};
use statecraft::document::Document;
use statecraft::model::Project;
use statecraft::model::sample::SAMPLES;

use super::driver::Window;

#[test]
fn a_sample_opens_as_a_journey_in_a_file_of_its_own() {
    for sample in SAMPLES {
        let mut window = Window::new();
        let project = sample.project();
        let name = project.info.name.clone();
        window.press(&format!("Open sample {name}"));
        assert_eq!(*window.project(), project);
        assert!(window.document().path().starts_with(window.projects().canonicalize().unwrap()));
        assert!(!window.shows("error"));
        window.wait_until_saved();
        window.sees("Saved ");
    }
}

#[test]
fn opened_twice_a_sample_is_two_files() {
    let mut window = Window::new();
    let name = SAMPLES[0].project().info.name.clone();
    for _ in 0..2 {
        window.press(&format!("Open sample {name}"));
        window.ctrl(Key::W);
        assert!(window.on_start_screen());
    }
    assert_eq!(std::fs::read_dir(window.projects()).unwrap().count(), 2);
}

#[test]
fn a_blank_journey_says_what_to_do_first() {
    let mut window = Window::new();
    window.press("Blank journey");
    assert_eq!(*window.project(), Project::named("New journey"));
    window.sees("Double-click");
}

#[test]
fn ctrl_n_and_ctrl_o_work_on_the_start_screen() {
    let mut window = Window::new();
    window.ctrl(Key::O);
    window.sees("Open a project");
    window.ctrl(Key::N);
    assert!(window.on_start_screen(), "the dialog has the keys");
    window.key(Key::Escape);
    window.ctrl(Key::N);
    assert_eq!(window.project().info.name, "New journey");
}

#[test]
fn what_was_closed_is_among_the_recent_projects() {
    let mut window = Window::new();
    window.press("Blank journey");
    let path = window.document().path().to_owned();
    window.ctrl(Key::W);
    assert!(window.on_start_screen());
    window.press("New journey");
    assert_eq!(window.document().path(), path);
}

#[test]
fn a_recent_project_that_is_gone_cannot_be_opened_but_forgotten() {
    let mut window = Window::new();
    window.press("Blank journey");
    let path = window.document().path().to_owned();
    window.ctrl(Key::W);
    std::fs::remove_file(path).unwrap();
    window.rest();
    window.sees("not found");
    window.press("New journey");
    assert!(window.on_start_screen());
    window.press("Take New journey off this list");
    assert!(!window.shows("not found") && !window.shows("Recent projects"));
}

#[test]
fn a_typed_path_is_opened() {
    let mut window = Window::new();
    let path = window.path("elsewhere.statecraft");
    drop(Document::create(&path, &Project::named("Elsewhere")).unwrap());
    window.press("Open…");
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(&path.display().to_string());
    window.key(Key::Enter);
    assert_eq!(window.project().info.name, "Elsewhere");
}

#[test]
fn what_is_no_project_is_refused_with_a_sentence() {
    let mut window = Window::new();
    let text = window.path("text.statecraft");
    std::fs::write(&text, "Not a database at all, only a long enough text to be read as one. ".repeat(20)).unwrap();
    let foreign = window.path("foreign.statecraft");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE t(a); PRAGMA user_version = 3;").unwrap();
    drop(other);
    let folder = window.path("folder.statecraft");
    std::fs::create_dir(&folder).unwrap();
    for (path, sentence) in [
        (text.clone(), "is not a Statecraft project"),
        (foreign, "is an SQLite file of another program"),
        (folder, "is a folder. Choose a file"),
        (window.path("missing.statecraft"), "There is no file"),
    ] {
        window.press("Open…");
        window.key_with(Key::A, Modifiers::COMMAND);
        window.typed(&path.display().to_string());
        window.press("Open");
        assert!(window.on_start_screen());
        window.sees(sentence);
    }
    window.drop_file(&text);
    assert!(window.on_start_screen());
}

#[test]
fn a_file_dropped_anywhere_is_opened() {
    let mut window = Window::with("state A");
    assert_eq!(window.project().nodes.len(), 1);
    let other = window.path("other.statecraft");
    drop(Document::create(&other, &Project::named("Other")).unwrap());
    window.open(&other);
    assert_eq!(window.project().info.name, "Other");
}
