//! Reads a table of events into a dataset, in two passes: the first finds out how dates and numbers are written, the
//! second holds every row to that. Promises that every row is counted or named in a note, and that equal rows all count.

use std::ops::ControlFlow;
use std::path::Path;

use super::column::{ColumnBuilder, NumberClues, Words, in_order};
use super::encoding::Encoding;
use super::error::{ImportError, Spot, plural};
use super::mapping::{EventSource, Mapping};
use super::progress::{Progress, Stage, Watch};
use super::rows::Rows;
use super::table::Table;
use super::time_format::{TimeClues, TimeFormat, Verdict, all_forms};
use crate::model::dataset::Dataset;
use crate::model::{Time, Zone};

/// What came out of a table of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    pub dataset: Dataset,
    /// What the user should know: what was left out, and what was decided about the file.
    pub notes: Vec<String>,
    /// Rows below the header, including those that a note says were left out.
    pub rows: u64,
}

/// Reads a table of events. Contacts come in the order of their first row, their events by time, and events of the same
/// time as in the file. Ids of contacts stay as written.
pub fn read_events(
    path: &Path,
    mapping: &Mapping,
    zone: &Zone,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Import, ImportError> {
    let mut watch = Watch::new(progress);
    let table = Table::open(path, mapping.layout.into(), &mut watch)?;
    let picks = Picks::new(mapping, &table)?;
    let survey = Survey::of(&table, mapping, &picks, &mut watch)?;
    let notes = notes(&table, mapping, &picks, &survey);
    let rows = survey.rows;
    let dataset = Reading::new(&survey, &picks, zone).run(&table, mapping, &mut watch)?;
    table.source.unchanged()?;
    Ok(Import { dataset, notes, rows })
}

/// The places of the mapped columns.
struct Picks {
    contact: usize,
    time: usize,
    event: Option<usize>,
    fields: Vec<usize>,
}

impl Picks {
    fn new(mapping: &Mapping, table: &Table) -> Result<Self, ImportError> {
        Ok(Self {
            contact: table.column(&mapping.contact)?,
            time: table.column(&mapping.time)?,
            event: match &mapping.event {
                EventSource::Column(name) => Some(table.column(name)?),
                EventSource::Name(_) => None,
            },
            fields: mapping.fields.iter().map(|(_, name)| table.column(name)).collect::<Result<_, _>>()?,
        })
    }

    fn uses(&self, column: usize) -> bool {
        column == self.contact || column == self.time || Some(column) == self.event || self.fields.contains(&column)
    }
}

/// How often progress is told and a wish to cancel is heard.
pub(super) const STEP: u64 = 4096;

/// What the first pass learns.
struct Survey {
    rows: u64,
    format: TimeFormat,
    /// The row that decided between day and month first.
    decisive: Option<u64>,
    fields: Vec<NumberClues>,
    /// Rows without a contact, and the first of them.
    nameless: u64,
    first_nameless: u64,
}

impl Survey {
    fn of(table: &Table, mapping: &Mapping, picks: &Picks, watch: &mut Watch) -> Result<Self, ImportError> {
        let decimal_comma = table.layout.delimiter.allows_decimal_comma();
        let mut times = mapping.time_format.map(TimeClues::given).unwrap_or_default();
        let mut fields = vec![NumberClues::default(); picks.fields.len()];
        let (mut count, mut nameless, mut first_nameless) = (0, 0, 0);
        let mut rows = table.rows()?;
        while rows.advance()? {
            count += 1;
            let record = rows.record();
            if record[picks.contact].trim().is_empty() {
                if nameless == 0 {
                    first_nameless = rows.line();
                }
                nameless += 1;
            } else {
                times.observe(|| rows.line(), &record[picks.time]);
                for (clues, column) in fields.iter_mut().zip(&picks.fields) {
                    clues.observe(&record[*column], decimal_comma);
                }
            }
            if count % STEP == 0 {
                watch.step(Stage::Surveying, rows.bytes(), count)?;
            }
        }
        if count == 0 {
            return Err(ImportError::HeaderOnly { file: table.source.name() });
        }
        let spot = |line, value| Box::new(table.spot(line, picks.time, value));
        let (format, decisive) = match times.verdict() {
            Verdict::Decided(format, decisive) => (format, decisive),
            Verdict::Unclear { line, value } => return Err(ImportError::AmbiguousDates { at: spot(line, value) }),
            Verdict::Odd { line, value } => {
                let expected = format!("one form of dates for the whole column, of {}", all_forms());
                return Err(ImportError::BadTime { at: spot(line, value), expected });
            }
        };
        Ok(Self { rows: count, format, decisive, fields, nameless, first_nameless })
    }
}

impl Table {
    pub(super) fn spot(&self, line: u64, column: usize, value: String) -> Spot {
        Spot { file: self.source.name(), line, column: self.columns[column].clone(), value }
    }
}

fn notes(table: &Table, mapping: &Mapping, picks: &Picks, survey: &Survey) -> Vec<String> {
    let mut notes = Vec::new();
    if table.encoding == Encoding::Windows1252 {
        notes.push(String::from("The file is not in UTF-8; its letters were read as Windows-1252."));
    }
    if let Some(line) = survey.decisive {
        notes.push(format!("Dates were read as {}, as row {line} allows only that.", survey.format));
    }
    if survey.nameless > 0 {
        let rows = survey.nameless;
        notes.push(format!(
            "{rows} {} no contact in column \"{}\" and {} left out (first: row {}).",
            if rows == 1 { "row has" } else { "rows have" },
            mapping.contact,
            if rows == 1 { "was" } else { "were" },
            survey.first_nameless
        ));
    }
    for ((field, column), clues) in mapping.fields.iter().zip(&survey.fields) {
        if clues.mixed() {
            notes.push(format!(
                "Column \"{column}\" has both decimal points and decimal commas, so {field} was read as text."
            ));
        }
    }
    notes.extend(unused_columns(table, |column| picks.uses(column)));
    notes
}

/// A note that names the columns for which `used` does not hold.
pub(super) fn unused_columns(table: &Table, used: impl Fn(usize) -> bool) -> Option<String> {
    let unused: Vec<&str> =
        (0..table.columns.len()).filter(|column| !used(*column)).map(|column| table.columns[column].as_str()).collect();
    (!unused.is_empty()).then(|| {
        let number = unused.len();
        format!("{number} {} not used: {}.", plural(number, "column is", "columns are"), unused.join(", "))
    })
}

/// The second pass: columns in the order of the file.
struct Reading<'a> {
    picks: &'a Picks,
    zone: &'a Zone,
    format: TimeFormat,
    contacts: Words,
    owners: Vec<u32>,
    times: Vec<Time>,
    events: Words,
    codes: Vec<u16>,
    fields: Vec<ColumnBuilder>,
}

