//! How user verification is settled.

use protocol::manage::{OsVerification, Settings, Verification};

use super::Error;
use crate::vault::Vault;
use crate::verification::os::{Availability, UserVerifier};
use crate::verification::{SettingsStore, state};

/// As it is now. The OS is asked whether it could verify the user, which asks nobody.
pub(super) fn of(vault: &Vault, user_verifier: &dyn UserVerifier) -> Result<Settings, Error> {
    Ok(Settings {
        verification: state(vault, user_verifier)?,
        os_verification: vault.settings()?.os_verification,
        os: os(user_verifier.availability()),
    })
}

/// As it is where nothing has been settled.
pub(super) fn unsettled(verification: Verification, user_verifier: &dyn UserVerifier) -> Settings {
    Settings { verification, os_verification: false, os: os(user_verifier.availability()) }
}

/// Lets the OS ask instead of the PIN, or no longer; the caller has seen to it that the user may. Gives how it is then.
///
/// # Errors
/// [`Error::OsVerification`] where the OS is to ask and cannot; else the vault's own.
pub fn set_os_verification(vault: &Vault, user_verifier: &dyn UserVerifier, on: bool) -> Result<Settings, Error> {
    if on && let Some(why) = user_verifier.availability().obstacle() {
        return Err(Error::OsVerification(why));
    }
    vault.update_settings(&mut |settings| settings.os_verification = on)?;
    of(vault, user_verifier)
}

fn os(availability: Availability) -> OsVerification {
    match availability {
        Availability::Ready => OsVerification::Ready,
        Availability::Unsupported => OsVerification::Unsupported,
        Availability::NotSetUp(obstacle) => OsVerification::NotSetUp {
            code: Some(obstacle.code().into()),
            finding: obstacle.finding().to_owned(),
            fix: obstacle.fix().to_owned(),
        },
    }
}
