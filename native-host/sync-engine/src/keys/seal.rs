//! Sealing: XChaCha20-Poly1305 under a random nonce of 24 bytes, so that many may write with one key. Every plaintext is padded.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use secret::secret_bytes;
use zeroize::Zeroizing;

use super::padding::{pad, unpad};
use super::{CircleSecret, SyncVaultKey};
use crate::wire::FormatError;

secret_bytes! {
    /// A key derived for one purpose.
    Subkey, 32
}

/// What a seal adds to the padded plaintext: nonce and tag, in bytes.
pub const SEAL_OVERHEAD: usize = NONCE_SIZE + 16;

/// A key that seals.
pub trait Seal {
    /// The key's bytes.
    #[doc(hidden)]
    fn key(&self) -> &[u8; 32];

    /// Nonce, then the padded plaintext sealed. It opens only with the same associated data.
    fn seal(&self, plaintext: &[u8], associated_data: &[&[u8]], rng: &mut dyn CryptoRng) -> Vec<u8> {
        let mut nonce = [0; NONCE_SIZE];
        rng.fill_bytes(&mut nonce);
        let payload = Payload { msg: &pad(plaintext), aad: &associated_data.concat() };
        let sealed = cipher(self.key()).encrypt(&XNonce::from(nonce), payload).expect("short"); // safe: fails above 256 GiB only
        [nonce.as_slice(), &sealed].concat()
    }

    /// What [`seal`](Self::seal) was given.
    ///
    /// # Errors
    /// Another key, other associated data, or a changed byte: not told apart.
    fn open(&self, sealed: &[u8], associated_data: &[&[u8]]) -> Result<Zeroizing<Vec<u8>>, FormatError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_SIZE>().ok_or(FormatError::NotOne)?;
        let payload = Payload { msg: sealed, aad: &associated_data.concat() };
        let padded =
            cipher(self.key()).decrypt(&XNonce::from(*nonce), payload).map_err(|_| FormatError::DoesNotOpen)?;
        unpad(Zeroizing::new(padded)).ok_or(FormatError::DoesNotOpen)
    }
}

macro_rules! seals {
    ($($name:ident),*) => {
        $(impl Seal for $name {
            fn key(&self) -> &[u8; 32] {
                // EXPOSE: to seal and open with.
                self.expose_secret()
            }
        })*
    };
}

seals!(CircleSecret, Subkey, SyncVaultKey);

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

const NONCE_SIZE: usize = 24;
