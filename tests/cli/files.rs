//! Files that are no projects, projects that are read-only, and charts of other programs.

use std::fs::{self, File};
use std::path::Path;

use statecraft::document::Document;

use super::{Desk, PURCHASES, replay};

/// A file as it was made by `change`, given to every subcommand that opens one. It must be left as it is.
#[track_caller]
fn check_refused_file(change: impl FnOnce(&Path), parts: &[&str]) {
    let desk = Desk::with_project();
    change(&desk.path("p"));
    let before = fs::read(desk.path("p")).ok();
    desk.file("log.csv", PURCHASES);
    for arguments in
        [&["check", "p"][..], &["simulate", "p"], &["trace", "p", "--contact", "Ben"], &replay("log.csv", &[])]
    {
        desk.refuses_with(arguments, parts);
    }
    assert_eq!(fs::read(desk.path("p")).ok(), before, "it was left as it is");
}

fn patch(path: &Path, at: usize, bytes: &[u8]) {
    let mut content = fs::read(path).unwrap();
    content[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(path, content).unwrap();
}

#[test]
fn what_is_no_project_is_refused_and_left_as_it_is() {
    check_refused_file(|path| fs::remove_file(path).unwrap(), &["There is no file"]);
    check_refused_file(
        |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        },
        &["is a folder"],
    );
    check_refused_file(|path| fs::write(path, "").unwrap(), &["is empty"]);
    check_refused_file(|path| fs::write(path, "hello").unwrap(), &["is not a Statecraft project"]);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    check_refused_file(
        |path| {
            fs::remove_file(path).unwrap();
            let other = rusqlite::Connection::open(path).unwrap();
            other.execute_batch("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('x');").unwrap();
        },
        &["SQLite file of another program", "left as it is"],
    );
}

#[test]
fn a_project_of_a_newer_version_is_refused_and_left_as_it_is() {
    check_refused_file(
        |path| {
            let newer = "UPDATE meta SET minimum_reader = 7, minimum_version = '0.4.0'; PRAGMA user_version = 7";
            rusqlite::Connection::open(path).unwrap().execute_batch(newer).unwrap();
        },
        &["newer Statecraft (format 7; this one reads up to 2)", "Get Statecraft 0.4.0 or newer"],
    );
}

#[test]
fn a_damaged_project_is_refused_and_left_as_it_is() {
    check_refused_file(|path| patch(path, 4096, &[0xA5; 3000]), &["is damaged", "open another copy"]);
    check_refused_file(
        |path| {
            let half = fs::metadata(path).unwrap().len() / 2;
            File::options().write(true).open(path).unwrap().set_len(half).unwrap();
        },
        &["is damaged"],
    );
}

#[test]
fn a_read_only_project_can_be_looked_at() {
    let desk = Desk::with_project();
    let mut permissions = fs::metadata(desk.path("p")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(desk.path("p"), permissions).unwrap();
    let before = fs::read(desk.path("p")).unwrap();
    desk.file("log.csv", PURCHASES);
    for arguments in
        [&["check", "p"][..], &["simulate", "p"], &["trace", "p", "--contact", "Ben"], &replay("log.csv", &[])]
    {
        desk.prints(arguments);
    }
    assert_eq!(fs::read(desk.path("p")).unwrap(), before);
    let files = fs::read_dir(desk.folder.path()).unwrap().count();
    assert_eq!(files, 2, "nothing was left beside it");
}

#[test]
fn import_makes_a_project_of_a_chart_or_names_the_line() {
    let desk = Desk::new();
    let chart = |content: &str| {
        format!("<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" name=\"Door\">\n{content}\n</scxml>")
    };
    let door = "<state id=\"open\"><transition event=\"close\" target=\"closed\"/></state>\n<final id=\"closed\"/>";
    fs::write(desk.path("door.scxml"), chart(door)).unwrap();
    assert!(desk.prints(&["import", "door", "door.scxml"]).starts_with("Made door with the journey \""));
    assert_eq!(Document::open(&desk.path("door")).unwrap().project().nodes.len(), 2);
    fs::write(desk.path("script.scxml"), chart("<state id=\"a\"/>\n<script>1</script>")).unwrap();
    desk.refuses_with(&["import", "x", "script.scxml"], &["script.scxml", "Line 3", "script"]);
    desk.refuses_with(&["import", "x", "door.png"], &[".scxml"]);
    desk.refuses_with(&["import", "x", "gone.scxml"], &["gone.scxml"]);
    assert!(!desk.path("x").exists());
}

#[test]
fn export_writes_a_chart_that_import_makes_the_same_project_of() {
    let desk = Desk::new();
    desk.prints(&["new", "journey.statecraft", "--template", "lead-definition"]);
    let said = desk.prints(&["export", "journey.statecraft", "chart.scxml"]);
    assert!(said.starts_with("Wrote the journey \"") && said.ends_with("\" to chart.scxml.\n"), "{said}");
    desk.prints(&["import", "again.statecraft", "chart.scxml"]);
    let project = |name: &str| Document::open(&desk.path(name)).unwrap().project().clone();
    assert_eq!(project("again.statecraft"), project("journey.statecraft"));
    let before = fs::read(desk.path("chart.scxml")).unwrap();
    desk.refuses_with(
        &["export", "journey.statecraft", "chart.scxml"],
        &["chart.scxml exists already", "another file"],
    );
    assert_eq!(fs::read(desk.path("chart.scxml")).unwrap(), before);
    desk.refuses_with(&["export", "journey.statecraft", "chart.xml"], &["chart.xml", ".scxml"]);
    desk.refuses_with(&["export", "gone.statecraft", "other.scxml"], &["gone.statecraft"]);
    desk.refuses_with(&["export", "journey.statecraft", "no/folder/other.scxml"], &["other.scxml cannot be written"]);
    assert!(!desk.path("other.scxml").exists() && !desk.path("chart.xml").exists());
}
