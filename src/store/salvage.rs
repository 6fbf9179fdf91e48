//! What can still be read of a damaged file, row by row, as a new project. The damaged file is kept aside byte for byte.
//! Nothing in it is run: only the rows of tables that are exactly ours are looked at. Says what is missing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, params};

use super::publish::copy_bytes;
use super::snapshot::{beside, sync_file, sync_folder};
use super::{
    DatasetSource, FORMAT, Opened, Snapshot, Step, StoreError, connection, dataset, dated, entity, new_identity, read,
};
use crate::model::{Change, DatasetId, Entity, EntityId, Population, Project};

/// So long may it take to try every row.
const PATIENCE: Duration = Duration::from_mins(1);
/// No project has more rows of one kind.
const MOST_ROWS: i64 = 5_000_000;

/// A project that was put together from a damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// The damaged file, byte for byte.
    pub aside: PathBuf,
    /// How many things were found: states, arrows, contacts and so on.
    pub found: usize,
    /// What was not found, a sentence each; empty when nothing is missing.
    pub missing: Vec<String>,
}

/// Keeps the file at `path` aside, and puts in its place what can still be read of it. Setting `called_off` ends it,
/// unless what was read is being written already.
///
/// # Errors
/// When nothing could be read, one of the files cannot be written, or it was called off; then the file at `path` is as it
/// was.
pub fn salvage(path: &Path, called_off: &Arc<AtomicBool>) -> Result<Salvaged, StoreError> {
    let path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
    let aside = keep_aside(&path)?;
    let written = take_over(&aside, &path, called_off).and_then(|(snapshot, found, missing)| {
        replace(&path, &aside, &snapshot, called_off)?;
        Ok(Salvaged { aside: aside.clone(), found, missing })
    });
    forget_unless(written, &aside)
}

/// Keeps the file at `path` aside, and puts an earlier version in its place. Says where the file is. Setting `called_off`
/// ends it, unless the version is being written already.
///
/// # Errors
/// When the version does not read, one of the files cannot be written, or it was called off; then the file at `path` is
/// as it was.
pub fn restore(path: &Path, version: &Path, called_off: &Arc<AtomicBool>) -> Result<PathBuf, StoreError> {
    let path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
    let snapshot = Snapshot::of_file(version)?;
    let aside = keep_aside(&path)?;
    forget_unless(replace(&path, &aside, &snapshot, called_off).map(|()| aside.clone()), &aside)
}

/// A copy that was made for nothing is no longer wanted.
fn forget_unless<T>(result: Result<T, StoreError>, aside: &Path) -> Result<T, StoreError> {
    if result.is_err() {
        // It is a copy; the file itself is where it was.
        let _ = fs::remove_file(aside);
    }
    result
}

/// Copies the file to a name that says what it is.
fn keep_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = dated(path, "damaged");
    copy_bytes(path, &aside).and_then(|()| sync_file(&aside)).map_err(StoreError::io("keep a copy of", path))?;
    sync_folder(&aside);
    Ok(aside)
}

/// Writes `snapshot` in the place of the file that was kept aside. What SQLite left beside the file goes aside with it,
/// and comes back where the writing fails.
fn replace(path: &Path, aside: &Path, snapshot: &Snapshot, called_off: &AtomicBool) -> Result<(), StoreError> {
    if called_off.load(Ordering::Relaxed) {
        return Err(StoreError::CalledOff(path.to_owned()));
    }
    let (journal, kept) = (beside(path, "-journal"), beside(aside, "-journal"));
    let has_journal = journal.exists();
    if has_journal {
        fs::rename(&journal, &kept).map_err(StoreError::io("keep a copy of", path))?;
        sync_folder(&kept);
    }
    let written = snapshot.write(path);
    if written.is_err() && has_journal {
        fs::rename(&kept, &journal).map_err(StoreError::io("put back the journal of", path))?;
    }
    written
}

