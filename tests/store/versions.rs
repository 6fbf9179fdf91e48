//! Earlier versions: kept by themselves, checked, never more than there is room for.

use statecraft::store::{Keeping, Room, Snapshot, restore, versions};

use super::*;

fn keeping(folder: &Path) -> Keeping {
    Keeping::in_folder(folder.join("state"))
}

fn edit(path: &Path, keeping: &Keeping, name: &str) {
    let mut document = Document::open_with(path, keeping).unwrap();
    document.perform(Edit::RenameJourney(name.to_owned())).unwrap();
}

#[test]
fn closing_keeps_a_version_of_what_was_edited_and_of_nothing_else() {
    let (folder, path) = project_file();
    let keeping = keeping(folder.path());
    drop(Document::open_with(&path, &keeping).unwrap());
    assert_eq!(versions(&keeping, &path), []);
    edit(&path, &keeping, "One");
    let kept = versions(&keeping, &path);
    let [version] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(version.why, "on closing");
    assert_eq!(Document::look(&version.path).unwrap().project().info.name, "One");
    let copy = folder.path().join("copy.statecraft");
    Snapshot::of_file(&version.path).unwrap().write(&copy).unwrap();
    let mut copy = Document::open(&copy).unwrap();
    assert!(copy.undo().is_some(), "with its history");
}

#[test]
fn versions_are_kept_while_editing_and_before_an_import() {
    let (folder, path) = project_file();
    let keeping = Keeping { interval: Duration::ZERO, ..keeping(folder.path()) };
    let mut document = Document::open_with(&path, &keeping).unwrap();
    document.perform(Edit::RenameJourney(String::from("One"))).unwrap();
    wait_until("a version is kept", || versions(&keeping, &path).iter().any(|version| version.why == "while editing"));
    document.import(info("spring"), small(), vec![String::from("a")]).unwrap();
    let kept = versions(&keeping, &path);
    let before = kept.iter().find(|version| version.why == "before an import").unwrap();
    let look = Document::look(&before.path).unwrap();
    assert!(look.project().datasets.is_empty() && look.project().info.name == "One");
}

#[test]
fn a_file_of_an_older_format_is_kept_before_it_is_brought_up() {
    let (folder, path) = migration::fixture(1);
    let keeping = keeping(folder.path());
    let bytes = fs::read(&path).unwrap();
    let document = Document::open_with(&path, &keeping).unwrap();
    migration::holds_everything(&document);
    let kept = versions(&keeping, &path);
    let [version] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(version.why, "before the format changed");
    assert_eq!(fs::read(&version.path).unwrap()[60..64], bytes[60..64], "in the format it had");
    migration::holds_everything(&Document::look(&version.path).unwrap());
}

#[test]
fn the_oldest_versions_go_when_there_is_no_room_but_the_newest_of_each_project_stays() {
    let (folder, path) = project_file();
    let keeping = Keeping { room: Room { versions: 3, bytes: 1 << 30 }, ..keeping(folder.path()) };
    for round in 0..6 {
        edit(&path, &keeping, &format!("Round {round}"));
    }
    let kept = versions(&keeping, &path);
    let names: Vec<String> =
        kept.iter().map(|version| Document::look(&version.path).unwrap().project().info.name.clone()).collect();
    assert_eq!(names, ["Round 5", "Round 4", "Round 3"]);
    let other = folder.path().join("other.statecraft");
    Store::create(&other, &journey()).unwrap();
    let tight = Keeping { room: Room { versions: 3, bytes: 1 }, ..keeping };
    edit(&other, &tight, "Other");
    assert_eq!((versions(&tight, &path).len(), versions(&tight, &other).len()), (1, 1));
}

#[test]
fn a_project_that_was_moved_finds_its_versions_again() {
    let (folder, path) = project_file();
    let keeping = keeping(folder.path());
    edit(&path, &keeping, "One");
    let moved = folder.path().join("moved.statecraft");
    fs::rename(&path, &moved).unwrap();
    assert_eq!(versions(&keeping, &moved).len(), 1);
    // A copy is another project.
    let copy = folder.path().join("copy.statecraft");
    Document::look(&moved).unwrap().save_copy(&copy).unwrap();
    assert_eq!(versions(&keeping, &copy), []);
}

#[test]
fn a_damaged_file_is_kept_aside_and_its_newest_version_takes_its_place() {
    let (folder, path) = project_file();
    let keeping = keeping(folder.path());
    edit(&path, &keeping, "One");
    let damage = "no project at all";
    fs::write(&path, damage).unwrap();
    assert!(Document::open_with(&path, &keeping).unwrap_err().calls_for_rescue());
    let newest = versions(&keeping, &path).remove(0);
    let aside = restore(&path, &newest.path, &Arc::default()).unwrap();
    assert!(aside.file_name().unwrap().to_str().unwrap().starts_with("journey (damaged 2"));
    assert_eq!(fs::read_to_string(&aside).unwrap(), damage);
    let document = Document::open_with(&path, &keeping).unwrap();
    assert_eq!(document.project().info.name, "One");
    assert!(document.undo_title().is_some());
}

#[cfg(unix)]
#[test]
fn nobody_but_the_user_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = project_file();
    let keeping = keeping(folder.path());
    edit(&path, &keeping, "One");
    let mode = fs::metadata(folder.path().join("state")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
