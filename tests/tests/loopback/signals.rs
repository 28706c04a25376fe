//! What a site says of its passkeys, from the page to the vault and back.

use protocol::manage::{ListRequest, Request, Response, RestoreRequest, TrashReason};
use serde_json::{Value, json};
use wasm::client::SignalMethod::{AllAcceptedCredentials, CurrentUserDetails, UnknownCredential};
use wasm::client::prompt::Kind;
use wasm::client::{DomErrorName, Reply};

use crate::relying_party::RelyingParty;
use crate::world::{Act, World};
use crate::{credential, error};

fn site() -> RelyingParty {
    RelyingParty::new("example.com", "https://login.example.com")
}

/// Registers `user`; gives the credential ID.
fn register(world: &World, site: &mut RelyingParty, user: &str) -> String {
    let made = credential(world.create(site, site.creation(user, json!({})), [Act::Approve]));
    site.register(&made).expect("accepted").id
}

fn signs_in(world: &World, site: &RelyingParty) -> bool {
    world.get(site, site.request(json!({})), [Act::UseAnother]);
    world.asked() > 0
}

fn handle(user: &str) -> Value {
    json!(data_encoding::BASE64URL_NOPAD.encode(user.as_bytes()))
}

fn gone(world: &World) -> Vec<(String, TrashReason)> {
    match world.manage(Request::Trash(ListRequest::default())) {
        Response::Trash(trash) => trash.gone.into_iter().map(|gone| (gone.account.user_name, gone.reason)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_credential_that_the_site_does_not_know_signs_in_no_more_until_the_user_brings_it_back() {
    let world = World::new();
    let mut site = site();
    let id = register(&world, &mut site, "ada");
    let options = json!({"rpId": "example.com", "credentialId": id});
    assert_eq!(world.signal(&site, UnknownCredential, options), Reply::Done);
    assert!(!signs_in(&world, &site));
    assert_eq!(gone(&world), [("ada".to_owned(), TrashReason::UnknownToSite)]);
    let credential_id = data_encoding::BASE64URL_NOPAD.decode(id.as_bytes()).expect("base64url").into();
    world.manage(Request::Restore(RestoreRequest { credential_id }));
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    site.authenticate(&signed).expect("accepted");
}

#[test]
fn what_is_not_accepted_is_hidden_and_what_is_accepted_again_comes_back() {
    let world = World::new();
    let mut site = site();
    let id = register(&world, &mut site, "ada");
    let accept = |ids: Value| json!({"rpId": "example.com", "userId": handle("ada"), "allAcceptedCredentialIds": ids});
    assert_eq!(world.signal(&site, AllAcceptedCredentials, accept(json!([id]))), Reply::Done);
    assert!(signs_in(&world, &site));
    assert_eq!(world.signal(&site, AllAcceptedCredentials, accept(json!([]))), Reply::Done);
    assert!(!signs_in(&world, &site));
    assert_eq!(gone(&world), [("ada".to_owned(), TrashReason::NotAcceptedBySite)]);
    assert_eq!(world.signal(&site, AllAcceptedCredentials, accept(json!([id]))), Reply::Done);
    assert!(signs_in(&world, &site));
    assert!(gone(&world).is_empty());
}

#[test]
fn the_window_shows_what_the_account_is_called_now() {
    let world = World::new();
    let mut site = site();
    register(&world, &mut site, "ada");
    let details =
        json!({"rpId": "example.com", "userId": handle("ada"), "name": "countess", "displayName": "Ada Lovelace"});
    assert_eq!(world.signal(&site, CurrentUserDetails, details), Reply::Done);
    assert!(signs_in(&world, &site));
    let Kind::Get { accounts } = world.question(0).kind else { panic!("not get") };
    assert_eq!((accounts[0].user_name.as_str(), accounts[0].user_display_name.as_str()), ("countess", "Ada Lovelace"));
    assert_eq!(gone(&world), [("ada".to_owned(), TrashReason::RenamedBySite)]);
}

#[test]
fn a_page_learns_nothing_of_what_was_found_and_another_sites_passkeys_are_out_of_its_reach() {
    let world = World::new();
    let mut site = site();
    let id = register(&world, &mut site, "ada");
    let unknown = |rp_id: &str, id: &str| json!({"rpId": rp_id, "credentialId": id});
    let other = RelyingParty::new("example.org", "https://example.org");
    assert_eq!(world.signal(&other, UnknownCredential, unknown("example.org", &id)), Reply::Done);
    assert_eq!(world.signal(&site, UnknownCredential, unknown("example.com", "AQID")), Reply::Done);
    assert_eq!(error(world.signal(&other, UnknownCredential, unknown("com", &id))), DomErrorName::SecurityError);
    assert_ne!(world.signal(&other, UnknownCredential, unknown("example.com", &id)), Reply::Done);
    assert!(signs_in(&world, &site));
    assert!(gone(&world).is_empty());
}

#[test]
fn where_nothing_was_ever_kept_no_vault_is_made() {
    let world = World::new();
    let options = json!({
        "rpId": "example.com", "credentialId": "AQID", "userId": "AQID", "allAcceptedCredentialIds": [],
        "name": "ada", "displayName": "",
    });
    for method in [UnknownCredential, AllAcceptedCredentials, CurrentUserDetails] {
        assert_eq!(world.signal(&site(), method, options.clone()), Reply::Done);
    }
    assert!(!world.has_vault());
}
