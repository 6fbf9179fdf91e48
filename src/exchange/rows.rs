//! The rows of a delimited text, one at a time, each with the line it starts on. Text without quotes is cut at its
//! delimiters; from the first quote on, the `csv` crate reads. Knows nothing of what the columns mean.

use std::io::{self, Cursor, Read};

use csv::ByteRecord;

use super::delimited::Delimiter;
use super::encoding::{Encoding, Flaw, Text};
use super::error::ImportError;
use super::plain::{More, Plain};
use super::source::Source;

/// Put after the end of the file: its own row if all quotes are closed, else part of the value they opened. No file holds
/// a zero byte of its own, that was checked.
const END: &[u8] = b"\n\0\n";

/// The rows of one file.
pub(super) struct Rows<'a> {
    source: &'a Source,
    encoding: Encoding,
    delimiter: Delimiter,
    state: State,
    /// How many columns each row has to have.
    pub(super) expected: Option<usize>,
}

enum State {
    Plain(Plain),
    Quoted(Box<Quoted>),
    /// Between the two.
    Turning,
}

impl<'a> Rows<'a> {
    pub(super) fn open(source: &'a Source, encoding: Encoding, delimiter: Delimiter) -> Result<Self, ImportError> {
        let text = Text::open(source, encoding)?;
        let state = if delimiter == Delimiter::Spaces {
            State::Quoted(Box::new(Quoted::new(text, Vec::new(), 0, delimiter)))
        } else {
            State::Plain(Plain::new(text, delimiter.byte()))
        };
        Ok(Self { source, encoding, delimiter, state, expected: None })
    }

    /// Goes to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, ImportError> {
        let more = match &mut self.state {
            State::Plain(plain) => match plain.advance() {
                Ok(More::Row) => true,
                Ok(More::End) => false,
                Ok(More::NotPlain) => {
                    self.turn();
                    return self.advance();
                }
                Err(error) => return Err(self.problem(csv::ErrorKind::Io(error))),
            },
            State::Quoted(quoted) => match quoted.advance() {
                Ok(more) => more,
                Err(error) => return Err(self.problem(error.into_kind())),
            },
            State::Turning => false,
        };
        if !more {
            return Ok(false);
        }
        if let State::Quoted(quoted) = &self.state
            && quoted.open_quote()
        {
            return Err(ImportError::OpenQuote { file: self.source.name(), line: self.line() + 1 });
        }
        let found = self.columns();
        match self.expected {
            Some(expected) if expected != found => Err(ImportError::Ragged {
                file: self.source.name(),
                line: self.line(),
                expected,
                found,
                delimiter: self.delimiter.name(),
            }),
            _ => Ok(true),
        }
    }

    /// Goes on with the `csv` crate, from the row that comes next.
    fn turn(&mut self) {
        if let State::Plain(plain) = std::mem::replace(&mut self.state, State::Turning) {
            let (text, rest, lines) = plain.into_rest();
            self.state = State::Quoted(Box::new(Quoted::new(text, rest, lines, self.delimiter)));
        }
    }

    /// How many columns the row has.
    pub(super) fn columns(&self) -> usize {
        match &self.state {
            State::Plain(plain) => plain.columns(),
            State::Quoted(quoted) => quoted.record().len(),
            State::Turning => 0,
        }
    }

    /// The bytes of one column of the row, which are UTF-8.
    #[inline]
    pub(super) fn cell(&self, column: usize) -> &[u8] {
        match &self.state {
            State::Plain(plain) => plain.cell(column),
            State::Quoted(quoted) => &quoted.record()[column],
            State::Turning => &[],
        }
    }

    /// One column of the row as text.
    pub(super) fn text(&self, column: usize) -> &str {
        // `Text` hands out nothing but UTF-8, and it is cut at ASCII alone.
        std::str::from_utf8(self.cell(column)).unwrap_or_default()
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.columns()).map(|column| self.text(column))
    }

    /// The line on which the row starts.
    pub(super) fn line(&self) -> u64 {
        match &self.state {
            State::Plain(plain) => plain.line(),
            State::Quoted(quoted) => quoted.line(),
            State::Turning => 0,
        }
    }

    /// Bytes of the file that were read so far.
    pub(super) fn bytes(&self) -> u64 {
        match &self.state {
            State::Plain(plain) => plain.bytes(),
            State::Quoted(quoted) => quoted.text().bytes,
            State::Turning => 0,
        }
    }

    fn problem(&self, error: csv::ErrorKind) -> ImportError {
        let file = self.source.name();
        let (flaw, next, long) = match &self.state {
            State::Plain(plain) => (plain.flaw(), plain.line() + 1, plain.line() + 1),
            State::Quoted(quoted) => (quoted.text().flaw, quoted.next_line(), quoted.begun_line()),
            State::Turning => (None, 0, 0),
        };
        match (flaw, error) {
            (Some(Flaw::LongRow), _) => ImportError::LongRow { file, line: long },
            (None, csv::ErrorKind::Io(error)) => self.source.problem(&error),
            (Some(Flaw::Broken) | None, _) => ImportError::BrokenText { file, line: next, encoding: self.encoding },
        }
    }
}

