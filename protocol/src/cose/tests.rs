mod key;
mod refusals;
mod spki;

use super::{CoseAlgorithmIdentifier, CoseKey};
use crate::testing::wire;

const X: &str = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
const Y: &str = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";

/// SubjectPublicKeyInfo as other encoders wrote it: RFC 8410 §10.1 for Ed25519; RFC 9881 appendix C for ML-DSA; for P-384 and RSA keys
/// that were made for this, and written by OpenSSL.
const PEM: [(CoseAlgorithmIdentifier, &str); 5] = [
    (CoseAlgorithmIdentifier::Es384, include_str!("tests/p-384.pem")),
    (CoseAlgorithmIdentifier::EdDsa, include_str!("tests/ed25519.pem")),
    (CoseAlgorithmIdentifier::Rs256, include_str!("tests/rsa-2048.pem")),
    (CoseAlgorithmIdentifier::MlDsa44, include_str!("tests/ml-dsa-44.pem")),
    (CoseAlgorithmIdentifier::MlDsa65, include_str!("tests/ml-dsa-65.pem")),
];

/// The public key of RFC 9052, appendix C.7.1 ("meriadoc.brandybuck@buckland.example").
fn p256() -> CoseKey {
    CoseKey::from_sec1(&[vec![4], wire(X), wire(Y)].concat(), -7).expect("a point")
}

/// The DER in the PEM file of `algorithm`, and the bare bytes of the key, cut out of it.
fn from_pem(algorithm: CoseAlgorithmIdentifier) -> (Vec<u8>, Vec<u8>) {
    let (_, pem) = PEM.into_iter().find(|(kind, _)| *kind == algorithm).expect("a file for it");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = data_encoding::BASE64.decode(base64.as_bytes()).expect("base64 in a test");
    // Behind an RSA modulus stands the exponent: an INTEGER of 3 bytes.
    let (length, behind) = match algorithm {
        CoseAlgorithmIdentifier::Es256 => (65, 0),
        CoseAlgorithmIdentifier::Es384 => (97, 0),
        CoseAlgorithmIdentifier::EdDsa => (32, 0),
        CoseAlgorithmIdentifier::Rs256 => (256, 5),
        CoseAlgorithmIdentifier::MlDsa44 => (1312, 0),
        CoseAlgorithmIdentifier::MlDsa65 => (1952, 0),
    };
    let end = der.len() - behind;
    let public = der[end - length..end].to_vec();
    (der, public)
}

/// A key of `algorithm`.
fn key(algorithm: CoseAlgorithmIdentifier) -> CoseKey {
    match algorithm {
        CoseAlgorithmIdentifier::Es256 => p256(),
        _ => CoseKey::from_public_bytes(algorithm, &from_pem(algorithm).1).expect("a whole key"),
    }
}

#[test]
fn numbers_and_names_agree_both_ways() {
    for algorithm in CoseAlgorithmIdentifier::ALL {
        assert_eq!(CoseAlgorithmIdentifier::from_number(algorithm.number()), Some(*algorithm));
    }
    assert_eq!(CoseAlgorithmIdentifier::from_number(-65535), None);
}

#[test]
fn algorithms_have_the_numbers_of_the_iana_registry() {
    let numbers: Vec<_> =
        CoseAlgorithmIdentifier::ALL.iter().map(|algorithm| (algorithm.to_string(), algorithm.number())).collect();
    let expected =
        [("ES256", -7), ("EdDSA", -8), ("ES384", -35), ("RS256", -257), ("ML-DSA-44", -48), ("ML-DSA-65", -49)];
    assert_eq!(numbers, expected.map(|(name, number)| (name.to_owned(), number)));
}
