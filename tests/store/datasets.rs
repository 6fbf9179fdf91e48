//! An imported history reads back exactly, and one that makes no sense is refused.

use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::*;

use super::*;

pub(crate) fn info(name: &str) -> DatasetInfo {
    DatasetInfo::named(name, "export.csv")
}

pub(crate) fn small() -> Dataset {
    Dataset {
        contacts: vec![String::from("c")],
        first: vec![0, 1],
        times: vec![Time(5)],
        codes: vec![0],
        event_names: vec![String::from("a")],
        ..Dataset::default()
    }
}

fn large(contacts: u32, each: u32) -> Dataset {
    let occurrences = contacts * each;
    let value = |index: u32| match index % 5 {
        0 => Value::Unknown,
        1 => Value::Number(f64::from(index) / 3.0),
        2 => Value::Text(format!("größe {index}")),
        3 => Value::YesNo(index.is_multiple_of(2)),
        _ => Value::Time(Time(i64::from(index) - 10)),
    };
    Dataset {
        contacts: (0..contacts).map(|index| format!("contact {index}")).collect(),
        first: (0..=contacts).map(|index| index * each).collect(),
        times: (0..occurrences).map(|index| Time(i64::from(index) * 1000 - 7)).collect(),
        codes: (0..occurrences).map(|index| u16::try_from(index % 3).unwrap()).collect(),
        event_names: ["a", "b", ""].map(String::from).to_vec(),
        fields: vec![
            FieldColumn {
                name: String::from("amount"),
                values: FieldValues::Numbers((0..occurrences).map(|index| f64::from(index).sqrt()).collect()),
            },
            FieldColumn {
                name: String::from("plan"),
                values: FieldValues::Texts {
                    words: vec![String::from("pro"), String::from("\0 ' \"")],
                    codes: (0..occurrences).map(|i| if i % 3 == 2 { u32::MAX } else { i % 3 }).collect(),
                },
            },
        ],
        zones: (0..contacts)
            .map(|index| if index.is_multiple_of(2) { String::new() } else { String::from("UTC") })
            .collect(),
        starts: (0..contacts).map(|index| (index.is_multiple_of(2)).then(|| Time(i64::from(index)))).collect(),
        attributes: [(AttributeId(3), (0..contacts).map(value).collect())].into(),
    }
}

#[test]
fn a_large_dataset_reads_back_exactly() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let dataset = Arc::new(large(20_000, 10));
    let names = ["a", "b", "c"].map(String::from).to_vec();
    let performed = document.import(info("large"), Arc::clone(&dataset), names).unwrap();
    let id = *document.project().datasets.keys().next().unwrap();
    assert!(performed.created.contains(&id.into()));
    let stored = &document.project().datasets[&id];
    assert_eq!((stored.contacts, stored.occurrences, stored.fields.len()), (20_000, 200_000, 2));
    drop(document);
    let document = Document::open(&path).unwrap();
    assert!(document.datasets().loaded(id).is_none());
    assert_eq!(document.dataset(id).unwrap(), dataset);
    assert!(document.datasets().loaded(id).is_some());
}

#[test]
fn unknown_and_undefined_numbers_of_a_dataset_keep_every_bit() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let numbers = vec![f64::NAN, -0.0, f64::INFINITY, f64::from_bits(0x7ff8_dead_beef_0001), f64::MIN_POSITIVE];
    let field = FieldColumn { name: String::from("x"), values: FieldValues::Numbers(numbers.clone()) };
    let dataset = Dataset {
        first: vec![0, 5],
        times: vec![Time(i64::MIN), Time(0), Time(0), Time(0), Time(i64::MAX)],
        codes: vec![0; 5],
        fields: vec![field],
        ..small()
    };
    document.import(info("odd"), dataset, vec![String::from("a")]).unwrap();
    drop(document);
    let document = Document::open(&path).unwrap();
    let dataset = document.dataset(DatasetId(1)).unwrap();
    let FieldValues::Numbers(read) = &dataset.fields[0].values else { panic!("numbers became texts") };
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(read), bits(&numbers));
}

