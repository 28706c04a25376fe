mod cred_protect;
mod hmac_secret;
mod kept;
mod on_the_wire;

use protocol::cbor::{Fields, Value};
use protocol::ctap::extensions::{AssertionInputs, CreationInputs};
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::{
    Command, Options, PublicKeyCredentialDescriptor, SubcommandRequest, get_assertion, make_credential,
};
use protocol::webauthn::CredentialId;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

use super::super::testing::{Bench, creation, request, wire};
use super::*;
use crate::verification::os::Outcome;

fn make_with(user: u8, inputs: &CreationInputs) -> make_credential::Request {
    make_credential::Request { extensions: inputs.to_value(), ..creation("example.com", user) }
}

fn get_with(inputs: &AssertionInputs) -> get_assertion::Request {
    get_assertion::Request { extensions: inputs.to_value(), ..request("example.com") }
}

/// The same requests, for which the OS verifies the user.
fn make_verified(request: make_credential::Request) -> make_credential::Request {
    make_credential::Request { options: Options { uv: Some(true), ..request.options }, ..request }
}

fn get_verified(request: get_assertion::Request) -> get_assertion::Request {
    get_assertion::Request { options: Options { uv: Some(true), ..request.options }, ..request }
}

/// The outputs in authenticator data, to be taken out one by one; the flag ED tells whether there are any.
fn outputs(auth_data: &[u8]) -> Fields {
    let data = AuthenticatorData::from_bytes(auth_data).unwrap();
    assert_eq!(data.flags.contains(Flags::ED), data.extensions.is_some());
    Fields::of(data.extensions.unwrap_or(Value::Map(Vec::new())), "outputs").unwrap()
}

fn id(made: &make_credential::Response) -> CredentialId {
    made.attestation_object.authenticator_data().unwrap().attested_credential_data.unwrap().credential_id
}

fn listed(id: &CredentialId) -> Vec<PublicKeyCredentialDescriptor> {
    vec![PublicKeyCredentialDescriptor { id: id.clone() }]
}

#[test]
fn without_inputs_there_are_no_outputs() {
    let mut bench = Bench::new();
    for extensions in [None, Some(Value::Map(Vec::new()))] {
        let made = bench.make(&make_credential::Request { extensions, ..creation("example.com", 1) }).unwrap();
        assert!(outputs(&made.attestation_object.auth_data).rest().is_empty());
        assert!(made.large_blob_key.is_none());
    }
    let got = bench.get(&get_with(&AssertionInputs::default())).unwrap();
    assert!(outputs(&got.auth_data).rest().is_empty());
}

#[test]
fn what_is_unknown_is_ignored_and_what_has_another_type_is_not() {
    let mut bench = Bench::new();
    let with = |name: &str, input: Value| Some(protocol::cbor::text_map([(name, Some(input))]));
    let unknown = with("appid", "https://example.com".into());
    let made = bench.make(&make_credential::Request { extensions: unknown, ..creation("example.com", 1) }).unwrap();
    assert!(outputs(&made.attestation_object.auth_data).rest().is_empty());
    for (name, input) in [
        ("credProtect", Value::from("high")),
        ("credBlob", Value::from(true)),
        ("hmac-secret", Value::from(1)),
        ("hmac-secret-mc", Value::from(true)),
        ("largeBlobKey", Value::from(1)),
        ("minPinLength", Value::from(4)),
        ("thirdPartyPayment", Value::from("yes")),
    ] {
        let request = make_credential::Request { extensions: with(name, input), ..creation("example.com", 2) };
        assert_eq!(bench.make(&request), Err(StatusCode::CborUnexpectedType), "{name}");
    }
    assert_eq!(bench.environment.vault().count(), Ok(1));
}

#[test]
fn get_info_names_them_and_how_long_a_cred_blob_may_be() {
    let info = Bench::new().info();
    let all = [
        "credBlob",
        "credProtect",
        "hmac-secret",
        "hmac-secret-mc",
        "largeBlobKey",
        "minPinLength",
        "thirdPartyPayment",
    ];
    assert_eq!(info.extensions, all);
    assert_eq!(info.max_cred_blob_length, Some(1024));
}
