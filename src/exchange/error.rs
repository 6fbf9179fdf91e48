//! Why a file could not be read: what, where, what was expected and what to do, in sentences.

use std::fmt;

use super::SIZE_LIMIT;
use super::encoding::Encoding;

/// Why a file could not be read. Rows are counted as an editor counts lines, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("There is no file {file}. Check its name and folder.")]
    Missing { file: String },
    #[error("{file} is a folder. Choose a file inside it.")]
    Folder { file: String },
    #[error("{file} can't be read: {reason}. Check that you may open it and that its drive is connected.")]
    Unreadable { file: String, reason: String },
    #[error(
        "{file} has {} MiB; files up to {} MiB are read. Split it, for instance by year, and import the parts.",
        size.div_ceil(1 << 20),
        SIZE_LIMIT >> 20
    )]
    TooLarge { file: String, size: u64 },
    #[error(
        "The events of {file} do not fit in memory: at row {line} they take {} MiB, {width} bytes per row and the names. \
         {}, or split the file, for instance by year, and import the parts.",
        limit >> 20,
        if *fields > 0 { "Keep fewer fields" } else { "Remove rows that do not matter" }
    )]
    TooMuch { file: String, line: u64, limit: u64, width: u64, fields: usize },
    #[error("{file} is empty. Export it again, with one row per event or contact.")]
    Empty { file: String },
    #[error("{file} has a header but no rows. Export it again with rows, or say that its first row is no header.")]
    HeaderOnly { file: String },
    #[error(
        "{file} holds a zero byte in row {line}, so it is no text file. Save it as CSV in UTF-8 (a spreadsheet: \
         \"Save as\", \"CSV UTF-8\")."
    )]
    Binary { file: String, line: u64 },
    #[error(
        "Row {line} of {file} is not written in UTF-8 while other rows are, so its letters can't be told for sure. Open \
         the file in an editor, check that row and save it as UTF-8."
    )]
    MixedEncoding { file: String, line: u64 },
    #[error("Row {line} of {file} is broken {encoding}. Save the file as UTF-8.")]
    BrokenText { file: String, line: u64, encoding: Encoding },
    #[error(
        "A quote that opens in row {line} of {file} is never closed. Close it, or double it where it is meant as a \
         letter."
    )]
    OpenQuote { file: String, line: u64 },
    #[error(
        "Row {line} of {file} is longer than 16 MiB. Look for a quote in it that is never closed, and check that the \
         file is a table."
    )]
    LongRow { file: String, line: u64 },
    #[error(
        "Row {line} of {file} has {found} {} where {expected} {} expected. Quote values that hold the {delimiter} that \
         parts the columns, or correct the row.",
        plural(*found, "column", "columns"),
        plural(*expected, "was", "were")
    )]
    Ragged { file: String, line: u64, expected: usize, found: usize, delimiter: &'static str },
    #[error(
        "{file} has no column \"{wanted}\"{} Its columns are: {}.",
        nearest.as_ref().map_or_else(|| String::from("."), |name| format!("; did you mean \"{name}\"?")),
        columns.join(", ")
    )]
    UnknownColumn { file: String, wanted: String, nearest: Option<String>, columns: Vec<String> },
    #[error("It is not said which column of {file} holds {what}. Add {remedy}. Its columns are: {}.", columns.join(", "))]
    Unmapped { file: String, what: &'static str, remedy: &'static str, columns: Vec<String> },
    #[error("\"{field}\" is mapped twice. Keep one of the two.")]
    MappedTwice { field: String },
    #[error("\"{text}\" is no form of dates. Write one of: {forms}.")]
    UnknownTimeFormat { text: String, forms: String },
    #[error(
        "{at} is no date or time that is read here. Expected {expected}. Correct the row, or choose another column."
    )]
    BadTime { at: Box<Spot>, expected: String },
    #[error(
        "{at} may be day/month or month/day, and no other row of the column decides it. Say which form it is \
         with --map time_format=D/M/Y or --map time_format=M/D/Y."
    )]
    AmbiguousDates { at: Box<Spot> },
    #[error(
        "{at} may be day/month or month/day, and no other row of the column decides it. Write the dates of the column \
         with the year first, as in 2026-03-01."
    )]
    AmbiguousTableDates { at: Box<Spot> },
    #[error("Row {line} of {file} names no event in column \"{column}\". Fill it in or remove the row.")]
    NoEvent { file: String, line: u64, column: String },
    #[error(
        "Column \"{column}\" of {file} names more than 65,535 different events (row {line}). Choose the column with the \
         kind of event, or give every row the same event by name."
    )]
    TooManyEvents { file: String, line: u64, column: String },
    #[error("{at} is no {expected}. Correct the row, or rename the column so that it is not taken as an attribute.")]
    BadValue { at: Box<Spot>, expected: String },
    #[error("Row {line} of {file} names no contact in column \"{column}\". Fill it in or remove the row.")]
    NoContact { file: String, line: u64, column: String },
    #[error("Rows {first} and {line} of {file} are both about contact \"{contact}\". Keep one of them.")]
    ContactTwice { file: String, line: u64, first: u64, contact: String },
    #[error("{file} was changed while it was read. Wait until it is written, then import it again.")]
    Changed { file: String },
    #[error("The import was cancelled; nothing was changed.")]
    Cancelled,
}

/// One cell of a file, as an error points to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub file: String,
    pub line: u64,
    pub column: String,
    pub value: String,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, value } = self;
        if value.trim().is_empty() {
            return write!(f, "Row {line} of {file}, column \"{column}\": the empty cell");
        }
        write!(f, "Row {line} of {file}, column \"{column}\": \"{}\"", excerpt(value))
    }
}

/// The beginning of a value that may be very long.
fn excerpt(value: &str) -> String {
    const LONGEST: usize = 60;
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

pub(super) fn plural(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}
