//! What a task needs of the device that it runs on. In the product it is this machine, in a test a script.

use std::fmt;

use protocol::manage::sync::StorageConfig;
use sync_engine::engine::{Report, Status, Task};
use sync_engine::ids::DeviceId;

/// This device.
pub trait ThisDevice: Send {
    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    /// Runs a pass, over `storage` or else over the one that is kept. One pass at a time runs on a machine; another is waited for.
    ///
    /// # Errors
    /// Where something on this machine fails; what a storage does is in the report.
    fn run(&mut self, storage: Option<&StorageConfig>, task: Task) -> Result<Report, Broken>;

    /// Whether there is anything here that is to go to the storage.
    ///
    /// # Errors
    /// Where the vault cannot be read.
    fn has_news(&mut self) -> Result<bool, Broken>;

    /// Whether the keychain still holds what a pass of a device that synchronizes needs.
    ///
    /// # Errors
    /// Where it does not, or does not answer.
    fn can_pass(&mut self) -> Result<(), Broken> {
        Ok(())
    }

    /// How things stand; nothing while sync is off.
    ///
    /// # Errors
    /// Where the vault cannot be read.
    fn status(&mut self) -> Result<Option<Status>, Broken>;

    /// The storage that is kept, with its password.
    ///
    /// # Errors
    /// Where the keychain does not answer.
    fn storage(&mut self) -> Result<Option<StorageConfig>, Broken>;

    /// Keeps a storage, or none any more.
    ///
    /// # Errors
    /// Where the keychain does not answer.
    fn keep_storage(&mut self, storage: Option<&StorageConfig>) -> Result<(), Broken>;

    /// Writes down for the other devices which storage it is from now on; a pass brings it to them.
    ///
    /// # Errors
    /// Where the vault cannot be written.
    fn tell_storage(&mut self, storage: &StorageConfig) -> Result<(), Broken>;

    /// The devices that have not learned yet what was [told](Self::tell_storage).
    ///
    /// # Errors
    /// Where the vault cannot be read.
    fn untold(&mut self) -> Result<Vec<DeviceId>, Broken>;

    /// How many passkeys are here.
    ///
    /// # Errors
    /// Where the vault cannot be read.
    fn passkeys(&mut self) -> Result<u64, Broken>;

    /// The RP IDs of the passkeys here, each once, the last used first.
    ///
    /// # Errors
    /// Where the vault cannot be read.
    fn sites(&mut self) -> Result<Vec<String>, Broken>;

    /// What this machine is called.
    fn name(&self) -> String;
}

/// Something on this machine failed. The text says what, and what to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Broken(pub String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}
