//! Requests that do not ask at once, or not for just anything.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use super::*;
use crate::client::Tab;

const ACTIVATED: Frame = Frame { allowed: Some(true), activated: true };

fn request(mediation: &str, frame: Frame, options: Value) -> Claimed<PageRequest> {
    Claimed::new(PageRequest { options, mediation: Some(mediation.into()), frame, ancestor_origins: Vec::new() })
}

fn page() -> Caller {
    caller("https://login.example.com")
}

fn conditional(world: &World, options: Value) -> Reply {
    finish(get(&page(), request("conditional", Frame::default(), options), world))
}

fn offered(world: &World, options: Value) -> Option<RpId> {
    finish(offer(&page(), request("conditional", Frame::default(), options), world))
}

fn immediate(world: &World, frame: Frame, options: Value) -> Reply {
    finish(get(&page(), request("immediate", frame, options), world))
}

#[test]
fn a_conditional_request_that_the_user_takes_up_asks_in_the_window() {
    let world = holding([account(1, "ada"), account(2, "grace")]).user([choose(2)]);
    let made = credential(conditional(&world, options(json!({}))));
    assert_eq!(bytes(&made["id"]), [2; 32]);
    assert_eq!(world.asked(), 1);
}

#[test]
fn a_conditional_request_has_no_end_in_time() {
    let (page, world) = (page(), World { time_is_up: true, ..holding([account(1, "ada")]) });
    let mut undecided =
        pin!(get(&page, request("conditional", Frame::default(), options(json!({"timeout": 1}))), &world));
    assert!(undecided.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!((world.asked(), world.slept.get()), (1, None));
}

#[test]
fn a_conditional_allow_list_filters_what_is_discoverable_and_finds_nothing_else() {
    let world = holding([account(1, "ada"), account(2, "grace")]).user([choose(2)]);
    credential(conditional(&world, allow(&[2, 3])));
    let Kind::Get { accounts } = world.last_question().kind else { panic!("not get") };
    assert_eq!(accounts.iter().map(|account| account.user_name.as_str()).collect::<Vec<_>>(), ["grace"]);
    let looked_for = world.looked_for.borrow().clone().expect("the host was asked");
    assert!(looked_for.credential_ids.is_empty(), "asked by ID, the host would find what is not discoverable");
}

#[test]
fn what_is_offered_is_what_would_be_asked_with_nothing_shown() {
    let world = holding([account(1, "ada")]);
    assert_eq!(offered(&world, options(json!({}))), Some("example.com".into()));
    assert_eq!(offered(&world, allow(&[1, 9])), Some("example.com".into()));
    assert!(world.looked_for.borrow().clone().is_some_and(|looked_for| looked_for.credential_ids.is_empty()));
    assert_eq!(offered(&world, allow(&[9])), None);
    assert_eq!(offered(&holding([]), options(json!({}))), None);
    assert_eq!(offered(&world, options(json!({"rpId": "example.org"}))), None);
    assert_eq!(offered(&world, options(json!({"rpId": "com"}))), None);
    assert_eq!(offered(&world, json!({"rpId": "example.com"})), None);
    let gone = World { manage_error: Some(HostError::Gone), ..holding([account(1, "ada")]) };
    assert_eq!(offered(&gone, options(json!({}))), None);
    assert_eq!((world.asked(), gone.asked()), (0, 0));
}

/// CTAP §12.1: what the window would not show is no offer.
#[test]
fn what_is_for_verified_users_alone_is_offered_where_they_would_be() {
    let protected = || manage::Account { cred_protect: CredProtect::UserVerificationRequired, ..account(1, "ada") };
    let with_pin = || World { authenticator: Authenticator::with_pin("1234"), ..holding([protected()]) };
    assert_eq!(offered(&with_pin(), options(json!({"userVerification": "preferred"}))), Some("example.com".into()));
    assert_eq!(offered(&with_pin(), options(json!({"userVerification": "discouraged"}))), None);
}

#[test]
fn only_conditional_requests_are_offered() {
    for mediation in ["optional", "required", "immediate", "silent"] {
        let request = request(mediation, ACTIVATED, options(json!({})));
        assert_eq!(finish(offer(&page(), request, &holding([account(1, "ada")]))), None, "{mediation}");
    }
}

#[test]
fn a_frame_that_may_not_ask_is_offered_nothing() {
    let top = Some(crate::client::Origin::from_sender("https://shop.example").expect("an origin"));
    let frame = Caller { ancestors: Ancestors::CrossOrigin { top }, ..page() };
    let ask = |allowed| {
        let request = request("conditional", Frame { allowed: Some(allowed), activated: false }, options(json!({})));
        finish(offer(&frame, request, &holding([account(1, "ada")])))
    };
    assert_eq!((ask(false), ask(true)), (None, Some("example.com".into())));
}

#[test]
fn an_immediate_request_asks_where_something_is_held() {
    let world = holding([account(1, "ada")]).user([choose(1)]);
    credential(immediate(&world, ACTIVATED, options(json!({}))));
    assert_eq!(world.asked(), 1);
}

#[test]
fn an_immediate_request_with_nothing_held_shows_nothing_at_all() {
    let refusal = native_message::Error::new(ErrorCode::KeychainLocked, "The keychain is locked. Unlock it.");
    let locked = World { manage_error: Some(HostError::Refused(refusal)), ..holding([]) };
    let gone = World { manage_error: Some(HostError::Gone), ..holding([]) };
    for world in [holding([]), locked, gone] {
        assert_eq!(immediate(&world, ACTIVATED, options(json!({}))), Reply::Native);
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn an_immediate_request_takes_the_users_activation_and_names_no_credential() {
    let world = holding([account(1, "ada")]);
    let unasked = Frame { allowed: Some(true), activated: false };
    assert_eq!(error_name(&immediate(&world, unasked, options(json!({})))), "NotAllowedError");
    assert_eq!(error_name(&immediate(&world, ACTIVATED, allow(&[1]))), "NotAllowedError");
    assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
}

#[test]
fn in_a_private_window_an_immediate_request_finds_nothing() {
    let page = Caller { tab: Tab { private: true, container: false }, ..page() };
    let world = holding([account(1, "ada")]);
    assert_eq!(finish(get(&page, request("immediate", ACTIVATED, options(json!({}))), &world)), Reply::Native);
    assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
}

#[test]
fn an_immediate_request_ends_in_time() {
    let world = World { time_is_up: true, ..holding([account(1, "ada")]) };
    assert_eq!(error_name(&immediate(&world, ACTIVATED, options(json!({})))), "NotAllowedError");
}

#[test]
fn a_page_that_thinks_of_a_security_key_gets_the_browser_unless_it_names_what_is_held() {
    let world = holding([account(1, "ada")]);
    let hinted = |hints: Value| options(json!({"hints": hints}));
    assert_eq!(world.get(hinted(json!(["security-key", "client-device"]))), Reply::Native);
    assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
    for hints in [json!(["client-device", "security-key"]), json!(["hybrid"]), json!(["invented"])] {
        let world = holding([account(1, "ada")]).user([choose(1)]);
        credential(world.get(hinted(hints)));
    }
    let mut named = allow(&[1]);
    named["hints"] = json!(["security-key"]);
    credential(holding([account(1, "ada")]).user([choose(1)]).get(named.clone()));
    assert_eq!(holding([]).get(named), Reply::Native);
}

#[test]
fn silent_requests_are_the_browsers() {
    let request = request("silent", ACTIVATED, options(json!({})));
    assert_eq!(finish(get(&page(), request, &holding([account(1, "ada")]))), Reply::Native);
}

#[test]
fn the_window_is_told_of_the_kind_of_tab() {
    let tab = Tab { private: true, container: true };
    let world = holding([account(1, "ada")]).user([choose(1)]);
    credential(finish(get(&Caller { tab, ..page() }, claimed(options(json!({}))), &world)));
    assert_eq!(world.last_question().tab, tab);
}
