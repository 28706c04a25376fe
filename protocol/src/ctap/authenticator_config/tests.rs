use super::{SetMinPinLength, Subcommand};
use crate::cbor;
use crate::ctap::{Command, PinUvAuth, SubcommandRequest};
use crate::testing::wire;

fn set_min_pin_length() -> SetMinPinLength {
    SetMinPinLength {
        new_min_pin_length: Some(6),
        rp_ids: Some(vec!["example.org".into(), "other.test".into()]),
        force_change_pin: Some(true),
    }
}

fn read(parameters: &str) -> Result<SetMinPinLength, cbor::Error> {
    let bytes = [wire("a2 01 03 02"), wire(parameters)].concat();
    SetMinPinLength::from_fields(SubcommandRequest::from_bytes(&bytes).expect("readable").fields()?)
}

#[test]
fn the_message_for_toggle_always_uv() {
    let request = SubcommandRequest {
        subcommand: Subcommand::ToggleAlwaysUv.number(),
        parameters: None,
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 16], protocol: Some(1) }),
    };
    let expected = wire(
        "0d                                  # authenticatorConfig
         a3                                  # map of 3
         01 02                               # subCommand: toggleAlwaysUv
         03 01                               # pinUvAuthProtocol: one
         04 50 22222222222222222222222222222222 # pinUvAuthParam",
    );
    assert_eq!(Command::AuthenticatorConfig.message(&request.to_bytes()), expected);
    assert_eq!(SubcommandRequest::from_bytes(&expected[1..]).as_ref(), Ok(&request));
    let authenticated = wire(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
         0d                                  # authenticatorConfig
         02                                  # toggleAlwaysUv",
    );
    assert_eq!(request.authenticated_message(Command::AuthenticatorConfig), authenticated);
}

#[test]
fn the_message_for_set_min_pin_length() {
    let request = SubcommandRequest {
        subcommand: Subcommand::SetMinPinLength.number(),
        parameters: Some(set_min_pin_length().to_value()),
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 32], protocol: Some(2) }),
    };
    let parameters = "
        a3                                   # map of 3
        01 06                                # newMinPINLength: 6
        02 82                                # minPinLengthRPIDs: 2
           6b6578616d706c652e6f7267          #   'example.org'
           6a6f746865722e74657374            #   'other.test'
        03 f5                                # forceChangePin: true
    ";
    let head = "
        a4                                   # map of 4
        01 03                                # subCommand: setMinPINLength
        02                                   # subCommandParams
    ";
    let proof = "
        03 02                                # pinUvAuthProtocol: two
        04 5820 2222222222222222222222222222222222222222222222222222222222222222 # pinUvAuthParam
    ";
    let expected = wire(&[head, parameters, proof].concat());
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(SubcommandRequest::from_bytes(&expected).as_ref(), Ok(&request));
    assert_eq!(read(parameters), Ok(set_min_pin_length()));
    let authenticated =
        wire(&["ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 0d 03", parameters].join("\n"));
    assert_eq!(request.authenticated_message(Command::AuthenticatorConfig), authenticated);
}

#[test]
fn every_member_of_set_min_pin_length_is_optional() {
    assert_eq!(read("a0"), Ok(SetMinPinLength::default()));
    assert_eq!(cbor::encode(&SetMinPinLength::default().to_value()), wire("a0"));
    let nobody = SetMinPinLength { rp_ids: Some(vec![]), ..SetMinPinLength::default() };
    assert_eq!(read("a1 02 80"), Ok(nobody.clone()));
    assert_eq!(cbor::encode(&nobody.to_value()), wire("a1 02 80"));
}

#[test]
fn members_of_another_type_are_named() {
    let refusals = [
        ("a1 01 6136", "newMinPINLength"),
        ("a1 02 6161", "minPinLengthRPIDs"),
        ("a1 02 81 01", "minPinLengthRPIDs"),
        ("a1 03 01", "forceChangePin"),
        ("a1 04 01", "pinComplexityPolicy"),
    ];
    for (parameters, name) in refusals {
        assert_eq!(read(parameters), Err(cbor::Error::WrongType(name)));
    }
}

#[test]
fn a_policy_of_complexity_can_only_be_declined() {
    assert_eq!(read("a1 04 f5"), Err(cbor::Error::OutOfRange("pinComplexityPolicy")));
    assert_eq!(read("a1 04 f4"), Ok(SetMinPinLength::default()));
}
