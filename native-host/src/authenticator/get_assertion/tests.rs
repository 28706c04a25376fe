mod damaged;

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::ctap::PinUvAuth;
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::webauthn::CredentialId;

use super::super::testing::{Bench, HASH, creation, proof, request, wire};
use super::*;

fn allow(ids: &[&CredentialId]) -> Vec<PublicKeyCredentialDescriptor> {
    ids.iter().map(|id| PublicKeyCredentialDescriptor { id: (*id).clone() }).collect()
}

fn flags(response: &Response) -> Flags {
    AuthenticatorData::from_bytes(&response.auth_data).unwrap().flags
}

fn is_signed(bench: &Bench, response: &Response) -> bool {
    let source = bench.environment.vault().get(&response.credential.id).unwrap().unwrap();
    let key = VerifyingKey::from(source.public_key.to_p256().unwrap());
    let message = [&response.auth_data[..], &HASH.0].concat();
    key.verify(&message, &Signature::from_der(&response.signature).unwrap()).is_ok()
}

#[test]
fn on_the_wire() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 7);
    let answer = bench.send(
        "02                                  # getAssertion
         a2                                  # map of 2
           01 6b 6578616d706c652e636f6d      # rpId: example.com
           02 58 20                          # clientDataHash: 32 bytes
             cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
    );
    let signature = Response::from_bytes(&answer[1..]).unwrap().signature;
    let expected = [
        wire(
            "00                              # success
             a4                              # map of 4
               01 a2 62 6964 58 20           # credential: id, 32 bytes",
        ),
        id.as_bytes().to_vec(),
        wire(
            "        64 74797065 6a 7075626c69632d6b6579 # type: public-key
               02 58 25                      # authData: 37 bytes
                 a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947 # SHA-256 of example.com
                 09                          # flags: UP, BE
                 00000000                    # sign count
               03 58                         # signature",
        ),
        vec![u8::try_from(signature.len()).unwrap()],
        signature,
        wire("  04 a1 62 6964 41 07            # user: id 07, no name"),
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn the_signature_is_the_credentials_over_data_and_hash() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let response = bench.get(&request("example.com")).unwrap();
    assert!(is_signed(&bench, &response));
    assert_eq!(response.number_of_credentials, None);
}

#[test]
fn what_is_not_held_does_not_sign() {
    let mut bench = Bench::new();
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::NoCredentials));
    let here = bench.register("example.com", 1);
    let elsewhere = bench.register("example.org", 1);
    assert_eq!(bench.get(&request("example.net")), Err(StatusCode::NoCredentials));
    for ids in [vec![&elsewhere], vec![&CredentialId::from(vec![0; 32])]] {
        let get = Request { allow_list: allow(&ids), ..request("example.com") };
        assert_eq!(bench.get(&get), Err(StatusCode::NoCredentials), "an id of another RP ID, an unknown one");
    }
    let get = Request { allow_list: allow(&[&elsewhere, &here]), ..request("example.com") };
    assert_eq!(bench.get(&get).unwrap().credential.id, here);
}

#[test]
fn with_an_allow_list_the_one_used_last_signs() {
    let mut bench = Bench::new();
    let ids = [1, 2, 3].map(|user| bench.register("example.com", user));
    bench.environment.now += 1000;
    bench.get(&Request { allow_list: allow(&[&ids[1]]), ..request("example.com") }).unwrap();
    let get = Request { allow_list: allow(&[&ids[2], &ids[0], &ids[1]]), ..request("example.com") };
    let response = bench.get(&get).unwrap();
    assert_eq!(response.credential.id, ids[1]);
    assert_eq!(response.number_of_credentials, None);
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed));
}

#[test]
fn signing_is_remembered_and_looking_is_not() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let last_used = |bench: &Bench| bench.environment.vault().get(&id).unwrap().unwrap().last_used;
    bench.environment.now += 5000;
    let look = Options { up: Some(false), ..Options::default() };
    let looked = bench.get(&Request { options: look, ..request("example.com") }).unwrap();
    assert!(!flags(&looked).contains(Flags::UP));
    assert_eq!(last_used(&bench), None);
    bench.get(&request("example.com")).unwrap();
    let signed_at = bench.environment.now;
    assert_eq!(last_used(&bench), None, "the answer does not wait for it");
    bench.environment.now += 5000;
    bench.after_answer();
    assert_eq!(last_used(&bench), Some(signed_at));
}

#[test]
fn what_signed_in_a_private_window_is_not_remembered_and_what_signed_before_is() {
    let mut bench = Bench::new();
    let [before, private] = [1, 2].map(|user| bench.register("example.com", user));
    let sign = |bench: &mut Bench, id: &CredentialId| {
        let allow_list = vec![PublicKeyCredentialDescriptor { id: id.clone() }];
        bench.get(&Request { allow_list, ..request("example.com") }).unwrap();
    };
    sign(&mut bench, &before);
    sign(&mut bench, &private);
    bench.authenticator.forget_use();
    bench.after_answer();
    let last_used = |id| bench.environment.vault().get(id).unwrap().unwrap().last_used;
    assert_eq!((last_used(&before).is_some(), last_used(&private)), (true, None));
}

