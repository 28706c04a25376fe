//! The passkeys themselves: insert, find, touch.

use std::cmp::Reverse;
use std::collections::HashSet;

use protocol::webauthn::{CredentialId, RpId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Transaction};
use zeroize::Zeroizing;

use super::Vault;
use super::error::{Error, Fault};
use super::salvage::or_walk;
use super::seal::{Nonce, OpenError, Place, open, seal};
use super::trash::TrashReason;
use crate::credential::{self, PublicKeyCredentialSource};
use crate::secret::fill_random;

/// What [`Vault::insert`] did besides.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Inserted {
    /// Passkeys of the same RP ID and user handle, now in the trash.
    pub replaced: Vec<CredentialId>,
}

impl Vault {
    /// Adds a passkey; it is on the disk when this returns. Those of the same RP ID and user handle go to the trash in the same
    /// transaction (CTAP §6.1.2 step 17 would overwrite them).
    ///
    /// # Errors
    /// [`Error::Duplicate`] where its credential ID is there already; else as the disk has it.
    pub fn insert(&self, source: &PublicKeyCredentialSource, now: u64) -> Result<Inserted, Error> {
        self.write(|transaction| {
            if self.row(transaction, &source.credential_id)?.is_some() {
                return Err(Error::Duplicate.into());
            }
            let mut replaced = Vec::new();
            for row in self.rows_of(transaction, &source.rp_id)? {
                // A damaged one stays where it is, to be named by the integrity scan.
                let Ok(old) = self.open_row(&row) else { continue };
                if old.user_handle == source.user_handle {
                    self.move_to_trash(transaction, row.id, &old, TrashReason::Replaced, now)?;
                    replaced.push(old.credential_id.clone());
                }
            }
            self.add(transaction, source)?;
            Ok(Inserted { replaced })
        })
    }

    /// All passkeys of an RP ID: last used first, then those never used, newest first. Damaged ones are left out.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] where all there are are damaged.
    pub fn find(&self, rp_id: &RpId) -> Result<Vec<PublicKeyCredentialSource>, Error> {
        self.read(|connection| self.open_all(self.rows_of(connection, rp_id)?))
    }

