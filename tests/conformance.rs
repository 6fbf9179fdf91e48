//! Other people's charts through the ordinary engine: after the start and after every event, the whole active
//! configuration is what their authors say. The folder is that of `STATECRAFT_SCXML_SUITE`, else the one in the test data.
//! What is not expected to pass is listed in `conformance.txt`, so that any change is seen.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use statecraft::exchange::scxml::{Imported, NAMESPACE, ScxmlError, read_scxml, write_scxml};
use statecraft::model::{Dataset, Project, Time, Value, notation};
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Memory, Reaction, Run, Sabotage, Stimulus};

/// Two charts in which the authors' own semantics leave a parallel less often than the Recommendation does; what the
/// Recommendation says is in a block of its own. Elsewhere, a block of that name holds what was right before it.
const AS_RECOMMENDED: [&str; 2] = ["more-parallel/test10.scxml", "more-parallel/test10b.scxml"];

enum Verdict {
    Pass,
    Fail(String),
    Unsupported(String),
}

/// One chart and its expectations.
fn verdict(chart: &Path, sabotage: Option<Sabotage>) -> Verdict {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let (text, expected) = match (read(chart), read(&chart.with_extension("json"))) {
        (Ok(text), Ok(expected)) => (text, expected),
        (Err(problem), _) | (_, Err(problem)) => return Verdict::Fail(problem),
    };
    let imported = match read_scxml(&text) {
        Ok(imported) => imported,
        Err(ScxmlError::Unsupported { line, construct }) => {
            return Verdict::Unsupported(format!("{construct} (line {line})"));
        }
        Err(error) => return Verdict::Fail(error.to_string()),
    };
    let expected: Json = match serde_json::from_str(&expected) {
        Ok(expected) => expected,
        Err(error) => return Verdict::Fail(error.to_string()),
    };
    let recommended = AS_RECOMMENDED.iter().any(|path| chart.ends_with(path));
    let expected = expected.get("legacySemantics").filter(|_| recommended).unwrap_or(&expected);
    match play(&imported, expected, sabotage) {
        Ok(()) => Verdict::Pass,
        Err(problem) => Verdict::Fail(problem),
    }
}

fn play(imported: &Imported, expected: &Json, sabotage: Option<Sabotage>) -> Result<(), String> {
    let machine = machine(&imported.project, sabotage);
    let mut memory = machine.memory(1, ContactKey::of("contact"), None);
    let mut reaction = Reaction::new(false);
    let mut now = Time::parse("2026-01-01", machine.zone())?;
    machine.react(&mut memory, &Stimulus::Start(now), &mut reaction);
    // What a chart sends itself at the start comes in a turn of its own, and some look before it.
    let initial = &expected["initialConfiguration"];
    if is_in(imported, &machine, &memory, initial).is_err() {
        settle(&machine, &mut memory, now);
        is_in(imported, &machine, &memory, initial).map_err(|got| format!("after the start: {got}"))?;
    }
    for step in expected["events"].as_array().into_iter().flatten() {
        now.0 += step["after"].as_i64().unwrap_or(0);
        settle(&machine, &mut memory, now);
        let name = step["event"]["name"].as_str().unwrap_or_default();
        let slot = imported.event_for(name).and_then(|id| machine.event_slots(&[id])[0]);
        let mut given = given(&machine, &step["event"]["data"]);
        let its_name = machine.field_slot("_event.name").map(|slot| (slot, Value::Text(name.to_owned())));
        given.extend(its_name);
        let stimulus = Stimulus::Event { time: now, event: slot, fields: Fields::given(&given) };
        machine.react(&mut memory, &stimulus, &mut reaction);
        settle(&machine, &mut memory, now);
        is_in(imported, &machine, &memory, &step["nextConfiguration"]).map_err(|got| format!("after {name}: {got}"))?;
    }
    Ok(())
}

fn machine(project: &Project, sabotage: Option<Sabotage>) -> Machine {
    let machine = Machine::of(project);
    match sabotage {
        Some(sabotage) => machine.sabotaged(sabotage),
        None => machine,
    }
}

