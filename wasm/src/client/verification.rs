//! When the user is verified, and by what.

use protocol::manage;
use protocol::webauthn::json::UserVerificationRequirement;

use super::prompt::{Notice, Verification};

/// L3 §5.1.3 step 22 and L3 §5.1.4.2 step 2, "effective user verification requirement": `required` verifies the user, and lets a PIN be
/// chosen where nothing is set up; `preferred` (the default) verifies the user where something is; `discouraged` does not, unless the user
/// wants it always (CTAP alwaysUv). The OS goes before the PIN.
pub(super) fn effective(requirement: Option<UserVerificationRequirement>, state: manage::Verification) -> Verification {
    let is_wanted = match requirement.unwrap_or(UserVerificationRequirement::Preferred) {
        UserVerificationRequirement::Required => true,
        UserVerificationRequirement::Preferred => state.always || state.built_in || state.pin_set,
        UserVerificationRequirement::Discouraged => state.always,
    };
    if !is_wanted {
        Verification::None
    } else if state.built_in {
        Verification::BuiltIn { pin: state.pin_set && pin_notice(state).is_none() }
    } else if state.pin_set {
        Verification::Pin { retries: state.retries }
    } else {
        Verification::NewPin { min_length: state.min_pin_length }
    }
}

/// What must be said before anything is entered. A PIN that is not good now does not turn `preferred` into no verification at all: whoever
/// locks it must not get further than who does not know it.
pub(super) fn notice(verification: Verification, state: manage::Verification) -> Option<Notice> {
    match verification {
        Verification::Pin { .. } => pin_notice(state),
        Verification::None | Verification::BuiltIn { .. } | Verification::NewPin { .. } => None,
    }
}

/// Why the PIN is not good now.
fn pin_notice(state: manage::Verification) -> Option<Notice> {
    match state {
        manage::Verification { retries: 0, .. } => Some(Notice::PinLocked),
        manage::Verification { must_change_pin: true, .. } => Some(Notice::PinMustChange),
        manage::Verification { .. } => None,
    }
}

#[cfg(test)]
mod tests;
