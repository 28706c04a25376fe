//! The first device of a vault, and the first of a new one.

use protocol::manage::sync::{Done, NewDevice};
use sync_engine::engine;

use super::course::Course;
use super::device::ThisDevice;
use super::ended::Ended;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Turns sync on: the storage is tried, the recovery key written down, the vault founded.
    pub(super) fn turn_on(&mut self, new: &NewDevice) -> Result<Done, Ended> {
        if self.device.status()?.is_some() {
            return Err(Ended::not_now("Sync is on already. Turn it off first."));
        }
        let (storage, heads) = self.try_storage(&new.storage)?;
        if heads > 0 {
            return Err(Ended::occupied());
        }
        let paper = self.written_down()?;
        let name = self.name_of(new);
        self.keeping(&storage, |course| {
            // Where the storage fails just now, sync is on all the same, and later passes go on.
            course.try_pass(None, engine::Task::Found { name, paper })
        })?;
        Ok(Done::TurnedOn {})
    }

    /// A new vault of what is on this device, with nobody else in it (SYNC §8).
    pub(super) fn start_over(&mut self, new: &NewDevice) -> Result<Done, Ended> {
        let on = self.device.status()?.is_some();
        let (storage, _) = self.try_storage(&new.storage)?;
        let paper = self.written_down()?;
        let name = self.name_of(new);
        let task = match on {
            true => engine::Task::StartOver { name, paper },
            false => engine::Task::Found { name, paper },
        };
        self.keeping(&storage, |course| course.try_pass(None, task))?;
        Ok(Done::StartedOver {})
    }
}