/// The data of an event by field; data without fields is called `data`.
fn given(machine: &Machine, data: &Json) -> Vec<(usize, Value)> {
    let value = |json: &Json| match json {
        Json::Bool(yes) => Value::YesNo(*yes),
        Json::Number(number) => number.as_f64().map_or(Value::Unknown, Value::Number),
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Unknown,
    };
    match data {
        Json::Object(fields) => {
            fields.iter().filter_map(|(name, json)| Some((machine.field_slot(name)?, value(json)))).collect()
        }
        Json::Null => Vec::new(),
        json => machine.field_slot("data").map(|slot| (slot, value(json))).into_iter().collect(),
    }
}

/// Everything that comes by itself until now, this instant included.
fn settle(machine: &Machine, memory: &mut Memory, now: Time) {
    let mut reaction = Reaction::new(false);
    while machine.next_due(memory).is_some_and(|due| due <= now) {
        machine.react(memory, &Stimulus::Timer, &mut reaction);
    }
}

fn is_in(imported: &Imported, machine: &Machine, memory: &Memory, expected: &Json) -> Result<(), String> {
    let expected: BTreeSet<&str> = expected.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let resting: Vec<_> = memory.leaves().iter().map(|slot| machine.node_id(*slot)).collect();
    let id_of = |node| imported.states.iter().find(|(_, id)| **id == node).map_or("?", |(id, _)| id.as_str());
    let got: BTreeSet<&str> = resting.iter().map(|node| id_of(*node)).collect();
    if memory.halted() {
        return Err(format!("expected {expected:?}, got a contact that was stopped"));
    }
    if got == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {got:?}")) }
}

fn charts(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            charts(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "scxml") {
            found.push(path);
        }
    }
}

/// Prints a line whether the test passes or not.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Runs every chart below `folder`, but for those that belong to other charts and have no expectations of their own; the
/// lines that say how each went, and the last one.
fn run(folder: &Path) -> (Vec<String>, String) {
    let mut found = Vec::new();
    charts(folder, &mut found);
    assert!(!found.is_empty(), "there are no charts in {}", folder.display());
    let mut totals = [0; 3];
    let mut lines = Vec::new();
    for chart in found {
        let path = chart.strip_prefix(folder).unwrap_or(&chart).display().to_string().replace('\\', "/");
        if !chart.with_extension("json").exists() {
            say(&format!("skipped {path}: nothing beside it says what to expect"));
            continue;
        }
        let (kind, line) = match verdict(&chart, None) {
            Verdict::Pass => (0, format!("pass {path}")),
            Verdict::Fail(problem) => (1, format!("fail {path}: {problem}")),
            Verdict::Unsupported(construct) => (2, format!("unsupported {path}: {construct}")),
        };
        totals[kind] += 1;
        say(&line);
        lines.push(line);
    }
    let last = format!("{} passed, {} failed, {} unsupported", totals[0], totals[1], totals[2]);
    say(&last);
    (lines, last)
}

#[test]
fn the_charts_of_others_mean_here_what_they_mean_there() {
    if let Some(folder) = std::env::var_os("STATECRAFT_SCXML_SUITE") {
        let (lines, last) = run(Path::new(&folder));
        let failed: Vec<_> = lines.iter().filter(|line| line.starts_with("fail ")).collect();
        assert!(failed.is_empty(), "{failed:#?}\n{last}");
        return;
    }
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else {
        say("skipped: neither STATECRAFT_SCXML_SUITE nor STATECRAFT_TEST_DATA says where the charts are");
        return;
    };
    let (lines, last) = run(&Path::new(&data).join("machines/scxml_framework"));
    let mut known: Vec<String> = lines.into_iter().filter(|line| !line.starts_with("pass ")).collect();
    known.push(last);
    let expected = include_str!("conformance.txt").lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>();
    assert_eq!(known, expected, "conformance.txt says otherwise");
}

