//! SYNC §7: what was deleted 30 days ago loses its contents; the tombstone stays.

use super::course::Device;
use super::state::MONTH;
use crate::memory::{Memory, Which};

impl<M: Memory> Device<'_, '_, M> {
    /// Drops what this device learned 30 days ago to be deleted. The pack that holds it is written anew.
    pub(super) fn purge(&mut self) -> Result<(), M::Error> {
        let Some(before) = self.settled_time().checked_sub(MONTH) else { return Ok(()) };
        let due = self.commit(|c| c.tx.ids(Which::DeletedBefore(before)))?;
        if due.is_empty() {
            return Ok(());
        }
        self.commit(|c| {
            for id in due {
                let Some(mut kept) = c.tx.record(&id)? else { continue };
                kept.record.purge();
                kept.deletion_learned = None;
                if let Some(pack) = kept.own_pack.and_then(|pack| c.state.own.pack(&pack)) {
                    pack.stale = true;
                }
                c.tx.put_record(&id, &kept)?;
            }
            Ok(())
        })
    }

    /// This device's time, but not later than another's has shown it to be: a clock that jumps ahead drops nothing.
    fn settled_time(&self) -> u64 {
        let now = self.course.now();
        self.state().newest_time().map_or(now, |newest| newest.min(now))
    }
}
