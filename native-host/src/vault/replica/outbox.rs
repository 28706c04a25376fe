//! What is to leave this machine, in the order in which it is to. Its bytes are ciphertext already where they go; sealed once more, a
//! changed byte is told here and not carried away.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row};
use zeroize::Zeroizing;

use super::Replica;
use crate::vault::Vault;
use crate::vault::error::{Error, Fault};
use crate::vault::seal::Place;

impl Replica<'_> {
    /// The names in the outbox, in order.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn outbox(&self) -> Result<Vec<String>, Error> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached("SELECT name FROM outbox ORDER BY id")?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The bytes of the object of that name.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`]; else as the disk has it.
    pub fn outgoing(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached("SELECT id, name, sealed FROM outbox WHERE name = ?1")?;
            let opened = statement.query_row([name], |row| Ok(self.vault.open_outgoing(row))).optional()?;
            Ok(opened.transpose()?)
        })
    }

    /// Puts an object behind the others, in the place of one of the same name.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn put_outgoing(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.remove_outgoing(name)?;
        self.told(|connection| {
            let place = outbox(next(connection)?);
            let sealed = self.vault.seal(place, &[name.as_bytes(), &[0], bytes].concat())?;
            let mut statement =
                connection.prepare_cached("INSERT INTO outbox (id, name, sealed) VALUES (?1, ?2, ?3)")?;
            Ok(statement.execute((place.id, name, sealed)).map(drop)?)
        })
    }

    /// Takes an object out.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn remove_outgoing(&self, name: &str) -> Result<(), Error> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached("DELETE FROM outbox WHERE name = ?1")?;
            Ok(statement.execute([name]).map(drop)?)
        })
    }
}

impl Vault {
    /// Opens a row of the columns `id, name, sealed`, and checks that it stands under its name.
    pub(in crate::vault) fn open_outgoing(&self, row: &Row<'_>) -> Result<Vec<u8>, Error> {
        let damaged = |id| move || Error::RecordDamaged { record: outbox(id).to_string() };
        let id: i64 = column(row, 0).ok_or_else(damaged(0))?;
        let (name, sealed) = column(row, 1).zip(column(row, 2)).ok_or_else(damaged(id))?;
        let (name, sealed): (String, Vec<u8>) = (name, sealed);
        let opened: Zeroizing<Vec<u8>> = self.open_sealed(outbox(id), &sealed).map_err(|_| damaged(id)())?;
        let bytes = opened.strip_prefix(name.as_bytes()).and_then(|behind| behind.strip_prefix(&[0]));
        bytes.map(<[u8]>::to_vec).ok_or_else(damaged(id))
    }
}

fn next(connection: &Connection) -> Result<i64, Fault> {
    let sql = "SELECT coalesce(max(id), 0) + 1 FROM outbox";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn column<T: FromSql>(row: &Row<'_>, at: usize) -> Option<T> {
    row.get(at).ok()
}

pub(in crate::vault) fn outbox(id: i64) -> Place {
    Place { table: "outbox", id }
}
