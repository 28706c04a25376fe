//! How things stand, once sync is on.

use protocol::manage::sync::{Device, StorageConfig, SyncState, Synced, TroubleKind};

use super::alarms::count;
use super::trouble::is_for_a_person;
use crate::client::shown;
use crate::presentation::view::{Words, plain, words};

/// How things stand, in a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// What is said.
    pub said: Words,
    /// What is drawn beside it.
    pub mark: Mark,
}

/// What is drawn beside a [`Line`]; the styles know it by [`Mark::class`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mark {
    /// Everything is where it should be.
    Good,
    /// It will be.
    Waiting,
    /// A person must act.
    Problem,
}

/// A device of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceView {
    /// Its ID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is this one.
    pub is_here: bool,
    /// Whether another of the list has its name.
    pub is_twice: bool,
    /// When it was seen last, milliseconds since 1970.
    pub seen: Option<u64>,
    /// Whether the recovery key is asked for to remove it.
    pub needs_words: bool,
    /// The names of those that it invited.
    pub invited: Vec<String>,
}

impl Mark {
    /// The class that draws it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Waiting => "waiting",
            Self::Problem => "mend",
        }
    }
}

/// How things stand, in a line.
pub fn line(on: &Synced) -> Line {
    let trouble = on.trouble.as_ref().map(|trouble| trouble.kind);
    let (said, mark) = match trouble {
        _ if on.removed => (plain("syncLineRemoved"), Mark::Problem),
        Some(kind) if is_for_a_person(kind) => (plain("syncLineTrouble"), Mark::Problem),
        _ if on.busy => (plain("syncLineBusy"), Mark::Waiting),
        Some(TroubleKind::Unreachable) => (plain("syncLineOffline"), Mark::Waiting),
        Some(_) => (plain("syncLineTrouble"), Mark::Waiting),
        None if on.pending > 0 => (words("syncLinePending", &on.pending.to_string()), Mark::Waiting),
        None if on.last.is_none() => (plain("syncLineNever"), Mark::Waiting),
        None => (plain("syncLineGood"), Mark::Good),
    };
    Line { said, mark }
}

/// The one line of the popup; nothing where sync is off.
pub fn popup_line(state: &SyncState) -> Option<Line> {
    let on = state.on.as_ref()?;
    let line = line(on);
    let waits = count(state);
    if waits > 0 && line.mark != Mark::Problem {
        return Some(Line { said: words("syncLineLook", &waits.to_string()), mark: Mark::Problem });
    }
    Some(line)
}

/// The devices, in their order.
pub fn devices(devices: &[Device]) -> Vec<DeviceView> {
    let view = |device: &Device| DeviceView {
        id: device.id.clone(),
        name: shown(&device.name),
        is_here: device.here,
        is_twice: devices.iter().filter(|other| other.name == device.name).count() > 1,
        seen: device.seen,
        needs_words: !device.removable,
        invited: device.invited.iter().map(|name| shown(name)).collect(),
    };
    devices.iter().map(view).collect()
}

/// Which storage it is: its kind, and where; nothing where the host does not tell.
pub fn storage(at: Option<&StorageConfig>) -> Option<(&'static str, String)> {
    let server = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        shown(rest.split('/').next().unwrap_or_default())
    };
    Some(match at? {
        StorageConfig::Folder { path } => ("atFolder", shown(path)),
        StorageConfig::WebDav { url, .. } => ("atDav", server(url)),
        StorageConfig::S3 { endpoint, bucket, .. } => ("atS3", format!("{}, {}", server(endpoint), shown(bucket))),
        StorageConfig::Sftp { host, .. } => ("atSftp", shown(host)),
    })
}

/// What is said about recovery keys.
pub fn recovery_keys(count: u64) -> Words {
    match count {
        0 => plain("syncKeysNone"),
        1 => plain("syncKeysOne"),
        _ => words("syncKeysMany", &count.to_string()),
    }
}

/// Where a passkey is, as far as it is known.
pub fn copies(is_backed_up: bool, state: Option<&SyncState>) -> Words {
    match (is_backed_up, state.and_then(|state| state.on.as_ref())) {
        (true, Some(on)) if on.devices.len() > 1 => words("copiesDevices", &on.devices.len().to_string()),
        (true, Some(_)) => plain("copiesStorage"),
        (true, None) => plain("copiesBackedUp"),
        (false, Some(on)) if on.pending == 0 && !on.removed && is_folder(on) => plain("copiesFolder"),
        (false, _) => plain("copiesHere"),
    }
}

/// Whether a passkey is marked in the list as long as it is on this device alone. In a folder one is backed up when another device has it
/// (SYNC §13): without another, all of them would be marked.
pub fn marks_what_is_here_only(state: &SyncState) -> bool {
    state.on.as_ref().is_some_and(|on| !on.removed && (on.devices.len() > 1 || !is_folder(on)))
}

fn is_folder(on: &Synced) -> bool {
    matches!(on.at, Some(StorageConfig::Folder { .. }))
}

#[cfg(test)]
mod tests;
