use protocol::ctap::StatusCode;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};
use serde_json::{Value, json};

use super::*;
use crate::client::get::tests::account;
use crate::client::prompt::Pin;
use crate::client::testing::{Authenticator, OsAnswer, World, approve, approve_with_pin, credential, error_name};
use crate::client::{HostError, Reply};

const FAILURES: [StatusCode; 4] =
    [StatusCode::UvInvalid, StatusCode::OperationDenied, StatusCode::UserActionTimeout, StatusCode::NotAllowed];

/// An authenticator whose OS verifies users, and answers so.
fn with_os(answers: impl IntoIterator<Item = OsAnswer>) -> Authenticator {
    Authenticator { os: std::cell::RefCell::new(answers.into_iter().collect()), ..Authenticator::default() }
}

fn with_os_and_pin(answers: impl IntoIterator<Item = OsAnswer>) -> Authenticator {
    Authenticator { pin: std::cell::RefCell::new(Some("1234".into())), ..with_os(answers) }
}

fn world(authenticator: Authenticator, decisions: impl IntoIterator<Item = Decision>) -> World {
    World { authenticator, accounts: vec![account(1, "ada")], ..World::default() }.user(decisions)
}

fn get(world: &World) -> Reply {
    world.get(json!({"challenge": "AAEC", "rpId": "example.com", "userVerification": "required"}))
}

