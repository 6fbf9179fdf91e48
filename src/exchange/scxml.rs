//! State charts in SCXML, the notation of the W3C, read into a project and written of one. Promises that a chart means here
//! what it means there, or is refused with the line and the name of what cannot be meant: scripts, invoked services,
//! functions; and that what was written reads back as it was. Knows nothing of files, screens or the command line.

mod chart;
mod content;
mod datamodel;
mod events;
mod export;
mod expression;
mod extension;
mod loops;
mod sending;
mod statements;
mod translate;

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

pub use self::export::write_scxml;
use self::extension::Found;
pub use self::extension::NAMESPACE;
use crate::layout;
use crate::model::{EventId, NodeId, Project};

/// Longer texts are refused before they are read. 16 MiB.
pub const LENGTH_LIMIT: usize = 16 << 20;
/// More elements, texts and comments than this are refused.
pub const ELEMENT_LIMIT: u32 = 50_000;
/// Elements may be inside one another this often.
pub const DEPTH_LIMIT: usize = 100;
/// SCXML sets no bound on arrows without an event; imported charts may take this many before a contact is stopped.
const MICROSTEPS: u32 = 10_000;

/// Said of a chart that others have worked on since it was exported.
const CHANGED: &str = "The chart was changed by another program since Statecraft wrote it. What SCXML says in it was read; \
    what only Statecraft can say, such as timers, touchpoints and sample contacts, was left out.";

/// A chart that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub project: Project,
    /// The state of each id in the file. Names may differ, for ours do not tell large letters from small.
    pub states: BTreeMap<String, NodeId>,
    /// The event of each name in the file.
    pub events: BTreeMap<String, EventId>,
    /// What was left out without changing the meaning, each with its line.
    pub notes: Vec<String>,
}

impl Imported {
    /// The event that an occurrence named `name` is to this chart: itself, else what its name begins with, up to a dot,
    /// for `order` waits for `order.paid` too. `None`: nothing in the chart waits for it by name.
    #[must_use]
    pub fn event_for(&self, name: &str) -> Option<EventId> {
        let mut name = name;
        loop {
            if let Some(event) = self.events.get(name) {
                return Some(*event);
            }
            name = name.rsplit_once('.')?.0;
        }
    }
}

/// Why a chart could not be read. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScxmlError {
    #[error("The chart has {} MiB; charts up to {} MiB are read.", bytes.div_ceil(1 << 20), LENGTH_LIMIT >> 20)]
    TooLong { bytes: usize },
    #[error("The chart has more than {ELEMENT_LIMIT} elements, which is more than is read.")]
    TooManyElements,
    #[error("Line {line}: the elements are nested deeper than {DEPTH_LIMIT} levels, which is more than is read.")]
    TooDeep { line: u32 },
    #[error("The chart has a document type declaration (<!DOCTYPE …>), which is not read. Remove it and try again.")]
    DocumentType,
    #[error("This is no well-formed XML: {reason}.")]
    NotXml { reason: String },
    #[error("The outermost element is <{found}>, not <scxml>, so this is no state chart.")]
    NotScxml { found: String },
    #[error("Line {line}: {construct} cannot be expressed here.")]
    Unsupported { line: u32, construct: String },
    #[error("Line {line}: {problem}.")]
    Invalid { line: u32, problem: String },
}

/// Reads a chart.
///
/// # Errors
/// The line and what is wrong there, or what cannot be expressed here.
pub fn read_scxml(text: &str) -> Result<Imported, ScxmlError> {
    if text.len() > LENGTH_LIMIT {
        return Err(ScxmlError::TooLong { bytes: text.len() });
    }
    refuse_deep(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: ELEMENT_LIMIT, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => ScxmlError::DocumentType,
        roxmltree::Error::NodesLimitReached => ScxmlError::TooManyElements,
        error => ScxmlError::NotXml { reason: error.to_string() },
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "scxml" {
        return Err(ScxmlError::NotScxml { found: root.tag_name().name().to_owned() });
    }
    let source = Source { document: &document };
    match extension::read(&source, root)? {
        Found::Nothing => drawn(&source, root),
        Found::Whole(imported) => Ok(*imported),
        Found::Changed => {
            let mut imported = drawn(&source, root)?;
            imported.notes.insert(0, String::from(CHANGED));
            Ok(imported)
        }
    }
}

/// SCXML says nothing of where states stand.
fn drawn(source: &Source, root: Element) -> Result<Imported, ScxmlError> {
    let imported = chart::read(source, root)?;
    Ok(Imported { project: layout::tidied(imported.project), ..imported })
}

/// Counts how deep the elements are nested before anything walks into them.
fn refuse_deep(text: &str) -> Result<(), ScxmlError> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        at += found;
        let rest = &text[at..];
        // What is cut off in the middle is for the parser to refuse.
        let end = |close: &str| rest.find(close).map_or(rest.len(), |end| end + close.len());
        at += if rest.starts_with("<!--") {
            end("-->")
        } else if rest.starts_with("<![CDATA[") {
            end("]]>")
        } else if rest.starts_with("<?") {
            end("?>")
        } else if rest.starts_with("<!") {
            end(">")
        } else if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            end(">")
        } else {
            let length = tag_length(rest);
            depth += usize::from(!rest[..length].ends_with("/>"));
            length
        };
        if depth > DEPTH_LIMIT {
            return Err(ScxmlError::TooDeep { line: count_lines(&text[..at]) + 1 });
        }
    }
    Ok(())
}

/// The length of the tag that `text` begins with; a `>` in the value of an attribute does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn count_lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// The document, for telling lines.
struct Source<'a> {
    document: &'a Document<'a>,
}

type Element<'a> = Node<'a, 'a>;

impl Source<'_> {
    fn line(&self, element: Element) -> u32 {
        self.document.text_pos_at(element.range().start).row
    }

    fn unsupported(&self, element: Element, construct: impl Into<String>) -> ScxmlError {
        ScxmlError::Unsupported { line: self.line(element), construct: construct.into() }
    }

    fn invalid(&self, element: Element, problem: impl Into<String>) -> ScxmlError {
        ScxmlError::Invalid { line: self.line(element), problem: problem.into() }
    }

    /// The attribute, which must be there.
    fn required<'a>(&self, element: Element<'a>, name: &str) -> Result<&'a str, ScxmlError> {
        element.attribute(name).ok_or_else(|| {
            self.invalid(element, format!("<{}> has no attribute \"{name}\"", element.tag_name().name()))
        })
    }
}

/// Whether the element belongs to SCXML itself: its namespace is that of the whole chart.
fn is_own(element: Element) -> bool {
    element.tag_name().namespace() == element.document().root_element().tag_name().namespace()
}

/// Names that are given already. Ours do not tell large letters from small, and some characters are kept for formulas.
#[derive(Debug, Default)]
struct Taken(BTreeMap<String, u32>);

impl Taken {
    /// `wanted`, or with a number behind it.
    fn free(&mut self, wanted: &str) -> String {
        let plain: String = wanted.chars().map(|c| if matches!(c, '[' | ']' | '"') { '_' } else { c }).collect();
        let mut name = plain.clone();
        while self.0.contains_key(&name.to_ascii_lowercase()) {
            let number = self.0.entry(plain.to_ascii_lowercase()).or_insert(1);
            *number += 1;
            name = format!("{plain} {number}");
        }
        self.0.insert(name.to_ascii_lowercase(), 1);
        name
    }
}

/// The elements inside, comments and texts left out.
fn elements(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(Node::is_element)
}
