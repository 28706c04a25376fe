use super::{ALL, AssertionInputs, CreationInputs, HmacSecretInput};
use crate::cbor::{self, Value};
use crate::cose::{CoseKey, KEY_AGREEMENT};
use crate::ctap::pin_uv_auth::PinUvAuthProtocol;
use crate::testing::wire;

const SALTS: &str = "
    a4                                       # map of 4
       01 a5                                 #   keyAgreement: map of 5
          01 02                              #     kty: EC2
          03 3818                            #     alg: -25, ECDH-ES+HKDF-256
          20 01                              #     crv: P-256
          21 5820                            #     x
             65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
          22 5820                            #     y
             1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c
       02 42aabb                             #   saltEnc
       03 42ccdd                             #   saltAuth
       04 02                                 #   pinUvAuthProtocol: two
";

/// `SALTS`, read. The key is that of RFC 9052, appendix C.7.1.
fn salts() -> HmacSecretInput {
    let sec1 = wire(
        "04
         65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
         1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c",
    );
    HmacSecretInput {
        key_agreement: CoseKey::from_sec1(&sec1, KEY_AGREEMENT).expect("a point"),
        salt_enc: vec![0xaa, 0xbb],
        salt_auth: vec![0xcc, 0xdd],
        pin_uv_auth_protocol: Some(2),
    }
}

fn value(hex: &str) -> Option<Value> {
    Some(cbor::decode(&wire(hex)).expect("canonical"))
}

#[test]
fn creation_inputs_bytes() {
    let inputs = CreationInputs {
        cred_protect: Some(3),
        cred_blob: Some(vec![0x11; 3]),
        hmac_secret: true,
        hmac_secret_mc: Some(salts()),
        large_blob_key: Some(true),
        min_pin_length: true,
        third_party_payment: true,
    };
    let expected = format!(
        "a7                                  # map of 7
         6863726564426c6f62 43111111         # 'credBlob'
         6b6372656450726f74656374 03         # 'credProtect': userVerificationRequired
         6b686d61632d736563726574 f5         # 'hmac-secret': true
         6c6c61726765426c6f624b6579 f5       # 'largeBlobKey': true
         6c6d696e50696e4c656e677468 f5       # 'minPinLength': true
         6e686d61632d7365637265742d6d63      # 'hmac-secret-mc'
            {SALTS}
         71746869726450617274795061796d656e74 f5 # 'thirdPartyPayment': true"
    );
    assert_eq!(inputs.to_value().map(|inputs| cbor::encode(&inputs)), Some(wire(&expected)));
    assert_eq!(CreationInputs::from_value(value(&expected)), Ok(inputs));
}

#[test]
fn assertion_inputs_bytes() {
    let inputs = AssertionInputs {
        cred_blob: true,
        hmac_secret: Some(salts()),
        large_blob_key: Some(true),
        third_party_payment: true,
    };
    let expected = format!(
        "a4                                  # map of 4
         6863726564426c6f62 f5               # 'credBlob': true
         6b686d61632d736563726574            # 'hmac-secret'
            {SALTS}
         6c6c61726765426c6f624b6579 f5       # 'largeBlobKey': true
         71746869726450617274795061796d656e74 f5 # 'thirdPartyPayment': true"
    );
    assert_eq!(inputs.to_value().map(|inputs| cbor::encode(&inputs)), Some(wire(&expected)));
    assert_eq!(AssertionInputs::from_value(value(&expected)), Ok(inputs));
}

#[test]
fn no_extensions_are_no_map() {
    assert_eq!(CreationInputs::default().to_value(), None);
    assert_eq!(AssertionInputs::default().to_value(), None);
    for none in [None, value("a0")] {
        assert_eq!(CreationInputs::from_value(none.clone()), Ok(CreationInputs::default()));
        assert_eq!(AssertionInputs::from_value(none), Ok(AssertionInputs::default()));
    }
}

#[test]
fn extensions_that_are_not_known_are_ignored() {
    let unknown = value("a2 6161 a1 01 02 6c6d6f72652e756e6b6e6f776e f5").expect("some");
    assert_eq!(CreationInputs::from_value(Some(unknown.clone())), Ok(CreationInputs::default()));
    assert_eq!(AssertionInputs::from_value(Some(unknown)), Ok(AssertionInputs::default()));
}