/// Reads all that can be read of `file`; errors speak of it as `path`.
fn take_over(
    file: &Path,
    path: &Path,
    called_off: &Arc<AtomicBool>,
) -> Result<(Snapshot, usize, Vec<String>), StoreError> {
    let nothing = || {
        let called_off = called_off.load(Ordering::Relaxed);
        if called_off { StoreError::CalledOff(path.to_owned()) } else { StoreError::NothingLeft(path.to_owned()) }
    };
    let mut connection = connection::to_salvage(file).map_err(|_| nothing())?;
    connection::limit_time(&mut connection, PATIENCE, Arc::clone(called_off)).map_err(|_| nothing())?;
    let tables = sound_tables(&connection).ok_or_else(nothing)?;
    let mut missing = Missing::default();
    let (steps, all_steps) = if tables.contains("step") { steps(&connection) } else { (VecDeque::new(), false) };
    if !all_steps {
        missing.sentences.push(String::from("Steps of undo are missing."));
    }
    let (revision, cursor, next) = place(&connection, &tables, &steps);
    let mut project = Project::default();
    let mut found = BTreeSet::new();
    let (bodies, all_rows) =
        if tables.contains("entity") { rows(&connection, called_off) } else { (BTreeMap::new(), false) };
    let (keys, all_keys) = expected(&connection, &tables);
    if !all_rows && !all_keys {
        missing.sentences.push(String::from("More may be missing: the list of what there was is damaged, too."));
    }
    for ((kind, id), body) in &bodies {
        match entity::from_row(kind, *id, body) {
            Ok(entity) => {
                found.insert(entity.id());
                project.insert(entity);
            }
            Err(_) => missing.add(kind, *id),
        }
    }
    for (kind, id) in keys {
        if !bodies.contains_key(&(kind.clone(), id)) {
            missing.add(&kind, id);
        }
    }
    from_history(&steps, cursor, &mut project, &mut found, &mut missing);
    if found.iter().all(|id| matches!(id, EntityId::Info)) {
        return Err(nothing());
    }
    if !found.contains(&EntityId::Info) {
        project.info.name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        missing.sentences.push(String::from("The name and the note of the journey are missing."));
        missing.rows.remove(&(String::from("info"), 0));
    }
    let datasets = if tables.contains("dataset_column") { datasets(&connection, &project) } else { BTreeMap::new() };
    for (id, info) in project.datasets.clone() {
        if !datasets.contains_key(&id) {
            missing.sentences.push(format!("The imported data \"{}\" is missing.", info.name));
            project.datasets.remove(&id);
        }
    }
    mend(&mut project, &mut missing);
    let oldest = steps.front().map_or(1, |(position, _)| *position);
    let mut opened = Opened {
        project,
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        oldest,
        cursor,
        revision,
        next_dataset: DatasetId(next),
        identity: new_identity(),
        format: FORMAT,
        read_only: None,
    };
    if !opened.steps.is_empty() && read::check_history(&opened).is_err() {
        missing.sentences.push(String::from("The steps of undo do not fit any more and were left out."));
        (opened.steps, opened.oldest, opened.cursor) = (VecDeque::new(), 1, 0);
    }
    let count = opened.project.entities().count() - 1;
    let snapshot = Snapshot {
        project: opened.project,
        steps: opened.steps.into_iter().collect(),
        oldest: opened.oldest,
        cursor: opened.cursor,
        revision: opened.revision,
        next_dataset: opened.next_dataset,
        datasets: datasets.into_iter().map(|(id, dataset)| (id, DatasetSource::Memory(Arc::new(dataset)))).collect(),
        own_file: None,
        identity: opened.identity,
    };
    Ok((snapshot, count, missing.into_sentences()))
}

/// What is known to be missing, each thing once.
#[derive(Default)]
struct Missing {
    rows: BTreeSet<(String, i64)>,
    sentences: Vec<String>,
}

impl Missing {
    fn add(&mut self, kind: &str, id: i64) {
        self.rows.insert((kind.to_owned(), id));
    }

    fn into_sentences(self) -> Vec<String> {
        let rows = self.rows.into_iter().map(|(kind, id)| match in_words(&kind) {
            Some(words) => format!("The {words} with the number {id} is missing."),
            None => format!("Something of an unknown kind with the number {id} is missing."),
        });
        rows.chain(self.sentences).collect()
    }
}

