//! Where stands what a person has begun.

use serde::{Deserialize, Serialize};

use super::{RecoveryWords, Secret, TroubleKind};

/// Where what was begun stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The storage is being tried, or written.
    Working {},
    /// The recovery key is shown, to be written down; then [`GoOn::Words`](super::GoOn::Words).
    RecoveryKey {
        /// The 24 words.
        words: RecoveryWords,
        /// Which two of them are asked for, counted from 1.
        asked: [u8; 2],
        /// Whether the last answer was wrong.
        wrong: bool,
    },
    /// A code is shown; the other device has not come yet.
    Code {
        /// `7QK4-M2XB-P9DT-3HWE`.
        code: Secret,
        /// What the QR code holds: code and storage without its password.
        invitation: Secret,
        /// When the code ends, milliseconds since 1970.
        until: u64,
    },
    /// A device has come with the code; [`GoOn::Yes`](super::GoOn::Yes) lets it in.
    Asked {
        /// What it calls itself.
        name: String,
    },
    /// This device waits to be let in.
    Waiting {},
    /// What the recovery key opens; [`GoOn::Yes`](super::GoOn::Yes) joins it.
    Found {
        /// Passkeys in it.
        passkeys: u64,
        /// Names of the devices in it.
        devices: Vec<String>,
        /// When it last changed, milliseconds since 1970.
        changed: Option<u64>,
        /// By which device; empty where it is not known.
        by: String,
    },
    /// It is done.
    Done(Done),
    /// It is not done, and nothing has changed.
    Failed {
        /// What went wrong.
        why: SyncFailure,
        /// In English, with what to do.
        sentence: String,
    },
}

/// What was done.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Done {
    /// Sync is on.
    TurnedOn {},
    /// The device is in.
    Added {
        /// Which.
        name: String,
        /// Passkeys shared with it.
        passkeys: u64,
    },
    /// This device is in.
    Joined {
        /// Passkeys here now.
        passkeys: u64,
    },
    /// The device is out, and the storage has it.
    Removed {
        /// Which.
        name: String,
        /// Where it was stolen: the sites of the passkeys that it could still have, the most used first.
        sites: Vec<String>,
    },
    /// It will be out as soon as the storage can be reached.
    RemovedLater {
        /// Which.
        name: String,
    },
    /// There is another recovery key.
    RecoveryKeyMade {},
    /// The storage is another one now.
    StorageChanged {
        /// Devices that have not learned of it yet.
        waiting: Vec<String>,
    },
    /// The vault is this device's alone.
    StartedOver {},
    /// Sync is off.
    TurnedOff {},
}

/// Why what was begun failed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncFailure {
    /// The storage.
    Storage(TroubleKind),
    /// The address, folder, bucket or user does not make sense.
    BadStorage,
    /// The code is not one, or has a typing mistake.
    BadCode,
    /// The words are no recovery key, or have a typing mistake.
    BadWords,
    /// The code came to its end, or nobody answered.
    TooLate,
    /// The other side's answer was altered, or made with another code.
    Altered,
    /// The other side said no.
    Declined,
    /// No vault of this recovery key is on the storage.
    NothingFound,
    /// The device is older than this one: it takes the recovery key.
    TooOld,
    /// Another vault is on the storage already: that one is to be joined, or another folder chosen.
    Occupied,
    /// Sync is on already, or is off.
    NotNow,
    /// Anything else.
    Other,
}
