//! Whatever the bytes, an import ends with a result.

use proptest::prelude::*;
use statecraft::exchange::{
    Delimiter, EventSource, Mapping, Overrides, Preview, TimeFormat, read_contacts, read_events,
};
use statecraft::model::Zone;
use statecraft::model::dataset::Dataset;

use crate::contacts::project;
use crate::{go_on, table};

/// Everything that can be done with a file whose content is not known.
fn try_all(bytes: &[u8]) {
    let file = table(bytes);
    for delimiter in Delimiter::ALL.into_iter().map(Some).chain([None]) {
        let overrides = Overrides { delimiter, has_header: None };
        let Ok(preview) = Preview::read(&file.path, overrides, &mut go_on) else { continue };
        let mut dataset = Dataset::default();
        let _ = read_contacts(&file.path, &preview.columns[0], &project(), &mut dataset, &mut go_on);
        let guess = Mapping::guess(&preview);
        let anything = Mapping {
            layout: preview.layout,
            contact: preview.columns[0].clone(),
            time: preview.columns[preview.columns.len() - 1].clone(),
            time_format: Some(TimeFormat::DayFirst),
            event: EventSource::Column(preview.columns[0].clone()),
            fields: preview.columns.iter().map(|name| (name.clone(), name.clone())).collect(),
        };
        for mapping in guess.into_iter().chain([anything]) {
            if let Ok(import) = read_events(&file.path, &mapping, &Zone::default(), &mut go_on) {
                assert!(import.dataset.times.len() as u64 <= import.rows);
                assert_eq!(import.dataset.first.len(), import.dataset.contacts.len() + 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        try_all(&bytes);
    }

    #[test]
    fn random_tables_are_read_or_refused(text in "([a-z0-9,;\"\\r\\n |\t/.:é-]|\n|,|2026-03-01|1/2/26|who,start){0,60}") {
        try_all(text.as_bytes());
    }
}
