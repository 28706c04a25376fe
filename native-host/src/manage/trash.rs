//! "Recently deleted": passkeys in the vault's trash, and the names that sites have changed.

use protocol::base64url;
use protocol::cbor::{self, Value};
use protocol::manage::{Account, Gone, ListRequest, RestoreRequest, Restored, Trash, TrashReason};

use super::{Error, FIRST_PAGE, fitting};
use crate::credential::PublicKeyCredentialSource;
use crate::vault::{self, TRASH_DAYS, Vault, names_forgotten};

/// What the list is ordered by: the time, the credential ID.
type Position = (u64, Vec<u8>);

/// A page of it, the last first.
pub(super) fn list(vault: &Vault, request: &ListRequest, now: u64) -> Result<Trash, Error> {
    let after = request.after.as_deref().map(decode).transpose()?;
    let mut all = passkeys(vault)?;
    vault.for_each(|source| all.extend(earlier_names(source, now)))?;
    all.retain(|gone| after.as_ref().is_none_or(|after| position(gone) < *after));
    all.sort_by_key(|gone| std::cmp::Reverse(position(gone)));
    fitting(FIRST_PAGE, |limit| {
        let gone: Vec<_> = all.iter().take(limit).cloned().collect();
        let next = gone.last().filter(|_| all.len() > limit).map(|last| encode(&position(last)));
        Ok(Trash { gone, next })
    })
}

/// Brings a passkey back, or, where it is here, the names that it had before the site changed them last.
pub(super) fn restore(vault: &Vault, request: &RestoreRequest, now: u64) -> Result<Restored, Error> {
    let id = &request.credential_id;
    let is_back = match vault.get(id)? {
        None => vault.restore(id)?,
        Some(_) => {
            let mut renamed = false;
            vault.update(id, |source| renamed = is_recent(source, now) && source.rename_back())?;
            renamed
        }
    };
    let source = if is_back { vault.get(id)? } else { None };
    Ok(Restored { account: Box::new(source.ok_or(Error::NotFound)?.account()) })
}

fn is_recent(source: &PublicKeyCredentialSource, now: u64) -> bool {
    source.earlier_names.last().is_some_and(|earlier| earlier.replaced >= names_forgotten(now))
}

fn passkeys(vault: &Vault) -> Result<Vec<Gone>, Error> {
    let gone = |trashed: vault::Trashed| Gone {
        at: trashed.deleted,
        restorable_until: trashed.restorable_until(),
        reason: reason(trashed.reason),
        account: trashed.source.account(),
    };
    Ok(vault.trash()?.into_iter().map(gone).collect())
}

fn earlier_names(mut source: PublicKeyCredentialSource, now: u64) -> Vec<Gone> {
    let mut earlier = std::mem::take(&mut source.earlier_names);
    earlier.retain(|earlier| earlier.replaced >= names_forgotten(now));
    let account = source.account();
    let gone = earlier.into_iter().map(|earlier| Gone {
        account: Account {
            user_name: earlier.user_name,
            user_display_name: earlier.user_display_name,
            ..account.clone()
        },
        at: earlier.replaced,
        restorable_until: earlier.replaced.saturating_add(TRASH_DAYS * 24 * 60 * 60 * 1000),
        reason: TrashReason::RenamedBySite,
    });
    gone.collect()
}

fn reason(reason: vault::TrashReason) -> TrashReason {
    match reason {
        vault::TrashReason::Deleted => TrashReason::Deleted,
        vault::TrashReason::Replaced => TrashReason::Replaced,
        vault::TrashReason::UnknownToSite => TrashReason::UnknownToSite,
        vault::TrashReason::NotAcceptedBySite => TrashReason::NotAcceptedBySite,
        vault::TrashReason::Unanswered => TrashReason::Unanswered,
    }
}

fn position(gone: &Gone) -> Position {
    (gone.at, gone.account.credential_id.as_bytes().to_vec())
}

fn encode((at, id): &Position) -> String {
    base64url::encode(&cbor::encode(&Value::Array(vec![(*at).into(), id.clone().into()])))
}

fn decode(cursor: &str) -> Result<Position, vault::Error> {
    let wrong = || vault::Error::BadCursor;
    let bytes = base64url::decode(cursor).map_err(|_| wrong())?;
    let position = cbor::decode(&bytes).ok().and_then(|value| value.into_array().ok()).ok_or_else(wrong)?;
    let [at, id]: [Value; 2] = position.try_into().map_err(|_| wrong())?;
    let at = at.as_integer().and_then(|at| u64::try_from(at).ok()).ok_or_else(wrong)?;
    Ok((at, id.into_bytes().map_err(|_| wrong())?))
}
