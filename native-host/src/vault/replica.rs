//! What another module needs to keep the passkeys the same as elsewhere: a feed of what changes here, rows of its own beside the passkeys, and
//! one transaction over all of it. What the rows mean is not known here.

mod changes;
mod outbox;
mod passkeys;
mod replicated;

use protocol::webauthn::CredentialId;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::Vault;
use super::error::{Error, Fault};
use super::keys::BlindIndex;
use super::seal::Place;

pub(super) use outbox::outbox;
pub(super) use replicated::{COLUMNS, replica};

pub use changes::Change;
pub use passkeys::Standing;
pub use replicated::Replicated;

/// Notes the passkey of the row whenever it changes, whoever writes, with the time of it: milliseconds since 1970. Only where there is
/// somebody to read it.
macro_rules! noted {
    ($name:literal, $event:literal, $row:literal) => {
        concat!(
            "CREATE TRIGGER ",
            $name,
            " AFTER ",
            $event,
            " WHEN ",
            $row,
            ".credential <> x'' AND EXISTS (SELECT 1 FROM replica_state)
             BEGIN
               DELETE FROM changes WHERE credential = ",
            $row,
            ".credential;
               INSERT INTO changes VALUES (",
            $row,
            ".credential, CAST(unixepoch('subsec') * 1000 AS INTEGER));
             END;"
        )
    };
}

/// Empty where nothing is replicated. All is sealed or a keyed hash, but for what says nothing about a passkey.
///
/// | table | a record for |
/// | --- | --- |
/// | `changes` | each passkey that has changed here: the blind index of its credential ID, and when; 0: it was here before anybody asked |
/// | `replica` | each [`Replicated`], found by the blind indexes of its key and, where it is a passkey's, of its credential ID |
/// | `replica_state` | what is to be remembered beside them, one record |
/// | `outbox` | each object that is to leave this machine: its name in the clear, and its bytes, sealed once more |
pub(super) const REPLICA_SCHEMA: &str = concat!(
    "
    CREATE TABLE changes (credential BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE replica (id INTEGER PRIMARY KEY, item BLOB NOT NULL, credential BLOB, unpublished INTEGER NOT NULL, pack BLOB, learned INTEGER, sealed BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX replica_item ON replica (item);
    CREATE INDEX replica_credential ON replica (credential);
    CREATE INDEX replica_unpublished ON replica (unpublished) WHERE unpublished;
    CREATE INDEX replica_pack ON replica (pack);
    CREATE INDEX replica_learned ON replica (learned) WHERE learned IS NOT NULL;
    CREATE TABLE replica_state (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE outbox (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sealed BLOB NOT NULL) STRICT;
",
    noted!("credentials_inserted", "INSERT ON credentials", "NEW"),
    noted!("credentials_updated", "UPDATE OF sealed ON credentials", "NEW"),
    noted!("credentials_deleted", "DELETE ON credentials", "OLD"),
    noted!("trash_inserted", "INSERT ON trash", "NEW"),
    noted!("trash_deleted", "DELETE ON trash", "OLD"),
);

/// The vault inside one transaction, for who replicates it.
pub struct Replica<'a> {
    vault: &'a Vault,
    connection: &'a Connection,
}

impl Vault {
    /// Runs `work` in one transaction, durable when this returns; on any error nothing has changed. What it writes is no change of its own.
    ///
    /// # Errors
    /// As the disk has it, and what `work` fails with.
    pub fn replicate<T>(&self, work: impl FnOnce(&Replica<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.write(|transaction| Ok(work(&Replica { vault: self, connection: transaction })?))
    }

    /// Runs `work`, which only reads, over one state of the vault.
    ///
    /// # Errors
    /// As the disk has it, and what `work` fails with.
    pub fn look_at_replica<T>(&self, work: impl FnOnce(&Replica<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            Ok(work(&Replica { vault: self, connection: &transaction })?)
        })
    }

    /// Whether there is anything in `replica_state`: somebody replicates.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn is_replicated(&self) -> Result<bool, Error> {
        self.read(is_replicated)
    }
}

fn is_replicated(connection: &Connection) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM replica_state)";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

impl Replica<'_> {
    /// Without a transaction: a test has one open.
    #[cfg(test)]
    pub(super) fn over(vault: &Vault) -> Replica<'_> {
        Replica { vault, connection: &vault.connection }
    }

    /// The vault, to seal and open with.
    pub fn vault(&self) -> &Vault {
        self.vault
    }

    /// What was kept with [`Self::set_state`].
    ///
    /// # Errors
    /// [`Error::RecordDamaged`]; else as the disk has it.
    pub fn state(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        self.told(|connection| {
            let Some(sealed) = self.vault.sealed_at(connection, STATE)? else { return Ok(None) };
            let damaged = || Error::RecordDamaged { record: STATE.to_string() };
            Ok(Some(self.vault.open_sealed(STATE, &sealed).map_err(|_| damaged())?))
        })
    }

    /// Keeps `state`. From the first time on changes are noted; every passkey that is here by then, in the trash too, is noted at once.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn set_state(&self, state: &[u8]) -> Result<(), Error> {
        self.told(|connection| {
            if self.vault.sealed_at(connection, STATE)?.is_none() {
                changes::note_everything(connection)?;
            }
            let sql = "INSERT OR REPLACE INTO replica_state (id, sealed) VALUES (?1, ?2)";
            let sealed = self.vault.seal(STATE, state)?;
            connection.prepare_cached(sql)?.execute((STATE.id, sealed))?;
            Ok(())
        })
    }

    /// Forgets everything but the passkeys themselves. Changes are not noted any more.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn forget(&self) -> Result<(), Error> {
        self.told(forget_replica)
    }

    /// As [`Vault::is_replicated`].
    ///
    /// # Errors
    /// As the disk has it.
    pub fn is_on(&self) -> Result<bool, Error> {
        self.told(is_replicated)
    }

    /// The blind index of a credential ID.
    pub fn index(&self, id: &CredentialId) -> BlindIndex {
        self.vault.keys.credential_index(id)
    }

    fn told<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Error> {
        work(self.connection).map_err(|fault| fault.explain(&self.vault.file))
    }
}

/// Forgets all of [`REPLICA_SCHEMA`]; the state first, so that nothing is noted any more.
pub(super) fn forget_replica(connection: &Connection) -> Result<(), Fault> {
    Ok(connection
        .execute_batch("DELETE FROM replica_state; DELETE FROM changes; DELETE FROM replica; DELETE FROM outbox;")?)
}

pub(super) const STATE: Place = Place { table: "replica_state", id: 1 };
