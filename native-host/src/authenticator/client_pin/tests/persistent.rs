use protocol::cbor::{Value, int_map, text_map};
use protocol::ctap::credential_management::Subcommand as Management;

use super::*;
use crate::verification::os::Outcome;

const PCMR: i64 = 0x40;
const METADATA: i64 = 1;

fn with_a_passkey() -> (Bench, protocol::webauthn::CredentialId) {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    (bench, id)
}

fn existing(bench: &mut Bench, token: &PinUvAuthToken) -> Result<i64, StatusCode> {
    let mut answer = bench.manage(METADATA, None, token)?;
    Ok(answer.int(0x01, "existing").unwrap().unwrap())
}

fn descriptor(id: &protocol::webauthn::CredentialId) -> Value {
    text_map([("id", Some(id.as_bytes().to_vec().into())), ("type", Some("public-key".into()))])
}

#[test]
fn the_persistent_token_survives_restarts_and_other_tokens() {
    for protocol in [One, Two] {
        let (mut bench, _) = with_a_passkey();
        let token = bench.unbound_token(protocol, "1234", PCMR).unwrap();
        bench.restart();
        assert_eq!(existing(&mut bench, &token), Ok(1));
        bench.environment.uptime += Duration::from_secs(100_000);
        bench.token(protocol, "1234", 1, "example.com").unwrap();
        assert_eq!(existing(&mut bench, &token), Ok(1));
    }
}

#[test]
fn it_is_the_same_each_time_and_for_each_protocol() {
    let (mut bench, _) = with_a_passkey();
    let first = bench.unbound_token(Two, "1234", PCMR).unwrap();
    bench.restart();
    let second = bench.unbound_token(Two, "1234", PCMR).unwrap();
    assert_eq!(first.authenticate(b"message"), second.authenticate(b"message"));
    let one = bench.unbound_token(One, "1234", PCMR).unwrap();
    assert_eq!(one.authenticate(b"message"), second.authenticate(b"message")[..16]);
}

#[test]
fn it_does_not_end_the_token_in_use() {
    let (mut bench, _) = with_a_passkey();
    let in_use = bench.token(Two, "1234", 2, "example.com").unwrap();
    bench.unbound_token(Two, "1234", PCMR).unwrap();
    let get = get_assertion::Request { pin_uv_auth: proof(&in_use), ..request("example.com") };
    assert!(bench.get(&get).is_ok());
}

#[test]
fn it_reads_everything_and_changes_nothing() {
    let (mut bench, id) = with_a_passkey();
    let token = bench.unbound_token(Two, "1234", PCMR).unwrap();
    let mut rp = bench.manage(Management::EnumerateRpsBegin.number(), None, &token).unwrap();
    let hash = rp.bytes(0x04, "rpIDHash").unwrap().unwrap();
    let of_rp = int_map([(0x01, Some(hash.into()))]);
    assert!(bench.manage(Management::EnumerateCredentialsBegin.number(), Some(of_rp), &token).is_ok());

    let of_credential = int_map([(0x02, Some(descriptor(&id)))]);
    let delete = bench.manage(Management::DeleteCredential.number(), Some(of_credential), &token);
    assert_eq!(delete.err(), Some(StatusCode::PinAuthInvalid));
    let user = text_map([("id", Some(vec![1].into())), ("name", Some("someone else".into()))]);
    let of_user = int_map([(0x02, Some(descriptor(&id))), (0x03, Some(user))]);
    let update = bench.manage(Management::UpdateUserInformation.number(), Some(of_user), &token);
    assert_eq!(update.err(), Some(StatusCode::PinAuthInvalid));
    assert_eq!(bench.configure(2, None, Some(&token)), Err(StatusCode::PinAuthInvalid));
    let get = get_assertion::Request { pin_uv_auth: proof(&token), ..request("example.com") };
    assert_eq!(bench.get(&get), Err(StatusCode::PinAuthInvalid));
    assert_eq!(bench.environment.vault().get(&id).unwrap().unwrap().user_name, "user 1");
}

#[test]
fn a_changed_pin_ends_it_and_the_next_one_is_another() {
    let (mut bench, _) = with_a_passkey();
    let before = bench.unbound_token(Two, "1234", PCMR).unwrap();
    assert_eq!(bench.change_pin(Two, "0000", "5678"), Err(StatusCode::PinInvalid));
    assert_eq!(existing(&mut bench, &before), Ok(1), "a wrong PIN changes nothing");
    bench.change_pin(Two, "1234", "5678").unwrap();
    assert_eq!(existing(&mut bench, &before), Err(StatusCode::PinAuthInvalid));
    bench.restart();
    assert_eq!(existing(&mut bench, &before), Err(StatusCode::PinAuthInvalid));
    let after = bench.unbound_token(Two, "5678", PCMR).unwrap();
    assert_ne!(after.authenticate(b"message"), before.authenticate(b"message"));
    assert_eq!(existing(&mut bench, &after), Ok(1));
}

#[test]
fn the_os_gives_it_too() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, PCMR, None).unwrap();
    bench.restart();
    assert_eq!(existing(&mut bench, &token), Ok(1));
    assert_eq!(bench.environment.os.asked.take(), ["Management"]);
}
