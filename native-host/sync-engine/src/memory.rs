//! What a device remembers between passes, as the engine asks for it. In the product it is the vault's SQLite, in the simulator a map.

use std::collections::BTreeSet;

use crate::ids::{DeviceId, ObjectHash, RecordId};
use crate::record::{DELETED, Record};
use crate::storage::ObjectName;

/// A device's memory.
pub trait Memory {
    /// What can go wrong with it.
    type Error: std::error::Error + 'static;

    /// Runs `work` in one transaction, durable when this returns; on any error nothing has changed. Each "commit" of SYNC §6 is one.
    ///
    /// What the person has changed on this machine since the last transaction is in the records before `work` begins, stamped by the clock
    /// in the state, and unpublished.
    ///
    /// # Errors
    /// The memory's own, and what `work` fails with.
    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Transaction<Error = Self::Error>) -> Result<T, Self::Error>,
    ) -> Result<T, Self::Error>;
}

impl<M: Memory> Memory for &mut M {
    type Error = M::Error;

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Transaction<Error = Self::Error>) -> Result<T, Self::Error>,
    ) -> Result<T, Self::Error> {
        (**self).transact(work)
    }
}

/// What can be done inside [`Memory::transact`].
pub trait Transaction {
    /// As [`Memory::Error`].
    type Error;

    /// The engine's own state, as bytes that it understands; nothing where sync has never been on. It holds secrets: the memory seals it.
    ///
    /// # Errors
    /// The memory's own.
    fn state(&mut self) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, Self::Error>;

    /// Keeps the engine's state.
    ///
    /// # Errors
    /// The memory's own.
    fn set_state(&mut self, state: &[u8]) -> Result<(), Self::Error>;

    /// Forgets state, outbox, and what sync knew of the records; the passkeys themselves stay as they are.
    ///
    /// # Errors
    /// The memory's own.
    fn forget(&mut self) -> Result<(), Self::Error>;

    /// A record.
    ///
    /// # Errors
    /// The memory's own.
    fn record(&mut self, id: &RecordId) -> Result<Option<Kept>, Self::Error>;

    /// Keeps a record; what it says is what the person sees from now on.
    ///
    /// # Errors
    /// The memory's own.
    fn put_record(&mut self, id: &RecordId, kept: &Kept) -> Result<(), Self::Error>;

    /// The ids of records, in their order.
    ///
    /// # Errors
    /// The memory's own.
    fn ids(&mut self, which: Which) -> Result<Vec<RecordId>, Self::Error>;

    /// The names in the outbox, in the order in which they were put there.
    ///
    /// # Errors
    /// The memory's own.
    fn outbox(&mut self) -> Result<Vec<ObjectName>, Self::Error>;

    /// The bytes of an object in the outbox.
    ///
    /// # Errors
    /// The memory's own.
    fn outgoing(&mut self, name: &ObjectName) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Puts an object into the outbox, behind the others.
    ///
    /// # Errors
    /// The memory's own.
    fn put_outgoing(&mut self, name: &ObjectName, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Takes an object out of the outbox.
    ///
    /// # Errors
    /// The memory's own.
    fn remove_outgoing(&mut self, name: &ObjectName) -> Result<(), Self::Error>;
}

/// Which records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// All of them, deleted ones too.
    All,
    /// Those with [`Kept::unpublished`].
    Unpublished,
    /// Those whose newest own copy is in this pack ([`Kept::own_pack`]).
    InOwnPack(ObjectHash),
    /// Those with a deletion that was learned of ([`Kept::deletion_learned`]) at or before this time, and not purged yet.
    DeletedBefore(u64),
}

/// A record, and what this device knows about it.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Kept {
    /// The record, merged from all that was seen.
    pub record: Record,
    /// The devices whose logs hold this state in full (SYNC §7). This device is among them only once its own pack is published.
    pub holders: BTreeSet<DeviceId>,
    /// Whether it is to go into this device's next pack.
    pub unpublished: bool,
    /// The own pack that holds what this device last published of it.
    pub own_pack: Option<ObjectHash>,
    /// When this device learned of its deletion, milliseconds since 1970; nothing where it is not deleted, or is purged.
    pub deletion_learned: Option<u64>,
    /// L3 §6.1.3 BS by SYNC §13: whether it can be had from somewhere else.
    pub backed_up: bool,
}

impl Kept {
    /// This device learns at `now` whether the record is deleted. A clock that is behind does not count: once it is set right, 30 days would be
    /// over in a minute. No deletion is learned of before it was made.
    pub(crate) fn learn_of_deletion(&mut self, now: u64) {
        let deletion = self.record.newest(DELETED).filter(|_| self.record.is_deleted());
        self.deletion_learned = deletion.map(|(stamp, _)| now.max(stamp.ms));
    }
}
