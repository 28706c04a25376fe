//! Which credentials are found without their ID: those that the site wanted so, and no others.

use serde_json::{Value, json};
use wasm::client::prompt::{Kind, Notice};
use wasm::client::{DomErrorName, Reply};

use crate::relying_party::RelyingParty;
use crate::world::{Act, World};
use crate::{credential, error};

fn resident_key(requirement: &str) -> Value {
    json!({"authenticatorSelection": {"residentKey": requirement}, "extensions": {"credProps": true}})
}

fn naming(id: &str) -> Value {
    json!([{"type": "public-key", "id": id}])
}

/// A passkey for ada that is not to be discoverable; its ID.
fn not_discoverable(world: &World, site: &mut RelyingParty) -> String {
    let made = credential(world.create(site, site.creation("ada", resident_key("discouraged")), [Act::Approve]));
    assert_eq!(made["clientExtensionResults"], json!({"credProps": {"rk": false}}));
    site.register(&made).expect("accepted").id
}

#[test]
fn what_is_required_or_preferred_to_be_discoverable_is_found_without_its_id() {
    for requirement in ["required", "preferred"] {
        let world = World::new();
        let mut site = RelyingParty::new("example.com", "https://example.com");
        let made = credential(world.create(&site, site.creation("ada", resident_key(requirement)), [Act::Approve]));
        assert_eq!(made["clientExtensionResults"], json!({"credProps": {"rk": true}}));
        site.register(&made).expect("accepted");
        let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
        site.authenticate(&signed).expect("accepted");
    }
}

#[test]
fn what_is_discouraged_to_be_discoverable_is_left_to_the_browser_unless_the_site_names_it() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let id = not_discoverable(&world, &mut site);
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
    assert_eq!(world.asked(), 0);
    let signed = world.get(&site, site.request(json!({"allowCredentials": naming(&id)})), [Act::Approve]);
    site.authenticate(&credential(signed)).expect("accepted");
    let Kind::Get { accounts } = world.question(0).kind else { panic!("not get") };
    assert_eq!(accounts[0].user_name, "ada");
}

#[test]
fn a_site_that_says_nothing_of_it_gets_what_it_has_to_name() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    for (selection, is_found) in [(json!({}), false), (json!({"requireResidentKey": true}), true)] {
        let mut options = site.creation("ada", json!({}));
        options["authenticatorSelection"] = selection;
        let made = credential(world.create(&site, options, [Act::Approve]));
        let id = site.register(&made).expect("accepted").id;
        let named = world.get(&site, site.request(json!({"allowCredentials": naming(&id)})), [Act::Approve]);
        site.authenticate(&credential(named)).expect("accepted");
        let found = world.get(&site, site.request(json!({})), [Act::Approve]);
        assert_eq!(found != Reply::Native, is_found);
    }
}

#[test]
fn a_credential_that_is_not_discoverable_replaces_none() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    let first = site.register(&made).expect("accepted").id;
    let second = not_discoverable(&world, &mut site);
    let third = not_discoverable(&world, &mut site);
    for id in [&first, &second, &third] {
        let signed = world.get(&site, site.request(json!({"allowCredentials": naming(id)})), [Act::Approve]);
        site.authenticate(&credential(signed)).expect("accepted");
    }
    assert_eq!(world.held("example.com").len(), 1);
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    assert_eq!(signed["id"], json!(first));
}

#[test]
fn one_that_is_not_discoverable_is_excluded_like_any_other() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let id = not_discoverable(&world, &mut site);
    let excluding = site.creation("ada", json!({"excludeCredentials": naming(&id)}));
    assert_eq!(error(world.create(&site, excluding, [Act::Approve])), DomErrorName::InvalidStateError);
    assert_eq!(world.question(0).notice, Some(Notice::AlreadyRegistered));
}
