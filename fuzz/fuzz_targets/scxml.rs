//! Any text as a chart of another program. What is read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use statecraft::exchange::{read_scxml, write_scxml};

fuzz_target!(|text: &str| {
    if let Ok(imported) = read_scxml(text) {
        let again = read_scxml(&write_scxml(&imported.project)).expect("what we write we can read");
        assert_eq!(again.project, imported.project);
    }
});
