//! What can still be read of a damaged file: whatever is sound, with a list of what is not, and never nothing.

use std::sync::atomic::AtomicBool;

use statecraft::model::sample::Sample;
use statecraft::store::{restore, salvage};

use super::*;

/// A project that is large enough for its things to lie on many pages.
fn large() -> (tempfile::TempDir, PathBuf, Project) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.statecraft");
    let mut document = Document::create(&path, &Sample::by_key("full-lifecycle").unwrap().project()).unwrap();
    for index in 0..60 {
        let name = format!("State number {index}");
        let position = Point::new(f32::from(i16::try_from(index).unwrap()), 0.0);
        document.perform(Edit::AddNode { kind: NodeKind::State, name, parent: None, position }).unwrap();
    }
    let project = document.project().clone();
    drop(document);
    (folder, path, project)
}

fn page_size(bytes: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([bytes[16], bytes[17]]))
}

#[test]
fn a_file_with_any_one_page_destroyed_gives_back_what_the_others_hold() {
    let (_folder, path, project) = large();
    let bytes = fs::read(&path).unwrap();
    let size = page_size(&bytes);
    let all = project.entities().count() - 1;
    let (mut least, mut rescued) = (all, 0);
    for page in 1..bytes.len() / size {
        let mut damaged = bytes.clone();
        damaged[page * size..(page + 1) * size].fill(0xa5);
        fs::write(&path, &damaged).unwrap();
        match salvage(&path, &Arc::default()) {
            Ok(salvaged) => {
                assert_eq!(fs::read(&salvaged.aside).unwrap(), damaged);
                fs::remove_file(&salvaged.aside).unwrap();
                let document = Document::open(&path).unwrap();
                assert_eq!(document.project().entities().count() - 1, salvaged.found);
                assert!(salvaged.found > 0);
                if salvaged.found < all {
                    assert!(!salvaged.missing.is_empty(), "page {page}: {} of {all}", salvaged.found);
                }
                least = least.min(salvaged.found);
                rescued += 1;
            }
            Err(error) => {
                assert!(matches!(error, StoreError::NothingLeft(_)), "page {page}: {error}");
                assert_eq!(fs::read(&path).unwrap(), damaged);
            }
        }
    }
    println!("{rescued} of {} pages; at least {least} of {all} things", bytes.len() / size - 1);
    // One page in the middle of the tree may be worth all of them.
    assert!(rescued + 2 >= bytes.len() / size - 1, "only {rescued}");
}

#[test]
fn a_row_that_does_not_read_is_named_and_what_refers_to_it_is_left_out() {
    let (_folder, path) = project_file();
    set_in_file(
        &path,
        "DELETE FROM step; UPDATE meta SET cursor = 0; UPDATE entity SET body = '{' WHERE kind = 'node' AND id = 2",
    );
    refused(&path);
    let salvaged = salvage(&path, &Arc::default()).unwrap();
    assert!(salvaged.missing.contains(&String::from("The state with the number 2 is missing.")), "{salvaged:?}");
    let refers = "Left out, since it refers to a state that does not exist: arrow from Lead to (deleted).";
    assert!(salvaged.missing.contains(&String::from(refers)), "{salvaged:?}");
    let document = Document::open(&path).unwrap();
    assert!(document.project().node_by_name("Lead").is_some() && document.project().node_by_name("Trial").is_none());
    assert!(document.project().node_by_name("Customer").is_some());
}

#[test]
fn what_the_table_has_lost_is_taken_from_the_history() {
    let (_folder, path) = project_file();
    set_in_file(&path, "DELETE FROM entity WHERE kind = 'event' AND body LIKE '%two%'");
    refused(&path);
    let salvaged = salvage(&path, &Arc::default()).unwrap();
    assert_eq!(salvaged.missing, Vec::<String>::new());
    let mut document = Document::open(&path).unwrap();
    assert!(document.project().event_by_name("two").is_some());
    assert_eq!(document.redo().as_deref(), Some("new event three"));
}

#[test]
fn a_file_with_nothing_in_it_stays_as_it_is_and_no_empty_project_takes_its_place() {
    let (folder, path) = project_file();
    for content in [&b""[..], b"SQLite format 3\0", &[0x5a; 8192]] {
        fs::write(&path, content).unwrap();
        assert!(matches!(salvage(&path, &Arc::default()), Err(StoreError::NothingLeft(_))));
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(names_in(folder.path()), ["journey.statecraft"]);
    }
}

#[test]
fn what_sqlite_left_beside_a_file_goes_aside_with_it_or_stays() {
    let (folder, path) = project_file();
    let journal = folder.path().join("journey.statecraft-journal");
    let whole = fs::read(&path).unwrap();
    fs::write(&journal, "a journal").unwrap();
    fs::write(&path, [0x5a; 8192]).unwrap();
    assert!(salvage(&path, &Arc::default()).is_err());
    assert_eq!(names_in(folder.path()), ["journey.statecraft", "journey.statecraft-journal"]);
    fs::write(&path, whole).unwrap();
    let salvaged = salvage(&path, &Arc::default()).unwrap();
    let mut kept = salvaged.aside.into_os_string();
    kept.push("-journal");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "a journal");
    assert!(!journal.exists());
}

#[test]
fn a_rescue_that_is_called_off_changes_nothing() {
    let (folder, path) = project_file();
    set_in_file(&path, "CREATE TABLE more (a)");
    let before = fs::read(&path).unwrap();
    let called_off = Arc::new(AtomicBool::new(true));
    assert!(matches!(salvage(&path, &called_off), Err(StoreError::CalledOff(_))));
    let version = folder.path().join("version.statecraft");
    drop(Document::create(&version, &Project::named("Before")).unwrap());
    assert!(matches!(restore(&path, &version, &called_off), Err(StoreError::CalledOff(_))));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(names_in(folder.path()), ["journey.statecraft", "version.statecraft"]);
}

#[test]
fn imported_data_is_rescued_whole_or_named() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    document.import(info("spring"), small(), vec![String::from("a")]).unwrap();
    document.import(info("autumn"), small(), vec![String::from("a")]).unwrap();
    drop(document);
    set_in_file(
        &path,
        "UPDATE dataset_column SET bytes = x'09' WHERE dataset = 1 AND name = 'times'; CREATE TABLE more (a)",
    );
    let salvaged = salvage(&path, &Arc::default()).unwrap();
    assert!(salvaged.missing.contains(&String::from("The imported data \"spring\" is missing.")), "{salvaged:?}");
    let document = Document::open(&path).unwrap();
    let names: Vec<&str> = document.project().datasets.values().map(|info| info.name.as_str()).collect();
    assert_eq!(names, ["autumn"]);
    assert_eq!(*document.dataset(DatasetId(2)).unwrap(), small());
}
