//! Secrets as named types: built in place, zeroized on drop, without `Debug` or `Clone`, readable through `expose_secret` alone.

mod credential;
mod harden;
mod wipe;

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

pub use credential::CredentialPrivateKey;
pub use harden::{Hardening, harden_process};
pub use wipe::leaving_no_trace;

/// What [`secret_bytes`] is made with.
#[doc(hidden)]
pub mod parts {
    pub use subtle::ConstantTimeEq;
    pub use zeroize::Zeroize;
}

/// A type of a fixed number of secret bytes on the heap, so that moving the owner leaves no copy behind: documentation, name, length.
#[macro_export]
macro_rules! secret_bytes {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        pub struct $name(Box<[u8; $size]>);

        impl $name {
            /// Length in bytes.
            pub const SIZE: usize = $size;

            /// Builds the secret where it will stay: `fill` writes into zeroed bytes, and nothing is moved afterwards.
            ///
            /// # Errors
            /// What `fill` fails with; the bytes are then zeroized.
            pub fn init_with<E>(fill: impl FnOnce(&mut [u8; $size]) -> Result<(), E>) -> Result<Self, E> {
                let mut secret = Self(Box::new([0; $size]));
                fill(&mut secret.0)?;
                Ok(secret)
            }

            /// A copy of `bytes`, if they have the right length. The caller zeroizes its own.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                let bytes: &[u8; $size] = bytes.try_into().ok()?;
                Some(Self(Box::new(*bytes)))
            }

            /// The bytes themselves. Every call says why it needs them.
            pub fn expose_secret(&self) -> &[u8; $size] {
                &self.0
            }

            /// Whether two secrets are the same, in constant time.
            pub fn same_as(&self, other: &Self) -> bool {
                $crate::parts::ConstantTimeEq::ct_eq(&self.0[..], &other.0[..]).into()
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                $crate::parts::Zeroize::zeroize(&mut self.0[..]);
            }
        }
    };
}

secret_bytes! {
    /// The one key that the OS keychain holds. Every key of the vault is derived from it.
    VaultKey, 32
}

secret_bytes! {
    /// A key derived from the [`VaultKey`] for one purpose inside the vault.
    VaultSubkey, 32
}

secret_bytes! {
    /// CTAP §12.7: what hmac-secret computes with, CredRandomWithUV first: one secret for users who were verified, another for those who
    /// were not.
    CredRandom, 64
}

secret_bytes! {
    /// CTAP §12.3: the key of a credential's large blob. It leaves the host, for whoever may use the credential.
    LargeBlobKey, 32
}

secret_bytes! {
    /// CTAP §6.5.2.1: the persistentPinUvAuthToken, which can only read what credentials there are.
    PersistentToken, 32
}

secret_bytes! {
    /// CTAP §6.5.5.5: LEFT(SHA-256(PIN), 16), what the platform sends of a PIN, and the input to [`PinDigest`].
    PinHash, 16
}

secret_bytes! {
    /// What the vault keeps of a PIN: Argon2id of its [`PinHash`].
    PinDigest, 32
}

impl VaultKey {
    /// A fresh random key for a fresh vault, its memory page kept out of swap where the OS lets us.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        let key = Self::init_with(|bytes| fill_random(bytes))?;
        harden::lock_page(&*key.0);
        Ok(key)
    }
}

impl VaultSubkey {
    /// Keeps the key's memory page out of swap, where the OS lets us: these live as long as the process.
    #[must_use]
    pub fn locked_in_memory(self) -> Self {
        harden::lock_page(&*self.0);
        self
    }
}

impl PinDigest {
    /// A second copy, for a record that is rewritten with other tries left.
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl PinHash {
    /// CTAP §6.5.5.5: LEFT(SHA-256(PIN), 16) of the PIN's UTF-8 bytes.
    pub fn derive(pin: &[u8]) -> Self {
        let mut digest = Sha256::digest(pin);
        let mut hash = Self(Box::new([0; Self::SIZE]));
        hash.0.copy_from_slice(&digest[..Self::SIZE]);
        digest.as_mut_slice().zeroize();
        hash
    }
}

/// Fills `bytes` from the OS.
///
/// # Errors
/// The OS gives no random bytes.
pub fn fill_random(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

/// The OS gives no random bytes; nothing can be made without them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoRandomness;

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The operating system gives no random bytes. Restart the computer, then try again.")
    }
}

impl std::error::Error for NoRandomness {}

#[cfg(test)]
mod tests;
