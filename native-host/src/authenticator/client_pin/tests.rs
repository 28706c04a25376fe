mod built_in;
mod forced;
mod persistent;

use std::time::Duration;

use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::pin_uv_auth::{pad_pin, pin_hash};
use protocol::ctap::{get_assertion, make_credential};

use super::super::testing::{Bench, creation, proof, request, wire};
use super::*;

fn retries(bench: &mut Bench) -> (Option<i64>, Option<bool>) {
    let subcommand = Subcommand::GetPinRetries.number();
    let response = bench.pin(&Request { subcommand, ..Request::default() }).unwrap();
    (response.pin_retries, response.power_cycle_state)
}

/// A request with a PIN hash, as the platform makes it for `subcommand`.
fn with_pin(bench: &mut Bench, protocol: PinUvAuthProtocol, subcommand: Subcommand, pin: &str) -> Request {
    let (base, secret) = bench.encapsulate(protocol);
    let pin_hash_enc = Some(secret.encrypt(&*pin_hash(pin.as_bytes()), bench.environment.rng()));
    Request { subcommand: subcommand.number(), pin_hash_enc, ..base }
}

#[test]
fn get_pin_retries_on_the_wire() {
    let answer = Bench::new().send(
        "06             # clientPIN
         a1 02 01       # subCommand: getPINRetries",
    );
    let expected = wire(
        "00             # success
         a2             # map of 2
           03 08        # pinRetries: 8
           04 f4        # powerCycleState: false",
    );
    assert_eq!(answer, expected);
}

#[test]
fn get_key_agreement_on_the_wire() {
    let mut bench = Bench::new();
    let message = "06           # clientPIN
         a2                     # map of 2
           01 02                # pinUvAuthProtocol: two
           02 02                # subCommand: getKeyAgreement";
    let answer = bench.send(message);
    let expected = wire(
        "00                     # success
         a1 01 a5               # keyAgreement: COSE_Key
           01 02                # kty: EC2
           03 38 18             # alg: -25, ECDH-ES+HKDF-256
           20 01                # crv: P-256
           21 58 20             # x",
    );
    assert_eq!(answer[..expected.len()], expected);
    assert_eq!(answer.len(), expected.len() + 32 + 3 + 32);
    assert_eq!(bench.send(message), answer, "the key stays the same");
    assert_ne!(bench.send("06 a2 01 01 02 02"), answer, "protocol one has a key of its own");
}

#[test]
fn set_pin_answers_success_and_nothing_else() {
    let mut bench = Bench::new();
    let (base, secret) = bench.encapsulate(Two);
    let new_pin_enc = secret.encrypt(&*pad_pin("1234").unwrap(), bench.environment.rng());
    let pin_uv_auth_param = Some(secret.authenticate(&new_pin_enc));
    let subcommand = Subcommand::SetPin.number();
    let request = Request { subcommand, pin_uv_auth_param, new_pin_enc: Some(new_pin_enc), ..base };
    let message = protocol::ctap::Command::ClientPin.message(&request.to_bytes());
    assert_eq!(bench.authenticator.process(&mut bench.environment, &message), [0]);
}

#[test]
fn set_pin_works_once() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.set_pin(protocol, "1234").unwrap();
        assert_eq!(bench.set_pin(protocol, "5678"), Err(StatusCode::PinAuthInvalid));
        assert!(bench.token(protocol, "1234", 1, "example.com").is_ok());
    }
}

#[test]
fn a_new_pin_has_4_to_63_bytes_and_comes_padded_to_64() {
    let mut bench = Bench::new();
    assert_eq!(bench.set_pin(Two, "123"), Err(StatusCode::PinPolicyViolation));
    assert_eq!(bench.set_pin(Two, "äöü"), Err(StatusCode::PinPolicyViolation), "three characters, six bytes");

    let (base, secret) = bench.encapsulate(Two);
    let new_pin_enc = secret.encrypt(&[b'1'; 128], bench.environment.rng());
    let pin_uv_auth_param = Some(secret.authenticate(&new_pin_enc));
    let subcommand = Subcommand::SetPin.number();
    let request = Request { subcommand, pin_uv_auth_param, new_pin_enc: Some(new_pin_enc), ..base };
    assert_eq!(bench.pin(&request), Err(StatusCode::InvalidParameter));
    assert_eq!(bench.set_pin(Two, &"1".repeat(63)), Ok(()));
}

