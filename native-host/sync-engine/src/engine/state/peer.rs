//! What a device knows of another.

use std::collections::BTreeSet;

use super::MONTH;
use crate::format::Seen;
use crate::ids::{DeviceId, ObjectHash};

/// What a device knows of another.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Peer {
    /// The number of its newest head that was read, with all packs; 0: none was.
    pub read: u64,
    /// The hash of that head.
    pub hash: Option<ObjectHash>,
    /// The number of its newest head with news, as that head says.
    pub content: u64,
    /// When that head was written, by its own clock, milliseconds since 1970; 0: none was read.
    pub time: u64,
    /// When it was read, or when the device became known here.
    pub heard: u64,
    /// What it had seen.
    pub seen: Vec<Seen>,
    /// The circle that it stands by.
    pub circle: Option<ObjectHash>,
    /// A digest of what that is, where it opened.
    pub view: Option<[u8; 32]>,
    /// Packs that are merged already of a head that is not read in full.
    pub merged: BTreeSet<ObjectHash>,
    /// The number that the inviter knew (SYNC §9).
    pub floor: u64,
    /// Whether it once stood by a circle that is sealed for this device.
    pub knows_me: bool,
    /// The number of the head since which it does not.
    pub shut_out: Option<u64>,
    /// Whether its newest head needs a newer version (SYNC §19.3).
    pub newer: bool,
    /// Whether it wrote two heads with one number: it was copied.
    pub doubled: bool,
    /// The storage shows less of it than was read.
    pub behind: Option<Behind>,
    /// That has lasted: it is not counted on.
    pub gone: bool,
    /// The newest head that others have seen of it and that has not arrived here, and since when.
    pub missing: Option<(u64, u64)>,
    /// Since when it has not read all that this device has published.
    pub owing: Option<u64>,
}

/// See [`Peer::behind`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Behind {
    /// Since when, milliseconds since 1970.
    pub since: u64,
    /// In how many passes.
    pub passes: u64,
}

impl Peer {
    /// Whether it is away, or held back: for 30 days nothing came of it, though it had something to acknowledge.
    pub fn is_silent(&self, now: u64) -> bool {
        let long = |since: u64| now.saturating_sub(since) >= MONTH;
        long(self.heard) && self.owing.is_some_and(long)
    }

    /// What it has seen of a device.
    pub fn seen_of(&self, device: &DeviceId) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.device == *device)
    }
}
