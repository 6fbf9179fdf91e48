//! Columns of field values: numbers if every value is one, else texts. Promises that nothing is rounded or shortened: a
//! code such as `00123` or a number of twenty digits stays the text it is.

use std::collections::HashMap;

use crate::model::dataset::{FieldColumn, FieldValues};

/// What the first pass over a file learns about one column.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberClues {
    texts: bool,
    commas: bool,
    points: bool,
}

impl NumberClues {
    pub(super) fn observe(&mut self, cell: &str, decimal_comma: bool) {
        let cell = cell.trim();
        if self.texts || cell.is_empty() {
            return;
        }
        self.texts = number(cell, decimal_comma).is_none();
        self.commas |= cell.contains(',');
        self.points |= cell.contains('.');
    }

    pub(super) fn all_numbers(&self) -> bool {
        !self.texts && !self.mixed()
    }

    /// `1.234` beside `1,5`: one of the two is not what it seems.
    pub(super) fn mixed(&self) -> bool {
        !self.texts && self.commas && self.points
    }
}

/// Reads a plain number. No spaces, units, plus signs or thousands separators, and no leading zero before a digit: those
/// are codes, telephone and account numbers.
pub(super) fn number(text: &str, decimal_comma: bool) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    if whole == 0 || whole > 15 || (whole > 1 && unsigned.starts_with('0')) {
        return None;
    }
    let mut rest = &unsigned[whole..];
    let comma = decimal_comma && rest.starts_with(',');
    if comma || rest.starts_with('.') {
        let decimals = digits(&rest[1..]);
        if decimals == 0 {
            return None;
        }
        rest = &rest[1 + decimals..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    let value: f64 = if comma { text.replacen(',', ".", 1).parse() } else { text.parse() }.ok()?;
    value.is_finite().then_some(value)
}

/// A column while it is read.
pub(super) enum ColumnBuilder {
    Numbers(Vec<f64>),
    Texts { words: Words, codes: Vec<u32> },
}

impl ColumnBuilder {
    pub(super) fn new(clues: &NumberClues, rows: usize) -> Self {
        if clues.all_numbers() {
            Self::Numbers(Vec::with_capacity(rows))
        } else {
            Self::Texts { words: Words::default(), codes: Vec::with_capacity(rows) }
        }
    }

    pub(super) fn push(&mut self, cell: &str, decimal_comma: bool) {
        match self {
            Self::Numbers(numbers) => numbers.push(number(cell, decimal_comma).unwrap_or(f64::NAN)),
            Self::Texts { codes, .. } if cell.trim().is_empty() => codes.push(u32::MAX),
            Self::Texts { words, codes } => codes.push(words.code(cell)),
        }
    }

    /// The values in the order of the dataset: `order[i]` is the row that comes at place `i`.
    pub(super) fn finish(self, name: String, order: &[u32]) -> FieldColumn {
        let values = match self {
            Self::Numbers(numbers) => FieldValues::Numbers(in_order(&numbers, order)),
            Self::Texts { words, codes } => {
                FieldValues::Texts { words: words.into_words(), codes: in_order(&codes, order) }
            }
        };
        FieldColumn { name, values }
    }
}

pub(super) fn in_order<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|row| values[*row as usize]).collect()
}

/// Different texts, numbered in the order of their first appearance. There are never more than rows, which the limit on
/// the size of a file keeps within 32 bits.
#[derive(Default)]
pub(super) struct Words {
    codes: HashMap<Box<str>, u32>,
    last: Option<(Box<str>, u32)>,
}

impl Words {
    pub(super) fn code(&mut self, text: &str) -> u32 {
        // Exports are mostly in order of the contact, so the same text often comes again.
        if let Some((last, code)) = &self.last
            && **last == *text
        {
            return *code;
        }
        let code = if let Some(code) = self.codes.get(text) {
            *code
        } else {
            let next = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
            self.codes.insert(text.into(), next);
            next
        };
        self.last = Some((text.into(), code));
        code
    }

    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    pub(super) fn into_words(self) -> Vec<String> {
        let mut words = vec![String::new(); self.codes.len()];
        for (word, code) in self.codes {
            words[code as usize] = word.into();
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_are_numbers() {
        for (text, expected) in [("1", 1.0), ("0.00", 0.0), ("-2.5", -2.5), ("1e3", 1000.0), (" 7 ", 7.0)] {
            assert_eq!(number(text, false), Some(expected), "{text}");
        }
        for text in
            ["", "00001", "+49", "1.", ".5", "inf", "nan", "1,5", "1 000", "12345678901234567890", "1e999", "1e"]
        {
            assert_eq!(number(text, false), None, "{text}");
        }
        assert_eq!(number("1,5", true), Some(1.5));
        assert_eq!(number("1.234,5", true), None);
    }

    #[test]
    fn decimal_points_beside_decimal_commas_are_no_numbers() {
        let mut clues = NumberClues::default();
        clues.observe("1,5", true);
        assert!(clues.all_numbers());
        clues.observe("1.234", true);
        assert!(!clues.all_numbers() && clues.mixed());
    }
}
