//! Setting, changing and judging the PIN (CTAP §6.5.5.2, §6.5.5.5, §6.5.5.6).

use protocol::ctap::StatusCode;
use protocol::ctap::client_pin::{Request, Response};
use protocol::ctap::pin_uv_auth::SharedSecret;

use super::{ClientPin, protocol_of, required};
use crate::authenticator::{Environment, status};
use crate::secret::PinHash;
use crate::verification::{MAX_RETRIES, NewPin, PinError, PinRecord, PinStore, SettingsStore};

impl ClientPin {
    /// CTAP §6.5.5.2.
    pub(super) fn get_pin_retries(&self, environment: &impl Environment) -> Result<Response, StatusCode> {
        let pin = environment.vault().pin().map_err(|error| status::of(&error))?;
        Ok(Response {
            pin_retries: Some(pin.as_ref().map_or(MAX_RETRIES, PinRecord::retries).into()),
            power_cycle_state: Some(self.verifier.needs_new_session()),
            ..Response::default()
        })
    }

    /// CTAP §6.5.5.5.
    pub(super) fn set_pin(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        let new_pin_enc = required(request.new_pin_enc.as_deref())?;
        let param = required(request.pin_uv_auth_param.as_deref())?;
        let secret = self.shared_secret(environment, request)?;
        if environment.vault().pin().map_err(|error| status::of(&error))?.is_some() {
            return Err(StatusCode::PinAuthInvalid);
        }
        verify(&secret, new_pin_enc, param)?;
        let new = new_pin(environment, &secret, new_pin_enc)?;
        self.verifier.set_pin(environment.vault(), &new).map_err(|error| status::of_pin(&error))?;
        Ok(Response::default())
    }

    /// CTAP §6.5.5.6.
    pub(super) fn change_pin(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        let new_pin_enc = required(request.new_pin_enc.as_deref())?;
        let pin_hash_enc = required(request.pin_hash_enc.as_deref())?;
        let param = required(request.pin_uv_auth_param.as_deref())?;
        let secret = self.shared_secret(environment, request)?;
        verify(&secret, &[new_pin_enc, pin_hash_enc].concat(), param)?;
        self.judge(environment, request, &secret, pin_hash_enc)?;
        let new = new_pin(environment, &secret, new_pin_enc)?;
        // What the old PIN gave is never good beside a new one; the persistent token goes with the PIN.
        self.reset_token();
        self.verifier.replace_pin(environment.vault(), &new).map_err(|error| status::of_pin(&error))?;
        Ok(Response::default())
    }

    /// Judges the PIN hash that the platform sent: a wrong one costs a try, and the key agreement key; a right one gives the tries of
    /// built-in verification back too.
    pub(super) fn judge(
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
        judged.map_err(|error| status::of_pin(&error))?;
        self.built_in.give_tries_back();
        Ok(())
    }
}

fn verify(secret: &SharedSecret, message: &[u8], param: &[u8]) -> Result<(), StatusCode> {
    if secret.verify(message, param) { Ok(()) } else { Err(StatusCode::PinAuthInvalid) }
}

/// CTAP §6.5.5.5: decrypts paddedNewPin and holds it against the policy.
fn new_pin(environment: &impl Environment, secret: &SharedSecret, new_pin_enc: &[u8]) -> Result<NewPin, StatusCode> {
    let padded = secret.decrypt(new_pin_enc).map_err(|_| StatusCode::PinAuthInvalid)?;
    if padded.len() != PADDED_NEW_PIN_LENGTH {
        return Err(StatusCode::InvalidParameter);
    }
    let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
    NewPin::from_padded(&padded, settings.min_pin_length).map_err(|_| StatusCode::PinPolicyViolation)
}

/// CTAP §6.5.5.5, in bytes.
const PADDED_NEW_PIN_LENGTH: usize = 64;
