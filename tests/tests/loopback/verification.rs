//! User verification by the OS, and what the user has settled about it.

use keystow::verification::os::Outcome;
use serde_json::{Value, json};
use wasm::client::prompt::{Notice, Verification};
use wasm::client::{DomErrorName, Reply};

use crate::relying_party::RelyingParty;
use crate::world::{Act, World};
use crate::{UV, credential, error};

const BUILT_IN: Verification = Verification::BuiltIn { pin: false };
const BUILT_IN_OR_PIN: Verification = Verification::BuiltIn { pin: true };

fn site() -> RelyingParty {
    RelyingParty::new("example.com", "https://example.com")
}

fn required(site: &RelyingParty) -> Value {
    site.creation("ada", json!({"authenticatorSelection": {"userVerification": "required"}}))
}

/// The passkey is accepted, and so is what is said of the user.
fn accepted(site: &mut RelyingParty, reply: Reply) -> bool {
    site.register(&credential(reply)).expect("accepted").flags & UV != 0
}

#[test]
fn the_os_verifies_after_a_click_in_both_ceremonies() {
    let (world, mut site) = (World::new(), site());
    world.os_verifies([Outcome::Verified, Outcome::Verified]);
    let made = world.create(&site, required(&site), [Act::Approve]);
    assert!(accepted(&mut site, made));
    assert_eq!((world.question(0).verification, world.asked()), (BUILT_IN, 1));
    let signed = world.get(&site, site.request(json!({})), [Act::Approve]);
    assert_ne!(site.authenticate(&credential(signed)).expect("accepted") & UV, 0);
    let asked_for = world.os_asked_for();
    assert!(asked_for[0].contains("MakeCredential") && asked_for[1].contains("GetAssertion"), "{asked_for:?}");
    assert!(asked_for.iter().all(|reason| reason.contains("example.com")), "{asked_for:?}");
}

#[test]
fn nobody_is_asked_before_the_click() {
    let (world, site) = (World::new(), site());
    world.os_verifies([Outcome::Verified]);
    assert_eq!(error(world.create(&site, required(&site), [Act::Cancel])), DomErrorName::NotAllowedError);
    assert!(world.os_asked_for().is_empty());
}

#[test]
fn whatever_keeps_the_os_from_confirming_can_be_tried_again() {
    for outcome in [Outcome::Failed, Outcome::Cancelled, Outcome::TimedOut, Outcome::Unavailable] {
        let (world, mut site) = (World::new(), site());
        world.os_verifies([outcome, Outcome::Verified]);
        let made = world.create(&site, required(&site), [Act::Approve, Act::Approve]);
        assert!(accepted(&mut site, made));
        assert_eq!(world.question(1).verification, BUILT_IN);
        assert_eq!(world.question(1).notice, Some(Notice::BuiltInFailed), "{outcome:?}");
    }
}

#[test]
fn five_failures_block_the_os_until_the_host_is_started_again() {
    let (world, mut site) = (World::new(), site());
    world.os_verifies([Outcome::Failed; 5]);
    let made = world.create(&site, required(&site), [Act::Approve; 6]);
    assert_eq!(error(made), DomErrorName::NotAllowedError);
    assert_eq!(world.question(4).notice, Some(Notice::BuiltInFailed));
    assert_eq!((world.question(5).verification, world.question(5).notice), (BUILT_IN, Some(Notice::BuiltInBlocked)));
    assert_eq!(world.os_asked_for().len(), 5);
    world.restart_host();
    world.os_verifies([Outcome::Verified]);
    let made = world.create(&site, required(&site), [Act::Approve]);
    assert!(accepted(&mut site, made));
}

/// A machine with the PIN 1234.
fn with_pin(site: &RelyingParty) -> World {
    let world = World::new();
    credential(world.create(site, required(site), [Act::NewPin("1234")]));
    world
}

#[test]
fn after_five_failures_the_pin_is_asked_for() {
    let mut site = site();
    let world = with_pin(&site);
    world.os_verifies([Outcome::Failed; 5]);
    let acts = [Act::Approve, Act::Approve, Act::Approve, Act::Approve, Act::Approve, Act::Pin("1234")];
    let made = world.create(&site, required(&site), acts);
    assert!(accepted(&mut site, made));
    let last = world.question(5);
    assert_eq!((last.verification, last.notice), (Verification::Pin { retries: 8 }, Some(Notice::BuiltInBlocked)));
}

#[test]
fn the_pin_may_be_used_instead_of_the_os() {
    let mut site = site();
    let world = with_pin(&site);
    world.os_verifies([]);
    let acts = [Act::UsePin, Act::Pin("0000"), Act::Pin("1234")];
    let made = world.create(&site, required(&site), acts);
    assert!(accepted(&mut site, made));
    assert_eq!(world.question(0).verification, BUILT_IN_OR_PIN);
    assert_eq!(world.question(1).verification, Verification::Pin { retries: 8 });
    assert!(world.os_asked_for().is_empty());
}

#[test]
fn the_user_is_verified_always_where_that_is_settled() {
    let (world, mut site) = (World::new(), site());
    world.settle(|settings| settings.always_uv = true);
    let discouraged = json!({"authenticatorSelection": {"userVerification": "discouraged"}});
    let made = world.create(&site, site.creation("ada", discouraged), [Act::NewPin("1234")]);
    assert!(accepted(&mut site, made));
    let discouraged = || site.request(json!({"userVerification": "discouraged"}));
    let signed = world.get(&site, discouraged(), [Act::Pin("1234")]);
    assert_ne!(site.authenticate(&credential(signed)).expect("accepted") & UV, 0);
    world.os_verifies([Outcome::Verified]);
    let signed = world.get(&site, discouraged(), [Act::Approve]);
    assert_ne!(site.authenticate(&credential(signed)).expect("accepted") & UV, 0);
}

#[test]
fn a_pin_that_must_be_changed_is_said_at_once_and_cannot_be_approved_away() {
    let mut site = site();
    let world = with_pin(&site);
    world.must_change_pin();
    assert_eq!(error(world.create(&site, required(&site), [Act::Pin("1234")])), DomErrorName::NotAllowedError);
    assert_eq!((world.question(0).notice, world.asked()), (Some(Notice::PinMustChange), 1));
    world.os_verifies([Outcome::Verified]);
    let made = world.create(&site, required(&site), [Act::Approve]);
    assert!(accepted(&mut site, made));
    assert_eq!(world.question(0).verification, BUILT_IN, "the PIN is no other way now");
}
