//! prf (L3 §10.1.4).

use keystow::verification::os::Outcome;
use protocol::cose::CoseKey;
use protocol::ctap::client_pin::{self, Subcommand};
use protocol::ctap::extensions::{AssertionInputs, HmacSecretInput};
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol};
use protocol::ctap::{Command, Options, PublicKeyCredentialDescriptor, get_assertion, response_parameters};
use protocol::webauthn::authenticator_data::AuthenticatorData;
use rand_core::UnwrapErr;
use sha2::{Digest, Sha256};

use super::*;

const FIRST: &str = "Zmlyc3Q";
const SECOND: &str = "c2Vjb25k";

fn both() -> Value {
    json!({"prf": {"eval": {"first": FIRST, "second": SECOND}}})
}

/// Signs in with the extension asked for so, and gives its output.
fn sign_in(world: &World, site: &RelyingParty, prf: Value, acts: &[Act]) -> Value {
    let options = site.request(json!({"extensions": {"prf": prf}, "userVerification": "discouraged"}));
    let signed = credential(world.get(site, options, acts.iter().copied()));
    let (flags, outputs) = site.authenticate_with_extensions(&signed).expect("accepted");
    assert_eq!(flags & UV != 0, outputs.is_some(), "the user is verified where something is evaluated");
    results(&signed)["prf"].clone()
}

#[test]
fn create_and_get_evaluate_to_the_same() {
    let (world, mut site) = (World::new(), site());
    let made = credential(world.create(&site, creation(&site, "ada", both()), [Act::NewPin("1234")]));
    let registered = site.register(&made).expect("accepted");
    assert_ne!(registered.flags & UV, 0);
    let created = &results(&made)["prf"];
    assert_eq!(created["enabled"], true);
    let outputs = [&created["results"]["first"], &created["results"]["second"]];
    assert!(outputs.iter().all(|output| bytes(output).expect("bytes").len() == 32) && outputs[0] != outputs[1]);

    let eval = json!({"eval": {"first": FIRST, "second": SECOND}});
    let signed = sign_in(&world, &site, eval, &[Act::Pin("1234")]);
    assert_eq!(signed, json!({"results": created["results"]}));
    world.restart_host();
    let turned = json!({"eval": {"first": SECOND, "second": FIRST}});
    let signed = sign_in(&world, &site, turned, &[Act::Pin("1234")]);
    assert_eq!(signed, json!({"results": {"first": outputs[1], "second": outputs[0]}}));
    let one = sign_in(&world, &site, json!({"eval": {"first": FIRST}}), &[Act::Pin("1234")]);
    assert_eq!(one, json!({"results": {"first": outputs[0]}}));
}

#[test]
fn who_verifies_the_user_makes_no_difference() {
    let (world, mut site) = (World::new(), site());
    register(&world, &mut site, "ada", both(), Act::NewPin("1234"));
    let eval = || json!({"eval": {"first": FIRST}});
    let by_pin = sign_in(&world, &site, eval(), &[Act::Pin("1234")]);
    world.os_verifies([Outcome::Verified]);
    assert_eq!(sign_in(&world, &site, eval(), &[Act::Approve]), by_pin);
}

#[test]
fn enabled_without_anything_to_evaluate_and_without_verification() {
    let (world, mut site) = (World::new(), site());
    let made = credential(world.create(&site, creation(&site, "ada", json!({"prf": {}})), [Act::Approve]));
    let registered = site.register(&made).expect("accepted");
    assert_eq!(registered.extensions, Some(named(&[("hmac-secret", true.into())])));
    assert_eq!((registered.flags & UV, results(&made)), (0, &json!({"prf": {"enabled": true}})));
    assert_eq!(sign_in(&world, &site, json!({}), &[Act::Approve]), json!({}));
}

#[test]
fn each_credential_has_its_own_function_and_its_own_inputs() {
    let (world, mut site) = (World::new(), site());
    let ada = register(&world, &mut site, "ada", json!({}), Act::Approve);
    let grace = register(&world, &mut site, "grace", json!({}), Act::Approve);
    let evaluate = |world: &World, user, by_credential: Value| {
        let prf = json!({"eval": {"first": FIRST}, "evalByCredential": by_credential});
        let list = allowing(&[&ada, &grace]);
        let options = site.request(json!({"extensions": {"prf": prf}, "allowCredentials": list}));
        let signed = credential(world.get(&site, options, [Act::ChooseWithPin(user, "1234")]));
        assert_eq!(site.user_of(&signed), user);
        results(&signed)["prf"]["results"].clone()
    };
    credential(world.create(&site, creation(&site, "joan", both()), [Act::NewPin("1234")]));
    let (of_ada, of_grace) = (evaluate(&world, "ada", json!({})), evaluate(&world, "grace", json!({})));
    assert_ne!(of_ada, of_grace);
    let by_credential = json!({&ada: {"first": SECOND, "second": FIRST}});
    assert_eq!(evaluate(&world, "grace", by_credential.clone()), of_grace);
    let own = evaluate(&world, "ada", by_credential);
    assert_eq!(own["second"], of_ada["first"]);
    assert_ne!(own["first"], of_ada["first"]);
}

