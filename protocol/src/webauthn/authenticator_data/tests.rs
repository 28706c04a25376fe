use super::{AttestedCredentialData, AuthenticatorData, Error, Flags, rp_id_hash};
use crate::cbor::text_map;
use crate::cose::CoseKey;

fn data() -> AuthenticatorData {
    AuthenticatorData {
        rp_id_hash: rp_id_hash(&"example.org".into()),
        flags: Flags::UP | Flags::BE,
        sign_count: 0x01020304,
        attested_credential_data: None,
        extensions: None,
    }
}

fn key() -> CoseKey {
    let secret = p256::SecretKey::from_slice(&[7; 32]).expect("a scalar");
    CoseKey::from_sec1(&secret.public_key().to_sec1_bytes(), -7).expect("a point")
}

#[test]
fn layout_without_anything_behind() {
    let bytes = data().to_bytes();
    assert_eq!(bytes.len(), 37);
    assert_eq!(bytes[32], 0x09, "UP and BE");
    assert_eq!(bytes[33..], [1, 2, 3, 4], "the sign count is big-endian");
    assert_eq!(AuthenticatorData::from_bytes(&bytes), Ok(data()));
}

#[test]
fn attested_data_and_extensions_set_their_flags_and_are_read_back() {
    let full = AuthenticatorData {
        attested_credential_data: Some(AttestedCredentialData {
            aaguid: [9; 16],
            credential_id: vec![5; 32].into(),
            public_key: key(),
        }),
        extensions: Some(text_map([("credProtect", Some(2.into()))])),
        ..data()
    };
    let bytes = full.to_bytes();
    assert_eq!(bytes[32], 0xc9, "ED AT BE UP");
    assert_eq!(bytes[53..55], [0, 32], "the ID's length is two bytes");
    let read = AuthenticatorData::from_bytes(&bytes).expect("whole");
    assert_eq!(read.attested_credential_data, full.attested_credential_data);
    assert_eq!(read.extensions, full.extensions);
}

#[test]
fn every_truncation_is_refused_and_so_is_a_byte_more() {
    let full = AuthenticatorData {
        attested_credential_data: Some(AttestedCredentialData {
            aaguid: [9; 16],
            credential_id: vec![5; 32].into(),
            public_key: key(),
        }),
        ..data()
    };
    let mut bytes = full.to_bytes();
    for length in 0..bytes.len() {
        assert!(AuthenticatorData::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
    bytes.push(0);
    assert_eq!(AuthenticatorData::from_bytes(&bytes), Err(Error::TooLong));
}

#[test]
fn a_credential_id_of_1024_bytes_is_refused() {
    let mut bytes = AuthenticatorData { flags: Flags::UP, ..data() }.to_bytes();
    bytes[32] |= Flags::AT.byte();
    bytes.extend([0; 16]);
    bytes.extend(1024_u16.to_be_bytes());
    bytes.extend([0; 1024]);
    assert_eq!(AuthenticatorData::from_bytes(&bytes), Err(Error::CredentialIdTooLong));
}

#[test]
fn flags_are_printed_by_name() {
    assert_eq!(format!("{:?}", Flags::UP | Flags::UV | Flags::AT), "UP UV AT");
}
