use protocol::ctap::Options;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

use super::*;
use crate::verification::os::Outcome;

fn uv() -> Options {
    Options { uv: Some(true), ..Options::default() }
}

fn make_with_uv(user: u8) -> make_credential::Request {
    make_credential::Request { options: Options { rk: Some(true), ..uv() }, ..creation("example.com", user) }
}

fn flags(auth_data: &[u8]) -> Flags {
    AuthenticatorData::from_bytes(auth_data).unwrap().flags
}

#[test]
fn get_uv_retries_on_the_wire() {
    let answer = Bench::new().send(
        "06             # clientPIN
         a1 02 07       # subCommand: getUVRetries",
    );
    let expected = wire(
        "00             # success
         a1             # map of 1
           05 05        # uvRetries: 5",
    );
    assert_eq!(answer, expected);
}

#[test]
fn a_token_by_uv_on_the_wire() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let (base, _) = bench.encapsulate(Two);
    let point = base.key_agreement.unwrap().to_public_bytes();
    let message = [
        wire(
            "06                      # clientPIN
             a5                      # map of 5
               01 02                 # pinUvAuthProtocol: two
               02 06                 # subCommand: getPinUvAuthTokenUsingUvWithPermissions
               03 a5                 # keyAgreement: COSE_Key
                 01 02               #   kty: EC2
                 03 38 18            #   alg: -25, ECDH-ES+HKDF-256
                 20 01               #   crv: P-256
                 21 58 20            #   x",
        ),
        point[1..33].to_vec(),
        wire("   22 58 20            #   y"),
        point[33..].to_vec(),
        wire(
            "  09 02                 # permissions: ga
               0a 6b 6578616d706c652e636f6d # rpId: example.com",
        ),
    ];
    let answer = bench.authenticator.process(&mut bench.environment, &message.concat());
    let expected = wire(
        "00                          # success
         a1                          # map of 1
           02 58 30                  # pinUvAuthToken: an IV of 16 bytes, 32 encrypted ones",
    );
    assert_eq!(answer[..expected.len()], expected);
    assert_eq!(answer.len(), expected.len() + 48);
}

#[test]
fn what_became_of_asking_is_told_by_a_status() {
    let cases = [
        (Outcome::Verified, None, 5),
        (Outcome::Failed, Some(StatusCode::UvInvalid), 4),
        (Outcome::Cancelled, Some(StatusCode::OperationDenied), 5),
        (Outcome::TimedOut, Some(StatusCode::UserActionTimeout), 5),
        (Outcome::Unavailable, Some(StatusCode::NotAllowed), 5),
    ];
    for (outcome, status, left) in cases {
        let mut bench = Bench::new();
        bench.switch_os_on(outcome);
        assert_eq!(bench.token_by_uv(Two, 1, Some("example.com")).err(), status, "{outcome:?}");
        assert_eq!(bench.uv_retries(), left, "{outcome:?}");
    }
}

#[test]
fn in_a_ceremony_other_statuses_tell_it() {
    let cases = [
        (Outcome::Failed, StatusCode::OperationDenied),
        (Outcome::Cancelled, StatusCode::OperationDenied),
        (Outcome::TimedOut, StatusCode::UserActionTimeout),
        (Outcome::Unavailable, StatusCode::OperationDenied),
    ];
    for (outcome, status) in cases {
        let mut bench = Bench::new();
        bench.register("example.com", 1);
        bench.switch_os_on(outcome);
        assert_eq!(bench.make(&make_with_uv(2)), Err(status), "{outcome:?}");
        let get = get_assertion::Request { options: uv(), ..request("example.com") };
        assert_eq!(bench.get(&get), Err(status), "{outcome:?}");
        assert_eq!(bench.environment.vault().count(), Ok(1), "nothing was made");
    }
}

#[test]
fn five_failures_block_it_and_nobody_is_asked_any_more() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Failed);
    for left in [4, 3, 2, 1] {
        assert_eq!(bench.token_by_uv(Two, 1, Some("example.com")).err(), Some(StatusCode::UvInvalid));
        assert_eq!(bench.uv_retries(), left);
    }
    assert_eq!(bench.token_by_uv(Two, 1, Some("example.com")).err(), Some(StatusCode::UvBlocked));
    bench.switch_os_on(Outcome::Verified);
    let asked = bench.environment.os.asked.borrow().len();
    assert_eq!(bench.token_by_uv(Two, 1, Some("example.com")).err(), Some(StatusCode::UvBlocked));
    assert_eq!(bench.make(&make_with_uv(1)), Err(StatusCode::PinBlocked), "makeCredential has another name for it");
    assert_eq!(bench.environment.os.asked.borrow().len(), asked);
}

