//! prf (L3 §10.1.4).

use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};
use protocol::webauthn::json::AuthenticationExtensionsPrfValuesJson;
use protocol::webauthn::prf::Salts;

use super::*;
use crate::client::prompt::{Approval, Decision, Verification};
use crate::client::testing::{approve_with_new_pin, approve_with_pin, prf_of};

const FIRST: &str = "AQID";
const SECOND: &str = "BAUG";

fn with_pin() -> World {
    let world = World { accounts: vec![account(1, "ada"), account(2, "grace")], ..World::default() };
    World { authenticator: Authenticator::with_pin("1234"), ..world }
}

fn choose(id: u8) -> Decision {
    let Decision::Approve(approval) = approve_with_pin("1234") else { panic!("no approval") };
    Decision::Approve(Approval { credential_id: Some(vec![id; 32].into()), ..approval })
}

/// What the test authenticator's PRF for verified users makes of an input, as the page gets it.
fn output(input: &str) -> String {
    let salt = {
        use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol};
        let values: AuthenticationExtensionsPrfValuesJson = serde_json::from_value(json!({"first": input})).unwrap();
        let key = KeyAgreementKey::generate(&mut crate::client::testing::Unrandom::default());
        let secret = key.shared_secret(PinUvAuthProtocol::One, &key.public()).unwrap();
        let sealed = Salts::of(&values).seal(&secret, key.public(), &mut crate::client::testing::Unrandom::default());
        secret.decrypt(&sealed.salt_enc).unwrap()
    };
    base64url::encode(&prf_of(&salt, true))
}

fn prf(reply: Reply) -> Value {
    results(reply)["prf"].clone()
}

#[test]
fn asked_for_in_create_it_is_enabled_and_nobody_is_verified_for_that() {
    let world = with_pin().user([approve()]);
    let discouraged = json!({"authenticatorSelection": {"userVerification": "discouraged"}});
    let made = world.create(creation(json!({"prf": {}}), discouraged));
    assert_eq!(results(made), json!({"prf": {"enabled": true}}));
    assert_eq!(world.last_question().verification, Verification::None);
    let inputs = creation_inputs(&world);
    assert!(inputs.hmac_secret && inputs.hmac_secret_mc.is_none());
}

#[test]
fn an_authenticator_without_a_prf_enables_none() {
    for authenticator in [
        knowing(&[]),
        Authenticator {
            extensions: Extensions { has_prf: false, ..Extensions::default() },
            pin: std::cell::RefCell::new(Some("1234".into())),
            ..Authenticator::default()
        },
    ] {
        let pin = authenticator.pin.borrow().is_some();
        let user = if pin { approve_with_pin("1234") } else { approve_with_new_pin("1234") };
        let world = World { authenticator, ..World::default() }.user([user]);
        let asked = creation(json!({"prf": {"eval": {"first": FIRST}}}), json!({}));
        assert_eq!(prf(world.create(asked)), json!({"enabled": false}));
    }
}

#[test]
fn evaluated_in_create_for_the_verified_user() {
    for (eval, expected) in [
        (json!({"first": FIRST}), json!({"first": output(FIRST)})),
        (json!({"first": FIRST, "second": SECOND}), json!({"first": output(FIRST), "second": output(SECOND)})),
    ] {
        let world = with_pin().user([approve_with_pin("1234")]);
        let discouraged = json!({"authenticatorSelection": {"userVerification": "discouraged"}});
        let made = credential(world.create(creation(json!({"prf": {"eval": eval}}), discouraged)));
        assert_eq!(made["clientExtensionResults"]["prf"], json!({"enabled": true, "results": expected}));
        let data = base64url::decode(made["response"]["authenticatorData"].as_str().unwrap()).unwrap();
        assert!(AuthenticatorData::from_bytes(&data).unwrap().flags.contains(Flags::UV));
    }
}

#[test]
fn an_authenticator_that_evaluates_in_get_alone_is_asked_there() {
    let world = World { authenticator: knowing(&["hmac-secret"]), ..World::default() };
    let world = world.user([approve_with_new_pin("1234")]);
    let made = world.create(creation(json!({"prf": {"eval": {"first": FIRST}}}), json!({})));
    assert_eq!(prf(made), json!({"enabled": true}));
    assert!(creation_inputs(&world).hmac_secret_mc.is_none());
}

#[test]
fn in_get_it_is_there_even_where_nothing_is_evaluated() {
    let world = with_pin().user([choose(1)]);
    assert_eq!(results(world.get(request(json!({"prf": {}}), json!({})))), json!({"prf": {}}));
    assert!(assertion_inputs(&world).hmac_secret.is_none());
}

