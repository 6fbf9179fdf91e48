//! Columns of field values: numbers if every value is one, else texts. Promises that nothing is rounded or shortened: a
//! code such as `00123` or a number of twenty digits stays the text it is.

use super::error::ImportError;
use super::owners::in_order;
use super::progress::Watch;
use super::words::Words;
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

/// The powers of ten that divide a whole number of fifteen digits exactly.
const POWERS: [f64; 15] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

/// Like [`number`], for the short numbers without exponent that nearly all are; `None` says nothing.
fn short_number(cell: &[u8], decimal_comma: bool) -> Option<f64> {
    let (negative, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let mut whole = digits.len();
    let mut value = 0_u64;
    for (place, byte) in digits.iter().enumerate() {
        if byte.is_ascii_digit() {
            value = value * 10 + u64::from(byte - b'0');
        } else if (*byte == b'.' || (decimal_comma && *byte == b',')) && whole == digits.len() {
            whole = place;
        } else {
            return None;
        }
    }
    let decimals = if whole == digits.len() { 0 } else { digits.len() - whole - 1 };
    let bare = whole == 0 || (whole < digits.len() && decimals == 0);
    if bare || (whole > 1 && digits[0] == b'0') {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "fifteen digits fit exactly, so one division rounds as parsing does"
    )]
    let value = value as f64 / POWERS[decimals];
    Some(if negative { -value } else { value })
}

/// The cell without white space around it.
pub(super) fn trimmed(cell: &[u8]) -> &[u8] {
    match (cell.first(), cell.last()) {
        (None, _) | (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => cell,
        _ => text(cell).trim().as_bytes(),
    }
}

/// A cell as text, which it is: see [`super::rows::Rows::text`].
pub(super) fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

/// A column while it is read.
pub(super) enum ColumnBuilder {
    Numbers { numbers: Vec<f64>, commas: bool, points: bool },
    Texts { words: Box<Words>, codes: Vec<u32> },
}

impl ColumnBuilder {
    pub(super) fn new(clues: &NumberClues, rows: usize) -> Self {
        if clues.all_numbers() {
            Self::Numbers { numbers: Vec::with_capacity(rows), commas: false, points: false }
        } else {
            Self::Texts { words: Box::default(), codes: Vec::with_capacity(rows) }
        }
    }

    /// Takes the next cell; false if a column of numbers meets what makes it a column of texts.
    pub(super) fn push(&mut self, cell: &[u8], decimal_comma: bool) -> bool {
        let trimmed = trimmed(cell);
        match self {
            Self::Numbers { numbers, .. } if trimmed.is_empty() => numbers.push(f64::NAN),
            Self::Numbers { numbers, commas, points } => {
                let value = short_number(trimmed, decimal_comma).or_else(|| number(text(trimmed), decimal_comma));
                let Some(value) = value else { return false };
                numbers.push(value);
                if decimal_comma {
                    *commas |= trimmed.contains(&b',');
                    *points |= trimmed.contains(&b'.');
                }
                return !(*commas && *points);
            }
            Self::Texts { codes, .. } if trimmed.is_empty() => codes.push(u32::MAX),
            Self::Texts { words, codes } => codes.push(words.code(cell)),
        }
        true
    }

    /// Bytes in memory per row, and beside the rows.
    pub(super) fn size(&self) -> (u64, u64) {
        match self {
            Self::Numbers { .. } => (8, 0),
            Self::Texts { words, .. } => (4, words.size()),
        }
    }

    /// The values in the order of the dataset.
    pub(super) fn finish(
        self,
        name: String,
        order: Option<&[u32]>,
        watch: &mut Watch,
    ) -> Result<FieldColumn, ImportError> {
        let values = match self {
            Self::Numbers { numbers, .. } => FieldValues::Numbers(in_order(numbers, order, watch)?),
            Self::Texts { words, codes } => {
                FieldValues::Texts { words: words.into_words(), codes: in_order(codes, order, watch)? }
            }
        };
        Ok(FieldColumn { name, values })
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
        for text in [
            "0",
            "-0",
            "-1.25",
            "0.1",
            "29.33",
            "999999999999999",
            "0.0000000000001",
            "00.5",
            "1.",
            ".5",
            "1.2.3",
            "-",
            "1e3",
            "1234567890123456",
            "5,5",
            "x",
        ] {
            if let Some(short) = short_number(text.as_bytes(), false) {
                assert_eq!(number(text, false).map(f64::to_bits), Some(short.to_bits()), "{text}");
            }
        }
        assert_eq!(short_number(b"29.33", false), Some(29.33));
        assert_eq!(short_number(b"29,33", true), Some(29.33));
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
