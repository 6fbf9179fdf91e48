//! Projects for others, and projects that somebody else has open.

use std::fs;

use statecraft::document::Document;
use statecraft::store::Keeping;

use super::Desk;

#[test]
fn a_project_is_written_for_others_without_contacts_and_without_a_history() {
    let desk = Desk::with_project();
    let printed = desk.prints(&["export", "p", "out.statecraft", "--without-contacts"]);
    assert_eq!(printed, "Wrote the journey \"Repeat purchase\" without contacts to out.statecraft.\n");
    let (own, shared) =
        (Document::look(&desk.path("p")).unwrap(), Document::look(&desk.path("out.statecraft")).unwrap());
    assert!(!own.project().contacts.is_empty() && shared.project().contacts.is_empty());
    assert_eq!(shared.project().nodes, own.project().nodes);
    desk.prints(&["check", "out.statecraft"]);
}

#[test]
fn what_is_written_for_others_needs_its_ending_and_its_flag_and_replaces_nothing() {
    let desk = Desk::with_project();
    desk.refuses_with(&["export", "p", "out.statecraft"], &["To copy a project, copy its file", "--without-contacts"]);
    desk.refuses_with(&["export", "p", "out.scxml", "--without-contacts"], &["ends in .statecraft"]);
    desk.file("out.statecraft", "precious");
    desk.refuses_with(&["export", "p", "out.statecraft", "--without-contacts"], &["exists already"]);
    assert_eq!(fs::read_to_string(desk.path("out.statecraft")).unwrap(), "precious");
}

#[test]
fn a_project_that_is_open_elsewhere_is_read_but_not_added_to() {
    let desk = Desk::with_project();
    desk.file("log.csv", "contact,time,event\na,2026-01-01,purchase\n");
    let import = ["import", "p", "log.csv", "--map", "contact=contact", "--map", "time=time", "--map", "event=event"];
    let open = Document::open_with(&desk.path("p"), &Keeping::in_folder(desk.state.path())).unwrap();
    desk.prints(&["check", "p"]);
    desk.refuses_with(&import, &["p cannot be changed.", "It is open in another window on this computer"]);
    drop(open);
    desk.prints(&import);
    let kept = fs::read_dir(desk.state.path().join("projects")).unwrap().count();
    assert_eq!(kept, 1);
}
