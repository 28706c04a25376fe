//! The names of heads that a storage shows.

use std::collections::BTreeMap;

use super::course::Course;
use crate::ids::DeviceId;
use crate::memory::Memory;
use crate::storage::{Answer, Folder, ObjectName, Request};

/// The numbers of the heads that a storage shows of each device, the newest first. Nothing of it is believed.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing(BTreeMap<DeviceId, Vec<u64>>);

impl Listing {
    /// Asks the storage; nothing where it does not say.
    pub(super) async fn ask<M: Memory>(course: &mut Course<'_, M>) -> Option<Self> {
        match course.ask_one(Request::List(Folder::Heads)).await {
            Some(Answer::Listed(names)) => Some(Self::of(names)),
            _ => None,
        }
    }

    fn of(names: Vec<ObjectName>) -> Self {
        let mut heads = BTreeMap::<_, Vec<_>>::new();
        for name in names {
            if let ObjectName::Head(device, n) = name {
                heads.entry(device).or_default().push(n);
            }
        }
        for numbers in heads.values_mut() {
            numbers.sort_unstable_by(|a, b| b.cmp(a));
            numbers.dedup();
        }
        Self(heads)
    }

    /// The numbers of a device's heads, the newest first.
    pub(super) fn of_device(&self, device: &DeviceId) -> &[u64] {
        self.0.get(device).map_or(&[], Vec::as_slice)
    }

    /// The number of a device's newest head; 0: none is shown.
    pub(super) fn newest(&self, device: &DeviceId) -> u64 {
        self.of_device(device).first().copied().unwrap_or(0)
    }

    /// All devices.
    pub(super) fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        self.0.keys()
    }

    /// How many devices have heads.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
