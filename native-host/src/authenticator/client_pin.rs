//! authenticatorClientPIN (CTAP §6.5): the PIN, and the tokens that a right PIN, or the OS, gives.

mod built_in;
mod issue;
mod pins;
mod shared;
mod token;

use protocol::cose::CoseKey;
use protocol::ctap::client_pin::{Permissions, Request, Response, Subcommand};
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken, SharedSecret};
use protocol::ctap::{PinUvAuth, StatusCode};
use protocol::webauthn::{ClientDataHash, RpId};

use super::{Environment, status};
use crate::verification::os::Reason;
use crate::verification::{PinStore, PinVerifier, SettingsStore};
use built_in::BuiltIn;
use shared::KeyAgreement;
use token::TokenInUse;

pub(super) use token::{PinUvAuthParam, UserVerified};

/// What one session of the host knows of PINs and tokens.
#[derive(Default)]
pub(super) struct ClientPin {
    key_agreement: KeyAgreement,
    verifier: PinVerifier,
    built_in: BuiltIn,
    token: Option<TokenInUse>,
}

impl ClientPin {
    /// CTAP §6.5.5: one sub-command.
    pub(super) fn serve(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        match Subcommand::from_number(request.subcommand).ok_or(StatusCode::InvalidSubcommand)? {
            Subcommand::GetPinRetries => self.get_pin_retries(environment),
            Subcommand::GetKeyAgreement => self.get_key_agreement(environment, &request),
            Subcommand::SetPin => self.set_pin(environment, &request),
            Subcommand::ChangePin => self.change_pin(environment, &request),
            Subcommand::GetPinToken => self.get_pin_token(environment, &request),
            Subcommand::GetPinUvAuthTokenUsingUvWithPermissions => self.get_token_using_uv(environment, &request),
            Subcommand::GetUvRetries => Ok(self.built_in.retries_response()),
            Subcommand::GetPinUvAuthTokenUsingPinWithPermissions => self.get_token_using_pin(environment, &request),
        }
    }

    /// CTAP §6.1.2 step 11.1, §6.2.2 step 6.1: the token in use may do this ceremony, for this RP ID, now.
    ///
    /// # Errors
    /// CTAP2_ERR_PIN_AUTH_INVALID, whatever it was.
    pub(super) fn verify_ceremony(
        &mut self,
        environment: &impl Environment,
        auth: &PinUvAuthParam<'_>,
        client_data_hash: &ClientDataHash,
        permission: Permissions,
        rp_id: &RpId,
    ) -> Result<UserVerified, StatusCode> {
        let token = self.token_in_time(environment)?;
        token.verify_ceremony(auth, client_data_hash, permission, rp_id, environment.uptime())
    }

    /// The token in use made `auth` over `message`, and has `permission`. Gives the RP ID that it is bound to, if it is.
    ///
    /// # Errors
    /// CTAP2_ERR_PIN_AUTH_INVALID, whatever it was.
    pub(super) fn verify_permission(
        &mut self,
        environment: &impl Environment,
        auth: &PinUvAuthParam<'_>,
        message: &[u8],
        permission: Permissions,
    ) -> Result<Option<RpId>, StatusCode> {
        self.token_in_time(environment)?.verify(auth, message, permission)
    }

    /// Whether the persistent token made `auth` over `message`.
    pub(super) fn verify_persistent(
        &self,
        environment: &impl Environment,
        auth: &PinUvAuthParam<'_>,
        message: &[u8],
    ) -> Result<bool, StatusCode> {
        let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
        let Some(key) = settings.persistent_token else { return Ok(false) };
        // EXPOSE: to verify with.
        let token = PinUvAuthToken::from_bytes(auth.protocol, key.expose_secret());
        Ok(token.verify(message, auth.param))
    }

    /// Asks the OS to verify the user for this one ceremony.
    ///
    /// # Errors
    /// Why the user was not verified, in the statuses of clientPIN.
    pub(super) fn verify_by_the_os(
        &mut self,
        environment: &impl Environment,
        reason: Reason<'_>,
    ) -> Result<UserVerified, StatusCode> {
        self.built_in.verify(environment.user_verifier(), reason)
    }

    /// After a ceremony with the user's presence: the token in use is good for no other.
    pub(super) fn clear_token(&mut self) {
        if let Some(token) = &mut self.token {
            token.clear();
        }
    }

    /// CTAP resetPinUvAuthToken: what was given before is worth nothing now.
    pub(super) fn reset_token(&mut self) {
        self.token = None;
    }

    /// CTAP §6.5.4 decapsulate.
    ///
    /// # Errors
    /// CTAP1_ERR_INVALID_PARAMETER where the platform's point is not on the curve.
    pub(super) fn decapsulate(
        &mut self,
        environment: &mut impl Environment,
        protocol: PinUvAuthProtocol,
        platform: &CoseKey,
    ) -> Result<SharedSecret, StatusCode> {
        self.key_agreement.shared_secret(protocol, platform, environment.rng()).ok_or(StatusCode::InvalidParameter)
    }

    /// CTAP §6.5.5.4.
    fn get_key_agreement(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        let protocol = protocol_of(request)?;
        let key_agreement = Some(self.key_agreement.public(protocol, environment.rng()));
        Ok(Response { key_agreement, ..Response::default() })
    }

    fn shared_secret(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<SharedSecret, StatusCode> {
        self.decapsulate(environment, protocol_of(request)?, required(request.key_agreement.as_ref())?)
    }

    fn token_in_time(&mut self, environment: &impl Environment) -> Result<&mut TokenInUse, StatusCode> {
        let now = environment.uptime();
        self.token = self.token.take().filter(|token| token.is_in_time(now));
        self.token.as_mut().ok_or(StatusCode::PinAuthInvalid)
    }
}

/// CTAP §6.1.2 and §6.2.2 steps 1 and 2: what the request says of user verification, judged for its form alone.
///
/// # Errors
/// An empty parameter asks whether a PIN is set, and is answered by CTAP2_ERR_PIN_NOT_SET or CTAP2_ERR_PIN_INVALID; the protocol
/// may be missing, or unknown.
pub(super) fn pin_uv_auth_param<'a>(
    environment: &impl Environment,
    auth: Option<&'a PinUvAuth>,
) -> Result<Option<PinUvAuthParam<'a>>, StatusCode> {
    let Some(auth) = auth else { return Ok(None) };
    if auth.param.is_empty() {
        let pin_set = environment.vault().pin().map_err(|error| status::of(&error))?.is_some();
        return Err(if pin_set { StatusCode::PinInvalid } else { StatusCode::PinNotSet });
    }
    let number = required(auth.protocol)?;
    let protocol = PinUvAuthProtocol::from_number(number).ok_or(StatusCode::InvalidParameter)?;
    Ok(Some(PinUvAuthParam { protocol, param: &auth.param }))
}

fn protocol_of(request: &Request) -> Result<PinUvAuthProtocol, StatusCode> {
    let number = required(request.pin_uv_auth_protocol)?;
    PinUvAuthProtocol::from_number(number).ok_or(StatusCode::InvalidParameter)
}

fn required<T>(member: Option<T>) -> Result<T, StatusCode> {
    member.ok_or(StatusCode::MissingParameter)
}

#[cfg(test)]
mod tests;