impl<'a> Reading<'a> {
    fn new(survey: &Survey, picks: &'a Picks, zone: &'a Zone) -> Self {
        let rows = usize::try_from(survey.rows - survey.nameless).unwrap_or_default();
        Self {
            picks,
            zone,
            format: survey.format,
            contacts: Words::default(),
            owners: Vec::with_capacity(rows),
            times: Vec::with_capacity(rows),
            events: Words::default(),
            codes: Vec::with_capacity(rows),
            fields: survey.fields.iter().map(|clues| ColumnBuilder::new(clues, rows)).collect(),
        }
    }

    fn run(mut self, table: &Table, mapping: &Mapping, watch: &mut Watch) -> Result<Dataset, ImportError> {
        let decimal_comma = table.layout.delimiter.allows_decimal_comma();
        let name = match &mapping.event {
            EventSource::Name(name) => name.trim(),
            EventSource::Column(_) => "",
        };
        let mut rows = table.rows()?;
        let mut count = 0;
        while rows.advance()? {
            count += 1;
            if count % STEP == 0 {
                watch.step(Stage::Reading, rows.bytes(), count)?;
            }
            let record = rows.record();
            let contact = &record[self.picks.contact];
            if contact.trim().is_empty() {
                continue;
            }
            self.times.push(self.time(table, &rows)?);
            let event = self.picks.event.map_or(name, |column| record[column].trim());
            let code = self.code(event, table, &rows)?;
            self.codes.push(code);
            self.owners.push(self.contacts.code(contact));
            for (builder, column) in self.fields.iter_mut().zip(&self.picks.fields) {
                builder.push(&record[*column], decimal_comma);
            }
        }
        Ok(self.finish(mapping))
    }

    fn time(&self, table: &Table, rows: &Rows) -> Result<Time, ImportError> {
        let text = &rows.record()[self.picks.time];
        self.format.parse(text, self.zone).ok_or_else(|| ImportError::BadTime {
            at: Box::new(table.spot(rows.line(), self.picks.time, text.to_owned())),
            expected: self.format.describe().to_owned(),
        })
    }

    fn code(&mut self, event: &str, table: &Table, rows: &Rows) -> Result<u16, ImportError> {
        let column = || self.picks.event.map_or_else(String::new, |column| table.columns[column].clone());
        let (file, line) = (|| table.source.name(), || rows.line());
        if event.is_empty() {
            return Err(ImportError::NoEvent { file: file(), line: line(), column: column() });
        }
        let code = self.events.code(event);
        match u16::try_from(code) {
            Ok(code) if code < u16::MAX => Ok(code),
            _ => Err(ImportError::TooManyEvents { file: file(), line: line(), column: column() }),
        }
    }

    fn finish(self, mapping: &Mapping) -> Dataset {
        let (first, order) = by_contact_and_time(&self.owners, self.contacts.len(), &self.times);
        drop(self.owners);
        Dataset {
            contacts: self.contacts.into_words(),
            first,
            times: in_order(&self.times, &order),
            codes: in_order(&self.codes, &order),
            event_names: self.events.into_words(),
            fields: self
                .fields
                .into_iter()
                .zip(&mapping.fields)
                .map(|(builder, (name, _))| builder.finish(name.clone(), &order))
                .collect(),
            ..Dataset::default()
        }
    }
}

/// Where each contact's rows begin, and the rows by contact, then time, then place in the file.
fn by_contact_and_time(owners: &[u32], contacts: usize, times: &[Time]) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; contacts + 1];
    for owner in owners {
        first[*owner as usize + 1] += 1;
    }
    for index in 0..contacts {
        first[index + 1] += first[index];
    }
    let mut next = first.clone();
    let mut order = vec![0_u32; owners.len()];
    for (row, owner) in (0_u32..).zip(owners) {
        let place = &mut next[*owner as usize];
        order[*place as usize] = row;
        *place += 1;
    }
    for range in first.windows(2) {
        order[range[0] as usize..range[1] as usize].sort_by_key(|row| times[*row as usize]);
    }
    (first, order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_contact_then_time_then_place() {
        let times = [5, 1, 5, 0].map(Time);
        assert_eq!(by_contact_and_time(&[0, 1, 0, 0], 2, &times), (vec![0, 3, 4], vec![3, 0, 2, 1]));
    }
}
