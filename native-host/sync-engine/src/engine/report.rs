//! What came of a pass.

use crate::ids::{DeviceId, VaultId};
use crate::storage::Trouble;

/// What came of a pass.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// What came of the task.
    pub outcome: Outcome,
    /// The first thing that the storage did not do; nothing where the pass came to its end.
    pub trouble: Option<Trouble>,
    /// Records that changed here because of other devices.
    pub read: u64,
    /// Records that were published: they are on the storage, under a head that is.
    pub published: u64,
    /// Records with changes that are not.
    pub pending: u64,
}

/// What came of a [`Task`](super::Task).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Outcome {
    /// It is done.
    #[default]
    Done,
    /// Not yet: nobody has answered, or the storage did not do its part ([`Report::trouble`]). Trying again is right.
    NotYet,
    /// The storage does what it must.
    Checked {
        /// How many heads of devices are there: more than none, and someone synchronizes here already.
        heads: u64,
    },
    /// Somebody asks to be let in.
    Asked(Newcomer),
    /// This device is in.
    Joined {
        /// Records here that are not deleted.
        records: u64,
    },
    /// What the recovery key opens; one vault, as a rule.
    Looked(Vec<FoundVault>),
    /// It cannot be done; nothing has changed.
    Refused(Refusal),
}

/// Why a task cannot be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// Sync is off.
    Off,
    /// Sync is on already.
    On,
    /// A device is older than this one, or the recovery key given may not do it: it takes the (right) recovery key (SYNC §8).
    TooOld,
    /// There is no such device, or no such recovery key, in the circle.
    Unknown,
    /// What lies in the mailbox was altered, or made with another code.
    Altered,
    /// The other side said no.
    Declined,
    /// No vault of this recovery key is on the storage.
    NothingFound,
    /// What this device remembers was written by a newer version: it takes that one.
    Newer,
    /// The keychain's secret is not the one that this device's keys were made of. Sync has to be turned off here, and joined again.
    OtherKeys,
}

/// A device that asks to be let in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Newcomer {
    /// Its id.
    pub device: DeviceId,
    /// What it calls itself.
    pub name: String,
    /// Its card, encoded (SYNC §5).
    pub card: Vec<u8>,
}

/// A vault that a recovery key opens, as the storage shows it. The user says whether it is the one and the newest state (SYNC §11).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundVault {
    /// Which.
    pub vault: VaultId,
    /// Records in it that are not deleted.
    pub records: u64,
    /// The names of its devices, as they joined.
    pub devices: Vec<String>,
    /// When the newest head was written, by its writer's clock, milliseconds since 1970, and the writer's name.
    pub changed: Option<(u64, String)>,
}
