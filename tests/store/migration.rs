//! Files of every format that there ever was: each has a fixture that is kept for ever, and opens with all it holds.

use std::fs;
use std::path::{Path, PathBuf};

use statecraft::document::Document;
use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::sample::Sample;
use statecraft::model::*;

use statecraft::store::News;

use super::datasets::info;
use super::{SOON, set_in_file};

fn history() -> Dataset {
    let texts = FieldValues::Texts {
        words: vec![String::from("Größe 1"), String::from("pro")],
        codes: vec![0, u32::MAX, 1, 1, 0],
    };
    Dataset {
        contacts: vec![String::from("anna@example.com"), String::from("bo@example.com")],
        first: vec![0, 2, 5],
        times: [1_000, 2_000, 500, 500, 9_000].map(Time).to_vec(),
        codes: vec![0, 1, 0, 0, 1],
        event_names: vec![String::from("signed up"), String::from("paid")],
        fields: vec![
            FieldColumn { name: String::from("amount"), values: FieldValues::Numbers(vec![1.5, -0.0, 3.0, 4.0, 5.0]) },
            FieldColumn { name: String::from("plan"), values: texts },
        ],
        zones: vec![String::from("Europe/Berlin"), String::new()],
        starts: vec![Some(Time(-5)), None],
        ..Dataset::default()
    }
}

/// Makes the fixture of the format of today; run it before the format changes.
#[test]
#[ignore = "makes a file that is kept for ever; it needs STATECRAFT_NEW_FIXTURE"]
fn a_fixture_of_this_format_is_made() {
    let Some(path) = std::env::var_os("STATECRAFT_NEW_FIXTURE").map(PathBuf::from) else { return };
    let project = Sample::by_key("subscription").unwrap().project();
    let mut document = Document::create(&path, &project).unwrap();
    let names = vec![String::from("signed up"), String::from("paid")];
    document.import(info("spring"), history(), names).unwrap();
    document.perform(Edit::RenameJourney(String::from("Kept for ever"))).unwrap();
    document.perform(Edit::AddEvent(String::from("webinar"))).unwrap();
    document.perform(Edit::SetJourneyNote(String::from("A note with \"quotes\" and größe"))).unwrap();
    let state = Edit::AddNode {
        kind: NodeKind::State,
        name: String::from("Waiting"),
        parent: None,
        position: Point::new(12.5, -3.0),
    };
    document.perform(state).unwrap();
    document.perform(Edit::AddEvent(String::from("undone"))).unwrap();
    document.undo().unwrap();
    document.flush(SOON).unwrap();
}

/// A copy of a fixture, in a folder of its own.
pub(crate) fn fixture(format: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.statecraft");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/format-{format}.statecraft"));
    fs::copy(kept, &path).unwrap();
    (folder, path)
}

/// What every fixture holds, whatever its format.
#[track_caller]
pub(crate) fn holds_everything(document: &Document) {
    let project = document.project();
    assert_eq!(project.info.name, "Kept for ever");
    assert_eq!(project.info.note, "A note with \"quotes\" and größe");
    assert_eq!(project.node_by_name("Waiting").unwrap().position, Point::new(12.5, -3.0));
    assert!(project.event_by_name("webinar").is_some() && project.event_by_name("undone").is_none());
    let id = *project.datasets.keys().next().unwrap();
    assert_eq!(*document.dataset(id).unwrap(), history());
}

#[test]
fn a_file_of_format_1_opens_with_everything_it_holds() {
    let (_folder, path) = fixture(1);
    let mut document = Document::open(&path).unwrap();
    holds_everything(&document);
    assert_eq!(document.project().contacts.len(), Sample::by_key("subscription").unwrap().project().contacts.len());
    assert_eq!(document.redo_title(), Some("new event undone"));
    let mut undone = Vec::new();
    while let Some(title) = document.undo() {
        undone.push(title);
    }
    assert_eq!(undone.len(), 5, "{undone:?}");
    assert!(document.project().datasets.is_empty());
}

#[test]
fn a_file_of_format_1_that_must_not_be_written_is_shown_as_it_is() {
    let (_folder, path) = fixture(1);
    let bytes = fs::read(&path).unwrap();
    holds_everything(&Document::look(&path).unwrap());
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    holds_everything(&Document::open(&path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_is_brought_up_once_and_stays_the_same_project() {
    let (_folder, path) = fixture(1);
    let mut document = Document::open(&path).unwrap();
    assert_eq!(document.news(), [News::Migrated { from: 1 }]);
    drop(document);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[60..64], [0, 0, 0, 2]);
    let mut document = Document::open(&path).unwrap();
    assert_eq!(document.news(), []);
    holds_everything(&document);
    drop(document);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_that_does_not_make_sense_is_not_brought_up() {
    let (_folder, path) = fixture(1);
    set_in_file(&path, "DELETE FROM entity WHERE kind = 'node' AND id = 2");
    let bytes = fs::read(&path).unwrap();
    assert!(Document::open(&path).is_err());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
