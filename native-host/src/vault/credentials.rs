//! The passkeys themselves: insert, find, update.

use std::cmp::Reverse;
use std::collections::HashSet;

use protocol::webauthn::{CredentialId, RpId};
use rusqlite::{Connection, Transaction};

use super::Vault;
use super::error::{Error, Fault};
use super::keys::BlindIndex;
use super::rows::{Row, collect, credentials, random_id, rows};
use super::salvage::or_walk;
use super::trash::TrashReason;
use super::written::Written;
use crate::credential::{self, PublicKeyCredentialSource};

/// What [`Vault::insert`] did besides.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Inserted {
    /// Passkeys of the same RP ID and user handle, now in the trash.
    pub replaced: Vec<CredentialId>,
}

impl Vault {
    /// Adds a passkey; it is on the disk when this returns. Where it is discoverable, discoverable ones of the same RP ID and user handle
    /// go to the trash in the same transaction (CTAP §6.1.2 step 17 would overwrite them). What the user has written on those is on it too.
    ///
    /// # Errors
    /// [`Error::Duplicate`] where its credential ID is there already; else as the disk has it.
    pub fn insert(&self, source: &PublicKeyCredentialSource, now: u64) -> Result<Inserted, Error> {
        self.write(|transaction| {
            if self.row(transaction, &source.credential_id)?.is_some() {
                return Err(Error::Duplicate.into());
            }
            let mut written = Written::of(source);
            let replaced = self.those_replaced_by(transaction, source)?;
            for (row, old) in &replaced {
                self.move_to_trash(transaction, *row, old, TrashReason::Replaced, now)?;
                written.take_from(old);
            }
            self.add(transaction, source)?;
            self.write_on(transaction, &source.credential_id, written)?;
            Ok(Inserted { replaced: replaced.into_iter().map(|(_, old)| old.credential_id).collect() })
        })
    }

    /// The passkeys that give way to `source`, with their rows, the last used first. A damaged one stays where it is, to be named by the
    /// integrity scan.
    fn those_replaced_by(
        &self,
        transaction: &Transaction<'_>,
        source: &PublicKeyCredentialSource,
    ) -> Result<Vec<(i64, PublicKeyCredentialSource)>, Fault> {
        let rows = self.rows_of(transaction, &source.rp_id)?.into_iter();
        let mut sound: Vec<_> = rows.filter_map(|row| Some((row.id, self.open_row(&row).ok()?))).collect();
        sound.retain(|(_, old)| old.discoverable && source.discoverable && old.user_handle == source.user_handle);
        sound.sort_by_key(|(_, old)| Reverse(old.recency()));
        Ok(sound)
    }

    /// All passkeys of an RP ID: last used first, then those never used, newest first. Damaged ones are left out.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] where all there are are damaged.
    pub fn find(&self, rp_id: &RpId) -> Result<Vec<PublicKeyCredentialSource>, Error> {
        self.read(|connection| {
            let rows = self.rows_of(connection, rp_id)?;
            if rows.is_empty() {
                // As long as for a site whose one passkey may not say that it is here.
                let another = self.row_or_another(connection, &self.keys.rp_index(rp_id))?;
                drop(another.map(|row| self.open_row(&row)));
            }
            self.open_all(rows)
        })
    }

