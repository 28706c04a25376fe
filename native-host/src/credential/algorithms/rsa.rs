//! RS256 (RFC 8017 §8.2) with a modulus of 2048 bits and the exponent 65537: the private key is the two primes. Signing blinds the
//! base, so that its time tells nothing of them.

use getrandom::SysRng;
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use rand_core::UnwrapErr;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyPair, SignError};
use crate::secret::{CredentialPrivateKey, NoRandomness};

pub(super) fn generate() -> Result<KeyPair, NoRandomness> {
    let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), BITS as usize).map_err(|_| NoRandomness)?;
    let private_key = CredentialPrivateKey::init_with(2 * PRIME_SIZE, |bytes| {
        for (prime, half) in key.primes().iter().zip(bytes.chunks_exact_mut(PRIME_SIZE)) {
            let prime = Zeroizing::new(prime.to_be_bytes_trimmed_vartime());
            half.copy_from_slice(prime.get(..PRIME_SIZE).filter(|_| prime.len() == PRIME_SIZE).ok_or(NoRandomness)?);
        }
        Ok(())
    })?;
    let public_key = CoseKey::from_public_bytes(CoseAlgorithmIdentifier::Rs256, &key.n_bytes()).ok_or(NoRandomness)?;
    Ok(KeyPair { private_key, public_key })
}

pub(super) fn sign(private_key: &CredentialPrivateKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    // EXPOSE: to sign.
    let (p, q) = private_key.expose_secret().split_at_checked(PRIME_SIZE).ok_or(SignError)?;
    let prime = |bytes| BoxedUint::from_be_slice(bytes, BITS / 2).map_err(|_| SignError);
    let key = RsaPrivateKey::from_p_q(prime(p)?, prime(q)?, EXPONENT.into()).map_err(|_| SignError)?;
    let signature = SigningKey::<Sha256>::new(key).try_sign_with_rng(&mut UnwrapErr(SysRng), message);
    Ok(signature.map_err(|_| SignError)?.to_vec())
}

/// Of the modulus.
const BITS: u32 = 2048;
/// In bytes.
pub(super) const PRIME_SIZE: usize = 128;
const EXPONENT: u64 = 65_537;
