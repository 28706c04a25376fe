//! authenticatorGetAssertion (CTAP §6.2.2) and authenticatorGetNextAssertion (CTAP §6.3).
//!
//! Steps that do not apply: 3 (the flags are made of what was proven, in one place), 8 (presence is collected all the same).

mod located;

use std::time::Duration;

use protocol::ctap::client_pin::Permissions;
use protocol::ctap::get_assertion::{Request, Response};
use protocol::ctap::{Options, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, StatusCode};
use protocol::manage::UseKind;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags, rp_id_hash};
use protocol::webauthn::{ClientDataHash, RpId};

use super::client_pin::{UserVerified, pin_uv_auth_param};
use super::extensions::Assertion;
use super::presence::UserPresent;
use super::user_verification::Plan;
use super::{Authenticator, Environment, GoesOn, Used, status};
use crate::credential::PublicKeyCredentialSource;
use located::Located;

impl Authenticator {
    pub(super) fn get_assertion(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        let hash = &request.client_data_hash;
        // CTAP §6.2.2 steps 1 and 2: pinUvAuthParam and its protocol
        let auth = pin_uv_auth_param(environment, request.pin_uv_auth.as_ref())?;
        // steps 4 and 5: options and alwaysUv
        let wants_presence = wants_presence(request.options)?;
        let plan = Plan::of(environment, auth, request.options, wants_presence)?;
        // step 6: user verification
        let verified = plan.carry_out(&mut self.client_pin, environment, hash, Permissions::GA, &request.rp_id)?;
        // step 7: which credentials
        let mut located = Located::of(environment, &request, verified.as_ref())?;
        // step 9: user presence; what was verified is used up
        let present = wants_presence.then(UserPresent::collected_by_the_window);
        if present.is_some() {
            self.client_pin.clear_token();
        }
        // step 10: extensions
        let extensions = Assertion::of(&mut self.client_pin, environment, &request, wants_presence)?;
        // steps 11 and 12: one of them, and how many there are
        let Request { rp_id, client_data_hash, .. } = request;
        let ceremony = Ceremony { rp_id, client_data_hash, present, verified, extensions };
        let first = located.take_next().ok_or(StatusCode::NoCredentials)?;
        // step 13: the signature
        let (mut response, used) = ceremony.sign(environment, &first, located.is_choice())?;
        self.used = used;
        if located.is_choice() {
            response.number_of_credentials = i64::try_from(located.total()).ok();
            let remembered = Remembered { ceremony, located, since: environment.uptime() };
            self.goes_on = Some(GoesOn::Assertions(Box::new(remembered)));
        }
        Ok(response)
    }

    /// CTAP §6.3: the next credential of the getAssertion before.
    pub(super) fn get_next_assertion(
        &mut self,
        environment: &mut impl Environment,
        goes_on: Option<GoesOn>,
    ) -> Result<Response, StatusCode> {
        let Some(GoesOn::Assertions(mut remembered)) = goes_on else { return Err(StatusCode::NotAllowed) };
        if environment.uptime().saturating_sub(remembered.since) > REMEMBERED_FOR {
            return Err(StatusCode::NotAllowed);
        }
        let next = remembered.located.take_next().ok_or(StatusCode::NotAllowed)?;
        // Of this RP ID it was when it was located; that it is so still is what makes it a passkey.
        let still = environment.vault().get(&next.credential_id).map_err(|error| status::of(&error))?;
        let still = still.filter(|source| source.rp_id == remembered.ceremony.rp_id);
        let (response, used) = remembered.ceremony.sign(environment, &still.ok_or(StatusCode::NoCredentials)?, true)?;
        self.used = used;
        remembered.since = environment.uptime();
        self.goes_on = Some(GoesOn::Assertions(remembered));
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
fn wants_presence(options: Options) -> Result<bool, StatusCode> {
    if options.rk.is_some() {
        return Err(StatusCode::UnsupportedOption);
    }
    Ok(options.up.unwrap_or(true))
}

/// What all signatures of one getAssertion have in common.
struct Ceremony {
    rp_id: RpId,
    client_data_hash: ClientDataHash,
    present: Option<UserPresent>,
    verified: Option<UserVerified>,
    extensions: Assertion,
}

impl Ceremony {
    /// The signature, and what is to be remembered of it: each that is given out is a use of its own, but one without the user is none.
    fn sign(
        &self,
        environment: &mut impl Environment,
        source: &PublicKeyCredentialSource,
        is_choice: bool,
    ) -> Result<(Response, Option<Used>), StatusCode> {
        let auth_data = AuthenticatorData {
            rp_id_hash: rp_id_hash(&self.rp_id),
            flags: self.flags(source),
            sign_count: 0,
            attested_credential_data: None,
            extensions: self.extensions.outputs(environment, source, self.verified.is_some())?,
        }
        .to_bytes();
        let message = [&auth_data[..], &self.client_data_hash.0].concat();
        let secrets = environment.vault().open_secrets(source).map_err(|error| status::of(&error))?;
        let signature = secrets.sign(source.algorithm, &message).map_err(|_| StatusCode::InvalidCredential)?;
        let prf_evaluated = self.extensions.evaluates_prf() && secrets.cred_random.is_some();
        let response = Response {
            credential: PublicKeyCredentialDescriptor { id: source.credential_id.clone() },
            auth_data,
            signature,
            user: Some(self.user(source, is_choice)),
            number_of_credentials: None,
            large_blob_key: self.extensions.large_blob_key(environment, source)?,
        };
        let used = |id| Used::now(environment, id, UseKind::SignedIn, self.verified.as_ref(), prf_evaluated);
        let used = self.present.is_some().then(|| used(source.credential_id.clone()));
        Ok((response, used))
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