fn in_words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "info" => "description of the journey",
        "node" => "state",
        "transition" => "arrow",
        "event" => "event",
        "attribute" => "attribute",
        "touchpoint" => "touchpoint",
        "score_rule" => "score rule",
        "decision" => "decision of the matrix",
        "contact" => "sample contact",
        "expectation" => "expectation",
        "behaviour" => "behaviour",
        "team" => "team",
        "generator" => "generated population",
        "scenario" => "scenario",
        "dataset" => "imported data",
        _ => return None,
    })
}

/// The tables that are defined exactly as ours; `None` when not even that can be read.
fn sound_tables(connection: &Connection) -> Option<BTreeSet<String>> {
    let found = read::objects(connection).ok()?;
    let mut tables = BTreeSet::new();
    for format in 1..=FORMAT {
        let expected = read::expected_objects(format).ok()?;
        tables.extend(found.iter().filter(|object| expected.contains(object)).map(|object| object.name.clone()));
    }
    Some(tables)
}

type Bodies = BTreeMap<(String, i64), String>;

/// Rows by key: forwards and backwards until something does not read, then each row between by itself. With it, whether
/// all were read.
fn rows(connection: &Connection, called_off: &AtomicBool) -> (Bodies, bool) {
    let mut bodies = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut read = |sql: &str, number: Option<i64>| -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = match number {
            Some(number) => statement.query(params![number])?,
            None => statement.query([])?,
        };
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            seen.insert(number);
            if let (Ok(kind), Ok(id), Ok(body)) = (row.get(1), row.get(2), row.get(3)) {
                bodies.insert((kind, id), body);
            }
        }
        Ok(())
    };
    if read("SELECT rowid, kind, id, body FROM entity NOT INDEXED ORDER BY rowid", None).is_ok() {
        return (bodies, true);
    }
    // What comes before the damage was read; errors are what this is about.
    let _ = read("SELECT rowid, kind, id, body FROM entity NOT INDEXED ORDER BY rowid DESC", None);
    let last = seen.last().copied().unwrap_or(0).clamp(1_000, MOST_ROWS);
    let between: Vec<i64> = (1..=last).filter(|number| !seen.contains(number)).collect();
    let mut read_one = |number: i64| -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare_cached("SELECT kind, id, body FROM entity NOT INDEXED WHERE rowid = ?1")?;
        let (kind, id, body) = statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        bodies.insert((kind, id), body);
        Ok(())
    };
    for number in between.into_iter().take_while(|_| !called_off.load(Ordering::Relaxed)) {
        let _ = read_one(number);
    }
    (bodies, false)
}

/// The keys that the index knows: what should be there. With it, whether these are all.
fn expected(connection: &Connection, tables: &BTreeSet<String>) -> (Vec<(String, i64)>, bool) {
    let mut keys = Vec::new();
    if !tables.contains("entity") {
        return (keys, false);
    }
    let mut read = |sql: &str| -> rusqlite::Result<()> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            keys.push((row.get(0)?, row.get(1)?));
        }
        Ok(())
    };
    let forwards = read("SELECT kind, id FROM entity INDEXED BY sqlite_autoindex_entity_1 ORDER BY kind, id");
    if forwards.is_err() {
        // Where the index is damaged as well, it tells what it can.
        let _ = read("SELECT kind, id FROM entity INDEXED BY sqlite_autoindex_entity_1 ORDER BY kind DESC, id DESC");
    }
    let all = forwards.is_ok();
    (keys, all)
}

/// The newest steps without a gap, with their positions. With it, whether these are all.
fn steps(connection: &Connection) -> (VecDeque<(u64, Arc<Step>)>, bool) {
    let mut all = BTreeMap::new();
    let mut read = |sql: &str| -> rusqlite::Result<()> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (position, title, changes): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let changes = serde_json::from_str(&changes).ok();
            if let (Ok(position @ 1..), Some(changes)) = (u64::try_from(position), changes) {
                all.insert(position, Arc::new(Step { title, changes }));
            }
        }
        Ok(())
    };
    let forwards = read("SELECT position, title, changes FROM step ORDER BY position");
    if forwards.is_err() {
        let _ = read("SELECT position, title, changes FROM step ORDER BY position DESC");
    }
    let (mut steps, found) = (VecDeque::new(), all.len());
    for (position, step) in all.into_iter().rev() {
        if steps.front().is_some_and(|(first, _): &(u64, _)| *first != position + 1) {
            break;
        }
        steps.push_front((position, step));
    }
    let whole = forwards.is_ok() && steps.len() == found;
    (steps, whole)
}

