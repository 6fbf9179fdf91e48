//! Drawings as text, as the clipboard carries them: our own as JSON that can be read, others in Mermaid. A text is read as
//! a whole or refused with a sentence; what Mermaid says and we have no words for is told.

use serde::{Deserialize, Serialize};

use super::mermaid;
use crate::model::Piece;

/// The form of our own text; a program that reads less refuses more.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Written<P> {
    /// Also says that it is ours.
    statecraft: u32,
    #[serde(flatten)]
    piece: P,
}

#[derive(Deserialize)]
struct Header {
    statecraft: Option<u32>,
}

/// What was read, and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    pub piece: Piece,
    pub notes: Vec<String>,
}

/// A piece as text.
#[must_use]
pub fn write_drawing(piece: &Piece) -> String {
    serde_json::to_string_pretty(&Written { statecraft: FORMAT, piece }).unwrap_or_default()
}

/// Reads what [`write_drawing`] wrote, or a diagram in Mermaid.
///
/// # Errors
/// A sentence that says what was expected, and where.
pub fn read_drawing(text: &str) -> Result<Drawing, String> {
    if mermaid::is_mermaid(text) {
        return mermaid::read(text);
    }
    let nothing = "There are no states in the clipboard. Copy states in Statecraft, or a Mermaid text that begins with \
                   stateDiagram-v2 or flowchart.";
    let found: Option<u32> = serde_json::from_str::<Header>(text).ok().and_then(|header| header.statecraft);
    match found {
        None => Err(nothing.to_owned()),
        Some(found) if found > FORMAT => Err(format!(
            "These states were copied in a newer Statecraft (form {found}; this one reads up to {FORMAT}). Copy them again \
             in this one."
        )),
        Some(_) => serde_json::from_str::<Written<Piece>>(text)
            .map(|written| Drawing { piece: written.piece, notes: Vec::new() })
            .map_err(|error| format!("The copied states do not read: {error}. Copy them again.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    #[test]
    fn what_was_copied_comes_back_and_can_be_read_by_people() {
        let project = notation::parse(
            "event visit\nstate Lead at 0, 0\nstate Trial at 100, 0\nLead --visit [count(visit) > 2]--> Trial",
        )
        .unwrap();
        let piece = project.piece(&project.nodes.keys().copied().collect::<Vec<_>>());
        let text = write_drawing(&piece);
        assert!(text.contains("\"name\": \"Trial\"") && text.contains("count(visit) > 2"), "{text}");
        assert_eq!(read_drawing(&text), Ok(Drawing { piece, notes: Vec::new() }));
    }

    #[test]
    fn what_is_no_drawing_is_refused_with_a_sentence() {
        for (text, words) in [
            ("", "no states in the clipboard"),
            ("Dear Anna,", "no states in the clipboard"),
            ("{\"a\": 1}", "no states in the clipboard"),
            ("{\"statecraft\": 2}", "newer Statecraft"),
            ("{\"statecraft\": 1}", "do not read"),
            ("{\"statecraft\": 1, \"states\": [{\"id\": 1}]}", "do not read"),
        ] {
            let refusal = read_drawing(text).unwrap_err();
            assert!(refusal.contains(words) && refusal.ends_with('.'), "{refusal}");
        }
    }
}
