use super::SubcommandRequest;
use crate::cbor::{self, Value, int_map};
use crate::ctap::{Command, PinUvAuth};
use crate::testing::wire;

fn request() -> SubcommandRequest {
    SubcommandRequest {
        subcommand: 4,
        parameters: Some(int_map([(1, Some(vec![0x11_u8; 2].into()))])),
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 16], protocol: Some(1) }),
    }
}

#[test]
fn request_bytes_with_every_member() {
    let expected = wire(
        "a4                                  # map of 4
         01 04                               # subCommand
         02 a1                               # subCommandParams: map of 1
            01 421111
         03 01                               # pinUvAuthProtocol: one
         04 50 22222222222222222222222222222222 # pinUvAuthParam",
    );
    assert_eq!(request().to_bytes(), expected);
    assert_eq!(SubcommandRequest::from_bytes(&expected), Ok(request()));
}

#[test]
fn request_bytes_of_a_subcommand_alone() {
    let request = SubcommandRequest { subcommand: 2, ..SubcommandRequest::default() };
    assert_eq!(request.to_bytes(), wire("a1 01 02"));
    assert_eq!(SubcommandRequest::from_bytes(&wire("a1 01 02")).as_ref(), Ok(&request));
    assert!(request.fields().expect("an empty map").rest().is_empty());
}

#[test]
fn the_subcommand_is_required_and_a_number() {
    for bytes in [&[][..], &wire("a0"), &wire("a1 03 01")] {
        assert_eq!(SubcommandRequest::from_bytes(bytes), Err(cbor::Error::Missing("subCommand")));
    }
    assert_eq!(SubcommandRequest::from_bytes(&wire("a1 01 6132")), Err(cbor::Error::WrongType("subCommand")));
}

#[test]
fn parameters_that_are_no_map_are_refused_when_they_are_looked_at() {
    let request = SubcommandRequest::from_bytes(&wire("a2 01 04 02 4111")).expect("readable");
    assert_eq!(request.fields().err(), Some(cbor::Error::WrongType("subCommandParams")));
}

#[test]
fn a_proof_of_another_type_is_refused() {
    let proof = SubcommandRequest::from_bytes(&wire("a3 01 04 03 01 04 6161"));
    assert_eq!(proof, Err(cbor::Error::WrongType("pinUvAuthParam")));
    let protocol = SubcommandRequest::from_bytes(&wire("a3 01 04 03 4101 04 4161"));
    assert_eq!(protocol, Err(cbor::Error::WrongType("pinUvAuthProtocol")));
}

#[test]
fn members_that_ctap_does_not_define_are_ignored() {
    let read = SubcommandRequest::from_bytes(&wire("a3 01 02 05 f5 616b 00")).expect("readable");
    assert_eq!(read, SubcommandRequest { subcommand: 2, ..SubcommandRequest::default() });
}

#[test]
fn authenticated_bytes_of_credential_management() {
    let message = request().authenticated_message(Command::CredentialManagement);
    let expected = wire(
        "04                                  # subCommand
         a1 01 421111                        # subCommandParams",
    );
    assert_eq!(message, expected);
    let alone = SubcommandRequest { parameters: None, ..request() };
    assert_eq!(alone.authenticated_message(Command::CredentialManagement), [4]);
}

#[test]
fn authenticated_bytes_of_authenticator_config() {
    let message = request().authenticated_message(Command::AuthenticatorConfig);
    let expected = wire(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
         0d                                  # authenticatorConfig
         04                                  # subCommand
         a1 01 421111                        # subCommandParams",
    );
    assert_eq!(message, expected);
}

#[test]
fn what_is_authenticated_are_the_very_bytes_that_were_sent() {
    let parameters = "a3 01 04 02 82 6161 6162 03 f5";
    let sent = wire(&format!("a2 01 03 02 {parameters}"));
    let read = SubcommandRequest::from_bytes(&sent).expect("readable");
    assert_eq!(read.authenticated_message(Command::CredentialManagement)[1..], wire(parameters));
}

#[test]
fn no_parameters_are_not_the_same_as_an_empty_map() {
    let empty = SubcommandRequest { parameters: Some(Value::Map(vec![])), ..request() };
    assert_eq!(empty.authenticated_message(Command::CredentialManagement), [4, 0xa0]);
}
