//! Whatever the file, an import ends with a result: no panic, no hang, no memory without an end.

use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use statecraft::exchange::{
    Delimiter, EventSource, Mapping, Overrides, Preview, Progress, TimeFormat, read_contacts, read_events, read_scxml,
};
use statecraft::model::{Dataset, Zone};

use super::child::Job;
use super::examples::journey;

/// Much longer than any of the files takes.
const HANGS: Duration = Duration::from_secs(30);
/// The address space of the process that reads, in KiB. It is a large program itself.
const MEMORY: u64 = 3 << 20;

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Every file below the folder that the environment names, with every importer. Runs in a process of its own.
pub(crate) fn read_all(folder: &Path, mut say: impl FnMut(&str)) {
    let mut files = Vec::new();
    find(folder, &mut files);
    files.sort();
    for file in files {
        say(&format!("reads {}", file.display()));
        read_table(&file);
        if let Ok(bytes) = std::fs::read(&file) {
            // It is read or refused, and either is well.
            let _ = read_scxml(&String::from_utf8_lossy(&bytes));
        }
    }
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { find(&path, files) } else { files.push(path) }
    }
}

fn read_table(file: &Path) {
    for delimiter in Delimiter::ALL.into_iter().map(Some).chain([None]) {
        let overrides = Overrides { delimiter, has_header: None };
        let Ok(preview) = Preview::read(file, overrides, &mut go_on) else { continue };
        let (Some(first), Some(last)) = (preview.columns.first(), preview.columns.last()) else { continue };
        let mut dataset = Dataset::default();
        let _ = read_contacts(file, first, &journey(), &mut dataset, &mut go_on);
        let anything = Mapping {
            layout: preview.layout,
            contact: first.clone(),
            time: last.clone(),
            time_format: Some(TimeFormat::DayFirst),
            event: EventSource::Column(first.clone()),
            fields: preview.columns.iter().map(|name| (name.clone(), name.clone())).collect(),
        };
        for mapping in Mapping::guess(&preview).into_iter().chain([anything]) {
            if let Ok(import) = read_events(file, &mapping, &Zone::default(), &mut go_on) {
                assert_eq!(import.dataset.fault(), None, "{}", file.display());
            }
        }
    }
}

/// Reads a folder in a process with little memory, and gives back how many files there were.
fn read_in_a_small_process(folder: &Path) -> usize {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"")]).arg(std::env::current_exe().unwrap());
    Job { what: "read", folder: folder.to_owned(), ..Job::default() }.tell(&mut command);
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = channel();
    std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let (mut files, mut last, mut ended) = (0, String::new(), false);
    loop {
        match lines.recv_timeout(HANGS) {
            Ok(line) if line.starts_with("reads ") => (files, last) = (files + 1, line),
            Ok(line) => ended |= line == "done",
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("it hangs: {last}");
            }
        }
    }
    let output = child.wait_with_output().unwrap();
    assert!(ended && output.status.success(), "{last}: {}", String::from_utf8_lossy(&output.stderr));
    files
}

#[test]
fn every_nasty_file_is_read_or_refused_in_little_memory() {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else {
        println!("skipped: STATECRAFT_TEST_DATA is not set");
        return;
    };
    let files = read_in_a_small_process(&Path::new(&data).join("nasty"));
    println!("{files} nasty files with every importer: 0 panics, hangs or floods of memory");
    assert!(files > 100, "only {files} files");
}

#[cfg(unix)]
#[test]
fn a_flood_of_memory_would_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    let flood = std::panic::catch_unwind(|| {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"")])
            .arg(std::env::current_exe().unwrap());
        Job { what: "flood", folder: folder.path().to_owned(), ..Job::default() }.tell(&mut command);
        command.output().unwrap().status.success()
    });
    assert!(!flood.unwrap());
}
