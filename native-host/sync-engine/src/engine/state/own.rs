//! What a device has published.

use std::collections::BTreeMap;

use crate::ids::{DeviceId, ObjectHash};

/// What a device has published.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Own {
    /// The number of the newest head made.
    pub number: u64,
    /// The number of the newest head made that carried news.
    pub content: u64,
    /// The number of the newest head that is on the storage; 0: none was.
    pub confirmed: u64,
    /// That of the one before.
    pub previous: u64,
    /// Above every number that was ever listed or seen in this device's name. None of these is used again (SYNC §6).
    pub above: u64,
    /// The hashes of the newest heads made, by number.
    pub hashes: BTreeMap<u64, ObjectHash>,
    /// Whether the newest head was seen on the storage as it was made.
    pub looked: bool,
    /// The packs, the oldest first.
    pub packs: Vec<OwnPack>,
    /// The circle that the newest head stands by.
    pub circle: Option<StoodBy>,
    /// Circle objects that this device wrote and does not stand by any more, and since when.
    pub former_circles: Vec<(ObjectHash, u64)>,
    /// Up to which head of each other device the newest head acknowledges.
    pub acknowledged: BTreeMap<DeviceId, u64>,
    /// When a head was last made that only acknowledged.
    pub acknowledged_at: u64,
}

/// A pack of this device's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnPack {
    /// Its name.
    pub hash: ObjectHash,
    /// In bytes.
    pub length: u64,
    /// The number of the head with which its newest record was first published; 0: of one to come.
    pub to: u64,
    /// How many records are in it.
    pub count: u64,
    /// For how many of them it is this device's newest copy.
    pub alive: u64,
    /// Whether it holds what was purged.
    pub stale: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Other devices, and the numbers of their heads, whose logs hold newer states of records in it than this device's. Until all have read
    /// those heads, some count on this pack.
    pub superseded: BTreeMap<DeviceId, u64>,
}

/// How far a pack has come.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stage {
    /// It is made, and in the outbox or on the storage, under no head that is.
    Made,
    /// A head that names it is on the storage.
    Named,
    /// And it is backed up (SYNC §13).
    BackedUp,
}

/// A circle object that this device stands by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoodBy {
    /// Its name.
    pub hash: ObjectHash,
    /// A digest of what is in it, and for whom.
    pub view: [u8; 32],
    /// Whether this device wrote it.
    pub own: bool,
}

impl Own {
    /// The newest copy of a record is in this pack no longer.
    pub fn leave(&mut self, pack: Option<ObjectHash>) {
        if let Some(pack) = self.packs.iter_mut().find(|own| Some(own.hash) == pack) {
            pack.alive = pack.alive.saturating_sub(1);
        }
    }

    /// Another's log holds a newer state of a record that this log held, in this pack or in whichever.
    pub fn supersede(&mut self, pack: Option<ObjectHash>, author: DeviceId, number: u64) {
        for own in self.packs.iter_mut().filter(|own| pack.is_none_or(|pack| pack == own.hash)) {
            let newest = own.superseded.entry(author).or_default();
            *newest = number.max(*newest);
        }
    }

    /// The pack of this name.
    pub fn pack(&mut self, hash: &ObjectHash) -> Option<&mut OwnPack> {
        self.packs.iter_mut().find(|pack| pack.hash == *hash)
    }

    /// The number of the next head: above every one ever listed or seen in this device's name.
    pub fn next_number(&self) -> u64 {
        self.number.max(self.above).saturating_add(1)
    }

    /// A number was listed or seen in this device's name. One that is far too high is nobody's: it would leave no room for others.
    pub fn stay_above(&mut self, number: u64) {
        if !self.is_far(number) {
            self.above = self.above.max(number);
        }
    }

    /// Whether a number is further up than this device will ever come: whoever wrote it did not make it.
    pub fn is_far(&self, number: u64) -> bool {
        number > self.number.saturating_add(FAR)
    }

    /// Notes the hash of a head that was made; the newest 32 are enough to know one's own by.
    pub fn note_hash(&mut self, number: u64, hash: ObjectHash) {
        self.hashes.insert(number, hash);
        while self.hashes.len() > 32 {
            self.hashes.pop_first();
        }
    }
}

/// More heads than one device writes.
const FAR: u64 = 1 << 32;
