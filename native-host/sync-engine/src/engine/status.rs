//! How things stand, from what the device remembers; the storage is not asked.

use super::state::{HOUR, MONTH, Peer, State};
use crate::circle::Membership;
use crate::ids::{DeviceId, VaultId};

/// How things stand with a vault that is synchronized.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// Which vault.
    pub vault: VaultId,
    /// The devices, this one first, then as they joined. A machine that was born again is there once, under its newest name.
    pub devices: Vec<DeviceStatus>,
    /// The recovery keys that open it.
    pub papers: Vec<DeviceId>,
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
    /// It has written nothing for 30 days, nor read what this device has published.
    Silent(String),
    /// It writes what this version does not understand.
    Newer(String),
    /// So many objects that no member signed.
    Strange(u64),
}

/// How things stand, from the engine's state as [`crate::memory::Transaction::state`] has it; nothing where sync is off, or where a newer
/// version wrote it.
pub fn status(state: &[u8], now: u64) -> Option<Status> {
    let state = State::decode(state).ok()?;
    let devices = std::iter::once(state.device).chain(state.others());
    Some(Status {
        vault: state.circle().vault(),
        devices: devices.map(|device| device_status(&state, device)).collect(),
        papers: state.membership().papers().map(|standing| standing.card.id()).collect(),
        alarms: alarms(&state, now),
        removed: state.seems_removed(),
        last: state.last,
        pending: state.pending,
        removing: state.duties.removing.clone(),
    })
}

fn device_status(state: &State, device: DeviceId) -> DeviceStatus {
    let (membership, own) = (state.membership(), &state.own);
    let names = membership.names_of_machine(&device);
    let here = device == state.device;
    let live = names.iter().filter(|name| membership.is_live(name));
    let removable = !here && live.clone().all(|name| membership.may_remove(&state.device, name));
    let invited = state.others().filter(|other| !names.contains(other) && came_through(membership, other, &names));
    let all_published = own.number > 0 && own.confirmed == own.number && state.pending == 0;
    DeviceStatus {
        id: device,
        name: name_of(membership, &device),
        here,
        seen: state.peers.get(&device).map(|peer| peer.time).filter(|time| *time > 0),
        removable,
        invited: invited.collect(),
        has_all: if here { all_published } else { state.has_read(&device, own.content) },
    }
}

/// Whether a device was invited by one of these, or by one that was, and so on.
fn came_through(membership: &Membership, device: &DeviceId, names: &[DeviceId]) -> bool {
    let inviter = |device: &DeviceId| membership.standing(device).and_then(|standing| standing.inviter);
    std::iter::successors(inviter(device), inviter).any(|inviter| names.contains(&inviter))
}

fn name_of(membership: &Membership, device: &DeviceId) -> String {
    membership.standing(device).map(|standing| standing.card.name().to_owned()).unwrap_or_default()
}

/// What has lasted long enough to be said, the most urgent first.
fn alarms(state: &State, now: u64) -> Vec<Alarm> {
    let membership = state.membership();
    // By the last look: a device that was switched off knows nothing newer.
    let looked = state.last.unwrap_or(0).min(now);
    let of_others = |is_so: fn(&Peer, u64) -> bool, alarm: fn(String) -> Alarm| -> Vec<Alarm> {
        let so = state.others().filter(|device| state.peers.get(device).is_some_and(|peer| is_so(peer, looked)));
        so.map(|device| alarm(name_of(membership, &device))).collect()
    };
    let strange = (state.strange > 0).then_some(Alarm::Strange(state.strange));
    [
        twice(state),
        of_others(|peer, looked| peer.behind.is_some_and(|behind| behind.lasts(looked)), Alarm::RolledBack),
        of_others(
            |peer, looked| peer.missing.is_some_and(|(_, since)| looked.saturating_sub(since) >= DAY),
            Alarm::Withheld,
        ),
        removed(state, now),
        of_others(|peer, _| peer.newer, Alarm::Newer),
        of_others(|peer, looked| peer.is_silent(looked), Alarm::Silent),
        strange.into_iter().collect(),
    ]
    .concat()
}

/// Machines with two names, until the old one is removed; and those that wrote two heads with one number.
fn twice(state: &State) -> Vec<Alarm> {
    let membership = state.membership();
    let doubled = |device: &DeviceId| state.peers.get(device).is_some_and(|peer| peer.doubled);
    let several = |device: &DeviceId| {
        membership.names_of_machine(device).iter().filter(|name| membership.is_live(name)).count() > 1
    };
    let devices = std::iter::once(state.device).chain(state.others());
    let twice = devices.filter(|device| doubled(device) || several(device));
    twice.map(|device| Alarm::Twice(name_of(membership, &device))).collect()
}

/// What others removed in the last 30 days.
fn removed(state: &State, now: u64) -> Vec<Alarm> {
    let membership = state.membership();
    let lately = membership.removed().iter().filter(|(device, by)| {
        let learned = state.removals.get(*device).copied().unwrap_or(0);
        **by != state.device && now.saturating_sub(learned) < MONTH
    });
    let devices = lately.filter_map(|(device, by)| {
        let standing = membership.standing(device).filter(|standing| !standing.card.is_paper())?;
        let by = membership.standing(by).filter(|standing| !standing.card.is_paper());
        let by = by.map(|standing| standing.card.name().to_owned());
        Some(Alarm::Removed { device: standing.card.name().to_owned(), by })
    });
    devices.collect()
}

/// In milliseconds.
const DAY: u64 = 24 * HOUR;
