//! What the engine asks of a storage: four verbs, and nothing else of any storage (SYNC §0, rule 1).

use std::fmt;

use crate::ids::{DeviceId, ObjectHash, Slot};

/// An object's name; its path is relative to the folder that the user chose (SYNC §5).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ObjectName {
    /// `v1/head/<device>.<n>`, n in 16 digits.
    Head(DeviceId, u64),
    /// `v1/pack/<device>/<hash>`.
    Pack(DeviceId, ObjectHash),
    /// `v1/circle/<hash>`.
    Circle(ObjectHash),
    /// `v1/join/<slot>.ask`.
    Ask(Slot),
    /// `v1/join/<slot>.yes`.
    Yes(Slot),
    /// `v1/check/<slot>`: written, read and deleted when a storage is tried.
    Check(Slot),
}

/// A folder that is listed, one level.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Folder {
    /// `v1/head/`.
    Heads,
    /// `v1/pack/<device>/`.
    Packs(DeviceId),
    /// `v1/circle/`.
    Circles,
    /// `v1/join/`.
    Joins,
}

/// What is asked of the storage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Request {
    /// The names in a folder. One that is not there is empty.
    List(Folder),
    /// The bytes of an object, at most so many: a longer one is not fetched.
    Get(ObjectName, u64),
    /// Writes an object whole. Done twice it is the same.
    Put(ObjectName, Vec<u8>),
    /// Deletes an object, if it is there.
    Delete(ObjectName),
}

/// What the storage answered. Nothing of it is believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// To [`Request::List`]: what of it has a name of ours. The rest (`*.sync-conflict-*`, droppings) is left out.
    Listed(Vec<ObjectName>),
    /// To [`Request::Get`].
    Got(Vec<u8>),
    /// To [`Request::Get`]: there is none.
    Absent,
    /// To [`Request::Get`]: it is longer than asked for.
    TooLarge,
    /// To [`Request::Put`] and [`Request::Delete`].
    Done,
    /// It did not work, or it is not known whether it did.
    Failed(Trouble),
}

/// Why a storage did not do what was asked, as far as a person can act on it. The detail is the storage's own, without secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// Nobody answers: offline, as a rule.
    Unreachable(String),
    /// It wants another password, or other keys.
    NotAllowed(String),
    /// It has no room left.
    Full(String),
    /// It can be read and not written.
    ReadOnly(String),
    /// The folder that the user chose is not there any more.
    Gone(String),
    /// Anything else.
    Failed(String),
}

impl ObjectName {
    /// The path under the folder that the user chose. At most 105 characters, of `a-z 0-9 . /`.
    pub fn path(&self) -> String {
        match self {
            Self::Head(device, n) => format!("v1/head/{device}.{n:016x}"),
            Self::Pack(device, hash) => format!("v1/pack/{device}/{hash}"),
            Self::Circle(hash) => format!("v1/circle/{hash}"),
            Self::Ask(slot) => format!("v1/join/{slot}.ask"),
            Self::Yes(slot) => format!("v1/join/{slot}.yes"),
            Self::Check(slot) => format!("v1/check/{slot}"),
        }
    }

    /// What [`Self::path`] wrote; nothing of any other name.
    pub fn from_path(path: &str) -> Option<Self> {
        let (folder, name) = path.strip_prefix("v1/")?.split_once('/')?;
        let parsed = match folder {
            "head" => {
                let (device, n) = name.split_once('.')?;
                let number = u64::from_str_radix(n, 16).ok()?;
                Self::Head(DeviceId::from_hex(device)?, number)
            }
            "pack" => {
                let (device, hash) = name.split_once('/')?;
                Self::Pack(DeviceId::from_hex(device)?, ObjectHash::from_hex(hash)?)
            }
            "circle" => Self::Circle(ObjectHash::from_hex(name)?),
            "join" => match name.split_once('.')? {
                (slot, "ask") => Self::Ask(Slot::from_hex(slot)?),
                (slot, "yes") => Self::Yes(Slot::from_hex(slot)?),
                _ => return None,
            },
            "check" => Self::Check(Slot::from_hex(name)?),
            _ => return None,
        };
        // One spelling for each name.
        (parsed.path() == path).then_some(parsed)
    }
}

impl Folder {
    /// The path under the folder that the user chose, with a slash at its end.
    pub fn path(&self) -> String {
        match self {
            Self::Heads => "v1/head/".to_owned(),
            Self::Packs(device) => format!("v1/pack/{device}/"),
            Self::Circles => "v1/circle/".to_owned(),
            Self::Joins => "v1/join/".to_owned(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(detail) => {
                write!(f, "The storage cannot be reached ({detail}). Keystow tries again by itself.")
            }
            Self::NotAllowed(detail) => {
                write!(
                    f,
                    "The storage does not let Keystow in ({detail}). Give it the right password in Devices & sync, or with keystow sync \
                     storage --password."
                )
            }
            Self::Full(detail) => write!(f, "The storage is full ({detail}). Make room there; nothing is lost here."),
            Self::ReadOnly(detail) => {
                write!(
                    f,
                    "The storage can be read and not written ({detail}). Allow Keystow to write there; nothing is lost here."
                )
            }
            Self::Gone(detail) => {
                write!(
                    f,
                    "The folder chosen for sync is not there ({detail}). Connect it again, or choose another in Devices & sync, or with \
                     keystow sync storage."
                )
            }
            Self::Failed(detail) => {
                write!(f, "The storage did not do what was asked ({detail}). Keystow tries again by itself.")
            }
        }
    }
}

impl std::error::Error for Trouble {}
