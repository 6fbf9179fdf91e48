//! Reads a whole project, believing nothing: tables, rows, references and history must fit together.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use super::checksum::Checksum;
use super::error::TIME_LIMIT_SECONDS;
use super::{FORMAT, Opened, Step, StoreError, connection, entity, migration};
use crate::model::{Change, DatasetId, Entity, EntityId, Project};

/// Beyond this, arithmetic on revisions and positions could overflow; no project gets there.
const LARGEST: i64 = 1 << 52;

/// How much of a file is looked at before it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Every page, and whether the indexes agree with the tables.
    Whole,
    /// The tables that are read at once; the columns of datasets are for later.
    Tables,
}

/// Reads `file`; errors speak of it as `path`. Gives up when SQLite takes too long.
pub(super) fn project(
    file: &Path,
    path: &Path,
    connection: &mut Connection,
    depth: Depth,
) -> Result<Opened, StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    connection::limit_time(connection, Duration::from_secs(TIME_LIMIT_SECONDS), Arc::default()).map_err(failed)?;
    let length = file.metadata().map_err(StoreError::io("read", path))?.len();
    // One transaction, so that everything is read from one state of the file; it begins with the first query.
    let reading = connection.unchecked_transaction().map_err(failed)?;
    // SQLite itself takes what is missing of the last page for zeros.
    if length < size(&reading).map_err(failed)? {
        return Err(StoreError::damaged(path, "its end is missing"));
    }
    let opened = content(path, &reading, depth)?;
    reading.finish().map_err(failed)?;
    connection.progress_handler(0, None::<fn() -> bool>).map_err(failed)?;
    Ok(opened)
}

/// Reads what `connection` is on.
pub(super) fn content(path: &Path, connection: &Connection, depth: Depth) -> Result<Opened, StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    let damaged = |why: String| StoreError::damaged(path, why);
    let format: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    check_objects(path, connection, format)?;
    check_pages(connection, depth).map_err(failed)?.map_err(damaged)?;
    let meta = Meta::read(connection, format)
        .map_err(failed)?
        .ok_or_else(|| damaged(String::from("its place is not kept")))?;
    let project = entities(connection, format > FORMAT).map_err(failed)?.map_err(damaged)?;
    let (steps, oldest) = steps(connection, meta.cursor).map_err(failed)?.map_err(damaged)?;
    let stored = highest_dataset(connection).map_err(failed)?;
    check_entities(&project).map_err(damaged)?;
    let opened = Opened {
        project,
        steps,
        oldest,
        cursor: meta.cursor,
        revision: meta.revision,
        next_dataset: meta.next_dataset,
        identity: meta.identity,
        format,
        read_only: None,
    };
    check_history(&opened).map_err(damaged)?;
    if format == FORMAT {
        check_sum(path, connection)?;
    }
    Ok(Opened { next_dataset: next_dataset(stored, &opened), ..opened })
}

/// What was saved and what is there must be the same to the bit.
fn check_sum(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    match Checksum::stored(connection).map_err(failed)? {
        Some(stored) if stored != Checksum::of(connection).map_err(failed)? => {
            Err(StoreError::damaged(path, "what is in it is not what was saved"))
        }
        _ => Ok(()),
    }
}

/// The tables must be exactly ours. Those of a newer format, where it says that we may read it, must at least be tables.
fn check_objects(path: &Path, connection: &Connection, format: u32) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    let found = objects(connection).map_err(failed)?;
    if format > FORMAT {
        let told = migration::readers(connection);
        return match told {
            Some((minimum, _)) if minimum <= FORMAT && found.iter().all(Object::is_plain) => Ok(()),
            told => Err(StoreError::TooNew {
                path: path.to_owned(),
                found: format,
                supported: FORMAT,
                needs: told.map(|(_, version)| version),
            }),
        };
    }
    let expected = expected_objects(format).map_err(failed)?;
    if found == expected {
        return Ok(());
    }
    let extra = found.iter().find(|object| !expected.contains(object));
    match extra {
        Some(extra) if expected.iter().all(|object| found.contains(object)) => {
            Err(StoreError::Extras { path: path.to_owned(), what: extra.in_words() })
        }
        _ => Err(StoreError::damaged(path, "its tables are not those of a Statecraft project")),
    }
}

