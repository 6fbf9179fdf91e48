//! The formats that there were, and the way from each to the next. A file is brought up in one transaction that counts
//! only when it then reads as the same project. Every format that was ever written stays readable.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::checksum::Checksum;
use super::read::{self, Depth};
use super::{FORMAT, Opened, StoreError, connection, new_identity};

/// The oldest format whose programs understand what we write, and the version that brought it.
pub(super) const MINIMUM_READER: u32 = 2;
pub(super) const MINIMUM_VERSION: &str = "0.1.0";

/// The tables of a format, as they must be found.
pub(super) fn schema(format: u32) -> &'static str {
    match format {
        1 => include_str!("schema/1.sql"),
        _ => include_str!("schema/2.sql"),
    }
}

/// The step to each format from the one before, the first to format 2.
const STEPS: [fn(&Transaction<'_>) -> rusqlite::Result<()>; 1] = [to_2];

/// Gives the project an identity, and says who can read it.
fn to_2(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let (revision, writer, cursor, next): (i64, i64, i64, i64) =
        transaction.query_row("SELECT revision, writer, cursor, next_dataset FROM meta", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    transaction.execute_batch("DROP TABLE meta")?;
    // The definition must be that of a new file to the letter.
    transaction.execute_batch(statement_of(schema(2), "CREATE TABLE meta"))?;
    transaction.execute(
        "INSERT INTO meta VALUES (1, ?1, ?2, ?3, ?4, ?5, 2, '0.1.0', NULL)",
        params![revision, writer, cursor, next, new_identity()],
    )?;
    Ok(())
}

/// The statement of a schema that begins so. Comments inside may have any sign.
fn statement_of(schema: &'static str, start: &str) -> &'static str {
    const END: &str = "\n) STRICT;";
    let from = schema.find(start).unwrap_or(0);
    let length = schema[from..].find(END).map_or(schema.len() - from, |end| end + END.len());
    &schema[from..from + length]
}

/// Brings `file` to the format of today; `before` is what it holds. When this fails, the file is as it was.
pub(super) fn bring_up(file: &Path, path: &Path, before: &Opened) -> Result<Opened, StoreError> {
    let failed = |error| StoreError::sqlite("bring to the format of today", path)(error);
    let mut connection = connection::to_write(file).map_err(failed)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    for step in STEPS.iter().skip(before.format as usize - 1) {
        step(&transaction).map_err(failed)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
    Checksum::of(&transaction).and_then(|sum| sum.store(&transaction)).map_err(failed)?;
    let after = read::content(path, &transaction, Depth::Whole)?;
    let same = after.project == before.project
        && after.steps == before.steps
        && (after.oldest, after.cursor, after.revision) == (before.oldest, before.cursor, before.revision)
        && after.next_dataset == before.next_dataset;
    if !same {
        return Err(StoreError::damaged(path, "it does not read the same in the format of today"));
    }
    transaction.commit().map_err(failed)?;
    Ok(after)
}

/// The oldest format whose programs can read the file, and the version that brought it, as a file of any format from 2
/// on says; `None` where it does not say.
pub(super) fn readers(connection: &Connection) -> Option<(u32, String)> {
    let said: Option<(u32, String)> = connection
        .query_row("SELECT minimum_reader, minimum_version FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .ok();
    // Anything may stand in a file; only a version is repeated.
    said.filter(|(_, version)| version.len() <= 20 && version.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_step_to_every_format() {
        assert_eq!(STEPS.len() + 1, FORMAT as usize);
        let schema = "a; CREATE TABLE meta (\n-- x; y\n) STRICT; b;";
        assert_eq!(statement_of(schema, "CREATE TABLE meta"), "CREATE TABLE meta (\n-- x; y\n) STRICT;");
    }
}
