//! What the person has changed on this machine, on its way into the records.

use std::collections::BTreeMap;

use sync_engine::engine::local::Local;
use sync_engine::ids::RecordId;
use sync_engine::memory::Kept;
use sync_engine::record::{DELETED, FieldNumber, Record};

use super::apply::apply;
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
    // What a later version keeps there is not touched.
    let Ok(mut local) = Local::open(&state) else { return Ok(0) };
    let mut done = 0;
    for change in changes {
        if stamp(replica, &mut local, change)? {
            replica.seen_to(change.credential)?;
            done += 1;
        }
    }
    if done > 0 {
        replica.set_state(&local.close())?;
    }
    Ok(done)
}

/// Whether the change has been seen to.
fn stamp(replica: &Replica<'_>, local: &mut Local, change: Change) -> Result<bool, Error> {
    let stamped = match replica.standing(change.credential)? {
        Standing::Live(source) => live(replica, local, change, &source),
        Standing::Trashed(trashed) => in_trash(replica, local, change, &trashed).map(|()| true),
        // Nobody deletes without the trash; what others have of it stays as it is.
        Standing::Damaged | Standing::Gone => Ok(true),
    };
    match stamped {
        // A passkey whose secrets do not open is left to those who have it whole.
        Err(Error::RecordDamaged { .. }) => Ok(true),
        stamped => stamped,
    }
}

fn live(
    replica: &Replica<'_>,
    local: &mut Local,
    change: Change,
    source: &PublicKeyCredentialSource,
) -> Result<bool, Error> {
    let (id, mut kept) = kept_of_source(replica, source)?;
    let fields = passkey::changed_fields(replica.vault(), source, &kept.record)?;
    let Some(at) = change.at else {
        return from_before(replica, local, &id, (kept, source.created, fields)).map(|()| true);
    };
    if kept.record.is_deleted() {
        local.restore(&mut kept, at);
    } else if fields.is_empty() {
        return Ok(true);
    } else if fields.keys().eq([&LAST_USED]) && !is_a_day_later(source, &kept.record) {
        return Ok(false);
    }
    local.write(&mut kept, at, fields);
    replica.put_row(&kept::to_row(&id, Some(change.credential), &kept))?;
    Ok(true)
}

fn in_trash(replica: &Replica<'_>, local: &mut Local, change: Change, trashed: &Trashed) -> Result<(), Error> {
    let (id, mut kept) = kept_of_source(replica, &trashed.source)?;
    let mut fields = passkey::changed_fields(replica.vault(), &trashed.source, &kept.record)?;
    if kept.record.is_deleted() && fields.is_empty() {
        return Ok(());
    }
    fields.insert(DELETED, passkey::deleted(trashed.reason));
    let Some(at) = change.at else {
        return from_before(replica, local, &id, (kept, trashed.deleted, fields));
    };
    local.write(&mut kept, at, fields);
    // So that both clocks of the 30 days are one.
    kept.deletion_learned = Some(trashed.deleted);
    replica.put_row(&kept::to_row(&id, Some(change.credential), &kept))
}

/// A passkey that was here before sync was: another device's word on the same one is newer, and then stands here too.
fn from_before(
    replica: &Replica<'_>,
    local: &mut Local,
    id: &RecordId,
    (mut kept, at, fields): (Kept, u64, BTreeMap<FieldNumber, FieldValue>),
) -> Result<(), Error> {
    if !fields.is_empty() {
        local.write_as_of(&mut kept, at, fields);
    }
    let credential = apply(replica, id, None, &kept)?;
    replica.put_row(&kept::to_row(id, credential, &kept))
}

fn kept_of_source(replica: &Replica<'_>, source: &PublicKeyCredentialSource) -> Result<(RecordId, Kept), Error> {
    let id = RecordId::of_passkey(source.rp_id.as_str(), source.credential_id.as_bytes());
    let row = replica.row(id.as_bytes())?;
    Ok((id, row.and_then(|row| kept::from_row(&row)).unwrap_or_default()))
}

fn is_a_day_later(source: &PublicKeyCredentialSource, record: &Record) -> bool {
    let told = record.newest(LAST_USED).map(|(stamp, _)| stamp.ms);
    let told = told.or_else(|| record.newest_stamp().map(|stamp| stamp.ms)).unwrap_or(0);
    source.last_used.is_some_and(|used| used >= told.saturating_add(DAY))
}
