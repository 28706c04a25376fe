//! Passkeys that are made without a question: what they are, and where none is made.

use protocol::manage::{DeleteRequest, ListRequest, Request, Response, TrashReason};
use serde_json::json;
use wasm::client::{DomErrorName, Reply, Saved, withdraw};

use crate::relying_party::RelyingParty;
use crate::world::{Act, World};
use crate::{UP, UV, credential, error};

fn site() -> RelyingParty {
    RelyingParty::new("example.com", "https://login.example.com")
}

/// ada has signed in with a password, and the site makes a passkey for her.
fn upgrade(world: &World, site: &mut RelyingParty) -> Saved {
    world.sign_in_with_a_password();
    match world.create_unasked(site, site.creation("ada", json!({}))) {
        Reply::Saved { credential, saved } => {
            let registered = site.register_unasked(&credential).expect("accepted");
            assert_eq!((registered.flags & (UP | UV), registered.format.as_str()), (0, "none"));
            assert_eq!(saved.credential_id.to_string(), registered.id);
            saved
        }
        other => panic!("nothing was made: {other:?}"),
    }
}

fn reasons(world: &World) -> Vec<TrashReason> {
    match world.manage(Request::Trash(ListRequest::default())) {
        Response::Trash(trash) => trash.gone.into_iter().map(|gone| gone.reason).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn after_a_sign_in_with_a_password_a_passkey_is_made_that_signs_in_from_then_on() {
    let world = World::new();
    let mut site = site();
    let saved = upgrade(&world, &mut site);
    assert_eq!((world.asked(), world.saved()), (0, Some(saved.clone())));
    assert_eq!((saved.rp_id, saved.user_name.as_str()), ("example.com".into(), "ada"));
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    assert_eq!(site.authenticate(&signed).expect("accepted") & (UP | UV), UP);
}

#[test]
fn no_relying_party_that_asked_the_user_takes_it_for_an_answer() {
    let world = World::new();
    let mut site = site();
    world.sign_in_with_a_password();
    let Reply::Saved { credential, .. } = world.create_unasked(&site, site.creation("ada", json!({}))) else {
        panic!("nothing was made")
    };
    assert_eq!(site.register(&credential).err(), Some("UP".to_owned()));
}

#[test]
fn without_a_sign_in_nothing_is_made_and_one_sign_in_makes_one() {
    let world = World::new();
    let mut site = site();
    assert_eq!(world.create_unasked(&site, site.creation("ada", json!({}))), Reply::Native);
    assert!(!world.has_vault());
    upgrade(&world, &mut site);
    assert_eq!(world.create_unasked(&site, site.creation("bob", json!({}))), Reply::Native);
    assert_eq!(world.held("example.com").len(), 1);
}

#[test]
fn a_passkey_that_is_here_is_neither_replaced_nor_told_of() {
    let world = World::new();
    let mut site = site();
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    let id = site.register(&made).expect("accepted").id;
    world.sign_in_with_a_password();
    let excluding = json!({"excludeCredentials": [{"type": "public-key", "id": id}]});
    for with in [json!({}), excluding] {
        let reply = world.create_unasked(&site, site.creation("ada", with));
        assert_eq!(error(reply), DomErrorName::NotAllowedError);
    }
    assert_eq!(world.held("example.com")[0].credential_id.to_string(), id);
    assert!(reasons(&world).is_empty());
}

#[test]
fn what_the_user_took_back_is_not_made_again() {
    let world = World::new();
    let mut site = site();
    let saved = upgrade(&world, &mut site);
    world.manage(Request::Delete(DeleteRequest { credential_id: saved.credential_id }));
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
    world.sign_in_with_a_password();
    let again = world.create_unasked(&site, site.creation("ada", json!({})));
    assert_eq!(error(again), DomErrorName::NotAllowedError);
    let asked = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    site.register(&asked).expect("the user may be asked all the same");
}

#[test]
fn what_no_page_waited_for_goes_and_keeps_no_other_away() {
    let world = World::new();
    let mut site = site();
    let saved = upgrade(&world, &mut site);
    withdraw(&saved, &world);
    assert!(world.held("example.com").is_empty());
    assert_eq!(reasons(&world), [TrashReason::Unanswered]);
    upgrade(&world, &mut site);
}

#[test]
fn whoever_is_always_to_be_verified_is_not_passed_over() {
    let world = World::new();
    let site = site();
    world.settle(|settings| settings.always_uv = true);
    world.sign_in_with_a_password();
    assert_eq!(world.create_unasked(&site, site.creation("ada", json!({}))), Reply::Native);
    assert!(world.held("example.com").is_empty());
}

#[test]
fn a_locked_keychain_leaves_it_to_the_browser_with_nothing_shown() {
    let world = World::new();
    let site = site();
    credential(world.create(&site, site.creation("bob", json!({})), [Act::Approve]));
    world.lock_keychain();
    world.sign_in_with_a_password();
    assert_eq!(world.create_unasked(&site, site.creation("ada", json!({}))), Reply::Native);
    assert_eq!(world.asked(), 0);
}
