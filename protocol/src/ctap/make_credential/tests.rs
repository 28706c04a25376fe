use super::{Request, Response};
use crate::cbor;
use crate::ctap::{Command, Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity};
use crate::webauthn::ClientDataHash;
use crate::webauthn::attestation::{AttestationObject, AttestationStatement};

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

fn request() -> Request {
    Request {
        client_data_hash: ClientDataHash([0x11; 32]),
        rp_id: "example.org".into(),
        rp_name: Some("Example".into()),
        user: PublicKeyCredentialUserEntity {
            id: vec![1, 2].into(),
            name: Some("alex".into()),
            display_name: Some("Alex".into()),
        },
        algorithms: vec![-7, -257],
        exclude_list: vec![PublicKeyCredentialDescriptor { id: vec![0xee].into() }],
        extensions: None,
        options: Options { rk: Some(true), ..Options::default() },
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 32], protocol: Some(2) }),
        enterprise_attestation: None,
        attestation_formats: vec!["none".into()],
    }
}

#[test]
fn request_bytes() {
    let expected = hex("
        a9
        01 5820 1111111111111111111111111111111111111111111111111111111111111111
        02 a2 626964 6b6578616d706c652e6f7267 646e616d65 674578616d706c65
        03 a3 626964 420102 646e616d65 64616c6578 6b646973706c61794e616d65 64416c6578
        04 82 a2 63616c67 26 6474797065 6a7075626c69632d6b6579
              a2 63616c67 390100 6474797065 6a7075626c69632d6b6579
        05 81 a2 626964 41ee 6474797065 6a7075626c69632d6b6579
        07 a1 62726b f5
        08 5820 2222222222222222222222222222222222222222222222222222222222222222
        09 02
        0b 81 646e6f6e65
    ");
    // a9               map of 9
    // 01 5820 11..     clientDataHash
    // 02 a2 ..         rp: id "example.org", name "Example"
    // 03 a3 ..         user: id 0102, name "alex", displayName "Alex"
    // 04 82 ..         pubKeyCredParams: alg -7, alg -257, both "public-key"
    // 05 81 ..         excludeList: one, id ee
    // 07 a1 62726b f5  options: rk true
    // 08 5820 22..     pinUvAuthParam
    // 09 02            pinUvAuthProtocol: two
    // 0b 81 ..         attestationFormatsPreference: "none"
    assert_eq!(request().to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request()));
    assert_eq!(Command::MakeCredential.message(&expected)[0], 0x01);
}

#[test]
fn each_required_member_is_missed_by_name() {
    let cbor::Value::Map(whole) = cbor::decode(&request().to_bytes()).expect("canonical") else { panic!("a map") };
    for (key, name) in [(1, "clientDataHash"), (2, "rp"), (3, "user"), (4, "pubKeyCredParams")] {
        let mut members = whole.clone();
        members.retain(|(member, _)| *member != cbor::Value::from(key));
        let bytes = cbor::encode(&cbor::Value::Map(members));
        assert_eq!(Request::from_bytes(&bytes), Err(cbor::Error::Missing(name)));
    }
    assert_eq!(Request::from_bytes(&[]), Err(cbor::Error::Missing("clientDataHash")));
}

#[test]
fn a_user_handle_has_1_to_64_bytes() {
    for length in [0, 65] {
        let user = PublicKeyCredentialUserEntity { id: vec![1; length].into(), name: None, display_name: None };
        let bytes = Request { user, ..request() }.to_bytes();
        assert_eq!(Request::from_bytes(&bytes), Err(cbor::Error::OutOfRange("user.id")));
    }
}

#[test]
fn algorithms_and_credentials_of_unknown_types_are_skipped() {
    let bytes = hex("
        a4
        01 5820 1111111111111111111111111111111111111111111111111111111111111111
        02 a1 626964 6161
        03 a1 626964 4101
        04 82 a2 63616c67 26 6474797065 656f74686572
              a2 63616c67 26 6474797065 6a7075626c69632d6b6579
    ");
    assert_eq!(Request::from_bytes(&bytes).expect("readable").algorithms, [-7]);
}

#[test]
fn an_exclude_list_of_1025_is_refused() {
    let exclude_list = vec![PublicKeyCredentialDescriptor { id: vec![1].into() }; 1025];
    let bytes = Request { exclude_list, ..request() }.to_bytes();
    assert_eq!(Request::from_bytes(&bytes), Err(cbor::Error::OutOfRange("excludeList")));
}

#[test]
fn response_bytes() {
    // a3               map of 3
    // 01 646e6f6e65    fmt: "none"
    // 02 420102        authData
    // 03 a0            attStmt: {}
    let expected = hex("a3 01 646e6f6e65 02 420102 03 a0");
    let object = AttestationObject { statement: AttestationStatement::None, auth_data: vec![1, 2] };
    let response = Response { attestation_object: object, large_blob_key: None };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}

#[test]
fn response_bytes_with_a_large_blob_key() {
    // a4               map of 4
    // 01 667061636b6564  fmt: "packed"
    // 02 4101          authData
    // 03 a2 ..         attStmt: alg -7, sig 02
    // 05 5820 44..     largeBlobKey
    let expected = hex("
        a4
        01 667061636b6564
        02 4101
        03 a2 63616c67 26 63736967 4102
        05 5820 4444444444444444444444444444444444444444444444444444444444444444
    ");
    let statement = AttestationStatement::PackedSelf { algorithm: -7, signature: vec![2] };
    let object = AttestationObject { statement, auth_data: vec![1] };
    let response = Response { attestation_object: object, large_blob_key: Some(vec![0x44; 32]) };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}

#[test]
fn a_large_blob_key_of_another_type_is_refused() {
    let bytes = hex("a4 01 646e6f6e65 02 4101 03 a0 05 f5");
    assert_eq!(Response::from_bytes(&bytes), Err(cbor::Error::WrongType("largeBlobKey")));
}
