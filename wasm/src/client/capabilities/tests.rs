use protocol::native_message::{Error, ErrorCode};

use super::*;
use crate::client::testing::{World, caller, finish};
use crate::client::{HostError, Tab};

fn asked(conditional_create: bool, private: bool, world: &World) -> Map<String, Value> {
    let page = Caller { tab: Tab { private, container: false }, ..caller("https://login.example.com") };
    match finish(capabilities(&page, conditional_create, world)) {
        Reply::Capabilities(Value::Object(capabilities)) => capabilities,
        other => panic!("no capabilities but {other:?}"),
    }
}

#[test]
fn every_client_capability_of_l3_is_answered_but_hybrid_which_is_the_browsers() {
    let answer = asked(true, false, &World::default());
    let of_the_client: Vec<_> = answer.keys().filter(|name| !name.starts_with("extension:")).collect();
    assert_eq!(
        of_the_client,
        [
            "conditionalCreate",
            "conditionalGet",
            "immediateGet",
            "passkeyPlatformAuthenticator",
            "relatedOrigins",
            "signalAllAcceptedCredentials",
            "signalCurrentUserDetails",
            "signalUnknownCredential",
            "userVerifyingPlatformAuthenticator",
        ]
    );
    assert!(answer.values().all(|can| *can == true), "{answer:?}");
    let extensions: Vec<_> = answer.keys().filter_map(|name| name.strip_prefix("extension:")).collect();
    assert_eq!(extensions, extensions::IDENTIFIERS);
}

#[test]
fn conditional_create_is_as_the_user_wants_it() {
    assert_eq!(asked(false, false, &World::default())["conditionalCreate"], false);
}

#[test]
fn in_a_private_window_nothing_is_immediate() {
    assert_eq!(asked(true, true, &World::default())["immediateGet"], false);
}

#[test]
fn the_user_can_be_verified_unless_the_one_way_to_it_is_barred() {
    let none = manage::Verification {
        pin_set: false,
        retries: 8,
        min_pin_length: 4,
        must_change_pin: false,
        built_in: false,
        always: false,
    };
    let pin = manage::Verification { pin_set: true, ..none };
    for (verification, can) in [
        (none, true),
        (pin, true),
        (manage::Verification { retries: 0, ..pin }, false),
        (manage::Verification { must_change_pin: true, ..pin }, false),
        (manage::Verification { retries: 0, built_in: true, ..pin }, true),
    ] {
        assert_eq!(can_verify(verification), can, "{verification:?}");
        let answer = of(&caller("https://login.example.com"), true, verification);
        for name in ["userVerifyingPlatformAuthenticator", "passkeyPlatformAuthenticator"] {
            assert_eq!(answer[name], can, "{name} {verification:?}");
        }
    }
}

#[test]
fn without_a_host_that_serves_the_browser_answers_alone() {
    let refusal = Error::new(ErrorCode::KeychainLocked, "The keychain is locked. Unlock it.");
    for error in [HostError::Gone, HostError::Unintelligible, HostError::Refused(refusal)] {
        let world = World { manage_error: Some(error), ..World::default() };
        assert_eq!(finish(capabilities(&caller("https://login.example.com"), true, &world)), Reply::Native);
        assert_eq!(world.asked(), 0);
    }
}
