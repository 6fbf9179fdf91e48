//! The real binary: what each subcommand prints, with which exit code, and what it says when it cannot do its work.

mod checks;
mod events;
mod expectations;
mod files;
mod matrix;
mod render;
mod replay;
mod sharing;
mod worlds;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use statecraft::document::Document;
use statecraft::model::{Edit, Project, notation};
use tempfile::TempDir;

/// A folder of its own in which the binary runs, so that names in messages are short.
struct Desk {
    folder: TempDir,
    /// What the program keeps beside projects.
    state: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), state: tempfile::tempdir().unwrap() }
    }

    /// With a project `p` of the repeat-purchase template.
    fn with_project() -> Self {
        let desk = Self::new();
        desk.prints(&["new", "p", "--template", "repeat-purchase"]);
        desk
    }

    /// With a project `p` of the journey in `notation`.
    fn with_journey(notation: &str) -> Self {
        let desk = Self::new();
        desk.project("p", &notation::parse(notation).unwrap());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn project(&self, name: &str, project: &Project) -> Document {
        Document::create(&self.path(name), project).unwrap()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_statecraft"));
        command.current_dir(self.folder.path()).env("STATECRAFT_STATE", self.state.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert!(!text(&output.stderr).contains("panicked"), "{arguments:?}: {}", text(&output.stderr));
        output
    }

    /// What it prints when all is well: exit code 0.
    #[track_caller]
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.prints(&[arguments, &["--format", "json"]].concat())).expect("JSON")
    }

    /// What it says when it cannot: exit code 2, nothing on standard output, and sentences without double marks.
    #[track_caller]
    fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        let sentence = said.strip_prefix("statecraft: ").expect("it says who speaks").trim_end();
        assert_eq!(sentence.lines().count(), 1, "{arguments:?}: {sentence}");
        assert!(sentence.ends_with('.'), "{arguments:?}: {sentence}");
        for marks in ["..", "?.", ".:", ": :", ";.", ":.", "  "] {
            assert!(!sentence.contains(marks), "{arguments:?} says {marks:?}: {sentence}");
        }
        sentence.to_owned()
    }

    /// Refuses with all of `parts` in its sentence.
    #[track_caller]
    fn refuses_with(&self, arguments: &[&str], parts: &[&str]) {
        let sentence = self.refuses(arguments);
        for part in parts {
            assert!(sentence.contains(part), "{arguments:?} does not say {part:?}: {sentence}");
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

const MAP: [&str; 6] = ["--map", "contact=customer", "--map", "time=date", "--event", "purchase"];

fn replay<'a>(log: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["replay", "p", "--events", log], &MAP[..], more].concat()
}

const PURCHASES: &str = "customer,date\nann,2026-01-01\nbob,2026-01-05\nann,2026-01-09\n";

// ---- new

#[test]
fn new_makes_a_project_empty_or_from_a_template() {
    let desk = Desk::new();
    assert_eq!(
        desk.prints(&["new", "Spring sale.statecraft"]),
        "Made Spring sale.statecraft with the journey \"Spring sale\".\n"
    );
    assert!(Document::open(&desk.path("Spring sale.statecraft")).unwrap().project().nodes.is_empty());
    assert_eq!(
        desk.prints(&["new", "p", "--template", "white-paper"]),
        "Made p with the journey \"White paper, first and third\".\n"
    );
    assert_eq!(Document::open(&desk.path("p")).unwrap().project().nodes.len(), 9);
}

#[test]
fn new_lists_its_templates_and_every_one_of_them_checks_and_runs() {
    let desk = Desk::new();
    let list = desk.prints(&["new", "--list"]);
    let names: Vec<&str> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "white-paper",
            "abandoned-cart",
            "silent-week",
            "lead-definition",
            "full-lifecycle",
            "buying-group",
            "subscription",
            "application-form",
            "repeat-purchase"
        ]
    );
    assert!(list.lines().all(|line| line.contains('?')), "each says the question it answers: {list}");
    for name in names {
        desk.prints(&["new", name, "--template", name]);
        assert!(desk.prints(&["check", name]).contains("0 errors, "));
        assert!(desk.json(&["simulate", name])["contacts"].as_u64() > Some(4));
    }
}

