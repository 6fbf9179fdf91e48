//! Nothing goes over a network: no process of ours opens a socket but those to the screen and the desktop of the same
//! computer.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::child::Job;
use super::trace;

const BINARY: &str = env!("CARGO_BIN_EXE_statecraft");

/// The calls of a program that are about sockets, and its exit code.
fn sockets(program: &Path, prepare: impl FnOnce(&mut Command)) -> (Vec<trace::Call>, Option<i32>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = trace::strace(log.path(), "%network", program);
    prepare(&mut command);
    let status = command.output().unwrap().status;
    (trace::read(log.path()), status.code())
}

/// Those that could leave this computer.
fn leaving(calls: &[trace::Call]) -> Vec<&str> {
    let opens = |call: &&trace::Call| call.line.contains("AF_") && !call.line.contains("AF_UNIX");
    calls.iter().filter(opens).map(|call| call.line.as_str()).collect()
}

/// A folder with everything that the subcommands need.
fn desk() -> (tempfile::TempDir, Vec<(&'static str, Vec<&'static str>)>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("events.csv"),
        "who,when,what\nann,2026-01-02,download\nbo,2026-02-03,download\n",
    )
    .unwrap();
    let events = ["--map", "contact=who", "--map", "time=when", "--map", "event=what"];
    let with = |start: &[&'static str]| [start, &events].concat();
    let mut commands = vec![
        ("new", vec!["new", "p.statecraft", "--template", "white-paper"]),
        ("new", vec!["new", "q.statecraft", "--template", "white-paper"]),
        ("import", with(&["import", "p.statecraft", "events.csv"])),
        ("export", vec!["export", "p.statecraft", "p.scxml"]),
        ("import", vec!["import", "r.statecraft", "p.scxml"]),
        ("check", vec!["check", "p.statecraft"]),
        ("matrix", vec!["matrix", "p.statecraft"]),
        ("simulate", vec!["simulate", "p.statecraft"]),
        ("compare", vec!["compare", "p.statecraft", "q.statecraft"]),
        ("replay", with(&["replay", "p.statecraft", "--events", "events.csv"])),
        ("trace", with(&["trace", "p.statecraft", "--events", "events.csv", "--contact", "ann"])),
    ];
    if cfg!(feature = "gui") {
        commands.push(("render", vec!["render", "p.statecraft", "p.svg"]));
    } else {
        commands.push(("render", vec!["render", "--help"]));
    }
    (folder, commands)
}

/// The subcommands that the program says it has.
fn subcommands() -> BTreeSet<String> {
    let help = String::from_utf8(Command::new(BINARY).arg("--help").output().unwrap().stdout).unwrap();
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Lines that go on further to the right belong to the one before.
    let lines = lines.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names = lines.filter_map(|line| line.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name != "help").collect()
}

#[test]
fn no_subcommand_opens_a_socket() {
    if !trace::is_possible() {
        return;
    }
    let (folder, commands) = desk();
    let tried: BTreeSet<String> = commands.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(tried, subcommands(), "each subcommand is tried");
    for (_, arguments) in commands {
        let (calls, code) = sockets(Path::new(BINARY), |command| {
            command.args(&arguments).current_dir(folder.path()).env("STATECRAFT_STATE", folder.path().join("state"));
        });
        assert!(code == Some(0) || (arguments[0] == "check" && code == Some(1)), "{arguments:?} ends with {code:?}");
        assert!(calls.is_empty(), "{arguments:?}: {calls:?}");
    }
}

#[test]
fn a_socket_to_the_network_would_be_seen() {
    if !trace::is_possible() {
        return;
    }
    let (calls, _) = sockets(&std::env::current_exe().unwrap(), |command| {
        Job { what: "socket", ..Job::default() }.tell(command);
    });
    assert!(!leaving(&calls).is_empty(), "{calls:?}");
}

#[cfg(feature = "gui")]
#[test]
fn the_window_opens_no_socket_but_to_the_desktop_it_is_on() {
    let (true, Some(display)) = (trace::is_possible(), super::display::Display::start()) else { return };
    let (folder, commands) = desk();
    let made = Command::new(BINARY).args(&commands[0].1).current_dir(folder.path()).status().unwrap();
    assert!(made.success());
    let (calls, code) = sockets(&PathBuf::from("timeout"), |command| {
        display.show(command, folder.path());
        command.args(["5", BINARY, "p.statecraft"]).current_dir(folder.path());
    });
    if code == Some(2) {
        println!("skipped: the window cannot be opened here");
        return;
    }
    let to_screen = |call: &trace::Call| call.name == "connect" && call.line.contains(".X11-unix") && call.result == 0;
    assert!(calls.iter().any(to_screen), "the window was not opened: {calls:?}");
    let settings = std::fs::read_to_string(folder.path().join(".config/statecraft/settings.json")).unwrap_or_default();
    assert!(settings.contains("p.statecraft"), "the project was not opened: {settings}");
    assert_eq!(leaving(&calls), Vec::<&str>::new());
}
