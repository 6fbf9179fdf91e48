//! Rows of a text that holds no quotes, so that each delimiter parts columns and each line end parts rows. Works on a
//! block at a time, a word of eight bytes at once. Says when it meets a quote, and hands over what it has not read.

use std::io::{self, Read};
use std::ops::Range;

use super::encoding::{Flaw, Text};

/// A block grows where a row does not fit in it, up to the longest.
const BLOCK: usize = 256 << 10;
const LONGEST_BLOCK: usize = 1 << 20;

/// The rows before the first quote.
pub(super) struct Plain {
    text: Text,
    delimiter: u8,
    block: Vec<u8>,
    /// So much of the block holds text; the whole rows of it end at `whole`.
    filled: usize,
    whole: usize,
    /// The places of the delimiters and line ends in the whole rows.
    marks: Vec<u32>,
    /// The marks of the row, and the place where it starts.
    row: Range<usize>,
    start: usize,
    line: u64,
}

/// What comes next.
pub(super) enum More {
    Row,
    End,
    /// A quote, or a row longer than a block.
    NotPlain,
}

impl Plain {
    pub(super) fn new(text: Text, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            block: vec![0; BLOCK],
            filled: 0,
            whole: 0,
            marks: Vec::with_capacity(BLOCK / 4),
            row: 0..0,
            start: 0,
            line: 0,
        }
    }

    pub(super) fn advance(&mut self) -> io::Result<More> {
        loop {
            if self.row.end == self.marks.len() {
                match self.refill()? {
                    More::Row => {}
                    other => return Ok(other),
                }
            }
            let first = self.row.end;
            self.start = first.checked_sub(1).map_or(0, |before| self.marks[before] as usize + 1);
            let mut last = first;
            while self.block[self.marks[last] as usize] != b'\n' {
                last += 1;
            }
            self.row = first..last + 1;
            self.line += 1;
            // Blank lines are no rows.
            if self.marks[first] as usize != self.start || last > first {
                return Ok(More::Row);
            }
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.row.len()
    }

    #[inline]
    pub(super) fn cell(&self, column: usize) -> &[u8] {
        let marks = &self.marks[self.row.clone()];
        let start = column.checked_sub(1).map_or(self.start, |before| marks[before] as usize + 1);
        &self.block[start..marks[column] as usize]
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn bytes(&self) -> u64 {
        let passed = self.row.end.checked_sub(1).map_or(0, |last| self.marks[last] as usize + 1);
        self.text.bytes.saturating_sub((self.filled - passed.min(self.filled)) as u64)
    }

    pub(super) fn flaw(&self) -> Option<Flaw> {
        self.text.flaw
    }

    /// The text, what was taken of it but not read, and the number of lines that were read.
    pub(super) fn into_rest(mut self) -> (Text, Vec<u8>, u64) {
        self.block.truncate(self.filled);
        (self.text, self.block, self.line)
    }

    /// Takes the next whole rows into the block.
    fn refill(&mut self) -> io::Result<More> {
        self.block.copy_within(self.whole..self.filled, 0);
        self.filled -= self.whole;
        self.whole = 0;
        self.marks.clear();
        self.row = 0..0;
        let mut checked = 0;
        while self.whole == 0 {
            if self.filled == self.block.len() {
                if self.filled >= LONGEST_BLOCK {
                    return Ok(More::NotPlain);
                }
                self.block.resize(self.filled * 2, 0);
            }
            let read = self.text.read(&mut self.block[self.filled..])?;
            self.text.row_done();
            self.filled += read;
            let new = &self.block[checked..self.filled];
            if new.contains(&b'"') {
                return Ok(More::NotPlain);
            }
            if read == 0 {
                if self.filled == 0 {
                    return Ok(More::End);
                }
                // The last row may end with the file.
                self.block[self.filled] = b'\n';
                self.filled += 1;
                self.whole = self.filled;
            } else {
                self.whole = new.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| checked + last + 1);
            }
            checked = self.filled;
        }
        mark(&self.block[..self.whole], self.delimiter, &mut self.marks);
        Ok(More::Row)
    }
}

/// Puts the places of `delimiter` and of line ends into `marks`. A block is far shorter than 4 GiB.
fn mark(block: &[u8], delimiter: u8, marks: &mut Vec<u32>) {
    let (words, rest) = block.as_chunks::<8>();
    let mut place = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let mut found = bytes_equal(word, delimiter) | bytes_equal(word, b'\n');
        while found != 0 {
            marks.push(place + found.trailing_zeros() / 8);
            found &= found - 1;
        }
        place += 8;
    }
    for (place, byte) in (place..).zip(rest) {
        if *byte == delimiter || *byte == b'\n' {
            marks.push(place);
        }
    }
}

/// The highest bit of each byte of `word` that is `byte`; all others are zero.
fn bytes_equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const SEVEN: u64 = 0x7F * LOW;
    let difference = word ^ (u64::from(byte) * LOW);
    !(((difference & SEVEN) + SEVEN) | difference | SEVEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delimiter_and_line_end_is_marked_and_nothing_else() {
        let mut block: Vec<u8> = (0..=255).cycle().take(1021).collect();
        block.extend(b",,\n\n;,\x2B\x2D\xAC,");
        let mut marks = Vec::new();
        mark(&block, b',', &mut marks);
        let expected: Vec<u32> =
            (0..).zip(&block).filter(|(_, byte)| matches!(**byte, b',' | b'\n')).map(|(place, _)| place).collect();
        assert_eq!(marks, expected);
    }
}
