use protocol::cbor::Value;
use protocol::ctap::extensions::CreationInputs;
use protocol::ctap::make_credential;
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::pin_uv_auth::PinUvAuthToken;

use super::super::testing::{Bench, creation, wire};
use super::*;
use crate::verification::os::Outcome;

const ACFG: i64 = 0x20;
const TOGGLE: i64 = 0x02;
const MIN_LENGTH: i64 = 0x03;

fn with_pin(pin: &str) -> Bench {
    let mut bench = Bench::new();
    bench.set_pin(Two, pin).unwrap();
    bench
}

fn token(bench: &mut Bench) -> PinUvAuthToken {
    bench.switch_os_on(Outcome::Verified);
    bench.token_by_uv(Two, ACFG, None).unwrap()
}

fn length(length: i64) -> Option<Value> {
    Some(SetMinPinLength { new_min_pin_length: Some(length), ..SetMinPinLength::default() }.to_value())
}

fn rp_ids(rp_ids: &[&str]) -> Option<Value> {
    let rp_ids = Some(rp_ids.iter().map(|rp_id| (*rp_id).into()).collect());
    Some(SetMinPinLength { rp_ids, ..SetMinPinLength::default() }.to_value())
}

fn force_change() -> Option<Value> {
    Some(SetMinPinLength { force_change_pin: Some(true), ..SetMinPinLength::default() }.to_value())
}

#[test]
fn toggle_always_uv_on_the_wire() {
    let mut bench = Bench::new();
    let token = token(&mut bench);
    let authenticated = [
        vec![0xff; 32],
        wire(
            "0d                              # authenticatorConfig
             02                              # the sub-command",
        ),
    ];
    let message = [
        wire(
            "0d                              # authenticatorConfig
             a3                              # map of 3
               01 02                         # subCommand: toggleAlwaysUv
               03 02                         # pinUvAuthProtocol: two
               04 58 20                      # pinUvAuthParam: 32 bytes",
        ),
        token.authenticate(&authenticated.concat()),
    ];
    let answer = bench.authenticator.process(&mut bench.environment, &message.concat());
    assert_eq!(answer, [0x00], "success alone");
    assert_eq!(bench.info().option("alwaysUv"), Some(true));
}

#[test]
fn set_min_pin_length_on_the_wire() {
    let mut bench = Bench::new();
    let answer = bench.send(
        "0d                                  # authenticatorConfig
         a2                                  # map of 2
           01 03                             # subCommand: setMinPINLength
           02 a2                             # subCommandParams
             01 06                           #   newMinPINLength: 6
             02 81 6b 6578616d706c652e636f6d #   minPinLengthRPIDs: example.com",
    );
    assert_eq!(answer, [0x00], "success alone, and without a PIN without a proof");
    assert_eq!(bench.info().min_pin_length, Some(6));
    let settings = bench.environment.vault().settings().unwrap();
    assert_eq!(settings.min_pin_length_rp_ids, ["example.com".into()]);
}

#[test]
fn always_uv_is_turned_on_and_off() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.switch_os_on(Outcome::Verified);
        let token = bench.token_by_uv(protocol, ACFG, None).unwrap();
        for on in [true, false, true] {
            bench.configure(TOGGLE, None, Some(&token)).unwrap();
            assert_eq!(bench.info().option("alwaysUv"), Some(on));
            assert_eq!(bench.info().option("makeCredUvNotRqd"), Some(!on));
        }
    }
}

#[test]
fn whoever_has_a_pin_or_the_os_proves_it() {
    let mut by_pin = with_pin("1234");
    let mut by_os = Bench::new();
    by_os.switch_os_on(Outcome::Verified);
    for bench in [&mut by_pin, &mut by_os] {
        for (subcommand, parameters) in [(TOGGLE, None), (MIN_LENGTH, length(6)), (MIN_LENGTH, force_change())] {
            assert_eq!(bench.configure(subcommand, parameters, None), Err(StatusCode::PuatRequired));
        }
        assert_eq!((bench.info().option("alwaysUv"), bench.info().min_pin_length), (Some(false), Some(4)));
    }
}

#[test]
fn whoever_has_neither_may_turn_always_uv_on_and_off_and_while_it_is_on_nothing_else() {
    let mut bench = Bench::new();
    bench.configure(TOGGLE, None, None).unwrap();
    assert_eq!(bench.info().option("alwaysUv"), Some(true));
    assert_eq!(bench.configure(MIN_LENGTH, length(6), None), Err(StatusCode::PuatRequired));
    bench.configure(TOGGLE, None, None).unwrap();
    assert_eq!(bench.configure(MIN_LENGTH, length(6), None), Ok(()));
}

#[test]
fn a_token_needs_the_permission_and_is_for_this_command() {
    let mut bench = with_pin("1234");
    bench.switch_os_on(Outcome::Verified);
    let other = bench.token_by_uv(Two, 0x17, Some("example.com")).unwrap();
    assert_eq!(bench.configure(TOGGLE, None, Some(&other)), Err(StatusCode::PinAuthInvalid), "all but acfg");
    let token = token(&mut bench);
    let request = SubcommandRequest {
        subcommand: TOGGLE,
        parameters: None,
        pin_uv_auth: Some(super::super::testing::proof_of(&token, &[0x02])),
    };
    let answer = bench.command(Command::AuthenticatorConfig, &request.to_bytes());
    assert_eq!(answer, Err(StatusCode::PinAuthInvalid), "without the 32 bytes of 0xff and the command");
    assert_eq!(bench.info().option("alwaysUv"), Some(false));
    assert_eq!(bench.configure(TOGGLE, None, Some(&token)), Ok(()));
}

