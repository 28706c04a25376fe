//! What a passkey has been used for.

use protocol::manage::{History, HistoryRequest};

use super::Error;
use crate::vault::Vault;

/// The uses of a passkey that is here, or that is in the trash and has been used; the last first.
pub(super) fn of(vault: &Vault, request: &HistoryRequest) -> Result<History, Error> {
    let id = &request.credential_id;
    let mut uses = vault.history(id)?;
    if uses.is_empty() && vault.get(id)?.is_none() {
        return Err(Error::NotFound);
    }
    uses.reverse();
    Ok(History { uses })
}
