//! The passkeys themselves, as they stand and as they are to stand. What is written here is noted as no change.

use rusqlite::Connection;

use super::Replica;
use crate::credential::PublicKeyCredentialSource;
use crate::vault::error::{Error, Fault};
use crate::vault::keys::BlindIndex;
use crate::vault::rows::{Row, collect};
use crate::vault::trash::{TrashReason, Trashed, purge_row};

/// Where a passkey stands here.
pub enum Standing {
    /// Among the passkeys.
    Live(Box<PublicKeyCredentialSource>),
    /// In the trash; as it was deleted last.
    Trashed(Box<Trashed>),
    /// Its record is damaged.
    Damaged,
    /// Nowhere.
    Gone,
}

impl Replica<'_> {
    /// Where a passkey stands.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn standing(&self, credential: BlindIndex) -> Result<Standing, Error> {
        self.told(|connection| {
            if let Some(row) = self.vault.row_at(connection, &credential)? {
                let opened = self.vault.open_row(&row);
                return Ok(opened.map_or(Standing::Damaged, |source| Standing::Live(Box::new(source))));
            }
            let rows = trash_rows(connection, credential)?;
            let trashed = rows.iter().filter_map(|row| self.vault.open_trashed(row).ok());
            Ok(match trashed.max_by_key(|trashed| trashed.deleted) {
                Some(trashed) => Standing::Trashed(Box::new(trashed)),
                None if rows.is_empty() => Standing::Gone,
                None => Standing::Damaged,
            })
        })
    }

    /// Puts `source` among the passkeys, in the place of what is here of it, in the trash too. No other passkey gives way to it.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn put_live(&self, source: &PublicKeyCredentialSource) -> Result<(), Error> {
        let index = self.index(&source.credential_id);
        self.told(|connection| {
            remove_from_trash(connection, index)?;
            match self.vault.row_at(connection, &index)? {
                Some(row) if row.rp == self.vault.keys.rp_index(&source.rp_id).as_bytes() => {
                    self.vault.rewrite(connection, row.id, source)
                }
                Some(_) => remove(connection, index).and_then(|()| self.vault.add(connection, source)),
                None => self.vault.add(connection, source),
            }
        })?;
        self.seen_to(index)
    }

    /// Puts `source` into the trash, in the place of what is here of it, as deleted at `deleted`, milliseconds since 1970.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn put_trashed(
        &self,
        source: &PublicKeyCredentialSource,
        reason: TrashReason,
        deleted: u64,
    ) -> Result<(), Error> {
        let index = self.index(&source.credential_id);
        self.told(|connection| {
            remove_from_trash(connection, index)?;
            remove(connection, index)?;
            self.vault.add_to_trash(connection, source, reason, deleted)
        })?;
        self.seen_to(index)
    }

    /// Removes a passkey from the trash for good, with what it was used for.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn forget_passkey(&self, credential: BlindIndex) -> Result<(), Error> {
        self.told(|connection| {
            trash_rows(connection, credential)?.iter().try_for_each(|row| purge_row(connection, row))
        })?;
        self.seen_to(credential)
    }
}

fn trash_rows(connection: &Connection, credential: BlindIndex) -> Result<Vec<Row>, Fault> {
    let sql = "SELECT id, rp, credential, sealed FROM trash WHERE credential = ?1";
    collect(connection, sql, [credential.as_bytes()])
}

fn remove_from_trash(connection: &Connection, credential: BlindIndex) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached("DELETE FROM trash WHERE credential = ?1")?;
    Ok(statement.execute([credential.as_bytes()]).map(drop)?)
}

fn remove(connection: &Connection, credential: BlindIndex) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached("DELETE FROM credentials WHERE credential = ?1")?;
    Ok(statement.execute([credential.as_bytes()]).map(drop)?)
}
