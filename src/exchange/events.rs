//! Reads a table of events into a dataset. How dates and numbers are written is found out from the first rows, and every
//! row is held to that; a file that does not go on as it begins is looked at as a whole first. Promises that every row is counted or named in a note, and that equal rows all count.

use std::ops::ControlFlow;
use std::path::Path;

use super::column::{ColumnBuilder, NumberClues, trimmed};
use super::encoding::Encoding;
use super::error::{ImportError, Spot, plural};
use super::mapping::{EventSource, Mapping};
use super::owners::{Order, Owners, in_order};
use super::progress::{Progress, Stage, Watch};
use super::rows::Rows;
use super::table::{Care, Table};
use super::time_format::{Clock, TimeClues, TimeFormat, Verdict, all_forms};
use super::words::Words;
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
///
/// Takes the memory of the dataset and little more: the file is passed over, not kept.
pub fn read_events(
    path: &Path,
    mapping: &Mapping,
    zone: &Zone,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Import, ImportError> {
    read_within(MEMORY_LIMIT, path, mapping, zone, &mut Watch::new(progress))
}

/// What a dataset may take in memory.
const MEMORY_LIMIT: u64 = 4 << 30;

fn read_within(
    limit: u64,
    path: &Path,
    mapping: &Mapping,
    zone: &Zone,
    watch: &mut Watch,
) -> Result<Import, ImportError> {
    match read_with(Care::Hope, limit, path, mapping, zone, watch) {
        Ok(import) => Ok(import),
        Err(error @ (ImportError::Cancelled | ImportError::Changed { .. } | ImportError::TooMuch { .. })) => Err(error),
        // Nearly every file goes on as it begins, and is read in one go. Any other is looked at as a whole first, and
        // what is wrong with it comes out there.
        Err(_) => read_with(Care::Proof, limit, path, mapping, zone, watch),
    }
}

fn read_with(
    care: Care,
    limit: u64,
    path: &Path,
    mapping: &Mapping,
    zone: &Zone,
    watch: &mut Watch,
) -> Result<Import, ImportError> {
    let table = Table::open(path, mapping.layout.into(), care, watch)?;
    let picks = Picks::new(mapping, &table)?;
    let survey = Survey::of(&table, mapping, &picks, care, watch)?;
    let mut reading = Reading::new(&survey, &picks, zone, limit);
    reading.run(&table, mapping, care, watch)?;
    table.source.unchanged()?;
    let (rows, notes) = (reading.rows, notes(&table, mapping, &picks, &survey, &reading));
    Ok(Import { dataset: reading.finish(mapping, watch)?, notes, rows })
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
pub(super) const STEP: u64 = 1024;

/// With hope, so many rows are looked at before all are read.
const SAMPLE: u64 = 10_000;

/// What a look at the rows, the first or all, tells about how the columns are written.
struct Survey {
    format: TimeFormat,
    /// The row that decided between day and month first.
    decisive: Option<u64>,
    fields: Vec<NumberClues>,
    /// How many rows there will be: known, or to be expected.
    rows: usize,
}

impl Survey {
    fn of(table: &Table, mapping: &Mapping, picks: &Picks, care: Care, watch: &mut Watch) -> Result<Self, ImportError> {
        let decimal_comma = table.layout.delimiter.allows_decimal_comma();
        let mut times = mapping.time_format.map(TimeClues::given).unwrap_or_default();
        let mut fields = vec![NumberClues::default(); picks.fields.len()];
        let (mut count, mut ended) = (0, false);
        let mut rows = table.rows()?;
        while care == Care::Proof || count < SAMPLE {
            if !rows.advance()? {
                ended = true;
                break;
            }
            count += 1;
            if !trimmed(rows.cell(picks.contact)).is_empty() {
                times.observe(|| rows.line(), rows.text(picks.time));
                for (clues, column) in fields.iter_mut().zip(&picks.fields) {
                    clues.observe(rows.text(*column), decimal_comma);
                }
            }
            if care == Care::Proof && count % STEP == 0 {
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
        // With a little to spare, as a column that has to grow is moved.
        let expected = if ended { count } else { count * table.source.size / rows.bytes().max(1) * 51 / 50 };
        Ok(Self { format, decisive, fields, rows: usize::try_from(expected).unwrap_or_default() })
    }
}

impl Table {
    pub(super) fn spot(&self, line: u64, column: usize, value: String) -> Spot {
        Spot { file: self.source.name(), line, column: self.columns[column].clone(), value }
    }
}

fn notes(table: &Table, mapping: &Mapping, picks: &Picks, survey: &Survey, reading: &Reading) -> Vec<String> {
    let mut notes = Vec::new();
    if table.encoding == Encoding::Windows1252 {
        notes.push(String::from("The file is not in UTF-8; its letters were read as Windows-1252."));
    }
    if let Some(line) = survey.decisive {
        notes.push(format!("Dates were read as {}, as row {line} allows only that.", survey.format));
    }
    if let Some((rows, first)) = reading.nameless {
        notes.push(format!(
            "{rows} {} no contact in column \"{}\" and {} left out (first: row {}).",
            if rows == 1 { "row has" } else { "rows have" },
            mapping.contact,
            if rows == 1 { "was" } else { "were" },
            first
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

/// The columns, in the order of the file.
struct Reading<'a> {
    picks: &'a Picks,
    clock: Clock<'a>,
    limit: u64,
    rows: u64,
    /// How many rows have no contact, and the first of them.
    nameless: Option<(u64, u64)>,
    contacts: Words,
    owners: Owners,
    times: Vec<Time>,
    events: Words,
    codes: Vec<u16>,
    fields: Vec<ColumnBuilder>,
}

impl<'a> Reading<'a> {
    fn new(survey: &Survey, picks: &'a Picks, zone: &'a Zone, limit: u64) -> Self {
        // What is expected of a file may be far off; what does not fit in the limit is never reserved.
        let most = usize::try_from(limit / 32).unwrap_or(usize::MAX) / (1 + survey.fields.len());
        let rows = survey.rows.min(most);
        Self {
            picks,
            clock: Clock::new(survey.format, zone),
            limit,
            rows: 0,
            nameless: None,
            contacts: Words::default(),
            owners: Owners::default(),
            times: Vec::with_capacity(rows),
            events: Words::default(),
            codes: Vec::with_capacity(rows),
            fields: survey.fields.iter().map(|clues| ColumnBuilder::new(clues, rows)).collect(),
        }
    }

    fn run(&mut self, table: &Table, mapping: &Mapping, care: Care, watch: &mut Watch) -> Result<(), ImportError> {
        let stage = if care == Care::Hope { Stage::Reading } else { Stage::Rereading };
        let decimal_comma = table.layout.delimiter.allows_decimal_comma();
        let name = match &mapping.event {
            EventSource::Name(name) => name.trim(),
            EventSource::Column(_) => "",
        };
        let mut rows = table.rows()?;
        while rows.advance()? {
            self.rows += 1;
            if self.rows.is_multiple_of(STEP) {
                watch.step(stage, rows.bytes(), self.rows)?;
                self.check_size(table, &rows)?;
            }
            let contact = rows.cell(self.picks.contact);
            if trimmed(contact).is_empty() {
                self.nameless.get_or_insert_with(|| (0, rows.line())).0 += 1;
                continue;
            }
            self.times.push(self.time(table, &rows)?);
            let event = self.picks.event.map_or(name.as_bytes(), |column| trimmed(rows.cell(column)));
            let code = self.code(event, table, &rows)?;
            self.codes.push(code);
            self.owners.push(self.contacts.code(contact));
            for (builder, column) in self.fields.iter_mut().zip(&self.picks.fields) {
                if !builder.push(rows.cell(*column), decimal_comma) {
                    return Err(ImportError::BadValue {
                        at: Box::new(table.spot(rows.line(), *column, rows.text(*column).to_owned())),
                        expected: String::from("number as in the rows before it"),
                    });
                }
            }
        }
        Ok(())
    }

    /// Refuses what would not fit in memory, with the row.
    fn check_size(&self, table: &Table, rows: &Rows) -> Result<(), ImportError> {
        let mut width = (size_of::<Time>() + size_of::<u16>()) as u64 + self.owners.width();
        let mut beside = self.contacts.size() + self.events.size();
        for builder in &self.fields {
            let (each, words) = builder.size();
            width += each;
            beside += words;
        }
        if width * self.times.len() as u64 + beside > self.limit {
            return Err(ImportError::TooMuch {
                file: table.source.name(),
                line: rows.line(),
                limit: self.limit,
                width,
                fields: self.fields.len(),
            });
        }
        Ok(())
    }

    fn time(&self, table: &Table, rows: &Rows) -> Result<Time, ImportError> {
        self.clock.read(rows.cell(self.picks.time)).ok_or_else(|| ImportError::BadTime {
            at: Box::new(table.spot(rows.line(), self.picks.time, rows.text(self.picks.time).to_owned())),
            expected: self.clock.format.describe().to_owned(),
        })
    }

    fn code(&mut self, event: &[u8], table: &Table, rows: &Rows) -> Result<u16, ImportError> {
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

    fn finish(self, mapping: &Mapping, watch: &mut Watch) -> Result<Dataset, ImportError> {
        let Order { first, rows } = self.owners.order(&self.times, watch)?;
        let order = rows.as_deref();
        let mut fields = Vec::with_capacity(self.fields.len());
        for (builder, (name, _)) in self.fields.into_iter().zip(&mapping.fields) {
            fields.push(builder.finish(name.clone(), order, watch)?);
        }
        Ok(Dataset {
            contacts: self.contacts.into_words(),
            first,
            times: in_order(self.times, order, watch)?,
            codes: in_order(self.codes, order, watch)?,
            event_names: self.events.into_words(),
            fields,
            ..Dataset::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::super::delimited::{Overrides, Preview};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// More rows than the first look takes in, so that what comes late may be of another kind.
        #[test]
        fn what_is_read_in_hope_is_what_is_read_with_care(
            first in proptest::collection::vec("(ann|bob|),(2026-03-01|2026-02-01),(buy|go),(1|2\\.5|),(x|1|)", 1..4),
            late in proptest::collection::vec("(ann|cid|),(2026-03-0[1-9]|1/2/26),(buy|\"q\"),(7|x|é|1,5),(x|00123|)", 0..4),
            repeats in 1..6_000_usize,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("events.csv");
            let rows = |rows: &[String]| rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect::<String>();
            let content = format!("who,when,event,amount,tag\n{}{}", rows(&first).repeat(repeats), rows(&late));
            std::fs::write(&path, content).unwrap();
            let mut on = |_| ControlFlow::Continue(());
            let preview = Preview::read(&path, Overrides::default(), &mut on).unwrap();
            let Some(mapping) = Mapping::guess(&preview) else { return Ok(()) };
            let mut read = |care| {
                read_with(care, MEMORY_LIMIT, &path, &mapping, &Zone::default(), &mut Watch::new(&mut on))
            };
            let hope = read(Care::Hope);
            if let Ok(hope) = hope {
                let care = read(Care::Proof).unwrap();
                prop_assert_eq!((hope.rows, &hope.notes), (care.rows, &care.notes));
                // Unknown numbers differ from themselves.
                prop_assert_eq!(format!("{:?}", hope.dataset), format!("{:?}", care.dataset));
            }
        }
    }

    #[test]
    fn what_does_not_fit_in_memory_is_refused_with_the_row_it_ends_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        let mut content = String::from("who,when,event,amount\n");
        for row in 0..50_000 {
            writeln!(content, "c{},2026-03-01,buy,{row}", row / 1000).unwrap();
        }
        std::fs::write(&path, content).unwrap();
        let mut on = |_| ControlFlow::Continue(());
        let preview = Preview::read(&path, Overrides::default(), &mut on).unwrap();
        let mapping = Mapping::guess(&preview).unwrap();
        let mut read = |limit| read_within(limit, &path, &mapping, &Zone::default(), &mut Watch::new(&mut on));
        let error = read(18 * 20_000 + 8000).unwrap_err();
        let ImportError::TooMuch { line, width: 18, fields: 1, .. } = error else { panic!("{error}") };
        assert!((20_000..22_000).contains(&line), "{line}");
        assert!(error.to_string().contains("18 bytes per row"), "{error}");
        assert_eq!(read(18 * 50_000 + 8000).unwrap().dataset.times.len(), 50_000);
    }
}
