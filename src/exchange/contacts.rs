//! Adds what a table knows about contacts to the contacts of a dataset: their zone, their start and the attributes of the
//! project. A table and a dataset are matched by the id as written, so `00001` and `1` are two contacts.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::SIZE_LIMIT;
use super::column::number;
use super::delimited::Overrides;
use super::error::{ImportError, plural};
use super::events::{STEP, unused_columns};
use super::progress::{Progress, Stage, Watch};
use super::rows::Rows;
use super::source::Source;
use super::table::{Care, Table, find};
use super::time_format::{TimeClues, TimeFormat, Verdict, all_forms};
use crate::model::dataset::Dataset;
use crate::model::{AttributeId, AttributeKind, Project, Time, Value, Zone};

/// What came out of a table of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactsImport {
    pub notes: Vec<String>,
    pub rows: u64,
    /// Contacts of the table that had no events; they were added without any.
    pub added: u64,
}

/// Reads a table of contacts into `dataset`, which stays as it was if the table is refused.
///
/// `id` names the column that identifies the contact, usually that of the events; a table without it may call it
/// `contact`. A column called like an attribute of the project gives its values, `zone` an IANA name and `start` when the
/// contact enters; an empty cell says nothing. Wall times are of the contact's zone, else of the project's.
pub fn read_contacts(
    path: &Path,
    id: &str,
    project: &Project,
    dataset: &mut Dataset,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<ContactsImport, ImportError> {
    let mut watch = Watch::new(progress);
    Source::at(path)?.within(SIZE_LIMIT)?;
    let table = Table::open(path, Overrides::default(), Care::Proof, &mut watch)?;
    let picks = Picks::new(&table, id, project)?;
    let formats = time_formats(&table, &picks, &mut watch)?;
    let (rows, contacts) = read(&table, &picks, &formats, project, &mut watch)?;
    table.source.unchanged()?;
    let added = add(&picks, contacts, dataset);
    let mut notes = Vec::new();
    let taken = &table.columns[picks.id];
    if !taken.eq_ignore_ascii_case(id.trim()) {
        notes.push(format!("Contacts were matched by column \"{taken}\", as the table has no column \"{id}\"."));
    }
    if added > 0 {
        let number = usize::try_from(added).unwrap_or(usize::MAX);
        notes.push(format!(
            "{added} {} no events and {} added without any.",
            plural(number, "contact of the table has", "contacts of the table have"),
            plural(number, "was", "were")
        ));
    }
    notes.extend(unused_columns(&table, |column| {
        column == picks.id || picks.columns.iter().any(|(at, _)| *at == column)
    }));
    Ok(ContactsImport { notes, rows, added })
}

/// What a column of the table is taken for.
enum Use<'a> {
    Zone,
    Start,
    Attribute(AttributeId, &'a AttributeKind),
}

struct Picks<'a> {
    id: usize,
    /// The column of the zone, which has to be read before the times of its row.
    zone: Option<usize>,
    columns: Vec<(usize, Use<'a>)>,
}

impl<'a> Picks<'a> {
    fn new(table: &Table, id: &str, project: &'a Project) -> Result<Self, ImportError> {
        let id = match find(&table.columns, id).or_else(|| find(&table.columns, "contact")) {
            Some(index) => index,
            None => table.column(id)?,
        };
        let mut picks = Self { id, zone: None, columns: Vec::new() };
        for (index, name) in table.columns.iter().enumerate().filter(|(index, _)| *index != id) {
            if name.eq_ignore_ascii_case("zone") {
                picks.zone = Some(index);
                picks.columns.push((index, Use::Zone));
            } else if name.eq_ignore_ascii_case("start") {
                picks.columns.push((index, Use::Start));
            } else if let Some(attribute) = project.attribute_by_name(name) {
                picks.columns.push((index, Use::Attribute(attribute.id, &attribute.kind)));
            }
        }
        Ok(picks)
    }
}

/// How each column of times is written; `None` for the other columns.
fn time_formats(table: &Table, picks: &Picks, watch: &mut Watch) -> Result<Vec<Option<TimeFormat>>, ImportError> {
    let mut clues: Vec<Option<TimeClues>> = picks
        .columns
        .iter()
        .map(|(_, purpose)| {
            matches!(purpose, Use::Start | Use::Attribute(_, AttributeKind::Time)).then(TimeClues::default)
        })
        .collect();
    let mut rows = table.rows()?;
    let mut count = 0;
    while rows.advance()? {
        count += 1;
        for (clues, (column, _)) in clues.iter_mut().zip(&picks.columns) {
            let cell = rows.text(*column);
            if let Some(clues) = clues.as_mut().filter(|_| !cell.trim().is_empty()) {
                clues.observe(|| rows.line(), cell);
            }
        }
        if count % STEP == 0 {
            watch.step(Stage::Surveying, rows.bytes(), count)?;
        }
    }
    if count == 0 {
        return Err(ImportError::HeaderOnly { file: table.source.name() });
    }
    clues
        .into_iter()
        .zip(&picks.columns)
        .map(|(clues, (column, _))| match clues.map(TimeClues::verdict) {
            None => Ok(None),
            Some(Verdict::Decided(format, _)) => Ok(Some(format)),
            Some(Verdict::Unclear { line, value }) => {
                Err(ImportError::AmbiguousTableDates { at: Box::new(table.spot(line, *column, value)) })
            }
            Some(Verdict::Odd { line, value }) => Err(ImportError::BadTime {
                at: Box::new(table.spot(line, *column, value)),
                expected: format!("one form of dates for the whole column, of {}", all_forms()),
            }),
        })
        .collect()
}

/// What one row says.
struct Entry {
    id: String,
    zone: String,
    start: Option<Time>,
    attributes: Vec<Value>,
}

fn read(
    table: &Table,
    picks: &Picks,
    formats: &[Option<TimeFormat>],
    project: &Project,
    watch: &mut Watch,
) -> Result<(u64, Vec<Entry>), ImportError> {
    let mut rows = table.rows()?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut zones: HashMap<String, Zone> = HashMap::from([(String::new(), project.zone())]);
    let mut count = 0;
    while rows.advance()? {
        count += 1;
        if count % STEP == 0 {
            watch.step(Stage::Rereading, rows.bytes(), count)?;
        }
        let id = rows.text(picks.id).to_owned();
        let (file, line) = (table.source.name(), rows.line());
        if id.trim().is_empty() {
            return Err(ImportError::NoContact { file, line, column: table.columns[picks.id].clone() });
        }
        if let Some(first) = lines.insert(id.clone(), line) {
            return Err(ImportError::ContactTwice { file, line, first, contact: id });
        }
        entries.push(entry(id, table, &rows, picks, formats, &mut zones)?);
    }
    Ok((count, entries))
}

fn entry(
    id: String,
    table: &Table,
    rows: &Rows,
    picks: &Picks,
    formats: &[Option<TimeFormat>],
    zones: &mut HashMap<String, Zone>,
) -> Result<Entry, ImportError> {
    let bad = |column: usize, expected: String| ImportError::BadValue {
        at: Box::new(table.spot(rows.line(), column, rows.text(column).to_owned())),
        expected,
    };
    let name = picks.zone.map_or("", |column| rows.text(column).trim());
    if !zones.contains_key(name) {
        let zone = Zone::named(name)
            .map_err(|_| bad(picks.zone.unwrap_or_default(), String::from("time zone such as Europe/Berlin or UTC")))?;
        zones.insert(name.to_owned(), zone);
    }
    let zone = &zones[name];
    let mut entry = Entry { id, zone: name.to_owned(), start: None, attributes: Vec::new() };
    for ((column, purpose), format) in picks.columns.iter().zip(formats) {
        let cell = rows.text(*column).trim();
        let time = || {
            let format = format.unwrap_or(TimeFormat::YearFirst);
            format.parse(cell, zone).ok_or_else(|| ImportError::BadTime {
                at: Box::new(table.spot(rows.line(), *column, cell.to_owned())),
                expected: format.describe().to_owned(),
            })
        };
        match purpose {
            Use::Zone => {}
            Use::Start if cell.is_empty() => {}
            Use::Start => entry.start = Some(time()?),
            Use::Attribute(..) if cell.is_empty() => entry.attributes.push(Value::Unknown),
            Use::Attribute(_, AttributeKind::Time) => entry.attributes.push(Value::Time(time()?)),
            Use::Attribute(_, kind) => {
                let decimal_comma = table.layout.delimiter.allows_decimal_comma();
                let value =
                    value(rows.text(*column), kind, decimal_comma).map_err(|expected| bad(*column, expected))?;
                entry.attributes.push(value);
            }
        }
    }
    Ok(entry)
}

/// The value of a cell that is not empty, or what was expected.
fn value(cell: &str, kind: &AttributeKind, decimal_comma: bool) -> Result<Value, String> {
    let trimmed = cell.trim();
    match kind {
        AttributeKind::Text => Ok(Value::Text(cell.to_owned())),
        // A leading zero is fine where the project says that the column is a number.
        AttributeKind::Number | AttributeKind::Score => number(without_zeros(trimmed), decimal_comma)
            .map(Value::Number)
            .ok_or_else(|| String::from(if decimal_comma { "number such as 12,5" } else { "number such as 12.5" })),
        AttributeKind::YesNo => match trimmed.to_ascii_lowercase().as_str() {
            "yes" | "true" | "y" | "1" => Ok(Value::YesNo(true)),
            "no" | "false" | "n" | "0" => Ok(Value::YesNo(false)),
            _ => Err(String::from("yes or no")),
        },
        AttributeKind::Choice(choices) => choices
            .iter()
            .find(|choice| choice.as_str() == trimmed)
            .or_else(|| choices.iter().find(|choice| choice.eq_ignore_ascii_case(trimmed)))
            .map(|choice| Value::Text(choice.clone()))
            .ok_or_else(|| format!("choice of {}", choices.join(", "))),
        AttributeKind::Time => Err(String::from("date or time")),
    }
}

fn without_zeros(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix('0').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
        text = rest;
    }
    text
}

