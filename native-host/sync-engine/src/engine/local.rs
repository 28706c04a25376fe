//! What the person changes on this machine, on its way into records: for whoever implements [`crate::memory::Memory`].

use zeroize::Zeroizing;

use crate::memory::Kept;
use crate::record::FieldNumber;

/// Takes changes in, within one transaction of the memory: opened from the state, closed into it.
pub struct Local {}

impl Local {
    /// From the engine's state; nothing where sync is off.
    pub fn open(state: &[u8]) -> Option<Self> {
        let _ = state;
        None
    }

    /// Writes fields that the person changed at `at` (milliseconds since 1970) into a record, stamped, to be published. A record that is new here
    /// is [`Kept::default`] before. A restore is to write all fields again (SYNC §7).
    pub fn write(
        &mut self,
        kept: &mut Kept,
        at: u64,
        fields: impl IntoIterator<Item = (FieldNumber, Zeroizing<Vec<u8>>)>,
    ) {
        let _ = (kept, at, fields.into_iter().count());
    }

    /// The state to keep.
    pub fn close(self) -> Zeroizing<Vec<u8>> {
        Zeroizing::default()
    }
}
