//! The house keeps its walls: which room may use which, read from the sources themselves. The table is the one in
//! `ARCHITECTURE.md`.

use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use, from the ground up.
const TABLE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("layout", &["model"]),
    ("simulation", &["model"]),
    ("analysis", &["model", "simulation"]),
    ("exchange", &["model", "layout", "simulation", "analysis"]),
    ("store", &["model"]),
    ("document", &["model", "store"]),
    ("crash", &["store"]),
    ("cli", &["model", "layout", "simulation", "analysis", "exchange", "store", "document", "crash", "gui"]),
    ("gui", &["model", "layout", "simulation", "analysis", "exchange", "store", "document", "crash"]),
];

/// Crates that only one place may name, as the start of a path below `src`.
const OWNED_CRATES: [(&str, &str); 16] = [
    ("rusqlite", "store"),
    ("roxmltree", "exchange/scxml"),
    ("egui", "gui"),
    ("eframe", "gui"),
    ("egui_extras", "gui"),
    ("egui_notify", "gui"),
    ("egui_phosphor", "gui"),
    ("rfd", "gui"),
    ("egui_graphs", "gui/canvas"),
    ("egui_plot", "gui/results"),
    ("nucleo_matcher", "gui/palette"),
    ("krilla", "gui/picture"),
    ("krilla_svg", "gui/picture"),
    ("resvg", "gui/picture"),
    ("skrifa", "gui/picture"),
    ("mimalloc", "main"),
];

/// Rooms that know neither files nor the wall clock nor chance.
const PURE: [&str; 4] = ["model", "layout", "simulation", "analysis"];
const IMPURE: [&str; 8] =
    ["std::fs", "std::env", "std::net", "std::process", "Instant", "SystemTime", "Timestamp::now", "Zoned::now"];

const SQL: [&str; 7] = ["SELECT ", "INSERT ", "DELETE FROM ", "UPDATE ", "CREATE TABLE ", "DROP TABLE ", "PRAGMA "];

/// Everything in `source` that the file at `path` (below `src`) must not say.
fn faults(path: &str, source: &str) -> Vec<String> {
    let (code, texts) = taken_apart(source);
    let place = path.trim_end_matches(".rs");
    let room = place.split('/').next().unwrap_or_default();
    let words = words(&code);
    let mut faults = Vec::new();
    if let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == room) {
        for used in rooms_used(place, &words) {
            if used != room && !allowed.contains(&used) {
                faults.push(format!("{room} uses {used}"));
            }
        }
    } else if !["main", "lib"].contains(&room) {
        faults.push(format!("{room} is no room of the table"));
    }
    for (name, owner) in OWNED_CRATES {
        let inside = place == owner || place.starts_with(&format!("{owner}/"));
        if !inside && words.contains(&name) {
            faults.push(format!("only {owner} says {name}"));
        }
    }
    if PURE.contains(&room) {
        faults.extend(IMPURE.iter().filter(|path| says(&words, path)).map(|path| format!("{room} says {path}")));
    }
    if room != "store" {
        let sql = SQL.iter().filter(|start| texts.iter().any(|text| text.contains(**start)));
        faults.extend(sql.map(|start| format!("only store says {start}")));
    }
    if words.contains(&"unsafe") {
        faults.push(String::from("nobody is unsafe"));
    }
    faults
}

/// The rooms named after `crate::`, or after as many `super::` as lead out of the room.
fn rooms_used<'a>(place: &str, words: &[&'a str]) -> Vec<&'a str> {
    let depth = place.split('/').count();
    let mut used = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let path = &words[at + 1..];
        let after = match *word {
            "crate" => path,
            "super" if at == 0 || words[at - 1] != "::" => {
                let supers = path.chunks(2).take_while(|pair| *pair == ["::", "super"]).count();
                if supers + 1 < depth {
                    continue;
                }
                &path[2 * supers..]
            }
            _ => continue,
        };
        match after {
            ["::", "{", group @ ..] => used.extend(first_names(group)),
            ["::", name, ..] => used.push(*name),
            _ => {}
        }
    }
    used.retain(|name| TABLE.iter().any(|(room, _)| room == name));
    used
}

/// Of `a::b, c::{d, e}, f}` the names `a`, `c` and `f`.
fn first_names<'a>(group: &[&'a str]) -> Vec<&'a str> {
    let (mut depth, mut first, mut names) = (0, true, Vec::new());
    for word in group {
        match *word {
            "{" => depth += 1,
            "}" if depth == 0 => break,
            "}" => depth -= 1,
            "," if depth == 0 => first = true,
            name if depth == 0 && std::mem::take(&mut first) => names.push(name),
            _ => {}
        }
    }
    names
}

/// Whether the words of `path` stand there one after the other.
fn says(code: &[&str], path: &str) -> bool {
    let path = words(path);
    code.windows(path.len()).any(|window| window == path)
}

/// Names, `::` and every other sign by itself.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("::") {
            2
        } else if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

