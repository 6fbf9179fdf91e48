//! The real binary: what each subcommand prints, with which exit code, and what it says when it cannot do its work.

mod checks;
mod events;
mod expectations;
mod files;
mod matrix;
mod render;
mod sharing;
mod worlds;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
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

// ---- replay

#[test]
fn replay_reads_a_log_and_prints_what_simulate_prints() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let report = desk.json(&replay("log.csv", &["--until", "2026-04-09"]));
    check_report(&report, &[]);
    assert_eq!((report["contacts"].as_u64(), report["events"].as_u64()), (Some(2), Some(3)));
    assert_eq!(report["states"]["Lapsed"]["resting"], 2);
    let printed = desk.prints(&replay("log.csv", &[]));
    assert!(printed.starts_with("2 contacts, 3 events, until 2026-01-09 00:00\n"), "{printed}");
}

#[test]
fn replay_tells_what_it_leaves_out_and_keeps_its_result_clean() {
    let desk = Desk::with_project();
    desk.file("log.csv", "customer,date,what,shop\nann,2026-01-01,purchase,x\nann,2026-01-02,visit,y\n");
    let columns = ["--map", "contact=customer", "--map", "time=date", "--map", "event=what"];
    let output = desk.run(&[&["replay", "p", "--events", "log.csv", "--format", "json"], &columns[..]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["events"].as_u64(), report["ignored"].as_u64()), (Some(2), Some(1)));
    let said = text(&output.stderr);
    assert!(said.contains("statecraft: 1 column is not used: shop."), "{said}");
    assert!(said.contains("not in the catalogue of the journey") && said.contains(": visit."), "{said}");
}

#[test]
fn a_log_that_cannot_be_read_is_refused_with_place_and_remedy() {
    use std::fmt::Write as _;
    let desk = Desk::with_project();
    let mut rows = String::from("customer,date\n");
    for row in 2..=5_000 {
        let date = if row == 4_711 { "2026-02-30" } else { "2026-02-20" };
        writeln!(rows, "c{row},{date}").unwrap();
    }
    desk.file("bad-date.csv", rows);
    desk.file("mixed.csv", b"customer,date\nZo\xc3\xab,2026-01-01\nZo\xeb,2026-01-02\n");
    desk.file("empty.csv", "");
    desk.file("header.csv", "customer,date\n");
    desk.file("ragged.csv", "customer,date\nann,2026-01-01\nbob\n");
    File::create(desk.path("huge.csv")).unwrap().set_len(2 << 30).unwrap();
    for (log, parts) in [
        ("bad-date.csv", &["Row 4711 of bad-date.csv", "column \"date\"", "\"2026-02-30\"", "Correct the row"][..]),
        ("mixed.csv", &["Row 3 of mixed.csv", "UTF-8"]),
        ("empty.csv", &["empty.csv is empty", "Export it again"]),
        ("header.csv", &["header but no rows"]),
        ("ragged.csv", &["Row 3 of ragged.csv has 1 column where 2 were expected"]),
        ("huge.csv", &["zero byte in row 1", "no text file"]),
        ("missing.csv", &["There is no file missing.csv"]),
        (".", &["is a folder"]),
        ("p", &["zero byte in row 1", "no text file"]),
    ] {
        desk.refuses_with(&replay(log, &[]), parts);
    }
}

#[test]
fn a_mapping_that_does_not_fit_the_log_says_what_would() {
    let desk = Desk::with_project();
    desk.file("log.csv", "customer_id,date\nann,2026-01-01\n");
    let log = ["replay", "p", "--events", "log.csv"];
    let refuses_with = |map: &[&str], sentence: &str| {
        assert_eq!(desk.refuses(&[&log[..], map].concat()), sentence);
    };
    refuses_with(
        &["--map", "contact=customerid", "--map", "time=date", "--event", "purchase"],
        "log.csv has no column \"customerid\"; did you mean \"customer_id\"? Its columns are: customer_id, date.",
    );
    refuses_with(
        &["--map", "contact=shop", "--map", "time=date", "--event", "purchase"],
        "log.csv has no column \"shop\". Its columns are: customer_id, date.",
    );
    refuses_with(
        &["--map", "time=date", "--event", "purchase"],
        "It is not said which column of log.csv holds the contact. Add --map contact=COLUMN. Its columns are: \
         customer_id, date.",
    );
    refuses_with(
        &["--map", "contact=customer_id", "--map", "time=date", "--event", "visit"],
        "None of the events in log.csv is in the catalogue of this journey. The file has visit. The journey knows \
         purchase.",
    );
}

