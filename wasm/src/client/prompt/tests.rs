use serde_json::json;

use super::*;

fn question(notice: Option<Notice>) -> Question {
    Question {
        kind: Kind::Create {
            rp_name: "Example".into(),
            user_name: "ada@example.com".into(),
            user_display_name: "Ada".into(),
        },
        rp_id: "example.com".into(),
        origin: "https://login.example.com".into(),
        top_origin: None,
        related: false,
        tab: Tab::default(),
        verification: Verification::NewPin { min_length: 4 },
        notice,
    }
}

#[test]
fn a_question_is_this_json() {
    let json = json!({
        "kind": {"create": {"rpName": "Example", "userName": "ada@example.com", "userDisplayName": "Ada"}},
        "rpId": "example.com",
        "origin": "https://login.example.com",
        "verification": {"newPin": {"minLength": 4}},
        "notice": {"wrongPin": {"retries": 7}},
    });
    let question = question(Some(Notice::WrongPin { retries: 7 }));
    assert_eq!(serde_json::to_value(&question).expect("as it should be"), json);
    assert_eq!(serde_json::from_value::<Question>(json).expect("as it should be"), question);
}

#[test]
fn nothing_can_be_approved_where_the_host_cannot_serve_or_the_pin_is_locked() {
    let host =
        Notice::HostError { code: ErrorCode::KeychainLocked, message: "The keychain is locked. Unlock it.".into() };
    for notice in [host, Notice::PinLocked, Notice::PinPaused, Notice::PinMustChange] {
        assert!(!question(Some(notice)).can_approve());
    }
    for notice in [None, Some(Notice::AlreadyRegistered), Some(Notice::WrongPin { retries: 1 })] {
        assert!(question(notice).can_approve());
    }
}

#[test]
fn where_the_os_is_asked_no_more_only_the_pin_can_be_approved() {
    let blocked = |verification| Question { verification, ..question(Some(Notice::BuiltInBlocked)) };
    assert!(blocked(Verification::Pin { retries: 8 }).can_approve());
    assert!(!blocked(Verification::BuiltIn { pin: false }).can_approve());
}

#[test]
fn the_pin_can_be_used_instead_of_the_os_where_there_is_one() {
    let asked = |verification, notice| Question { verification, ..question(notice) }.can_use_pin();
    assert!(asked(Verification::BuiltIn { pin: true }, None));
    assert!(asked(Verification::BuiltIn { pin: true }, Some(Notice::BuiltInFailed)));
    assert!(!asked(
        Verification::BuiltIn { pin: true },
        Some(Notice::HostError { code: ErrorCode::Internal, message: "x".into() })
    ));
    assert!(!asked(Verification::BuiltIn { pin: false }, None));
    assert!(!asked(Verification::Pin { retries: 8 }, None));
}

#[test]
fn a_site_is_left_for_good_only_where_that_can_be_taken_back() {
    let asked = |private: bool, top_origin: Option<&str>| {
        let tab = Tab { private, container: false };
        Question { tab, top_origin: top_origin.map(str::to_owned), ..question(None) }.can_leave_site()
    };
    assert!(asked(false, None));
    assert!(!asked(true, None));
    assert!(!asked(false, Some("https://shop.example")));
}

#[test]
fn the_os_as_a_way_to_be_verified_is_this_json() {
    let json = json!({"builtIn": {"pin": true}});
    let verification = Verification::BuiltIn { pin: true };
    assert_eq!(serde_json::to_value(verification).expect("as it should be"), json);
    assert_eq!(serde_json::from_value::<Verification>(json).expect("as it should be"), verification);
}

#[test]
fn a_decision_survives_the_way_from_the_window() {
    let json = json!({"approve": {"credentialId": "AQID", "pin": "1234"}});
    let Decision::Approve(approval) = serde_json::from_value(json.clone()).expect("as it should be") else {
        panic!("not an approval");
    };
    assert_eq!(approval.credential_id, Some(vec![1, 2, 3].into()));
    assert_eq!(approval.pin.as_ref().map(Pin::expose_secret), Some("1234"));
    assert!(approval.new_pin.is_none());
    assert_eq!(serde_json::to_value(Decision::Approve(approval)).expect("as it should be"), json);
}

#[test]
fn decisions_without_content_are_words() {
    assert_eq!(serde_json::to_value(Decision::UseAnother).expect("as it should be"), json!("useAnother"));
    assert_eq!(serde_json::to_value(Decision::UsePin).expect("as it should be"), json!("usePin"));
    assert_eq!(serde_json::to_value(Decision::AlwaysUseAnother).expect("as it should be"), json!("alwaysUseAnother"));
    assert!(matches!(serde_json::from_value(json!("cancel")).expect("as it should be"), Decision::Cancel));
    assert!(serde_json::from_value::<Decision>(json!("allow")).is_err());
}