#[test]
fn a_user_is_verified_whatever_the_page_wants_else() {
    for requirement in ["discouraged", "preferred", "required"] {
        let asked = json!({"prf": {"eval": {"first": FIRST}}});
        let with_pin = with_pin().user([choose(1)]);
        let signed = with_pin.get(request(asked.clone(), json!({"userVerification": requirement})));
        assert_eq!(prf(signed), json!({"results": {"first": output(FIRST)}}));
        let world = World { accounts: vec![account(1, "ada")], ..World::default() };
        let world = world.user([approve_with_new_pin("1234")]);
        let signed = world.get(request(asked, json!({"userVerification": requirement})));
        assert_eq!(prf(signed), json!({"results": {"first": output(FIRST)}}));
        assert_eq!(world.last_question().verification, Verification::NewPin { min_length: 4 });
    }
}

#[test]
fn over_both_protocols() {
    for protocols in [vec![2, 1], vec![1]] {
        let authenticator = Authenticator { protocols, ..Authenticator::with_pin("1234") };
        let world = World { authenticator, ..with_pin() }.user([choose(2)]);
        let both = json!({"prf": {"eval": {"first": FIRST, "second": SECOND}}});
        let expected = json!({"results": {"first": output(FIRST), "second": output(SECOND)}});
        assert_eq!(prf(world.get(request(both, json!({})))), expected);
    }
}

#[test]
fn the_chosen_credentials_own_inputs_go_before_those_for_any() {
    let by_credential = json!({
        "eval": {"first": FIRST},
        "evalByCredential": {id_of(2): {"first": SECOND}},
    });
    for (chosen, input) in [(1, FIRST), (2, SECOND)] {
        let world = with_pin().user([choose(chosen)]);
        let signed = world.get(request(json!({"prf": by_credential}), allowing(&[1, 2])));
        assert_eq!(prf(signed), json!({"results": {"first": output(input)}}));
    }
}

#[test]
fn a_credential_that_no_inputs_are_for_is_not_evaluated() {
    let for_2 = json!({"prf": {"evalByCredential": {id_of(2): {"first": FIRST}}}});
    let both = with_pin().user([choose(1)]);
    assert_eq!(prf(both.get(request(for_2.clone(), allowing(&[1, 2])))), json!({}));
    // Where the one that the inputs are for is not here, nobody is verified for them.
    let only = World { accounts: vec![account(1, "ada")], ..with_pin() }.user([approve()]);
    let discouraged = merged(allowing(&[1, 2]), json!({"userVerification": "discouraged"}));
    assert_eq!(prf(only.get(request(for_2, discouraged))), json!({}));
    assert_eq!(only.last_question().verification, Verification::None);
}

#[test]
fn inputs_by_credential_are_for_get_alone_and_for_named_credentials_alone() {
    for by_credential in [json!({}), json!({id_of(1): {"first": FIRST}})] {
        let asked = json!({"prf": {"evalByCredential": by_credential}});
        refused("NotSupportedError", |world| world.create(creation(asked.clone(), json!({}))));
    }
    let asked = json!({"prf": {"evalByCredential": {id_of(1): {"first": FIRST}}}});
    refused("NotSupportedError", |world| world.get(request(asked.clone(), json!({}))));
    refused("NotSupportedError", |world| world.get(request(asked.clone(), json!({"allowCredentials": []}))));
    let none = world(Authenticator::default()).get(request(json!({"prf": {"evalByCredential": {}}}), json!({})));
    assert_eq!(prf(none), json!({}), "no inputs at all need no list");
}

#[test]
fn a_key_that_is_no_allowed_credential_is_a_syntax_error() {
    let padded = format!("{}=", id_of(1));
    for key in ["", "not base64url", "AQ==", &padded, &id_of(3), "AQ"] {
        let by_credential = json!({id_of(1): {"first": FIRST}, key: {"first": FIRST}});
        let asked = json!({"prf": {"evalByCredential": by_credential}});
        refused("SyntaxError", |world| world.get(request(asked.clone(), allowing(&[1, 2]))));
    }
}

#[test]
fn an_answer_of_another_length_gives_the_page_nothing() {
    fn cut(data: &mut AuthenticatorData) {
        data.extensions = Some(protocol::cbor::text_map([("hmac-secret", Some(Cbor::from(vec![1; 32])))]));
    }
    let authenticator = Authenticator { spoil: cut, ..Authenticator::with_pin("1234") };
    let world = World { authenticator, ..with_pin() }.user([choose(1)]);
    let signed = world.get(request(json!({"prf": {"eval": {"first": FIRST}}}), json!({})));
    assert_eq!(error_name(&signed), "UnknownError");
}
