//! What the engine keeps of a device between passes.

mod coding;
mod own;
mod peer;

use std::collections::BTreeMap;

use rand_core::CryptoRng;

use crate::circle::{Circle, Membership};
use crate::format;
use crate::ids::{DeviceId, KeyId, ObjectHash};
use crate::stamp::{Clock, Stamp};
use crate::storage::ObjectName;
use crate::wire::Unknown;

pub use own::{Own, OwnPack, Stage, StoodBy};
pub use peer::{Behind, Peer};

/// The salt that, with the keychain's root, this device's keys are derived from (SYNC §4). No secret.
pub type Salt = [u8; 32];

/// All that the engine keeps of a device that synchronizes; the records are beside it.
pub struct State {
    /// Of today's keys.
    pub salt: Salt,
    /// Of the keys under which this device was known before it was born again, the newest first: circles may still be sealed for them.
    pub former: Vec<Salt>,
    /// Whose keys those are.
    pub device: DeviceId,
    /// What the others see it called.
    pub name: String,
    /// For stamps.
    pub clock: Clock,
    /// Who is in, by all that was said, and the vault keys.
    circle: Circle,
    /// What the circle comes to. Not kept: made anew.
    membership: Membership,
    /// What this device has published.
    pub own: Own,
    /// What it knows of the others.
    pub peers: BTreeMap<DeviceId, Peer>,
    /// What is still to be done.
    pub duties: Duties,
    /// Heads of devices in no circle that were looked at, by number and time: they are not looked at in every pass.
    pub strangers: BTreeMap<DeviceId, (u64, u64)>,
    /// How many objects the last pass found that no member signed.
    pub strange: u64,
    /// Devices that others removed, and when this device learned of it.
    pub removals: BTreeMap<DeviceId, u64>,
    /// When a pass last came to its end, milliseconds since 1970.
    pub last: Option<u64>,
    /// Records with changes that no storage had when the last pass ended.
    pub pending: u64,
    /// What a later version kept.
    unknown: Unknown,
}

/// What is still to be done, whatever becomes of this pass.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Duties {
    /// Every record is to be looked at: devices that held some are not counted on any more.
    pub audit: bool,
    /// Somebody else uses this identity: this device is to be born again (SYNC §6).
    pub forked: bool,
    /// A head is to be published even without news.
    pub head: bool,
    /// Devices that the user removed while the storage could not be reached (SYNC §10).
    pub removing: Vec<DeviceId>,
    /// What the newest head does not name any more: to be deleted once that is on the storage.
    pub garbage: Vec<ObjectName>,
    /// Devices whose files this one deletes, once all have read its head of that number (SYNC §10).
    pub clearing: Vec<(DeviceId, u64)>,
}

impl State {
    /// A device that has just come into a circle.
    pub fn new((salt, device): (Salt, DeviceId), name: &str, clock: Clock, circle: Circle) -> Self {
        let membership = circle.evaluate();
        Self {
            salt,
            former: Vec::new(),
            device,
            name: name.to_owned(),
            clock,
            circle,
            membership,
            own: Own::default(),
            peers: BTreeMap::new(),
            duties: Duties::default(),
            strangers: BTreeMap::new(),
            strange: 0,
            removals: BTreeMap::new(),
            last: None,
            pending: 0,
            unknown: Unknown::default(),
        }
    }

    /// All that was said.
    pub fn circle(&self) -> &Circle {
        &self.circle
    }

    /// Who is in.
    pub fn membership(&self) -> &Membership {
        &self.membership
    }

    /// The next stamp of this device.
    pub fn stamp(&mut self, now: u64) -> Stamp {
        self.clock.stamp(now, &self.device)
    }

    /// Says something in the circle, or takes in what others have said, and returns whether anything is new. What follows from that is done here:
    /// what those hold who are out, or have another name now, is not counted on.
    pub fn learn(&mut self, now: u64, say: impl FnOnce(&mut Circle, &Membership)) -> bool {
        let (before, said) = (self.uncounted(), self.circle.sentences().count());
        say(&mut self.circle, &self.membership);
        if self.circle.sentences().count() == said {
            return false;
        }
        self.membership = self.circle.evaluate();
        self.observe_circle(now);
        self.strangers.clear();
        for device in self.membership.removed().keys() {
            self.removals.entry(*device).or_insert(now);
        }
        self.duties.audit |= self.uncounted() != before;
        true
    }

    /// Takes in a circle that a member's head stands by, and returns whether anything in it is new.
    pub fn take_in(&mut self, now: u64, contents: format::Circle) -> bool {
        let format::Circle { sentences, keys, unknown } = contents;
        let said = self.learn(now, |circle, _| {
            circle.union(sentences);
        });
        let keys = self.circle.keys_mut().take_in(keys, &self.membership);
        let later = self.circle.union_unknown(&unknown);
        said || keys || later
    }

    /// The id of the key to seal with, made if there is none that was made in knowledge of every removal (SYNC §4).
    pub fn sealing_key(&mut self, now: u64, rng: &mut dyn CryptoRng) -> KeyId {
        if let Some(entry) = self.circle.keys().to_seal_with(&self.membership) {
            return entry.key.id();
        }
        let made = self.stamp(now);
        self.circle.keys_mut().make(made, &self.membership, rng)
    }

