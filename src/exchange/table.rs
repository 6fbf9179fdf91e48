//! An opened table: a file whose encoding, layout and columns are known, to be passed over as often as needed.

use std::io::Read;
use std::path::Path;

use super::delimited::{Layout, Overrides, Sample, column_names};
use super::encoding::{Encoding, Text};
use super::error::ImportError;
use super::progress::Watch;
use super::rows::Rows;
use super::source::Source;

/// What is taken for granted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// That it goes on as it begins. Reading it says when that does not hold.
    Hope,
    /// Nothing: all of it is looked at first.
    Proof,
}

/// A file whose shape is known.
pub(super) struct Table {
    pub(super) source: Source,
    pub(super) encoding: Encoding,
    pub(super) layout: Layout,
    pub(super) columns: Vec<String>,
}

impl Table {
    pub(super) fn open(path: &Path, overrides: Overrides, care: Care, watch: &mut Watch) -> Result<Self, ImportError> {
        let source = Source::at(path)?;
        watch.size = source.size;
        let encoding = match care {
            Care::Hope => Encoding::Utf8,
            Care::Proof => Encoding::detect(&source, watch)?,
        };
        let sample = sample(&source, encoding)?;
        let Some((layout, first)) = sample.layout(overrides) else {
            return Err(ImportError::Empty { file: source.name() });
        };
        let columns = column_names(&first, layout.has_header);
        let table = Self { source, encoding, layout, columns };
        // A first row longer than the sample: its columns are only known once it is read as a whole.
        if sample.cut {
            let mut rows = Rows::open(&table.source, encoding, layout.delimiter)?;
            rows.advance()?;
            let columns = column_names(&rows.texts().collect(), layout.has_header);
            drop(rows);
            return Ok(Self { columns, ..table });
        }
        Ok(table)
    }

    /// The rows below the header, each of which has to have as many columns as there are names.
    pub(super) fn rows(&self) -> Result<Rows<'_>, ImportError> {
        let mut rows = Rows::open(&self.source, self.encoding, self.layout.delimiter)?;
        rows.expected = Some(self.columns.len());
        if self.layout.has_header {
            rows.advance()?;
        }
        Ok(rows)
    }

    /// The column called `name`; case does not matter where only one column would do.
    pub(super) fn column(&self, name: &str) -> Result<usize, ImportError> {
        find(&self.columns, name).ok_or_else(|| unknown_column(&self.source.name(), &self.columns, name))
    }
}

fn sample(source: &Source, encoding: Encoding) -> Result<Sample, ImportError> {
    const LONGEST: u64 = 256 << 10;
    let mut bytes = Vec::new();
    let mut text = Text::open(source, encoding)?;
    (&mut text).take(LONGEST).read_to_end(&mut bytes).map_err(|error| source.problem(&error))?;
    // The end of the sample may cut a letter in two; the file itself was checked.
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(valid);
            String::from_utf8(bytes).unwrap_or_default()
        }
    };
    Ok(Sample { cut: text.len() as u64 + 3 >= LONGEST, text })
}

pub(super) fn find(columns: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    if let Some(exact) = columns.iter().position(|column| column == name) {
        return Some(exact);
    }
    let lower = name.to_lowercase();
    let mut alike = columns.iter().enumerate().filter(|(_, column)| column.to_lowercase() == lower);
    match (alike.next(), alike.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    }
}

pub(super) fn unknown_column(file: &str, columns: &[String], wanted: &str) -> ImportError {
    let lower = wanted.to_lowercase();
    let nearest = columns
        .iter()
        .map(|column| (distance(&lower, &column.to_lowercase()), column))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= (wanted.chars().count() / 3).max(2))
        .map(|(_, column)| column.clone());
    ImportError::UnknownColumn { file: file.to_owned(), wanted: wanted.to_owned(), nearest, columns: columns.to_vec() }
}

/// How many letters have to be added, removed or replaced to make `left` into `right`.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_if_it_is_near() {
        assert_eq!(distance("kitten", "sitting"), 3);
        let columns = [String::from("customer_id"), String::from("date")];
        let nearest = |wanted| match unknown_column("f", &columns, wanted) {
            ImportError::UnknownColumn { nearest, .. } => nearest,
            _ => None,
        };
        assert_eq!(nearest("custmer_id"), Some(String::from("customer_id")));
        assert_eq!(nearest("amount"), None);
    }
}
