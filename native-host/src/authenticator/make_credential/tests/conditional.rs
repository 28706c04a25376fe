//! Creations that the user is not asked for.

use super::*;
use crate::verification::SettingsStore;
use crate::verification::os::Outcome;

/// What the client sends where it may not ask.
fn unasked(user: u8) -> Request {
    let options = Options { rk: Some(true), up: Some(false), uv: None };
    Request { options, attestation_formats: vec!["none".to_owned()], ..creation("example.com", user) }
}

fn held(bench: &Bench) -> u64 {
    bench.environment.vault().count().unwrap()
}

#[test]
fn nobody_was_asked_and_the_flags_say_so() {
    let mut bench = Bench::new();
    let made = bench.make_unasked(&unasked(1)).unwrap();
    let flags = data(&made).flags;
    assert!(!flags.contains(Flags::UP) && !flags.contains(Flags::UV));
    assert!(flags.contains(Flags::AT | Flags::BE));
    assert_eq!(made.attestation_object.statement, AttestationStatement::None);
    let signed = bench.get(&request("example.com")).unwrap();
    let flags = AuthenticatorData::from_bytes(&signed.auth_data).unwrap().flags;
    assert!(flags.contains(Flags::UP), "signing in with it is a ceremony like any other");
}

#[test]
fn no_command_of_ctap_makes_a_credential_without_presence_before_or_after() {
    let mut bench = Bench::new();
    assert_eq!(bench.make(&unasked(1)), Err(StatusCode::InvalidOption));
    bench.make_unasked(&unasked(1)).unwrap();
    assert_eq!(bench.make(&unasked(2)), Err(StatusCode::InvalidOption));
    assert_eq!(held(&bench), 1);
}

#[test]
fn it_is_only_for_what_says_itself_that_nobody_is_asked() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    bench.environment.os.outcome = Some(Outcome::Verified);
    let token = bench.token(Two, "1234", 1, "example.com").unwrap();
    let with = |options| Request { options, ..unasked(1) };
    for request in [
        with(Options { rk: Some(true), up: None, uv: None }),
        with(Options { rk: Some(true), up: Some(true), uv: None }),
        with(Options { rk: Some(true), up: Some(false), uv: Some(true) }),
        Request { pin_uv_auth: proof(&token), ..unasked(1) },
    ] {
        assert_eq!(bench.make_unasked(&request), Err(StatusCode::InvalidOption));
    }
    let enterprise = Request { enterprise_attestation: Some(1), ..unasked(1) };
    assert_eq!(bench.make_unasked(&enterprise), Err(StatusCode::InvalidParameter));
    let algorithms = Request { algorithms: vec![-999], ..unasked(1) };
    assert_eq!(bench.make_unasked(&algorithms), Err(StatusCode::UnsupportedAlgorithm));
    assert_eq!(held(&bench), 0);
    let verified = Request { pin_uv_auth: proof(&token), ..creation("example.com", 1) };
    assert!(bench.make(&verified).is_ok(), "the token is not used up by any of it");
}

#[test]
fn whoever_is_always_to_be_verified_is_not_passed_over() {
    let mut bench = Bench::new();
    bench.environment.vault().update_settings(&mut |settings| settings.always_uv = true).unwrap();
    bench.environment.os.outcome = Some(Outcome::Verified);
    assert_eq!(bench.make_unasked(&unasked(1)), Err(StatusCode::PuatRequired));
    assert!(bench.environment.os.asked.borrow().is_empty(), "the OS asks nobody either");
    assert_eq!(held(&bench), 0);
}

#[test]
fn it_replaces_nothing_and_is_excluded_like_any_other() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    assert_eq!(bench.make_unasked(&unasked(1)), Err(StatusCode::CredentialExcluded));
    let excluding = Request { exclude_list: exclude(&[id]), ..unasked(2) };
    assert_eq!(bench.make_unasked(&excluding), Err(StatusCode::CredentialExcluded));
    assert_eq!((held(&bench), bench.environment.vault().trash().unwrap().len()), (1, 0));
}

#[test]
fn what_is_no_request_is_told_by_a_status() {
    let mut bench = Bench::new();
    let answer = bench.authenticator.conditional_create(&mut bench.environment, &[0xa0]);
    assert_eq!(answer, [StatusCode::MissingParameter.byte()]);
}
