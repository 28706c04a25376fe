//! Key pairs and signatures: one row for each algorithm. Which one a credential gets, the relying party's list decides.

mod ecdsa;
mod eddsa;
mod ml_dsa;
mod rsa;

use std::fmt;

use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};

use crate::secret::{CredentialPrivateKey, NoRandomness};

/// A fresh key pair.
pub struct KeyPair {
    /// What signs.
    pub private_key: CredentialPrivateKey,
    /// What relying parties verify with.
    pub public_key: CoseKey,
}

impl KeyPair {
    /// A fresh key pair for `algorithm`. RS256 takes a tenth of a second as a rule and now and then several, the
    /// others well under a millisecond.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate(algorithm: CoseAlgorithmIdentifier) -> Result<Self, NoRandomness> {
        (row(algorithm).generate)()
    }
}

/// Signs `message` in the form that WebAuthn gives the algorithm (L3 §6.5.5): ES256 and ES384 ASN.1 DER, deterministic (RFC 6979); the
/// others their own.
///
/// # Errors
/// The private key is not one of `algorithm`.
pub(super) fn sign(
    algorithm: CoseAlgorithmIdentifier,
    private_key: &CredentialPrivateKey,
    message: &[u8],
) -> Result<Vec<u8>, SignError> {
    let row = row(algorithm);
    // Some of the crates would pad a short key.
    // EXPOSE: only its length.
    if private_key.expose_secret().len() != row.key_size {
        return Err(SignError);
    }
    (row.sign)(private_key, message)
}

/// The stored private key is not one of the stored algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SignError;

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("This passkey's key is unusable. Register again with the site, then delete this passkey.")
    }
}

impl std::error::Error for SignError {}

struct Row {
    /// Of the private key, in bytes.
    key_size: usize,
    generate: fn() -> Result<KeyPair, NoRandomness>,
    sign: fn(&CredentialPrivateKey, &[u8]) -> Result<Vec<u8>, SignError>,
}

fn row(algorithm: CoseAlgorithmIdentifier) -> Row {
    match algorithm {
        CoseAlgorithmIdentifier::Es256 => {
            Row { key_size: ecdsa::es256::KEY_SIZE, generate: ecdsa::es256::generate, sign: ecdsa::es256::sign }
        }
        CoseAlgorithmIdentifier::Es384 => {
            Row { key_size: ecdsa::es384::KEY_SIZE, generate: ecdsa::es384::generate, sign: ecdsa::es384::sign }
        }
        CoseAlgorithmIdentifier::EdDsa => {
            Row { key_size: eddsa::SEED_SIZE, generate: eddsa::generate, sign: eddsa::sign }
        }
        CoseAlgorithmIdentifier::Rs256 => {
            Row { key_size: 2 * rsa::PRIME_SIZE, generate: rsa::generate, sign: rsa::sign }
        }
        CoseAlgorithmIdentifier::MlDsa44 => {
            Row { key_size: ml_dsa::SEED_SIZE, generate: ml_dsa::generate_44, sign: ml_dsa::sign_44 }
        }
        CoseAlgorithmIdentifier::MlDsa65 => {
            Row { key_size: ml_dsa::SEED_SIZE, generate: ml_dsa::generate_65, sign: ml_dsa::sign_65 }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