#[test]
fn the_charts_of_others_come_back_from_export_and_mean_the_same_to_others() {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else { return };
    let mut found = Vec::new();
    charts(&Path::new(&data).join("machines/scxml_framework"), &mut found);
    let (mut whole, mut renamed, mut plain) = (0, 0, Vec::new());
    let folder = tempfile::tempdir().unwrap();
    for chart in found {
        let Ok(first) = read_scxml(&std::fs::read_to_string(&chart).unwrap()) else { continue };
        let text = write_scxml(&first.project);
        let second = read_scxml(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", chart.display()));
        assert_eq!(second.project, first.project, "{}", chart.display());
        assert!(second.notes.is_empty());
        whole += 1;
        // Ours do not tell large letters from small, so these have states of other names than their authors gave.
        if first.states.iter().any(|(id, node)| first.project.nodes[node].name != *id) {
            renamed += 1;
            continue;
        }
        // To other programs, our own words are those of a stranger.
        let path = folder.path().join(chart.strip_prefix(&data).unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text.replace(NAMESPACE, "urn:a-stranger")).unwrap();
        std::fs::copy(chart.with_extension("json"), path.with_extension("json")).unwrap();
        match verdict(&path, None) {
            Verdict::Pass => {}
            Verdict::Fail(problem) | Verdict::Unsupported(problem) => {
                plain.push(format!("{}: {problem}", chart.display()));
            }
        }
    }
    assert_eq!((whole, renamed), (121, 4));
    assert_eq!(plain, Vec::<String>::new());
}

/// A small journey for each defect that would change where it ends: chart, events, the state at the end.
const JOURNEYS: [(Sabotage, &str, &str, &str); 7] = [
    (Sabotage::ReverseDocumentOrder, "start A\nA --go--> B\nA --go--> C", "2026-01-02 go", "B"),
    (
        Sabotage::OuterFirst,
        "start A\ngroup G\nstate A in G\nstate B in G\nA --go--> B\nG --go--> C",
        "2026-01-02 go",
        "B",
    ),
    (
        Sabotage::KeepConflicts,
        "start P\nparallel P\ngroup G in P\nstate A in G\ngroup H in P\nstate X in H\nA --go--> B\nX --go--> C",
        "2026-01-02 go",
        "B",
    ),
    (Sabotage::IgnoreGuards, "start A\nscore points\nA --go [points > 5]--> B", "2026-01-02 go", "A"),
    (
        Sabotage::IgnoreHistory,
        "start A\ngroup G\nstate A in G\nstate B in G\nresume R in G\nA --go--> B\nG --out--> C\nC --back--> R",
        "2026-01-02 go, 2026-01-03 out, 2026-01-04 back",
        "B",
    ),
    (Sabotage::TimerBeforeEvent, "start A\nA --go--> B\nA --after 1 day--> C", "2026-01-02 go", "B"),
    (
        Sabotage::CountEnteringEvent,
        "start A\nA --go--> B\nB --go [count_here(go) = 1]--> C",
        "2026-01-02 go, 2026-01-03 go",
        "C",
    ),
];

/// Where a contact ends.
fn end(chart: &str, events: &str, sabotage: Option<Sabotage>) -> String {
    let project = notation::parse(&format!("{chart}\ncontact Anna: start = 2026-01-01\n{events}")).expect("it reads");
    let machine = machine(&project, sabotage);
    let (dataset, codes) = Dataset::of_samples(&project);
    let story = Run::new(&machine, &dataset, &codes, None, 1).story(0);
    story.entries.last().map_or_else(String::new, |entry| project.node_labels(&entry.to))
}

#[test]
fn every_defect_is_seen() {
    for (defect, chart, events, expected) in JOURNEYS {
        assert_eq!(end(chart, events, None), expected, "{chart}");
        assert_ne!(end(chart, events, Some(defect)), expected, "{defect:?} is not seen by {chart}");
    }
    assert!(Sabotage::ALL.iter().all(|defect| JOURNEYS.iter().any(|(known, ..)| known == defect)));
}

#[test]
fn the_charts_of_others_see_every_defect_that_they_can_meet() {
    let Some(data) = std::env::var_os("STATECRAFT_TEST_DATA") else { return };
    let mut found = Vec::new();
    charts(&Path::new(&data).join("machines/scxml_framework"), &mut found);
    // They know neither events at the very instant of a timer nor counts since entry.
    let met = |defect: &&Sabotage| !matches!(defect, Sabotage::TimerBeforeEvent | Sabotage::CountEnteringEvent);
    for defect in Sabotage::ALL.iter().filter(met) {
        let failed = found.iter().filter(|chart| matches!(verdict(chart, Some(*defect)), Verdict::Fail(_))).count();
        println!("{defect:?}: {failed} charts fail");
        assert!(failed > 0, "no chart sees {defect:?}");
    }
}
