//! What CTAP has no command for (`protocol::manage`), answered from the vault.

use std::fmt;

use protocol::manage::{
    Account, Candidates, CandidatesRequest, Deleted, List, ListRequest, Request, Response, Status, Verification,
};

use crate::credential::PublicKeyCredentialSource;
use crate::vault::{self, Vault};
use crate::verification::os::UserVerifier;
use crate::verification::{self, MAX_RETRIES, MIN_PIN_LENGTH};

/// Why a request was not met.
#[derive(Debug)]
pub enum Error {
    /// The vault's own.
    Vault(vault::Error),
    /// There is no such passkey.
    NotFound,
}

/// Answers `request` at `now` (milliseconds since 1970).
///
/// # Errors
/// See [`Error`].
pub fn answer(vault: &Vault, user_verifier: &dyn UserVerifier, now: u64, request: &Request) -> Result<Response, Error> {
    let verification = || verification::state(vault, user_verifier);
    match request {
        Request::Status {} => Ok(Response::Status(status(vault.count()?, verification()?))),
        Request::Candidates(request) => {
            Ok(Response::Candidates(Candidates { accounts: accounts(vault, request)?, verification: verification()? }))
        }
        Request::List(request) => Ok(Response::List(list(vault, request)?)),
        Request::Delete(request) => {
            let restorable_until = vault.delete(&request.credential_id, now)?.ok_or(Error::NotFound)?;
            Ok(Response::Delete(Deleted { restorable_until }))
        }
    }
}

/// Answers `request` where there has never been a vault.
///
/// # Errors
/// [`Error::NotFound`].
pub fn answer_without_vault(request: &Request) -> Result<Response, Error> {
    let verification = Verification {
        pin_set: false,
        retries: MAX_RETRIES,
        min_pin_length: MIN_PIN_LENGTH,
        must_change_pin: false,
        built_in: false,
        always: false,
    };
    match request {
        Request::Status {} => Ok(Response::Status(status(0, verification))),
        Request::Candidates(_) => Ok(Response::Candidates(Candidates { accounts: Vec::new(), verification })),
        Request::List(_) => Ok(Response::List(List { accounts: Vec::new(), next: None })),
        Request::Delete(_) => Err(Error::NotFound),
    }
}

fn status(passkeys: u64, verification: Verification) -> Status {
    Status { version: env!("CARGO_PKG_VERSION").to_owned(), passkeys, verification }
}

/// What a request with these credential IDs would find. One without any finds the discoverable ones.
fn accounts(vault: &Vault, request: &CandidatesRequest) -> Result<Vec<Account>, Error> {
    let sources = match request.credential_ids.as_slice() {
        [] => {
            let mut sources = vault.find(&request.rp_id)?;
            sources.retain(|source| source.discoverable);
            sources
        }
        ids => vault.find_among(&request.rp_id, ids)?,
    };
    Ok(sources.into_iter().map(account).collect())
}

/// A page that fits a native message: as many passkeys as usual, or, where their names are long, fewer.
fn list(vault: &Vault, request: &ListRequest) -> Result<List, Error> {
    let mut limit = PAGE;
    loop {
        let page = vault.list(request.after.as_deref(), limit)?;
        let list = List { accounts: page.sources.into_iter().map(account).collect(), next: page.next };
        let size = serde_json::to_vec(&list).map_or(usize::MAX, |json| json.len());
        if size <= MAX_PAGE_SIZE || limit == 1 {
            return Ok(list);
        }
        limit = (limit / 4).max(1);
    }
}

/// What is shown of a passkey.
fn account(source: PublicKeyCredentialSource) -> Account {
    Account {
        credential_id: source.credential_id,
        rp_id: source.rp_id,
        rp_name: source.rp_name,
        user_handle: source.user_handle,
        user_name: source.user_name,
        user_display_name: source.user_display_name,
        created: source.created,
        last_used: source.last_used,
        cred_protect: source.extensions.cred_protect,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(error) => error.fmt(f),
            Self::NotFound => f.write_str("There is no such passkey. Load the list again."),
        }
    }
}

impl std::error::Error for Error {}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        Self::Vault(error)
    }
}

/// Passkeys on a page.
const PAGE: usize = 500;

/// Bytes of JSON on a page: the browser takes 1 MiB with the envelope.
const MAX_PAGE_SIZE: usize = 1_000_000;

#[cfg(test)]
mod tests;
