//! How the user is verified for one request (CTAP §6.1.2 steps 5, 6 and 11; §6.2.2 steps 4, 5 and 6).

use protocol::ctap::client_pin::Permissions;
use protocol::ctap::{Options, StatusCode};
use protocol::webauthn::{ClientDataHash, RpId};

use super::client_pin::{ClientPin, PinUvAuthParam, UserVerified};
use super::{Environment, status};
use crate::verification::os::Reason;
use crate::verification::{self, PinStore, SettingsStore};

/// What is asked of the user.
pub(super) enum Plan<'a> {
    /// Nothing.
    Nothing,
    /// Nothing more: the platform has a token for it.
    Token(PinUvAuthParam<'a>),
    /// To be verified by the OS.
    BuiltIn,
}

impl<'a> Plan<'a> {
    /// CTAP §6.1.2 steps 5 and 6, §6.2.2 steps 4 and 5, as far as they are about verification. `presence` says whether the user is asked for at
    /// all: alwaysUv asks nobody else.
    ///
    /// # Errors
    /// CTAP2_ERR_INVALID_OPTION where built-in verification is asked for and cannot be had; CTAP2_ERR_PUAT_REQUIRED where the user is always
    /// to be verified and the platform has not done it.
    pub(super) fn of(
        environment: &impl Environment,
        auth: Option<PinUvAuthParam<'a>>,
        options: Options,
        presence: bool,
    ) -> Result<Self, StatusCode> {
        if let Some(param) = auth {
            return Ok(Self::Token(param));
        }
        let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
        let always = settings.always_uv && presence;
        match (options.uv == Some(true), always) {
            (false, false) => Ok(Self::Nothing),
            (wanted, _) => match (has_built_in(environment)?, wanted) {
                (true, _) => Ok(Self::BuiltIn),
                (false, true) => Err(StatusCode::InvalidOption),
                (false, false) => Err(StatusCode::PuatRequired),
            },
        }
    }

    /// CTAP §6.1.2 step 11, §6.2.2 step 6.
    ///
    /// # Errors
    /// The token does not fit, or the OS has not verified the user.
    pub(super) fn carry_out(
        self,
        client_pin: &mut ClientPin,
        environment: &impl Environment,
        client_data_hash: &ClientDataHash,
        permission: Permissions,
        rp_id: &RpId,
    ) -> Result<Option<UserVerified>, StatusCode> {
        match self {
            Self::Nothing => Ok(None),
            Self::Token(auth) => {
                client_pin.verify_ceremony(environment, &auth, client_data_hash, permission, rp_id).map(Some)
            }
            Self::BuiltIn => {
                let rp_id = rp_id.as_str();
                let reason = match permission == Permissions::MC {
                    true => Reason::MakeCredential { rp_id },
                    false => Reason::GetAssertion { rp_id },
                };
                client_pin.verify_by_the_os(environment, reason).map(Some).map_err(in_a_ceremony)
            }
        }
    }
}

/// The option `uv`: the OS verifies users, and this one has switched it on.
pub(super) fn has_built_in(environment: &impl Environment) -> Result<bool, StatusCode> {
    let state = verification::state(environment.vault(), environment.user_verifier());
    Ok(state.map_err(|error| status::of(&error))?.built_in)
}

/// CTAP's "protected by some form of user verification".
pub(super) fn is_protected(environment: &impl Environment) -> Result<bool, StatusCode> {
    let pin = environment.vault().pin().map_err(|error| status::of(&error))?;
    Ok(pin.is_some() || has_built_in(environment)?)
}

/// Whether large blobs and settings are written with a proof alone (CTAP §6.10.2, §6.11): there is a way to verify the user, or the user is
/// always to be verified.
pub(super) fn takes_proof(environment: &impl Environment) -> Result<bool, StatusCode> {
    let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
    Ok(settings.always_uv || is_protected(environment)?)
}

/// In makeCredential and getAssertion other statuses tell that the user was not verified than in clientPIN.
fn in_a_ceremony(error: StatusCode) -> StatusCode {
    match error {
        StatusCode::UvBlocked => StatusCode::PinBlocked,
        StatusCode::UserActionTimeout | StatusCode::KeepaliveCancel => error,
        _ => StatusCode::OperationDenied,
    }
}

#[cfg(test)]
mod tests;
