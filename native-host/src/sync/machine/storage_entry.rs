//! The storage in the keychain, and the word of the other devices about another one (SYNC §10 step 4): a record of which a vault has one.

use std::collections::BTreeMap;

use protocol::manage::sync::StorageConfig;
use sync_engine::engine::local::Local;
use sync_engine::engine::status;
use sync_engine::ids::{DeviceId, RecordId};
use sync_engine::memory::Memory;
use sync_engine::record::{FieldNumber, Record};
use sync_engine::stamp::Stamp;
use zeroize::Zeroizing;

use super::{Error, Machine, now};
use crate::keychain::{Entries, Entry, Keychain, KeychainError};
use crate::sync::memory::SqliteMemory;
use crate::sync::storage::{from_bytes, to_bytes};

/// The storage as the keychain keeps it: eight bytes of time, one of whether others are still to learn of it, then the description.
pub(super) struct StorageEntry {
    /// What other devices have said up to this time, milliseconds since 1970, does not count any more.
    since: u64,
    /// Whether this device has told the others, and not all of them are known to have heard.
    telling: bool,
    pub(super) config: StorageConfig,
}

impl StorageEntry {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let config = to_bytes(&self.config);
        Zeroizing::new([&self.since.to_be_bytes()[..], &[u8::from(self.telling)], &config].concat())
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (since, rest) = bytes.split_first_chunk()?;
        let (telling, config) = rest.split_first()?;
        Some(Self { since: u64::from_be_bytes(*since), telling: *telling == 1, config: from_bytes(config)? })
    }
}

impl<K: Keychain + Entries> Machine<K> {
    pub(super) fn storage_entry(&self) -> Result<Option<StorageEntry>, Error> {
        let Some(bytes) = self.keychain.entry(Entry::Storage)? else { return Ok(None) };
        StorageEntry::from_bytes(&bytes).map(Some).ok_or(Error::Keychain(KeychainError::Foreign))
    }

    /// Keeps a storage as the user gave it, or none any more.
    ///
    /// # Errors
    /// [`Error::Keychain`].
    pub fn keep_storage(&self, storage: Option<&StorageConfig>) -> Result<(), Error> {
        let _alone = self.alone()?;
        let Some(config) = storage else { return Ok(self.keychain.remove(Entry::Storage)?) };
        let before = self.storage_entry().ok().flatten();
        let (since, telling) = before.map_or((0, false), |before| (before.since, before.telling));
        let since = since.max(now());
        self.keep(&StorageEntry { since, telling, config: config.clone() })
    }

    /// The storage that is kept, with its password.
    ///
    /// # Errors
    /// [`Error::Keychain`].
    pub fn storage(&self) -> Result<Option<StorageConfig>, Error> {
        Ok(self.storage_entry()?.map(|entry| entry.config))
    }

    /// Writes down for the other devices which storage it is from now on; a pass brings it to them.
    ///
    /// # Errors
    /// [`Error::Vault`], [`Error::Keychain`].
    pub fn tell_storage(&self, storage: &StorageConfig) -> Result<(), Error> {
        let _alone = self.alone()?;
        let config = to_bytes(storage);
        let told = SqliteMemory::new(&self.vault).transact(|transaction| {
            let Some(state) = transaction.state()? else { return Ok(None) };
            let Ok(mut local) = Local::open(&state) else { return Ok(None) };
            let mut kept = transaction.record(&record_id())?.unwrap_or_default();
            local.write(&mut kept, now(), BTreeMap::from([(DESCRIPTION, config)]));
            transaction.put_record(&record_id(), &kept)?;
            transaction.set_state(&local.close())?;
            Ok(kept.record.newest(DESCRIPTION).map(|(stamp, _)| stamp.ms))
        })?;
        match (told, self.storage_entry()?) {
            // What it says itself is none of the others' word.
            (Some(told), Some(entry)) => self.keep(&StorageEntry { since: told, telling: true, ..entry }),
            _ => Ok(()),
        }
    }

    /// The devices that are not known to have learned what was [told](Self::tell_storage).
    ///
    /// # Errors
    /// [`Error::Vault`], [`Error::Keychain`].
    pub fn untold(&self) -> Result<Vec<DeviceId>, Error> {
        let telling = self.storage_entry()?.is_some_and(|entry| entry.telling);
        if telling { self.behind() } else { Ok(Vec::new()) }
    }

    /// The devices that have not acknowledged all that this one has published.
    fn behind(&self) -> Result<Vec<DeviceId>, Error> {
        let state = self.vault.look_at_replica(|replica| replica.state())?;
        let Some(status) = state.and_then(|state| status(&state, now())) else { return Ok(Vec::new()) };
        let behind = status.devices.iter().filter(|device| !device.here && !device.has_all);
        Ok(behind.map(|device| device.id).collect())
    }

    /// Remembers it once all others have learned what was told. Who calls this is alone on this machine.
    pub(super) fn settle_telling(&self) -> Result<(), Error> {
        match self.storage_entry()? {
            Some(entry) if entry.telling && self.behind()?.is_empty() => {
                self.keep(&StorageEntry { telling: false, ..entry })
            }
            _ => Ok(()),
        }
    }

    /// Uses the storage that another device has told of since the user last gave one here. Who calls this is alone on this machine.
    pub(super) fn adopt_told_storage(&self) -> Result<(), Error> {
        let kept = SqliteMemory::new(&self.vault).transact(|transaction| transaction.record(&record_id()))?;
        let Some((told, config)) = kept.as_ref().and_then(|kept| description(&kept.record)) else { return Ok(()) };
        match self.storage_entry()? {
            Some(entry) if told.ms > entry.since && config != entry.config => {
                self.keep(&StorageEntry { since: told.ms, telling: false, config })
            }
            _ => Ok(()),
        }
    }

    fn keep(&self, entry: &StorageEntry) -> Result<(), Error> {
        Ok(self.keychain.keep(Entry::Storage, &entry.to_bytes())?)
    }
}

fn description(record: &Record) -> Option<(&Stamp, StorageConfig)> {
    let (stamp, value) = record.newest(DESCRIPTION)?;
    Some((stamp, from_bytes(value)?))
}

fn record_id() -> RecordId {
    RecordId::of_single("storage")
}

/// The field of the record that has the description, with its password.
const DESCRIPTION: FieldNumber = 1;
