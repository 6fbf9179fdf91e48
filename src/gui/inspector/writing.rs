//! What the window cannot show of a text, in sentences: letters that no font has, and writing from right to left.

use crate::gui::picture::has_letter;

/// What to know about the look of `text`; nothing for almost all.
pub(super) fn limits(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    // The letters of nearly all names are in the first font, so that nobody need look further.
    let drawn = |letter: &char| *letter < '\u{250}' || letter.is_whitespace() || has_letter(*letter);
    if let Some(letter) = text.chars().find(|letter| !drawn(letter)) {
        let code = u32::from(letter);
        sentences.push(format!("The fonts here have no sign for U+{code:04X}. It is kept, and drawn as a box."));
    }
    if text.chars().any(is_right_to_left) {
        sentences.push(String::from(
            "Writing from right to left is kept as it is, but here its letters can be drawn in the wrong order, or twice.",
        ));
    }
    sentences
}

/// Letters of Hebrew, Arabic and what is written like them.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_said_where_there_are_any() {
        assert_eq!(limits("Покупатель 🛒💌 潜在客户"), [""; 0]);
        assert!(limits("לקוח")[0].contains("right to left"));
        assert!(limits("\u{13000}")[0].contains("U+13000"));
    }
}