#[test]
fn the_id_of_a_dataset_is_never_given_again() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let imported = |document: &mut Document, name: &str| {
        let performed = document.import(info(name), small(), vec![String::from("a")]).unwrap();
        performed.created.into_iter().find_map(|id| if let EntityId::Dataset(id) = id { Some(id) } else { None })
    };
    assert_eq!(imported(&mut document, "one"), Some(DatasetId(1)));
    document.undo().unwrap();
    // This cuts the import off the history, and its columns out of the file.
    assert_eq!(imported(&mut document, "two"), Some(DatasetId(2)));
    document.undo().unwrap();
    document.perform(Edit::AddEvent(String::from("webinar"))).unwrap();
    document.flush(SOON).unwrap();
    assert!(matches!(document.dataset(DatasetId(1)), Err(StoreError::NoDataset(_))));
    let columns: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM dataset_column", [], |row| row.get(0))
        .unwrap();
    assert_eq!(columns, 0);
    drop(document);
    let mut document = Document::open(&path).unwrap();
    assert_eq!(imported(&mut document, "three"), Some(DatasetId(3)));
    document.undo().unwrap();
    document.redo().unwrap();
    document.flush(SOON).unwrap();
    drop(document);
    assert_eq!(*Document::open(&path).unwrap().dataset(DatasetId(3)).unwrap(), small());
}

#[test]
fn columns_that_do_not_fit_together_are_refused_on_import_and_on_reading() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let names = vec![String::from("a")];
    for broken in [
        Dataset { first: vec![0], ..small() },
        Dataset { first: vec![0, 2], ..small() },
        Dataset { first: vec![1, 1], ..small() },
        Dataset { codes: vec![7], ..small() },
        Dataset { codes: Vec::new(), ..small() },
        Dataset { starts: vec![None, None], ..small() },
    ] {
        let refusal = document.import(info("broken"), broken.clone(), names.clone()).expect_err("should not fit");
        assert!(matches!(refusal, Refusal::Import(_)), "{broken:?}: {refusal}");
    }
    document.import(info("whole"), small(), names).unwrap();
    drop(document);
    for sql in [
        "UPDATE dataset_column SET bytes = zeroblob(3) WHERE name = 'times'",
        "UPDATE dataset_column SET bytes = x'0900' WHERE name = 'codes'",
        "UPDATE dataset_column SET chunk = 1 WHERE name = 'contacts'",
        "UPDATE dataset_column SET bytes = x'ffffffff00' WHERE name = 'contacts'",
        "DELETE FROM dataset_column WHERE name = 'first'",
    ] {
        set_in_file(&path, sql);
        let error = Document::open(&path).unwrap().dataset(DatasetId(1)).expect_err(sql);
        assert!(matches!(error, StoreError::Damaged { .. }), "{sql}: {error}");
    }
    set_in_file(&path, "DELETE FROM dataset_column");
    let error = Document::open(&path).unwrap().dataset(DatasetId(1)).expect_err("no columns");
    assert!(matches!(error, StoreError::NoDataset(_)), "{error}");
}

#[test]
fn an_import_is_part_of_the_project_once_it_is_durable() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let (before, revision) = (document.project().clone(), document.revision());
    let transfer =
        document.start_import(info("large"), large(20_000, 10), ["a", "b", "c"].map(String::from).to_vec()).unwrap();
    assert_eq!(*document.project(), before);
    assert_eq!(document.perform(Edit::AddEvent(String::from("four"))), Err(Refusal::Importing));
    assert_eq!((document.undo(), document.redo()), (None, None));
    assert_eq!(transfer.wait(SOON), Some(End::Durable));
    assert_eq!(*document.project(), before, "until it is fetched");
    // Already in the file.
    let stored = Document::open(&path).unwrap();
    assert_eq!(stored.project().datasets.len(), 1);
    assert!((transfer.share() - 1.0).abs() < f32::EPSILON);
    let performed = document.poll_import().unwrap().unwrap();
    assert!(performed.created.contains(&DatasetId(1).into()));
    assert_eq!((document.poll_import(), document.revision()), (None, revision + 1));
    assert_eq!(document.project(), stored.project());
    document.undo().unwrap();
    assert_eq!(*document.project(), before);
}

