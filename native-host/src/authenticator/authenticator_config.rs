//! authenticatorConfig (CTAP §6.11).

use protocol::ctap::authenticator_config::{SetMinPinLength, Subcommand};
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::{Command, PinUvAuth, StatusCode, SubcommandRequest};
use protocol::manage;

use super::client_pin::pin_uv_auth_param;
use super::user_verification::{is_protected, takes_proof};
use super::{Authenticator, Environment, status};
use crate::verification::{MAX_MIN_PIN_LENGTH_RP_IDS, MAX_PIN_LENGTH, PinRecord, PinStore, SettingsStore};

impl Authenticator {
    pub(super) fn authenticator_config(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<(), StatusCode> {
        let request = SubcommandRequest::from_bytes(parameters)?;
        let subcommand = Subcommand::from_number(request.subcommand).ok_or(StatusCode::InvalidParameter)?;
        // Whoever has no PIN and no built-in verification may settle things without; while the user is always to be verified, only
        // take that back.
        let takes_proof = match subcommand {
            Subcommand::ToggleAlwaysUv => is_protected(environment)?,
            Subcommand::SetMinPinLength => takes_proof(environment)?,
        };
        if takes_proof {
            let message = request.authenticated_message(Command::AuthenticatorConfig);
            self.authorize(environment, request.pin_uv_auth.as_ref(), &message)?;
        }
        match subcommand {
            Subcommand::ToggleAlwaysUv => toggle_always_uv(environment),
            Subcommand::SetMinPinLength => {
                self.set_min_pin_length(environment, &SetMinPinLength::from_fields(request.fields()?)?)
            }
        }
    }

    /// Whether what [`manage::SetOsVerification`] asks for may be done: CTAP has no sub-command for it, and where a PIN is set it is
    /// authorized as those are.
    ///
    /// # Errors
    /// As for the sub-commands.
    pub fn authorize_os_verification(
        &mut self,
        environment: &impl Environment,
        request: &manage::SetOsVerification,
    ) -> Result<(), StatusCode> {
        if environment.vault().pin().map_err(|error| status::of(&error))?.is_none() {
            return Ok(());
        }
        let auth = request.pin_uv_auth.as_ref();
        let auth = auth.map(|auth| PinUvAuth { param: auth.param.clone(), protocol: Some(auth.protocol) });
        self.authorize(environment, auth.as_ref(), &manage::SetOsVerification::message(request.on))
    }

    /// Whether a task of sync may be begun: likewise, and where no PIN is set but the OS verifies the user, by a token that the OS's yes gave.
    ///
    /// # Errors
    /// As for the sub-commands.
    pub fn authorize_sync(
        &mut self,
        environment: &impl Environment,
        task: &manage::sync::Task,
        auth: Option<&manage::PinUvAuth>,
    ) -> Result<(), StatusCode> {
        if !is_protected(environment)? {
            return Ok(());
        }
        let auth = auth.map(|auth| PinUvAuth { param: auth.param.clone(), protocol: Some(auth.protocol) });
        self.authorize(environment, auth.as_ref(), &task.message())
    }

    /// CTAP §6.11: a token with the permission acfg made the parameter over `message`.
    fn authorize(
        &mut self,
        environment: &impl Environment,
        auth: Option<&PinUvAuth>,
        message: &[u8],
    ) -> Result<(), StatusCode> {
        let auth = pin_uv_auth_param(environment, auth)?.ok_or(StatusCode::PuatRequired)?;
        self.client_pin.verify_permission(environment, &auth, message, Permissions::ACFG).map(drop)
    }

    /// CTAP §6.11.4.
    fn set_min_pin_length(
        &mut self,
        environment: &impl Environment,
        wanted: &SetMinPinLength,
    ) -> Result<(), StatusCode> {
        let vault = environment.vault();
        let settings = vault.settings().map_err(|error| status::of(&error))?;
        let pin = vault.pin().map_err(|error| status::of(&error))?;
        let length = new_length(wanted.new_min_pin_length, settings.min_pin_length)?;
        if wanted.rp_ids.as_ref().is_some_and(|rp_ids| rp_ids.len() > MAX_MIN_PIN_LENGTH_RP_IDS) {
            return Err(StatusCode::KeyStoreFull);
        }
        let forced = wanted.force_change_pin == Some(true);
        if forced && pin.is_none() {
            return Err(StatusCode::PinNotSet);
        }
        // The PIN first: a host killed in between leaves no short PIN that need not be changed.
        if pin.is_some_and(|pin| forced || pin.length() < length) {
            let must_change = |pin: &PinRecord| pin.with_must_change(true);
            vault.update_pin(&mut |pin| pin.map(must_change)).map_err(|error| status::of(&error))?;
            self.client_pin.reset_token();
        }
        let settled = vault.update_settings(&mut |settings| {
            settings.min_pin_length = length;
            if let Some(rp_ids) = &wanted.rp_ids {
                settings.min_pin_length_rp_ids.clone_from(rp_ids);
            }
        });
        settled.map_err(|error| status::of(&error))
    }
}

fn toggle_always_uv(environment: &impl Environment) -> Result<(), StatusCode> {
    let toggled = environment.vault().update_settings(&mut |settings| settings.always_uv = !settings.always_uv);
    toggled.map_err(|error| status::of(&error))
}

/// Never shorter than now.
fn new_length(wanted: Option<i64>, now: u8) -> Result<u8, StatusCode> {
    let Some(wanted) = wanted else { return Ok(now) };
    let wanted = u8::try_from(wanted).map_err(|_| StatusCode::PinPolicyViolation)?;
    match (now..=MAX_PIN_LENGTH).contains(&wanted) {
        true => Ok(wanted),
        false => Err(StatusCode::PinPolicyViolation),
    }
}

#[cfg(test)]
mod tests;
