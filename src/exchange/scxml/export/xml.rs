//! XML as text: elements inside one another, every value escaped so that it reads back as it was.

use std::fmt::Write as _;

/// Writes elements in the order they come.
#[derive(Debug, Default)]
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
    /// The tag written last has no `>` yet, since nothing is inside so far.
    unfinished: bool,
}

impl Xml {
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.line();
        let _ = write!(self.text, "<{name}");
        for (attribute, value) in attributes {
            // Texts of our own are full of ", so these stand between '.
            let quote = if value.contains('"') { '\'' } else { '"' };
            let _ = write!(self.text, " {attribute}={quote}");
            escape(&mut self.text, value);
            self.text.push(quote);
        }
        self.open.push(name);
        self.unfinished = true;
    }

    pub(super) fn close(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.unfinished {
            self.text.push_str("/>");
            self.unfinished = false;
        } else {
            self.line();
            let _ = write!(self.text, "</{name}>");
        }
    }

    /// An element with nothing inside.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.open(name, attributes);
        self.close();
    }

    /// An element with a text inside.
    pub(super) fn with_text(&mut self, name: &'static str, text: &str) {
        self.line();
        let _ = write!(self.text, "<{name}>");
        escape(&mut self.text, text);
        let _ = write!(self.text, "</{name}>");
    }

    /// A comment; the text must be without `--`.
    pub(super) fn comment(&mut self, text: &str) {
        self.line();
        let _ = write!(self.text, "<!-- {text} -->");
    }

    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.push('\n');
        self.text
    }

    /// Ends the tag before and begins a line.
    fn line(&mut self) {
        if std::mem::take(&mut self.unfinished) {
            self.text.push('>');
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.extend(std::iter::repeat_n("  ", self.open.len()));
    }
}

fn escape(text: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '\'' => text.push_str("&apos;"),
            // Kept, where a reader would make a space of it.
            '\n' | '\r' | '\t' => {
                let _ = write!(text, "&#{};", u32::from(character));
            }
            // XML has no words for these.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
}

/// The value in JSON, without any character that XML has no words for.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Outside of its texts, JSON has none of these.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(plain, "\\u{:04x}", u32::from(character));
            }
            other => plain.push(other),
        }
    }
    plain
}
