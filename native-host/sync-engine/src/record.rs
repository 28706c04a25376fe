//! Records and their merge: for each field the newest values by stamp, so that order, repeats and delay cannot matter (SYNC §7).

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::mutations::{Mutation, is_broken};
use crate::stamp::Stamp;

/// A field's number. Fields of numbers that a version does not know merge and travel on like the others.
pub type FieldNumber = u64;

/// Whether the record is deleted: [`DELETED_NO`], or a CBOR value that says why.
pub const DELETED: FieldNumber = 0;

/// The value of [`DELETED`] in a record that is not, as where there is none: CBOR `false`.
pub const DELETED_NO: &[u8] = &[0xf4];

/// From this number on a field keeps its newest five values: a person has typed them. Below, the newest alone.
pub const FIRST_TYPED_FIELD: FieldNumber = 64;

/// How many values a field from [`FIRST_TYPED_FIELD`] on keeps.
pub const TYPED_VALUES: usize = 5;

/// A value, and when it was written. It may be a secret.
pub type Value = (Stamp, Zeroizing<Vec<u8>>);

/// One passkey, or anything else that is kept: fields, each with its newest value or values, the newest first. Values may be secrets, and are
/// zeroized.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Record {
    fields: BTreeMap<FieldNumber, Vec<Value>>,
}

impl Record {
    /// Writes a value. One that is older than those kept goes where it belongs, or nowhere.
    pub fn set(&mut self, field: FieldNumber, stamp: Stamp, value: Zeroizing<Vec<u8>>) {
        let values = self.fields.entry(field).or_default();
        values.push((stamp, value));
        settle(field, values);
    }

    /// The newest value of a field, and when it was written.
    pub fn newest(&self, field: FieldNumber) -> Option<(&Stamp, &[u8])> {
        self.fields.get(&field)?.first().map(|(stamp, value)| (stamp, value.as_slice()))
    }

    /// All values of a field, the newest first; no value twice.
    pub fn values(&self, field: FieldNumber) -> &[Value] {
        self.fields.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = (FieldNumber, &[Value])> {
        self.fields.iter().map(|(number, values)| (*number, values.as_slice()))
    }

    /// Whether the record is in "recently deleted", or was purged from there.
    pub fn is_deleted(&self) -> bool {
        self.newest(DELETED).is_some_and(|(_, value)| value != DELETED_NO)
    }

    /// Takes in what another device has: commutative, associative, idempotent.
    pub fn merge(&mut self, other: &Self) {
        for (field, values) in &other.fields {
            let own = self.fields.entry(*field).or_default();
            own.extend(values.iter().cloned());
            settle(*field, own);
        }
    }

    /// Writes every value again, the order within each field as it was, and that the record is not deleted: so it stands even where it was
    /// purged. `stamp` gives a later stamp at each call.
    pub fn restore(&mut self, mut stamp: impl FnMut() -> Stamp) {
        for values in self.fields.values_mut() {
            values.iter_mut().rev().for_each(|(written, _)| *written = stamp());
        }
        self.set(DELETED, stamp(), Zeroizing::new(DELETED_NO.to_vec()));
    }

    /// Drops the values that are older than the deletion; the tombstone stays. What was written after it stays too (SYNC §7).
    pub fn purge(&mut self) {
        let Some((deleted, _)) = self.newest(DELETED).filter(|_| self.is_deleted()) else { return };
        let deleted = *deleted;
        self.fields.retain(|field, values| {
            values.retain(|(stamp, _)| *field == DELETED || *stamp > deleted);
            !values.is_empty()
        });
    }

    /// Whether it is deleted and nothing is left that [`Self::purge`] would drop. Whoever has purged a record and merges into it purges
    /// again, as long as the deletion is the same: another device may still hold what was dropped.
    pub fn is_purged(&self) -> bool {
        let Some((deleted, _)) = self.newest(DELETED).filter(|_| self.is_deleted()) else { return false };
        self.fields().all(|(field, values)| field == DELETED || values.iter().all(|(stamp, _)| stamp > deleted))
    }

    /// Whether [all its stamps](Stamp::is_believable) are believable.
    pub fn is_believable(&self, now: u64) -> bool {
        self.newest_stamp().is_none_or(|stamp| stamp.is_believable(now))
    }

    /// The newest stamp of all.
    pub fn newest_stamp(&self) -> Option<&Stamp> {
        self.fields.values().filter_map(|values| values.first()).map(|(stamp, _)| stamp).max()
    }
}

/// Newest first, no more than the field keeps. A value counts once, by its newest stamp: who types the same again pushes nothing out.
fn settle(field: FieldNumber, values: &mut Vec<Value>) {
    let kept = if field >= FIRST_TYPED_FIELD { TYPED_VALUES } else { 1 };
    // Two values under one stamp are a copied machine's; the order must be the same everywhere.
    if is_broken(Mutation::NewestByArrival) {
        values.reverse();
    } else {
        values.sort_by(|(a, a_value), (b, b_value)| b.cmp(a).then_with(|| b_value.cmp(a_value)));
    }
    let mut settled: Vec<Value> = Vec::with_capacity(kept);
    for value in values.drain(..) {
        if settled.len() < kept && settled.iter().all(|(_, newer)| *newer != value.1) {
            settled.push(value);
        }
    }
    *values = settled;
}

#[cfg(test)]
mod tests;