/// What was taken of the text before, the rest of it, and the mark of its end.
type Input = io::Chain<io::Chain<Cursor<Vec<u8>>, Text>, &'static [u8]>;

/// Rows as the `csv` crate reads them.
struct Quoted {
    reader: csv::Reader<Input>,
    record: ByteRecord,
    /// The record without the empty columns that runs of spaces leave.
    packed: Option<ByteRecord>,
    /// Lines before the first of these rows.
    lines: u64,
}

impl Quoted {
    /// Reads `begun`, then the rest of `text`.
    fn new(text: Text, begun: Vec<u8>, lines: u64, delimiter: Delimiter) -> Self {
        let input = Cursor::new(begun).chain(text).chain(END);
        Self {
            reader: delimiter.reader().buffer_capacity(64 << 10).from_reader(input),
            record: ByteRecord::new(),
            packed: (delimiter == Delimiter::Spaces).then(ByteRecord::new),
            lines,
        }
    }

    fn advance(&mut self) -> csv::Result<bool> {
        loop {
            let more = self.reader.read_byte_record(&mut self.record);
            self.reader.get_mut().get_mut().0.get_mut().1.row_done();
            if !more? || self.record.as_slice() == b"\0" {
                return Ok(false);
            }
            if let Some(packed) = &mut self.packed {
                packed.clear();
                self.record.iter().filter(|cell| !cell.is_empty()).for_each(|cell| packed.push_field(cell));
                if packed.is_empty() {
                    continue;
                }
            }
            return Ok(true);
        }
    }

    /// The end of the file stands inside a quote.
    fn open_quote(&self) -> bool {
        let cells = self.record.as_slice();
        cells.last() == Some(&0) || cells.ends_with(b"\0\n")
    }

    fn record(&self) -> &ByteRecord {
        self.packed.as_ref().unwrap_or(&self.record)
    }

    /// Counted back from the end of the row, since the reader counts blank lines before a row as part of it.
    fn line(&self) -> u64 {
        self.next_line().saturating_sub(1 + self.breaks())
    }

    /// The row that could not be read starts where the one before it ended.
    fn next_line(&self) -> u64 {
        self.lines + self.reader.position().line()
    }

    /// Where the reader began the row that it could not end.
    fn begun_line(&self) -> u64 {
        self.record.position().map_or_else(|| self.next_line(), |position| self.lines + position.line())
    }

    fn breaks(&self) -> u64 {
        self.record.as_slice().iter().map(|byte| u64::from(*byte == b'\n')).sum()
    }

    fn text(&self) -> &Text {
        self.reader.get_ref().get_ref().0.get_ref().1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every row with its line, or why there is none.
    fn all(rows: &mut Rows) -> Vec<Result<(u64, Vec<String>), String>> {
        let mut all = Vec::new();
        loop {
            match rows.advance() {
                Ok(true) => all.push(Ok((rows.line(), rows.texts().map(str::to_owned).collect()))),
                Ok(false) => return all,
                Err(error) => {
                    all.push(Err(error.to_string()));
                    return all;
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Texts without quotes, with some towards their end, and with some from the start.
        #[test]
        fn rows_cut_at_their_delimiters_are_those_of_the_csv_crate(
            start in "([a-zé,\r\n ]|,|\n|\r\n){0,80}",
            end in "(|[a-zé,\"\n]{0,20})",
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("table.csv");
            std::fs::write(&path, start + &end).unwrap();
            let Ok(source) = Source::at(&path) else { return Ok(()) };
            let mut cut = Rows::open(&source, Encoding::Utf8, Delimiter::Comma).unwrap();
            let mut quoted = Rows::open(&source, Encoding::Utf8, Delimiter::Comma).unwrap();
            quoted.turn();
            prop_assert_eq!(all(&mut cut), all(&mut quoted));
        }
    }

    #[test]
    fn a_row_longer_than_a_block_and_rows_over_the_edges_of_blocks_are_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        for long in [300 << 10, 3 << 20] {
            let mut content = "ab,c\n".repeat(100_000);
            content += &"x".repeat(long);
            content += ",y\r\nlast,row";
            std::fs::write(&path, content).unwrap();
            let source = Source::at(&path).unwrap();
            let mut rows = Rows::open(&source, Encoding::Utf8, Delimiter::Comma).unwrap();
            let all = all(&mut rows);
            assert_eq!(all.len(), 100_002);
            assert_eq!(all[99_999], Ok((100_000, vec![String::from("ab"), String::from("c")])));
            assert_eq!(all[100_000].as_ref().unwrap().1[0].len(), long);
            assert_eq!(all[100_001], Ok((100_002, vec![String::from("last"), String::from("row")])));
            assert_eq!(rows.bytes(), source.size);
        }
    }
}