#[test]
fn the_shortest_pin_only_grows_and_to_63_at_most() {
    let mut bench = Bench::new();
    bench.configure(MIN_LENGTH, length(8), None).unwrap();
    for refused in [7, 4, 0, -1, 64, 256, i64::MAX] {
        assert_eq!(
            bench.configure(MIN_LENGTH, length(refused), None),
            Err(StatusCode::PinPolicyViolation),
            "{refused}"
        );
    }
    assert_eq!(bench.info().min_pin_length, Some(8));
    bench.configure(MIN_LENGTH, length(8), None).unwrap();
    bench.configure(MIN_LENGTH, length(63), None).unwrap();
    assert_eq!(bench.info().min_pin_length, Some(63));
}

#[test]
fn a_pin_that_is_too_short_now_must_be_changed() {
    let mut bench = with_pin("äöü1");
    let acfg = token(&mut bench);
    bench.configure(MIN_LENGTH, length(4), Some(&acfg)).unwrap();
    assert_eq!(bench.info().force_pin_change, Some(false), "four characters, whatever their bytes");
    bench.configure(MIN_LENGTH, length(5), Some(&acfg)).unwrap();
    assert_eq!(bench.info().force_pin_change, Some(true));
    let after = bench.configure(TOGGLE, None, Some(&acfg));
    assert_eq!(after, Err(StatusCode::PinAuthInvalid), "the token is reset");
    assert_eq!(bench.change_pin(Two, "äöü1", "1234"), Err(StatusCode::PinPolicyViolation));
    bench.change_pin(Two, "äöü1", "12345").unwrap();
    assert_eq!(bench.info().force_pin_change, Some(false));
}

#[test]
fn a_change_is_forced_where_there_is_a_pin() {
    let mut bench = Bench::new();
    assert_eq!(bench.configure(MIN_LENGTH, force_change(), None), Err(StatusCode::PinNotSet));
    bench.set_pin(Two, "1234").unwrap();
    let acfg = token(&mut bench);
    bench.configure(MIN_LENGTH, force_change(), Some(&acfg)).unwrap();
    assert_eq!(bench.info().force_pin_change, Some(true));
    assert_eq!(bench.info().min_pin_length, Some(4), "nothing else was asked for");
}

#[test]
fn the_list_of_who_may_learn_it_is_replaced_and_has_an_end() {
    let mut bench = Bench::new();
    let listed = |bench: &Bench| bench.environment.vault().settings().unwrap().min_pin_length_rp_ids.len();
    bench.configure(MIN_LENGTH, rp_ids(&["a.example", "b.example"]), None).unwrap();
    bench.configure(MIN_LENGTH, rp_ids(&["c.example"]), None).unwrap();
    assert_eq!(listed(&bench), 1);
    bench.configure(MIN_LENGTH, length(6), None).unwrap();
    assert_eq!(listed(&bench), 1, "without a list it stays");
    let many: Vec<String> = (0..=MAX_MIN_PIN_LENGTH_RP_IDS).map(|n| format!("{n}.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(bench.configure(MIN_LENGTH, rp_ids(&many), None), Err(StatusCode::KeyStoreFull));
    assert_eq!(listed(&bench), 1);
    bench.configure(MIN_LENGTH, rp_ids(&many[1..]), None).unwrap();
    assert_eq!(listed(&bench), MAX_MIN_PIN_LENGTH_RP_IDS);
    bench.configure(MIN_LENGTH, rp_ids(&[]), None).unwrap();
    assert_eq!(listed(&bench), 0);
}

#[test]
fn only_who_is_listed_learns_it() {
    let mut bench = Bench::new();
    bench.configure(MIN_LENGTH, rp_ids(&["example.com"]), None).unwrap();
    let inputs = CreationInputs { min_pin_length: true, ..CreationInputs::default() };
    let learned = |bench: &mut Bench, rp_id: &str| {
        let request = make_credential::Request { extensions: inputs.to_value(), ..creation(rp_id, 1) };
        bench.make(&request).unwrap().attestation_object.authenticator_data().unwrap().extensions
    };
    let told = protocol::cbor::text_map([("minPinLength", Some(4.into()))]);
    assert_eq!(learned(&mut bench, "example.com"), Some(told));
    assert_eq!(learned(&mut bench, "example.org"), None);
    assert_eq!(learned(&mut bench, "sub.example.com"), None);
}

#[test]
fn what_is_no_subcommand_or_asks_for_more_than_there_is_is_refused() {
    let mut bench = Bench::new();
    for subcommand in [0x01, 0x04, 0xff, 0x102, 0, -1] {
        assert_eq!(bench.configure(subcommand, None, None), Err(StatusCode::InvalidParameter), "{subcommand}");
    }
    let complex = protocol::cbor::int_map([(0x04, Some(true.into()))]);
    let refused = bench.configure(MIN_LENGTH, Some(complex), None);
    assert_eq!(refused, Err(StatusCode::InvalidParameter), "pinComplexityPolicy");
}
