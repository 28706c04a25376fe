//! What the people of the world wrote: what must stand in the end.

use std::collections::BTreeMap;

use sync_engine::ids::RecordId;
use sync_engine::record::{DELETED, DELETED_NO, FIRST_TYPED_FIELD, FieldNumber, Record, TYPED_VALUES};
use sync_engine::stamp::Stamp;

/// A value, as it was written on a machine.
#[derive(Clone)]
pub struct Write {
    pub record: RecordId,
    pub field: FieldNumber,
    pub stamp: Stamp,
    pub value: Vec<u8>,
    /// Which machine's.
    pub machine: usize,
    /// When, by the world's own clock.
    pub at: u64,
    /// When it came into its record, by the same: not before the next pass.
    pub stamped: u64,
    /// It was nowhere else when its machine was lost: nobody can have it any more.
    pub excused: bool,
}

/// All that was written.
#[derive(Default)]
pub struct Truth {
    pub writes: Vec<Write>,
    /// What went wrong already when it was written.
    pub broken: Vec<String>,
    /// The world's own clock.
    pub now: u64,
}

/// After so long a deleted record's contents may be gone.
const PURGED_AFTER: u64 = 30 * 24 * 3600 * 1000;

impl Truth {
    /// A machine wrote into a record, which before was as `before`.
    pub fn note(&mut self, (machine, at): (usize, u64), id: RecordId, before: &Record, after: &Record) {
        for (field, values) in after.fields() {
            for (stamp, value) in values {
                let old = before.values(field).iter().any(|(known, same)| known == stamp && same == value);
                if old {
                    continue;
                }
                if before.newest(field).is_some_and(|(newest, _)| newest >= stamp) {
                    self.broken.push(format!("machine {machine}: an edit of field {field} lost to what it replaced"));
                }
                let value = value.to_vec();
                let (record, stamp, stamped) = (id, *stamp, self.now);
                self.writes.push(Write { record, field, stamp, value, machine, at, stamped, excused: false });
            }
        }
    }

    /// Whether a write stands in a record, is outranked by as many newer ones as the field keeps, or was purged.
    pub fn stands(&self, write: &Write, record: Option<&Record>) -> bool {
        let values = record.map_or(&[][..], |record| record.values(write.field));
        let keeps = if write.field >= FIRST_TYPED_FIELD { TYPED_VALUES } else { 1 };
        let kept = values.iter().any(|(stamp, value)| **value == write.value && *stamp >= write.stamp);
        let outranked = values.len() == keeps && values.iter().all(|(stamp, _)| *stamp > write.stamp);
        kept || outranked || self.was_purged(write)
    }

    fn was_purged(&self, write: &Write) -> bool {
        write.field != DELETED
            && self.writes.iter().any(|other| {
                is_deletion(other)
                    && other.record == write.record
                    && other.stamp > write.stamp
                    && other.at + PURGED_AFTER <= self.now
            })
    }

    /// Whether anybody ever deleted a record.
    pub fn was_deleted(&self, id: &RecordId) -> bool {
        self.writes.iter().any(|write| write.record == *id && is_deletion(write))
    }

    /// What was written and is not excused, by record.
    pub fn binding(&self) -> BTreeMap<RecordId, Vec<&Write>> {
        let mut binding = BTreeMap::<_, Vec<_>>::new();
        for write in self.writes.iter().filter(|write| !write.excused) {
            binding.entry(write.record).or_default().push(write);
        }
        binding
    }

    /// Who wrote into a field of a record, and when it was deleted and restored, to be read by a person.
    pub fn history(&self, id: &RecordId, field: FieldNumber) -> String {
        let about =
            self.writes.iter().filter(|write| write.record == *id && (write.field == field || write.field == DELETED));
        about
            .map(|write| {
                let Write { machine, field, stamp, at, excused, .. } = write;
                let value = String::from_utf8_lossy(&write.value);
                format!(
                    "  machine {machine}, field {field}, {value:?}, {} {}, at {at}, excused: {excused}\n",
                    stamp.ms, stamp.counter
                )
            })
            .collect()
    }

    /// Whether anybody ever wrote this.
    pub fn was_written(&self, id: &RecordId, field: FieldNumber, stamp: &Stamp, value: &[u8]) -> bool {
        self.writes
            .iter()
            .any(|write| write.record == *id && write.field == field && write.stamp == *stamp && write.value == value)
    }
}

fn is_deletion(write: &Write) -> bool {
    write.field == DELETED && write.value != DELETED_NO
}
