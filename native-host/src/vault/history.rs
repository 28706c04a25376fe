//! What each passkey has been used for. It stays while its passkey is here or in the trash.

use protocol::manage::{Use, UseKind};
use protocol::webauthn::CredentialId;
use rusqlite::{Connection, Transaction};

use super::Vault;
use super::error::{Error, Fault};
use super::rows::{Row, collect, random_id};
use super::seal::Place;
use crate::credential::History;

impl Vault {
    /// Remembers a use of a passkey, if it is to be remembered, and whether hmac-secret was evaluated with it: one transaction, which writes
    /// nothing where it changes nothing. Does nothing where the passkey is gone meanwhile.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] of the passkey; else as the disk has it.
    pub fn note_use(&self, id: &CredentialId, used: Option<&Use>, prf_evaluated: bool) -> Result<(), Error> {
        self.write(|transaction| {
            let Some(row) = self.row(transaction, id)? else { return Ok(()) };
            let mut source = self.open_row(&row)?;
            let signed_in = used.filter(|used| used.kind == UseKind::SignedIn);
            if signed_in.is_some() || (prf_evaluated && !source.prf_used) {
                source.last_used = signed_in.map(|used| used.at).or(source.last_used);
                source.prf_used |= prf_evaluated;
                self.rewrite(transaction, row.id, &source)?;
            }
            used.map_or(Ok(()), |used| self.add_use(transaction, id, used))
        })
    }

    /// The uses of a passkey, the first first. None where none is known of, and where what is kept is damaged, which the integrity scan tells
    /// of.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn history(&self, id: &CredentialId) -> Result<Vec<Use>, Error> {
        self.read(|connection| {
            let row = self.history_row(connection, id)?;
            Ok(row.and_then(|row| self.open_history(&row).ok()).map_or_else(Vec::new, |history| history.uses))
        })
    }

    /// What is damaged is begun anew.
    fn add_use(&self, transaction: &Transaction<'_>, id: &CredentialId, used: &Use) -> Result<(), Fault> {
        let row = self.history_row(transaction, id)?;
        let place = history(row.as_ref().map_or_else(random_id, |row| Ok(row.id))?);
        let kept = row.and_then(|row| self.open_history(&row).ok());
        let mut kept = kept.unwrap_or_else(|| History::new(id.clone()));
        kept.add(used.clone());
        let index = self.keys.credential_index(id);
        let sql = "INSERT OR REPLACE INTO history (id, credential, sealed) VALUES (?1, ?2, ?3)";
        let sealed = self.seal(place, &kept.encode())?;
        transaction.prepare_cached(sql)?.execute((place.id, index.as_bytes(), sealed))?;
        Ok(())
    }

    fn history_row(&self, connection: &Connection, id: &CredentialId) -> Result<Option<Row>, Fault> {
        let index = self.keys.credential_index(id);
        let sql = "SELECT id, x'', credential, sealed FROM history WHERE credential = ?1";
        Ok(collect(connection, sql, [index.as_bytes()])?.pop())
    }

    /// Opens a row, and checks that it stands under the index of the passkey that it is of.
    pub(super) fn open_history(&self, row: &Row) -> Result<History, Error> {
        let place = history(row.id);
        let damaged = || Error::RecordDamaged { record: place.to_string() };
        let record = self.open_sealed(place, &row.sealed).map_err(|_| damaged())?;
        let history = History::decode(&record).map_err(|_| damaged())?;
        match row.credential == self.keys.credential_index(&history.credential_id).as_bytes() {
            true => Ok(history),
            false => Err(damaged()),
        }
    }
}

/// Forgets the uses of the passkey that was in this row of the trash, unless it is here all the same.
pub(super) fn forget_history(transaction: &Connection, gone: &Row) -> Result<(), Fault> {
    let sql = "DELETE FROM history WHERE credential = ?1
               AND NOT EXISTS (SELECT 1 FROM credentials WHERE credential = ?1)
               AND NOT EXISTS (SELECT 1 FROM trash WHERE credential = ?1)";
    transaction.prepare_cached(sql)?.execute([&gone.credential])?;
    Ok(())
}

pub(super) fn history(id: i64) -> Place {
    Place { table: "history", id }
}