#[test]
fn the_next_message_finds_remembered_what_signed_before() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    bench.get(&request("example.com")).unwrap();
    bench.info();
    assert_eq!(bench.environment.vault().get(&id).unwrap().unwrap().last_used, Some(bench.environment.now));
}

#[test]
fn options_that_cannot_be_met_are_refused() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let cases = [
        (Options { uv: Some(true), ..Options::default() }, StatusCode::InvalidOption),
        (Options { rk: Some(true), ..Options::default() }, StatusCode::UnsupportedOption),
    ];
    for (options, status) in cases {
        assert_eq!(bench.get(&Request { options, ..request("example.com") }), Err(status));
    }
}

#[test]
fn several_sign_one_after_the_other_newest_first() {
    let mut bench = Bench::new();
    let [oldest, middle, newest] = [1, 2, 3].map(|user| bench.register("example.com", user));
    let first = bench.get(&request("example.com")).unwrap();
    assert_eq!((first.credential.id.clone(), first.number_of_credentials), (newest, Some(3)));
    for id in [middle, oldest] {
        let next = bench.get_next().unwrap();
        assert!(is_signed(&bench, &next));
        assert_eq!((next.credential.id, next.number_of_credentials), (id, None));
        assert_eq!(next.user.unwrap().name, None, "nobody was verified");
    }
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed));
}

#[test]
fn what_follows_is_forgotten_in_time_and_by_other_commands() {
    let mut bench = Bench::new();
    for user in [1, 2, 3] {
        bench.register("example.com", user);
    }
    bench.get(&request("example.com")).unwrap();
    bench.info();
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed));
    bench.get(&request("example.com")).unwrap();
    bench.environment.uptime += Duration::from_secs(30);
    assert!(bench.get_next().is_ok());
    bench.environment.uptime += Duration::from_secs(31);
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed));
}

#[test]
fn the_user_is_verified_only_by_a_token_of_this_ceremony() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.register("example.com", 1);
        bench.register("example.com", 2);
        bench.set_pin(protocol, "1234").unwrap();
        assert!(!flags(&bench.get(&request("example.com")).unwrap()).contains(Flags::UV));

        let token = bench.token(protocol, "1234", 2, "example.com").unwrap();
        let verified = Request { pin_uv_auth: proof(&token), ..request("example.com") };
        let response = bench.get(&verified).unwrap();
        assert!(flags(&response).contains(Flags::UP | Flags::UV));
        assert_eq!(response.user.unwrap().name.as_deref(), Some("user 2"), "a choice, shown to a verified user");
        assert!(flags(&bench.get_next().unwrap()).contains(Flags::UV));

        assert_eq!(bench.get(&verified), Err(StatusCode::PinAuthInvalid), "a token is good for one ceremony");
        assert!(!flags(&bench.get(&request("example.com")).unwrap()).contains(Flags::UV));
    }
}

#[test]
fn looking_does_not_use_up_the_token() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    let token = bench.token(Two, "1234", 2, "example.com").unwrap();
    let verified = Request { pin_uv_auth: proof(&token), ..request("example.com") };
    let look = Options { up: Some(false), ..Options::default() };
    assert!(bench.get(&Request { options: look, ..verified.clone() }).is_ok());
    assert!(flags(&bench.get(&verified).unwrap()).contains(Flags::UP | Flags::UV));
}

#[test]
fn a_token_is_good_for_its_permission_and_its_rp_id_alone() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    for (permissions, rp_id) in [(1, "example.com"), (2, "example.org")] {
        let token = bench.token(Two, "1234", permissions, rp_id).unwrap();
        let get = Request { pin_uv_auth: proof(&token), ..request("example.com") };
        assert_eq!(bench.get(&get), Err(StatusCode::PinAuthInvalid));
    }
}

#[test]
fn a_token_has_its_time() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.set_pin(Two, "1234").unwrap();
    let look = Options { up: Some(false), ..Options::default() };
    let with = |auth: Option<PinUvAuth>| Request { options: look, pin_uv_auth: auth, ..request("example.com") };

    let unused = bench.token(Two, "1234", 2, "example.com").unwrap();
    bench.environment.uptime += Duration::from_secs(30);
    assert_eq!(bench.get(&with(proof(&unused))), Err(StatusCode::PinAuthInvalid), "first use within 30 s");

    let used = bench.token(Two, "1234", 2, "example.com").unwrap();
    bench.environment.uptime += Duration::from_secs(29);
    assert!(bench.get(&with(proof(&used))).is_ok());
    bench.environment.uptime += Duration::from_secs(31);
    assert!(bench.get(&with(proof(&used))).is_ok());
    bench.environment.uptime += Duration::from_secs(1);
    assert_eq!(bench.get(&with(proof(&used))), Err(StatusCode::PinAuthInvalid), "a minute in all");
}

#[test]
fn be_and_bs_are_the_records() {
    let mut bench = Bench::new();
    let made = bench.make(&creation("example.com", 1)).unwrap();
    let at_creation = made.attestation_object.authenticator_data().unwrap().flags;
    let later = flags(&bench.get(&request("example.com")).unwrap());
    for flags in [at_creation, later] {
        assert!(flags.contains(Flags::BE) && !flags.contains(Flags::BS));
    }
}