fn create(world: &World) -> Reply {
    world.create(json!({
        "rp": {"name": "Example", "id": "example.com"},
        "user": {"id": "BwgJ", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "AAEC",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "authenticatorSelection": {"userVerification": "required"},
    }))
}

fn flags(made: &Value) -> Flags {
    let data = made["response"]["authenticatorData"].as_str().expect("text");
    AuthenticatorData::from_bytes(&protocol::base64url::decode(data).expect("base64url")).expect("readable").flags
}

fn asked(world: &World) -> Vec<(Verification, Option<Notice>)> {
    world.questions.borrow().iter().map(|question| (question.verification, question.notice.clone())).collect()
}

const BUILT_IN: Verification = Verification::BuiltIn { pin: false };
const BUILT_IN_OR_PIN: Verification = Verification::BuiltIn { pin: true };

#[test]
fn the_os_verifies_after_one_click() {
    for serve in [create, get] {
        let world = world(with_os([OsAnswer::Verified]), [approve()]);
        let made = credential(serve(&world));
        assert!(flags(&made).contains(Flags::UP | Flags::UV));
        assert_eq!(asked(&world), [(BUILT_IN, None)]);
    }
}

#[test]
fn what_the_os_did_not_confirm_is_asked_again() {
    for status in FAILURES {
        let world = world(with_os([OsAnswer::Status(status), OsAnswer::Verified]), [approve(), approve()]);
        assert!(flags(&credential(get(&world))).contains(Flags::UV));
        assert_eq!(asked(&world), [(BUILT_IN, None), (BUILT_IN, Some(Notice::BuiltInFailed))]);
    }
}

#[test]
fn the_pin_may_be_used_instead() {
    let world = world(
        with_os_and_pin([OsAnswer::Status(StatusCode::UvInvalid)]),
        [approve(), Decision::UsePin, approve_with_pin("0000"), approve_with_pin("1234")],
    );
    assert!(flags(&credential(get(&world))).contains(Flags::UV));
    assert_eq!(
        asked(&world),
        [
            (BUILT_IN_OR_PIN, None),
            (BUILT_IN_OR_PIN, Some(Notice::BuiltInFailed)),
            (Verification::Pin { retries: 8 }, None),
            (Verification::Pin { retries: 7 }, Some(Notice::WrongPin { retries: 7 })),
        ]
    );
}

#[test]
fn a_pin_that_was_locked_meanwhile_is_said_to_be() {
    fn lock(_: &Question, world: &World) {
        world.authenticator.retries.set(0);
    }
    let world = World { watch: Some(lock), ..world(with_os_and_pin([OsAnswer::None]), [Decision::UsePin]) };
    let world = world.user([Decision::Cancel]);
    assert_eq!(error_name(&get(&world)), "NotAllowedError");
    assert_eq!(asked(&world)[1], (Verification::Pin { retries: 0 }, Some(Notice::PinLocked)));
}

#[test]
fn where_the_os_is_asked_no_more_the_pin_is() {
    let blocked = [OsAnswer::Status(StatusCode::UvBlocked)];
    let world = world(with_os_and_pin(blocked), [approve(), approve_with_pin("1234")]);
    assert!(flags(&credential(get(&world))).contains(Flags::UV));
    assert_eq!(asked(&world)[1], (Verification::Pin { retries: 8 }, Some(Notice::BuiltInBlocked)));
}

#[test]
fn where_the_os_is_asked_no_more_and_there_is_no_pin_nothing_can_be_approved() {
    let world = world(with_os([OsAnswer::Status(StatusCode::UvBlocked)]), [approve(), approve()]);
    assert_eq!(error_name(&get(&world)), "NotAllowedError");
    assert_eq!(asked(&world)[1], (BUILT_IN, Some(Notice::BuiltInBlocked)));
    assert!(world.authenticator.asserted.borrow().is_empty());
}

#[test]
fn the_pin_is_no_answer_where_it_was_not_offered() {
    for authenticator in [with_os([OsAnswer::Verified]), Authenticator::with_pin("1234")] {
        let world = world(authenticator, [Decision::UsePin]);
        assert_eq!(error_name(&get(&world)), "NotAllowedError");
        assert_eq!(world.asked(), 1);
    }
}

#[test]
fn the_user_ends_it_while_the_os_asks() {
    for serve in [create, get] {
        let ended = |decision| World { withdraws: Some(decision), ..world(with_os([OsAnswer::None]), [approve()]) };
        let world = ended(|| Decision::Cancel);
        assert_eq!(error_name(&serve(&world)), "NotAllowedError");
        assert!(world.authenticator.made.borrow().is_empty() && world.authenticator.asserted.borrow().is_empty());
        assert_eq!(serve(&ended(|| Decision::UseAnother)), Reply::Native);
    }
}

#[test]
fn the_time_expires_while_the_os_asks() {
    let world = World { time_is_up: true, ..world(with_os([OsAnswer::None]), [approve()]) };
    assert_eq!(error_name(&get(&world)), "NotAllowedError");
}

#[test]
fn a_host_that_goes_while_the_os_asks_leaves_it_to_the_browser() {
    let gone = Some((0x06, HostError::Gone));
    let world = World { ctap_error: gone, ..world(with_os([OsAnswer::Verified]), [approve()]) };
    assert_eq!(get(&world), Reply::Native);
}

#[test]
fn another_status_ends_the_ceremony() {
    let world = world(with_os([OsAnswer::Status(StatusCode::Other)]), [approve()]);
    assert_eq!(error_name(&get(&world)), "UnknownError");
}

#[test]
fn a_pin_that_must_be_changed_is_not_asked_for() {
    let authenticator = Authenticator { must_change_pin: true, ..Authenticator::with_pin("1234") };
    let world = world(authenticator, [approve_with_pin("1234")]);
    assert_eq!(error_name(&get(&world)), "NotAllowedError");
    assert_eq!(asked(&world), [(Verification::Pin { retries: 8 }, Some(Notice::PinMustChange))]);
}

#[test]
fn a_pin_that_must_be_changed_since_the_window_came_up_is_said_to_be() {
    let authenticator =
        Authenticator { token_status: Some(StatusCode::PinPolicyViolation), ..Authenticator::with_pin("1234") };
    let world = world(authenticator, [approve_with_pin("1234"), Decision::UseAnother]);
    assert_eq!(get(&world), Reply::Native);
    assert_eq!(world.last_question().notice, Some(Notice::PinMustChange));
    assert!(!world.last_question().can_approve());
}

#[test]
fn the_user_is_verified_always_where_they_want_it() {
    let authenticator = Authenticator { always_uv: true, ..with_os([OsAnswer::Verified]) };
    let world = world(authenticator, [approve()]);
    let made =
        credential(world.get(json!({"challenge": "AAEC", "rpId": "example.com", "userVerification": "discouraged"})));
    assert!(flags(&made).contains(Flags::UV));
    let chosen = Approval { new_pin: Some(Pin::from("1234".to_owned())), ..Approval::default() };
    let world = World {
        authenticator: Authenticator { always_uv: true, ..Authenticator::default() },
        accounts: vec![account(1, "ada")],
        ..World::default()
    }
    .user([Decision::Approve(chosen)]);
    let made =
        credential(world.get(json!({"challenge": "AAEC", "rpId": "example.com", "userVerification": "discouraged"})));
    assert!(flags(&made).contains(Flags::UV));
    assert_eq!(asked(&world), [(Verification::NewPin { min_length: 4 }, None)]);
}
