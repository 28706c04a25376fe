//! SYNC §7: one record of another's, and one's own.

use crate::engine::device::Commit;
use crate::ids::{DeviceId, RecordId};
use crate::memory::Kept;
use crate::record::{DELETED, Record};
use crate::stamp::Stamp;

impl<E> Commit<'_, E> {
    /// Merges what another device wrote of a record, with its head of this number. `counted`: its log counts as holding what is in it.
    ///
    /// Whose log holds the present state in full is known from then on (`holders`). Where nobody's does, because two sides truly merged, those who
    /// wrote a side publish the merged state; what only a log holds that does not count, whoever reads it publishes.
    pub(super) fn merge(
        &mut self,
        (author, n): (&DeviceId, u64),
        counted: bool,
        id: &RecordId,
        mut theirs: Record,
    ) -> Result<(), E> {
        if let Some(stamp) = theirs.newest_stamp() {
            self.state.clock.observe(stamp);
        }
        let known = self.tx.record(id)?;
        let before = known.clone().unwrap_or_default();
        let mut kept = before.clone();
        kept.record.merge(&theirs);
        let same_deletion = deletion(&kept.record) == deletion(&before.record);
        if same_deletion && is_purged(&before) {
            kept.record.purge();
            theirs.purge();
        }
        if !same_deletion {
            kept.learn_of_deletion(self.state.learned_at(self.now));
        }

        let changed = kept.record != before.record;
        let wrote_a_side = before.unpublished || self.holds(&before);
        if changed {
            self.leave_pack(&mut kept);
            kept.holders.clear();
            kept.unpublished = wrote_a_side;
        }
        let whole = theirs == kept.record;
        if whole && counted {
            kept.holders.insert(*author);
            if kept.unpublished {
                self.leave_pack(&mut kept);
                kept.unpublished = false;
                // Others may not have read that yet, and count on what this log held.
                self.state.own.supersede(before.own_pack, *author, n);
            }
        } else {
            kept.holders.remove(author);
            kept.unpublished |= kept.holders.is_empty() && !counted;
        }
        kept.backed_up |= counted && has_every_field(&theirs, &kept.record);
        if changed {
            self.report.read += 1;
        }
        if known.as_ref() == Some(&kept) { Ok(()) } else { self.tx.put_record(id, &kept) }
    }

    /// Whether this device's log holds the record as it is: published, or on the way.
    fn holds(&self, kept: &Kept) -> bool {
        let mut packs = self.state.own.packs.iter();
        kept.holders.contains(&self.state.device) || packs.any(|pack| Some(pack.hash) == kept.own_pack)
    }
}

/// Deleted, and its contents dropped from here.
fn is_purged(kept: &Kept) -> bool {
    kept.record.is_deleted() && kept.deletion_learned.is_none()
}

/// Whether one state has a value wherever the other has: a tombstone has not, and the key is not where that is (SYNC §13).
fn has_every_field(one: &Record, other: &Record) -> bool {
    other.fields().all(|(field, _)| one.newest(field).is_some())
}

/// When it was deleted, if it is.
fn deletion(record: &Record) -> Option<Stamp> {
    record.newest(DELETED).filter(|_| record.is_deleted()).map(|(stamp, _)| *stamp)
}