#[test]
fn the_tries_come_back_by_a_right_pin_by_success_and_by_a_new_session() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let fail = |bench: &mut Bench, times: usize| {
        bench.switch_os_on(Outcome::Failed);
        for _ in 0..times {
            bench.token_by_uv(Two, 1, Some("example.com")).err().unwrap();
        }
    };
    fail(&mut bench, 5);
    bench.token(Two, "0000", 1, "example.com").err().unwrap();
    assert_eq!(bench.uv_retries(), 0, "a wrong PIN gives nothing back");
    bench.token(Two, "1234", 1, "example.com").unwrap();
    assert_eq!(bench.uv_retries(), 5);

    fail(&mut bench, 4);
    bench.switch_os_on(Outcome::Verified);
    bench.token_by_uv(Two, 1, Some("example.com")).unwrap();
    assert_eq!(bench.uv_retries(), 5);

    fail(&mut bench, 5);
    bench.restart();
    assert_eq!(bench.uv_retries(), 5);
}

#[test]
fn the_user_is_told_what_for() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    bench.token_by_uv(Two, 1, Some("example.com")).unwrap();
    bench.token_by_uv(Two, 2, Some("example.com")).unwrap();
    bench.token_by_uv(Two, 0x04, None).unwrap();
    bench.token_by_uv(Two, 0x20, Some("example.com")).unwrap();
    bench.make(&make_with_uv(1)).unwrap();
    let asked = bench.environment.os.asked.take();
    let [make, get] = ["MakeCredential", "GetAssertion"].map(|what| format!("{what} {{ rp_id: \"example.com\" }}"));
    assert_eq!(asked, [&make, &get, "Management", "Management", &make]);
}

#[test]
fn a_token_by_uv_is_good_for_its_permissions_and_its_rp_id() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.register("example.com", 1);
        bench.switch_os_on(Outcome::Verified);
        let token = bench.token_by_uv(protocol, 2, Some("example.com")).unwrap();
        let make = make_credential::Request { pin_uv_auth: proof(&token), ..creation("example.com", 2) };
        assert_eq!(bench.make(&make), Err(StatusCode::PinAuthInvalid));
        let elsewhere = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.org") };
        assert_eq!(bench.get(&elsewhere), Err(StatusCode::PinAuthInvalid));
        let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
        assert!(flags(&bench.get(&get).unwrap().auth_data).contains(Flags::UP | Flags::UV));
        assert_eq!(bench.get(&get), Err(StatusCode::PinAuthInvalid), "used up");
    }
}

#[test]
fn permissions_are_judged_before_anybody_is_asked() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let cases = [
        (0, Some("example.com"), StatusCode::InvalidParameter),
        (0x08, Some("example.com"), StatusCode::UnauthorizedPermission), // bioEnrollment
        (0x44, None, StatusCode::UnauthorizedPermission),                // pcmr beside another
        (0x01, None, StatusCode::MissingParameter),                      // mc without an RP ID
    ];
    for (permissions, rp_id, status) in cases {
        assert_eq!(bench.token_by_uv(Two, permissions, rp_id).err(), Some(status), "{permissions}");
    }
    assert!(bench.environment.os.asked.borrow().is_empty());
}

#[test]
fn where_it_is_not_switched_on_nobody_is_asked() {
    let mut bench = Bench::new();
    bench.environment.os.outcome = Some(Outcome::Verified);
    assert_eq!(bench.info().option("uv"), Some(false));
    assert_eq!(bench.token_by_uv(Two, 1, Some("example.com")).err(), Some(StatusCode::NotAllowed));
    assert_eq!(bench.make(&make_with_uv(1)), Err(StatusCode::InvalidOption));
    assert!(bench.environment.os.asked.borrow().is_empty());
    bench.switch_os_on(Outcome::Verified);
    assert_eq!(bench.info().option("uv"), Some(true));
}

#[test]
fn with_the_option_uv_the_os_verifies_for_this_one_ceremony() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let made = bench.make(&make_with_uv(1)).unwrap();
    assert!(flags(&made.attestation_object.auth_data).contains(Flags::UP | Flags::UV));
    let get = get_assertion::Request { options: uv(), ..request("example.com") };
    assert!(flags(&bench.get(&get).unwrap().auth_data).contains(Flags::UP | Flags::UV));
    let plain = bench.get(&request("example.com")).unwrap();
    assert!(!flags(&plain.auth_data).contains(Flags::UV), "the next one is its own");
    assert_eq!(bench.environment.os.asked.borrow().len(), 2);
}

#[test]
fn beside_a_token_the_option_uv_counts_for_nothing() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let wrong = PinUvAuth { param: vec![1; 32], protocol: Some(2) };
    let make = make_credential::Request { pin_uv_auth: Some(wrong), ..make_with_uv(1) };
    assert_eq!(bench.make(&make), Err(StatusCode::PinAuthInvalid));
    assert!(bench.environment.os.asked.borrow().is_empty());
}
