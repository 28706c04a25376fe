//! How things stand, as screens have it.

use protocol::manage::sync::{Alarm, Device, StorageConfig, SyncTrouble, Synced};
use sync_engine::engine::{self, DeviceStatus, Status};
use sync_engine::ids::DeviceId;

use crate::sync::storage;
use crate::sync::worker::Failure;

/// A vault's state, from what the engine knows and what the passes of this process have met.
pub fn synced(
    status: Status,
    config: Option<&StorageConfig>,
    untold: &[DeviceId],
    failure: Option<&Failure>,
    busy: bool,
) -> Synced {
    let name_of =
        |id: &DeviceId| status.devices.iter().find(|device| device.id == *id).map(|device| device.name.clone());
    Synced {
        storage: config.map(storage::describe).unwrap_or_default(),
        at: config.map(StorageConfig::without_secrets),
        untold: untold.iter().filter_map(name_of).collect(),
        last: status.last,
        trouble: failure.map(|failure| SyncTrouble { kind: failure.kind(), sentence: failure.to_string() }),
        busy,
        pending: status.pending,
        devices: status.devices.iter().map(|device| shown(device, &name_of)).collect(),
        recovery_keys: status.papers.len() as u64,
        alarms: status.alarms.into_iter().map(alarm).collect(),
        removed: status.removed,
    }
}

fn shown(device: &DeviceStatus, name_of: &impl Fn(&DeviceId) -> Option<String>) -> Device {
    Device {
        id: device.id.to_string(),
        name: device.name.clone(),
        here: device.here,
        seen: device.seen,
        removable: device.removable,
        invited: device.invited.iter().filter_map(name_of).collect(),
    }
}

fn alarm(alarm: engine::Alarm) -> Alarm {
    match alarm {
        engine::Alarm::RolledBack(device) => Alarm::RolledBack { device },
        engine::Alarm::Withheld(device) => Alarm::Withheld { device },
        engine::Alarm::Twice(device) => Alarm::Twice { device },
        engine::Alarm::Removed { device, by } => Alarm::Removed { device, by: by.unwrap_or_default() },
        engine::Alarm::Silent(device) => Alarm::Silent { device },
        engine::Alarm::Newer(device) => Alarm::Newer { device },
        engine::Alarm::Strange(count) => Alarm::Strange { count },
    }
}
