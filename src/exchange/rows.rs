//! The rows of a delimited text, one at a time, each with the line it starts on. Knows nothing of what the columns mean.

use std::io::{self, Read};

use csv::StringRecord;

use super::delimited::Delimiter;
use super::encoding::{Encoding, Flaw, Text};
use super::error::ImportError;
use super::source::Source;

/// Put after the end of the file: its own row if all quotes are closed, else part of the value they opened. No file holds
/// a zero byte of its own, that was checked.
const END: &[u8] = b"\n\0\n";

/// The rows of one file.
pub(super) struct Rows<'a> {
    source: &'a Source,
    encoding: Encoding,
    delimiter: Delimiter,
    reader: csv::Reader<io::Chain<Text, &'static [u8]>>,
    record: StringRecord,
    /// The record without the empty columns that runs of spaces leave.
    packed: StringRecord,
    /// How many columns each row has to have.
    pub(super) expected: Option<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn open(source: &'a Source, encoding: Encoding, delimiter: Delimiter) -> Result<Self, ImportError> {
        let text = Text::open(source, encoding)?;
        Ok(Self {
            source,
            encoding,
            delimiter,
            reader: delimiter.reader().buffer_capacity(64 << 10).from_reader(text.chain(END)),
            record: StringRecord::new(),
            packed: StringRecord::new(),
            expected: None,
        })
    }

    /// Goes to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, ImportError> {
        loop {
            let more = self.reader.read_record(&mut self.record);
            self.reader.get_mut().get_mut().0.row_done();
            if !more.map_err(|error| self.problem(error))? {
                return Ok(false);
            }
            if let Some(last) = self.record.iter().next_back().filter(|last| last.contains('\0')) {
                if self.record.len() == 1 && last == "\0" {
                    return Ok(false);
                }
                let line = self.reader.position().line().saturating_sub(self.breaks());
                return Err(ImportError::OpenQuote { file: self.source.name(), line });
            }
            if self.delimiter == Delimiter::Spaces {
                self.packed.clear();
                self.record.iter().filter(|cell| !cell.is_empty()).for_each(|cell| self.packed.push_field(cell));
                if self.packed.is_empty() {
                    continue;
                }
            }
            break;
        }
        let found = self.record().len();
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

    pub(super) fn record(&self) -> &StringRecord {
        if self.delimiter == Delimiter::Spaces { &self.packed } else { &self.record }
    }

    /// The line on which the row starts. Counted back from its end, since the reader counts blank lines before a row
    /// as part of it.
    pub(super) fn line(&self) -> u64 {
        self.reader.position().line().saturating_sub(1 + self.breaks())
    }

    /// Bytes of the file that were read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.reader.get_ref().get_ref().0.bytes
    }

    fn breaks(&self) -> u64 {
        self.record.as_slice().bytes().map(|byte| u64::from(byte == b'\n')).sum()
    }

    fn problem(&self, error: csv::Error) -> ImportError {
        let file = self.source.name();
        // The row that could not be read starts where the one before it ended.
        let line = self.reader.position().line();
        match (self.reader.get_ref().get_ref().0.flaw, error.into_kind()) {
            (Some(Flaw::LongRow), _) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                ImportError::LongRow { file, line }
            }
            (None, csv::ErrorKind::Io(error)) => self.source.problem(&error),
            (Some(Flaw::Broken) | None, _) => ImportError::BrokenText { file, line, encoding: self.encoding },
        }
    }
}
