//! What is given away without contacts names none of them, in no byte of the file.

use statecraft::model::dataset::{FieldColumn, FieldValues};

use super::*;

/// Where `text` stands in `bytes`: as UTF-8 or as UTF-16 of either order.
fn is_in(bytes: &[u8], text: &str) -> bool {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [text.as_bytes(), &little, &big].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

#[test]
fn none_of_a_thousand_identifiers_is_left_in_a_file_without_contacts() {
    let (folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    let mut identifiers = Vec::new();
    let mut identifier = || {
        identifiers.push(format!("cid{:06}", identifiers.len()));
        identifiers.last().unwrap().clone()
    };
    for index in 0..200 {
        // A contact with a note and an event, renamed, and every second one deleted.
        let created = document.perform(Edit::AddContact(identifier())).unwrap().created;
        let Some(EntityId::Contact(id)) = created.first().copied() else { panic!("{created:?}") };
        let mut contact = document.project().contacts[&id].clone();
        contact.note = format!("called {}", identifier());
        let fields = [(String::from("order"), Value::Text(identifier()))].into();
        contact.occurrences.push(Occurrence { time: Time(5), event: EventId(1), fields });
        document.perform(Edit::SetContact(contact)).unwrap();
        document.perform(Edit::RenameContact(id, identifier())).unwrap();
        if index % 2 == 0 {
            document.perform(Edit::Delete(vec![id.into()])).unwrap();
        }
    }
    for index in 0..20 {
        let ids: Vec<String> = (0..9).map(|_| identifier()).collect();
        let texts = FieldValues::Texts { words: vec![identifier()], codes: vec![0] };
        let dataset = Dataset {
            first: (0..=9).map(|contact| u32::from(contact == 9)).collect(),
            contacts: ids,
            fields: vec![FieldColumn { name: String::from("order"), values: texts }],
            ..small()
        };
        document.import(info(&identifier()), dataset, vec![String::from("a")]).unwrap();
        if index % 2 == 0 {
            document.undo().unwrap();
        }
        let created = document.perform(Edit::AddScenario(identifier())).unwrap().created;
        let Some(EntityId::Scenario(id)) = created.first().copied() else { panic!("{created:?}") };
        document.perform(Edit::RenameScenario(id, identifier())).unwrap();
    }
    assert!(identifiers.len() >= 1_000, "{}", identifiers.len());
    document.flush(SOON).unwrap();
    let own = fs::read(&path).unwrap();
    let found = identifiers.iter().filter(|identifier| is_in(&own, identifier)).count();
    assert!(found > 900, "the search finds them where they are: {found}");

    let target = folder.path().join("shared.statecraft");
    let (snapshot, mentions) = document.snapshot_without_contacts();
    assert_eq!(mentions, Vec::<String>::new());
    snapshot.write(&target).unwrap();
    let bytes = fs::read(&target).unwrap();
    for identifier in &identifiers {
        assert!(!is_in(&bytes, identifier), "{identifier}");
    }
    println!("{} identifiers, {found} in the project, 0 in what is shared", identifiers.len());
    let mut shared = Document::open(&target).unwrap();
    assert_eq!(shared.undo(), None);
    assert_eq!(shared.project().nodes, document.project().nodes);
    assert_eq!(shared.project().scenarios.len(), document.project().scenarios.len());
    assert!(shared.project().contacts.is_empty() && shared.project().datasets.is_empty());
}

#[test]
fn a_note_that_names_a_contact_is_pointed_out() {
    let (_folder, path) = project_file();
    let mut document = Document::open(&path).unwrap();
    document.perform(Edit::AddContact(String::from("Anna Lind"))).unwrap();
    document.perform(Edit::SetNodeNote(NodeId(1), String::from("as anna lind told us"))).unwrap();
    let (_, mentions) = document.snapshot_without_contacts();
    assert_eq!(mentions, ["state Lead"]);
}
