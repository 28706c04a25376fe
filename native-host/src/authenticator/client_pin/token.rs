//! The pinUvAuthToken while it is in use (CTAP §6.5.2.1): in memory alone, one at a time, gone with the host.

use std::time::Duration;

use protocol::ctap::StatusCode;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken};
use protocol::manage::Verified;
use protocol::webauthn::{ClientDataHash, RpId};

/// A token and what it may be used for. A token that is not in use is dropped, which zeroizes it.
pub(in crate::authenticator) struct TokenInUse {
    token: PinUvAuthToken,
    permissions: Permissions,
    rp_id: Option<RpId>,
    begun: Duration,
    used: bool,
    /// How the user was verified for it.
    by: Verified,
}

/// What a token is given for.
pub(super) struct Granted {
    pub(super) permissions: Permissions,
    pub(super) rp_id: Option<RpId>,
    /// How the user was verified.
    pub(super) by: Verified,
}

/// The user was verified for this ceremony: it is where UV = 1 comes from. Made by [`TokenInUse::verify_ceremony`], and for a yes that the OS
/// has given to this very request. It knows how.
pub(in crate::authenticator) struct UserVerified(Verified);

impl UserVerified {
    pub(super) fn by_the_os() -> Self {
        Self(Verified::BuiltIn)
    }

    pub(in crate::authenticator) fn how(&self) -> Verified {
        self.0
    }
}

/// A pinUvAuthParam and its protocol, known to be one that is served.
pub(in crate::authenticator) struct PinUvAuthParam<'a> {
    pub(in crate::authenticator) protocol: PinUvAuthProtocol,
    pub(in crate::authenticator) param: &'a [u8],
}

impl TokenInUse {
    /// CTAP beginUsingPinUvAuthToken, the user having been verified; `now` starts the usage timer.
    pub(super) fn begin(token: PinUvAuthToken, granted: Granted, now: Duration) -> Self {
        let Granted { permissions, rp_id, by } = granted;
        Self { token, permissions, rp_id, begun: now, used: false, by }
    }

    /// CTAP pinUvAuthTokenUsageTimerObserver: whether it may still be used.
    pub(super) fn is_in_time(&self, now: Duration) -> bool {
        let age = now.saturating_sub(self.begun);
        age < MAX_USAGE_TIME_PERIOD && (self.used || age < INITIAL_USAGE_TIME_LIMIT)
    }

    /// CTAP §6.1.2 step 11.1, §6.2.2 step 6.1: the parameter was made with this token over this hash, and the token may do
    /// `permission` for this RP ID, which it is bound to from now on.
    ///
    /// # Errors
    /// CTAP2_ERR_PIN_AUTH_INVALID, whatever it was.
    pub(super) fn verify_ceremony(
        &mut self,
        auth: &PinUvAuthParam<'_>,
        client_data_hash: &ClientDataHash,
        permission: Permissions,
        rp_id: &RpId,
        now: Duration,
    ) -> Result<UserVerified, StatusCode> {
        let bound = self.verify(auth, &client_data_hash.0, permission)?;
        let bound_elsewhere = bound.is_some_and(|bound| bound != *rp_id);
        if bound_elsewhere || now.saturating_sub(self.begun) > CEREMONY_TIME_LIMIT {
            return Err(StatusCode::PinAuthInvalid);
        }
        self.rp_id = Some(rp_id.clone());
        Ok(UserVerified(self.by))
    }

    /// The parameter was made with this token over `message`, and the token has `permission`. Gives the RP ID that it is bound to.
    ///
    /// # Errors
    /// CTAP2_ERR_PIN_AUTH_INVALID, whatever it was.
    pub(super) fn verify(
        &mut self,
        auth: &PinUvAuthParam<'_>,
        message: &[u8],
        permission: Permissions,
    ) -> Result<Option<RpId>, StatusCode> {
        let authentic = auth.protocol == self.token.protocol() && self.token.verify(message, auth.param);
        if !authentic || !self.permissions.contains(permission) {
            return Err(StatusCode::PinAuthInvalid);
        }
        self.used = true;
        Ok(self.rp_id.clone())
    }

    /// CTAP clearUserPresentFlag, clearUserVerifiedFlag, clearPinUvAuthTokenPermissionsExceptLbw, once the user's presence has been
    /// used too: what was verified counts for no other ceremony. Large blobs are written after the ceremony that gave their key.
    pub(super) fn clear(&mut self) {
        self.permissions = self.permissions.and(Permissions::LBW);
    }
}

/// How soon after the user was verified a ceremony must begin to count as theirs.
const CEREMONY_TIME_LIMIT: Duration = Duration::from_secs(60);

/// The longest that a token lives.
const MAX_USAGE_TIME_PERIOD: Duration = Duration::from_secs(600);

/// How soon a token must first be used.
const INITIAL_USAGE_TIME_LIMIT: Duration = Duration::from_secs(30);
