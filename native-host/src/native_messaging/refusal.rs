//! Errors of the layers below as the error of a native message: the one place where they become that.

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
        manage::Error::NotFound => Error::new(ErrorCode::NotFound, error.to_string()),
    }
}
