//! What this device remembers of sync, in the vault's own file: [`Memory`] over SQLite.
//!
//! Each transaction begins with what the person has changed here since the one before: it is stamped and merged into the records
//! ([`local`]). What then comes from other devices is put among the passkeys, or into the trash ([`apply`]), in the same transaction.

mod apply;
mod kept;
mod local;

use std::thread;
use std::time::{Duration, Instant};

use sync_engine::ids::RecordId;
use sync_engine::memory::{Kept, Memory, Transaction, Which};
use sync_engine::storage::ObjectName;
use zeroize::Zeroizing;

use crate::vault::{BlindIndex, Error, Replica, Replicated, Vault};

/// Changes that are stamped in one transaction. More of them, as when sync is turned on, are stamped in several: a ceremony waits for the
/// end of one at most.
const STAMPED_AT_ONCE: usize = 250;

/// What a ceremony that waits needs to come in between two transactions. It tries once a millisecond, so one that is over sooner leaves it
/// its turn.
const BREATH: Duration = Duration::from_millis(3);

/// The memory of sync in a vault.
pub struct SqliteMemory<'a> {
    vault: &'a Vault,
    /// Sync was on after the last transaction.
    on: bool,
}

impl<'a> SqliteMemory<'a> {
    /// The memory in this vault. Who works with it holds the machine's lock ([`Machine`](super::Machine)).
    pub fn new(vault: &'a Vault) -> Self {
        Self { vault, on: false }
    }

    /// Whether there is anything that is to go to the storage. Where nothing has changed, nothing is locked.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn has_news(&mut self) -> Result<bool, Error> {
        let to_send = |replica: &Replica<'_>| {
            let mut unpublished = false;
            replica.each_unpublished(|_| unpublished = true)?;
            Ok(unpublished || !replica.outbox()?.is_empty())
        };
        if self.vault.look_at_replica(|replica| replica.changes(1))?.is_empty() {
            return self.vault.look_at_replica(to_send);
        }
        self.transact(|_| Ok(()))?;
        self.vault.look_at_replica(to_send)
    }
}

impl Memory for SqliteMemory<'_> {
    type Error = Error;

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Transaction<Error = Error>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        while self.vault.look_at_replica(|replica| replica.changes(STAMPED_AT_ONCE + 1))?.len() > STAMPED_AT_ONCE {
            let stamped = self.vault.replicate(|replica| local::stamp_changes(replica, STAMPED_AT_ONCE))?;
            if stamped == 0 {
                break;
            }
            thread::sleep(BREATH);
        }
        let begun = Instant::now();
        let was_on = self.on;
        let (done, on) = self.vault.replicate(|replica| {
            if was_on && !replica.is_on()? {
                return Err(Error::ReplicaGone);
            }
            local::stamp_changes(replica, usize::MAX)?;
            let done = work(&mut Running { replica })?;
            Ok((done, replica.is_on()?))
        })?;
        self.on = on;
        if begun.elapsed() > BREATH {
            thread::sleep(BREATH);
        }
        Ok(done)
    }
}

/// A transaction that is under way.
struct Running<'a> {
    replica: &'a Replica<'a>,
}

impl Transaction for Running<'_> {
    type Error = Error;

    fn state(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        self.replica.state()
    }

    fn set_state(&mut self, state: &[u8]) -> Result<(), Error> {
        self.replica.set_state(state)
    }

    fn forget(&mut self) -> Result<(), Error> {
        self.replica.forget()
    }

    fn record(&mut self, id: &RecordId) -> Result<Option<Kept>, Error> {
        Ok(self.replica.row(id.as_bytes())?.and_then(|row| kept::from_row(&row)))
    }

    fn put_record(&mut self, id: &RecordId, kept: &Kept) -> Result<(), Error> {
        let before = self.replica.row(id.as_bytes())?;
        let credential = apply::apply(self.replica, id, before.as_ref(), kept)?;
        self.replica.put_row(&kept::to_row(id, credential, kept))
    }

    fn ids(&mut self, which: Which) -> Result<Vec<RecordId>, Error> {
        let mut ids = Vec::new();
        let each = |row: Replicated| ids.extend(RecordId::from_slice(&row.key));
        match which {
            Which::All => self.replica.each_row(each),
            Which::Unpublished => self.replica.each_unpublished(each),
            Which::InOwnPack(pack) => self.replica.each_in_pack(pack.as_bytes(), each),
            Which::DeletedBefore(time) => self.replica.each_learned_before(time, each),
        }?;
        ids.sort_unstable();
        Ok(ids)
    }

    fn outbox(&mut self) -> Result<Vec<ObjectName>, Error> {
        Ok(self.replica.outbox()?.iter().filter_map(|path| ObjectName::from_path(path)).collect())
    }

    fn outgoing(&mut self, name: &ObjectName) -> Result<Option<Vec<u8>>, Error> {
        self.replica.outgoing(&name.path())
    }

    fn put_outgoing(&mut self, name: &ObjectName, bytes: &[u8]) -> Result<(), Error> {
        self.replica.put_outgoing(&name.path(), bytes)
    }

    fn remove_outgoing(&mut self, name: &ObjectName) -> Result<(), Error> {
        self.replica.remove_outgoing(&name.path())
    }
}

/// What is kept about a passkey.
///
/// # Errors
/// As the disk has it.
pub(super) fn kept_of(replica: &Replica<'_>, credential: BlindIndex) -> Result<Option<Kept>, Error> {
    Ok(replica.row_of(credential)?.and_then(|row| kept::from_row(&row)))
}

#[cfg(test)]
mod tests;