#[test]
fn new_never_touches_a_file_that_is_there() {
    let desk = Desk::new();
    desk.file("mine", "precious");
    desk.refuses_with(&["new", "mine"], &["There already is a file mine"]);
    assert_eq!(fs::read_to_string(desk.path("mine")).unwrap(), "precious");
    desk.refuses_with(&["new", "."], &["is a folder"]);
    desk.refuses_with(&["new", "nowhere/p"], &["There is no folder", "nowhere", "Make it first"]);
    desk.refuses_with(
        &["new", "p", "--template", "spring"],
        &["There is no template \"spring\"", "white-paper, abandoned-cart, silent-week"],
    );
    assert!(!desk.path("p").exists());
}

// ---- check

#[test]
fn a_guard_that_does_not_parse_is_kept_and_checked_with_its_place() {
    let desk = Desk::new();
    let mut document = desk.project("p", &notation::parse("start A\nend B\nA --go--> B").unwrap());
    let arrow = *document.project().transitions.keys().next().unwrap();
    document.perform(Edit::SetGuard(arrow, String::from("count(go) >= and fit"))).unwrap();
    drop(document);
    let output = desk.run(&["check", "p"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(
        said.contains(
            "arrow from A to B: Condition: \"count(go) >= and fit\" cannot be read at character 14: expected a value"
        ),
        "{said}"
    );
    // It runs all the same; the arrow never fires, and that is said beside the numbers.
    let output =
        desk.run(&["replay", "p", "--events", "log", "--map", "contact=who", "--map", "time=when", "--event", "go"]);
    assert_eq!(output.status.code(), Some(2), "there is no log yet");
    desk.file("log", "who,when\nann,2026-01-01\n");
    let output =
        desk.run(&["replay", "p", "--events", "log", "--map", "contact=who", "--map", "time=when", "--event", "go"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("cannot be read at character 14"), "{}", text(&output.stderr));
    assert_eq!(
        Document::open(&desk.path("p")).unwrap().project().transitions[&arrow].guard.text(),
        "count(go) >= and fit"
    );
}

// ---- simulate

const REPORT_KEYS: [&str; 15] = [
    "after_end",
    "contacts",
    "conversions",
    "effects",
    "elapsed_ms",
    "errors",
    "events",
    "halted",
    "ignored",
    "not_started",
    "refused",
    "seed",
    "states",
    "transitions",
    "until",
];

#[track_caller]
fn check_report(report: &Value, more: &[&str]) {
    let mut expected = [&REPORT_KEYS[..], more].concat();
    expected.sort_unstable();
    assert_eq!(keys(report), expected);
    assert_eq!(keys(&report["effects"]), ["notified", "sent"]);
    for state in report["states"].as_object().unwrap().values() {
        assert_eq!(keys(state), ["contacts", "entered", "resting"]);
    }
    for arrow in report["transitions"].as_array().unwrap() {
        assert_eq!(keys(arrow), ["contacts", "fired", "from", "guard", "to", "trigger"]);
    }
}

#[test]
fn simulate_prints_a_table_of_states_and_arrows() {
    let desk = Desk::with_project();
    assert_eq!(
        desk.prints(&["simulate", "p"]),
        "\
6 contacts, 20 events, until 2026-07-01 00:00

state     resting  entered  contacts
Prospect        0        6         6
New             0        6         6
Repeat          1        5         5
Loyal           2        3         3
Lapsed          3        5         5

arrow                                              fired  contacts
Prospect --purchase--> New                             6         6
New --purchase--> Repeat                               4         4
New --after 90 days without purchase--> Lapsed         2         2
Repeat --purchase [count(purchase) >= 5]--> Loyal      2         2
Repeat --after 90 days without purchase--> Lapsed      2         2
Loyal --after 90 days without purchase--> Lapsed       1         1
Lapsed --purchase [count(purchase) >= 5]--> Loyal      1         1
Lapsed --purchase--> Repeat                            1         1

events that no state waited for: 0; refused by a condition: 6; after the end: 0
"
    );
}

#[test]
fn simulate_in_json_has_a_fixed_shape() {
    let desk = Desk::new();
    desk.prints(&["new", "p", "--template", "abandoned-cart"]);
    let report = desk.json(&["simulate", "p", "--scenario", "first quarter"]);
    check_report(&report, &["assumptions", "chance"]);
    assert_eq!(report["conversions"]["order"]["count"], 10);
    assert_eq!(report["conversions"]["order"]["value"], 214.25);
    assert_eq!(report["effects"]["sent"]["thanks"], 10);
    assert_eq!((report["until"].as_str(), report["seed"].as_u64()), (Some("2026-04-01 00:00"), Some(1)));
    assert_eq!(desk.json(&["simulate", "p", "--scenario", "first quarter", "--seed", "7"])["seed"], 7);
}

#[test]
fn arrows_that_stay_have_no_target() {
    let desk = Desk::with_journey("start A\nA --go / send(hello)--> (stay)\ncontact Ann\n2026-01-01 go");
    let report = desk.json(&["simulate", "p"]);
    check_report(&report, &["assumptions", "chance"]);
    assert_eq!(report["transitions"][0]["to"], Value::Null);
    assert!(desk.prints(&["simulate", "p"]).contains("A --go--> (stay)"));
}

#[test]
fn simulate_says_what_it_lacks() {
    let desk = Desk::with_project();
    desk.refuses_with(&["simulate", "p", "--scenario", "Winter"], &["no scenario \"Winter\"", "Half a year"]);
    desk.refuses_with(
        &["simulate", "p", "--until", "soon"],
        &["--until: \"soon\" is no date or time; write 2026-03-01"],
    );
    desk.prints(&["new", "empty"]);
    desk.refuses_with(&["simulate", "empty"], &["no sample contacts", "use replay"]);
}

// ---- the command line as such

#[test]
fn help_documents_the_json_of_each_subcommand_that_prints_it() {
    let desk = Desk::new();
    for subcommand in ["check", "matrix", "simulate", "replay", "trace"] {
        let help = desk.prints(&[subcommand, "--help"]);
        assert!(help.contains("JSON: {"), "{subcommand}: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{subcommand}: {help}");
    }
    for subcommand in ["simulate", "replay"] {
        let help = desk.prints(&[subcommand, "--help"]);
        for key in REPORT_KEYS.iter().chain(&["entered", "resting", "fired", "from", "to", "trigger", "guard"]) {
            assert!(help.contains(&format!("\"{key}\"")), "{subcommand} does not document {key}");
        }
    }
    let help = desk.prints(&["--help"]);
    for word in [
        "new",
        "check",
        "matrix",
        "simulate",
        "replay",
        "trace",
        "Exit code: 0 fine, 1 problems found, 2 could not do it.",
    ] {
        assert!(help.contains(word), "{word}");
    }
    assert_eq!(desk.prints(&["--version"]), format!("statecraft {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn arguments_that_make_no_sense_are_refused_with_exit_code_2() {
    let desk = Desk::with_project();
    desk.refuses_with(
        &["chek", "p"],
        &[
            "\"chek\" is no subcommand",
            "new, import, export, render, check, matrix, simulate, compare, replay or trace",
        ],
    );
    for arguments in [
        &["new"][..],
        &["check"],
        &["check", "p", "--format", "xml"],
        &["simulate", "p", "--seed", "many"],
        &["replay", "p"],
        &["replay", "p", "--events", "log", "--map", "contact"],
        &["trace", "p"],
        &["trace", "p", "--contact", "Ben", "--events", "log", "--scenario", "x"],
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("statecraft: ") && said.contains("--help"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let desk = Desk::with_project();
    for arguments in
        [&["simulate", "p"][..], &["trace", "p", "--contact", "Ben"], &["check", "p"], &["new", "--list"], &["--help"]]
    {
        let mut child = desk.command(arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn the_same_run_prints_the_same_whatever_the_day() {
    let desk = Desk::with_project();
    let run = || {
        let mut report = desk.json(&["simulate", "p"]);
        report["elapsed_ms"] = Value::Null;
        report
    };
    assert_eq!(run(), run());
}

#[cfg(not(feature = "gui"))]
#[test]
fn without_a_window_it_says_what_works() {
    Desk::new().refuses_with(
        &[],
        &["no window", "new, import, export, render, check, matrix, simulate, compare, replay or trace"],
    );
}

#[cfg(all(feature = "gui", target_os = "linux"))]
#[test]
fn without_a_display_it_says_what_works() {
    let desk = Desk::new();
    let output = desk
        .command(&[])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    for part in ["no display", "The subcommands new, import, export", "compare, replay and trace work"] {
        assert!(said.contains(part), "it does not say {part:?}: {said}");
    }
}

#[cfg(all(feature = "gui", target_os = "linux"))]
#[test]
fn a_display_that_cannot_be_reached_is_said() {
    let output = Command::new(env!("CARGO_BIN_EXE_statecraft"))
        .env("DISPLAY", ":4242")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["cannot be reached", "xvfb", "replay"] {
        assert!(said.contains(part), "it does not say {part:?}: {said}");
    }
    assert!(!said.contains("panicked") && !said.contains(".rs:"), "{said}");
}
