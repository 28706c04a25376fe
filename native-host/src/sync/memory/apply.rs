//! What a record says, put where the person sees it.

use sync_engine::ids::RecordId;
use sync_engine::memory::Kept;

use super::kept;
use crate::credential::PublicKeyCredentialSource;
use crate::sync::passkey;
use crate::vault::{BlindIndex, Error, Replica, Replicated, Standing};

/// Makes the passkey of the record `id` stand as `kept` says, where that is another than `before`. Gives the passkey that it is about.
///
/// Two passkeys of one account that were made on two devices both stay (SYNC §14): the site may have taken either. So nothing gives way to
/// what comes from another device; what gave way there is deleted by its own record, with that reason.
pub(super) fn apply(
    replica: &Replica<'_>,
    id: &RecordId,
    before: Option<&Replicated>,
    kept: &Kept,
) -> Result<Option<BlindIndex>, Error> {
    let known = before.and_then(|row| row.credential);
    let same = |old: &Kept| old.record == kept.record && old.backed_up == kept.backed_up;
    if before.and_then(kept::from_row).is_some_and(|old| same(&old)) {
        return Ok(known);
    }
    let standing = known.map_or(Ok(Standing::Gone), |credential| replica.standing(credential))?;
    let here = match &standing {
        Standing::Live(source) => Some(&**source),
        Standing::Trashed(trashed) => Some(&trashed.source),
        Standing::Damaged | Standing::Gone => None,
    };
    let Some(source) = passkey::source(replica.vault(), id, &kept.record, kept.backed_up, here)? else {
        // purged: nothing is left of it but that it was deleted
        if let (Some(credential), true) = (known, kept.record.is_purged()) {
            replica.forget_passkey(credential)?;
        }
        return Ok(known);
    };
    place(replica, &standing, &source, kept)?;
    Ok(Some(replica.index(&source.credential_id)))
}

fn place(
    replica: &Replica<'_>,
    standing: &Standing,
    source: &PublicKeyCredentialSource,
    kept: &Kept,
) -> Result<(), Error> {
    let Some(reason) = passkey::deletion(&kept.record) else { return replica.put_live(source) };
    let deleted = match standing {
        Standing::Trashed(trashed) => trashed.deleted,
        _ => kept.deletion_learned.unwrap_or_default(),
    };
    replica.put_trashed(source, reason, deleted)
}
