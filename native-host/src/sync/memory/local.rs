//! What the person has changed on this machine, on its way into the records.

use std::collections::BTreeMap;

use sync_engine::engine::local::Local;
use sync_engine::ids::RecordId;
use sync_engine::memory::Kept;
use sync_engine::record::{DELETED, Record};

use super::kept;
use crate::credential::PublicKeyCredentialSource;
use crate::sync::passkey::{self, FieldValue, LAST_USED};
use crate::vault::{Change, Error, Replica, Standing, Trashed};

/// A use alone is news once a day.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// Stamps at most so many changes and says how many it was done with. One that is no news yet stays noted.
pub(super) fn stamp_changes(replica: &Replica<'_>, limit: usize) -> Result<usize, Error> {
    let changes = replica.changes(limit)?;
    if changes.is_empty() {
        return Ok(0);
    }
    let Some(state) = replica.state()? else { return Ok(0) };
    let Some(mut local) = Local::open(&state) else { return Ok(0) };
    let mut done = 0;
    for change in changes {
        if stamp(replica, &mut local, change)? {
            replica.seen_to(change.credential)?;
            done += 1;
        }
    }
    replica.set_state(&local.close())?;
    Ok(done)
}

/// Whether the change has been seen to.
fn stamp(replica: &Replica<'_>, local: &mut Local, change: Change) -> Result<bool, Error> {
    match replica.standing(change.credential)? {
        Standing::Live(source) => live(replica, local, change, &source),
        Standing::Trashed(trashed) => trashed_passkey(replica, local, change, &trashed).map(|()| true),
        Standing::Gone => gone(replica, local, change).map(|()| true),
        // Nothing can be read of it; what others have of it stays as it is.
        Standing::Damaged => Ok(true),
    }
}

fn live(
    replica: &Replica<'_>,
    local: &mut Local,
    change: Change,
    source: &PublicKeyCredentialSource,
) -> Result<bool, Error> {
    let (id, mut kept) = kept_of_source(replica, source)?;
    let fields = if kept.record.is_deleted() && change.at.is_some() {
        // SYNC §7: a restore writes every field again, so that it beats the deletion everywhere
        passkey::all_fields(replica.vault(), source, &kept.record)
    } else {
        passkey::changed_fields(replica.vault(), source, &kept.record)
    };
    let Some(fields) = sound(fields)? else { return Ok(true) };
    if is_a_use_alone(&fields) && !is_a_day_later(source, &kept.record) {
        return Ok(false);
    }
    if !fields.is_empty() {
        kept.deletion_learned = None;
        write(local, &mut kept, change, source.created, fields);
        replica.put_row(&kept::to_row(&id, Some(change.credential), &kept))?;
    }
    Ok(true)
}

fn trashed_passkey(
    replica: &Replica<'_>,
    local: &mut Local,
    change: Change,
    trashed: &Trashed,
) -> Result<(), Error> {
    let (id, mut kept) = kept_of_source(replica, &trashed.source)?;
    let Some(mut fields) = sound(passkey::changed_fields(replica.vault(), &trashed.source, &kept.record))? else {
        return Ok(());
    };
    if kept.record.is_deleted() && fields.is_empty() {
        return Ok(());
    }
    fields.insert(DELETED, passkey::deleted(trashed.reason));
    write(local, &mut kept, change, trashed.deleted, fields);
    kept.deletion_learned = Some(trashed.deleted);
    replica.put_row(&kept::to_row(&id, Some(change.credential), &kept))
}

/// A passkey that stands nowhere any more, as by a vault that does not know of sync: its record is deleted. The contents stay with the others.
fn gone(replica: &Replica<'_>, local: &mut Local, change: Change) -> Result<(), Error> {
    let Some(row) = replica.row_of(change.credential)? else { return Ok(()) };
    let (Some(id), Some(mut kept)) = (RecordId::from_slice(&row.key), kept::from_row(&row)) else { return Ok(()) };
    if kept.record.is_deleted() {
        return Ok(());
    }
    let deleted = BTreeMap::from([(DELETED, passkey::deleted(crate::vault::TrashReason::Deleted))]);
    write(local, &mut kept, change, 0, deleted);
    kept.deletion_learned = change.at;
    replica.put_row(&kept::to_row(&id, Some(change.credential), &kept))
}

fn kept_of_source(replica: &Replica<'_>, source: &PublicKeyCredentialSource) -> Result<(RecordId, Kept), Error> {
    let id = RecordId::of_passkey(source.rp_id.as_str(), source.credential_id.as_bytes());
    let row = replica.row(id.as_bytes())?;
    Ok((id, row.and_then(|row| kept::from_row(&row)).unwrap_or_default()))
}

/// What was here before sync was is as old as it is: another device's word on the same passkey is newer.
fn write(
    local: &mut Local,
    kept: &mut Kept,
    change: Change,
    before: u64,
    fields: BTreeMap<u64, FieldValue>,
) {
    match change.at {
        Some(at) => local.write(kept, at, fields),
        None => local.write_as_of(kept, before, fields),
    }
}

/// A passkey whose secrets are damaged is left to those who have it whole.
fn sound<T>(fields: Result<T, Error>) -> Result<Option<T>, Error> {
    match fields {
        Ok(fields) => Ok(Some(fields)),
        Err(Error::RecordDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_a_use_alone(fields: &BTreeMap<u64, FieldValue>) -> bool {
    fields.keys().eq([&LAST_USED])
}

fn is_a_day_later(source: &PublicKeyCredentialSource, record: &Record) -> bool {
    let told = record.newest(LAST_USED).map(|(stamp, _)| stamp.ms);
    let told = told.or_else(|| record.newest_stamp().map(|stamp| stamp.ms)).unwrap_or(0);
    source.last_used.is_some_and(|used| used >= told.saturating_add(DAY))
}