// ---- trace

#[test]
fn trace_tells_a_story_with_why_and_why_not() {
    let desk = Desk::with_project();
    assert_eq!(
        desk.prints(&["trace", "p", "--contact", "Ben"]),
        "\
Ben
2026-01-05 00:00  start: entered Prospect
2026-01-05 00:00  purchase: moved from Prospect to New
2026-01-30 00:00  purchase: moved from New to Repeat
2026-02-25 00:00  purchase: stayed in Repeat: no condition held
                    why not: not to Loyal: count(purchase) was 3, needs at least 5
2026-04-02 00:00  purchase: stayed in Repeat: no condition held
                    why not: not to Loyal: count(purchase) was 4, needs at least 5
2026-05-20 00:00  purchase: moved from Repeat to Loyal
                    why: count(purchase) was 5 (needed at least 5)
"
    );
}

#[test]
fn trace_in_json_has_a_fixed_shape_from_project_and_log_alike() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let from_log = [&["trace", "p", "--contact", "ann", "--events", "log.csv"], &MAP[..]].concat();
    for (arguments, contact) in [(&["trace", "p", "--contact", "Ben"][..], "Ben"), (&from_log, "ann")] {
        let story = desk.json(arguments);
        assert_eq!(keys(&story), ["contact", "entries"]);
        assert_eq!(story["contact"], contact);
        for entry in story["entries"].as_array().unwrap() {
            let shape =
                ["cause", "effects", "errors", "from", "outcome", "text", "time", "to", "values", "why", "why_not"];
            assert_eq!(keys(entry), shape);
        }
        assert_eq!(story["entries"][0]["from"], Value::Null);
        assert_eq!(story["entries"][1]["to"], "New");
    }
}

#[test]
fn trace_what_if_lists_other_timings_that_end_otherwise() {
    let desk = Desk::with_journey(
        "event purchase\nstate Lead\nstart Lead\nstate Customer\nstate Lapsed\ntouchpoint reminder
         Lead --purchase--> Customer
         Lead --after 10 days / send(reminder)--> Lapsed
         contact Anna: start = 2026-03-01
           2026-03-11 02:00 purchase",
    );
    let sentence = "If purchase came just before \"after 10 days\" in Lead was due (2 h 1 min earlier): ends in Customer \
                    instead of Lapsed, gets reminder never instead of once";
    let bound = "2 changes were run: neighbouring events swapped, and each event brought to 1 min before and after timers and \
                 ends of windows that are at most 3 days away.";
    let until = ["trace", "p", "--contact", "Anna", "--what-if", "--until", "2026-04-01"];
    assert_eq!(desk.prints(&until), format!("Anna\n{sentence}\n{bound}\n"));
    assert_eq!(
        desk.json(&until),
        json!({
            "contact": "Anna", "until": "2026-04-01 00:00", "tried": 2, "left_out": 0,
            "ending": {"in": ["Lapsed"], "sent": {"reminder": 1}, "converted": {}},
            "alternatives": [{
                "text": sentence, "event": "purchase", "usual": "2026-03-11 02:00", "then": "2026-03-10 23:59",
                "before": null,
                "differences": ["ends in Customer instead of Lapsed", "gets reminder never instead of once"],
                "ending": {"in": ["Customer"], "sent": {}, "converted": {}},
                "events": [{"time": "2026-03-10 23:59", "event": "purchase"}],
            }],
        })
    );
    let none = desk.prints(&["trace", "p", "--contact", "Anna", "--what-if", "--until", "2026-03-02"]);
    assert!(none.starts_with("Anna\nNothing would come out otherwise.\n0 changes were run"), "{none}");
}

#[test]
fn trace_of_an_unknown_contact_names_some_that_are_known() {
    let desk = Desk::with_project();
    desk.file("log.csv", PURCHASES);
    let sentence = desk.refuses(&["trace", "p", "--contact", "Nobody"]);
    assert_eq!(sentence, "There is no contact \"Nobody\" among the 6 contacts: Anna, Ben, Carla, Deniz, Eva, ….");
    let from_log = [&["trace", "p", "--contact", "Ann", "--events", "log.csv"], &MAP[..]].concat();
    desk.refuses_with(&from_log, &["no contact \"Ann\" among the 2 contacts: ann, bob"]);
    desk.refuses_with(&["trace", "p", "--contact", "Ben", "--event", "purchase"], &["--events LOG"]);
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
    for part in ["no display", "new", "export", "check", "simulate", "replay", "trace"] {
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
