//! Errors of the layers below as the error of a native message: the one place where they become that.

use protocol::ctap::StatusCode;
use protocol::native_message::{Error, ErrorCode};

use crate::{manage, vault};

/// A vault's or a keychain's error, which know their code and their sentences.
pub fn of_vault(error: &vault::Error) -> Error {
    Error::new(error.code(), error.to_string())
}

pub(super) fn of_manage(error: &manage::Error) -> Error {
    match error {
        manage::Error::Vault(error) => of_vault(error),
        manage::Error::NotManagement => Error::new(ErrorCode::Internal, error.to_string()),
        manage::Error::Text(_) => Error::new(ErrorCode::BadText, error.to_string()),
        manage::Error::OsVerification(_) => Error::new(ErrorCode::OsVerificationNotSetUp, error.to_string()),
        manage::Error::NotFound => Error::new(ErrorCode::NotFound, error.to_string()),
    }
}

/// Why the authenticator does not let a setting be changed.
pub(super) fn of_authorization(status: StatusCode) -> Error {
    match status {
        StatusCode::Other | StatusCode::InvalidCredential | StatusCode::KeyStoreFull => Error::new(
            ErrorCode::VaultUnreadable,
            "Whether a PIN is set cannot be read. Run keystow doctor, or restore the vault from a backup.",
        ),
        _ => Error::new(ErrorCode::NotVerified, "This is changed with the PIN alone. Enter it, then try again."),
    }
}
