//! Which column holds what. Knows the names of columns and a few of their values, but not the file.

use super::delimited::{Layout, Preview};
use super::error::ImportError;
use super::table::{find, unknown_column};
use super::time_format::{TimeFormat, all_forms};

/// Which columns of a table of events hold what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// How the preview read the file, so that reading sees the same columns.
    pub layout: Layout,
    /// The column that identifies the contact.
    pub contact: String,
    /// The column of the date or time.
    pub time: String,
    /// How dates are written; found out from the column where `None`.
    pub time_format: Option<TimeFormat>,
    pub event: EventSource,
    /// Name of the field and the column it comes from.
    pub fields: Vec<(String, String)>,
}

/// What says which event a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSource {
    Column(String),
    /// Every row is this event.
    Name(String),
}

impl Mapping {
    /// Reads `--map FIELD=COLUMN …` and `--event NAME`. `contact`, `time`, `event` and `time_format` are taken, every
    /// other name becomes a field of the events.
    pub fn from_arguments(
        map: &[(String, String)],
        event: Option<&str>,
        preview: &Preview,
    ) -> Result<Self, ImportError> {
        for (index, (field, _)) in map.iter().enumerate() {
            if map[..index].iter().any(|(other, _)| other == field) {
                return Err(ImportError::MappedTwice { field: field.clone() });
            }
        }
        let argument = |name: &str| map.iter().find(|(field, _)| field == name).map(|(_, column)| column.as_str());
        let column = |wanted: &str| {
            find(&preview.columns, wanted)
                .map(|index| preview.columns[index].clone())
                .ok_or_else(|| unknown_column(&preview.file, &preview.columns, wanted))
        };
        let unmapped = |what, remedy| ImportError::Unmapped {
            file: preview.file.clone(),
            what,
            remedy,
            columns: preview.columns.clone(),
        };
        let contact = argument("contact").ok_or_else(|| unmapped("the contact", "--map contact=COLUMN"))?;
        let time = argument("time").ok_or_else(|| unmapped("the time", "--map time=COLUMN"))?;
        let name = event.map(str::trim).filter(|name| !name.is_empty());
        let event = match (argument("event"), name) {
            (Some(_), Some(_)) => return Err(ImportError::MappedTwice { field: String::from("event") }),
            (Some(name), None) => EventSource::Column(column(name)?),
            (None, Some(name)) => EventSource::Name(name.to_owned()),
            (None, None) => return Err(unmapped("the event", "--map event=COLUMN, or --event NAME for all rows")),
        };
        let time_format = argument("time_format")
            .map(|text| {
                text.parse().map_err(|()| ImportError::UnknownTimeFormat { text: text.to_owned(), forms: all_forms() })
            })
            .transpose()?;
        let fields = map
            .iter()
            .filter(|(field, _)| !["contact", "time", "event", "time_format"].contains(&field.as_str()))
            .map(|(field, name)| Ok((field.clone(), column(name)?)))
            .collect::<Result<_, ImportError>>()?;
        Ok(Self { layout: preview.layout, contact: column(contact)?, time: column(time)?, time_format, event, fields })
    }

    /// A first proposal for the dialog, from the names of the columns and what they hold; `None` without a column of
    /// dates or a second column. Every column that is left becomes a field.
    #[must_use]
    pub fn guess(preview: &Preview) -> Option<Self> {
        let columns = &preview.columns;
        let dated: Vec<usize> = (0..columns.len()).filter(|index| holds_dates(preview, *index)).collect();
        let time = named(columns, &dated, TIME_NAMES).or_else(|| dated.first().copied())?;
        let others: Vec<usize> = (0..columns.len()).filter(|index| *index != time).collect();
        let undated: Vec<usize> = others.iter().copied().filter(|index| !dated.contains(index)).collect();
        let contact = named(columns, &others, CONTACT_NAMES).or_else(|| undated.first().or(others.first()).copied())?;
        let rest: Vec<usize> = others.into_iter().filter(|index| *index != contact).collect();
        let event = named(columns, &rest, EVENT_NAMES);
        Some(Self {
            layout: preview.layout,
            contact: columns[contact].clone(),
            time: columns[time].clone(),
            time_format: None,
            event: match event {
                Some(index) => EventSource::Column(columns[index].clone()),
                None => EventSource::Name(String::from("event")),
            },
            fields: rest
                .into_iter()
                .filter(|index| Some(*index) != event)
                .map(|index| (columns[index].clone(), columns[index].clone()))
                .collect(),
        })
    }
}

/// Most telling first; compared without case, spaces and marks.
const CONTACT_NAMES: &[&str] = &[
    "contact",
    "contactid",
    "customerid",
    "userid",
    "clientid",
    "leadid",
    "personid",
    "caseconceptname",
    "caseid",
    "customer",
    "user",
    "client",
    "lead",
    "person",
    "case",
    "email",
    "emailaddress",
    "kunde",
    "kundennummer",
    "kundenid",
    "id",
];
const TIME_NAMES: &[&str] = &[
    "time",
    "timestamp",
    "timetimestamp",
    "eventtime",
    "occurredat",
    "datetime",
    "date",
    "invoicedate",
    "orderdate",
    "createdat",
    "created",
    "datum",
    "zeit",
];
const EVENT_NAMES: &[&str] =
    &["event", "eventname", "conceptname", "activity", "eventtype", "action", "type", "ereignis"];

fn named(columns: &[String], candidates: &[usize], names: &[&str]) -> Option<usize> {
    let plain =
        |name: &str| -> String { name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect() };
    let candidates: Vec<(usize, String)> = candidates.iter().map(|index| (*index, plain(&columns[*index]))).collect();
    names.iter().find_map(|name| candidates.iter().find(|(_, column)| column == name)).map(|(index, _)| *index)
}

/// All shown values are dates or times.
fn holds_dates(preview: &Preview, column: usize) -> bool {
    let mut values = preview.values(column).filter(|value| !value.trim().is_empty()).peekable();
    let both = |value: &str| {
        [TimeFormat::DayFirst, TimeFormat::MonthFirst]
            .iter()
            .any(|format| format.parse(value, &crate::model::Zone::default()).is_some())
    };
    values.peek().is_some() && values.all(|value| TimeFormat::of(value).is_some() || both(value))
}
