use p256::pkcs8::EncodePublicKey;

use super::{PEM, from_pem, key, p256};
use crate::cose::CoseKey;
use crate::testing::wire;

#[test]
fn p256_der_is_what_a_der_encoder_writes() {
    let theirs = p256().to_p256().expect("on the curve").to_public_key_der().expect("DER");
    assert_eq!(p256().to_spki_der().expect("on the curve"), theirs.as_bytes());
}

#[test]
fn a_point_off_p256_has_no_der() {
    let off = CoseKey::P256 { algorithm: -7, x: [1; 32], y: [2; 32] };
    assert_eq!(off.to_spki_der(), None);
}

#[test]
fn the_der_of_other_keys_is_what_other_encoders_wrote() {
    for (algorithm, _) in PEM {
        let (der, public) = from_pem(algorithm);
        let key = key(algorithm);
        assert_eq!(key.to_public_bytes(), public, "{algorithm}");
        assert_eq!(key.to_spki_der(), Some(der), "{algorithm}");
    }
}

#[test]
fn ed25519_der_bytes() {
    let expected = wire(
        "30 2a             # SEQUENCE of 42 bytes
            30 05          #   SEQUENCE of 5 bytes
               06 03 2b6570 #    OID 1.3.101.112, no parameters
            03 21 00       #   BIT STRING of 33 bytes, no bits unused
               19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
    );
    assert_eq!(key(crate::cose::CoseAlgorithmIdentifier::EdDsa).to_spki_der(), Some(expected));
}

/// Without the zero in front, a modulus whose highest bit is set would be a negative number.
#[test]
fn a_modulus_is_written_as_a_positive_integer() {
    let der = |first: u8| {
        let n = [vec![first], vec![0xaa; 255]].concat();
        CoseKey::Rsa { n, e: vec![1, 0, 1] }.to_spki_der().expect("DER")
    };
    let algorithm = "30 0d 06 09 2a864886f70d010101 05 00";
    let high = wire(&format!(
        "30 820122 {algorithm}
            03 82010f 00   #   BIT STRING
               30 82010a   #     SEQUENCE
                  02 820101 00 80 # INTEGER of 257 bytes"
    ));
    assert_eq!(der(0x80)[..high.len()], high);
    let low = wire(&format!(
        "30 820121 {algorithm}
            03 82010e 00   #   BIT STRING
               30 820109   #     SEQUENCE
                  02 820100 7f # INTEGER of 256 bytes"
    ));
    assert_eq!(der(0x7f)[..low.len()], low);
    assert_eq!(der(0x7f).len(), 0x121 + 4);
}

#[test]
fn the_longest_modulus_still_has_its_length_in_two_bytes() {
    let key = CoseKey::Rsa { n: vec![0xff; 2048], e: vec![1, 0, 1] };
    let der = key.to_spki_der().expect("DER");
    assert_eq!(der[..2], [0x30, 0x82]);
    assert_eq!(usize::from(u16::from_be_bytes([der[2], der[3]])), der.len() - 4);
}
