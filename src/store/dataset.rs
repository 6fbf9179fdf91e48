//! Datasets as columns, columns as chunks. A dataset reads back exactly as it was written, or not at all.

use std::cell::RefCell;
use std::path::Path;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::checksum::{self, Checksum};
use super::{StoreError, Transfer, connection, json_error};
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::{AttributeId, Dataset, DatasetId};

/// A chunk ends at so many rows or bytes, whichever comes first; SQLite keeps each in one blob. Between two chunks the
/// wish to call the writing off is heard.
const CHUNK_ROWS: usize = 1 << 18;
const CHUNK_BYTES: usize = 16 << 20;

/// Which columns a dataset has: kept as a column of one text.
#[derive(Serialize, Deserialize)]
struct Layout {
    fields: Vec<FieldLayout>,
    attributes: Vec<AttributeId>,
}

#[derive(Serialize, Deserialize)]
struct FieldLayout {
    name: String,
    /// Texts are two columns: the words, and a code per occurrence.
    texts: bool,
}

/// Reads the columns of dataset `id` from the project file.
///
/// # Errors
/// When they are not there, or do not fit together.
pub fn load(path: &Path, id: DatasetId) -> Result<Dataset, StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    let _locking = connection::locking();
    let connection = connection::to_read(path).map_err(failed)?;
    let reading = connection.unchecked_transaction().map_err(failed)?;
    let damaged = |why: &str| StoreError::damaged(path, format!("of dataset {}, {why}", id.0));
    match (Reader { connection: &reading, id, sum: RefCell::default() }).dataset() {
        Ok(Some(dataset)) => match dataset.fault() {
            None => Ok(dataset),
            Some(fault) => Err(damaged(fault)),
        },
        Ok(None) => Err(StoreError::NoDataset(path.to_owned())),
        Err(Unread::Sqlite(error)) => Err(failed(error)),
        Err(Unread::Column(name)) => Err(damaged(&format!("the column {name} does not read"))),
    }
}

/// The columns of dataset `id`, if all of them are there and fit together.
pub(super) fn whole(connection: &Connection, id: DatasetId) -> Option<Dataset> {
    let dataset = (Reader { connection, id, sum: RefCell::default() }).dataset().ok().flatten()?;
    dataset.fault().is_none().then_some(dataset)
}

/// Writes every column of `dataset` under `id`, all or, once `transfer` was called off, only some.
pub(super) fn write(
    connection: &Connection,
    id: DatasetId,
    dataset: &Dataset,
    transfer: &Transfer,
) -> rusqlite::Result<()> {
    transfer.begin(cells(dataset));
    let layout = Layout {
        fields: dataset
            .fields
            .iter()
            .map(|field| FieldLayout {
                name: field.name.clone(),
                texts: matches!(field.values, FieldValues::Texts { .. }),
            })
            .collect(),
        attributes: dataset.attributes.keys().copied().collect(),
    };
    let writer = Writer { connection, id, transfer, sum: RefCell::default() };
    writer.column("layout", &[serde_json::to_string(&layout).map_err(json_error)?])?;
    writer.column("contacts", &dataset.contacts)?;
    writer.column("first", &dataset.first)?;
    writer.column("times", &dataset.times)?;
    writer.column("codes", &dataset.codes)?;
    writer.column("event_names", &dataset.event_names)?;
    writer.column("zones", &dataset.zones)?;
    writer.column("starts", &dataset.starts)?;
    for (index, field) in dataset.fields.iter().enumerate() {
        match &field.values {
            FieldValues::Numbers(numbers) => writer.column(&format!("fields/{index}"), numbers)?,
            FieldValues::Texts { words, codes } => {
                writer.column(&format!("fields/{index}"), codes)?;
                writer.column(&format!("fields/{index}/words"), words)?;
            }
        }
    }
    for (attribute, values) in &dataset.attributes {
        writer.column(&format!("attributes/{}", attribute.0), values)?;
    }
    let sum = writer.sum.borrow().to_number();
    writer.column(checksum::NAME, &[sum])
}

/// Copies the columns of dataset `id` as they are, chunk by chunk.
pub(super) fn copy(from: &Path, to: &Connection, id: DatasetId) -> rusqlite::Result<()> {
    let _locking = connection::locking();
    let from = connection::to_read(from)?;
    let mut statement = from.prepare("SELECT name, chunk, row_count, bytes FROM dataset_column WHERE dataset = ?1")?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (name, chunk, row_count): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        insert_chunk(to, id, &name, chunk, row_count, row.get_ref(3)?.as_blob()?)?;
    }
    Ok(())
}