/// The authenticator has another function for users whom nobody verified. No page is to meet it; a platform can.
#[test]
fn it_is_the_function_for_verified_users() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", both(), Act::NewPin("1234"));
    let for_page = sign_in(&world, &site, json!({"eval": {"first": FIRST}}), &[Act::Pin("1234")]);
    let salt = Sha256::digest([b"WebAuthn PRF\0", &b"first"[..]].concat());
    let unverified = evaluate_unverified(&world, &bytes(&json!(id)).expect("bytes"), &salt);
    assert_eq!(unverified.len(), 32);
    assert_ne!(bytes(&for_page["results"]["first"]).expect("bytes"), unverified);
    assert_eq!(unverified, evaluate_unverified(&world, &bytes(&json!(id)).expect("bytes"), &salt));
}

#[test]
fn what_may_not_be_asked() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", json!({}), Act::Approve);
    let by_credential = |key: &str| json!({"prf": {"evalByCredential": {key: {"first": FIRST}}}});
    let made = world.create(&site, creation(&site, "ada", by_credential(&id)), []);
    assert_eq!(error(made), DomErrorName::NotSupportedError);
    let unlisted = world.get(&site, request(&site, by_credential(&id)), []);
    assert_eq!(error(unlisted), DomErrorName::NotSupportedError);
    for key in ["", "AAAA", "=", "not base64url"] {
        let options = site.request(json!({"extensions": by_credential(key), "allowCredentials": allowing(&[&id])}));
        assert_eq!(error(world.get(&site, options, [])), DomErrorName::SyntaxError, "{key}");
    }
}

/// hmac-secret without a proof of verification, by hand.
fn evaluate_unverified(world: &World, id: &[u8], salt: &[u8]) -> Vec<u8> {
    let mut random = UnwrapErr(getrandom::SysRng);
    let protocol = PinUvAuthProtocol::Two;
    let key = KeyAgreementKey::generate(&mut random);
    let secret = key.shared_secret(protocol, &key_agreement(world)).expect("a point");
    let salt_enc = secret.encrypt(salt, &mut random);
    let hmac_secret = HmacSecretInput {
        key_agreement: key.public(),
        salt_auth: secret.authenticate(&salt_enc),
        salt_enc,
        pin_uv_auth_protocol: Some(protocol.number()),
    };
    let request = get_assertion::Request {
        rp_id: "example.com".into(),
        client_data_hash: protocol::webauthn::ClientDataHash([0; 32]),
        allow_list: vec![PublicKeyCredentialDescriptor { id: id.into() }],
        extensions: AssertionInputs { hmac_secret: Some(hmac_secret), ..AssertionInputs::default() }.to_value(),
        options: Options::default(),
        pin_uv_auth: None,
    };
    let answer = world.command(&Command::GetAssertion.message(&request.to_bytes()));
    let response = get_assertion::Response::from_bytes(response_parameters(&answer).expect("success")).expect("CBOR");
    let data = AuthenticatorData::from_bytes(&response.auth_data).expect("authenticator data");
    let outputs = data.extensions.expect("outputs").into_map().expect("a map");
    let output = outputs.into_iter().find(|(name, _)| name.as_text() == Some("hmac-secret")).expect("hmac-secret").1;
    secret.decrypt(output.as_bytes().expect("bytes")).expect("whole blocks").to_vec()
}

fn key_agreement(world: &World) -> CoseKey {
    let request = client_pin::Request {
        pin_uv_auth_protocol: Some(PinUvAuthProtocol::Two.number()),
        subcommand: Subcommand::GetKeyAgreement.number(),
        ..client_pin::Request::default()
    };
    let answer = world.command(&Command::ClientPin.message(&request.to_bytes()));
    let response = client_pin::Response::from_bytes(response_parameters(&answer).expect("success")).expect("CBOR");
    response.key_agreement.expect("a key")
}
