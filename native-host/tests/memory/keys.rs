//! What a private key is turned into before it signs. Each of these gives the key away, or signs as well as it does.

use ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsaParams, SigningKey};
use p384::elliptic_curve::ff::PrimeField;
use protocol::cose::CoseAlgorithmIdentifier;
use rsa::traits::PrivateKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::{Digest, Sha512};

/// The key itself in `key`, and what comes of it, each with its name.
pub fn forms(algorithm: CoseAlgorithmIdentifier, key: &[u8]) -> Vec<(String, Vec<u8>)> {
    let derived = match algorithm {
        // The scalar is computed with as it is.
        CoseAlgorithmIdentifier::Es256 => Vec::new(),
        CoseAlgorithmIdentifier::Es384 => vec![("scalar times 2^384", montgomery(key))],
        CoseAlgorithmIdentifier::EdDsa => {
            let expanded = Sha512::digest(key);
            vec![
                ("half that becomes the scalar", expanded[1..31].to_vec()),
                ("half that hashes", expanded[32..].to_vec()),
            ]
        }
        CoseAlgorithmIdentifier::Rs256 => exponents(key),
        CoseAlgorithmIdentifier::MlDsa44 => vec![("K", k::<MlDsa44>(key))],
        CoseAlgorithmIdentifier::MlDsa65 => vec![("K", k::<MlDsa65>(key))],
    };
    let named = |(name, bytes)| (format!("{algorithm:?} {name}"), bytes);
    [("private key", key.to_vec())].into_iter().chain(derived).map(named).collect()
}

/// The form in which crypto-bigint computes modulo the order of P-384.
fn montgomery(key: &[u8]) -> Vec<u8> {
    let scalar = p384::Scalar::from_repr(<[u8; 48]>::try_from(key).unwrap().into()).unwrap();
    let two = p384::Scalar::from(2_u64);
    (0..384).fold(scalar, |product, _| product * two).to_repr().to_vec()
}

fn exponents(primes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let prime = |bytes| BoxedUint::from_be_slice(bytes, 1024).unwrap();
    let (p, q) = primes.split_at(128);
    let key = RsaPrivateKey::from_p_q(prime(p), prime(q), 65_537_u64.into()).unwrap();
    let bytes = |number: &BoxedUint| number.to_be_bytes().to_vec();
    let [dp, dq] = [key.dp(), key.dq()].map(|exponent| bytes(exponent.unwrap()));
    vec![("d", bytes(key.d())), ("d mod p - 1", dp), ("d mod q - 1", dq)]
}

/// FIPS 204 §7.2: the second member of the expanded key.
fn k<P: MlDsaParams>(seed: &[u8]) -> Vec<u8> {
    let key = SigningKey::<P>::from_seed(seed.try_into().unwrap());
    let expanded: &ExpandedSigningKey<P> = key.expanded_key();
    #[allow(deprecated, reason = "nobody else tells K")]
    let bytes = expanded.to_expanded();
    bytes[32..64].to_vec()
}
