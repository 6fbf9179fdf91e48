//! `flowchart` and `graph`.

use super::Line;
use super::chart::Chart;
use crate::model::NodeId;

/// Lines that say how something looks, or what has no meaning here.
const SKIPPED: [&str; 7] = ["classDef", "class", "style", "linkStyle", "click", "accTitle", "accDescr"];

/// How a shape opens and closes; longer ones first.
const SHAPES: [(&str, &str); 14] = [
    ("(((", ")))"),
    ("((", "))"),
    ("([", "])"),
    ("(", ")"),
    ("[[", "]]"),
    ("[(", ")]"),
    ("[/", "/]"),
    ("[/", "\\]"),
    ("[\\", "\\]"),
    ("[\\", "/]"),
    ("[", "]"),
    ("{{", "}}"),
    ("{", "}"),
    (">", "]"),
];

pub(super) fn read(direction: &str, lines: &[Line]) -> Result<Chart, String> {
    let mut chart = Chart::default();
    chart.direct(None, direction, Line { number: 1, text: direction })?;
    let mut open: Vec<(NodeId, Line)> = Vec::new();
    for line in lines {
        for text in statements(line.text) {
            let scope = open.last().map(|(group, _)| *group);
            let first = text.split_whitespace().next().unwrap_or_default();
            match first {
                _ if SKIPPED.contains(&first.trim_end_matches(':')) => {}
                "end" if text == "end" => {
                    if open.pop().is_none() {
                        return line.refuse("there is no subgraph to end");
                    }
                }
                "subgraph" => {
                    let group = subgraph(&mut chart, *line, text, scope)?;
                    open.push((group, *line));
                }
                "direction" => chart.direct(scope, text.split_whitespace().nth(1).unwrap_or_default(), *line)?,
                _ => chain(&mut chart, *line, text, scope)?,
            }
        }
    }
    match open.last() {
        Some((_, line)) => line.refuse("this is never closed; write \"end\" on a line of its own"),
        None => Ok(chart),
    }
}

/// The parts of a line between semicolons that stand in no quotes.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == ';' && !quoted
    })
    .map(str::trim)
    .filter(|text| !text.is_empty())
}

fn subgraph(chart: &mut Chart, line: Line, text: &str, scope: Option<NodeId>) -> Result<NodeId, String> {
    let rest = text.strip_prefix("subgraph").unwrap_or_default().trim();
    let (key, title) = match rest.split_once('[') {
        Some((key, title)) => match title.trim_end().strip_suffix(']') {
            Some(title) => (key.trim(), title),
            None => return line.refuse("the title has no closing ]"),
        },
        None => (rest, rest),
    };
    let key = if key.is_empty() { title } else { key };
    if key.is_empty() {
        return line.refuse("a subgraph needs a name");
    }
    let group = chart.mention(key, scope);
    chart.group(group);
    chart.name(group, title);
    Ok(group)
}

/// `A & B --> C -- words --> D`.
fn chain(chart: &mut Chart, line: Line, text: &str, scope: Option<NodeId>) -> Result<(), String> {
    let mut reader = Reader { rest: text, line };
    let mut sources = reader.nodes(chart, scope)?;
    while !reader.rest.is_empty() {
        let link = reader.link()?;
        let targets = reader.nodes(chart, scope)?;
        for source in &sources {
            for target in &targets {
                if link.is_drawn {
                    chart.arrow(*source, *target, &link.label, line);
                }
                if link.is_drawn && link.is_double {
                    chart.arrow(*target, *source, &link.label, line);
                }
            }
        }
        sources = targets;
    }
    Ok(())
}

struct Link {
    label: String,
    /// `~~~` only keeps its ends apart.
    is_drawn: bool,
    is_double: bool,
}

struct Reader<'a> {
    rest: &'a str,
    line: Line<'a>,
}

