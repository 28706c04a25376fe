//! How things stand with the synchronized vault.

use serde::{Deserialize, Serialize};

use super::{Step, StorageConfig};

/// How things stand.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncState {
    /// The synchronized vault; nothing while sync is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Synced>,
    /// What was begun and has not been left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
}

/// A vault that is synchronized.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Synced {
    /// Where, in words: `WebDAV, cloud.example.org`. No password.
    pub storage: String,
    /// The same as it was typed, its password empty: what a form to change it begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<StorageConfig>,
    /// The devices that have not learned yet of the storage that this one told them of. Until there are none, the password of before is not
    /// to be revoked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untold: Vec<String>,
    /// When a pass last came to its end, milliseconds since 1970.
    pub last: Option<u64>,
    /// Why the last pass did not; nothing where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<SyncTrouble>,
    /// Whether a pass is under way.
    pub busy: bool,
    /// Passkeys with changes that no storage has yet.
    pub pending: u64,
    /// The devices, this one first, then as they joined.
    pub devices: Vec<Device>,
    /// How many recovery keys open the vault.
    pub recovery_keys: u64,
    /// What a person should know, the most urgent first.
    pub alarms: Vec<Alarm>,
    /// Whether this device was removed by another: it synchronizes no more.
    pub removed: bool,
}

/// Why a pass did not come to its end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncTrouble {
    /// What kind.
    pub kind: TroubleKind,
    /// In English, with what to do: for the command line, and where a screen has no words of its own.
    pub sentence: String,
}

/// What kind of trouble a storage makes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TroubleKind {
    /// Offline, as a rule: said quietly.
    Unreachable,
    /// The password is wrong.
    NotAllowed,
    /// No room.
    Full,
    /// It cannot be written.
    ReadOnly,
    /// The folder is gone.
    Gone,
    /// Anything else.
    Failed,
}

/// A device of the circle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// 32 hexadecimal digits.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is this one.
    pub here: bool,
    /// When its newest head was written, by its own clock, milliseconds since 1970; nothing where none was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<u64>,
    /// Whether this device may remove it without the recovery key (SYNC §8).
    pub removable: bool,
    /// The names of those that it invited, and they, who would go with it if it was stolen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<String>,
}

/// What a person should know (SYNC §12), each shown only once it lasts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Alarm {
    /// The storage shows an older state of this device. Nothing is lost; `Now` publishes again.
    RolledBack {
        /// Whose head, by the device's name.
        device: String,
    },
    /// Another device has seen a change of this one that the storage does not show.
    Withheld {
        /// Whose change, by the device's name.
        device: String,
    },
    /// The device was restored from a backup, or copied. If that was not the user: remove both.
    Twice {
        /// Which, by its name.
        device: String,
    },
    /// It was removed by another.
    Removed {
        /// Which, by its name.
        device: String,
        /// By which, its name; empty where it is not known.
        by: String,
    },
    /// It has written nothing for 30 days.
    Silent {
        /// Which, by its name.
        device: String,
    },
    /// It writes what this version does not understand. Update Keystow.
    Newer {
        /// Which, by its name.
        device: String,
    },
    /// Objects that no member signed: junk, or an attack. Only for the details.
    Strange {
        /// How many.
        count: u64,
    },
}
