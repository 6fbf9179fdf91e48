//! `stateDiagram-v2`.

use super::Line;
use super::chart::Chart;
use crate::model::NodeId;

/// Lines that say how something looks, or what has no meaning here.
const SKIPPED: [&str; 9] = ["classDef", "class", "style", "click", "hide", "scale", "accTitle", "accDescr", "title"];

/// A group that is open: where its states go, and its line.
struct Open<'a> {
    group: NodeId,
    scope: NodeId,
    line: Line<'a>,
}

pub(super) fn read(lines: &[Line]) -> Result<Chart, String> {
    let mut chart = Chart::default();
    let mut open: Vec<Open> = Vec::new();
    let mut lines = lines.iter();
    while let Some(line) = lines.next() {
        let text = line.text.trim_end_matches(';').trim();
        let scope = open.last().map(|open| open.scope);
        let first = text.split_whitespace().next().unwrap_or_default();
        let first = first.trim_end_matches(':');
        match first {
            _ if SKIPPED.contains(&first) => {}
            "}" => {
                if open.pop().is_none() {
                    return line.refuse("there is nothing to close");
                }
            }
            "--" => match open.last_mut() {
                Some(open) => {
                    if !chart.is_divided(open.group) {
                        chart.divide(open.group);
                    }
                    open.scope = chart.region(open.group);
                }
                None => return line.refuse("only a state with others inside has regions"),
            },
            "direction" => chart.direct(scope, text.split_whitespace().nth(1).unwrap_or_default(), *line)?,
            "note" => {
                let (key, words) = note(&mut lines, *line, text)?;
                let node = chart.mention(&key, scope);
                chart.note(node, &words);
            }
            "state" if !text.contains("-->") => {
                if let Some(group) = state(&mut chart, *line, text, scope)? {
                    open.push(Open { group, scope: group, line: *line });
                }
            }
            _ => statement(&mut chart, *line, text, scope)?,
        }
    }
    match open.last() {
        Some(open) => open.line.refuse("this is never closed; write } on a line of its own"),
        None => Ok(chart),
    }
}

/// `note right of A : words`, or words on lines of their own up to `end note`.
fn note<'a>(
    lines: &mut impl Iterator<Item = &'a Line<'a>>,
    line: Line,
    text: &str,
) -> Result<(String, String), String> {
    let (head, words) = text
        .split_once(" : ")
        .or_else(|| text.split_once(':'))
        .map_or((text, None), |(head, words)| (head, Some(words.trim().to_owned())));
    let key = head.split_whitespace().skip_while(|word| *word != "of").nth(1);
    let Some(key) = key else { return line.refuse("a note is written: note right of A : words") };
    let words = if let Some(words) = words {
        words
    } else {
        let mut all = Vec::new();
        loop {
            match lines.next() {
                Some(line) if line.text == "end note" => break all.join(" "),
                Some(line) => all.push(line.text),
                None => return line.refuse("the note is never closed; write \"end note\" on a line of its own"),
            }
        }
    };
    Ok((key.to_owned(), words))
}

/// `state "words" as A`, `state A <<choice>>`, `state A {`. Gives the group that it opens.
fn state(chart: &mut Chart, line: Line, text: &str, scope: Option<NodeId>) -> Result<Option<NodeId>, String> {
    let rest = text.strip_prefix("state").unwrap_or(text).trim();
    let (rest, opens) = rest.strip_suffix('{').map_or((rest, false), |rest| (rest.trim(), true));
    let (key, name) = if let Some(quoted) = rest.strip_prefix('"') {
        let Some((name, after)) = quoted.split_once('"') else { return line.refuse("the name has no closing quote") };
        let after = after.trim();
        (after.strip_prefix("as ").unwrap_or(if after.is_empty() { name } else { after }).trim(), Some(name))
    } else {
        match rest.split_once(" as ") {
            Some((name, key)) => (key.trim(), Some(name.trim())),
            None => (rest, None),
        }
    };
    let (key, description) = match key.split_once(" :").or_else(|| key.split_once(": ")) {
        Some((key, description)) => (key.trim(), Some(description.trim())),
        None => (key, None),
    };
    let (key, mark) = key.split_once("<<").map_or((key, ""), |(key, mark)| (key.trim(), mark));
    let quoted_alone = name == Some(key);
    let node = chart.mention(if quoted_alone { key } else { checked(key, line)? }, scope);
    if let Some(name) = name {
        chart.name(node, name);
    }
    if let Some(description) = description {
        chart.describe(node, key, description);
    }
    if mark.starts_with("choice") {
        chart.choice(node);
    }
    if !opens {
        return Ok(None);
    }
    chart.group(node);
    Ok(Some(node))
}

/// `A --> B : words`, `A : words`, `A`.
fn statement(chart: &mut Chart, line: Line, text: &str, scope: Option<NodeId>) -> Result<(), String> {
    let Some((source, rest)) = text.split_once("-->") else {
        let (key, words) = text.split_once(':').filter(|(_, words)| !words.starts_with("::")).unwrap_or((text, ""));
        let key = checked(key, line)?;
        let node = chart.mention(key, scope);
        if !words.trim().is_empty() {
            chart.describe(node, key, words);
        }
        return Ok(());
    };
    let (target, label) = match rest.match_indices(':').find(|(at, _)| !part_of_class(rest, *at)) {
        Some((at, _)) => (&rest[..at], rest[at + 1..].trim()),
        None => (rest, ""),
    };
    let (source, target) = (source.trim(), target.trim());
    match (source, target) {
        ("[*]", "[*]") => line.refuse("an arrow needs a state at one end"),
        ("[*]", target) => {
            let target = chart.mention(checked(target, line)?, scope);
            chart.begin(scope, target);
            Ok(())
        }
        (source, "[*]") => {
            let source = chart.mention(checked(source, line)?, scope);
            let end = chart.end(scope);
            chart.arrow(source, end, label, line);
            Ok(())
        }
        (source, target) => {
            let source = chart.mention(checked(source, line)?, scope);
            let target = chart.mention(checked(target, line)?, scope);
            chart.arrow(source, target, label, line);
            Ok(())
        }
    }
}

/// Whether the colon at `at` belongs to `:::`, which gives a state a look.
fn part_of_class(text: &str, at: usize) -> bool {
    let before = at.saturating_sub(2);
    text.get(before..)
        .is_some_and(|text| text.starts_with(":::") || text.get(1..).is_some_and(|t| t.starts_with(":::")))
        || text[at..].starts_with(":::")
}

/// The name that a diagram uses, without its look.
fn checked<'a>(key: &'a str, line: Line) -> Result<&'a str, String> {
    let key = key.trim();
    let key = key.split_once(":::").map_or(key, |(key, _)| key.trim());
    let strange = |letter: char| letter.is_whitespace() || "[]{}()<>|\"*&;".contains(letter);
    if key.is_empty() {
        line.refuse("an arrow needs a state at each end")
    } else if key.contains(strange) || key.starts_with("--") {
        line.refuse(format_args!("\"{key}\" is no name of a state; write A --> B, or A : words"))
    } else {
        Ok(key)
    }
}