#[test]
fn a_cancelled_import_leaves_file_and_history_as_they_were() {
    let (folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let (project, redo) = (document.project().clone(), document.redo_title().map(str::to_owned));
    let bytes = fs::read(&path).unwrap();
    // A lock of another program holds it up for certain.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let transfer =
        document.start_import(info("large"), large(20_000, 10), ["a", "b", "c"].map(String::from).to_vec()).unwrap();
    document.cancel_import();
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(transfer.wait(SOON), Some(End::CalledOff));
    assert_eq!(document.poll_import(), Some(Err(Refusal::Cancelled)));
    assert_eq!(*document.project(), project);
    assert_eq!(document.redo_title().map(str::to_owned), redo, "what was undone can still be redone");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(names_in(folder.path()), ["journey.statecraft"]);
    assert!(matches!(document.save_state(), SaveState::Saved { .. }));
    document.perform(Edit::AddEvent(String::from("four"))).unwrap();
    document.flush(SOON).unwrap();
    assert_eq!(Document::open(&path).unwrap().project(), document.project());
}

#[test]
fn an_import_cancelled_anywhere_on_its_way_is_in_the_file_as_a_whole_or_not_at_all() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let dataset = Arc::new(large(60_000, 10));
    let (mut durable, mut cancelled) = (0, 0);
    for round in 0..12 {
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let info = info(&format!("round {round}"));
        let transfer = document.start_import(info, Arc::clone(&dataset), names).unwrap();
        let wanted = [0.0, 0.1, 0.3, 0.5, 0.8, 1.0][round % 6];
        wait_until("so much is written", || transfer.share() >= wanted || transfer.end().is_some());
        document.cancel_import();
        wait_until("it ended", || transfer.end().is_some());
        let known = document.project().datasets.len();
        match document.poll_import().unwrap() {
            Ok(_) => durable += 1,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Cancelled);
                cancelled += 1;
                assert_eq!(document.project().datasets.len(), known);
            }
        }
        let stored = Document::open(&path).unwrap();
        assert_eq!((stored.project(), stored.revision()), (document.project(), document.revision()));
        for id in stored.project().datasets.keys() {
            assert_eq!(stored.dataset(*id).unwrap(), dataset);
        }
    }
    println!("{durable} durable, {cancelled} cancelled");
    assert!(cancelled > 0);
}

#[test]
fn an_import_that_cannot_be_saved_is_refused_with_the_reason_and_not_kept() {
    let (folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let project = document.project().clone();
    let away = folder.path().join("away");
    fs::rename(&path, &away).unwrap();
    let refusal = document.import(info("large"), small(), vec![String::from("a")]).unwrap_err();
    assert!(matches!(&refusal, Refusal::NotSaved(why) if why.contains("was moved")), "{refusal}");
    assert_eq!(*document.project(), project);
    // An earlier edit that waits is in the way as well.
    document.perform(Edit::AddEvent(String::from("four"))).unwrap();
    let refusal = document.import(info("large"), small(), vec![String::from("a")]).unwrap_err();
    assert!(matches!(&refusal, Refusal::NotSaved(why) if why.contains("was moved")), "{refusal}");
    fs::rename(&away, &path).unwrap();
    document.flush(SOON).unwrap();
    document.import(info("large"), small(), vec![String::from("a")]).unwrap();
    assert_eq!(Document::open(&path).unwrap().project(), document.project());
}

#[test]
fn the_columns_of_an_undone_import_stay_for_redo_and_go_with_the_step() {
    let (_folder, path) = project_file();
    let columns = |path: &Path| -> i64 {
        let connection = Connection::open(path).unwrap();
        connection.query_row("SELECT count(*) FROM dataset_column", [], |row| row.get(0)).unwrap()
    };
    let mut document = Document::open(&path).unwrap();
    document.import(info("one"), small(), vec![String::from("a")]).unwrap();
    document.undo().unwrap();
    drop(document);
    assert!(columns(&path) > 0, "it can be redone after the project was closed");
    let mut document = Document::open(&path).unwrap();
    document.redo().unwrap();
    assert_eq!(*document.dataset(DatasetId(1)).unwrap(), small());
    document.undo().unwrap();
    document.perform(Edit::AddEvent(String::from("four"))).unwrap();
    drop(document);
    assert_eq!(columns(&path), 0, "the step is gone, and its columns with it");
}
