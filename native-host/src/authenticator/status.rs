//! Errors of the vault as status codes (CTAP §8.2): the one place where they become that.

use protocol::ctap::StatusCode;

use crate::vault::Error;
use crate::verification::PinError;

/// The status for a vault that failed while a command was served.
pub(super) fn of(error: &Error) -> StatusCode {
    match error {
        Error::DiskFull { .. } | Error::ReadOnly { .. } | Error::Unwritable { .. } => StatusCode::KeyStoreFull,
        Error::RecordDamaged { .. } => StatusCode::InvalidCredential,
        Error::Keychain(_)
        | Error::KeychainEmptied { .. }
        | Error::WrongKey { .. }
        | Error::Missing { .. }
        | Error::NotAVault { .. }
        | Error::NewerVersion { .. }
        | Error::Unreadable { .. }
        | Error::Duplicate
        | Error::ReplicaGone
        | Error::BadCursor
        | Error::NoRandomness
        | Error::Internal(_) => StatusCode::Other,
    }
}

/// The status for a PIN that was not accepted or not set.
pub(super) fn of_pin(error: &PinError<Error>) -> StatusCode {
    match error {
        PinError::NotSet => StatusCode::PinNotSet,
        PinError::AlreadySet => StatusCode::PinAuthInvalid,
        PinError::Invalid { .. } => StatusCode::PinInvalid,
        PinError::AuthBlocked => StatusCode::PinAuthBlocked,
        PinError::Blocked => StatusCode::PinBlocked,
        PinError::Unchanged => StatusCode::PinPolicyViolation,
        PinError::NoRandomness => StatusCode::Other,
        PinError::Store(error) => of(error),
    }
}
