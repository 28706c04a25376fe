//! Keys, and what is sealed with them (SYNC §4).
//!
//! Randomness is always handed in; nothing here asks the OS for it.

mod card;
mod identity;
mod join_code;
mod padding;
mod paper;
mod seal;
mod wrap;

use hkdf::Hkdf;
use rand_core::CryptoRng;
use secret::secret_bytes;
use sha2::Sha256;

use crate::ids::KeyId;

pub use card::{Card, KEM_KEY_SIZE, SIGNING_KEY_SIZE, Signature, Signed};
pub use identity::{DeviceKeys, Identity};
pub use join_code::{BadCode, JoinCode, Mailbox};
pub use padding::{pad, padded_size, unpad};
pub use paper::{BadWords, PaperKey};
pub use seal::{SEAL_OVERHEAD, Seal, Subkey};
pub use wrap::WRAP_SIZE;

secret_bytes! {
    /// The one secret that sync keeps in the OS keychain, made once. The keys of this device are derived from it and from a salt that is no
    /// secret, so that a device is born again by a new salt alone.
    DeviceRoot, 32
}

secret_bytes! {
    /// What a circle object's contents are sealed with; a fresh one for each, wrapped for every member.
    CircleSecret, 32
}

secret_bytes! {
    /// What heads and packs are sealed with; a new one whenever a removal is learned of.
    SyncVaultKey, 32
}

impl DeviceRoot {
    /// A fresh one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        always(Self::init_with(|bytes| fill(bytes, rng)))
    }
}

impl CircleSecret {
    /// A fresh one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        always(Self::init_with(|bytes| fill(bytes, rng)))
    }
}

impl SyncVaultKey {
    /// A fresh one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        always(Self::init_with(|bytes| fill(bytes, rng)))
    }

    /// What stands for it in the clear.
    pub fn id(&self) -> KeyId {
        // EXPOSE: to hash.
        KeyId::of_key(self.expose_secret())
    }

    /// A second copy, for another list of keys.
    pub fn duplicate(&self) -> Self {
        // EXPOSE: to copy.
        always(Self::init_with(|bytes| {
            bytes.copy_from_slice(self.expose_secret());
            Ok(())
        }))
    }
}

/// HKDF-SHA-256 (RFC 5869): 32 bytes of `secret` for one purpose.
fn derive(secret: &[u8], salt: Option<&[u8]>, label: &[u8]) -> Subkey {
    let hkdf = Hkdf::<Sha256>::new(salt, secret);
    Subkey::init_with(|key| hkdf.expand(label, key)).expect("32 bytes") // safe: HKDF-SHA-256 gives up to 8160 bytes
}

fn fill(bytes: &mut [u8], rng: &mut dyn CryptoRng) -> Result<(), std::convert::Infallible> {
    rng.fill_bytes(bytes);
    Ok(())
}

fn always<T>(made: Result<T, std::convert::Infallible>) -> T {
    match made {
        Ok(made) => made,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests;
