//! Why the vault did not do what was asked: what happened, and what to do next. Never an RP ID, a user name or a secret.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use protocol::native_message::ErrorCode;
use rusqlite::ErrorCode as SqliteCode;
use rusqlite::ffi::{SQLITE_IOERR_READ, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHORT_READ};

use crate::keychain::KeychainError;
use crate::secret::NoRandomness;

/// Why the vault did not do what was asked. What it held before, it still holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Error {
    /// The keychain failed.
    Keychain(KeychainError),
    /// The vault file is here, and the keychain no longer holds its key.
    KeychainEmptied {
        /// The vault file.
        file: PathBuf,
    },
    /// The keychain's key does not open this vault.
    WrongKey {
        /// The vault file.
        file: PathBuf,
    },
    /// There is no vault file.
    Missing {
        /// Where it would be.
        file: PathBuf,
    },
    /// The file is something else, or its beginning is damaged.
    NotAVault {
        /// The file.
        file: PathBuf,
    },
    /// A newer Keystow wrote the file.
    NewerVersion {
        /// The vault file.
        file: PathBuf,
        /// Its schema version.
        version: u32,
    },
    /// The file is damaged or truncated, or cannot be read.
    Unreadable {
        /// The vault file.
        file: PathBuf,
        /// The technical reason.
        detail: String,
    },
    /// No space left for the change.
    DiskFull {
        /// The vault file.
        file: PathBuf,
    },
    /// The file, its folder or the file system does not allow writing.
    ReadOnly {
        /// The vault file.
        file: PathBuf,
    },
    /// The file could not be written for another reason.
    Unwritable {
        /// The vault file.
        file: PathBuf,
        /// The technical reason.
        detail: String,
    },
    /// One record is damaged; others are not touched by that.
    RecordDamaged {
        /// Table and id, as `keystow doctor` names it.
        record: String,
    },
    /// The vault has a passkey of that credential ID already.
    Duplicate,
    /// Sync was ended on this machine in the middle of a pass, as a reset does.
    ReplicaGone,
    /// The `after` of a list request is not one that we gave out.
    BadCursor,
    /// The OS gives no random bytes.
    NoRandomness,
    /// A mistake of ours.
    Internal(String),
}

impl Error {
    /// The stable code that native messages carry.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Keychain(KeychainError::Unavailable(_)) => ErrorCode::KeychainUnavailable,
            Self::Keychain(KeychainError::Locked | KeychainError::TimedOut) => ErrorCode::KeychainLocked,
            Self::Keychain(KeychainError::Foreign) | Self::WrongKey { .. } => ErrorCode::VaultWrongKey,
            Self::KeychainEmptied { .. } => ErrorCode::KeychainEmptied,
            Self::Missing { .. } | Self::NotAVault { .. } | Self::NewerVersion { .. } | Self::Unreadable { .. } => {
                ErrorCode::VaultUnreadable
            }
            Self::DiskFull { .. } | Self::ReadOnly { .. } | Self::Unwritable { .. } => ErrorCode::VaultUnwritable,
            Self::RecordDamaged { .. } => ErrorCode::RecordDamaged,
            Self::BadCursor => ErrorCode::BadMessage,
            Self::Duplicate | Self::ReplicaGone | Self::NoRandomness | Self::Internal(_) => ErrorCode::Internal,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keychain(error) => error.fmt(f),
            Self::KeychainEmptied { file } => write!(
                f,
                "The OS keychain no longer holds the key of {}. The file is kept as it is. Restore the keychain from a backup; \
                 if that is impossible, move the file away to start with an empty vault.",
                file.display()
            ),
            Self::WrongKey { file } => write!(
                f,
                "The key in the OS keychain does not open {}. The file is kept as it is. Restore the keychain and the file from the \
                 same backup, or move the file away to start with an empty vault.",
                file.display()
            ),
            Self::Missing { file } => {
                write!(f, "There is no vault at {}. Register a passkey first; that makes one.", file.display())
            }
            Self::NotAVault { file } => write!(
                f,
                "{} is not a Keystow vault, or its beginning is damaged. It is left as it is. Restore it from a backup, or move it away.",
                file.display()
            ),
            Self::NewerVersion { file, version } => write!(
                f,
                "{} was written by a newer Keystow (format {version}). Update Keystow, then try again.",
                file.display()
            ),
            Self::Unreadable { file, detail } => write!(
                f,
                "The vault {} cannot be read ({detail}). It is left as it is. Run keystow doctor, or restore the file from a backup.",
                file.display()
            ),
            Self::DiskFull { file } => write!(
                f,
                "The disk that holds {} is full; nothing was saved and nothing is lost. Free some space, then try again.",
                file.display()
            ),
            Self::ReadOnly { file } => write!(
                f,
                "{} cannot be written: it, its folder or its disk is read-only. Allow your user to write there, then try again.",
                file.display()
            ),
            Self::Unwritable { file, detail } => write!(
                f,
                "The vault {} could not be written ({detail}); nothing is lost. Check the disk, then try again.",
                file.display()
            ),
            Self::RecordDamaged { record } => write!(
                f,
                "The record {record} of the vault is damaged; all others are sound. Run keystow doctor, then restore the vault from a \
                 backup or register again with the site."
            ),
            Self::Duplicate | Self::ReplicaGone | Self::BadCursor => f.write_str(self.of_what_is_here()),
            Self::NoRandomness => NoRandomness.fmt(f),
            Self::Internal(detail) => {
                write!(f, "Keystow made a mistake ({detail}). Please report it; nothing is lost.")
            }
        }
    }
}

