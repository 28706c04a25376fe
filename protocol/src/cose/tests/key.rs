use proptest::prelude::*;

use super::{X, Y, from_pem, key, p256};
use crate::cbor;
use crate::cose::{CoseAlgorithmIdentifier, CoseKey, KEY_AGREEMENT};
use crate::testing::wire;

fn both_ways(key: &CoseKey, expected: &[u8]) {
    assert_eq!(cbor::encode(&key.to_value()), expected);
    assert_eq!(CoseKey::from_value(cbor::decode(expected).expect("canonical")).as_ref(), Ok(key));
}

#[test]
fn p256_bytes() {
    let expected = wire(&format!(
        "a5                # map of 5
         01 02             # kty: EC2
         03 26             # alg: ES256
         20 01             # crv: P-256
         21 5820 {X}       # x
         22 5820 {Y}       # y"
    ));
    both_ways(&p256(), &expected);
}

#[test]
fn key_agreement_bytes() {
    let expected = wire(&format!(
        "a5                # map of 5
         01 02             # kty: EC2
         03 3818           # alg: -25, ECDH-ES+HKDF-256
         20 01             # crv: P-256
         21 5820 {X}       # x
         22 5820 {Y}       # y"
    ));
    both_ways(&CoseKey::from_sec1(&p256().to_public_bytes(), KEY_AGREEMENT).expect("a point"), &expected);
}

#[test]
fn p384_bytes() {
    let (_, sec1) = from_pem(CoseAlgorithmIdentifier::Es384);
    let head = wire(
        "a5                # map of 5
         01 02             # kty: EC2
         03 3822           # alg: ES384
         20 02             # crv: P-384
         21 5830           # x",
    );
    let y = wire("22 5830      # y");
    both_ways(&key(CoseAlgorithmIdentifier::Es384), &[&head, &sec1[1..49], &y, &sec1[49..]].concat());
}

#[test]
fn ed25519_bytes() {
    let expected = wire(
        "a4                # map of 4
         01 01             # kty: OKP
         03 27             # alg: EdDSA
         20 06             # crv: Ed25519
         21 5820           # x
            19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
    );
    both_ways(&key(CoseAlgorithmIdentifier::EdDsa), &expected);
}

#[test]
fn rsa_bytes() {
    let head = wire(
        "a4                # map of 4
         01 03             # kty: RSA
         03 390100         # alg: RS256
         20 590100         # n: 256 bytes",
    );
    let (_, modulus) = from_pem(CoseAlgorithmIdentifier::Rs256);
    let exponent = wire("21 43010001 # e: 65537");
    both_ways(&key(CoseAlgorithmIdentifier::Rs256), &[head, modulus, exponent].concat());
}

#[test]
fn ml_dsa_bytes() {
    let head_44 = wire(
        "a3                # map of 3
         01 07             # kty: AKP
         03 382f           # alg: ML-DSA-44
         20 590520         # pub: 1312 bytes",
    );
    let head_65 = wire(
        "a3                # map of 3
         01 07             # kty: AKP
         03 3830           # alg: ML-DSA-65
         20 5907a0         # pub: 1952 bytes",
    );
    for (algorithm, head) in [(CoseAlgorithmIdentifier::MlDsa44, head_44), (CoseAlgorithmIdentifier::MlDsa65, head_65)]
    {
        both_ways(&key(algorithm), &[head, from_pem(algorithm).1].concat());
    }
}

#[test]
fn every_key_comes_back_from_its_bare_bytes() {
    for algorithm in CoseAlgorithmIdentifier::ALL {
        let key = key(*algorithm);
        assert_eq!(key.algorithm(), algorithm.number());
        assert_eq!(CoseKey::from_public_bytes(*algorithm, &key.to_public_bytes()), Some(key));
    }
}

#[test]
fn only_keys_on_p256_are_points_on_p256() {
    for algorithm in CoseAlgorithmIdentifier::ALL {
        assert_eq!(key(*algorithm).to_p256().is_some(), *algorithm == CoseAlgorithmIdentifier::Es256, "{algorithm}");
    }
}

fn algorithm() -> impl Strategy<Value = CoseAlgorithmIdentifier> {
    prop::sample::select(CoseAlgorithmIdentifier::ALL)
}

proptest! {
    #[test]
    fn bare_bytes_that_are_taken_are_kept(algorithm in algorithm(), seed in any::<u8>(), flaw in -1_isize..=1) {
        let mut public = key(algorithm).to_public_bytes();
        let last = public.len() - 1;
        public[last] ^= seed;
        public.resize(public.len().saturating_add_signed(flaw), 7);
        let whole = flaw == 0 || (flaw == 1 && algorithm == CoseAlgorithmIdentifier::Rs256);
        let taken = CoseKey::from_public_bytes(algorithm, &public);
        prop_assert_eq!(taken.as_ref().map(CoseKey::to_public_bytes), whole.then_some(public));
    }

    #[test]
    fn a_key_is_read_as_it_was_written(algorithm in algorithm(), seed in any::<[u8; 32]>()) {
        let key = match (algorithm, p256::SecretKey::from_slice(&seed)) {
            (CoseAlgorithmIdentifier::Es256, Ok(secret)) => {
                CoseKey::from_sec1(&secret.public_key().to_sec1_bytes(), -7).expect("a point")
            }
            (CoseAlgorithmIdentifier::Es256, Err(_)) => p256(),
            _ => {
                let mut public = key(algorithm).to_public_bytes();
                let end = public.len();
                public[end - 31..].copy_from_slice(&seed[1..]);
                CoseKey::from_public_bytes(algorithm, &public).expect("a whole key")
            }
        };
        let bytes = cbor::encode(&key.to_value());
        prop_assert_eq!(CoseKey::from_value(cbor::decode(&bytes).expect("canonical")), Ok(key));
    }
}
