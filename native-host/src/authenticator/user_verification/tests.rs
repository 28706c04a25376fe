use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::Two;
use protocol::ctap::{get_assertion, make_credential};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

use super::super::testing::{Bench, creation, proof, request};
use super::*;
use crate::verification::os::Outcome;

fn flags(auth_data: &[u8]) -> Flags {
    AuthenticatorData::from_bytes(auth_data).unwrap().flags
}

/// A bench with a passkey, whose user is always to be verified.
fn always() -> Bench {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.switch_always_uv_on();
    bench
}

#[test]
fn always_means_that_the_platform_has_to_bring_a_token() {
    let mut bench = always();
    for pin in [None, Some("1234")] {
        if let Some(pin) = pin {
            bench.set_pin(Two, pin).unwrap();
        }
        assert_eq!(bench.make(&creation("example.com", 2)), Err(StatusCode::PuatRequired), "{pin:?}");
        assert_eq!(bench.get(&request("example.com")), Err(StatusCode::PuatRequired), "{pin:?}");
        assert_eq!(bench.environment.vault().count(), Ok(1));
    }
    let token = bench.token(Two, "1234", 3, "example.com").unwrap();
    let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
    assert!(flags(&bench.get(&get).unwrap().auth_data).contains(Flags::UP | Flags::UV));
    let token = bench.token(Two, "1234", 3, "example.com").unwrap();
    let make = make_credential::Request { pin_uv_auth: proof(&token), ..creation("example.com", 2) };
    let made = bench.make(&make).unwrap();
    assert!(flags(&made.attestation_object.auth_data).contains(Flags::UP | Flags::UV));
}

#[test]
fn always_asks_nobody_where_the_platform_only_looks() {
    let mut bench = always();
    bench.switch_os_on(Outcome::Verified);
    let look = Options { up: Some(false), ..Options::default() };
    let looked = bench.get(&get_assertion::Request { options: look, ..request("example.com") }).unwrap();
    assert!(!flags(&looked.auth_data).contains(Flags::UP) && !flags(&looked.auth_data).contains(Flags::UV));
    assert!(bench.environment.os.asked.borrow().is_empty());
}

#[test]
fn always_asks_the_os_where_that_is_switched_on() {
    let mut bench = always();
    bench.switch_os_on(Outcome::Verified);
    let response = bench.get(&request("example.com")).unwrap();
    assert!(flags(&response.auth_data).contains(Flags::UP | Flags::UV));
    let made = bench.make(&creation("example.com", 2)).unwrap();
    assert!(flags(&made.attestation_object.auth_data).contains(Flags::UP | Flags::UV));
    assert_eq!(bench.environment.os.asked.borrow().len(), 2);
    bench.switch_os_on(Outcome::Failed);
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::OperationDenied));
}

#[test]
fn with_a_token_the_os_is_not_asked_as_well() {
    let mut bench = always();
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, 2, Some("example.com")).unwrap();
    bench.environment.os.asked.take();
    let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
    assert!(bench.get(&get).is_ok());
    assert!(bench.environment.os.asked.borrow().is_empty());
}

#[test]
fn always_is_told_by_get_info() {
    let mut bench = always();
    assert_eq!(bench.info().option("alwaysUv"), Some(true));
    assert_eq!(bench.info().option("makeCredUvNotRqd"), Some(false));
}

#[test]
fn what_nobody_may_hear_of_is_not_told_before_the_user_is_verified() {
    let mut bench = always();
    assert_eq!(bench.get(&request("example.org")), Err(StatusCode::PuatRequired), "whether there is one or not");
    let source = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap();
    let id = source.credential_id;
    let exclude_list = vec![protocol::ctap::PublicKeyCredentialDescriptor { id }];
    let make = make_credential::Request { exclude_list, ..creation("example.com", 2) };
    assert_eq!(bench.make(&make), Err(StatusCode::PuatRequired));
}
