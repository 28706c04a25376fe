//! Another storage, or another password for it (SYNC §10 step 4).

use protocol::manage::sync::{Done, StorageConfig};
use sync_engine::engine::Task;

use super::course::Course;
use super::device::ThisDevice;
use super::ended::Ended;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Tries the storage, tells the others by way of the one of today, then uses it.
    pub(super) fn change_storage(&mut self, storage: &StorageConfig, tell_the_others: bool) -> Result<Done, Ended> {
        self.status()?;
        let (storage, _) = self.try_storage(storage)?;
        if tell_the_others && is_the_same_everywhere(&storage) {
            self.device.tell_storage(&storage)?;
            // Where the old one has failed for good, the others are told by hand; they are named below.
            self.try_pass(None, Task::Sync)?;
        }
        self.keeping(&storage, |course| course.try_pass(None, Task::Sync))?;
        let untold = self.device.untold()?;
        let devices = self.status()?.devices;
        let waiting = devices.iter().filter(|device| untold.contains(&device.id));
        Ok(Done::StorageChanged { waiting: waiting.map(|device| device.name.clone()).collect() })
    }
}

/// A folder has another path on each machine.
fn is_the_same_everywhere(storage: &StorageConfig) -> bool {
    !matches!(storage, StorageConfig::Folder { .. })
}
