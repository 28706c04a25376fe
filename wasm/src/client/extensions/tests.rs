//! Whole ceremonies against the scripted authenticator.

mod cred_protect;
mod large_blob;
mod prf;

use protocol::base64url;
use protocol::cbor::Value as Cbor;
use protocol::ctap::extensions::{AssertionInputs, CreationInputs};
use serde_json::{Value, json};

use super::IDENTIFIERS;
use crate::client::get::tests::account;
use crate::client::testing::{Authenticator, Extensions, World, approve, credential, error_name};
use crate::client::{DomErrorName, Reply};

/// The least a page can ask for, with these extensions and the members of `with`.
fn creation(extensions: Value, with: Value) -> Value {
    let options = json!({
        "rp": {"name": "Example", "id": "example.com"},
        "user": {"id": "BwgJ", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "AAEC",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "extensions": extensions,
    });
    merged(options, with)
}

fn request(extensions: Value, with: Value) -> Value {
    merged(json!({"challenge": "AAEC", "rpId": "example.com", "extensions": extensions}), with)
}

fn merged(mut options: Value, with: Value) -> Value {
    for (name, value) in with.as_object().expect("an object") {
        options[name] = value.clone();
    }
    options
}

/// A list that allows the credentials whose IDs are 32 times these bytes.
fn allowing(ids: &[u8]) -> Value {
    let list: Vec<_> = ids.iter().map(|id| json!({"type": "public-key", "id": id_of(*id)})).collect();
    json!({"allowCredentials": list})
}

fn id_of(byte: u8) -> String {
    base64url::encode(&[byte; 32])
}

/// One account, 1, and a user who clicks.
fn world(authenticator: Authenticator) -> World {
    World { authenticator, accounts: vec![account(1, "ada")], ..World::default() }.user([approve()])
}

fn knowing(known: &[&'static str]) -> Authenticator {
    let extensions = Extensions { known: known.to_vec(), ..Extensions::default() };
    Authenticator { extensions, ..Authenticator::default() }
}

fn results(reply: Reply) -> Value {
    credential(reply)["clientExtensionResults"].clone()
}

fn creation_inputs(world: &World) -> CreationInputs {
    CreationInputs::from_value(world.authenticator.made.borrow()[0].extensions.clone()).expect("inputs")
}

fn assertion_inputs(world: &World) -> AssertionInputs {
    AssertionInputs::from_value(world.authenticator.asserted.borrow()[0].extensions.clone()).expect("inputs")
}

/// Refused for what it asks, with nothing shown and nothing asked of the host.
fn refused(name: &str, serve: impl Fn(&World) -> Reply) {
    let world = world(Authenticator::default());
    assert_eq!(error_name(&serve(&world)), name);
    assert!(world.looked_for.borrow().is_none());
}

#[test]
fn nothing_is_told_of_what_was_not_asked() {
    let empty = || json!({});
    let world_1 = world(Authenticator::default());
    assert_eq!(results(world_1.create(creation(empty(), empty()))), json!({}));
    assert_eq!(world_1.authenticator.made.borrow()[0].extensions, None);
    let world_2 = world(Authenticator::default());
    assert_eq!(results(world_2.get(request(empty(), empty()))), json!({}));
    assert_eq!(world_2.authenticator.asserted.borrow()[0].extensions, None);
}

/// L3 §5.1.3 step 12, §5.1.4.1 step 9.
#[test]
fn what_is_unknown_or_for_the_other_call_is_ignored() {
    let for_get = json!({"getCredBlob": true, "uvm": true, "invented": {"a": [1]}, "remoteClientDataJSON": "x"});
    let world_1 = world(Authenticator::default());
    assert_eq!(results(world_1.create(creation(for_get, json!({})))), json!({}));
    assert_eq!(world_1.authenticator.made.borrow()[0].extensions, None);
    let for_create = json!({
        "credProps": true, "credBlob": "AQ", "minPinLength": true, "appidExclude": "https://example.org",
        "credentialProtectionPolicy": "userVerificationRequired", "enforceCredentialProtectionPolicy": true,
    });
    let world_2 = world(Authenticator::default());
    assert_eq!(results(world_2.get(request(for_create, json!({})))), json!({}));
    assert_eq!(world_2.authenticator.asserted.borrow()[0].extensions, None);
}

#[test]
fn an_input_of_another_type_is_a_type_error() {
    refused("TypeError", |world| world.create(creation(json!({"prf": {"eval": {}}}), json!({}))));
    refused("TypeError", |world| world.get(request(json!({"largeBlob": {"write": 1}}), json!({}))));
}

#[test]
fn cred_props_says_whether_the_credential_is_discoverable() {
    for (selection, rk) in [
        (json!({}), false),
        (json!({"requireResidentKey": true}), true),
        (json!({"residentKey": "preferred"}), true),
        (json!({"residentKey": "discouraged", "requireResidentKey": true}), false),
    ] {
        let world = world(Authenticator::default());
        let options = creation(json!({"credProps": true}), json!({"authenticatorSelection": selection}));
        assert_eq!(results(world.create(options)), json!({"credProps": {"rk": rk}}));
        assert_eq!(world.authenticator.made.borrow()[0].options.rk, Some(rk));
    }
    let world = world(Authenticator::default());
    assert_eq!(results(world.create(creation(json!({"credProps": false}), json!({})))), json!({}));
}

#[test]
fn cred_blob_says_whether_the_bytes_are_kept() {
    for (blob, known, kept) in [
        (vec![7; 32], "credBlob", true),
        (vec![7; 33], "credBlob", false),
        (vec![], "credBlob", true),
        (vec![7], "hmac-secret", false),
    ] {
        let world = world(knowing(&[known]));
        let asked = json!({"credBlob": base64url::encode(&blob)});
        assert_eq!(results(world.create(creation(asked, json!({})))), json!({"credBlob": kept}));
        assert_eq!(creation_inputs(&world).cred_blob, Some(blob));
    }
}

#[test]
fn get_cred_blob_gives_them_back() {
    let asked = || request(json!({"getCredBlob": true}), json!({}));
    assert_eq!(results(world(Authenticator::default()).get(asked())), json!({"getCredBlob": "AQID"}));
    let extensions = Extensions { cred_blob: Vec::new(), ..Extensions::default() };
    let without = world(Authenticator { extensions, ..Authenticator::default() });
    assert_eq!(results(without.get(asked())), json!({"getCredBlob": ""}));
    // An authenticator that says more than it was asked.
    let spoil = |data: &mut protocol::webauthn::authenticator_data::AuthenticatorData| {
        data.extensions = Some(protocol::cbor::text_map([("credBlob", Some(Cbor::from(vec![9])))]));
    };
    let talkative = world(Authenticator { spoil, ..Authenticator::default() });
    assert_eq!(results(talkative.get(request(json!({}), json!({})))), json!({}));
}

/// CTAP §12.5: the answer is in the authenticator data alone.
#[test]
fn min_pin_length_is_asked_of_the_authenticator() {
    let world = world(Authenticator::default());
    assert_eq!(results(world.create(creation(json!({"minPinLength": true}), json!({})))), json!({}));
    assert!(creation_inputs(&world).min_pin_length);
}

#[test]
fn appid_is_false_in_get_and_refused_in_create() {
    let appid = |appid: &str| json!({"appid": appid});
    let same_site = request(appid("https://u2f.example.com/list.json"), json!({}));
    assert_eq!(results(world(Authenticator::default()).get(same_site)), json!({"appid": false}));
    refused("SecurityError", |world| world.get(request(appid("https://example.org"), json!({}))));
    refused("NotSupportedError", |world| world.create(creation(appid("https://example.com"), json!({}))));
}

#[test]
fn appid_exclude_is_true_in_create() {
    let exclude = |appid: &str| creation(json!({"appidExclude": appid}), json!({}));
    let world = world(Authenticator::default());
    assert_eq!(results(world.create(exclude("https://example.com/list.json"))), json!({"appidExclude": true}));
    refused("SecurityError", |world| world.create(exclude("https://example.org")));
}

/// Each identifier is a member that is read: with something that it cannot be, the options are none.
#[test]
fn every_identifier_is_one_that_is_read() {
    for name in IDENTIFIERS.into_iter().filter(|name| *name != "credentialProtectionPolicy") {
        refused("TypeError", |world| world.get(request(json!({name: 1.5}), json!({}))));
    }
    let policy = request(json!({"credentialProtectionPolicy": 1.5}), json!({}));
    assert_eq!(results(world(Authenticator::default()).get(policy)), json!({}), "an enumeration");
}

#[test]
fn the_exception_for_an_identifier_has_javascripts_name() {
    assert_eq!(DomErrorName::SyntaxError.as_str(), "SyntaxError");
}
