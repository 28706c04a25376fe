use protocol::base64url;
use protocol::native_message::{self, ErrorCode};
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};
use serde_json::{Value, json};

use super::*;
use crate::client::create::tests::options;
use crate::client::testing::{Authenticator, NEW_CREDENTIAL, World, approve, caller, error_name, finish};
use crate::client::{Claimed, Frame, HostError, PageRequest, create};

fn conditional(options: Value) -> Claimed<PageRequest> {
    Claimed::new(PageRequest {
        options,
        mediation: Some("conditional".into()),
        frame: Frame::default(),
        ancestor_origins: Vec::new(),
    })
}

/// A conditional create of a page of https://login.example.com. Nobody may be asked anything.
fn create_in(world: &World, options: Value) -> Reply {
    let reply = finish(create(&caller("https://login.example.com"), conditional(options), world));
    assert_eq!(world.asked(), 0, "a window was shown");
    reply
}

/// A world where the user has just signed in with a password.
fn allowing() -> World {
    World { may_upgrade: true, ..World::default() }
}

fn made(world: &World) -> usize {
    world.authenticator.made.borrow().len()
}

#[test]
fn a_passkey_is_made_without_a_window_and_says_that_nobody_was_asked() {
    let world = allowing();
    let reply = create_in(&world, options(json!({"extensions": {"credProps": true}})));
    let Reply::Saved { credential, saved } = &reply else { panic!("{reply:?}") };
    let object = base64url::decode(credential["response"]["attestationObject"].as_str().expect("text"));
    let object = AttestationObject::from_bytes(&object.expect("base64url")).expect("canonical");
    let flags = object.authenticator_data().expect("readable").flags;
    assert!(!flags.contains(Flags::UP) && !flags.contains(Flags::UV));
    assert_eq!(credential["clientExtensionResults"], json!({"credProps": {"rk": false}}));
    let expected = Saved {
        rp_id: "example.com".into(),
        user_name: "ada@example.com".to_owned(),
        credential_id: NEW_CREDENTIAL.to_vec().into(),
    };
    assert_eq!(*saved, expected);
    assert_eq!(*world.saved.borrow(), [expected]);
    assert_eq!(reply.to_json()["saved"], json!({"rpId": "example.com"}));
    assert_eq!(reply.to_json()["credential"], *credential);
    let request = &world.authenticator.made.borrow()[0];
    assert_eq!(request.options, Options { rk: Some(false), up: Some(false), uv: None });
    assert_eq!(request.pin_uv_auth, None);
    assert_eq!(world.told_origin.borrow().as_deref(), Some("https://login.example.com"), "for the history");
    assert_eq!(world.slept.get(), None, "there is nobody to wait for");
}

#[test]
fn a_prf_is_enabled_and_evaluated_once_the_user_is_verified() {
    let world = allowing();
    let asked = json!({"extensions": {"prf": {"eval": {"first": "AQID"}}, "largeBlob": {"support": "preferred"}}});
    let Reply::Saved { credential, .. } = create_in(&world, options(asked)) else { panic!("nothing was saved") };
    let expected = json!({"prf": {"enabled": true}, "largeBlob": {"supported": false}});
    assert_eq!(credential["clientExtensionResults"], expected);
}

#[test]
fn what_extensions_need_and_nobody_can_give_is_left_to_the_browser() {
    let verified_users_alone = json!({"credentialProtectionPolicy": "userVerificationRequired"});
    let blob_without_a_place = json!({"largeBlob": {"support": "required"}});
    for extensions in [verified_users_alone, blob_without_a_place] {
        let world = allowing();
        assert_eq!(create_in(&world, options(json!({"extensions": extensions}))), Reply::Native);
        assert_eq!(made(&world), 0);
    }
}

#[test]
fn without_a_sign_in_or_the_users_leave_it_is_the_browsers() {
    let world = World::default();
    assert_eq!(create_in(&world, options(json!({}))), Reply::Native);
    assert_eq!((made(&world), world.saved.borrow().len()), (0, 0));
    assert!(world.looked_for.borrow().is_none(), "the host is not even asked");
}

#[test]
fn whoever_wants_to_be_verified_always_has_not_consented() {
    let authenticator = Authenticator { always_uv: true, ..Authenticator::default() };
    let world = World { authenticator, ..allowing() };
    assert_eq!(create_in(&world, options(json!({}))), Reply::Native);
    assert_eq!(made(&world), 0);
    let authenticator = Authenticator { status: Some(StatusCode::PuatRequired), ..Authenticator::default() };
    assert_eq!(create_in(&World { authenticator, ..allowing() }, options(json!({}))), Reply::Native);
}

#[test]
fn verification_that_is_required_cannot_be_collected_and_other_wishes_for_it_are_passed_over() {
    let uv = |requirement: &str| options(json!({"authenticatorSelection": {"userVerification": requirement}}));
    let world = allowing();
    assert_eq!(error_name(&create_in(&world, uv("required"))), "ConstraintError");
    assert_eq!(made(&world), 0);
    assert_eq!(create_in(&World::default(), uv("required")), Reply::Native, "step 19 comes first");
    for requirement in ["preferred", "discouraged"] {
        let world = World { authenticator: Authenticator::with_pin("1234"), ..allowing() };
        assert!(matches!(create_in(&world, uv(requirement)), Reply::Saved { .. }));
    }
}

