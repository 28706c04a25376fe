//! What CTAP has no command for (`protocol::manage`), answered from the vault.

mod edit;
mod history;
mod settings;
mod signal;
mod trash;

use std::fmt;

use protocol::manage::{
    Account, Candidates, CandidatesRequest, Deleted, Earlier, List, ListRequest, Noted, Request, Response, Status,
    Trash, Verification,
};
use serde::Serialize;

use crate::credential::PublicKeyCredentialSource;
use crate::vault::{self, Vault};
use crate::verification::os::UserVerifier;
use crate::verification::{self, MAX_RETRIES, MIN_PIN_LENGTH};

pub use edit::BadText;
pub use settings::set_os_verification;

/// Why a request was not met.
#[derive(Debug)]
pub enum Error {
    /// The vault's own.
    Vault(vault::Error),
    /// There is no such passkey.
    NotFound,
    /// A label or a note is longer than it may be, or has control characters.
    Text(BadText),
    /// The OS cannot verify the user; the sentence says why, and what to do.
    OsVerification(String),
    /// It is for the authenticator, not for the vault.
    NotManagement,
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
        Request::Delete(request) => Ok(Response::Delete(deleted(vault.delete(&request.credential_id, now)?)?)),
        Request::Withdraw(request) => {
            Ok(Response::Delete(deleted(vault.delete_unanswered(&request.credential_id, now)?)?))
        }
        Request::Trash(request) => Ok(Response::Trash(trash::list(vault, request, now)?)),
        Request::Restore(request) => Ok(Response::Restore(trash::restore(vault, request, now)?)),
        Request::Signal(signal) => {
            signal::carry_out(vault, signal, now)?;
            Ok(Response::Signal(Noted {}))
        }
        Request::Edit(request) => Ok(Response::Edit(edit::edit(vault, request)?)),
        Request::History(request) => Ok(Response::History(history::of(vault, request)?)),
        Request::Settings {} => Ok(Response::Settings(settings::of(vault, user_verifier)?)),
        Request::ConditionalCreate(_)
        | Request::SetOsVerification(_)
        | Request::Diagnose {}
        | Request::Sync(_)
        | Request::Earlier(_) => Err(Error::NotManagement),
    }
}

/// Answers `request` where there has never been a vault.
///
/// # Errors
/// [`Error::NotFound`].
pub fn answer_without_vault(user_verifier: &dyn UserVerifier, request: &Request) -> Result<Response, Error> {
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
        Request::Trash(_) => Ok(Response::Trash(Trash { gone: Vec::new(), next: None })),
        Request::Delete(_) | Request::Withdraw(_) | Request::Restore(_) | Request::Edit(_) | Request::History(_) => {
            Err(Error::NotFound)
        }
        Request::Earlier(_) => Ok(Response::Earlier(Earlier::default())),
        Request::Signal(_) => Ok(Response::Signal(Noted {})),
        Request::Settings {} => Ok(Response::Settings(settings::unsettled(verification, user_verifier))),
        Request::ConditionalCreate(_) | Request::SetOsVerification(_) | Request::Diagnose {} | Request::Sync(_) => {
            Err(Error::NotManagement)
        }
    }
}

fn deleted(restorable_until: Option<u64>) -> Result<Deleted, Error> {
    restorable_until.map(|restorable_until| Deleted { restorable_until }).ok_or(Error::NotFound)
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
    Ok(sources.iter().map(PublicKeyCredentialSource::account).collect())
}

/// A page that fits a native message: as many passkeys as usual, or, where their names are long, fewer.
fn list(vault: &Vault, request: &ListRequest) -> Result<List, Error> {
    let usual = if request.after.is_none() { FIRST_PAGE } else { PAGE };
    fitting(usual, |limit| {
        let page = vault.list(request.after.as_deref(), limit)?;
        Ok(List { accounts: page.sources.iter().map(PublicKeyCredentialSource::account).collect(), next: page.next })
    })
}

/// The page with as many entries as usual, or with fewer, so that it fits a native message.
fn fitting<T: Serialize>(usual: usize, page: impl Fn(usize) -> Result<T, Error>) -> Result<T, Error> {
    let mut limit = usual;
    loop {
        let page = page(limit)?;
        let size = serde_json::to_vec(&page).map_or(usize::MAX, |json| json.len());
        if size <= MAX_PAGE_SIZE || limit == 1 {
            return Ok(page);
        }
        limit = (limit / 4).max(1);
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(error) => error.fmt(f),
            Self::NotFound => f.write_str("There is no such passkey. Load the list again."),
            Self::Text(bad) => bad.fmt(f),
            Self::OsVerification(why) => f.write_str(why),
            Self::NotManagement => f.write_str("Keystow made a mistake (a ceremony among the management requests)."),
        }
    }
}

impl std::error::Error for Error {}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        Self::Vault(error)
    }
}

/// Passkeys on the first page, which a screen shows at once.
const FIRST_PAGE: usize = 250;

/// Passkeys on any other.
const PAGE: usize = 2000;

/// Bytes of JSON on a page: the browser takes 1 MiB with the envelope.
const MAX_PAGE_SIZE: usize = 1_000_000;

#[cfg(test)]
mod tests;
