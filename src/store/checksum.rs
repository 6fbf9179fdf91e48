//! A sum over everything that is drawn and written and over its history, and one over each dataset, kept in the file: a
//! bit that flipped on a disk, or on the way there, is damage and not another project. Rows are added and taken out one
//! at a time, so that a save need not read everything. A file without a sum is as good as its tables.

use rusqlite::{Connection, OptionalExtension as _, params};

/// The name of a sum among the columns of a dataset.
pub(super) const NAME: &str = "checksum";

/// Adding a row and taking it out are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checksum(u64);

impl Checksum {
    /// What the file says, which must be of the format of today; `None` where it says nothing.
    pub(super) fn stored(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let sum: Option<i64> =
            connection.prepare_cached("SELECT checksum FROM meta")?.query_row([], |row| row.get(0))?;
        Ok(sum.map(|sum| Self(sum.cast_unsigned())))
    }

    /// Of the rows as they are.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let mut sum = Self::default();
        sum.turn_meta(connection)?;
        let mut statement = connection.prepare("SELECT kind, id, body FROM entity")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            sum.turn_entity(&row.get::<_, String>(0)?, row.get(1)?, &row.get::<_, String>(2)?);
        }
        sum.turn_steps(connection, i64::MIN, i64::MAX)?;
        Ok(sum)
    }

    pub(super) fn store(self, connection: &Connection) -> rusqlite::Result<()> {
        connection.prepare_cached("UPDATE meta SET checksum = ?1")?.execute([self.0.cast_signed()])?;
        Ok(())
    }

    pub(super) fn turn_entity(&mut self, kind: &str, id: i64, body: &str) {
        self.0 ^= digest([kind.as_bytes(), &id.to_le_bytes(), body.as_bytes()]);
    }

    /// The entity that has this key now, if any.
    pub(super) fn turn_stored_entity(&mut self, connection: &Connection, kind: &str, id: i64) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached("SELECT body FROM entity WHERE kind = ?1 AND id = ?2")?;
        let body: Option<String> = statement.query_row(params![kind, id], |row| row.get(0)).optional()?;
        if let Some(body) = body {
            self.turn_entity(kind, id, &body);
        }
        Ok(())
    }

    /// The steps from `first` to `last`.
    pub(super) fn turn_steps(&mut self, connection: &Connection, first: i64, last: i64) -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare_cached("SELECT position, title, changes FROM step WHERE position BETWEEN ?1 AND ?2")?;
        let mut rows = statement.query([first, last])?;
        while let Some(row) = rows.next()? {
            let (position, title, changes): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            self.0 ^= digest([&position.to_le_bytes(), title.as_bytes(), changes.as_bytes()]);
        }
        Ok(())
    }

    /// Where the project stands now.
    pub(super) fn turn_meta(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let (revision, cursor, next): (i64, i64, i64) = connection
            .prepare_cached("SELECT revision, cursor, next_dataset FROM meta")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        self.0 ^= digest([&revision.to_le_bytes(), &cursor.to_le_bytes(), &next.to_le_bytes()]);
        Ok(())
    }

    /// A chunk of a column of a dataset.
    pub(super) fn turn_chunk(&mut self, name: &str, chunk: i64, rows: i64, bytes: &[u8]) {
        self.0 ^= digest([name.as_bytes(), &chunk.to_le_bytes(), &rows.to_le_bytes(), bytes]);
    }

    pub(super) fn to_number(self) -> i64 {
        self.0.cast_signed()
    }
}

/// Eight bytes at a time. Each step can be turned back, so that no change of a single word goes unseen.
fn digest<const N: usize>(parts: [&[u8]; N]) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let mut sum = 0x5374_6372;
    for part in parts {
        sum = mix(sum, part.len() as u64);
        let (words, rest) = part.as_chunks::<8>();
        sum = words.iter().fold(sum, |sum, word| mix(sum, u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        sum = mix(sum, u64::from_le_bytes(last));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_a_row_changes_the_sum_and_taking_it_out_restores_it() {
        let body = "a body of more than one word of eight bytes";
        let mut sum = Checksum::default();
        sum.turn_entity("node", 1, "another");
        let before = sum;
        sum.turn_entity("node", 1, body);
        let whole = sum;
        for bit in 0..body.len() * 7 {
            let mut changed = body.as_bytes().to_vec();
            changed[bit / 7] ^= 1 << (bit % 7);
            let mut sum = before;
            sum.turn_entity("node", 1, std::str::from_utf8(&changed).unwrap());
            assert_ne!(sum, whole, "bit {bit}");
        }
        sum.turn_entity("node", 1, body);
        assert_eq!(sum, before);
        assert_ne!(digest([b"ab", b"c"]), digest([b"a", b"bc"]));
    }
}
