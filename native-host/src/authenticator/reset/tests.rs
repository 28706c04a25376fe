use protocol::ctap::Command;
use protocol::ctap::get_assertion;
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::Two;

use super::super::testing::{Bench, proof, request};
use super::*;
use crate::verification::os::Outcome;

fn reset(bench: &mut Bench) -> Result<Vec<u8>, StatusCode> {
    bench.environment.reset_confirmed = true;
    bench.command(Command::Reset, &[])
}

#[test]
fn on_the_wire() {
    let mut bench = Bench::new();
    assert_eq!(bench.send("07 # reset"), [0x30], "CTAP2_ERR_NOT_ALLOWED where nobody has typed it");
    bench.environment.reset_confirmed = true;
    assert_eq!(bench.send("07 # reset"), [0x00], "success alone");
}

#[test]
fn nothing_is_taken_where_nobody_confirmed_it() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    assert_eq!(bench.command(Command::Reset, &[]), Err(StatusCode::NotAllowed));
    assert_eq!(bench.info().option("clientPin"), Some(true));
    assert_eq!(bench.get(&request("example.com")).unwrap().credential.id, id);
    assert_eq!(bench.environment.vault().last_reset(), Ok(None));
}

#[test]
fn afterwards_it_is_as_new() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    bench.switch_always_uv_on();
    bench.switch_os_on(Outcome::Verified);
    assert_eq!(reset(&mut bench), Ok(Vec::new()));
    let fresh = Bench::new().info();
    let info = bench.info();
    assert_eq!(info.options, fresh.options);
    assert_eq!((info.min_pin_length, info.force_pin_change), (fresh.min_pin_length, fresh.force_pin_change));
    let vault = bench.environment.vault();
    assert_eq!((vault.count(), vault.trash().unwrap().len()), (Ok(0), 0));
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::NoCredentials));
    bench.set_pin(Two, "5678").unwrap();
}

#[test]
fn tokens_of_before_are_worth_nothing() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let in_use = bench.token(Two, "1234", 2, "example.com").unwrap();
    let lasting = bench.unbound_token(Two, "1234", 0x40).unwrap();
    reset(&mut bench).unwrap();
    bench.register("example.com", 1);
    let get = get_assertion::Request { pin_uv_auth: proof(&in_use), ..request("example.com") };
    assert_eq!(bench.get(&get), Err(StatusCode::PinAuthInvalid));
    assert_eq!(bench.manage(1, None, &lasting).err(), Some(StatusCode::PinAuthInvalid));
}

#[test]
fn what_was_begun_does_not_go_on() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.register("example.com", 2);
    bench.get(&request("example.com")).unwrap();
    reset(&mut bench).unwrap();
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed));
    bench.after_answer();
}

#[test]
fn undone_everything_is_there_again_the_pin_included() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    bench.switch_always_uv_on();
    reset(&mut bench).unwrap();
    let since = bench.register("example.com", 2);
    let vault = bench.environment.vault();
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    bench.restart();
    assert_eq!(bench.info().option("alwaysUv"), Some(true));
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::PuatRequired), "as it was settled then");
    let token = bench.token(Two, "1234", 2, "example.com").unwrap();
    let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
    assert_eq!(bench.get(&get).unwrap().credential.id, since);
    assert_eq!(bench.get_next().unwrap().credential.id, id);
}
