//! What a person begins and goes on with.

use serde::{Deserialize, Serialize};

use super::{RecoveryWords, Secret, StorageConfig};
use crate::manage::PinUvAuth;

/// What a person begins.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Begin {
    /// What.
    pub task: Task,
    /// Where a PIN is set, whatever the task: who joins hands over the passkeys that are here. Over [`Task::message`], by a token with the permission acfg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_uv_auth: Option<PinUvAuth>,
}

/// The things that a person does (SYNC §9 to §11).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Task {
    /// Turns sync on: the storage is tried, the recovery key shown and checked, the vault founded.
    TurnOn(NewDevice),
    /// Shows a code with which another device joins.
    AddDevice {},
    /// Joins the devices that showed that code.
    Join {
        /// Where, and as what.
        device: NewDevice,
        /// 16 characters; spaces, hyphens and case do not matter.
        code: String,
    },
    /// Finds the vault that a recovery key opens, to join it.
    Recover {
        /// Where, and as what.
        device: NewDevice,
        /// 24 words.
        words: RecoveryWords,
    },
    /// Removes a device.
    Remove(Remove),
    /// Makes another recovery key. With the words of the one before that one ends; without, both open the vault.
    NewRecoveryKey {
        /// The one that is to end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<RecoveryWords>,
    },
    /// Uses another storage, or another password for it.
    ChangeStorage {
        /// Which.
        storage: StorageConfig,
        /// Whether the other devices get it too, by way of the storage of today.
        tell_the_others: bool,
    },
    /// A vault of this device's passkeys alone, with nobody else in it, on this storage, be sync on or off.
    StartOver(NewDevice),
    /// Ends sync on this device. Its passkeys stay.
    TurnOff {},
}

/// Where a device synchronizes, and what it is called.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDevice {
    /// The storage.
    pub storage: StorageConfig,
    /// What the others see it called; empty: the machine's name.
    pub name: String,
}

/// See [`Task::Remove`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remove {
    /// Which, by [`Device::id`].
    pub device: String,
    /// Whether somebody else may have it: the devices that it invited go too, and the passkeys that it has are listed.
    pub stolen: bool,
    /// Where it is older than this device: the recovery key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<RecoveryWords>,
}

/// The next step of what was begun.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum GoOn {
    /// At [`Step::RecoveryKey`]: the words asked for, in that order.
    Words([Secret; 2]),
    /// At [`Step::Asked`]: it is the one; at [`Step::Found`]: it is the vault.
    Yes {},
    /// At the same: it is not.
    No {},
}

impl Task {
    /// The task's name, as on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TurnOn(_) => "turnOn",
            Self::AddDevice {} => "addDevice",
            Self::Join { .. } => "join",
            Self::Recover { .. } => "recover",
            Self::Remove(_) => "remove",
            Self::NewRecoveryKey { .. } => "newRecoveryKey",
            Self::ChangeStorage { .. } => "changeStorage",
            Self::StartOver(_) => "startOver",
            Self::TurnOff {} => "turnOff",
        }
    }

    /// What the parameter is over: as in authenticatorConfig (CTAP §6.11) 32 bytes of 0xff, here followed by `keystow sync` and the task's name.
    pub fn message(&self) -> Vec<u8> {
        let mut message = vec![0xff; 32];
        message.extend_from_slice(b"keystow sync ");
        message.extend_from_slice(self.name().as_bytes());
        message
    }
}
