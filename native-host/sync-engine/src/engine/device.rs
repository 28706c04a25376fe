//! A device that synchronizes, during one pass: its state, its keys, and the transactions in which both change.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::course::Course;
use super::state::State;
use super::{Backing, Outcome, Refusal, Report};
use crate::format;
use crate::ids::{ObjectHash, VaultId};
use crate::keys::{DeviceKeys, Identity, SyncVaultKey};
use crate::memory::{Memory, Transaction};

/// A device that synchronizes. Its state changes in [`commit`](Self::commit) alone.
pub(super) struct Device<'c, 'a, M: Memory> {
    pub(super) course: &'c mut Course<'a, M>,
    state: State,
    /// The state as it was last kept.
    bytes: Zeroizing<Vec<u8>>,
    /// Its keys of today.
    pub(super) me: Identity,
    /// Its keys before it was born again, and a recovery key while that is at hand: with which circles open.
    pub(super) openers: Vec<Identity>,
}

/// One transaction: each "commit" of SYNC §6 is one.
pub(super) struct Commit<'t, E> {
    pub(super) tx: &'t mut dyn Transaction<Error = E>,
    pub(super) state: &'t mut State,
    pub(super) me: &'t Identity,
    pub(super) rng: &'t mut dyn CryptoRng,
    pub(super) report: &'t mut Report,
    pub(super) backing: Backing,
    /// Milliseconds since 1970.
    pub(super) now: u64,
}

impl<'c, 'a, M: Memory> Device<'c, 'a, M> {
    /// The device as it is remembered; or why there is none.
    pub(super) fn open(course: &'c mut Course<'a, M>) -> Result<Result<Self, Outcome>, M::Error> {
        let Some(bytes) = course.memory.transact(|tx| tx.state())? else {
            return Ok(Err(Outcome::Refused(Refusal::Off)));
        };
        let Ok(state) = State::decode(&bytes) else { return Ok(Err(Outcome::Refused(Refusal::Newer))) };
        let me = DeviceKeys::derive(course.root, &state.salt);
        let openers = state.former.iter().map(|salt| DeviceKeys::derive(course.root, salt)).collect();
        if me.id() != state.device {
            return Ok(Err(Outcome::Refused(Refusal::OtherKeys)));
        }
        Ok(Ok(Self { course, state, bytes, me, openers }))
    }

    /// A device that has just come into a circle. What it publishes before this is forgotten; the records stay.
    pub(super) fn begin(course: &'c mut Course<'a, M>, state: State) -> Result<Self, M::Error> {
        let bytes = state.encode();
        course.memory.transact(|tx| {
            for name in tx.outbox()? {
                tx.remove_outgoing(&name)?;
            }
            tx.set_state(&bytes)
        })?;
        let me = DeviceKeys::derive(course.root, &state.salt);
        Ok(Self { course, state, bytes, me, openers: Vec::new() })
    }

    /// How it stands, to look at.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Runs one transaction.
    pub(super) fn commit<T>(
        &mut self,
        work: impl FnOnce(&mut Commit<'_, M::Error>) -> Result<T, M::Error>,
    ) -> Result<T, M::Error> {
        let Self { course, state, bytes, me, .. } = self;
        let Course { memory, exchange, rng, backing, report, .. } = &mut **course;
        let (now, backing) = (exchange.now(), *backing);
        memory.transact(|tx| {
            // What the person has changed meanwhile took stamps of the clock.
            if let Some(kept) = tx.state()?
                && *kept != **bytes
                && let Ok(changed) = State::decode(&kept)
            {
                *state = changed;
            }
            let done = work(&mut Commit { tx, state, me, rng: &mut **rng, report, backing, now })?;
            let encoded = state.encode();
            if *encoded != **bytes {
                tx.set_state(&encoded)?;
                *bytes = encoded;
            }
            Ok(done)
        })
    }

    /// After this device got other keys.
    pub(super) fn renew_keys(&mut self) {
        let keys = DeviceKeys::derive(self.course.root, &self.state.salt);
        self.openers.insert(0, std::mem::replace(&mut self.me, keys));
    }

    /// Which vault.
    pub(super) fn vault(&self) -> VaultId {
        self.state.circle().vault()
    }

    /// What is in a circle object, if it is sealed for this device.
    pub(super) fn open_circle(&self, object: &format::CircleObject) -> Option<format::Circle> {
        if object.vault != self.vault() {
            return None;
        }
        std::iter::once(&self.me).chain(&self.openers).find_map(|identity| object.open(identity).ok())
    }
}

impl<E> Commit<'_, E> {
    /// A second copy of the vault key to seal with.
    pub(super) fn sealing_key(&mut self) -> Option<SyncVaultKey> {
        let id = self.state.sealing_key(self.now, self.rng);
        self.state.circle().keys().get(&id).map(|entry| entry.key.duplicate())
    }

    /// The record's newest own copy is in that pack no longer.
    pub(super) fn leave_pack(&mut self, kept: &mut crate::memory::Kept) {
        let pack: Option<ObjectHash> = kept.own_pack.take();
        self.state.own.leave(pack);
    }
}
