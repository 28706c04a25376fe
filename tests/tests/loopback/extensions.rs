//! Extensions, from the page's JSON to the vault and back.

mod large_blob;
mod prf;

use ciborium::Value as Cbor;
use serde_json::{Value, json};
use wasm::client::prompt::{Kind, Verification};
use wasm::client::{DomErrorName, Reply};

use crate::relying_party::{RelyingParty, bytes};
use crate::world::{Act, World};
use crate::{UV, credential, error};

fn site() -> RelyingParty {
    RelyingParty::new("example.com", "https://example.com")
}

/// Creation options with these extensions.
fn creation(site: &RelyingParty, user: &str, extensions: Value) -> Value {
    site.creation(user, json!({"extensions": extensions}))
}

/// Request options with these extensions.
fn request(site: &RelyingParty, extensions: Value) -> Value {
    site.request(json!({"extensions": extensions}))
}

fn allowing(ids: &[&str]) -> Value {
    json!(ids.iter().map(|id| json!({"type": "public-key", "id": id})).collect::<Vec<_>>())
}

/// Makes a passkey for `user` and has the site accept it; gives its ID.
fn register(world: &World, site: &mut RelyingParty, user: &str, extensions: Value, act: Act) -> String {
    let made = credential(world.create(site, creation(site, user, extensions), [act]));
    site.register(&made).expect("accepted").id
}

fn results(credential: &Value) -> &Value {
    &credential["clientExtensionResults"]
}

fn named(outputs: &[(&str, Cbor)]) -> Cbor {
    Cbor::Map(outputs.iter().map(|(name, value)| (Cbor::from(*name), value.clone())).collect())
}

#[test]
fn cred_props_and_appid_stay_with_the_client() {
    let (world, mut site) = (World::new(), site());
    let asked = json!({"credProps": true, "appidExclude": "https://example.com/list.json"});
    let made = credential(world.create(&site, creation(&site, "ada", asked), [Act::Approve]));
    assert_eq!(site.register(&made).expect("accepted").extensions, None);
    assert_eq!(*results(&made), json!({"credProps": {"rk": true}, "appidExclude": true}));
    let asked = json!({"appid": "https://www.example.com"});
    let signed = credential(world.get(&site, request(&site, asked), [Act::Approve]));
    site.authenticate(&signed).expect("accepted");
    assert_eq!(*results(&signed), json!({"appid": false}));
    let foreign = request(&site, json!({"appid": "https://example.org"}));
    assert_eq!(error(world.get(&site, foreign, [])), DomErrorName::SecurityError);
}

#[test]
fn a_cred_blob_is_kept_and_given_back() {
    let (world, mut site) = (World::new(), site());
    let made = credential(world.create(&site, creation(&site, "ada", json!({"credBlob": "AQIDBA"})), [Act::Approve]));
    assert_eq!(*results(&made), json!({"credBlob": true}));
    let outputs = site.register(&made).expect("accepted").extensions;
    assert_eq!(outputs, Some(named(&[("credBlob", true.into())])));
    world.restart_host();
    let signed = credential(world.get(&site, request(&site, json!({"getCredBlob": true})), [Act::Approve]));
    let (_, outputs) = site.authenticate_with_extensions(&signed).expect("accepted");
    assert_eq!(outputs, Some(named(&[("credBlob", vec![1, 2, 3, 4].into())])));
    assert_eq!(*results(&signed), json!({"getCredBlob": "AQIDBA"}));
}

#[test]
fn a_cred_blob_that_is_too_long_is_not_kept() {
    let (world, mut site) = (World::new(), site());
    let blob = data_encoding::BASE64URL_NOPAD.encode(&[7; 1025]);
    let made = credential(world.create(&site, creation(&site, "ada", json!({"credBlob": blob})), [Act::Approve]));
    site.register(&made).expect("accepted");
    assert_eq!(*results(&made), json!({"credBlob": false}));
    let signed = credential(world.get(&site, request(&site, json!({"getCredBlob": true})), [Act::Approve]));
    assert_eq!(*results(&signed), json!({"getCredBlob": ""}));
}

