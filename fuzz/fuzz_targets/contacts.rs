//! Any bytes as a table of contacts.

#![no_main]

mod file;

use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use statecraft::exchange::{Overrides, Preview, read_contacts};
use statecraft::model::{Dataset, Project, notation};

static PROJECT: LazyLock<Project> = LazyLock::new(|| {
    notation::parse("start A\nstate A\nattribute fit: choice D < C < B\nattribute size: number\nattribute since: time\n")
        .expect("it reads")
});

fuzz_target!(|bytes: &[u8]| {
    let path = file::of(bytes, "csv");
    let Ok(preview) = Preview::read(&path, Overrides::default(), &mut |_| ControlFlow::Continue(())) else { return };
    let Some(first) = preview.columns.first() else { return };
    let mut dataset = Dataset::default();
    let _ = read_contacts(&path, first, &PROJECT, &mut dataset, &mut |_| ControlFlow::Continue(()));
});