/// The code without comments and texts, and the texts.
fn taken_apart(source: &str) -> (String, Vec<String>) {
    let (mut code, mut texts) = (String::new(), Vec::new());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let hashes = rest[1.min(rest.len())..].bytes().take_while(|byte| *byte == b'#').count();
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            let end = text_end(&rest[1..]);
            texts.push(rest[1..=end].to_owned());
            end + 2
        } else if first == 'r' && rest[1 + hashes..].starts_with('"') && !code.ends_with(char::is_alphanumeric) {
            let close = format!("\"{}", "#".repeat(hashes));
            let start = 2 + hashes;
            let end = rest[start..].find(&close).map_or(rest.len(), |end| start + end);
            texts.push(rest[start..end].to_owned());
            (end + close.len()).min(rest.len())
        } else if first == '\'' {
            letter_length(rest)
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        code.push(' ');
        rest = rest.get(skipped..).unwrap_or_default();
    }
    (code, texts)
}

/// Where the closing quote of a text stands.
fn text_end(text: &str) -> usize {
    let mut escaped = false;
    text.char_indices()
        .find(|(_, letter)| {
            let closes = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            closes
        })
        .map_or(text.len(), |(end, _)| end)
}

/// Length of a letter in quotes, or of the mark alone where it begins a lifetime.
fn letter_length(rest: &str) -> usize {
    let inner = &rest[1..];
    if let Some(escaped) = inner.strip_prefix('\\') {
        return escaped.char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(rest.len(), |(end, _)| end + 3);
    }
    match inner.chars().next() {
        Some(letter) if inner[letter.len_utf8()..].starts_with('\'') => letter.len_utf8() + 2,
        _ => 1,
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn every_file_keeps_to_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    assert!(files.len() > 50, "only {} files found", files.len());
    let mut found = Vec::new();
    for file in &files {
        let path = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let source = std::fs::read_to_string(file).expect("a source reads");
        found.extend(faults(&path, &source).into_iter().map(|fault| format!("src/{path}: {fault}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_document_has_the_same_table() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for (room, allowed) in TABLE {
        let start = format!("| `{room}` | ");
        let row =
            text.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("no row for {room}"));
        let written: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert_eq!(written, allowed, "{room}");
    }
}

#[track_caller]
fn check(path: &str, source: &str, expected: &[&str]) {
    assert_eq!(faults(path, source), expected, "{path}: {source}");
}

#[test]
fn a_room_that_reaches_upwards_is_found() {
    check("model/chart.rs", "use crate::simulation::Machine;", &["model uses simulation"]);
    check("model.rs", "fn f() -> crate::store::Store { todo!() }", &["model uses store"]);
    check("simulation/run.rs", "use crate::{model::Time, analysis};", &["simulation uses analysis"]);
    check("store/cell.rs", "use crate::{model::{Time, Value}, document::{Document}};", &["store uses document"]);
    check("analysis/check.rs", "use super::super::exchange::Mapping;", &["analysis uses exchange"]);
    check("exchange.rs", "use super::document;", &["exchange uses document"]);
    check("document/history.rs", "let x = super::super::super::gui::run();", &["document uses gui"]);
    check("rescue/deep.rs", "", &["rescue is no room of the table"]);
}

#[test]
fn what_is_allowed_is_not_complained_about() {
    check("simulation/run.rs", "use crate::model::{Time, analysis};", &[]);
    check("simulation/run.rs", "use super::report::Report; use crate::simulation::machine;", &[]);
    check("simulation/condition/explain.rs", "use super::super::machine; use serde::Serialize;", &[]);
    check("document.rs", "use crate::store::Store; // not crate::gui", &[]);
    check("cli/new.rs", "use crate::document; use crate::gui; use super::Verdict;", &[]);
    check("model/edit/plan.rs", "/* use crate::store; */ const S: &str = \"crate::gui\";", &[]);
    check("model/formula/lexer.rs", "match c { '\"' => 1, '\\'' => 2, 'x' => 3 } fn f<'a>(x: &'a str) {}", &[]);
}

#[test]
fn crates_and_languages_stay_with_their_owner() {
    check("document.rs", "use rusqlite::Connection;", &["only store says rusqlite"]);
    check("store/read.rs", "use rusqlite::Connection; const Q: &str = \"SELECT 1\";", &[]);
    check("exchange.rs", "const Q: &str = \"DELETE FROM x\";", &["only store says DELETE FROM "]);
    check("cli.rs", "const Q: &str = r#\"PRAGMA \"x\"\"#;", &["only store says PRAGMA "]);
    check("cli.rs", "fn f(ui: &mut egui::Ui) {}", &["only gui says egui"]);
    check("gui/theme.rs", "use egui::Color32; use rfd::AsyncFileDialog;", &[]);
    check("gui/outline.rs", "use egui_graphs::Graph;", &["only gui/canvas says egui_graphs"]);
    check("gui/canvas/shape.rs", "use egui_graphs::Graph;", &[]);
    check("gui/canvas.rs", "use egui_graphs::Graph;", &[]);
}

#[test]
fn the_core_knows_no_files_and_no_clock_and_nobody_is_unsafe() {
    check("model/sample.rs", "use std::fs;", &["model says std::fs"]);
    check("simulation/run.rs", "let begin = std::time::Instant::now();", &["simulation says Instant"]);
    check("analysis.rs", "let now = jiff::Timestamp::now();", &["analysis says Timestamp::now"]);
    check("cli/replay.rs", "let begin = std::time::Instant::now();", &[]);
    check("gui/canvas.rs", "unsafe { std::hint::unreachable_unchecked() }", &["nobody is unsafe"]);
    check("lib.rs", "#![forbid(unsafe_code)] // unsafe", &[]);
}
