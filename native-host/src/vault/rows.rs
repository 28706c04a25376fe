//! Records as they stand in the file: rows of SQLite, and their seals.

use protocol::webauthn::CredentialId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params};
use zeroize::Zeroizing;

use super::Vault;
use super::error::{Error, Fault};
use super::seal::{Nonce, OpenError, Place, open, seal};
use crate::credential::{
    self, CredentialSecrets, KeyPair, NewCredential, PublicKeyCredentialSource, Record, SealedSecrets,
};
use crate::secret::{NoRandomness, fill_random};

impl Vault {
    /// Seals the secrets of the credential `id`, on their own.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn seal_secrets(&self, id: &CredentialId, secrets: &CredentialSecrets) -> Result<SealedSecrets, NoRandomness> {
        let sealed = seal(&self.keys.secrets, Nonce::generate()?, id, &secrets.encode());
        Ok(SealedSecrets::from_sealed(sealed))
    }

    /// A fresh credential over `key_pair`, its secrets sealed; not kept yet.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate(
        &self,
        new: NewCredential,
        key_pair: KeyPair,
        now: u64,
    ) -> Result<PublicKeyCredentialSource, NoRandomness> {
        PublicKeyCredentialSource::generate(new, key_pair, now, |id, secrets| self.seal_secrets(id, secrets))
    }

    /// Opens the secrets of a credential, for the moment of using them.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`].
    pub fn open_secrets(&self, source: &PublicKeyCredentialSource) -> Result<CredentialSecrets, Error> {
        let damaged = || Error::RecordDamaged { record: "secrets of a passkey".to_owned() };
        let opened = open(&self.keys.secrets, &source.credential_id, source.secrets.as_sealed());
        CredentialSecrets::decode(&opened.map_err(|_| damaged())?).map_err(|_| damaged())
    }

    /// Reads a credential's record, of this version or an earlier one.
    pub(super) fn decode(&self, record: &[u8]) -> Result<PublicKeyCredentialSource, OpenError> {
        match credential::decode(record).map_err(|_| OpenError)? {
            Record::Sealed(source) => Ok(source),
            Record::Plain(plain) => plain.seal(|id, secrets| self.seal_secrets(id, secrets)).map_err(|_| OpenError),
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
