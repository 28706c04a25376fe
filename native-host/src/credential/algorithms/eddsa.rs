//! EdDSA on Ed25519 (RFC 8032): the private key is the seed.

use ed25519_dalek::{Signer, SigningKey};
use protocol::cose::CoseKey;

use super::{KeyPair, SignError};
use crate::secret::{CredentialPrivateKey, NoRandomness, fill_random};

pub(super) fn generate() -> Result<KeyPair, NoRandomness> {
    let private_key = CredentialPrivateKey::init_with(SEED_SIZE, fill_random)?;
    let key = signing_key(&private_key).map_err(|_| NoRandomness)?;
    Ok(KeyPair { private_key, public_key: CoseKey::Ed25519 { x: key.verifying_key().to_bytes() } })
}

pub(super) fn sign(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    Ok(signing_key(private_key)?.sign(message).to_bytes().to_vec())
}

/// The key derives its public half, which signing needs.
fn signing_key(private_key: &CredentialPrivateKey) -> Result<SigningKey, SignError> {
    // EXPOSE: to expand the seed.
    let seed: &[u8; SEED_SIZE] = private_key.expose_secret().try_into().map_err(|_| SignError)?;
    Ok(SigningKey::from_bytes(seed))
}

/// In bytes.
pub(super) const SEED_SIZE: usize = 32;
