//! How things stand, from what the device remembers; the storage is not asked.

use crate::ids::{DeviceId, VaultId};

/// How things stand with a vault that is synchronized.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// Which vault.
    pub vault: VaultId,
    /// The devices, this one first, then as they joined. A machine that was born again is there once, under its newest name.
    pub devices: Vec<DeviceStatus>,
    /// How many recovery keys open it.
    pub papers: u64,
    /// What a person should know, the most urgent first (SYNC §12); each once it has lasted.
    pub alarms: Vec<Alarm>,
    /// Whether this device was, as it seems, removed by another.
    pub removed: bool,
    /// When a pass last came to its end, milliseconds since 1970.
    pub last: Option<u64>,
    /// Records with changes that no storage had when the last pass ended.
    pub pending: u64,
    /// Devices whose removal waits for the storage (SYNC §10).
    pub removing: Vec<DeviceId>,
}

/// A device of the circle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceStatus {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// Whether it is this one.
    pub here: bool,
    /// When its newest head was written, by its own clock, milliseconds since 1970.
    pub seen: Option<u64>,
    /// Whether this device may remove it without the recovery key (SYNC §8).
    pub removable: bool,
    /// Those that it invited, and they: they would go with it if it was stolen.
    pub invited: Vec<DeviceId>,
    /// Whether it has acknowledged all that this device has published. For this device: whether all is published.
    pub has_all: bool,
}

/// What a person should know (SYNC §12); devices by what they are called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Alarm {
    /// The storage shows an older state of this device.
    RolledBack(String),
    /// Another device has seen a change of this one that the storage does not show.
    Withheld(String),
    /// The device was restored from a backup, or copied.
    Twice(String),
    /// It was removed.
    Removed {
        /// Which.
        device: String,
        /// By which; a recovery key has no name.
        by: Option<String>,
    },
    /// It has written nothing for 30 days.
    Silent(String),
    /// It writes what this version does not understand.
    Newer(String),
    /// So many objects that no member signed.
    Strange(u64),
}

/// How things stand, from the engine's state as [`crate::memory::Transaction::state`] has it; nothing where sync is off.
pub fn status(state: &[u8], now: u64) -> Option<Status> {
    let _ = (state, now);
    None
}