impl Error {
    /// Of what is here, or is not any more.
    fn of_what_is_here(&self) -> &'static str {
        match self {
            Self::Duplicate => "This passkey is in the vault already. Nothing needs to be done.",
            Self::ReplicaGone => {
                "Sync was ended on this machine in the middle of a pass, which has stopped. Turn it on again if that was a mistake."
            }
            Self::BadCursor => "The list does not go on from there. Load it again from its beginning.",
            _ => "",
        }
    }
}

impl std::error::Error for Error {}

impl From<KeychainError> for Error {
    fn from(error: KeychainError) -> Self {
        Self::Keychain(error)
    }
}

impl From<NoRandomness> for Error {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

/// What goes wrong inside a transaction: an error of ours, or one of SQLite's that does not know its file yet.
#[derive(Debug)]
pub(super) enum Fault {
    Ours(Error),
    Sqlite(rusqlite::Error),
}

impl<E: Into<Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Fault {
    /// The one place where SQLite's errors become ours.
    pub(super) fn explain(self, file: &Path) -> Error {
        let error = match self {
            Self::Ours(error) => return error,
            Self::Sqlite(error) => error,
        };
        let file = file.to_owned();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(SqliteCode::DiskFull) => Error::DiskFull { file },
            Some(SqliteCode::ReadOnly | SqliteCode::PermissionDenied) => Error::ReadOnly { file },
            Some(SqliteCode::NotADatabase) => Error::NotAVault { file },
            Some(SqliteCode::DatabaseCorrupt) => Error::Unreadable { file, detail },
            // What SQLite says where it may not make its journal beside the file.
            Some(SqliteCode::CannotOpen) => Error::ReadOnly { file },
            // SQLite says so little where it could not make its shared memory larger, for which there is one reason.
            Some(SqliteCode::SystemIoFailure) if extended(&error) == SQLITE_IOERR_SHMSIZE => Error::DiskFull { file },
            Some(SqliteCode::SystemIoFailure)
                if matches!(extended(&error), SQLITE_IOERR_READ | SQLITE_IOERR_SHORT_READ) =>
            {
                Error::Unreadable { file, detail }
            }
            Some(SqliteCode::SystemIoFailure | SqliteCode::DatabaseBusy) => Error::Unwritable { file, detail },
            _ => Error::Internal(detail),
        }
    }
}

/// An I/O error at `file` outside SQLite.
pub(super) fn explain_io(error: &io::Error, file: &Path) -> Error {
    let file = file.to_owned();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull { file },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly { file },
        _ => Error::Unwritable { file, detail: error.to_string() },
    }
}

/// SQLite's extended result code.
fn extended(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}
