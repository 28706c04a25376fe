use serde_json::json;

use super::SignalMethod::{AllAcceptedCredentials, CurrentUserDetails, UnknownCredential};
use super::*;
use crate::client::testing::{World, caller, claimed, error_name, finish};
use crate::client::{Ancestors, HostError};

const METHODS: [SignalMethod; 3] = [UnknownCredential, AllAcceptedCredentials, CurrentUserDetails];

/// The least that each of them takes, all in one.
fn options() -> Value {
    json!({
        "rpId": "example.com",
        "credentialId": "AQID",
        "userId": "BwgJ",
        "allAcceptedCredentialIds": ["AQID", "BAUG"],
        "name": "ada@example.com",
        "displayName": "",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut options = options();
    options[name] = value;
    options
}

fn signal_in(world: &World, method: SignalMethod, options: Value) -> Reply {
    finish(signal(method, &caller("https://login.example.com"), claimed(options), world))
}

#[test]
fn the_host_is_told_what_the_page_says() {
    let world = World::default();
    for method in METHODS {
        assert_eq!(signal_in(&world, method, options()), Reply::Done);
    }
    let rp_id = || "example.com".into();
    let user_id = || vec![7, 8, 9].into();
    let told = [
        Signal::UnknownCredential { rp_id: rp_id(), credential_id: vec![1, 2, 3].into() },
        Signal::AllAcceptedCredentials {
            rp_id: rp_id(),
            user_id: user_id(),
            all_accepted_credential_ids: vec![vec![1, 2, 3].into(), vec![4, 5, 6].into()],
        },
        Signal::CurrentUserDetails {
            rp_id: rp_id(),
            user_id: user_id(),
            name: "ada@example.com".to_owned(),
            display_name: String::new(),
        },
    ];
    assert_eq!(*world.told.borrow(), told.map(Request::Signal));
    assert_eq!(world.asked(), 0);
    assert!(
        world.looked_for.borrow().is_none(),
        "and is asked nothing, so that nothing can be learned from its answer"
    );
}

#[test]
fn what_is_no_base64url_is_a_type_error_before_the_rp_id_is_looked_at() {
    let world = World::default();
    for (method, name) in
        [(UnknownCredential, "credentialId"), (AllAcceptedCredentials, "userId"), (CurrentUserDetails, "userId")]
    {
        for wrong in ["AQI=", "A+/=", "ä", "A", " AQID"] {
            let mut options = with(name, json!(wrong));
            options["rpId"] = json!("com");
            assert_eq!(error_name(&signal_in(&world, method, options)), "TypeError", "{method:?} {wrong}");
        }
    }
    let accepted = with("allAcceptedCredentialIds", json!(["AQID", "="]));
    assert_eq!(error_name(&signal_in(&world, AllAcceptedCredentials, accepted)), "TypeError");
    assert!(world.told.borrow().is_empty());
}

#[test]
fn a_member_that_lacks_or_is_of_another_type_is_a_type_error() {
    let world = World::default();
    let required = [
        (UnknownCredential, vec!["rpId", "credentialId"]),
        (AllAcceptedCredentials, vec!["rpId", "userId", "allAcceptedCredentialIds"]),
        (CurrentUserDetails, vec!["rpId", "userId", "name", "displayName"]),
    ];
    for (method, names) in required {
        for name in names {
            assert_eq!(
                error_name(&signal_in(&world, method, with(name, Value::Null))),
                "TypeError",
                "{method:?} {name}"
            );
        }
    }
    assert!(world.told.borrow().is_empty());
}

#[test]
fn a_page_signals_for_rp_ids_that_it_may_claim_alone() {
    let world = World::default();
    for method in METHODS {
        for rp_id in ["com", "", "example.com.", "192.0.2.1", "xn--", "example.org", "münchen.example"] {
            let reply = signal_in(&world, method, with("rpId", json!(rp_id)));
            assert_eq!(error_name(&reply), "SecurityError", "{rp_id}");
        }
        let address = finish(signal(method, &caller("https://192.0.2.1"), claimed(options()), &world));
        assert_eq!(error_name(&address), "SecurityError");
    }
    assert!(world.told.borrow().is_empty());
    assert_eq!(signal_in(&world, UnknownCredential, with("rpId", json!("login.example.com"))), Reply::Done);
}

#[test]
fn in_a_frame_the_frames_own_origin_counts() {
    let frame = Caller { ancestors: Ancestors::CrossOrigin { top: None }, ..caller("https://login.example.com") };
    let world = World::default();
    assert_eq!(finish(signal(UnknownCredential, &frame, claimed(options()), &world)), Reply::Done);
}

#[test]
fn without_a_host_it_is_the_browsers() {
    let world = World { manage_error: Some(HostError::Gone), ..World::default() };
    assert_eq!(signal_in(&world, UnknownCredential, options()), Reply::Native);
}
