//! What the person changes on this machine, on its way into records: for whoever implements [`crate::memory::Memory`].

use zeroize::Zeroizing;

use super::state::State;
use crate::format::FormatError;
use crate::memory::Kept;
use crate::record::{DELETED, FieldNumber};
use crate::stamp::Clock;

/// Takes changes in, within one transaction of the memory: opened from the state, closed into it.
pub struct Local {
    state: State,
}

impl Local {
    /// From the engine's state.
    ///
    /// # Errors
    /// A later version wrote it, or it is none.
    pub fn open(state: &[u8]) -> Result<Self, FormatError> {
        Ok(Self { state: State::decode(state)? })
    }

    /// Writes fields that the person changed at `at` (milliseconds since 1970) into a record, stamped, to be published. A record that is new here
    /// is [`Kept::default`] before. What is restored goes through [`Self::restore`].
    pub fn write(
        &mut self,
        kept: &mut Kept,
        at: u64,
        fields: impl IntoIterator<Item = (FieldNumber, Zeroizing<Vec<u8>>)>,
    ) {
        for (field, value) in fields {
            let stamp = self.state.stamp(at);
            kept.record.set(field, stamp, value);
            if field == DELETED {
                let learned = self.state.learned_at(at);
                kept.learn_of_deletion(learned);
            }
        }
        changed(kept);
    }

    /// The same for what was here before sync was: it is as old as it is, so what others have written of the same record since is newer.
    pub fn write_as_of(
        &mut self,
        kept: &mut Kept,
        at: u64,
        fields: impl IntoIterator<Item = (FieldNumber, Zeroizing<Vec<u8>>)>,
    ) {
        let stamp = Clock::default().stamp(at, &self.state.device);
        self.state.clock.observe(&stamp);
        for (field, value) in fields {
            kept.record.set(field, stamp, value);
        }
        kept.learn_of_deletion(at);
        changed(kept);
    }

    /// Restores a deleted record: every field is written again, so that it stands even where it was purged (SYNC §7). Others may have purged
    /// it, so until it is published nobody counts on them (SYNC §13).
    pub fn restore(&mut self, kept: &mut Kept, at: u64) {
        let state = &mut self.state;
        kept.record.restore(|| state.stamp(at));
        kept.deletion_learned = None;
        kept.backed_up = false;
        changed(kept);
    }

    /// The state to keep.
    pub fn close(self) -> Zeroizing<Vec<u8>> {
        self.state.encode()
    }
}

fn changed(kept: &mut Kept) {
    kept.unpublished = true;
    kept.holders.clear();
}
