//! authenticatorGetAssertion (CTAP §6.2.2) and authenticatorGetNextAssertion (CTAP §6.3).
//!
//! Steps that do not apply: 3 (the flags are made of what was proven, in one place), 5 (alwaysUv is not offered), 8 (no built-in user
//! verification), 10 (no extensions yet).

use std::time::Duration;

use protocol::ctap::client_pin::Permissions;
use protocol::ctap::get_assertion::{Request, Response};
use protocol::ctap::{Options, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, StatusCode};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags, rp_id_hash};
use protocol::webauthn::{ClientDataHash, CredentialId, RpId};

use super::client_pin::UserVerified;
use super::presence::UserPresent;
use super::{Authenticator, Environment, Signed, client_pin, status};
use crate::credential::PublicKeyCredentialSource;

impl Authenticator {
    pub(super) fn get_assertion(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        let rp_id = &request.rp_id;
        // CTAP §6.2.2 steps 1 and 2: pinUvAuthParam and its protocol
        let auth = client_pin::pin_uv_auth_param(environment, request.pin_uv_auth.as_ref())?;
        // step 4: options
        let wants_presence = wants_presence(request.options, auth.is_some())?;
        // step 6: user verification
        let verified =
            self.client_pin.verify_user(environment, auth, &request.client_data_hash, Permissions::GA, rp_id)?;
        // step 7: which credentials
        let mut located = Located::of(environment, &request)?;
        // step 9: user presence; what was verified is used up
        let present = wants_presence.then(UserPresent::collected_by_the_window);
        if present.is_some() {
            self.client_pin.clear_token();
        }
        // steps 11 and 12: one of them, and how many there are
        let ceremony = Ceremony { rp_id: request.rp_id, client_data_hash: request.client_data_hash, present, verified };
        let first = located.take_next().ok_or(StatusCode::NoCredentials)?;
        // step 13: the signature
        let mut response = ceremony.sign(environment, &first, located.is_choice())?;
        self.signed = ceremony.signed(first, environment);
        if located.is_choice() {
            response.number_of_credentials = i64::try_from(located.total).ok();
            self.remembered = Some(Remembered { ceremony, located, since: environment.uptime() });
        }
        Ok(response)
    }

    /// CTAP §6.3: the next credential of the getAssertion before.
    pub(super) fn get_next_assertion(
        &mut self,
        environment: &mut impl Environment,
        remembered: Option<Remembered>,
    ) -> Result<Response, StatusCode> {
        let mut remembered = remembered.ok_or(StatusCode::NotAllowed)?;
        if environment.uptime().saturating_sub(remembered.since) > REMEMBERED_FOR {
            return Err(StatusCode::NotAllowed);
        }
        let next = remembered.located.take_next().ok_or(StatusCode::NotAllowed)?;
        let response = remembered.ceremony.sign(environment, &next, true)?;
        self.signed = remembered.ceremony.signed(next, environment);
        remembered.since = environment.uptime();
        self.remembered = Some(remembered);
        Ok(response)
    }
}

/// What getNextAssertion goes on with.
pub(super) struct Remembered {
    ceremony: Ceremony,
    located: Located,
    since: Duration,
}

/// `up` asks for presence unless it is false: then the platform only looks whether a credential is here (CTAP §6.2.2 step 9), and what is
/// signed says UP = 0, which no relying party accepts (L3 §7.2 step 16).
fn wants_presence(options: Options, has_auth: bool) -> Result<bool, StatusCode> {
    // A pinUvAuthParam overrules `uv`; built-in user verification, which `uv` asks for, is not there.
    if options.uv == Some(true) && !has_auth {
        return Err(StatusCode::InvalidOption);
    }
    if options.rk.is_some() {
        return Err(StatusCode::UnsupportedOption);
    }
    Ok(options.up.unwrap_or(true))
}

/// The credentials that match and have not signed yet, at first one at least; all of them are of the RP ID asked for.
struct Located {
    /// The next one last.
    waiting: Vec<CredentialId>,
    total: usize,
}

impl Located {
    fn of(environment: &impl Environment, request: &Request) -> Result<Self, StatusCode> {
        let vault = environment.vault();
        let sources = if request.allow_list.is_empty() {
            let mut sources = vault.find(&request.rp_id).map_err(|error| status::of(&error))?;
            // CTAP §6.2.2 step 12: the newest first.
            sources.sort_by_key(|source| source.created);
            sources
        } else {
            let allowed: Vec<CredentialId> =
                request.allow_list.iter().map(|descriptor| descriptor.id.clone()).collect();
            let mut sources = vault.find_among(&request.rp_id, &allowed).map_err(|error| status::of(&error))?;
            // Any of the list will do: the one used last.
            sources.truncate(1);
            sources
        };
        let waiting: Vec<_> = sources.into_iter().map(|source| source.credential_id).collect();
        match waiting.len() {
            0 => Err(StatusCode::NoCredentials),
            total => Ok(Self { waiting, total }),
        }
    }

    fn take_next(&mut self) -> Option<CredentialId> {
        self.waiting.pop()
    }

    fn is_choice(&self) -> bool {
        self.total > 1
    }
}

/// What all signatures of one getAssertion have in common.
struct Ceremony {
    rp_id: RpId,
    client_data_hash: ClientDataHash,
    present: Option<UserPresent>,
    verified: Option<UserVerified>,
}

impl Ceremony {
    fn sign(&self, environment: &impl Environment, id: &CredentialId, is_choice: bool) -> Result<Response, StatusCode> {
        let vault = environment.vault();
        let source = vault.get(id).map_err(|error| status::of(&error))?;
        // Of this RP ID it was when it was located; that it is so still is what makes it a passkey.
        let source = source.filter(|source| source.rp_id == self.rp_id).ok_or(StatusCode::NoCredentials)?;
        let auth_data = AuthenticatorData {
            rp_id_hash: rp_id_hash(&self.rp_id),
            flags: self.flags(&source),
            sign_count: 0,
            attested_credential_data: None,
            extensions: None,
        }
        .to_bytes();
        let message = [&auth_data[..], &self.client_data_hash.0].concat();
        let signature = source.sign(&message).map_err(|_| StatusCode::InvalidCredential)?;
        Ok(Response {
            credential: PublicKeyCredentialDescriptor { id: id.clone() },
            auth_data,
            signature,
            user: Some(self.user(&source, is_choice)),
            number_of_credentials: None,
        })
    }

    /// What is to be remembered of a signature: nothing of one without the user.
    fn signed(&self, credential_id: CredentialId, environment: &impl Environment) -> Option<Signed> {
        self.present.is_some().then(|| Signed { credential_id, at: environment.now() })
    }

    fn flags(&self, source: &PublicKeyCredentialSource) -> Flags {
        Flags::UP.when(self.present.is_some())
            | Flags::UV.when(self.verified.is_some())
            | Flags::BE.when(source.backup_eligible)
            | Flags::BS.when(source.backup_state)
    }

    /// CTAP §6.2.2: names only where there is a choice, and only to someone who was verified.
    fn user(&self, source: &PublicKeyCredentialSource, is_choice: bool) -> PublicKeyCredentialUserEntity {
        let may_be_named = is_choice && self.verified.is_some();
        PublicKeyCredentialUserEntity {
            id: source.user_handle.clone(),
            name: may_be_named.then(|| source.user_name.clone()),
            display_name: may_be_named.then(|| source.user_display_name.clone()),
        }
    }
}

/// CTAP §6.3: how long after an assertion the next one may be asked for.
const REMEMBERED_FOR: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
