use hmac::{Hmac, KeyInit, Mac};
use protocol::ctap::extensions::HmacSecretInput;
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, SharedSecret};
use sha2::Sha256;

use super::*;

const SALTS: [[u8; 32]; 2] = [[0x11; 32], [0x22; 32]];

fn asking(input: HmacSecretInput) -> get_assertion::Request {
    get_with(&AssertionInputs { hmac_secret: Some(input), ..AssertionInputs::default() })
}

/// What the platform decrypts of the answer's output.
fn opened(auth_data: &[u8], name: &'static str, secret: &SharedSecret) -> Vec<u8> {
    secret.decrypt(&outputs(auth_data).bytes(name, name).unwrap().unwrap()).unwrap().to_vec()
}

/// One signing in with these salts: the outputs, one behind the other.
fn derive(bench: &mut Bench, protocol: PinUvAuthProtocol, salts: &[u8], verified: bool) -> Vec<u8> {
    let (input, secret) = bench.salts(protocol, salts);
    let get = asking(input);
    let got = bench.get(&if verified { get_verified(get) } else { get }).unwrap();
    opened(&got.auth_data, "hmac-secret", &secret)
}

/// CTAP §12.7: HMAC-SHA-256 of the salt under CredRandom.
fn expected(bench: &Bench, salt: &[u8], verified: bool) -> Vec<u8> {
    let vault = bench.environment.vault();
    let source = vault.find(&"example.com".into()).unwrap().pop().unwrap();
    let random = vault.open_secrets(&source).unwrap().cred_random.unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(random.expose_for(verified)).unwrap();
    mac.update(salt);
    mac.finalize().into_bytes().to_vec()
}

fn with_a_passkey() -> Bench {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.switch_os_on(Outcome::Verified);
    bench
}

#[test]
fn one_salt_gives_one_secret_and_two_give_two() {
    for protocol in [One, Two] {
        let mut bench = with_a_passkey();
        let first = derive(&mut bench, protocol, &SALTS[0], false);
        assert_eq!(first, expected(&bench, &SALTS[0], false));
        let both = derive(&mut bench, protocol, &SALTS.concat(), false);
        assert_eq!(both, [first, expected(&bench, &SALTS[1], false)].concat());
    }
}

#[test]
fn it_is_the_same_in_every_session_and_another_for_whoever_was_verified() {
    let mut bench = with_a_passkey();
    let without = derive(&mut bench, Two, &SALTS[0], false);
    bench.restart();
    assert_eq!(derive(&mut bench, One, &SALTS[0], false), without);
    let with = derive(&mut bench, Two, &SALTS[0], true);
    assert_eq!(with, expected(&bench, &SALTS[0], true));
    assert_ne!(with, without);
}

#[test]
fn each_credential_has_its_own_and_the_next_one_is_told_too() {
    let mut bench = with_a_passkey();
    bench.register("example.com", 2);
    let (input, secret) = bench.salts(Two, &SALTS[0]);
    let first = opened(&bench.get(&asking(input)).unwrap().auth_data, "hmac-secret", &secret);
    let second = opened(&bench.get_next().unwrap().auth_data, "hmac-secret", &secret);
    assert_ne!(first, second);
    assert_eq!(second, expected(&bench, &SALTS[0], false), "the older one's");
}

#[test]
fn at_creation_it_says_yes_to_whoever_asks() {
    let mut bench = Bench::new();
    let inputs = CreationInputs { hmac_secret: true, ..CreationInputs::default() };
    let made = bench.make(&make_with(1, &inputs)).unwrap();
    let mut outputs = outputs(&made.attestation_object.auth_data);
    assert_eq!(outputs.bool("hmac-secret", "hmac-secret"), Ok(Some(true)));
    assert!(outputs.rest().is_empty());
}

#[test]
fn at_creation_salts_are_answered_at_once() {
    for (protocol, verified) in [(One, false), (Two, true)] {
        let mut bench = Bench::new();
        bench.switch_os_on(Outcome::Verified);
        let (input, secret) = bench.salts(protocol, &SALTS.concat());
        let inputs = CreationInputs { hmac_secret: true, hmac_secret_mc: Some(input), ..CreationInputs::default() };
        let make = make_with(1, &inputs);
        let made = bench.make(&if verified { make_verified(make) } else { make }).unwrap();
        let answered = opened(&made.attestation_object.auth_data, "hmac-secret-mc", &secret);
        assert_eq!(answered, derive(&mut bench, Two, &SALTS.concat(), verified), "as when signing in");
    }
}

#[test]
fn at_creation_salts_come_beside_hmac_secret_alone() {
    let mut bench = Bench::new();
    let (input, _) = bench.salts(Two, &SALTS[0]);
    let inputs = CreationInputs { hmac_secret_mc: Some(input), ..CreationInputs::default() };
    assert_eq!(bench.make(&make_with(1, &inputs)), Err(StatusCode::MissingParameter));
    assert_eq!(bench.environment.vault().count(), Ok(0));
}

#[test]
fn without_the_user_nothing_is_derived() {
    let mut bench = with_a_passkey();
    let (input, _) = bench.salts(Two, &SALTS[0]);
    let options = Options { up: Some(false), ..Options::default() };
    let look = get_assertion::Request { options, ..asking(input) };
    assert_eq!(bench.get(&look), Err(StatusCode::UnsupportedOption));
}

#[test]
fn salts_that_cannot_be_are_refused() {
    let mut bench = with_a_passkey();
    for length in [0, 16, 48, 80, 96] {
        let (input, _) = bench.salts(Two, &vec![1; length]);
        assert_eq!(bench.get(&asking(input)), Err(StatusCode::InvalidLength), "{length} bytes");
    }
    let (input, _) = bench.salts(Two, &SALTS[0]);
    let cases = [
        (HmacSecretInput { salt_auth: vec![0; 32], ..input.clone() }, StatusCode::PinAuthInvalid),
        (HmacSecretInput { salt_enc: vec![0; 48], ..input.clone() }, StatusCode::PinAuthInvalid),
        (HmacSecretInput { pin_uv_auth_protocol: Some(3), ..input.clone() }, StatusCode::InvalidParameter),
        (HmacSecretInput { pin_uv_auth_protocol: None, ..input.clone() }, StatusCode::PinAuthInvalid), // then it is one
    ];
    for (input, status) in cases {
        assert_eq!(bench.get(&asking(input)), Err(status));
    }
    assert!(bench.get(&asking(input)).is_ok());
}

#[test]
fn without_a_protocol_it_is_one() {
    let mut bench = with_a_passkey();
    let (input, secret) = bench.salts(One, &SALTS[0]);
    let got = bench.get(&asking(HmacSecretInput { pin_uv_auth_protocol: None, ..input })).unwrap();
    assert_eq!(opened(&got.auth_data, "hmac-secret", &secret), expected(&bench, &SALTS[0], false));
}

#[test]
fn an_answer_is_encrypted_for_this_key_agreement() {
    let mut bench = with_a_passkey();
    let (input, _) = bench.salts(Two, &SALTS[0]);
    let (_, another) = bench.salts(Two, &SALTS[0]);
    let got = bench.get(&asking(input)).unwrap();
    assert_ne!(opened(&got.auth_data, "hmac-secret", &another), expected(&bench, &SALTS[0], false));
}
