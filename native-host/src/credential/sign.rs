//! Key pairs and signatures, one arm for each algorithm.

use std::fmt;

use p256::ecdsa::Signature;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{NistP256, NonZeroScalar, SecretKey};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use sha2::{Digest, Sha256};

use super::PublicKeyCredentialSource;
use crate::secret::{CredentialPrivateKey, NoRandomness};

impl PublicKeyCredentialSource {
    /// Signs `message` (authenticator data, then client data hash: L3 §6.3.3 step 11) in the form that WebAuthn gives the
    /// algorithm (L3 §6.5.5): for ES256 ASN.1 DER, deterministic (RFC 6979). The caller has the user's consent.
    ///
    /// # Errors
    /// The private key is not one of its algorithm.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self.algorithm {
            CoseAlgorithmIdentifier::Es256 => sign_es256(&self.private_key, message),
        }
    }
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

pub(super) fn generate_key_pair(
    algorithm: CoseAlgorithmIdentifier,
) -> Result<(CredentialPrivateKey, CoseKey), NoRandomness> {
    match algorithm {
        CoseAlgorithmIdentifier::Es256 => {
            let private_key = CredentialPrivateKey::generate_es256()?;
            let public_key = derive_es256_public_key(&private_key).ok_or(NoRandomness)?;
            Ok((private_key, public_key))
        }
    }
}

/// The public point of a private key, for ES256.
pub(super) fn derive_es256_public_key(private_key: &CredentialPrivateKey) -> Option<CoseKey> {
    // EXPOSE: to compute the point.
    let secret_key = SecretKey::from_slice(private_key.expose_secret()).ok()?;
    let point = secret_key.public_key().to_sec1_point(false);
    CoseKey::from_sec1(point.as_bytes(), CoseAlgorithmIdentifier::Es256.number())
}

/// From the scalar alone: `SigningKey` would derive the public point first, which doubles the time.
fn sign_es256(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    // EXPOSE: to sign.
    let secret_key = SecretKey::from_slice(private_key.expose_secret()).map_err(|_| SignError)?;
    let scalar = zeroize::Zeroizing::new(NonZeroScalar::from(&secret_key));
    let (signature, _): (Signature, _) =
        ecdsa::hazmat::sign_prehashed_rfc6979::<NistP256, Sha256>(&scalar, &Sha256::digest(message), &[]);
    Ok(signature.to_der().as_bytes().to_vec())
}