fn insert_chunk(
    connection: &Connection,
    id: DatasetId,
    name: &str,
    chunk: i64,
    row_count: i64,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO dataset_column (dataset, name, chunk, row_count, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id.0, name, chunk, row_count, bytes])?;
    Ok(())
}

/// How many values all columns have.
fn cells(dataset: &Dataset) -> u64 {
    let per_contact = dataset.contacts.len() + dataset.first.len() + dataset.zones.len() + dataset.starts.len();
    let attributes: usize = dataset.attributes.values().map(Vec::len).sum();
    let columns = 2 + dataset.fields.len();
    (per_contact + attributes + columns * dataset.times.len()) as u64
}

struct Writer<'a> {
    connection: &'a Connection,
    id: DatasetId,
    transfer: &'a Transfer,
    /// Of all chunks so far.
    sum: RefCell<Checksum>,
}

impl Writer<'_> {
    fn column<T: Cell>(&self, name: &str, mut cells: &[T]) -> rusqlite::Result<()> {
        let mut bytes = Vec::new();
        let mut chunk = 0;
        while !cells.is_empty() && !self.transfer.is_called_off() {
            bytes.clear();
            let mut rows = 0;
            for cell in cells.iter().take(CHUNK_ROWS) {
                cell.put(&mut bytes);
                rows += 1;
                if bytes.len() >= CHUNK_BYTES {
                    break;
                }
            }
            let count = i64::try_from(rows).unwrap_or(i64::MAX);
            insert_chunk(self.connection, self.id, name, chunk, count, &bytes)?;
            self.sum.borrow_mut().turn_chunk(name, chunk, count, &bytes);
            self.transfer.advance(rows);
            cells = &cells[rows..];
            chunk += 1;
        }
        Ok(())
    }
}

/// Why a dataset cannot be read.
enum Unread {
    Sqlite(rusqlite::Error),
    /// The bytes of this column are not what they should be.
    Column(String),
}

impl From<rusqlite::Error> for Unread {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

struct Reader<'a> {
    connection: &'a Connection,
    id: DatasetId,
    /// Of all chunks so far.
    sum: RefCell<Checksum>,
}

impl Reader<'_> {
    fn dataset(&self) -> Result<Option<Dataset>, Unread> {
        let Some(layout) = self.column::<String>("layout")?.pop() else { return Ok(None) };
        let layout: Layout = serde_json::from_str(&layout).map_err(|_| Unread::Column(String::from("layout")))?;
        let mut dataset = Dataset {
            contacts: self.column("contacts")?,
            first: self.column("first")?,
            times: self.column("times")?,
            codes: self.column("codes")?,
            event_names: self.column("event_names")?,
            zones: self.column("zones")?,
            starts: self.column("starts")?,
            ..Dataset::default()
        };
        for (index, field) in layout.fields.into_iter().enumerate() {
            let column = format!("fields/{index}");
            let values = if field.texts {
                let words = self.column(&format!("{column}/words"))?;
                FieldValues::Texts { words, codes: self.column(&column)? }
            } else {
                FieldValues::Numbers(self.column(&column)?)
            };
            dataset.fields.push(FieldColumn { name: field.name, values });
        }
        for attribute in layout.attributes {
            dataset.attributes.insert(attribute, self.column(&format!("attributes/{}", attribute.0))?);
        }
        let sum = self.sum.borrow().to_number();
        match self.column::<i64>(checksum::NAME)?.pop() {
            Some(stored) if stored != sum => Err(Unread::Column(String::from(checksum::NAME))),
            _ => Ok(Some(dataset)),
        }
    }

    fn column<T: Cell>(&self, name: &str) -> Result<Vec<T>, Unread> {
        let mut statement = self.connection.prepare_cached(
            "SELECT chunk, row_count, bytes FROM dataset_column WHERE dataset = ?1 AND name = ?2 ORDER BY chunk",
        )?;
        let mut rows = statement.query(params![self.id.0, name])?;
        let mut cells = Vec::new();
        let mut expected = 0;
        let unread = || Unread::Column(name.to_owned());
        while let Some(row) = rows.next()? {
            let (chunk, count): (i64, i64) = (row.get(0)?, row.get(1)?);
            let mut bytes = row.get_ref(2)?.as_blob().map_err(|_| unread())?;
            self.sum.borrow_mut().turn_chunk(name, chunk, count, bytes);
            let before = cells.len();
            while !bytes.is_empty() {
                cells.push(T::take(&mut bytes).ok_or_else(unread)?);
            }
            if chunk != expected || i64::try_from(cells.len() - before) != Ok(count) {
                return Err(unread());
            }
            expected += 1;
        }
        Ok(cells)
    }
}