/// Revision, cursor and the next dataset, where they are known; else after all the steps.
fn place(connection: &Connection, tables: &BTreeSet<String>, steps: &VecDeque<(u64, Arc<Step>)>) -> (u64, u64, u32) {
    let last = steps.back().map_or(0, |(position, _)| *position);
    let first = steps.front().map_or(1, |(position, _)| *position);
    let stored: Option<(i64, i64, i64)> = connection
        .query_row("SELECT revision, cursor, next_dataset FROM meta", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .ok()
        .filter(|_| tables.contains("meta"));
    let (revision, cursor, next) = stored.unwrap_or((0, i64::MAX, 0));
    let largest = 1 << 52;
    let revision = u64::try_from(revision).unwrap_or(0).clamp(1, largest);
    let cursor = u64::try_from(cursor).unwrap_or(u64::MAX).clamp(first - 1, last.max(first - 1));
    (revision, cursor, u32::try_from(next).unwrap_or(0).max(1))
}

/// What the table has lost may stand in the history: as what the last step that touched it left.
fn from_history(
    steps: &VecDeque<(u64, Arc<Step>)>,
    cursor: u64,
    project: &mut Project,
    found: &mut BTreeSet<EntityId>,
    missing: &mut Missing,
) {
    let mut last: BTreeMap<EntityId, Option<&Entity>> = BTreeMap::new();
    for (_, step) in steps.iter().filter(|(position, _)| *position <= cursor) {
        for change in &step.changes {
            last.insert(change.id, change.after.as_ref());
        }
    }
    for (id, entity) in last {
        let Some(entity) = entity.filter(|entity| entity.id() == id && !found.contains(&id)) else { continue };
        let (kind, number) = entity::key(id);
        missing.rows.remove(&(kind.to_owned(), i64::from(number)));
        found.insert(id);
        project.insert(entity.clone());
    }
}

fn datasets(connection: &Connection, project: &Project) -> BTreeMap<DatasetId, crate::model::Dataset> {
    let whole = |id: &DatasetId| dataset::whole(connection, *id).map(|columns| (*id, columns));
    project.datasets.keys().filter_map(whole).collect()
}

/// Takes out what refers to something that is missing, until all that is left fits together.
fn mend(project: &mut Project, missing: &mut Missing) {
    let nodes: BTreeSet<_> = project.nodes.keys().copied().collect();
    if project.info.start.is_some_and(|start| !nodes.contains(&start)) {
        project.info.start = None;
        missing.sentences.push(String::from("The state that contacts start in is missing; choose another."));
    }
    for node in project.nodes.values_mut() {
        if node.parent.is_some_and(|parent| !nodes.contains(&parent)) {
            node.parent = None;
            missing.sentences.push(format!("The group around the state {} is missing.", node.name));
        }
        node.initial = node.initial.filter(|initial| nodes.contains(initial));
        node.also.retain(|also| nodes.contains(also));
    }
    for scenario in project.scenarios.values_mut() {
        let exists = match scenario.population {
            Population::Samples => true,
            Population::Dataset(id) => project.datasets.contains_key(&id),
            Population::Generated(id) => project.generators.contains_key(&id),
        };
        if !exists {
            scenario.population = Population::Samples;
        }
    }
    loop {
        let faulty: Vec<(EntityId, String)> = project
            .entities()
            .filter_map(|entity| Some((entity.id(), project.fault(&entity)?.to_string())))
            .filter(|(id, _)| *id != EntityId::Info)
            .collect();
        if faulty.is_empty() {
            return;
        }
        let described =
            faulty.iter().map(|(id, fault)| format!("Left out, since it {fault}: {}.", project.describe(*id)));
        missing.sentences.extend(described.collect::<Vec<_>>());
        for (id, _) in faulty {
            Change { id, before: None, after: None }.apply(project);
        }
    }
}
