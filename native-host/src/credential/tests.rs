use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::cbor;

use super::*;

fn source() -> PublicKeyCredentialSource {
    let new = NewCredential {
        rp_id: "example.com".into(),
        rp_name: "Example".to_owned(),
        user_handle: vec![1, 2, 3].into(),
        user_name: "ada@example.com".to_owned(),
        user_display_name: "Ada".to_owned(),
        algorithm: CoseAlgorithmIdentifier::Es256,
    };
    PublicKeyCredentialSource::generate(new, 1_700_000_000_000).unwrap()
}

#[test]
fn a_fresh_credential_can_be_backed_up_and_is_not_yet() {
    let source = source();
    assert_eq!(source.credential_id.as_bytes().len(), 32);
    assert!(source.backup_eligible);
    assert!(!source.backup_state);
    assert_eq!(source.last_used, None);
    assert_ne!(source.credential_id, self::source().credential_id);
}

#[test]
fn the_signature_verifies_under_the_public_key_beside_it() {
    let source = source();
    let key = VerifyingKey::from(source.public_key.to_p256().unwrap());
    let signature = Signature::from_der(&source.sign(b"authenticator data, hash").unwrap()).unwrap();
    key.verify(b"authenticator data, hash", &signature).unwrap();
    assert!(key.verify(b"something else", &signature).is_err());
}

/// RFC 6979 §A.2.5: P-256, SHA-256, message "sample".
#[test]
fn es256_signs_as_rfc_6979_says() {
    let mut source = source();
    let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    source.private_key = CredentialPrivateKey::from_slice(&scalar).unwrap();
    let signature = Signature::from_der(&source.sign(b"sample").unwrap()).unwrap();
    let expected = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                    f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(signature.to_bytes().as_slice(), hex(expected));
}

#[test]
fn a_key_that_is_no_scalar_does_not_sign() {
    let mut source = source();
    source.private_key = CredentialPrivateKey::from_slice(&[0; 32]).unwrap();
    assert_eq!(source.sign(b"message"), Err(SignError));
}

#[test]
fn a_record_reads_as_it_was_written() {
    let mut source = source();
    source.last_used = Some(1_700_000_000_001);
    source.backup_state = true;
    source.unknown = vec![(Value::from(40), Value::from(vec![9; 3])), (Value::from(15), Value::from(true))];
    let bytes = encode(&source);
    let read = decode(&bytes).unwrap();
    assert_eq!(read.account(), source.account());
    assert!(read.private_key.same_as(&source.private_key));
    assert_eq!(read.public_key, source.public_key);
    assert_eq!(read.transports, ["internal", "hybrid"]);
    assert!(read.backup_eligible && read.backup_state);
    assert_eq!(read.unknown.len(), 2);
    assert_eq!(*encode(&read), *bytes, "also what later versions added");
}

#[test]
fn a_record_is_the_key_and_then_a_canonical_map() {
    let source = source();
    let bytes = encode(&source);
    assert_eq!(bytes[..2], [0x58, 0x20], "a byte string of 32");
    assert_eq!(&bytes[2..34], source.private_key.expose_secret());
    cbor::check(&bytes[34..]).unwrap();
    // A map of 13: version 1, then the credential ID as a byte string of 32.
    assert_eq!(bytes[34..40], [0xad, 0x01, 0x01, 0x02, 0x58, 0x20]);
}

#[test]
fn a_record_that_is_cut_or_of_another_version_is_refused() {
    let bytes = encode(&source());
    for end in 0..bytes.len() {
        assert!(decode(&bytes[..end]).is_err(), "first {end} bytes");
    }
    let mut newer = bytes.to_vec();
    newer[36] = 2;
    assert_eq!(decode(&newer).err(), Some(cbor::Error::OutOfRange("version")));
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.bytes().filter_map(|digit| (digit as char).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
