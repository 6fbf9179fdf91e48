//! What a delimited text looks like: what parts its columns, whether its first row names them, how its rows begin.
//! Decides from the beginning of the file, and lets the user overrule it. Knows nothing of what the columns mean.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;

use super::encoding::Encoding;
use super::error::ImportError;
use super::progress::{Progress, Watch};
use super::table::{Care, Table};
use super::time_format::TimeFormat;

/// What the mapping dialog shows of a file before it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The path as it was given.
    pub file: String,
    pub size: u64,
    pub encoding: Encoding,
    pub layout: Layout,
    /// Unique names; a column without one is called `column 3`.
    pub columns: Vec<String>,
    /// The first rows below the header. One may be longer or shorter than `columns`; reading would refuse it.
    pub rows: Vec<Vec<String>>,
}

/// How many rows a [`Preview`] shows.
const PREVIEW_ROWS: usize = 20;

impl Preview {
    /// Looks at the beginning of a file. Where that is not UTF-8, reads all of it once for its encoding, so this belongs
    /// on a worker.
    pub fn read(
        path: &Path,
        overrides: Overrides,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self, ImportError> {
        let mut watch = Watch::new(progress);
        Self::with(Care::Hope, path, overrides, &mut watch)
            .or_else(|_| Self::with(Care::Proof, path, overrides, &mut watch))
    }

    fn with(care: Care, path: &Path, overrides: Overrides, watch: &mut Watch) -> Result<Self, ImportError> {
        let table = Table::open(path, overrides, care, watch)?;
        let mut rows = table.rows()?;
        rows.expected = None;
        let mut shown = Vec::new();
        while shown.len() < PREVIEW_ROWS && rows.advance()? {
            shown.push(rows.texts().map(str::to_owned).collect());
        }
        Ok(Self {
            file: table.source.name(),
            size: table.source.size,
            encoding: table.encoding,
            layout: table.layout,
            columns: table.columns.clone(),
            rows: shown,
        })
    }

    /// The shown values of one column.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).map(String::as_str)
    }
}

/// What parts the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
    /// Runs of spaces, as in tables set for the eye. Quotes are letters like others here.
    Spaces,
}

impl Delimiter {
    pub const ALL: [Self; 5] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Pipe, Self::Spaces];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
            Self::Spaces => "space",
        }
    }

    /// With a semicolon the comma is free to part decimals, and spreadsheets of many countries use it so.
    pub(super) fn allows_decimal_comma(self) -> bool {
        self == Self::Semicolon
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
            Self::Spaces => b' ',
        }
    }

    pub(super) fn reader(self) -> csv::ReaderBuilder {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(self.byte()).quoting(self != Self::Spaces).has_headers(false).flexible(true);
        builder
    }
}

/// How the rows and columns of a file are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub delimiter: Delimiter,
    /// Whether the first row names the columns.
    pub has_header: bool,
}

/// What the user knows better; the rest is found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub delimiter: Option<Delimiter>,
    pub has_header: Option<bool>,
}

impl From<Layout> for Overrides {
    fn from(layout: Layout) -> Self {
        Self { delimiter: Some(layout.delimiter), has_header: Some(layout.has_header) }
    }
}

/// The beginning of a file.
pub(super) struct Sample {
    pub(super) text: String,
    /// The file goes on, so the last row may be cut.
    pub(super) cut: bool,
}

impl Sample {
    /// The layout of the file and its first row; `None` if there is no row at all.
    pub(super) fn layout(&self, overrides: Overrides) -> Option<(Layout, StringRecord)> {
        let delimiter = overrides.delimiter.unwrap_or_else(|| self.delimiter());
        let first = self.rows(delimiter).into_iter().next()?;
        let has_header = overrides.has_header.unwrap_or_else(|| names_columns(&first));
        Some((Layout { delimiter, has_header }, first))
    }

    /// What parts nearly all rows into the same number of columns; of several such the one that makes the most columns.
    /// Spaces only where nothing else does, as they also stand inside values.
    fn delimiter(&self) -> Delimiter {
        let mut best: Option<(Delimiter, Regularity)> = None;
        for delimiter in Delimiter::ALL.into_iter().filter(|delimiter| *delimiter != Delimiter::Spaces) {
            let regularity = Regularity::of(&self.rows(delimiter));
            let better = best.is_none_or(|(_, known)| regularity.beats(known));
            if regularity.columns > 1 && better {
                best = Some((delimiter, regularity));
            }
        }
        if let Some((delimiter, regularity)) = best
            && regularity.percent >= 80
        {
            return delimiter;
        }
        let spaces = Regularity::of(&self.rows(Delimiter::Spaces));
        if spaces.columns > 1 && spaces.percent == 100 {
            return Delimiter::Spaces;
        }
        best.map_or(Delimiter::Comma, |(delimiter, _)| delimiter)
    }

    fn rows(&self, delimiter: Delimiter) -> Vec<StringRecord> {
        const ENOUGH: usize = 500;
        let mut rows: Vec<StringRecord> = delimiter
            .reader()
            .from_reader(self.text.as_bytes())
            .into_records()
            .map_while(Result::ok)
            .map(|row| {
                if delimiter == Delimiter::Spaces { row.iter().filter(|cell| !cell.is_empty()).collect() } else { row }
            })
            .filter(|row: &StringRecord| !row.is_empty())
            .take(ENOUGH)
            .collect();
        if self.cut && rows.len() > 1 && rows.len() < ENOUGH {
            rows.pop();
        }
        rows
    }
}

/// How alike the rows are under one delimiter.
#[derive(Clone, Copy)]
struct Regularity {
    /// The most frequent number of columns.
    columns: usize,
    /// How many rows have it.
    percent: usize,
}

impl Regularity {
    fn of(rows: &[StringRecord]) -> Self {
        let mut counts = BTreeMap::new();
        for row in rows {
            *counts.entry(row.len()).or_insert(0_usize) += 1;
        }
        let (columns, rows_alike) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap_or_default();
        Self { columns, percent: rows_alike * 100 / rows.len().max(1) }
    }

    fn beats(self, other: Self) -> bool {
        (self.percent, self.columns) > (other.percent, other.columns)
    }
}

/// A row of names holds no number and no date.
fn names_columns(row: &StringRecord) -> bool {
    let is_data = |cell: &str| {
        let numeric = cell.contains(|letter: char| letter.is_ascii_digit()) && !cell.contains(char::is_alphabetic);
        numeric || TimeFormat::of(cell).is_some()
    };
    row.iter().any(|cell| !cell.trim().is_empty()) && !row.iter().any(is_data)
}

/// Unique names for the columns of `row`: its cells where they are names, else their place.
pub(super) fn column_names(row: &StringRecord, has_header: bool) -> Vec<String> {
    let mut names = Vec::with_capacity(row.len());
    let mut taken = HashSet::with_capacity(row.len());
    // How often each name has come, so that a file of a million equal names is named in one go.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (index, cell) in row.iter().enumerate() {
        let cell = if has_header { cell.trim() } else { "" };
        let base = if cell.is_empty() { format!("column {}", index + 1) } else { cell.to_owned() };
        let mut name = base.clone();
        let number = numbers.entry(base.clone()).or_insert(1);
        while !taken.insert(name.clone()) {
            *number += 1;
            name = format!("{base} ({number})");
        }
        names.push(name);
    }
    names
}
