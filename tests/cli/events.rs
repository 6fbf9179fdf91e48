//! Recorded events that become part of a project, and are run from there.

use std::fs;

use statecraft::document::Document;

use super::{Desk, MAP, PURCHASES, keys, replay};

fn import<'a>(source: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["import", "p", source], &MAP[..], more].concat()
}

#[test]
fn events_are_imported_once_and_run_from_the_project() {
    let desk = Desk::with_project();
    desk.file("shop.csv", PURCHASES);
    let said = desk.prints(&import("shop.csv", &[]));
    assert_eq!(said, "Imported 3 events of 2 contacts into p as \"shop\".\n");
    let mut from_file = desk.json(&replay("shop.csv", &[]));
    fs::remove_file(desk.path("shop.csv")).unwrap();
    let mut from_project = desk.json(&["replay", "p", "--dataset", "SHOP"]);
    assert_eq!(keys(&from_project), keys(&from_file));
    for report in [&mut from_file, &mut from_project] {
        report["elapsed_ms"].take();
    }
    assert_eq!(from_project, from_file);
    assert_eq!(from_project["events"], 3);
    // One step of undo.
    let mut document = Document::open(&desk.path("p")).unwrap();
    assert_eq!(document.undo().as_deref(), Some("import of shop"));
    assert!(document.project().datasets.is_empty());
}

#[test]
fn events_that_the_journey_does_not_know_are_added_and_said() {
    let desk = Desk::with_project();
    desk.file("shop.tsv", "customer\tdate\tkind\nann\t2026-01-01\tpurchase\nann\t2026-01-02\tparcel sent\n");
    let map = ["--map", "contact=customer", "--map", "time=date", "--map", "event=kind", "--name", "Parcels"];
    let output = desk.run(&[&["import", "p", "shop.tsv"], &map[..]].concat());
    assert_eq!(super::text(&output.stdout), "Imported 2 events of 1 contact into p as \"Parcels\".\n");
    assert_eq!(super::text(&output.stderr), "statecraft: Added to the catalogue of events: parcel sent.\n");
    let project = Document::open(&desk.path("p")).unwrap().project().clone();
    assert!(project.event_by_name("parcel sent").is_some());
}

#[test]
fn an_import_that_is_refused_leaves_the_project_as_it_was() {
    let desk = Desk::with_project();
    desk.file("shop.csv", PURCHASES);
    desk.prints(&import("shop.csv", &[]));
    let before = fs::read(desk.path("p")).unwrap();
    desk.file("bad.csv", "customer,date\nann,2026-01-01\nbob,soon\n");
    desk.refuses_with(&import("shop.csv", &[]), &["\"shop\" already", "--name"]);
    desk.refuses_with(&import("bad.csv", &[]), &["Row 3 of bad.csv", "\"soon\""]);
    desk.refuses_with(&["import", "p", "bad.csv"], &["--map contact=COLUMN", "customer, date"]);
    desk.refuses_with(&import("gone.csv", &[]), &["There is no file gone.csv"]);
    desk.refuses_with(&import("shop.xlsx", &[]), &["shop.xlsx cannot be imported", ".csv"]);
    desk.refuses_with(&import("chart.scxml", &[]), &["A chart needs none of them"]);
    desk.refuses_with(&["import", "none", "shop.csv", "--map", "contact=customer"], &["There is no file ", "none"]);
    assert_eq!(fs::read(desk.path("p")).unwrap(), before);
}

#[test]
fn replay_is_told_which_events_to_run() {
    let desk = Desk::with_project();
    desk.file("shop.csv", PURCHASES);
    let which = ["--events LOG", "--dataset NAME"];
    desk.refuses_with(&["replay", "p"], &which);
    desk.refuses_with(&replay("shop.csv", &["--dataset", "shop"]), &which);
    desk.refuses_with(&["replay", "p", "--dataset", "shop"], &["no events called \"shop\"", "It has none", "import"]);
    desk.refuses_with(&["replay", "p", "--dataset", "shop", "--event", "purchase"], &["describe a file"]);
    desk.prints(&import("shop.csv", &[]));
    desk.refuses_with(&["replay", "p", "--dataset", "spring"], &["no events called \"spring\"", "It has shop"]);
}

#[test]
fn help_says_how_events_are_imported() {
    let help = Desk::new().prints(&["import", "--help"]);
    for part in ["--map <FIELD=COLUMN>", "--name <NAME>", ".csv", "replay journey.statecraft --dataset events"] {
        assert!(help.contains(part), "{part} is not in: {help}");
    }
}