#[test]
fn a_flag_that_is_false_asks_for_nothing_but_large_blob_key_keeps_it() {
    let flags = value(
        "a4
         6b686d61632d736563726574 f4         # 'hmac-secret': false
         6c6c61726765426c6f624b6579 f4       # 'largeBlobKey': false, which is refused later
         6c6d696e50696e4c656e677468 f4       # 'minPinLength': false
         71746869726450617274795061796d656e74 f4 # 'thirdPartyPayment': false",
    );
    let expected = CreationInputs { large_blob_key: Some(false), ..CreationInputs::default() };
    assert_eq!(CreationInputs::from_value(flags), Ok(expected));
    let flags = value("a2 6863726564426c6f62 f4 6c6c61726765426c6f624b6579 f4");
    let expected = AssertionInputs { large_blob_key: Some(false), ..AssertionInputs::default() };
    assert_eq!(AssertionInputs::from_value(flags), Ok(expected));
}

#[test]
fn a_creation_input_of_another_type_is_named() {
    let refusals = [
        ("a1 6863726564426c6f62 f5", "credBlob"),
        ("a1 6b6372656450726f74656374 f5", "credProtect"),
        ("a1 6b686d61632d736563726574 a0", "hmac-secret"),
        ("a1 6c6c61726765426c6f624b6579 01", "largeBlobKey"),
        ("a1 6c6d696e50696e4c656e677468 04", "minPinLength"),
        ("a1 6e686d61632d7365637265742d6d63 f5", "hmac-secret-mc"),
        ("a1 71746869726450617274795061796d656e74 01", "thirdPartyPayment"),
        ("80", "extensions"),
    ];
    for (extensions, name) in refusals {
        assert_eq!(CreationInputs::from_value(value(extensions)), Err(cbor::Error::WrongType(name)));
    }
}

#[test]
fn an_assertion_input_of_another_type_is_named() {
    let refusals = [
        ("a1 6863726564426c6f62 43111111", "credBlob"),
        ("a1 6b686d61632d736563726574 f5", "hmac-secret"),
        ("a1 6c6c61726765426c6f624b6579 01", "largeBlobKey"),
        ("a1 71746869726450617274795061796d656e74 01", "thirdPartyPayment"),
        ("80", "extensions"),
    ];
    for (extensions, name) in refusals {
        assert_eq!(AssertionInputs::from_value(value(extensions)), Err(cbor::Error::WrongType(name)));
    }
}

#[test]
fn each_required_member_of_hmac_secret_is_missed_by_name() {
    let Value::Map(whole) = cbor::decode(&wire(SALTS)).expect("canonical") else { panic!("a map") };
    for (key, name) in [(1, "keyAgreement"), (2, "saltEnc"), (3, "saltAuth")] {
        let mut members = whole.clone();
        members.retain(|(member, _)| *member != Value::from(key));
        let extensions = Value::Map(vec![("hmac-secret".into(), Value::Map(members))]);
        assert_eq!(AssertionInputs::from_value(Some(extensions)), Err(cbor::Error::Missing(name)));
    }
}

#[test]
fn hmac_secret_without_a_protocol_is_under_protocol_one() {
    let protocol = |number| HmacSecretInput { pin_uv_auth_protocol: number, ..salts() }.protocol();
    assert_eq!(protocol(None), Some(PinUvAuthProtocol::One));
    assert_eq!(protocol(Some(1)), Some(PinUvAuthProtocol::One));
    assert_eq!(protocol(Some(2)), Some(PinUvAuthProtocol::Two));
    assert_eq!(protocol(Some(3)), None);
}

#[test]
fn salts_at_creation_fit_the_depth_that_ctap_allows() {
    let inputs = CreationInputs { hmac_secret_mc: Some(salts()), ..CreationInputs::default() };
    let request = cbor::int_map([(6, inputs.to_value())]);
    assert_eq!(cbor::decode(&cbor::encode(&request)), Ok(request));
}

#[test]
fn the_identifiers_are_those_of_ctap() {
    let expected = [
        "credBlob",
        "credProtect",
        "hmac-secret",
        "hmac-secret-mc",
        "largeBlobKey",
        "minPinLength",
        "thirdPartyPayment",
    ];
    assert_eq!(ALL, expected);
}