    /// Whether a device's log counts as holding what is in it (SYNC §6, §7).
    pub fn is_counted(&self, device: &DeviceId) -> bool {
        self.membership.is_member(device)
            && !self.membership.was_born_again(device)
            && self.peers.get(device).is_none_or(|peer| !peer.gone)
    }

    /// The other devices that are counted on, in the order of the circle.
    pub fn others(&self) -> impl Iterator<Item = DeviceId> {
        let members = self.membership.members().map(|standing| standing.card.id());
        members.filter(|device| *device != self.device && !self.membership.was_born_again(device))
    }

    /// Whether anybody else could get at what this device publishes: another device, or a recovery key (SYNC §13).
    pub fn has_company(&self) -> bool {
        self.others().next().is_some() || self.membership.papers().next().is_some()
    }

    /// When the newest head of another was written, by its writer's clock, milliseconds since 1970; nothing where none was read.
    pub fn newest_time(&self) -> Option<u64> {
        let peers = self.others().filter_map(|device| self.peers.get(&device));
        peers.map(|peer| peer.time).filter(|time| *time > 0).max()
    }

    /// When a deletion is learned of: now, but not earlier than another has shown it to be. A clock that was far behind for a while purges
    /// nothing when it is right again.
    pub fn learned_at(&self, now: u64) -> u64 {
        self.newest_time().map_or(now, |newest| newest.max(now))
    }

    /// Whether every device that is counted on, and was heard of in the last 30 days, has read this device's head of this number.
    pub fn all_have_read(&self, number: u64, now: u64) -> bool {
        let heard =
            |device: &DeviceId| self.peers.get(device).is_some_and(|peer| now < peer.heard.saturating_add(MONTH));
        self.others().filter(heard).all(|device| self.has_read(&device, number))
    }

    /// Whether every other device that is counted on, and was heard of in the last 30 days, has read a third one's head of this number.
    pub fn others_have_read(&self, author: &DeviceId, number: u64, now: u64) -> bool {
        let heard = |peer: &Peer| now < peer.heard.saturating_add(MONTH);
        let peers = self.others().filter(|device| device != author).filter_map(|device| self.peers.get(&device));
        peers.filter(|peer| heard(peer)).all(|peer| peer.seen_of(author).is_some_and(|seen| seen.n >= number))
    }

    /// Whether a device has read this device's head of this number.
    pub fn has_read(&self, device: &DeviceId, number: u64) -> bool {
        self.peers.get(device).is_some_and(|peer| peer.seen_of(&self.device).is_some_and(|seen| seen.n >= number))
    }

    /// What is known of a device, from now on at least that it is there.
    pub fn peer(&mut self, device: DeviceId, now: u64) -> &mut Peer {
        self.peers.entry(device).or_insert_with(|| Peer { heard: now, ..Peer::default() })
    }

    /// Whether a circle object's contents are in this device's circle already.
    pub fn knows_circle(&self, hash: &ObjectHash) -> bool {
        self.own.circle.as_ref().is_some_and(|circle| circle.hash == *hash)
            || self.peers.values().any(|peer| peer.circle == Some(*hash) && peer.view.is_some())
    }

    /// The digest of a circle object's contents, if it was opened.
    pub fn view_of(&self, hash: &ObjectHash) -> Option<[u8; 32]> {
        let own = self.own.circle.iter().filter(|circle| circle.hash == *hash).map(|circle| circle.view);
        let others = self.peers.values().filter(|peer| peer.circle == Some(*hash)).filter_map(|peer| peer.view);
        own.chain(others).next()
    }

    /// Whether this device was removed, as it seems: it is not in by what it knows itself; or one who once sealed circles for it does not any
    /// more, and nobody who has read that still does (SYNC §10).
    pub fn seems_removed(&self) -> bool {
        let shut_out = |device: &DeviceId| self.peers.get(device).and_then(|peer| peer.shut_out);
        let contradicts = |other: &DeviceId, author: &DeviceId, n: u64| {
            let peer = self.peers.get(other).filter(|peer| peer.knows_me && peer.shut_out.is_none());
            peer.and_then(|peer| peer.seen_of(author)).is_some_and(|seen| seen.n >= n)
        };
        let contradicted = |author: &DeviceId, n| self.others().any(|other| contradicts(&other, author, n));
        !self.membership.is_member(&self.device)
            || self.others().any(|author| shut_out(&author).is_some_and(|n| !contradicted(&author, n)))
    }

    fn uncounted(&self) -> (usize, usize) {
        let born_again = self.membership.members().filter(|standing| standing.card.born_again_of().is_some()).count();
        (self.membership.removed().len(), born_again)
    }

    /// So that what this device says is later than all that was said.
    pub fn observe_circle(&mut self, now: u64) {
        for sentence in self.circle.sentences().filter(|sentence| sentence.at.is_believable(now)) {
            self.clock.observe(&sentence.at);
        }
    }
}

/// 30 days, in milliseconds.
pub const MONTH: u64 = 30 * 24 * HOUR;

/// An hour, in milliseconds.
pub const HOUR: u64 = 60 * 60 * 1000;
