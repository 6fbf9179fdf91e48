//! Any bytes as a table of events, with the mapping that is guessed and one that is senseless.

#![no_main]

mod file;

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use statecraft::exchange::{EventSource, Mapping, Overrides, Preview, TimeFormat, read_events};
use statecraft::model::Zone;

fuzz_target!(|bytes: &[u8]| {
    let path = file::of(bytes, "csv");
    let Ok(preview) = Preview::read(&path, Overrides::default(), &mut |_| ControlFlow::Continue(())) else { return };
    let (Some(first), Some(last)) = (preview.columns.first(), preview.columns.last()) else { return };
    let anything = Mapping {
        layout: preview.layout,
        contact: first.clone(),
        time: last.clone(),
        time_format: Some(TimeFormat::DayFirst),
        event: EventSource::Column(first.clone()),
        fields: preview.columns.iter().map(|name| (name.clone(), name.clone())).collect(),
    };
    for mapping in Mapping::guess(&preview).into_iter().chain([anything]) {
        if let Ok(import) = read_events(&path, &mapping, &Zone::default(), &mut |_| ControlFlow::Continue(())) {
            assert_eq!(import.dataset.fault(), None);
        }
    }
});
