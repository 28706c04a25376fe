//! When a value was written: hybrid logical clocks (SYNC §7).

use crate::ids::DeviceId;
use crate::mutations::{Mutation, is_broken};

/// The first bytes of a device's id, enough to tell apart who wrote at the same moment.
pub type DevicePrefix = [u8; 8];

/// When, and by whom. Later ones win; an edit made after seeing another is always later, whatever the clocks say.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Stamp {
    /// Milliseconds since 1970.
    pub ms: u64,
    /// Counts where the clock has not moved on.
    pub counter: u32,
    /// Who.
    pub device: DevicePrefix,
}

impl Stamp {
    /// Whether a clock can have shown this: not more than a hundred years ahead of this one. A later stamp is nobody's mistake, and could be one
    /// that no other is able to go past: who has it could not be undone even after its removal (SYNC §15, 11 and 19).
    pub fn is_believable(&self, now: u64) -> bool {
        self.ms <= now.saturating_add(CENTURY)
    }
}

/// A hundred years, in milliseconds.
const CENTURY: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A device's hybrid logical clock: the newest stamp that it has given or seen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Clock {
    ms: u64,
    counter: u32,
}

impl Clock {
    /// The next stamp: of `now`, or just after the newest ever seen, whichever is later.
    pub fn stamp(&mut self, now: u64, device: &DeviceId) -> Stamp {
        if now > self.ms || is_broken(Mutation::WallClock) {
            (self.ms, self.counter) = (now, 0);
        } else if let Some(counter) = self.counter.checked_add(1) {
            self.counter = counter;
        } else if let Some(ms) = self.ms.checked_add(1) {
            (self.ms, self.counter) = (ms, 0);
        }
        let mut prefix = DevicePrefix::default();
        prefix.copy_from_slice(&device.as_bytes()[..8]);
        Stamp { ms: self.ms, counter: self.counter, device: prefix }
    }

    /// Another's stamp was seen.
    pub fn observe(&mut self, stamp: &Stamp) {
        (self.ms, self.counter) = (self.ms, self.counter).max((stamp.ms, stamp.counter));
    }

    /// The newest stamp's milliseconds and counter, to be kept.
    pub fn newest(&self) -> (u64, u32) {
        (self.ms, self.counter)
    }

    /// From what [`Self::newest`] gave.
    pub fn from_newest((ms, counter): (u64, u32)) -> Self {
        Self { ms, counter }
    }
}

#[cfg(test)]
mod tests;
