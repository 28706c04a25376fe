use super::{Permissions, Request, Response, Subcommand};
use crate::cbor;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

#[test]
fn request_bytes() {
    // a5               map of 5
    // 01 02            pinUvAuthProtocol: two
    // 02 09            subCommand: getPinUvAuthTokenUsingPinWithPermissions
    // 06 42 aabb       pinHashEnc
    // 09 03            permissions: mc and ga
    // 0a 61 61         rpId: "a"
    let expected = hex("a5 01 02 02 09 06 42aabb 09 03 0a 6161");
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

#[test]
fn the_subcommand_is_required() {
    assert_eq!(Request::from_bytes(&hex("a1 01 02")), Err(cbor::Error::Missing("subCommand")));
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
    assert_eq!(response.to_bytes(), hex("a2 03 08 04 f4"));
    assert_eq!(Response::from_bytes(&hex("a2 03 08 04 f4")), Ok(response));
}