/// What SQLite finds at fault, if anything.
fn check_pages(connection: &Connection, depth: Depth) -> rusqlite::Result<Result<(), String>> {
    let checks: &[&str] = match depth {
        Depth::Whole => &["PRAGMA integrity_check(1)"],
        Depth::Tables => &["PRAGMA quick_check('meta')", "PRAGMA quick_check('entity')", "PRAGMA quick_check('step')"],
    };
    for check in checks {
        let fault: String = connection.query_row(check, [], |row| row.get(0))?;
        if fault != "ok" {
            let fault = fault.trim_start_matches("*** in database main ***").replace('\n', " ");
            return Ok(Err(format!("SQLite's check says \"{}\"", fault.trim())));
        }
    }
    Ok(Ok(()))
}

/// In bytes, as the header has it.
fn size(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let size = number("PRAGMA page_count")?.saturating_mul(number("PRAGMA page_size")?);
    Ok(u64::try_from(size).unwrap_or(0))
}

/// A table, index, view or trigger with its definition.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Object {
    kind: String,
    pub(super) name: String,
    table: String,
    sql: Option<String>,
}

impl Object {
    fn is_plain(&self) -> bool {
        let is_virtual = self.sql.as_ref().is_some_and(|sql| sql.to_ascii_uppercase().contains("VIRTUAL"));
        matches!(self.kind.as_str(), "table" | "index") && !is_virtual
    }

    /// `a trigger "t"`, shortened, since anything may stand in a file.
    fn in_words(&self) -> String {
        let name: String = self.name.chars().filter(|c| !c.is_control()).take(40).collect();
        let article = if self.kind == "index" { "an" } else { "a" };
        format!("{article} {} \"{name}\"", self.kind)
    }
}

