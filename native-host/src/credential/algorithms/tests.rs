use ed25519_dalek::Verifier as _;
use protocol::cose::CoseAlgorithmIdentifier::{EdDsa, Es256, Es384, MlDsa44, MlDsa65, Rs256};

use super::*;

/// Whether `signature` is one of `message` under `key`, as the algorithm's own crate sees it.
pub(crate) fn verifies(key: &CoseKey, message: &[u8], signature: &[u8]) -> bool {
    let public = key.to_public_bytes();
    match key {
        CoseKey::P256 { .. } => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&public).unwrap();
            p256::ecdsa::Signature::from_der(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CoseKey::P384 { .. } => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&public).unwrap();
            p384::ecdsa::Signature::from_der(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CoseKey::Ed25519 { x } => {
            let key = ed25519_dalek::VerifyingKey::from_bytes(x).unwrap();
            ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CoseKey::Rsa { n, e } => {
            let number = |bytes: &[u8]| ::rsa::BoxedUint::from_be_slice(bytes, 8 * bytes.len() as u32).unwrap();
            let key = ::rsa::RsaPublicKey::new(number(n), number(&[&[0], &e[..]].concat())).unwrap();
            let key = ::rsa::pkcs1v15::VerifyingKey::<sha2::Sha256>::new(key);
            ::rsa::pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CoseKey::Akp { algorithm: MlDsa44, .. } => verifies_ml_dsa::<::ml_dsa::MlDsa44>(&public, message, signature),
        CoseKey::Akp { .. } => verifies_ml_dsa::<::ml_dsa::MlDsa65>(&public, message, signature),
    }
}

fn verifies_ml_dsa<P: ::ml_dsa::MlDsaParams>(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = ::ml_dsa::VerifyingKey::<P>::decode(public.try_into().unwrap());
    ::ml_dsa::Signature::<P>::try_from(signature)
        .is_ok_and(|signature| key.verify_with_context(message, &[], &signature))
}

fn signs_what_its_public_key_verifies(algorithm: CoseAlgorithmIdentifier, key_size: usize, signature_size: usize) {
    let KeyPair { private_key, public_key } = KeyPair::generate(algorithm).unwrap();
    assert_eq!(private_key.expose_secret().len(), key_size);
    assert_eq!(public_key.algorithm(), algorithm.number());
    let signature = sign(algorithm, &private_key, b"authenticator data, hash").unwrap();
    assert!(signature.len() <= signature_size, "{} bytes", signature.len());
    assert!(verifies(&public_key, b"authenticator data, hash", &signature));
    assert!(!verifies(&public_key, b"something else", &signature));
    let another = KeyPair::generate(algorithm).unwrap().public_key;
    assert!(!verifies(&another, b"authenticator data, hash", &signature));
    let cut = CredentialPrivateKey::from_slice(&private_key.expose_secret()[1..]);
    assert_eq!(sign(algorithm, &cut, b"message"), Err(SignError), "a key of another length");
}

#[test]
fn es256() {
    signs_what_its_public_key_verifies(Es256, 32, 72);
}

#[test]
fn es384() {
    signs_what_its_public_key_verifies(Es384, 48, 104);
}

#[test]
fn eddsa() {
    signs_what_its_public_key_verifies(EdDsa, 32, 64);
}

#[test]
fn rs256() {
    signs_what_its_public_key_verifies(Rs256, 256, 256);
}

#[test]
fn ml_dsa_44() {
    signs_what_its_public_key_verifies(MlDsa44, 32, 2420);
}

#[test]
fn ml_dsa_65() {
    signs_what_its_public_key_verifies(MlDsa65, 32, 3309);
}

/// RFC 6979 §A.2.5: P-256, SHA-256, message "sample".
#[test]
fn es256_signs_as_rfc_6979_says() {
    let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let signature = sign(Es256, &CredentialPrivateKey::from_slice(&scalar), b"sample").unwrap();
    let expected = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                    f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(p256::ecdsa::Signature::from_der(&signature).unwrap().to_bytes().as_slice(), hex(expected));
}

/// RFC 6979 §A.2.6: P-384, SHA-384, message "sample".
#[test]
fn es384_signs_as_rfc_6979_says() {
    let scalar = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8\
                  96d5724e4c70a825f872c9ea60d2edf5";
    let signature = sign(Es384, &CredentialPrivateKey::from_slice(&hex(scalar)), b"sample").unwrap();
    let expected = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c\
                    81a648152e44acf96e36dd1e80fabe46\
                    99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f\
                    a329c145786e679e7b82c71a38628ac8";
    assert_eq!(p384::ecdsa::Signature::from_der(&signature).unwrap().to_bytes().as_slice(), hex(expected));
}

/// RFC 8032 §7.1, TEST 1: an empty message.
#[test]
fn eddsa_signs_as_rfc_8032_says() {
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let expected = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555\
                    fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert_eq!(sign(EdDsa, &CredentialPrivateKey::from_slice(&seed), b"").unwrap(), hex(expected));
}

#[test]
fn a_key_that_is_no_scalar_does_not_sign() {
    for (algorithm, size) in [(Es256, 32), (Es384, 48), (Rs256, 256)] {
        let zero = CredentialPrivateKey::from_slice(&vec![0; size]);
        assert_eq!(sign(algorithm, &zero, b"message"), Err(SignError), "{algorithm}");
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.bytes().filter_map(|digit| (digit as char).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
