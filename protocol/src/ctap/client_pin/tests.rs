use super::{Permissions, Request, Response, Subcommand};
use crate::cbor;
use crate::cose::{CoseKey, KEY_AGREEMENT};
use crate::testing::wire;

#[test]
fn request_bytes() {
    // a5               map of 5
    // 01 02            pinUvAuthProtocol: two
    // 02 09            subCommand: getPinUvAuthTokenUsingPinWithPermissions
    // 06 42 aabb       pinHashEnc
    // 09 03            permissions: mc and ga
    // 0a 61 61         rpId: "a"
    let expected = wire("a5 01 02 02 09 06 42aabb 09 03 0a 6161");
    let request = Request {
        pin_uv_auth_protocol: Some(2),
        subcommand: Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number(),
        pin_hash_enc: Some(vec![0xaa, 0xbb]),
        permissions: Some((Permissions::MC | Permissions::GA).bits().into()),
        rp_id: Some("a".into()),
        ..Request::default()
    };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

/// The public key of RFC 9052, appendix C.7.1, for key agreement.
fn key_agreement() -> CoseKey {
    let sec1 = wire(
        "04
         65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
         1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c",
    );
    CoseKey::from_sec1(&sec1, KEY_AGREEMENT).expect("a point")
}

#[test]
fn request_bytes_for_a_token_by_built_in_user_verification() {
    let expected = wire(
        "a5                # map of 5
         01 02             # pinUvAuthProtocol: two
         02 06             # subCommand: getPinUvAuthTokenUsingUvWithPermissions
         03 a5             # keyAgreement: map of 5
            01 02          #   kty: EC2
            03 3818        #   alg: -25, ECDH-ES+HKDF-256
            20 01          #   crv: P-256
            21 5820        #   x
               65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
            22 5820        #   y
               1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c
         09 1834           # permissions: cm, lbw and acfg
         0a 6161           # rpId: 'a'",
    );
    let permissions = Permissions::CM | Permissions::LBW | Permissions::ACFG;
    let request = Request {
        pin_uv_auth_protocol: Some(2),
        subcommand: Subcommand::GetPinUvAuthTokenUsingUvWithPermissions.number(),
        key_agreement: Some(key_agreement()),
        permissions: Some(permissions.bits().into()),
        rp_id: Some("a".into()),
        ..Request::default()
    };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn request_bytes_for_the_persistent_token() {
    let expected = wire(
        "a4                # map of 4
         01 01             # pinUvAuthProtocol: one
         02 09             # subCommand: getPinUvAuthTokenUsingPinWithPermissions
         06 42aabb         # pinHashEnc
         09 1840           # permissions: pcmr",
    );
    let request = Request {
        pin_uv_auth_protocol: Some(1),
        subcommand: Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number(),
        pin_hash_enc: Some(vec![0xaa, 0xbb]),
        permissions: Some(Permissions::PCMR.bits().into()),
        ..Request::default()
    };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn request_bytes_for_the_tries_of_built_in_user_verification() {
    let expected = wire(
        "a1                # map of 1
         02 07             # subCommand: getUVRetries",
    );
    let request = Request { subcommand: Subcommand::GetUvRetries.number(), ..Request::default() };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn request_bytes_for_another_pin() {
    let expected = wire(
        "a5                # map of 5
         01 02             # pinUvAuthProtocol: two
         02 04             # subCommand: changePIN
         04 4101           # pinUvAuthParam
         05 4102           # newPinEnc
         06 4103           # pinHashEnc",
    );
    let request = Request {
        pin_uv_auth_protocol: Some(2),
        subcommand: Subcommand::ChangePin.number(),
        pin_uv_auth_param: Some(vec![1]),
        new_pin_enc: Some(vec![2]),
        pin_hash_enc: Some(vec![3]),
        ..Request::default()
    };
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn each_permission_is_a_bit_of_its_own() {
    let all = [
        (Permissions::MC, 0x01),
        (Permissions::GA, 0x02),
        (Permissions::CM, 0x04),
        (Permissions::BE, 0x08),
        (Permissions::LBW, 0x10),
        (Permissions::ACFG, 0x20),
        (Permissions::PCMR, 0x40),
    ];
    for (permission, bits) in all {
        assert_eq!(permission.bits(), bits);
        assert!(Permissions::from_bits(0x7f).contains(permission));
        assert!(!Permissions::from_bits(0x7f ^ bits).contains(permission));
    }
    assert_eq!((Permissions::MC | Permissions::GA).and(Permissions::GA | Permissions::CM), Permissions::GA);
    assert!(Permissions::MC.and(Permissions::GA).is_empty());
    assert!(!Permissions::PCMR.is_empty());
}

#[test]
fn the_subcommand_is_required() {
    assert_eq!(Request::from_bytes(&wire("a1 01 02")), Err(cbor::Error::Missing("subCommand")));
}

#[test]
fn an_answer_without_members_is_no_bytes() {
    assert!(Response::default().to_bytes().is_empty());
    assert_eq!(Response::from_bytes(&[]), Ok(Response::default()));
}

#[test]
fn response_bytes() {
    // a2 03 08 04 f4   pinRetries: 8, powerCycleState: false
    let response = Response { pin_retries: Some(8), power_cycle_state: Some(false), ..Response::default() };
    assert_eq!(response.to_bytes(), wire("a2 03 08 04 f4"));
    assert_eq!(Response::from_bytes(&wire("a2 03 08 04 f4")), Ok(response));
}

#[test]
fn response_bytes_with_the_tries_of_built_in_user_verification() {
    let expected = wire(
        "a1                # map of 1
         05 03             # uvRetries: 3",
    );
    let response = Response { uv_retries: Some(3), ..Response::default() };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}

#[test]
fn response_bytes_with_key_and_token() {
    let expected = wire(
        "a2                # map of 2
         01 a5             # keyAgreement: map of 5
            01 02          #   kty: EC2
            03 3818        #   alg: -25, ECDH-ES+HKDF-256
            20 01          #   crv: P-256
            21 5820        #   x
               65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
            22 5820        #   y
               1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c
         02 42aabb         # pinUvAuthToken",
    );
    let response = Response {
        key_agreement: Some(key_agreement()),
        pin_uv_auth_token: Some(vec![0xaa, 0xbb]),
        ..Response::default()
    };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(response));
}