/// Every one, SQLite's own indexes too.
pub(super) fn objects(connection: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name, tbl_name")?;
    let rows = statement.query_map([], |row| {
        Ok(Object { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
    })?;
    rows.collect()
}

pub(super) fn expected_objects(format: u32) -> rusqlite::Result<Vec<Object>> {
    let blank = Connection::open_in_memory()?;
    blank.execute_batch(migration::schema(format))?;
    objects(&blank)
}

struct Meta {
    revision: u64,
    cursor: u64,
    next_dataset: DatasetId,
    identity: String,
}

impl Meta {
    /// `None` when its numbers make no sense.
    fn read(connection: &Connection, format: u32) -> rusqlite::Result<Option<Self>> {
        let (revision, cursor, next): (i64, i64, i64) =
            connection.query_row("SELECT revision, cursor, next_dataset FROM meta", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let identity = if format >= 2 {
            connection.query_row("SELECT identity FROM meta", [], |row| row.get(0))?
        } else {
            String::new()
        };
        let number = |number: i64| u64::try_from(number).ok().filter(|_| number <= LARGEST);
        let (Some(revision), Some(cursor), Ok(next)) = (number(revision), number(cursor), u32::try_from(next)) else {
            return Ok(None);
        };
        Ok(Some(Self { revision, cursor, next_dataset: DatasetId(next.max(1)), identity }))
    }
}

/// `newer`: of a format whose new kinds of things we may overlook, as it says itself.
fn entities(connection: &Connection, newer: bool) -> rusqlite::Result<Result<Project, String>> {
    let mut project = Project::default();
    let mut informed = false;
    let mut statement = connection.prepare("SELECT kind, id, body FROM entity")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, id, body): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match entity::from_row(&kind, id, &body) {
            Ok(entity) => {
                informed |= entity.id() == EntityId::Info;
                project.insert(entity);
            }
            Err(_) if newer && !entity::is_known(&kind) => {}
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(if informed { Ok(project) } else { Err(String::from("the journey itself is missing")) })
}

type Steps = (VecDeque<Arc<Step>>, u64);

/// The steps and the position of the first.
fn steps(connection: &Connection, cursor: u64) -> rusqlite::Result<Result<Steps, String>> {
    let mut steps = VecDeque::new();
    let mut oldest = None;
    let mut statement = connection.prepare("SELECT position, title, changes FROM step ORDER BY position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (position, title, changes): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(number) = u64::try_from(position).ok().filter(|_| (1..=LARGEST).contains(&position)) else {
            return Ok(Err(format!("its history has a step {position}")));
        };
        let first = *oldest.get_or_insert(number);
        if number - first != steps.len() as u64 {
            return Ok(Err(format!("step {} of its history is missing", first + steps.len() as u64)));
        }
        match serde_json::from_str(&changes) {
            Ok(changes) => steps.push_back(Arc::new(Step { title, changes })),
            Err(error) => return Ok(Err(format!("step {position} of its history does not read ({error})"))),
        }
    }
    let oldest = oldest.unwrap_or(cursor + 1);
    if cursor + 1 < oldest || cursor >= oldest + steps.len() as u64 {
        return Ok(Err(format!("its history has no step {cursor}, where it should stand")));
    }
    Ok(Ok((steps, oldest)))
}

pub(super) fn check_entities(project: &Project) -> Result<(), String> {
    project.entities().try_for_each(|entity| check_entity(project, &entity))
}

fn check_entity(project: &Project, entity: &Entity) -> Result<(), String> {
    match project.fault(entity) {
        Some(fault) => {
            let (kind, id) = entity::key(entity.id());
            Err(format!("{kind} {id} {fault}"))
        }
        None => Ok(()),
    }
}

/// Takes every step back to the oldest, and on to the newest, as Undo and Redo will.
pub(super) fn check_history(opened: &Opened) -> Result<(), String> {
    let done = usize::try_from(opened.cursor + 1 - opened.oldest).unwrap_or(usize::MAX);
    let mut project = opened.project.clone();
    for (index, step) in opened.steps.iter().enumerate().take(done).rev() {
        let back: Vec<Change> = step.changes.iter().rev().map(Change::inverse).collect();
        take_step(&mut project, &back, opened.oldest + index as u64)?;
    }
    let mut project = opened.project.clone();
    for (index, step) in opened.steps.iter().enumerate().skip(done) {
        take_step(&mut project, &step.changes, opened.oldest + index as u64)?;
    }
    Ok(())
}

fn take_step(project: &mut Project, changes: &[Change], position: u64) -> Result<(), String> {
    let unfit = || format!("step {position} of its history does not fit");
    for change in changes {
        let same = |entity: &Option<Entity>| entity.as_ref().is_none_or(|entity| entity.id() == change.id);
        let removes_journey = change.id == EntityId::Info && (change.before.is_none() || change.after.is_none());
        let fits = same(&change.before) && same(&change.after) && !removes_journey;
        if !fits || project.entity(change.id) != change.before {
            return Err(unfit());
        }
        change.apply(project);
    }
    for entity in changes.iter().filter_map(|change| change.after.as_ref()) {
        check_entity(project, entity).map_err(|why| format!("{} ({why})", unfit()))?;
    }
    Ok(())
}

fn highest_dataset(connection: &Connection) -> rusqlite::Result<u32> {
    let stored: i64 =
        connection.query_row("SELECT coalesce(max(dataset), 0) FROM dataset_column", [], |row| row.get(0))?;
    Ok(u32::try_from(stored.max(0)).unwrap_or(u32::MAX))
}

/// Above every id that is in use or was: those stored, and those that the project and its history mention.
fn next_dataset(stored: u32, opened: &Opened) -> DatasetId {
    let used = opened.project.datasets.keys().map(|id| id.0).max().unwrap_or(0);
    let mentioned = opened.steps.iter().flat_map(|step| &step.changes).filter_map(|change| match change.id {
        EntityId::Dataset(id) => Some(id.0),
        _ => None,
    });
    let highest = mentioned.max().unwrap_or(0).max(used).max(stored);
    DatasetId(opened.next_dataset.0.max(highest.saturating_add(1)))
}
