//! Files that were made to do harm: nothing in them is run, nothing of them is believed, and none of them holds us up.

use statecraft::store::{Keeping, News, ReadOnly, salvage};

use super::*;

#[test]
fn extra_objects_are_named_and_never_run_and_the_journey_can_be_taken_over() {
    for (sql, name) in [
        ("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM entity; END", "a trigger \"t\""),
        ("CREATE VIEW v AS SELECT * FROM entity", "a view \"v\""),
        ("CREATE TABLE more (a)", "a table \"more\""),
        ("CREATE INDEX i ON step (title)", "an index \"i\""),
        ("CREATE VIRTUAL TABLE f USING fts5(a)", "a table \"f"),
    ] {
        let (folder, path) = project_file();
        let project = Document::open(&path).unwrap().project().clone();
        set_in_file(&path, sql);
        let error = refused(&path);
        assert!(matches!(error, StoreError::Extras { .. }) && error.to_string().contains(name), "{sql}: {error}");
        assert!(error.calls_for_rescue());
        let bytes = fs::read(&path).unwrap();
        let salvaged = salvage(&path, &Arc::default()).unwrap();
        assert_eq!(salvaged.missing, Vec::<String>::new(), "{sql}");
        assert_eq!(fs::read(&salvaged.aside).unwrap(), bytes);
        let mut document = Document::open(&path).unwrap();
        assert_eq!(*document.project(), project);
        assert_eq!(document.redo().as_deref(), Some("new event three"), "{sql}");
        drop(document);
        assert_eq!(names_in(folder.path()).len(), 2, "{sql}");
    }
}

#[test]
fn tables_that_are_not_exactly_ours_are_refused() {
    for sql in [
        "DROP TABLE step; CREATE VIEW step AS SELECT 1 AS position, 'x' AS title, '[]' AS changes",
        "ALTER TABLE entity ADD COLUMN more TEXT",
        "DROP TABLE step; CREATE TABLE step (position INTEGER PRIMARY KEY, title TEXT NOT NULL, changes TEXT NOT NULL)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = 'step'",
    ] {
        let (_folder, path) = project_file();
        set_in_file(&path, sql);
        let error = refused(&path);
        assert!(matches!(error, StoreError::Damaged { .. } | StoreError::Extras { .. }), "{sql}: {error}");
    }
}

#[test]
fn a_header_that_no_project_has_is_refused_before_sqlite_sees_it() {
    let (_folder, path) = project_file();
    let bytes = fs::read(&path).unwrap();
    for (at, value, why) in [
        (16, &[0, 3][..], "pages have 3 bytes"),
        (16, &[3, 1], "pages have 769 bytes"),
        (20, &[9], "not that of a project"),
        (56, &[0, 0, 0, 2], "not that of a project"),
    ] {
        let mut broken = bytes.clone();
        broken[at..at + value.len()].copy_from_slice(value);
        fs::write(&path, broken).unwrap();
        let error = refused(&path).to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_file_that_is_too_large_for_a_project_is_refused_unread() {
    let (folder, path) = project_file();
    let large = folder.path().join("large.statecraft");
    fs::copy(&path, &large).unwrap();
    // No byte of it is on the disk.
    let grown = fs::OpenOptions::new().write(true).open(&large).unwrap().set_len(65 << 30);
    if grown.is_err() {
        println!("skipped: this disk has no sparse files");
        return;
    }
    let error = Document::open(&large).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { gigabytes: 65, .. }), "{error}");
}

#[test]
fn a_newer_file_that_we_may_read_is_shown_and_not_edited() {
    let (folder, path) = project_file();
    let project = Document::open(&path).unwrap().project().clone();
    set_in_file(
        &path,
        "PRAGMA user_version = 9; ALTER TABLE meta ADD COLUMN mood TEXT; CREATE TABLE later (a);
         INSERT INTO entity VALUES ('spaceship', 1, '{}')",
    );
    let bytes = fs::read(&path).unwrap();
    let mut document = Document::open(&path).unwrap();
    assert_eq!(*document.project(), project);
    assert_eq!(document.read_only_because(), Some(&ReadOnly::Newer(9)));
    assert!(document.perform(Edit::AddEvent(String::from("four"))).is_err());
    let sentence = document.read_only_because().unwrap().to_string();
    assert!(sentence.starts_with("A newer Statecraft saved it (format 9; this one writes format 2)."), "{sentence}");
    let copy = folder.path().join("copy.statecraft");
    document.save_copy(&copy).unwrap();
    drop(document);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(*Document::open(&copy).unwrap().project(), project);
    // Unless it brings something that could be run.
    set_in_file(&path, "CREATE VIEW v AS SELECT 1");
    assert!(matches!(refused(&path), StoreError::TooNew { .. }));
}

#[test]
fn a_large_file_opens_at_once_and_its_damage_is_told_later() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let dataset = Dataset {
        contacts: (0..20_000).map(|index| format!("contact {index}")).collect(),
        first: vec![0; 20_001],
        event_names: vec![String::from("a")],
        ..Dataset::default()
    };
    document.import(info("spring"), dataset, vec![String::from("a")]).unwrap();
    drop(document);
    let keeping = Keeping { checked_whole: 0, ..Keeping::default() };
    let mut sound = Document::open_with(&path, &keeping).unwrap();
    sound.perform(Edit::AddEvent(String::from("four"))).unwrap();
    sound.flush(SOON).unwrap();
    assert_eq!(sound.news(), []);
    drop(sound);
    // A page in the middle of a column says that the next one is somewhere else.
    let mut bytes = fs::read(&path).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let inside = b"contact 10000";
    let at = bytes.windows(inside.len()).position(|window| window == inside).unwrap() / size * size;
    bytes[at..at + 4].fill(0x7f);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(refused(&path), StoreError::Damaged { .. }), "a small file is checked completely");
    let mut document = Document::open_with(&path, &keeping).unwrap();
    let mut news = Vec::new();
    wait_until("it was checked", || {
        news.extend(document.news());
        !news.is_empty()
    });
    assert!(matches!(&news[..], [News::Damage(why)] if why.contains("is damaged")), "{news:?}");
}

#[test]
fn a_file_that_takes_for_ever_is_given_up() {
    // A step whose row says that it is hundreds of megabytes of zeros would be read; a tree of pages that lead back to
    // themselves is found out by the limit of time or as damage.
    let (_folder, path) = project_file();
    let page: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'step'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let at = (usize::try_from(page).unwrap() - 1) * size;
    // An inner page with many children, each of which is the page itself.
    bytes[at..at + size].fill(0);
    bytes[at] = 5;
    let cells = 100_u16;
    bytes[at + 3..at + 5].copy_from_slice(&cells.to_be_bytes());
    bytes[at + 8..at + 12].copy_from_slice(&u32::try_from(page).unwrap().to_be_bytes());
    for cell in 0..cells {
        let offset = 2_000 + usize::from(cell) * 8;
        let pointer = at + 12 + usize::from(cell) * 2;
        bytes[pointer..pointer + 2].copy_from_slice(&u16::try_from(offset).unwrap().to_be_bytes());
        bytes[at + offset..at + offset + 4].copy_from_slice(&u32::try_from(page).unwrap().to_be_bytes());
    }
    fs::write(&path, bytes).unwrap();
    let error = refused(&path);
    assert!(matches!(error, StoreError::Damaged { .. } | StoreError::TooSlow(_)), "{error}");
}
