//! What is kept of a record, as a row of the vault.
//!
//! ```cddl
//! content = { 0: record, 1: [* bstr .size 16 (holder)], ? 2: true (backed up) }   ; the record as in a pack (SYNC §5)
//! ```

use protocol::cbor::{Fields, Value, int_map};
use sync_engine::format::{record_from_value, record_to_value};
use sync_engine::ids::{DeviceId, ObjectHash, RecordId};
use sync_engine::memory::Kept;
use sync_engine::wire;

use crate::vault::{BlindIndex, Replicated};

pub(super) fn to_row(id: &RecordId, credential: Option<BlindIndex>, kept: &Kept) -> Replicated {
    let holders = kept.holders.iter().map(|holder| holder.as_bytes().to_vec().into()).collect();
    let content = int_map([
        (RECORD, Some(record_to_value(&kept.record))),
        (HOLDERS, Some(Value::Array(holders))),
        (BACKED_UP, kept.backed_up.then_some(true.into())),
    ]);
    Replicated {
        key: *id.as_bytes(),
        credential,
        unpublished: kept.unpublished,
        pack: kept.own_pack.map(|pack| *pack.as_bytes()),
        learned: kept.deletion_learned,
        content: wire::encode(&content),
    }
}

/// Nothing where it is no row that [`to_row`] wrote, now or in a later version.
pub(super) fn from_row(row: &Replicated) -> Option<Kept> {
    let mut fields = Fields::of(wire::decode(&row.content).ok()?, "kept").ok()?;
    let holders = fields.array(HOLDERS, "holders").ok()??.into_iter();
    Some(Kept {
        record: record_from_value(fields.take(RECORD)?).ok()?,
        holders: holders.map(|holder| DeviceId::from_slice(holder.as_bytes()?)).collect::<Option<_>>()?,
        unpublished: row.unpublished,
        own_pack: row.pack.and_then(|pack| ObjectHash::from_slice(&pack)),
        deletion_learned: row.learned,
        backed_up: fields.bool(BACKED_UP, "backed up").ok()?.unwrap_or(false),
    })
}

const RECORD: i64 = 0;
const HOLDERS: i64 = 1;
const BACKED_UP: i64 = 2;