#[test]
fn what_is_here_already_is_not_told() {
    let excluding = options(json!({"excludeCredentials": [{"type": "public-key", "id": base64url::encode(&[1; 32])}]}));
    let world = World { accounts: vec![crate::client::get::tests::account(1, "ada")], ..allowing() };
    let excluded = create_in(&world, excluding.clone());
    assert_eq!(error_name(&excluded), "NotAllowedError");
    assert_eq!(made(&world), 0);
    let authenticator = Authenticator { status: Some(StatusCode::CredentialExcluded), ..Authenticator::default() };
    let same_account = create_in(&World { authenticator, ..allowing() }, excluding.clone());
    let authenticator = Authenticator { status: Some(StatusCode::KeyStoreFull), ..Authenticator::default() };
    let full_disk = create_in(&World { authenticator, ..allowing() }, excluding);
    assert_eq!((&same_account, &full_disk), (&excluded, &excluded), "one answer for all, its text too");
}

#[test]
fn no_frame_of_another_origin_gets_one() {
    let frame = Caller { ancestors: Ancestors::CrossOrigin { top: None }, ..caller("https://login.example.com") };
    let world = allowing();
    let reply = finish(create(&frame, conditional(options(json!({}))), &world));
    assert_eq!(error_name(&reply), "NotAllowedError");
    assert_eq!(made(&world), 0);
}

#[test]
fn bad_options_are_errors_of_the_page_before_anything_else() {
    for (with, expected) in [
        (json!({"user": {"id": "", "name": "a", "displayName": ""}}), "TypeError"),
        (json!({"rp": {"name": "Example", "id": "com"}}), "SecurityError"),
        (json!({"pubKeyCredParams": [{"type": "other", "alg": -7}]}), "NotSupportedError"),
    ] {
        assert_eq!(error_name(&create_in(&World::default(), options(with))), expected);
    }
    let elsewhere = options(json!({"authenticatorSelection": {"authenticatorAttachment": "cross-platform"}}));
    assert_eq!(create_in(&allowing(), elsewhere), Reply::Native);
}

#[test]
fn no_statement_is_asked_for() {
    let world = allowing();
    let Reply::Saved { credential, .. } = create_in(&world, options(json!({"attestation": "direct"}))) else {
        panic!("nothing was made")
    };
    let object = base64url::decode(credential["response"]["attestationObject"].as_str().expect("text"));
    let object = AttestationObject::from_bytes(&object.expect("base64url")).expect("canonical");
    assert_eq!(object.statement, AttestationStatement::None);
    assert_eq!(world.authenticator.made.borrow()[0].attestation_formats, ["none"]);
}

#[test]
fn a_host_that_is_gone_or_cannot_serve_leaves_it_to_the_browser() {
    let locked = HostError::Refused(native_message::Error::new(ErrorCode::KeychainLocked, "Locked."));
    for error in [HostError::Gone, locked] {
        let world = World { manage_error: Some(error.clone()), ..allowing() };
        assert_eq!(create_in(&world, options(json!({}))), Reply::Native);
        let world = World { conditional_error: Some(error), ..allowing() };
        assert_eq!(create_in(&world, options(json!({}))), Reply::Native);
    }
}

#[test]
fn a_host_that_says_that_the_user_was_there_has_broken_its_contract() {
    type Spoiler = fn(&mut AuthenticatorData);
    let spoilers: [Spoiler; 3] =
        [|data| data.flags = Flags::UP, |data| data.flags = Flags::UV, |data| data.rp_id_hash[0] ^= 1];
    for spoil in spoilers {
        let world = World { authenticator: Authenticator { spoil, ..Authenticator::default() }, ..allowing() };
        assert_eq!(error_name(&create_in(&world, options(json!({})))), "NotAllowedError");
        assert!(world.saved.borrow().is_empty());
    }
    let spoil: Spoiler = |data| data.flags = Flags::from(0);
    let world = World { authenticator: Authenticator { spoil, ..Authenticator::default() }, ..allowing() };
    let asked = world.user([approve()]);
    assert_eq!(error_name(&asked.create(options(json!({})))), "UnknownError", "UP 0 is for nothing else");
}

#[test]
fn a_ceremony_taken_up_again_leaves_nothing_of_its_earlier_run() {
    let before = Saved { rp_id: "example.com".into(), user_name: "ada".into(), credential_id: vec![4; 32].into() };
    let world = World { saved_before: Some(before.clone()), ..World::default() };
    assert!(matches!(create_in(&world, options(json!({}))), Reply::Saved { .. }), "the sign-in is used up already");
    let withdrawn = manage::Request::Withdraw(manage::DeleteRequest { credential_id: before.credential_id });
    assert_eq!(*world.told.borrow(), [withdrawn]);
    assert_eq!((made(&world), world.saved.borrow().len()), (1, 1));
}

#[test]
fn what_nobody_waited_for_is_withdrawn() {
    let saved = Saved { rp_id: "example.com".into(), user_name: "ada".into(), credential_id: vec![4; 32].into() };
    let world = World::default();
    withdraw(&saved, &world);
    let withdrawn = manage::Request::Withdraw(manage::DeleteRequest { credential_id: saved.credential_id });
    assert_eq!(*world.told.borrow(), [withdrawn]);
}
