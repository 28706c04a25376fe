//! What is remembered of a passkey's use.

use protocol::ctap::extensions::{AssertionInputs, CreationInputs};
use protocol::ctap::{Options, get_assertion, make_credential};

use super::super::testing::{HASH, creation, proof, request};
use super::*;
use crate::verification::os::Outcome;

const BOTH: i64 = 0x03;

fn uses(bench: &mut Bench, id: &CredentialId) -> Vec<(UseKind, Verified, u64)> {
    bench.after_answer();
    let uses = bench.environment.vault().history(id).unwrap();
    uses.into_iter().map(|used| (used.kind, used.verified, used.at)).collect()
}

fn prf_used(bench: &mut Bench, id: &CredentialId) -> bool {
    bench.after_answer();
    bench.environment.vault().get(id).unwrap().unwrap().prf_used
}

fn made(made: &make_credential::Response) -> CredentialId {
    made.attestation_object.authenticator_data().unwrap().attested_credential_data.unwrap().credential_id
}

#[test]
fn a_creation_and_each_sign_in_are_remembered_with_how_the_user_was_verified() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let at = bench.environment.now;
    bench.environment.now += 1;
    bench.get(&request("example.com")).unwrap();
    bench.set_pin(PinUvAuthProtocol::Two, "1234").unwrap();
    let token = bench.token(PinUvAuthProtocol::Two, "1234", BOTH, "example.com").unwrap();
    bench.environment.now += 1;
    bench.get(&get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") }).unwrap();
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(PinUvAuthProtocol::Two, BOTH, Some("example.com")).unwrap();
    bench.environment.now += 1;
    bench.get(&get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") }).unwrap();
    bench.environment.now += 1;
    let options = Options { uv: Some(true), ..Options::default() };
    bench.get(&get_assertion::Request { options, ..request("example.com") }).unwrap();
    let remembered = [
        (UseKind::Created, Verified::No, at),
        (UseKind::SignedIn, Verified::No, at + 1),
        (UseKind::SignedIn, Verified::Pin, at + 2),
        (UseKind::SignedIn, Verified::BuiltIn, at + 3),
        (UseKind::SignedIn, Verified::BuiltIn, at + 4),
    ];
    assert_eq!(uses(&mut bench, &id), remembered);
}

#[test]
fn what_fails_or_only_looks_is_no_use_and_each_of_several_signatures_is_one() {
    let mut bench = Bench::new();
    let [first, second] = [1, 2].map(|user| bench.register("example.com", user));
    assert!(bench.get(&request("example.org")).is_err());
    let silent = Options { up: Some(false), ..Options::default() };
    bench.get(&get_assertion::Request { options: silent, ..request("example.com") }).unwrap();
    assert_eq!([uses(&mut bench, &first).len(), uses(&mut bench, &second).len()], [1, 1]);
    bench.get(&request("example.com")).unwrap();
    bench.get_next().unwrap();
    assert!(bench.get_next().is_err());
    assert_eq!([uses(&mut bench, &first).len(), uses(&mut bench, &second).len()], [2, 2]);
}

#[test]
fn one_that_nobody_was_asked_for_is_remembered_too() {
    let mut bench = Bench::new();
    let options = Options { rk: Some(true), up: Some(false), uv: None };
    let unasked = make_credential::Request { options, ..creation("example.com", 1) };
    let id = made(&bench.make_unasked(&unasked).unwrap());
    let at = bench.environment.now;
    assert_eq!(uses(&mut bench, &id), [(UseKind::Created, Verified::No, at)]);
}

#[test]
fn browser_and_origin_are_those_of_the_message_that_used_it() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    bench.authenticator.used_by(Some("Firefox"), Some("https://example.com"));
    bench.get(&request("example.com")).unwrap();
    bench.authenticator.used_by(Some("Firefox"), None);
    bench.info();
    bench.authenticator.used_by(Some("Chrome"), Some("https://example.org"));
    let uses = bench.environment.vault().history(&id).unwrap();
    let callers: Vec<_> = uses.iter().map(|used| (used.browser.as_deref(), used.origin.as_deref())).collect();
    assert_eq!(callers, [(Some("Firefox"), Some("https://example.com")), (Some("Firefox"), None)]);
}

#[test]
fn keys_that_were_derived_are_remembered_and_in_a_private_window_nothing_else() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    assert!(!prf_used(&mut bench, &id));
    let before = uses(&mut bench, &id);
    let (input, _) = bench.salts(PinUvAuthProtocol::Two, &[1; 32]);
    let inputs = AssertionInputs { hmac_secret: Some(input), ..AssertionInputs::default() };
    bench.get(&get_assertion::Request { extensions: inputs.to_value(), ..request("example.com") }).unwrap();
    bench.authenticator.forget_use();
    assert!(prf_used(&mut bench, &id));
    assert_eq!(uses(&mut bench, &id), before);
    assert_eq!(bench.environment.vault().get(&id).unwrap().unwrap().last_used, None);
}

