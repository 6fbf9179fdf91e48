//! Names → words that SCXML and ECMAScript allow: unique, without spaces, and as close to the name as they can be.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AttributeId, EventId, NodeId, Project};

/// Words of ECMAScript, which can be no variables.
const RESERVED: &str = "await break case catch class const continue debugger default delete do else enum export extends \
    false finally for function if implements import in instanceof interface let new null package private protected \
    public return static super switch this throw true try typeof undefined var void while with yield arguments eval \
    NaN Infinity Math In Object Array String Number Boolean Date JSON";

/// What everything is called in the chart.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) nodes: BTreeMap<NodeId, String>,
    pub(super) events: BTreeMap<EventId, String>,
    pub(super) attributes: BTreeMap<AttributeId, String>,
}

impl Tokens {
    pub(super) fn of(project: &Project) -> Self {
        let mut tokens = Self::default();
        let mut taken = BTreeSet::new();
        for node in project.nodes.values() {
            tokens.nodes.insert(node.id, free(&mut taken, &token(&node.name, true)));
        }
        taken.clear();
        for event in project.events.values() {
            tokens.events.insert(event.id, free(&mut taken, &token(&event.name, false)));
        }
        taken.clear();
        for attribute in project.attributes.values() {
            tokens.attributes.insert(attribute.id, free(&mut taken, &variable(&attribute.name)));
        }
        tokens
    }

    pub(super) fn node(&self, id: NodeId) -> &str {
        self.nodes.get(&id).map_or("", String::as_str)
    }

    pub(super) fn event(&self, id: EventId) -> &str {
        self.events.get(&id).map_or("", String::as_str)
    }

    pub(super) fn attribute(&self, id: AttributeId) -> &str {
        self.attributes.get(&id).map_or("", String::as_str)
    }
}

/// The word, or with a number behind it.
fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut word = wanted.to_owned();
    let mut number = 1_u32;
    while !taken.insert(word.clone()) {
        number += 1;
        word = format!("{wanted}_{number}");
    }
    word
}

/// A word that XML allows as an id, or (with less to ask of its beginning) as a name token.
pub(super) fn token(name: &str, is_id: bool) -> String {
    let name = name.trim();
    let mut word: String = name.chars().map(|c| if is_inner(c) { c } else { '_' }).collect();
    // A name that ends in a dot would be read as without it.
    while word.ends_with('.') {
        word.pop();
        word.push('_');
    }
    let begins = word.chars().next().is_some_and(|c| is_first(c) || (!is_id && c.is_ascii_digit()));
    if begins { word } else { format!("_{word}") }
}

fn variable(name: &str) -> String {
    let word: String = name
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '$') { c } else { '_' })
        .collect();
    let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$');
    if begins && !RESERVED.split_whitespace().any(|reserved| reserved == word) { word } else { format!("v_{word}") }
}

/// The letters that both XML and we take for letters.
fn is_first(c: char) -> bool {
    let in_xml = matches!(c, 'A'..='Z' | 'a'..='z' | '_' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{10000}'..='\u{effff}');
    in_xml && (c == '_' || c.is_alphabetic())
}

fn is_inner(c: char) -> bool {
    is_first(c) || c.is_ascii_digit() || matches!(c, '-' | '.')
}
