//! Built-in user verification (CTAP §6.5.3.1 performBuiltInUv): the OS asks the user.

use protocol::ctap::StatusCode;
use protocol::ctap::client_pin::Response;

use super::UserVerified;
use crate::verification::os::{Outcome, Reason, UserVerifier};

/// Its tries. The OS has a lock-out of its own; ours keeps a page from asking on and on. They are given back by a success, by a right PIN,
/// and by a new session of the host: someone without a PIN is not locked out for good.
pub(super) struct BuiltIn {
    retries: u8,
}

impl Default for BuiltIn {
    fn default() -> Self {
        Self { retries: MAX_RETRIES }
    }
}

impl BuiltIn {
    /// CTAP §6.5.5.3.
    pub(super) fn retries_response(&self) -> Response {
        Response { uv_retries: Some(self.retries.into()), ..Response::default() }
    }

    pub(super) fn give_tries_back(&mut self) {
        self.retries = MAX_RETRIES;
    }

    /// CTAP §6.5.5.7.3 steps 7 to 10. A prompt that was closed costs no try.
    ///
    /// # Errors
    /// CTAP2_ERR_UV_BLOCKED, CTAP2_ERR_UV_INVALID, CTAP2_ERR_OPERATION_DENIED (closed), CTAP2_ERR_USER_ACTION_TIMEOUT,
    /// CTAP2_ERR_KEEPALIVE_CANCEL (the platform waits no more), CTAP2_ERR_NOT_ALLOWED (nobody could be asked).
    pub(super) fn verify(
        &mut self,
        user_verifier: &dyn UserVerifier,
        reason: Reason<'_>,
    ) -> Result<UserVerified, StatusCode> {
        if self.retries == 0 {
            return Err(StatusCode::UvBlocked);
        }
        match user_verifier.verify(reason) {
            Outcome::Verified => {
                self.give_tries_back();
                Ok(UserVerified::by_the_os())
            }
            Outcome::Failed => {
                self.retries -= 1;
                Err(if self.retries == 0 { StatusCode::UvBlocked } else { StatusCode::UvInvalid })
            }
            Outcome::Cancelled => Err(StatusCode::OperationDenied),
            Outcome::Interrupted => Err(StatusCode::KeepaliveCancel),
            Outcome::TimedOut => Err(StatusCode::UserActionTimeout),
            Outcome::Unavailable => Err(StatusCode::NotAllowed),
        }
    }
}

/// CTAP §6.5.1 maxUvRetries.
const MAX_RETRIES: u8 = 5;
