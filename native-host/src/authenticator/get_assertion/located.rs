//! The credentials that a getAssertion may use (CTAP §6.2.2 step 7).

use protocol::ctap::StatusCode;
use protocol::ctap::get_assertion::Request;
use protocol::webauthn::CredentialId;

use super::super::client_pin::UserVerified;
use super::super::{Environment, status};
use crate::credential::PublicKeyCredentialSource;

/// The credentials that match and have not signed yet, at first one at least; all of them are of the RP ID asked for.
pub(super) struct Located {
    /// The next one last.
    waiting: Vec<PublicKeyCredentialSource>,
    total: usize,
}

impl Located {
    /// # Errors
    /// CTAP2_ERR_NO_CREDENTIALS where there is none, or none that tells it to this user (CTAP §12.1).
    pub(super) fn of(
        environment: &impl Environment,
        request: &Request,
        verified: Option<&UserVerified>,
    ) -> Result<Self, StatusCode> {
        let listed = !request.allow_list.is_empty();
        let mut waiting = if listed { named(environment, request)? } else { discoverable(environment, request)? };
        waiting.retain(|source| source.extensions.cred_protect.tells(listed, verified.is_some()));
        if listed {
            // Any of the list will do: the one used last.
            waiting.truncate(1);
        }
        match waiting.len() {
            0 => Err(StatusCode::NoCredentials),
            total => Ok(Self { waiting, total }),
        }
    }

    pub(super) fn take_next(&mut self) -> Option<PublicKeyCredentialSource> {
        self.waiting.pop()
    }

    pub(super) fn is_choice(&self) -> bool {
        self.total > 1
    }

    pub(super) fn total(&self) -> usize {
        self.total
    }
}

/// The last used first.
fn named(environment: &impl Environment, request: &Request) -> Result<Vec<PublicKeyCredentialSource>, StatusCode> {
    let allowed: Vec<CredentialId> = request.allow_list.iter().map(|descriptor| descriptor.id.clone()).collect();
    environment.vault().find_among(&request.rp_id, &allowed).map_err(|error| status::of(&error))
}

/// CTAP §6.2.2 step 12: the newest comes first, and so stands last.
fn discoverable(
    environment: &impl Environment,
    request: &Request,
) -> Result<Vec<PublicKeyCredentialSource>, StatusCode> {
    let mut sources = environment.vault().find(&request.rp_id).map_err(|error| status::of(&error))?;
    sources.retain(|source| source.discoverable);
    sources.sort_by_key(|source| source.created);
    Ok(sources)
}
