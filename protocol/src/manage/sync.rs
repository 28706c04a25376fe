//! Devices & sync: what the manager asks of the host, and how things stand. Nothing here waits for a storage: what takes time is begun, goes on in
//! the host, and is looked at with [`SyncRequest::State`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PinUvAuth;

/// See [`Request::Sync`](super::Request::Sync). All are answered by a [`SyncState`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum SyncRequest {
    /// How things stand. Changes nothing.
    State {},
    /// Synchronizes now.
    Now {},
    /// Begins one of the things that a person does, after the one before has ended or was left ([`Leave`](Self::Leave)).
    Begin(Begin),
    /// Goes on with what was begun.
    GoOn(GoOn),
    /// Leaves what was begun, or closes its last screen. What is done stays done.
    Leave {},
}

/// What a person begins.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Begin {
    /// What.
    pub task: Task,
    /// Where a PIN is set and the task [needs it](Task::needs_verification): over [`Task::message`], by a token with the permission acfg.
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
    /// A vault of this device's passkeys alone, with nobody else in it, on this storage.
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
    Words([String; 2]),
    /// At [`Step::Asked`]: it is the one; at [`Step::Found`]: it is the vault.
    Yes {},
    /// At the same: it is not.
    No {},
}

/// A storage that the user owns.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum StorageConfig {
    /// A folder that other software carries about (Syncthing, Nextcloud's client, Dropbox).
    Folder {
        /// Absolute; `~/` is the home folder.
        path: String,
    },
    /// WebDAV: Nextcloud, Apache, nginx, rclone.
    WebDav {
        /// https, or http on this machine.
        url: String,
        /// May be empty.
        user: String,
        /// May be empty. An app password where there is one.
        password: Secret,
    },
    /// S3 or what speaks like it.
    S3 {
        /// https, or http on this machine.
        endpoint: String,
        /// As the provider calls it; `auto` where it does not matter.
        region: String,
        /// The bucket.
        bucket: String,
        /// A folder in it; may be empty.
        prefix: String,
        /// Access key ID.
        access_key_id: String,
        /// Secret access key.
        secret_access_key: Secret,
    },
    /// SFTP, by the system's own ssh and its keys. Not on Windows.
    Sftp {
        /// `user@host` or `user@host:port`.
        host: String,
        /// The folder there.
        path: String,
    },
}

/// A storage's password. `Debug` does not show it.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Secret(String);

/// 24 words with single spaces between them. `Debug` does not show them.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct RecoveryWords(String);

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
    /// When a pass last came to its end, milliseconds since 1970.
    pub last: Option<u64>,
    /// Why the last pass did not, a sentence; nothing where it did.
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
        /// Whose head.
        device: String,
    },
    /// Another device has seen a change of this one that the storage does not show.
    Withheld {
        /// Whose change.
        device: String,
    },
    /// The device was restored from a backup, or copied. If that was not the user: remove both.
    Twice {
        /// Which.
        device: String,
    },
    /// It was removed by another.
    Removed {
        /// Which.
        device: String,
        /// By which; empty where it is not known.
        by: String,
    },
    /// It has written nothing for 30 days.
    Silent {
        /// Which.
        device: String,
    },
    /// It writes what this version does not understand. Update Keystow.
    Newer {
        /// Which.
        device: String,
    },
    /// Objects that no member signed: junk, or an attack. Only for the details.
    Strange {
        /// How many.
        count: u64,
    },
}

/// Where what was begun stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The storage is being tried, or written.
    Working {},
    /// The recovery key is shown, to be written down; then [`GoOn::Words`].
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
    /// A device has come with the code; [`GoOn::Yes`] lets it in.
    Asked {
        /// What it calls itself.
        name: String,
    },
    /// This device waits to be let in.
    Waiting {},
    /// What the recovery key opens; [`GoOn::Yes`] joins it.
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
    /// Sync is on already, or is off.
    NotNow,
    /// Anything else.
    Other,
}

impl Task {
    /// Whether the user must be verified for it, where a PIN is set or the OS asks.
    pub fn needs_verification(&self) -> bool {
        !matches!(self, Self::Join { .. } | Self::Recover { .. })
    }

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

macro_rules! hidden {
    ($name:ident) => {
        impl $name {
            /// Keeps it.
            pub fn new(text: String) -> Self {
                Self(text)
            }

            /// The text itself. Every call says why it needs it.
            pub fn expose_secret(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

hidden!(Secret);
hidden!(RecoveryWords);

impl fmt::Debug for StorageConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder { .. } => "Folder(…)",
            Self::WebDav { .. } => "WebDav(…)",
            Self::S3 { .. } => "S3(…)",
            Self::Sftp { .. } => "Sftp(…)",
        })
    }
}
