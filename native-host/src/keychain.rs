//! Where the vault key lives, and sync's own secrets: the OS keychain (Secret Service, macOS Keychain, Windows Credential Manager).

mod os;

use std::fmt;

use zeroize::Zeroizing;

use crate::secret::VaultKey;

pub use os::OsKeychain;

/// Service name of all entries.
pub const SERVICE: &str = "org.keystow";

/// User name of the vault key's entry.
pub const USER: &str = "vault-key";

/// An entry beside the vault key's, there where sync is on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// The secret that this device's keys are derived from (SYNC §4).
    DeviceRoot,
    /// The storage that the device synchronizes over, with its password.
    Storage,
}

/// A place that holds the vault key.
pub trait Keychain {
    /// The vault key; nothing where the keychain works and has no entry of ours.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn load(&self) -> Result<Option<VaultKey>, KeychainError>;

    /// Puts the key into the keychain. Only ever called where [`load`](Self::load) found none.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn store(&self, key: &VaultKey) -> Result<(), KeychainError>;
}

/// A place that holds the other entries.
pub trait Entries {
    /// What an entry holds; nothing where the keychain works and has no such entry of ours.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn entry(&self, entry: Entry) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;

    /// Keeps `secret` in the place of what the entry held.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn keep(&self, entry: Entry, secret: &[u8]) -> Result<(), KeychainError>;

    /// Removes the entry, if it is there.
    ///
    /// # Errors
    /// See [`KeychainError`].
    fn remove(&self, entry: Entry) -> Result<(), KeychainError>;
}

impl Entry {
    /// Its user name.
    pub fn user(self) -> &'static str {
        match self {
            Self::DeviceRoot => "sync-device",
            Self::Storage => "sync-storage",
        }
    }
}

/// Why the keychain did not do what was asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KeychainError {
    /// No keychain answers; the detail is the platform's. The connection is not tried again in this process: a host that met this
    /// error ends after answering, so that the next one starts anew.
    Unavailable(String),
    /// The keychain is locked, and was not unlocked: declined, or nobody could be asked. Or it has no default keyring yet, which the
    /// Secret Service tells in the same way.
    Locked,
    /// The keychain has not answered for a minute: as a rule its password window is still open.
    TimedOut,
    /// The entry is there, and is not a key of Keystow's.
    Foreign,
}

impl fmt::Display for KeychainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(detail) => write!(f, "No OS keychain answers ({detail}). {}", os::HOW_TO_GET_ONE),
            Self::Locked => f.write_str(
                "The OS keychain is locked, or has no default keyring yet. Unlock it, or make one, in your desktop's password \
                 settings; then try again.",
            ),
            Self::TimedOut => f.write_str(
                "The OS keychain has not answered for a minute. Answer its password window if one is open, then try again.",
            ),
            Self::Foreign => write!(
                f,
                "The OS keychain's entry {SERVICE} ({USER}) is not a key of Keystow's. Restore that entry from a backup; \
                 if there has never been a passkey in Keystow, delete it."
            ),
        }
    }
}

impl std::error::Error for KeychainError {}
