//! SYNC §10: a device goes.

use protocol::manage::sync::{Done, Remove};
use sync_engine::engine::{DeviceStatus, Outcome, Refusal, Task};

use super::course::Course;
use super::device::ThisDevice;
use super::ended::Ended;
use super::recovery_key::read;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Removes a device. "Removed" is said only once the storage has it.
    pub(super) fn remove(&mut self, remove: &Remove) -> Result<Done, Ended> {
        let status = self.status()?;
        let device = status.devices.iter().find(|device| device.id.to_string() == remove.device);
        let device = device.ok_or(Refusal::Unknown)?;
        if device.here {
            return Err(Ended::not_now("That is this device. Turn sync off here, and remove it from another."));
        }
        let paper = remove.words.as_ref().map(read).transpose()?;
        if !device.removable && paper.is_none() {
            return Err(Refusal::TooOld.into());
        }
        let devices = going(device, remove.stolen);
        let name = device.name.clone();
        let report = self.by_words(paper.is_some(), Task::Remove { devices, paper })?;
        if report.outcome == Outcome::NotYet {
            return Ok(Done::RemovedLater { name });
        }
        let sites = if remove.stolen { self.device.sites()? } else { Vec::new() };
        Ok(Done::Removed { name, sites })
    }
}

/// The device, and, where a thief could have invited them, those that it let in.
fn going(device: &DeviceStatus, stolen: bool) -> Vec<sync_engine::ids::DeviceId> {
    let invited = device.invited.iter().filter(|_| stolen);
    std::iter::once(&device.id).chain(invited).copied().collect()
}