    /// As [`find`](Self::find), only those whose credential ID is one of `ids`.
    ///
    /// # Errors
    /// As for [`find`](Self::find).
    pub fn find_among(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<PublicKeyCredentialSource>, Error> {
        self.read(|connection| {
            let mut seen = HashSet::new();
            let (mut sound, mut damage) = (Vec::new(), None);
            for id in ids {
                let index = self.keys.credential_index(id);
                let Some(row) = self.row_or_another(connection, &index)? else { continue };
                match self.open_row(&row) {
                    Ok(source) if source.credential_id != *id || source.rp_id != *rp_id => {}
                    Ok(source) if seen.insert(row.id) => sound.push(source),
                    Ok(_) => {}
                    Err(error) if self.is_at(connection, &index, rp_id)? => damage = Some(error),
                    Err(_) => {}
                }
            }
            sorted(sound, damage)
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

    /// Lets `change` change what is kept of a passkey, durably. False where it is gone meanwhile. Neither its credential ID nor its RP ID
    /// may change: it is found by them.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`]; else as the disk has it.
    pub fn update(
        &self,
        id: &CredentialId,
        change: impl FnOnce(&mut PublicKeyCredentialSource),
    ) -> Result<bool, Error> {
        self.write(|transaction| {
            let Some(row) = self.row(transaction, id)? else { return Ok(false) };
            let mut source = self.open_row(&row)?;
            change(&mut source);
            self.rewrite(transaction, row.id, &source)?;
            Ok(true)
        })
    }

    /// Lets `change` look at every sound passkey and say which it changed; all of that in one transaction.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn update_all(&self, mut change: impl FnMut(&mut PublicKeyCredentialSource) -> bool) -> Result<(), Error> {
        self.write(|transaction| {
            for row in collect(transaction, "SELECT id, rp, credential, sealed FROM credentials", ())? {
                let Ok(mut source) = self.open_row(&row) else { continue };
                if change(&mut source) {
                    self.rewrite(transaction, row.id, &source)?;
                }
            }
            Ok(())
        })
    }

    /// Hands every sound passkey to `each`, in no order.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn for_each(&self, mut each: impl FnMut(PublicKeyCredentialSource)) -> Result<(), Error> {
        self.read(|connection| {
            rows(connection, "SELECT id, rp, credential, sealed FROM credentials", (), |row| {
                if let Ok(source) = self.open_row(&row) {
                    each(source);
                }
            })
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

    /// An estimate of how many more passkeys the disk has room for; nothing where it does not tell.
    pub fn remaining_estimate(&self) -> Option<u64> {
        let free = fs4::available_space(self.file().parent()?).ok()?;
        Some(free / BYTES_PER_PASSKEY)
    }

    /// Seals `source` and adds it under a fresh random id.
    pub(super) fn add(&self, transaction: &Connection, source: &PublicKeyCredentialSource) -> Result<(), Fault> {
        let place = credentials(random_id()?);
        let sealed = self.seal(place, &credential::encode(source))?;
        let rp = self.keys.rp_index(&source.rp_id);
        let index = self.keys.credential_index(&source.credential_id);
        transaction
            .prepare_cached("INSERT INTO credentials (id, rp, credential, sealed) VALUES (?1, ?2, ?3, ?4)")?
            .execute((place.id, rp.as_bytes(), index.as_bytes(), sealed))?;
        Ok(())
    }

    pub(super) fn rewrite(
        &self,
        transaction: &Connection,
        row: i64,
        source: &PublicKeyCredentialSource,
    ) -> Result<(), Fault> {
        let sealed = self.seal(credentials(row), &credential::encode(source))?;
        transaction.prepare_cached("UPDATE credentials SET sealed = ?2 WHERE id = ?1")?.execute((row, sealed))?;
        Ok(())
    }

    /// The row of a credential ID.
    pub(super) fn row(&self, connection: &Connection, id: &CredentialId) -> Result<Option<Row>, Fault> {
        self.row_at(connection, &self.keys.credential_index(id))
    }

    pub(super) fn row_at(&self, connection: &Connection, index: &BlindIndex) -> Result<Option<Row>, Fault> {
        let sql = "SELECT id, rp, credential, sealed FROM credentials WHERE credential = ?1";
        let found = collect(connection, sql, [index.as_bytes()]);
        let found = or_walk(connection, found, |row| row.credential == index.as_bytes())?;
        Ok(found.into_iter().next())
    }

    /// The row that `index` finds; else any other, so that a credential that is not here takes as long as one that is, and is another
    /// site's or may not say that it is here. Nothing where there is no row at all.
    fn row_or_another(&self, connection: &Connection, index: &BlindIndex) -> Result<Option<Row>, Fault> {
        let sql = "SELECT id, rp, credential, sealed FROM credentials
                   WHERE id >= coalesce((SELECT id FROM credentials WHERE credential = ?1), ?2)
                   UNION ALL SELECT id, rp, credential, sealed FROM credentials LIMIT 1";
        match collect(connection, sql, (index.as_bytes(), index.as_id())) {
            Ok(rows) => Ok(rows.into_iter().next()),
            // There may be damage elsewhere than where it stands.
            Err(_) => self.row_at(connection, index),
        }
    }

    fn is_at(&self, connection: &Connection, index: &BlindIndex, rp_id: &RpId) -> Result<bool, Fault> {
        let row = self.row_at(connection, index)?;
        Ok(row.is_some_and(|row| row.rp == self.keys.rp_index(rp_id).as_bytes()))
    }

    /// Opens a row, and checks that it stands under the indexes of what it holds.
    pub(super) fn open_row(&self, row: &Row) -> Result<PublicKeyCredentialSource, Error> {
        let place = credentials(row.id);
        let damaged = || Error::RecordDamaged { record: place.to_string() };
        let record = self.open_sealed(place, &row.sealed).map_err(|_| damaged())?;
        let source = self.decode(&record).map_err(|_| damaged())?;
        let indexed = row.rp == self.keys.rp_index(&source.rp_id).as_bytes()
            && row.credential == self.keys.credential_index(&source.credential_id).as_bytes();
        match indexed {
            true => Ok(source),
            false => Err(damaged()),
        }
    }

    pub(super) fn rows_of(&self, connection: &Connection, rp_id: &RpId) -> Result<Vec<Row>, Fault> {
        let rp = self.keys.rp_index(rp_id);
        let sql = "SELECT id, rp, credential, sealed FROM credentials WHERE rp = ?1";
        let found = collect(connection, sql, [rp.as_bytes()]);
        or_walk(connection, found, |row| row.rp == rp.as_bytes())
    }

    fn open_all(&self, rows: Vec<Row>) -> Result<Vec<PublicKeyCredentialSource>, Fault> {
        let (mut sound, mut damage) = (Vec::new(), None);
        for row in rows {
            match self.open_row(&row) {
                Ok(source) => sound.push(source),
                Err(error) => damage = Some(error),
            }
        }
        sorted(sound, damage)
    }
}

/// The last used first. Damage is told of where there is nothing else.
fn sorted(
    mut sound: Vec<PublicKeyCredentialSource>,
    damage: Option<Error>,
) -> Result<Vec<PublicKeyCredentialSource>, Fault> {
    match damage {
        Some(damage) if sound.is_empty() => Err(damage.into()),
        Some(_) | None => {
            sound.sort_by_key(|source| Reverse(source.recency()));
            Ok(sound)
        }
    }
}

/// What a passkey takes in the file, its indexes included: 859 bytes measured with 10,000 of ES256, rounded up. One of RS256 takes twice that,
/// one of ML-DSA-65 five times.
const BYTES_PER_PASSKEY: u64 = 1024;
