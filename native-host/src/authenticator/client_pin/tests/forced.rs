use super::*;
use crate::verification::os::Outcome;

#[test]
fn a_pin_that_must_be_changed_gives_no_token() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    assert_eq!(bench.info().force_pin_change, Some(false));
    bench.force_pin_change();
    assert_eq!(bench.info().force_pin_change, Some(true));
    assert_eq!(bench.token(Two, "1234", 1, "example.com").err(), Some(StatusCode::PinPolicyViolation));
    assert_eq!(bench.unbound_token(Two, "1234", 0x40).err(), Some(StatusCode::PinPolicyViolation), "pcmr neither");
    let old_form = with_pin(&mut bench, Two, Subcommand::GetPinToken, "1234");
    assert_eq!(bench.pin(&old_form), Err(StatusCode::PinInvalid), "the form of CTAP 2.0 has no other status");
    assert_eq!(retries(&mut bench).0, Some(8), "it was right");
}

#[test]
fn a_wrong_pin_is_still_told_from_one_that_must_be_changed() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    bench.force_pin_change();
    assert_eq!(bench.token(Two, "0000", 1, "example.com").err(), Some(StatusCode::PinInvalid));
    assert_eq!(retries(&mut bench).0, Some(7));
}

#[test]
fn it_is_changed_into_another_one_and_then_works() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    bench.force_pin_change();
    assert_eq!(bench.change_pin(Two, "1234", "1234"), Err(StatusCode::PinPolicyViolation));
    assert_eq!(bench.info().force_pin_change, Some(true));
    bench.change_pin(Two, "1234", "5678").unwrap();
    assert_eq!(bench.info().force_pin_change, Some(false));
    assert!(bench.token(Two, "5678", 1, "example.com").is_ok());
}

#[test]
fn the_os_verifies_meanwhile() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    bench.force_pin_change();
    bench.switch_os_on(Outcome::Verified);
    assert!(bench.token_by_uv(Two, 1, Some("example.com")).is_ok());
}

#[test]
fn a_new_pin_has_the_length_that_is_settled() {
    let mut bench = Bench::new();
    bench.environment.vault().update_settings(&mut |settings| settings.min_pin_length = 6).unwrap();
    assert_eq!(bench.info().min_pin_length, Some(6));
    assert_eq!(bench.set_pin(Two, "12345"), Err(StatusCode::PinPolicyViolation));
    assert_eq!(bench.set_pin(Two, "äöüß1"), Err(StatusCode::PinPolicyViolation), "five characters, nine bytes");
    bench.set_pin(Two, "123456").unwrap();
    assert_eq!(bench.change_pin(Two, "123456", "54321"), Err(StatusCode::PinPolicyViolation));
    assert_eq!(retries(&mut bench).0, Some(8));
    bench.change_pin(Two, "123456", "654321").unwrap();
}
