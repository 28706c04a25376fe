//! authenticatorClientPIN (CTAP §6.5): setting and changing the PIN, and the token that a right PIN gives.

mod shared;
mod token;

use protocol::ctap::client_pin::{Permissions, Request, Response, Subcommand};
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken, SharedSecret};
use protocol::ctap::{PinUvAuth, StatusCode};
use protocol::manage::Verification;
use protocol::webauthn::{ClientDataHash, RpId};

use super::{Environment, status};
use crate::secret::PinHash;
use crate::vault;
use crate::verification::{NewPin, PinError, PinStore, PinVerifier};
use shared::KeyAgreement;

use token::TokenInUse;

pub(super) use token::{PinUvAuthParam, UserVerified};

/// What one session of the host knows of PINs.
#[derive(Default)]
pub(super) struct ClientPin {
    key_agreement: KeyAgreement,
    verifier: PinVerifier,
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
            Subcommand::GetPinUvAuthTokenUsingPinWithPermissions => {
                self.get_token_with_permissions(environment, &request)
            }
        }
    }

    pub(super) fn verification(&self, environment: &impl Environment) -> Result<Verification, vault::Error> {
        self.verifier.status(environment.vault())
    }

    /// CTAP §6.1.2 step 11.1, §6.2.2 step 6.1: with a pinUvAuthParam the user must have been verified, without one nobody was.
    ///
    /// # Errors
    /// CTAP2_ERR_PIN_AUTH_INVALID where the parameter is not of the token in use, or the token may not do this.
    pub(super) fn verify_user(
        &mut self,
        environment: &impl Environment,
        auth: Option<PinUvAuthParam<'_>>,
        client_data_hash: &ClientDataHash,
        permission: Permissions,
        rp_id: &RpId,
    ) -> Result<Option<UserVerified>, StatusCode> {
        let Some(auth) = auth else { return Ok(None) };
        let now = environment.uptime();
        self.token = self.token.take().filter(|token| token.is_in_time(now));
        let token = self.token.as_mut().ok_or(StatusCode::PinAuthInvalid)?;
        token.verify(&auth, client_data_hash, permission, rp_id).map(Some)
    }

    /// After a ceremony with the user's presence: the token in use is good for no other.
    pub(super) fn clear_token(&mut self) {
        if let Some(token) = &mut self.token {
            token.clear();
        }
    }

    /// CTAP §6.5.5.2.
    fn get_pin_retries(&self, environment: &impl Environment) -> Result<Response, StatusCode> {
        let verification = self.verification(environment).map_err(|error| status::of(&error))?;
        Ok(Response {
            pin_retries: Some(i64::from(verification.retries)),
            power_cycle_state: Some(self.verifier.needs_new_session()),
            ..Response::default()
        })
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

    /// CTAP §6.5.5.5.
    fn set_pin(&mut self, environment: &mut impl Environment, request: &Request) -> Result<Response, StatusCode> {
        let new_pin_enc = required(request.new_pin_enc.as_deref())?;
        let param = required(request.pin_uv_auth_param.as_deref())?;
        let secret = self.shared_secret(environment, request)?;
        if self.verification(environment).map_err(|error| status::of(&error))?.pin_set {
            return Err(StatusCode::PinAuthInvalid);
        }
        verify(&secret, new_pin_enc, param)?;
        let new = new_pin(&secret, new_pin_enc)?;
        self.verifier.set_pin(environment.vault(), &new).map_err(|error| status::of_pin(&error))?;
        Ok(Response::default())
    }

    /// CTAP §6.5.5.6.
    fn change_pin(&mut self, environment: &mut impl Environment, request: &Request) -> Result<Response, StatusCode> {
        let new_pin_enc = required(request.new_pin_enc.as_deref())?;
        let pin_hash_enc = required(request.pin_hash_enc.as_deref())?;
        let param = required(request.pin_uv_auth_param.as_deref())?;
        let secret = self.shared_secret(environment, request)?;
        verify(&secret, &[new_pin_enc, pin_hash_enc].concat(), param)?;
        self.judge(environment, request, &secret, pin_hash_enc)?;
        let new = new_pin(&secret, new_pin_enc)?;
        self.verifier.reset_pin(environment.vault(), &new).map_err(|error| status::of_pin(&error))?;
        // resetPinUvAuthToken: what the old PIN gave is worth nothing now.
        self.token = None;
        Ok(Response::default())
    }

    /// CTAP §6.5.5.7.1, the form of CTAP 2.0: a token for both commands, bound to the RP ID that it is first used for.
    fn get_pin_token(&mut self, environment: &mut impl Environment, request: &Request) -> Result<Response, StatusCode> {
        if request.permissions.is_some() || request.rp_id.is_some() {
            return Err(StatusCode::InvalidParameter);
        }
        self.issue_token(environment, request, Permissions::MC | Permissions::GA, None)
    }

    /// CTAP §6.5.5.7.2.
    fn get_token_with_permissions(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        let permissions = permissions(required(request.permissions)?)?;
        let rp_id = required(request.rp_id.clone())?;
        self.issue_token(environment, request, permissions, Some(rp_id))
    }

    fn issue_token(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
        permissions: Permissions,
        rp_id: Option<RpId>,
    ) -> Result<Response, StatusCode> {
        let pin_hash_enc = required(request.pin_hash_enc.as_deref())?;
        let protocol = protocol_of(request)?;
        let secret = self.shared_secret(environment, request)?;
        self.judge(environment, request, &secret, pin_hash_enc)?;
        let token = PinUvAuthToken::generate(protocol, environment.rng());
        let encrypted = token.encrypt(&secret, environment.rng());
        // resetPinUvAuthToken and beginUsingPinUvAuthToken: a token before this one is dropped.
        self.token = Some(TokenInUse::begin(token, permissions, rp_id, environment.uptime()));
        Ok(Response { pin_uv_auth_token: Some(encrypted), ..Response::default() })
    }

    /// Judges the PIN hash that the platform sent: a wrong one costs a try, and the key agreement key.
    fn judge(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
        secret: &SharedSecret,
        pin_hash_enc: &[u8],
    ) -> Result<(), StatusCode> {
        let pin_hash = secret.decrypt(pin_hash_enc).ok().and_then(|bytes| PinHash::from_slice(&bytes));
        let pin_hash = pin_hash.ok_or(StatusCode::PinAuthInvalid)?;
        let judged = self.verifier.verify(environment.vault(), &pin_hash);
        if let Err(PinError::Invalid { .. } | PinError::AuthBlocked | PinError::Blocked) = judged {
            self.key_agreement.regenerate(protocol_of(request)?);
        }
        judged.map_err(|error| status::of_pin(&error))
    }

    fn shared_secret(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<SharedSecret, StatusCode> {
        let protocol = protocol_of(request)?;
        let platform = required(request.key_agreement.as_ref())?;
        self.key_agreement.shared_secret(protocol, platform, environment.rng()).ok_or(StatusCode::InvalidParameter)
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

/// CTAP §6.5.5.7.2: none at all is a mistake; those of commands that are not served cannot be given.
fn permissions(number: i64) -> Result<Permissions, StatusCode> {
    let permissions = u8::try_from(number).map(Permissions::from_bits).map_err(|_| StatusCode::InvalidParameter)?;
    if permissions == Permissions::default() {
        return Err(StatusCode::InvalidParameter);
    }
    if !(Permissions::MC | Permissions::GA).contains(permissions) {
        return Err(StatusCode::UnauthorizedPermission);
    }
    Ok(permissions)
}

fn verify(secret: &SharedSecret, message: &[u8], param: &[u8]) -> Result<(), StatusCode> {
    if secret.verify(message, param) { Ok(()) } else { Err(StatusCode::PinAuthInvalid) }
}

/// CTAP §6.5.5.5: decrypts paddedNewPin and holds it against the policy.
fn new_pin(secret: &SharedSecret, new_pin_enc: &[u8]) -> Result<NewPin, StatusCode> {
    let padded = secret.decrypt(new_pin_enc).map_err(|_| StatusCode::PinAuthInvalid)?;
    if padded.len() != PADDED_NEW_PIN_LENGTH {
        return Err(StatusCode::InvalidParameter);
    }
    NewPin::from_padded(&padded).map_err(|_| StatusCode::PinPolicyViolation)
}

/// CTAP §6.5.5.5, in bytes.
const PADDED_NEW_PIN_LENGTH: usize = 64;

#[cfg(test)]
mod tests;