impl<'a> Reader<'a> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).inspect(|rest| self.rest = rest).is_some()
    }

    /// Everything up to `end`, which is passed over.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    fn run(&mut self, letter: char) -> usize {
        let rest = self.rest.trim_start_matches(letter);
        let count = self.rest.len() - rest.len();
        self.rest = rest;
        count
    }

    fn nodes(&mut self, chart: &mut Chart, scope: Option<NodeId>) -> Result<Vec<NodeId>, String> {
        let mut nodes = vec![self.node(chart, scope)?];
        self.skip_spaces();
        while self.take("&") {
            nodes.push(self.node(chart, scope)?);
            self.skip_spaces();
        }
        Ok(nodes)
    }

    fn node(&mut self, chart: &mut Chart, scope: Option<NodeId>) -> Result<NodeId, String> {
        self.skip_spaces();
        let mut end = 0;
        let mut letters = self.rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let joins = letter == '-' && at > 0 && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !(letter.is_alphanumeric() || letter == '_' || joins) {
                break;
            }
            end = at + letter.len_utf8();
        }
        let (key, rest) = self.rest.split_at(end);
        if key.is_empty() {
            let found = self.rest.chars().next().map_or_else(|| String::from("the end"), |c| format!("\"{c}\""));
            return self.line.refuse(format_args!("here the name of a state was expected, not {found}"));
        }
        self.rest = rest;
        let node = chart.mention(key, scope);
        if let Some(name) = self.shape()? {
            chart.name(node, name);
        }
        if self.take(":::") {
            self.rest = self.rest.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
        }
        Ok(node)
    }

    /// The words inside a shape, if one follows.
    fn shape(&mut self) -> Result<Option<&'a str>, String> {
        if self.take("@{") {
            let Some(inside) = self.until("}") else { return self.line.refuse("the shape has no closing }") };
            return Ok(inside.split_once("label:").and_then(|(_, label)| label.split('"').nth(1)));
        }
        let Some((opening, _)) = SHAPES.iter().find(|(opening, _)| self.rest.starts_with(opening)) else {
            return Ok(None);
        };
        self.take(opening);
        let closings = || SHAPES.iter().filter(|(other, _)| other == opening).map(|(_, closing)| *closing);
        let words = if self.take("\"") { self.until("\"") } else { None };
        if let Some(words) = words
            && closings().any(|closing| self.take(closing))
        {
            return Ok(Some(words));
        }
        let nearest = closings().filter_map(|closing| Some((self.rest.find(closing)?, closing))).min();
        if let Some(words) = nearest.and_then(|(_, closing)| self.until(closing)) {
            Ok(Some(words))
        } else {
            let closing = closings().next().unwrap_or_default();
            self.line.refuse(format_args!("the shape that {opening} opens is never closed by {closing}"))
        }
    }

    fn link(&mut self) -> Result<Link, String> {
        self.skip_spaces();
        let is_double = self.take("<");
        let is_drawn = !self.rest.starts_with("~~~");
        let mut label = String::new();
        if !is_drawn {
            self.run('~');
        } else if self.rest.starts_with("-.") {
            self.take("-");
            self.run('.');
            if !self.take("-") {
                label = self.words(&[".->", ".-"])?;
                self.take(">");
            }
            self.head();
        } else if let Some(stroke) =
            ['-', '='].into_iter().find(|stroke| self.rest.starts_with(*stroke) && self.rest[1..].starts_with(*stroke))
        {
            let length = self.run(stroke);
            if !self.head() && length == 2 {
                let ends = [format!("{stroke}{stroke}>"), format!("{stroke}{stroke}")];
                label = self.words(&[&ends[0], &ends[1]])?;
                self.run(stroke);
                self.head();
            }
        } else {
            return self.line.refuse("here an arrow was expected, such as --> or -->|words|");
        }
        self.skip_spaces();
        if self.take("|") {
            let Some(words) = self.until("|") else { return self.line.refuse("the words have no closing |") };
            words.clone_into(&mut label);
        }
        Ok(Link { label, is_drawn, is_double })
    }

    /// What an arrow ends in; a circle and a cross only where no name begins.
    fn head(&mut self) -> bool {
        let ends_here = |rest: &str| rest.starts_with([' ', '|']);
        self.take(">")
            || ["o", "x"].iter().any(|head| {
                let is_head = self.rest.strip_prefix(head).is_some_and(ends_here);
                is_head && self.take(head)
            })
    }

    fn words(&mut self, ends: &[&str]) -> Result<String, String> {
        for end in ends {
            if let Some(words) = self.until(end) {
                return Ok(words.trim().to_owned());
            }
        }
        self.line.refuse("the words on the arrow are never closed; write -- words -->")
    }
}
