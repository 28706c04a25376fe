//! What the walk came to: who is in, at which place, by whom invited or removed (SYNC §8).

use std::collections::{BTreeMap, BTreeSet};

use crate::format::Card;
use crate::ids::DeviceId;

/// Who is in a circle. A device, or a paper key, that was removed keeps its place in the walk, for those whom it invited.
#[derive(Clone, Default)]
pub struct Membership {
    walk: Vec<Standing>,
    places: BTreeMap<DeviceId, usize>,
    removed: BTreeMap<DeviceId, DeviceId>,
}

/// A place in the walk.
#[derive(Clone)]
pub struct Standing {
    /// Who, as the invitation has it that counts.
    pub card: Card,
    /// By whom it was invited; nobody for the founder and its paper key.
    pub inviter: Option<DeviceId>,
}

impl Membership {
    pub(super) fn place(&mut self, standing: Standing) {
        self.places.insert(standing.card.id(), self.walk.len());
        self.walk.push(standing);
    }

    pub(super) fn remove(&mut self, device: DeviceId, by: DeviceId) {
        self.removed.entry(device).or_insert(by);
    }

    /// Whether there is anybody: without a founding sentence that can be verified there is not.
    pub fn is_founded(&self) -> bool {
        !self.walk.is_empty()
    }

    /// Whether a device is in. Paper is not a device: it writes no heads.
    pub fn is_member(&self, device: &DeviceId) -> bool {
        self.is_live(device) && self.standing(device).is_some_and(|standing| !standing.card.is_paper())
    }

    /// Whether a device or a paper key is in.
    pub fn is_live(&self, device: &DeviceId) -> bool {
        self.places.contains_key(device) && !self.removed.contains_key(device)
    }

    /// The devices that are in, in the order of the walk: the earlier may remove the later.
    pub fn members(&self) -> impl Iterator<Item = &Standing> {
        self.live().filter(|standing| !standing.card.is_paper())
    }

    /// The paper keys that are in, in the order of the walk.
    pub fn papers(&self) -> impl Iterator<Item = &Standing> {
        self.live().filter(|standing| standing.card.is_paper())
    }

    /// Devices and paper keys that are in: whom the circle is sealed for (SYNC §4).
    pub fn live(&self) -> impl Iterator<Item = &Standing> {
        self.walk.iter().filter(|standing| !self.removed.contains_key(&standing.card.id()))
    }

    /// A card's place, whether it is still in or not.
    pub fn standing(&self, device: &DeviceId) -> Option<&Standing> {
        self.walk.get(self.place_of(device)?)
    }

    /// The place in the walk: 0 comes first.
    pub fn place_of(&self, device: &DeviceId) -> Option<usize> {
        self.places.get(device).copied()
    }

    /// All that were removed, and by whom; of several the first in the walk. Some may never have been in.
    pub fn removed(&self) -> &BTreeMap<DeviceId, DeviceId> {
        &self.removed
    }

    /// Whether `by` may remove `device`: both are in, and `by` was invited earlier, or is the same (SYNC §8).
    pub fn may_remove(&self, by: &DeviceId, device: &DeviceId) -> bool {
        self.is_live(by) && self.is_live(device) && self.place_of(by) <= self.place_of(device)
    }

    /// The name under which this one was before it was born again: the one that its card tells and that invited it (SYNC §6).
    pub fn born_again_of(&self, device: &DeviceId) -> Option<DeviceId> {
        let standing = self.standing(device)?;
        standing.card.born_again_of().filter(|old| standing.inviter == Some(*old))
    }

    /// Whether a later name of the same machine is, or was, in: its own log is not counted on any more (SYNC §6).
    pub fn was_born_again(&self, device: &DeviceId) -> bool {
        self.walk.iter().any(|standing| self.born_again_of(&standing.card.id()) == Some(*device))
    }

    /// All names of a machine, itself among them, in the order of the walk: born again, or copied, it has several.
    pub fn names_of_machine(&self, device: &DeviceId) -> Vec<DeviceId> {
        let mut first = *device;
        while let Some(old) = self.born_again_of(&first) {
            first = old;
        }
        let mut names = BTreeSet::from([first]);
        // Who is born again comes later in the walk than the old name.
        let walked = self.walk.iter().map(|standing| standing.card.id());
        walked
            .filter(|id| {
                *id == first || self.born_again_of(id).is_some_and(|old| names.contains(&old)) && names.insert(*id)
            })
            .collect()
    }
}
