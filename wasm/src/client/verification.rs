//! When the user is verified, and by what.

use protocol::manage;
use protocol::webauthn::json::UserVerificationRequirement;

use super::prompt::{Notice, Verification};

/// L3 §5.1.3 step 22 and L3 §5.1.4.2 step 2, "effective user verification requirement": `required` asks for the PIN, and for choosing one
/// where none is set; `preferred` (the default) asks for the PIN where one is set; `discouraged` asks for nothing.
pub(super) fn effective(requirement: Option<UserVerificationRequirement>, state: manage::Verification) -> Verification {
    let pin = Verification::Pin { retries: state.retries };
    match requirement.unwrap_or(UserVerificationRequirement::Preferred) {
        UserVerificationRequirement::Discouraged => Verification::None,
        UserVerificationRequirement::Required | UserVerificationRequirement::Preferred if state.pin_set => pin,
        UserVerificationRequirement::Preferred => Verification::None,
        UserVerificationRequirement::Required => Verification::NewPin { min_length: state.min_pin_length },
    }
}

/// What must be said before anything is entered. A locked PIN does not turn `preferred` into no verification at all: whoever locks it
/// must not get further than who does not know it.
pub(super) fn notice(verification: Verification) -> Option<Notice> {
    matches!(verification, Verification::Pin { retries: 0 }).then_some(Notice::PinLocked)
}

#[cfg(test)]
mod tests;
