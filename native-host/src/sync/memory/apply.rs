//! What a record says, put where the person sees it.

use sync_engine::ids::RecordId;
use sync_engine::memory::Kept;

use super::kept;
use crate::credential::PublicKeyCredentialSource;
use crate::sync::passkey::{self, Told};
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
    let Some(told) = Told::read(id, &kept.record, kept.backed_up) else {
        // purged: nothing is left of it but that it was deleted
        if let (Some(credential), true) = (known, kept.record.is_purged()) {
            replica.forget_passkey(credential)?;
        }
        return Ok(known);
    };
    let credential = replica.index(told.credential_id());
    let standing = replica.standing(credential)?;
    let source = match &standing {
        Standing::Live(here) => told.beside(here),
        Standing::Trashed(here) => told.beside(&here.source),
        Standing::Damaged | Standing::Gone => told.sealed(replica.vault())?,
    };
    place(replica, &standing, &source, kept)?;
    Ok(Some(credential))
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