/// Puts the entries to their contacts; returns how many contacts were new.
fn add(picks: &Picks, entries: Vec<Entry>, dataset: &mut Dataset) -> u64 {
    let mut places: HashMap<String, usize> = dataset.contacts.iter().cloned().zip(0..).collect();
    let end = dataset.first.last().copied().unwrap_or_default();
    if dataset.first.is_empty() {
        dataset.first.push(end);
    }
    let mut added = 0;
    let mut targets = Vec::with_capacity(entries.len());
    for entry in &entries {
        let place = *places.entry(entry.id.clone()).or_insert_with(|| {
            added += 1;
            dataset.contacts.push(entry.id.clone());
            dataset.first.push(end);
            dataset.contacts.len() - 1
        });
        targets.push(place);
    }
    let contacts = dataset.contacts.len();
    let attributes: Vec<AttributeId> = picks
        .columns
        .iter()
        .filter_map(|(_, purpose)| match purpose {
            Use::Attribute(id, _) => Some(*id),
            Use::Zone | Use::Start => None,
        })
        .collect();
    for id in &attributes {
        dataset.attributes.entry(*id).or_default();
    }
    for column in dataset.attributes.values_mut() {
        column.resize(contacts, Value::Unknown);
    }
    if !dataset.zones.is_empty() || entries.iter().any(|entry| !entry.zone.is_empty()) {
        dataset.zones.resize(contacts, String::new());
    }
    if !dataset.starts.is_empty() || entries.iter().any(|entry| entry.start.is_some()) {
        dataset.starts.resize(contacts, None);
    }
    for (entry, place) in entries.into_iter().zip(targets) {
        for (id, value) in attributes.iter().zip(entry.attributes) {
            if let Some(cell) = dataset.attributes.get_mut(id).map(|column| &mut column[place])
                && value != Value::Unknown
            {
                *cell = value;
            }
        }
        if !entry.zone.is_empty() {
            dataset.zones[place] = entry.zone;
        }
        if entry.start.is_some() {
            dataset.starts[place] = entry.start;
        }
    }
    added
}