    /// As [`find`](Self::find), only those whose credential ID is one of `ids`.
    ///
    /// # Errors
    /// As for [`find`](Self::find).
    pub fn find_among(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<PublicKeyCredentialSource>, Error> {
        self.read(|connection| {
            let rp = self.keys.rp_index(rp_id);
            let mut seen = HashSet::new();
            let mut rows = Vec::new();
            for id in ids {
                let row = self.row(connection, id)?;
                rows.extend(row.filter(|row| row.rp == rp.as_bytes() && seen.insert(row.id)));
            }
            self.open_all(rows)
        })
    }

    /// The passkey of a credential ID.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`].
    pub fn get(&self, id: &CredentialId) -> Result<Option<PublicKeyCredentialSource>, Error> {
        self.read(|connection| {
            self.row(connection, id)?.map(|row| self.open_row(&row)).transpose().map_err(Fault::from)
        })
    }

    /// Remembers that the passkey signed at `now`. Does nothing where it is gone meanwhile.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`]; else as the disk has it.
    pub fn touch(&self, id: &CredentialId, now: u64) -> Result<(), Error> {
        self.write(|transaction| {
            let Some(row) = self.row(transaction, id)? else { return Ok(()) };
            let mut source = self.open_row(&row)?;
            source.last_used = Some(now);
            let place = credentials(row.id);
            let sealed = self.seal(place, &credential::encode(&source))?;
            transaction
                .prepare_cached("UPDATE credentials SET sealed = ?2 WHERE id = ?1")?
                .execute((row.id, sealed))?;
            Ok(())
        })
    }

    /// How many passkeys there are, without the trash.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn count(&self) -> Result<u64, Error> {
        self.read(|connection| {
            let count: i64 =
                connection.prepare_cached("SELECT count(*) FROM credentials")?.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// Seals `source` and adds it under a fresh random id.
    pub(super) fn add(&self, transaction: &Transaction<'_>, source: &PublicKeyCredentialSource) -> Result<(), Fault> {
        let place = credentials(random_id()?);
        let sealed = self.seal(place, &credential::encode(source))?;
        let rp = self.keys.rp_index(&source.rp_id);
        let index = self.keys.credential_index(&source.credential_id);
        transaction
            .prepare_cached("INSERT INTO credentials (id, rp, credential, sealed) VALUES (?1, ?2, ?3, ?4)")?
            .execute((place.id, rp.as_bytes(), index.as_bytes(), sealed))?;
        Ok(())
    }

    /// The row of a credential ID.
    pub(super) fn row(&self, connection: &Connection, id: &CredentialId) -> Result<Option<Row>, Fault> {
        let index = self.keys.credential_index(id);
        let sql = "SELECT id, rp, credential, sealed FROM credentials WHERE credential = ?1";
        let found = collect(connection, sql, [index.as_bytes()]);
        let found = or_walk(connection, found, |row| row.credential == index.as_bytes())?;
        Ok(found.into_iter().next())
    }

    /// Opens a row, and checks that it stands under the indexes of what it holds.
    pub(super) fn open_row(&self, row: &Row) -> Result<PublicKeyCredentialSource, Error> {
        let place = credentials(row.id);
        let damaged = || Error::RecordDamaged { record: place.to_string() };
        let record = self.open_sealed(place, &row.sealed).map_err(|_| damaged())?;
        let source = credential::decode(&record).map_err(|_| damaged())?;
        let indexed = row.rp == self.keys.rp_index(&source.rp_id).as_bytes()
            && row.credential == self.keys.credential_index(&source.credential_id).as_bytes();
        match indexed {
            true => Ok(source),
            false => Err(damaged()),
        }
    }

    pub(super) fn seal(&self, place: Place, record: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(seal(&self.keys.seal, Nonce::generate()?, place, record))
    }

    pub(super) fn open_sealed(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        open(&self.keys.seal, place, sealed)
    }

    /// The sealed bytes of a table that has nothing but ids.
    pub(super) fn sealed_at(&self, connection: &Connection, place: Place) -> Result<Option<Vec<u8>>, Fault> {
        let sql = format!("SELECT sealed FROM {} WHERE id = ?1", place.table);
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row([place.id], |row| blob(row, 0)).optional()?)
    }

    fn rows_of(&self, connection: &Connection, rp_id: &RpId) -> Result<Vec<Row>, Fault> {
        let rp = self.keys.rp_index(rp_id);
        let sql = "SELECT id, rp, credential, sealed FROM credentials WHERE rp = ?1";
        let found = collect(connection, sql, [rp.as_bytes()]);
        or_walk(connection, found, |row| row.rp == rp.as_bytes())
    }

    fn open_all(&self, rows: Vec<Row>) -> Result<Vec<PublicKeyCredentialSource>, Fault> {
        let (sound, damaged): (Vec<_>, Vec<_>) = rows.iter().map(|row| self.open_row(row)).partition(Result::is_ok);
        if let (true, Some(Err(error))) = (sound.is_empty(), damaged.into_iter().next()) {
            return Err(error.into());
        }
        let mut sources: Vec<_> = sound.into_iter().flatten().collect();
        sources.sort_by_key(|source| Reverse(source.recency()));
        Ok(sources)
    }
}

/// A record of `credentials` or `trash` as it is on the disk. What is not a blob there (a flipped byte) is an empty one here, and so
/// does not open.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) rp: Vec<u8>,
    pub(super) credential: Vec<u8>,
    pub(super) sealed: Vec<u8>,
}

impl Row {
    /// From the columns `id, rp, credential, sealed`.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, rp: blob(row, 1)?, credential: blob(row, 2)?, sealed: blob(row, 3)? })
    }
}

/// Hands each row of a query to `each`.
pub(super) fn rows(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    mut each: impl FnMut(Row),
) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        each(Row::read(row)?);
    }
    Ok(())
}

/// All rows of a query.
pub(super) fn collect(connection: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<Row>, Fault> {
    let mut collected = Vec::new();
    rows(connection, sql, parameters, |row| collected.push(row))?;
    Ok(collected)
}

pub(super) fn credentials(id: i64) -> Place {
    Place { table: "credentials", id }
}

/// A fresh record id: 63 random bits.
pub(super) fn random_id() -> Result<i64, Fault> {
    let mut bytes = [0; 8];
    fill_random(&mut bytes)?;
    Ok(i64::from_be_bytes(bytes) & i64::MAX)
}

fn blob(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    match row.get_ref(column)? {
        ValueRef::Blob(bytes) => Ok(bytes.to_vec()),
        _ => Ok(Vec::new()),
    }
}