#[test]
fn a_new_pin_is_authenticated() {
    let mut bench = Bench::new();
    let (base, secret) = bench.encapsulate(Two);
    let new_pin_enc = Some(secret.encrypt(&*pad_pin("1234").unwrap(), bench.environment.rng()));
    let subcommand = Subcommand::SetPin.number();
    let request = Request { subcommand, pin_uv_auth_param: Some(vec![0; 32]), new_pin_enc, ..base };
    assert_eq!(bench.pin(&request), Err(StatusCode::PinAuthInvalid));
    assert_eq!(bench.info().option("clientPin"), Some(false));
}

#[test]
fn change_pin_takes_the_old_one() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        assert_eq!(bench.change_pin(protocol, "1234", "5678"), Err(StatusCode::PinNotSet));
        bench.set_pin(protocol, "1234").unwrap();
        assert_eq!(bench.change_pin(protocol, "0000", "5678"), Err(StatusCode::PinInvalid));
        assert_eq!(retries(&mut bench).0, Some(7));
        assert_eq!(bench.change_pin(protocol, "1234", "5678"), Ok(()));
        assert_eq!(retries(&mut bench).0, Some(8));
        assert!(bench.token(protocol, "5678", 1, "example.com").is_ok());
    }
}

#[test]
fn a_changed_pin_ends_the_token() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let token = bench.token(Two, "1234", 1, "example.com").unwrap();
    bench.change_pin(Two, "1234", "5678").unwrap();
    let make = make_credential::Request { pin_uv_auth: proof(&token), ..creation("example.com", 1) };
    assert_eq!(bench.make(&make), Err(StatusCode::PinAuthInvalid));
}

#[test]
fn a_new_token_ends_the_one_before() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let before = bench.token(Two, "1234", 1, "example.com").unwrap();
    bench.token(Two, "1234", 1, "example.com").unwrap();
    let make = make_credential::Request { pin_uv_auth: proof(&before), ..creation("example.com", 1) };
    assert_eq!(bench.make(&make), Err(StatusCode::PinAuthInvalid));
}

#[test]
fn three_wrong_pins_need_a_new_session_and_eight_lock_the_pin() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let wrong = |bench: &mut Bench| bench.token(Two, "0000", 1, "example.com").err();
    for expected in [StatusCode::PinInvalid, StatusCode::PinInvalid, StatusCode::PinAuthBlocked] {
        assert_eq!(wrong(&mut bench), Some(expected));
    }
    assert_eq!(retries(&mut bench), (Some(5), Some(true)));
    let right = bench.token(Two, "1234", 1, "example.com").err();
    assert_eq!(right, Some(StatusCode::PinAuthBlocked), "not even the right one is judged");
    assert_eq!(retries(&mut bench).0, Some(5));

    bench.restart();
    assert_eq!(retries(&mut bench), (Some(5), Some(false)));
    for _ in 0..3 {
        wrong(&mut bench);
    }
    bench.restart();
    assert_eq!(wrong(&mut bench), Some(StatusCode::PinInvalid));
    assert_eq!(wrong(&mut bench), Some(StatusCode::PinBlocked));
    bench.restart();
    let right = bench.token(Two, "1234", 1, "example.com").err();
    assert_eq!(right, Some(StatusCode::PinBlocked));
    assert_eq!(bench.change_pin(Two, "1234", "5678"), Err(StatusCode::PinBlocked));
}

#[test]
fn a_right_pin_gives_all_tries_back() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    bench.token(Two, "0000", 1, "example.com").err().unwrap();
    assert_eq!(retries(&mut bench).0, Some(7));
    bench.token(Two, "1234", 1, "example.com").unwrap();
    assert_eq!(retries(&mut bench).0, Some(8));
}

#[test]
fn a_wrong_pin_costs_the_key_agreement_key() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let ask = Request { pin_uv_auth_protocol: Some(2), subcommand: 2, ..Request::default() };
    let before = bench.pin(&ask).unwrap();
    bench.token(Two, "1234", 1, "example.com").unwrap();
    assert_eq!(bench.pin(&ask).unwrap(), before);
    bench.token(Two, "0000", 1, "example.com").err().unwrap();
    assert_ne!(bench.pin(&ask).unwrap(), before);
}

