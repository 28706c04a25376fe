//! This machine as a device that synchronizes. All of its hosts are one device: one vault file, one identity, and one pass at a time, held by a
//! lock on a file beside the vault that ends with the process (SYNC §6).

mod carrier;
mod name;
mod storage_entry;
mod this_device;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use protocol::manage::sync::StorageConfig;
use rand_core::UnwrapErr;
use sync_engine::engine::{Outcome, Pass, Report, Step, Task};
use sync_engine::keys::DeviceRoot;
use sync_engine::storage::Trouble;

use super::memory::SqliteMemory;
use crate::keychain::{Entries, Entry, Keychain, KeychainError};
use crate::vault::{self, Vault};

pub use carrier::{CarriesOut, OpenStorage, open_storage};

/// This machine, with a vault of its own open.
pub struct Machine<K> {
    vault: Vault,
    keychain: K,
    open_storage: Box<OpenStorage>,
}

/// What of this machine failed. What a storage does is in a [`Report`].
#[derive(Debug)]
pub enum Error {
    /// The vault.
    Vault(vault::Error),
    /// The keychain.
    Keychain(KeychainError),
    /// The lock beside the vault.
    Lock(io::Error),
    /// The keychain no longer holds the secret that this device's keys are derived from.
    RootGone,
    /// The keychain no longer holds the storage.
    StorageGone,
}

impl<K: Keychain + Entries> Machine<K> {
    /// Opens the vault in `file`, which is there.
    ///
    /// # Errors
    /// As [`Vault::open_or_create`].
    pub fn open(file: &Path, keychain: K) -> Result<Self, vault::Error> {
        let vault = Vault::open_or_create(file, &keychain)?;
        Ok(Self { vault, keychain, open_storage: Box::new(open_storage) })
    }

    /// The same, with another way to open storages.
    #[must_use]
    pub fn with_storages(
        self,
        open: impl Fn(&StorageConfig) -> Result<Box<dyn CarriesOut>, Trouble> + Send + 'static,
    ) -> Self {
        Self { open_storage: Box::new(open), ..self }
    }

    /// Its vault.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Its keychain.
    #[cfg(test)]
    pub(super) fn keychain(&self) -> &K {
        &self.keychain
    }

    /// Runs one pass, over `storage` or else over the one that is kept. Another pass on this machine is waited for.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn run(&self, storage: Option<&StorageConfig>, task: Task) -> Result<Report, Error> {
        let _alone = self.alone()?;
        if matches!(task, Task::Forget) {
            // Neither is asked for anything: sync can be turned off where the keychain lost the one, or the other is gone.
            let unused = DeviceRoot::generate(&mut UnwrapErr(SysRng));
            return self.step_through(&unused, &mut carrier::Nowhere, task);
        }
        let root = self.root()?;
        let kept = if storage.is_none() { self.storage_entry()? } else { None };
        let mut storage =
            match storage.or(kept.as_ref().map(|kept| &kept.config)).map(|config| (self.open_storage)(config)) {
                Some(Ok(storage)) => storage,
                Some(Err(trouble)) => return Ok(not_yet(trouble)),
                None if matches!(task, Task::Sync) && !self.vault.is_replicated()? => return Ok(Report::default()),
                None => return Err(Error::StorageGone),
            };
        let report = self.step_through(&root, &mut *storage, task)?;
        if kept.is_some() {
            self.settle_telling()?;
            self.adopt_told_storage()?;
        }
        Ok(report)
    }

    fn step_through(&self, root: &DeviceRoot, storage: &mut dyn CarriesOut, task: Task) -> Result<Report, Error> {
        let mut rng = UnwrapErr(SysRng);
        let memory = SqliteMemory::new(&self.vault);
        let mut pass = Pass::new(memory, root, &mut rng, storage.backing(), task);
        let mut answers = Vec::new();
        loop {
            match pass.step(now(), answers)? {
                Step::Requests(requests) => answers = storage.carry_out(requests),
                Step::Done(report) => return Ok(report),
            }
        }
    }

    /// The only one on this machine to synchronize, until it is dropped or its process has ended.
    fn alone(&self) -> Result<File, Error> {
        let lock = vault::private_file_beside(self.vault.file(), ".sync").map_err(Error::Lock)?;
        lock.lock().map_err(Error::Lock)?;
        Ok(lock)
    }

    /// The secret that this device's keys are derived from; made where sync has not been on.
    fn root(&self) -> Result<DeviceRoot, Error> {
        match self.keychain.entry(Entry::DeviceRoot)? {
            Some(secret) => DeviceRoot::from_slice(&secret).ok_or(Error::Keychain(KeychainError::Foreign)),
            None if self.vault.is_replicated()? => Err(Error::RootGone),
            None => {
                let root = DeviceRoot::generate(&mut UnwrapErr(SysRng));
                // EXPOSE: to be kept.
                self.keychain.keep(Entry::DeviceRoot, root.expose_secret())?;
                let kept = self.keychain.entry(Entry::DeviceRoot)?;
                let kept = kept.and_then(|secret| DeviceRoot::from_slice(&secret)).filter(|kept| kept.same_as(&root));
                kept.ok_or_else(|| KeychainError::Unavailable("it did not keep the key it was given".to_owned()).into())
            }
        }
    }
}

/// The time, in milliseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A pass that did not begin.
fn not_yet(trouble: Trouble) -> Report {
    Report { outcome: Outcome::NotYet, trouble: Some(trouble), ..Report::default() }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(error) => error.fmt(f),
            Self::Keychain(error) => error.fmt(f),
            Self::Lock(error) => write!(
                f,
                "The file that keeps two passes of sync apart, beside the vault, cannot be locked ({error}). Check the disk, then try again."
            ),
            Self::RootGone => f.write_str(
                "The OS keychain no longer holds this device's key for sync. Its passkeys are all here. Turn sync off on this device, then let it \
                 join again.",
            ),
            Self::StorageGone => f.write_str(
                "The OS keychain no longer holds the storage that this device synchronizes over. Give it again in Devices & sync, or with \
                 keystow sync storage.",
            ),
        }
    }
}

impl std::error::Error for Error {}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        Self::Vault(error)
    }
}

impl From<KeychainError> for Error {
    fn from(error: KeychainError) -> Self {
        Self::Keychain(error)
    }
}

#[cfg(test)]
mod tests;
