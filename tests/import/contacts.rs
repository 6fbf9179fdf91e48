//! Tables of contacts beside a table of events.

use statecraft::exchange::{ContactsImport, ImportError, read_contacts};
use statecraft::model::dataset::Dataset;
use statecraft::model::{Attribute, AttributeId, AttributeKind, Project, Time, Value, Zone};

use crate::{go_on, read, table};

pub(crate) fn project() -> Project {
    let mut project = Project::named("Cart");
    let kinds = [
        ("revenue", AttributeKind::Number),
        ("country", AttributeKind::Text),
        ("opted in", AttributeKind::YesNo),
        ("birthday", AttributeKind::Time),
        ("fit", AttributeKind::Choice(vec!["C".into(), "B".into(), "A".into()])),
    ];
    for (number, (name, kind)) in (1..).zip(kinds) {
        let id = AttributeId(number);
        project.attributes.insert(id, Attribute::new(id, name, kind));
    }
    project
}

fn contacts(content: &str) -> (Dataset, Result<ContactsImport, ImportError>) {
    let mut dataset = read("who,when,what\nann,2026-03-01,buy\nbob,2026-03-01,buy\n").dataset;
    let result = read_contacts(&table(content).path, "who", &project(), &mut dataset, &mut go_on);
    (dataset, result)
}

#[test]
fn a_table_of_contacts_adds_attributes_zone_and_start() {
    let (dataset, result) = contacts(
        "who,Revenue,country,opted in,birthday,fit,zone,start,shoe size\n\
         cid,012.5,0049,yes,1999-12-31,a,Europe/Berlin,2026-07-01 12:00,44\n\
         bob,,,,,,,,\n",
    );
    let import = result.unwrap();
    assert_eq!((import.rows, import.added), (2, 1));
    assert_eq!(
        import.notes,
        ["1 contact of the table has no events and was added without any.", "1 column is not used: shoe size."]
    );
    assert_eq!(dataset.contacts, ["ann", "bob", "cid"]);
    assert_eq!(dataset.range(2), 2..2);
    assert_eq!(dataset.zones, ["", "", "Europe/Berlin"]);
    let time = |text| Time::parse(text, &Zone::default()).unwrap();
    assert_eq!(dataset.starts, [None, None, Some(time("2026-07-01 10:00"))]);
    let of_cid: Vec<&Value> = dataset.attributes.values().map(|column| &column[2]).collect();
    let expected = [
        Value::Number(12.5),
        Value::Text("0049".into()),
        Value::YesNo(true),
        Value::Time(time("1999-12-30T23:00:00Z")),
        Value::Text("A".into()),
    ];
    assert_eq!(of_cid, expected.iter().collect::<Vec<_>>());
    assert!(dataset.attributes.values().all(|column| column[..2] == [Value::Unknown, Value::Unknown]));
}

#[test]
fn a_table_without_the_column_of_the_events_may_call_it_contact() {
    let (dataset, result) = contacts("contact,country\nann,Chile\n");
    let expected = "Contacts were matched by column \"contact\", as the table has no column \"who\".";
    assert_eq!(result.unwrap().notes, [expected]);
    assert_eq!(dataset.attributes[&AttributeId(2)], [Value::Text("Chile".into()), Value::Unknown]);
}

#[test]
fn a_bad_table_of_contacts_is_refused_and_changes_nothing() {
    let before = contacts("who\nann\n").0;
    for (content, expected) in [
        ("who,revenue\nann,1\nbob,much\n", "column \"revenue\": \"much\" is no number such as 12.5"),
        ("who,opted in\nann,perhaps\n", "is no yes or no"),
        ("who,fit\nann,D\n", "is no choice of C, B, A"),
        ("who,zone\nann,Mars/North\n", "is no time zone such as Europe/Berlin"),
        ("who,birthday\nann,1999-12-31\nbob,31.12.1999\n", "Expected a date such as 2026-03-01"),
        ("who,start\nann,1/2/26\n", "year first"),
        ("who,country\nann,A\n,B\n", "Row 3 of "),
        ("who,country\nann,A\nbob,B\nann,C\n", "Rows 2 and 4 of "),
        ("whom,country\nann,A\n", "did you mean \"whom\"?"),
        ("who,country\n", "no rows"),
    ] {
        let (dataset, result) = contacts(content);
        let sentence = result.unwrap_err().to_string();
        assert!(sentence.contains(expected), "{sentence}");
        assert_eq!(dataset, before);
    }
}