#[test]
fn the_shortest_pin_is_told_to_sites_that_may_know_it() {
    let (world, mut site) = (World::new(), site());
    let ask = |site: &RelyingParty| {
        let made = credential(world.create(site, creation(site, "ada", json!({"minPinLength": true})), [Act::Approve]));
        assert_eq!(*results(&made), json!({}), "the authenticator data say it, signed");
        made
    };
    assert_eq!(site.register(&ask(&site)).expect("accepted").extensions, None);
    world.settle(|settings| settings.min_pin_length_rp_ids = vec!["example.com".into()]);
    let told = site.register(&ask(&site)).expect("accepted").extensions;
    assert_eq!(told, Some(named(&[("minPinLength", 4.into())])));
    let mut other = RelyingParty::new("example.org", "https://example.org");
    assert_eq!(other.register(&ask(&other)).expect("accepted").extensions, None);
}

#[test]
fn a_passkey_for_verified_users_alone_is_offered_where_the_user_will_be() {
    let (world, mut site) = (World::new(), site());
    let policy = json!({
        "credentialProtectionPolicy": "userVerificationRequired", "enforceCredentialProtectionPolicy": true,
    });
    let made = credential(world.create(&site, creation(&site, "ada", policy), [Act::NewPin("1234")]));
    assert_eq!(world.question(0).verification, Verification::NewPin { min_length: 4 });
    let registered = site.register(&made).expect("accepted");
    assert_ne!(registered.flags & UV, 0);
    assert_eq!(registered.extensions, Some(named(&[("credProtect", 3.into())])));

    let discouraged = || site.request(json!({"userVerification": "discouraged"}));
    assert_eq!((world.get(&site, discouraged(), []), world.asked()), (Reply::Native, 0));
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Pin("1234")]));
    assert_ne!(site.authenticate(&signed).expect("accepted") & UV, 0);

    let open = credential(world.create(
        &site,
        site.creation("grace", json!({"authenticatorSelection": {"userVerification": "discouraged"}})),
        [Act::Approve],
    ));
    site.register(&open).expect("accepted");
    let signed = credential(world.get(&site, site.request(json!({"userVerification": "discouraged"})), [Act::Approve]));
    assert_eq!(site.user_of(&signed), "grace");
    let Kind::Get { accounts } = world.question(0).kind else { panic!("not get") };
    assert_eq!(accounts.len(), 1, "ada's is not offered");
}

#[test]
fn a_passkey_that_is_to_be_named_is_offered_where_it_is() {
    let (world, mut site) = (World::new(), site());
    let policy = json!({"credentialProtectionPolicy": "userVerificationOptionalWithCredentialIDList"});
    let id = register(&world, &mut site, "ada", policy, Act::Approve);
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
    let listed = site.request(json!({"allowCredentials": allowing(&[&id])}));
    site.authenticate(&credential(world.get(&site, listed, [Act::Approve]))).expect("accepted");
}

/// CTAP §12.1: a site that does not have the user verified does not learn that such a passkey is here.
#[test]
fn an_excluded_passkey_for_verified_users_alone_is_told_of_to_them() {
    let (world, mut site) = (World::new(), site());
    let policy = json!({"credentialProtectionPolicy": "userVerificationRequired"});
    let id = register(&world, &mut site, "ada", policy, Act::NewPin("1234"));
    let excluding = |requirement: &str| {
        site.creation(
            "ada",
            json!({
                "excludeCredentials": allowing(&[&id]),
                "authenticatorSelection": {"userVerification": requirement},
            }),
        )
    };
    let told = error(world.create(&site, excluding("required"), [Act::Pin("1234")]));
    assert_eq!(told, DomErrorName::InvalidStateError);
    assert_eq!(world.held("example.com").len(), 1);
    credential(world.create(&site, excluding("discouraged"), [Act::Approve]));
    assert_eq!(world.question(0).notice, None);
}