/// That the site wants to be able to (hmac-secret at creation) is not yet that it has.
#[test]
fn at_creation_only_a_key_that_was_derived_counts() {
    let mut bench = Bench::new();
    let mut make = |user, inputs: &CreationInputs| {
        let answer =
            bench.make(&make_credential::Request { extensions: inputs.to_value(), ..creation("example.com", user) });
        let id = made(&answer.unwrap());
        prf_used(&mut bench, &id)
    };
    let asked = CreationInputs { hmac_secret: true, ..CreationInputs::default() };
    assert!(!make(1, &asked));
    let (input, _) = bench.salts(PinUvAuthProtocol::Two, &[1; 32]);
    let derived = CreationInputs { hmac_secret: true, hmac_secret_mc: Some(input), ..CreationInputs::default() };
    let answer = bench.make(&make_credential::Request { extensions: derived.to_value(), ..creation("example.com", 2) });
    let id = made(&answer.unwrap());
    assert!(prf_used(&mut bench, &id));
}

fn authorize(bench: &mut Bench, on: bool, pin_uv_auth: Option<(i64, Vec<u8>)>) -> Result<(), StatusCode> {
    let pin_uv_auth = pin_uv_auth.map(|(protocol, param)| protocol::manage::PinUvAuth { protocol, param });
    let request = protocol::manage::SetOsVerification { on, pin_uv_auth };
    bench.authenticator.authorize_os_verification(&bench.environment, &request)
}

#[test]
fn verification_by_the_os_is_settled_with_the_pin_where_there_is_one() {
    let message = protocol::manage::SetOsVerification::message;
    let mut bench = Bench::new();
    assert_eq!(authorize(&mut bench, true, None), Ok(()), "there is no PIN");
    bench.set_pin(PinUvAuthProtocol::Two, "1234").unwrap();
    assert_eq!(authorize(&mut bench, true, None), Err(StatusCode::PuatRequired));
    for (protocol, number) in [(PinUvAuthProtocol::One, 1), (PinUvAuthProtocol::Two, 2)] {
        let token = bench.unbound_token(protocol, "1234", 0x20).unwrap();
        let param = token.authenticate(&message(true));
        assert_eq!(authorize(&mut bench, true, Some((number, param.clone()))), Ok(()));
        assert_eq!(authorize(&mut bench, false, Some((number, param))), Err(StatusCode::PinAuthInvalid));
        let other = token.authenticate(&HASH.0);
        assert_eq!(authorize(&mut bench, true, Some((number, other))), Err(StatusCode::PinAuthInvalid));
    }
    let token = bench.unbound_token(PinUvAuthProtocol::Two, "1234", 0x04).unwrap();
    let param = token.authenticate(&message(true));
    assert_eq!(authorize(&mut bench, true, Some((2, param.clone()))), Err(StatusCode::PinAuthInvalid), "not acfg");
    assert_eq!(authorize(&mut bench, true, Some((3, param))), Err(StatusCode::InvalidParameter));
}

#[test]
fn a_task_of_sync_is_begun_with_the_pin_where_there_is_one_and_a_proof_is_good_for_it_alone() {
    use protocol::manage::PinUvAuth;
    use protocol::manage::sync::Task;
    let mut bench = Bench::new();
    let authorize = |bench: &mut Bench, task: &Task, param: Option<Vec<u8>>| {
        let auth = param.map(|param| PinUvAuth { protocol: 2, param });
        bench.authenticator.authorize_sync(&bench.environment, task, auth.as_ref())
    };
    assert_eq!(authorize(&mut bench, &Task::TurnOff {}, None), Ok(()), "there is no PIN");
    bench.set_pin(PinUvAuthProtocol::Two, "1234").unwrap();
    assert_eq!(authorize(&mut bench, &Task::TurnOff {}, None), Err(StatusCode::PuatRequired));
    let token = bench.unbound_token(PinUvAuthProtocol::Two, "1234", 0x20).unwrap();
    let param = token.authenticate(&Task::TurnOff {}.message());
    assert_eq!(authorize(&mut bench, &Task::AddDevice {}, Some(param.clone())), Err(StatusCode::PinAuthInvalid));
    assert_eq!(authorize(&mut bench, &Task::TurnOff {}, Some(param)), Ok(()));
    let other = bench.unbound_token(PinUvAuthProtocol::Two, "1234", 0x04).unwrap();
    let param = other.authenticate(&Task::TurnOff {}.message());
    assert_eq!(authorize(&mut bench, &Task::TurnOff {}, Some(param)), Err(StatusCode::PinAuthInvalid), "not acfg");
}
