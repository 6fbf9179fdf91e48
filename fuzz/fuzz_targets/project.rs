//! Any bytes as a project file. What opens can be taken back to its oldest step.

#![no_main]

mod file;

use libfuzzer_sys::fuzz_target;
use statecraft::document::Document;

fuzz_target!(|bytes: &[u8]| {
    let path = file::of(bytes, "statecraft");
    if let Ok(document) = Document::open(&path) {
        let positions: Vec<u64> = document.steps_done().map(|(position, _)| position).collect();
        for position in positions {
            assert!(document.before(position).is_some());
        }
        for id in document.project().datasets.keys() {
            let _ = document.dataset(*id);
        }
    }
});
