//! ML-DSA-44 and ML-DSA-65 (FIPS 204), with an empty context, deterministic: the private key is the seed, from which the lattice is
//! expanded for each signature.

use ml_dsa::{MlDsa44, MlDsa65, MlDsaParams, SigningKey};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};

use super::{KeyPair, SignError};
use crate::secret::{CredentialPrivateKey, NoRandomness, fill_random};

pub(super) fn generate_44() -> Result<KeyPair, NoRandomness> {
    generate::<MlDsa44>(CoseAlgorithmIdentifier::MlDsa44)
}

pub(super) fn generate_65() -> Result<KeyPair, NoRandomness> {
    generate::<MlDsa65>(CoseAlgorithmIdentifier::MlDsa65)
}

pub(super) fn sign_44(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    sign::<MlDsa44>(private_key, message)
}

pub(super) fn sign_65(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    sign::<MlDsa65>(private_key, message)
}

fn generate<P: MlDsaParams>(algorithm: CoseAlgorithmIdentifier) -> Result<KeyPair, NoRandomness> {
    let private_key = CredentialPrivateKey::init_with(SEED_SIZE, fill_random)?;
    let key = signing_key::<P>(&private_key).map_err(|_| NoRandomness)?;
    let public = key.expanded_key().verifying_key().encode().to_vec();
    Ok(KeyPair { private_key, public_key: CoseKey::Akp { algorithm, public } })
}

fn sign<P: MlDsaParams>(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let key = signing_key::<P>(private_key)?;
    let signature = key.expanded_key().sign_deterministic(message, &[]).map_err(|_| SignError)?;
    Ok(signature.encode().to_vec())
}

fn signing_key<P: MlDsaParams>(private_key: &CredentialPrivateKey) -> Result<SigningKey<P>, SignError> {
    // EXPOSE: to expand the seed.
    let seed: &[u8; SEED_SIZE] = private_key.expose_secret().try_into().map_err(|_| SignError)?;
    Ok(SigningKey::from_seed(seed.into()))
}

/// In bytes.
pub(super) const SEED_SIZE: usize = 32;
