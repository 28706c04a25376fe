//! The feed: which passkeys have changed here since they were last looked at. Triggers write it ([`REPLICA_SCHEMA`](super::REPLICA_SCHEMA)).

use rusqlite::{Connection, params};

use super::Replica;
use crate::vault::error::{Error, Fault};
use crate::vault::keys::BlindIndex;

/// A passkey that has changed, been made or removed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// Which.
    pub credential: BlindIndex,
    /// When it last did, milliseconds since 1970; nothing where it was here before anybody asked for changes.
    pub at: Option<u64>,
}

impl Replica<'_> {
    /// At most so many changes, the earliest first.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn changes(&self, limit: usize) -> Result<Vec<Change>, Error> {
        self.told(|connection| {
            let sql = "SELECT credential, at FROM changes ORDER BY at LIMIT ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                let credential: Vec<u8> = row.get(0)?;
                let at: i64 = row.get(1)?;
                let at = Some(at.unsigned_abs()).filter(|at| *at > 0);
                changes.extend(BlindIndex::from_slice(&credential).map(|credential| Change { credential, at }));
            }
            Ok(changes)
        })
    }

    /// How many of them are about passkeys that no row is about.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn changes_without_row(&self) -> Result<u64, Error> {
        self.told(|connection| {
            let sql = "SELECT count(*) FROM changes WHERE credential NOT IN (SELECT credential FROM replica WHERE credential NOT NULL)";
            let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// The change has been seen to.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn seen_to(&self, credential: BlindIndex) -> Result<(), Error> {
        self.told(|connection| {
            connection.prepare_cached("DELETE FROM changes WHERE credential = ?1")?.execute([credential.as_bytes()])?;
            Ok(())
        })
    }
}

/// Notes everything that is here.
pub(super) fn note_everything(connection: &Connection) -> Result<(), Fault> {
    let sql = "INSERT OR REPLACE INTO changes
               SELECT credential, ?1 FROM credentials UNION SELECT credential, ?1 FROM trash WHERE credential <> x''";
    connection.execute(sql, params![0])?;
    Ok(())
}
