//! The secrets of one public key credential source.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{CredRandom, LargeBlobKey, NoRandomness, fill_random};

/// A private key, in the form that its algorithm takes: for ES256 and ES384 the scalar, big-endian (32 and 48 bytes); for EdDSA and
/// ML-DSA the seed (32 bytes); for RS256 the two primes, big-endian (128 bytes each).
pub struct CredentialPrivateKey(Zeroizing<Box<[u8]>>);

impl CredentialPrivateKey {
    /// Builds a key of `size` bytes where it will stay: `fill` writes into zeroed bytes, and nothing is moved afterwards.
    ///
    /// # Errors
    /// What `fill` fails with; the bytes are then zeroized.
    pub fn init_with<E>(size: usize, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Zeroizing::new(vec![0; size].into_boxed_slice());
        fill(&mut key)?;
        Ok(Self(key))
    }

    /// A copy of `bytes`. The caller zeroizes its own.
    pub fn from_slice(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes themselves. Every call says why it needs them.
    pub fn expose_secret(&self) -> &[u8] {
        &self.0
    }
}

impl CredRandom {
    /// Fresh secrets.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        Self::init_with(|bytes| fill_random(bytes))
    }

    /// CredRandomWithUV where the user was verified, else CredRandomWithoutUV; 32 bytes. Every call says why it needs it.
    pub fn expose_for(&self, user_verified: bool) -> &[u8] {
        let (with_uv, without_uv) = self.0.split_at(Self::SIZE / 2);
        if user_verified { with_uv } else { without_uv }
    }

    /// CTAP §12.3: the key of the credential's large blob. Derived, so that a record has one secret less to keep.
    pub fn derive_large_blob_key(&self) -> LargeBlobKey {
        // EXPOSE: to derive from.
        let hkdf = Hkdf::<Sha256>::new(None, self.expose_for(true));
        LargeBlobKey::init_with(|key| hkdf.expand(b"keystow credential 1: large blob", key)).expect("32 bytes") // safe: HKDF-SHA-256 gives up to 8160 bytes
    }
}
