//! Giving out pinUvAuthTokens (CTAP §6.5.5.7).

use protocol::ctap::StatusCode;
use protocol::ctap::client_pin::{Permissions, Request, Response};
use protocol::ctap::pin_uv_auth::{PinUvAuthToken, SharedSecret};
use protocol::manage::Verified;

use super::token::{Granted, TokenInUse};
use super::{ClientPin, protocol_of, required};
use crate::authenticator::user_verification::has_built_in;
use crate::authenticator::{Environment, status};
use crate::secret::{PersistentToken, fill_random};
use crate::verification::os::Reason;
use crate::verification::{PinStore, SettingsStore};

impl ClientPin {
    /// CTAP §6.5.5.7.1, the form of CTAP 2.0: a token for both commands, bound to the RP ID that it is first used for.
    pub(super) fn get_pin_token(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        // steps 1 to 4: members
        let pin_hash_enc = required(request.pin_hash_enc.as_deref())?;
        if request.permissions.is_some() || request.rp_id.is_some() {
            return Err(StatusCode::InvalidParameter);
        }
        // steps 5 to 10: the PIN
        let secret = self.shared_secret(environment, request)?;
        self.judge(environment, request, &secret, pin_hash_enc)?;
        // step 11: forcePINChange
        if must_change(environment)? {
            return Err(StatusCode::PinInvalid);
        }
        // steps 12 to 15: the token
        let granted = Granted { permissions: Permissions::MC | Permissions::GA, rp_id: None, by: Verified::Pin };
        self.begin_token(environment, request, &secret, granted)
    }

    /// CTAP §6.5.5.7.2.
    pub(super) fn get_token_using_pin(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        // steps 1 to 4: members and permissions
        let pin_hash_enc = required(request.pin_hash_enc.as_deref())?;
        let granted = Granted::of(request, Verified::Pin)?;
        // steps 5 to 10: the PIN
        let secret = self.shared_secret(environment, request)?;
        self.judge(environment, request, &secret, pin_hash_enc)?;
        // step 11: forcePINChange
        if must_change(environment)? {
            return Err(StatusCode::PinPolicyViolation);
        }
        // steps 12 to 17: the token
        self.give(environment, request, &secret, granted)
    }

    /// CTAP §6.5.5.7.3.
    pub(super) fn get_token_using_uv(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Response, StatusCode> {
        // steps 1 to 4: members and permissions
        let secret = self.shared_secret(environment, request)?;
        let granted = Granted::of(request, Verified::BuiltIn)?;
        // step 5: switched on, and possible
        if !has_built_in(environment)? {
            return Err(StatusCode::NotAllowed);
        }
        // steps 6 to 10: the OS asks
        let _verified = self.verify_by_the_os(environment, granted.reason())?;
        // steps 11 to 16: the token
        self.give(environment, request, &secret, granted)
    }

    fn give(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
        secret: &SharedSecret,
        granted: Granted,
    ) -> Result<Response, StatusCode> {
        match granted.permissions == Permissions::PCMR {
            true => persistent_token(environment, request, secret),
            false => self.begin_token(environment, request, secret, granted),
        }
    }

    /// resetPinUvAuthToken and beginUsingPinUvAuthToken: a token before this one is dropped.
    fn begin_token(
        &mut self,
        environment: &mut impl Environment,
        request: &Request,
        secret: &SharedSecret,
        granted: Granted,
    ) -> Result<Response, StatusCode> {
        let token = PinUvAuthToken::generate(protocol_of(request)?, environment.rng());
        let encrypted = token.encrypt(secret, environment.rng());
        self.token = Some(TokenInUse::begin(token, granted, environment.uptime()));
        Ok(Response { pin_uv_auth_token: Some(encrypted), ..Response::default() })
    }
}

impl Granted {
    /// Steps 3 and 4 of both: none at all is a mistake, those that are not defined are ignored, bioEnrollment is not here, and pcmr stands
    /// alone. Ceremonies need an RP ID.
    fn of(request: &Request, by: Verified) -> Result<Self, StatusCode> {
        let asked = u8::try_from(required(request.permissions)?).map_err(|_| StatusCode::InvalidParameter)?;
        if asked == 0 {
            return Err(StatusCode::InvalidParameter);
        }
        let asked = Permissions::from_bits(asked);
        let alone = asked == Permissions::PCMR;
        if asked.contains(Permissions::BE) || (asked.contains(Permissions::PCMR) && !alone) {
            return Err(StatusCode::UnauthorizedPermission);
        }
        let ceremonies = Permissions::MC | Permissions::GA;
        if !asked.and(ceremonies).is_empty() && request.rp_id.is_none() {
            return Err(StatusCode::MissingParameter);
        }
        let rest = Permissions::CM | Permissions::LBW | Permissions::ACFG | Permissions::PCMR;
        Ok(Self { permissions: asked.and(ceremonies | rest), rp_id: request.rp_id.clone(), by })
    }

    fn reason(&self) -> Reason<'_> {
        match &self.rp_id {
            Some(rp_id) if self.permissions.contains(Permissions::MC) => {
                Reason::MakeCredential { rp_id: rp_id.as_str() }
            }
            Some(rp_id) if self.permissions.contains(Permissions::GA) => Reason::GetAssertion { rp_id: rp_id.as_str() },
            Some(_) | None => Reason::Management,
        }
    }
}

/// CTAP §6.5.2.1: one for all sessions, until the PIN is changed.
fn persistent_token(
    environment: &mut impl Environment,
    request: &Request,
    secret: &SharedSecret,
) -> Result<Response, StatusCode> {
    let mut fresh = Some(PersistentToken::init_with(|bytes| fill_random(bytes)).map_err(|_| StatusCode::Other)?);
    let mut key = None;
    let kept = environment.vault().update_settings(&mut |settings| {
        let token = settings.persistent_token.take().or_else(|| fresh.take());
        // EXPOSE: a copy to be given out.
        key = token.as_ref().and_then(|token| PersistentToken::from_slice(token.expose_secret()));
        settings.persistent_token = token;
    });
    kept.map_err(|error| status::of(&error))?;
    let key = key.ok_or(StatusCode::Other)?;
    // EXPOSE: to be encrypted to the platform.
    let token = PinUvAuthToken::from_bytes(protocol_of(request)?, key.expose_secret());
    Ok(Response { pin_uv_auth_token: Some(token.encrypt(secret, environment.rng())), ..Response::default() })
}

fn must_change(environment: &impl Environment) -> Result<bool, StatusCode> {
    let pin = environment.vault().pin().map_err(|error| status::of(&error))?;
    Ok(pin.is_some_and(|pin| pin.must_change()))
}