#[test]
fn the_old_form_of_token_is_good_for_both_commands_and_bound_by_its_first_use() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.register("example.org", 1);
        bench.set_pin(protocol, "1234").unwrap();
        let (base, secret) = bench.encapsulate(protocol);
        let pin_hash_enc = Some(secret.encrypt(&*pin_hash(b"1234"), bench.environment.rng()));
        let ask = Request { subcommand: Subcommand::GetPinToken.number(), pin_hash_enc, ..base };
        let encrypted = bench.pin(&ask).unwrap().pin_uv_auth_token.unwrap();
        let token = PinUvAuthToken::decrypt(&encrypted, &secret).unwrap();

        let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
        assert_eq!(bench.get(&get), Err(StatusCode::NoCredentials), "verified, nothing found, nothing used up");
        let elsewhere = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.org") };
        assert_eq!(bench.get(&elsewhere), Err(StatusCode::PinAuthInvalid), "bound to example.com");
        let make = make_credential::Request { pin_uv_auth: proof(&token), ..creation("example.com", 1) };
        assert!(bench.make(&make).is_ok());
    }
}

#[test]
fn the_old_form_takes_no_permissions() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let ask = with_pin(&mut bench, Two, Subcommand::GetPinToken, "1234");
    let with_permissions = Request { permissions: Some(1), ..ask.clone() };
    let with_rp_id = Request { rp_id: Some("example.com".into()), ..ask };
    assert_eq!(bench.pin(&with_permissions), Err(StatusCode::InvalidParameter));
    assert_eq!(bench.pin(&with_rp_id), Err(StatusCode::InvalidParameter));
}

#[test]
fn permissions_are_those_of_the_commands_served() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    for (permissions, status) in [
        (0, StatusCode::InvalidParameter),
        (-1, StatusCode::InvalidParameter),
        (256, StatusCode::InvalidParameter),
        (0x08, StatusCode::UnauthorizedPermission), // bioEnrollment
        (0x44, StatusCode::UnauthorizedPermission), // pcmr beside another
    ] {
        assert_eq!(bench.token(Two, "1234", permissions, "example.com").err(), Some(status), "{permissions}");
    }
    assert_eq!(retries(&mut bench).0, Some(8), "none of them cost a try");
    for permissions in [0x01, 0x02, 0x03, 0x04, 0x10, 0x20, 0x37, 0x40, 0x80 | 0x01] {
        assert!(bench.token(Two, "1234", permissions, "example.com").is_ok(), "{permissions}");
    }
}

#[test]
fn members_that_a_subcommand_needs_are_missed() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let whole = Request {
        permissions: Some(1),
        rp_id: Some("example.com".into()),
        ..with_pin(&mut bench, Two, Subcommand::GetPinUvAuthTokenUsingPinWithPermissions, "1234")
    };
    for without in [
        Request { pin_uv_auth_protocol: None, ..whole.clone() },
        Request { key_agreement: None, ..whole.clone() },
        Request { pin_hash_enc: None, ..whole.clone() },
        Request { permissions: None, ..whole.clone() },
        Request { rp_id: None, ..whole.clone() },
        Request { subcommand: Subcommand::SetPin.number(), ..whole.clone() },
        Request { subcommand: Subcommand::ChangePin.number(), ..whole.clone() },
        Request { subcommand: Subcommand::GetKeyAgreement.number(), pin_uv_auth_protocol: None, ..whole.clone() },
    ] {
        assert_eq!(bench.pin(&without), Err(StatusCode::MissingParameter), "{without:?}");
    }
    let third = Request { pin_uv_auth_protocol: Some(3), ..whole };
    assert_eq!(bench.pin(&third), Err(StatusCode::InvalidParameter));
}

#[test]
fn what_is_no_subcommand_is_refused() {
    for subcommand in [0, 8, 10, -1] {
        let request = Request { subcommand, ..Request::default() };
        assert_eq!(Bench::new().pin(&request), Err(StatusCode::InvalidSubcommand));
    }
}

#[test]
fn a_pin_hash_of_another_length_costs_no_try() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let (base, secret) = bench.encapsulate(Two);
    for pin_hash_enc in [secret.encrypt(&[0; 32], bench.environment.rng()), vec![1; 15]] {
        let ask =
            Request { subcommand: Subcommand::GetPinToken.number(), pin_hash_enc: Some(pin_hash_enc), ..base.clone() };
        assert_eq!(bench.pin(&ask), Err(StatusCode::PinAuthInvalid));
    }
    assert_eq!(retries(&mut bench).0, Some(8));
}
