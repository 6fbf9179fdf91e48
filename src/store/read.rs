//! Reads a whole project, believing nothing: tables, rows, references and history must fit together.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::checksum::Checksum;
use super::{Opened, Step, StoreError, entity};
use crate::model::{Change, DatasetId, Entity, EntityId, Project};

/// Beyond this, arithmetic on revisions and positions could overflow; no project gets there.
const LARGEST: i64 = 1 << 52;

/// Reads `file`; errors speak of it as `path`.
pub(super) fn project(file: &Path, path: &Path, connection: &Connection) -> Result<Opened, StoreError> {
    let failed = |error| StoreError::sqlite("read", path)(error);
    let damaged = |why: String| StoreError::damaged(path, why);
    // One transaction, so that everything is read from one state of the file; it begins with the first query.
    let reading = connection.unchecked_transaction().map_err(failed)?;
    let objects_found = objects(&reading).map_err(failed)?;
    let length = file.metadata().map_err(StoreError::io("read", path))?.len();
    if objects_found != expected_objects().map_err(failed)? {
        return Err(damaged(String::from("its tables are not those of a Statecraft project")));
    }
    // SQLite itself takes what is missing of the last page for zeros.
    if length < size(&reading).map_err(failed)? {
        return Err(damaged(String::from("its end is missing")));
    }
    let fault: String = reading.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if fault != "ok" {
        let fault = fault.trim_start_matches("*** in database main ***").replace('\n', " ");
        return Err(damaged(format!("SQLite's check says \"{}\"", fault.trim())));
    }
    let meta = Meta::read(&reading).map_err(failed)?.ok_or_else(|| damaged(String::from("its place is not kept")))?;
    let project = entities(&reading).map_err(failed)?.map_err(damaged)?;
    let (steps, oldest) = steps(&reading, meta.cursor).map_err(failed)?.map_err(damaged)?;
    check_entities(&project).map_err(damaged)?;
    let opened = Opened {
        project,
        steps,
        oldest,
        cursor: meta.cursor,
        revision: meta.revision,
        next_dataset: meta.next_dataset,
        read_only: true,
    };
    check_history(&opened).map_err(damaged)?;
    let stored = Checksum::stored(&reading).map_err(failed)?;
    if stored.is_some() && stored != Some(Checksum::of(&reading).map_err(failed)?) {
        return Err(damaged(String::from("what is in it is not what was saved")));
    }
    let next = next_dataset(&reading, &opened).map_err(failed)?;
    reading.finish().map_err(failed)?;
    Ok(Opened { next_dataset: next, ..opened })
}

/// In bytes, as the header has it.
fn size(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let size = number("PRAGMA page_count")?.saturating_mul(number("PRAGMA page_size")?);
    Ok(u64::try_from(size).unwrap_or(0))
}

/// Every table, index, view and trigger with its definition.
fn objects(connection: &Connection) -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
    let mut statement = connection.prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

fn expected_objects() -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
    let blank = Connection::open_in_memory()?;
    blank.execute_batch(include_str!("schema.sql"))?;
    objects(&blank)
}

struct Meta {
    revision: u64,
    cursor: u64,
    next_dataset: DatasetId,
}

impl Meta {
    /// `None` when its numbers make no sense.
    fn read(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let (revision, cursor, next): (i64, i64, i64) =
            connection.query_row("SELECT revision, cursor, next_dataset FROM meta", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let number = |number: i64| u64::try_from(number).ok().filter(|_| number <= LARGEST);
        let (Some(revision), Some(cursor), Ok(next)) = (number(revision), number(cursor), u32::try_from(next)) else {
            return Ok(None);
        };
        Ok(Some(Self { revision, cursor, next_dataset: DatasetId(next.max(1)) }))
    }
}

fn entities(connection: &Connection) -> rusqlite::Result<Result<Project, String>> {
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

fn check_entities(project: &Project) -> Result<(), String> {
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
fn check_history(opened: &Opened) -> Result<(), String> {
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

/// Above every id that is in use or was: those stored, and those that the project and its history mention.
fn next_dataset(connection: &Connection, opened: &Opened) -> rusqlite::Result<DatasetId> {
    let stored: i64 =
        connection.query_row("SELECT coalesce(max(dataset), 0) FROM dataset_column", [], |row| row.get(0))?;
    let stored = u32::try_from(stored.max(0)).unwrap_or(u32::MAX);
    let used = opened.project.datasets.keys().map(|id| id.0).max().unwrap_or(0);
    let mentioned = opened.steps.iter().flat_map(|step| &step.changes).filter_map(|change| match change.id {
        EntityId::Dataset(id) => Some(id.0),
        _ => None,
    });
    let highest = mentioned.max().unwrap_or(0).max(used).max(stored);
    Ok(DatasetId(opened.next_dataset.0.max(highest.saturating_add(1))))
}
