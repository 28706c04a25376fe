use p256::pkcs8::EncodePublicKey;

use super::{CoseAlgorithmIdentifier, CoseKey};
use crate::cbor::{self, Value, int_map};

const X: &str = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
const Y: &str = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex in a test")
}

/// The public key of RFC 9052, appendix C.7.1 ("meriadoc.brandybuck@buckland.example").
fn key() -> CoseKey {
    CoseKey::from_sec1(&[vec![4], hex(X), hex(Y)].concat(), -7).expect("a point")
}

#[test]
fn cose_key_bytes() {
    // a5            map of 5
    // 01 02         kty: EC2
    // 03 26         alg: ES256
    // 20 01         crv: P-256
    // 21 5820 ...   x
    // 22 5820 ...   y
    let expected = [hex("a5010203262001215820"), hex(X), hex("225820"), hex(Y)].concat();
    assert_eq!(cbor::encode(&key().to_value()), expected);
    let read = CoseKey::from_value(cbor::decode(&expected).expect("canonical"));
    assert_eq!(read, Ok(key()));
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let value = int_map([
        (1, Some(2.into())),
        (3, Some((-7).into())),
        (-1, Some(1.into())),
        (-2, Some(vec![1_u8; 32].into())),
        (-3, Some(vec![2_u8; 32].into())),
    ]);
    assert_eq!(CoseKey::from_value(value), Err(cbor::Error::OutOfRange("point")));
}

#[test]
fn a_missing_coordinate_is_named() {
    let Value::Map(mut entries) = key().to_value() else { panic!("a map") };
    entries.retain(|(name, _)| *name != Value::from(-3));
    assert_eq!(CoseKey::from_value(Value::Map(entries)), Err(cbor::Error::Missing("y")));
}

#[test]
fn spki_is_the_der_that_a_der_encoder_writes() {
    let theirs = key().to_p256().expect("on the curve").to_public_key_der().expect("DER");
    assert_eq!(key().to_spki_der().expect("on the curve"), theirs.as_bytes());
    let off = CoseKey::P256 { algorithm: -7, x: [1; 32], y: [2; 32] };
    assert_eq!(off.to_spki_der(), None);
}

#[test]
fn numbers_and_names_agree_both_ways() {
    for algorithm in CoseAlgorithmIdentifier::ALL {
        assert_eq!(CoseAlgorithmIdentifier::from_number(algorithm.number()), Some(*algorithm));
    }
    assert_eq!(CoseAlgorithmIdentifier::from_number(-65535), None);
}
