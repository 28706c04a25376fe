use super::{Request, Response};
use crate::cbor;
use crate::ctap::{Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity};
use crate::webauthn::ClientDataHash;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

#[test]
fn request_bytes() {
    // a6               map of 6
    // 01 6b..          rpId: "example.org"
    // 02 5820 11..     clientDataHash
    // 03 81 a2 ..      allowList: one, id ee
    // 05 a1 627570 f5  options: up true
    // 06 50 22..       pinUvAuthParam: 16 bytes, protocol one
    // 07 01            pinUvAuthProtocol: one
    let expected = hex("
        a6
        01 6b6578616d706c652e6f7267
        02 5820 1111111111111111111111111111111111111111111111111111111111111111
        03 81 a2 626964 41ee 6474797065 6a7075626c69632d6b6579
        05 a1 627570 f5
        06 50 22222222222222222222222222222222
        07 01
    ");
    let request = Request {
        rp_id: "example.org".into(),
        client_data_hash: ClientDataHash([0x11; 32]),
        allow_list: vec![PublicKeyCredentialDescriptor { id: vec![0xee].into() }],
        extensions: None,
        options: Options { up: Some(true), ..Options::default() },
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 16], protocol: Some(1) }),
    };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn a_hash_of_another_length_is_refused() {
    let bytes = hex("a2 01 6161 02 4111");
    assert_eq!(Request::from_bytes(&bytes), Err(cbor::Error::OutOfRange("clientDataHash")));
}

#[test]
fn response_bytes() {
    // a6               map of 6
    // 01 a2 ..         credential: id ee, "public-key"
    // 02 4101          authData
    // 03 4102          signature
    // 04 a1 ..         user: id 05
    // 05 03            numberOfCredentials
    // 07 5820 44..     largeBlobKey
    let expected = hex("
        a6
        01 a2 626964 41ee 6474797065 6a7075626c69632d6b6579
        02 4101
        03 4102
        04 a1 626964 4105
        05 03
        07 5820 4444444444444444444444444444444444444444444444444444444444444444
    ");
    let response = Response {
        credential: PublicKeyCredentialDescriptor { id: vec![0xee].into() },
        auth_data: vec![1],
        signature: vec![2],
        user: Some(PublicKeyCredentialUserEntity { id: vec![5].into(), name: None, display_name: None }),
        number_of_credentials: Some(3),
        large_blob_key: Some(vec![0x44; 32]),
    };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}

#[test]
fn response_bytes_of_what_is_required_alone() {
    // a3               map of 3
    // 01 a2 ..         credential: id ee, "public-key"
    // 02 4101          authData
    // 03 4102          signature
    let expected = hex("a3 01 a2 626964 41ee 6474797065 6a7075626c69632d6b6579 02 4101 03 4102");
    let response = Response {
        credential: PublicKeyCredentialDescriptor { id: vec![0xee].into() },
        auth_data: vec![1],
        signature: vec![2],
        user: None,
        number_of_credentials: None,
        large_blob_key: None,
    };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}
