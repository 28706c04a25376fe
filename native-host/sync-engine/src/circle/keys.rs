//! The vault keys that travel with the circle, and which of them to seal with (SYNC §4).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rand_core::CryptoRng;

use super::Membership;
use crate::format::VaultKeyEntry;
use crate::ids::{DeviceId, KeyId};
use crate::keys::SyncVaultKey;
use crate::mutations::{Mutation, is_broken};
use crate::stamp::Stamp;

/// All vault keys ever known; old ones stay, to open what they sealed.
#[derive(Default)]
pub struct VaultKeys {
    keys: BTreeMap<KeyId, VaultKeyEntry>,
}

impl VaultKeys {
    /// Those that this device remembers.
    pub(super) fn of(entries: impl IntoIterator<Item = VaultKeyEntry>) -> Self {
        Self { keys: entries.into_iter().map(|entry| (entry.key.id(), entry)).collect() }
    }

    /// All of them, in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &VaultKeyEntry> {
        self.keys.values()
    }

    /// One of them.
    pub fn get(&self, id: &KeyId) -> Option<&VaultKeyEntry> {
        self.keys.get(id)
    }

    /// Takes in the keys of a circle that a member's head stands by (no others), and returns whether anything is new. `membership` is
    /// what the sentences that came with them say, united with one's own.
    ///
    /// A key is believed to be made in knowledge of a removal only where that removal is known here too. So a device that is still in
    /// cannot provide a key for the time after its own removal: whoever takes that key in before takes it without this claim, and whoever
    /// knows of the removal does not read the device any more.
    pub fn take_in(&mut self, entries: impl IntoIterator<Item = VaultKeyEntry>, membership: &Membership) -> bool {
        let mut news = false;
        for mut entry in entries {
            entry.without.retain(|device| membership.removed().contains_key(device));
            match self.keys.entry(entry.key.id()) {
                Entry::Vacant(vacant) => {
                    vacant.insert(entry);
                    news = true;
                }
                Entry::Occupied(mut known) => {
                    let known = known.get_mut();
                    let claimed = known.without.len();
                    known.without.retain(|device| entry.without.contains(device));
                    news |= known.without.len() != claimed;
                }
            }
        }
        news
    }

    /// The key to seal with: the newest that was made in knowledge of every removal that is known. Where there is none, one has to be
    /// made: [`Self::make`].
    pub fn to_seal_with(&self, membership: &Membership) -> Option<&VaultKeyEntry> {
        let knows_all = |entry: &&VaultKeyEntry| {
            let without: BTreeSet<&DeviceId> = entry.without.iter().collect();
            membership.removed().keys().all(|device| without.contains(device)) || is_broken(Mutation::KeyNotRotated)
        };
        self.keys.values().filter(knows_all).max_by_key(|entry| (entry.made, entry.key.id()))
    }

    /// Makes a key in knowledge of every removal that is known.
    pub fn make(&mut self, made: Stamp, membership: &Membership, rng: &mut dyn CryptoRng) -> KeyId {
        let without = membership.removed().keys().copied().collect();
        let entry = VaultKeyEntry { made, key: SyncVaultKey::generate(rng), without };
        let id = entry.key.id();
        self.keys.insert(id, entry);
        id
    }
}
