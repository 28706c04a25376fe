use protocol::base64url;
use serde_json::{Value, json};

use super::*;
use crate::client::get::tests::account;
use crate::client::testing::{World, approve, caller, claimed_in, credential, finish};
use crate::client::{Reply, create, get};

const ALLOWED: Frame = Frame { allowed: Some(true), activated: false };
const ACTIVATED: Frame = Frame { allowed: Some(true), activated: true };

/// A page of https://login.example.com in a frame, and what the top document is, where that is known.
fn framed(top: Option<&str>) -> Caller {
    let top = top.map(|top| Origin::from_sender(top).expect("an origin"));
    Caller { ancestors: Ancestors::CrossOrigin { top }, ..caller("https://login.example.com") }
}

fn create_in(caller: &Caller, frame: Frame, world: &World) -> Reply {
    let options = json!({
        "rp": {"name": "Example", "id": "example.com"},
        "user": {"id": "BwgJ", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "AAEC",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    });
    finish(create(caller, claimed_in(frame, options), world))
}

fn get_in(caller: &Caller, frame: Frame, world: &World) -> Reply {
    finish(get(caller, claimed_in(frame, json!({"challenge": "AAEC", "rpId": "example.com"})), world))
}

fn holding() -> World {
    World { accounts: vec![account(1, "ada")], ..World::default() }.user([approve()])
}

fn client_data(reply: Reply) -> String {
    let bytes = base64url::decode(credential(reply)["response"]["clientDataJSON"].as_str().expect("text"));
    String::from_utf8(bytes.expect("base64url")).expect("UTF-8")
}

#[test]
fn in_a_frame_of_another_origin_the_client_data_and_the_window_name_the_top() {
    let page = framed(Some("https://shop.example:8443"));
    let world = World::default().user([approve()]);
    let expected = r#"{"type":"webauthn.create","challenge":"AAEC","origin":"https://login.example.com","crossOrigin":true,"topOrigin":"https://shop.example:8443"}"#;
    assert_eq!(client_data(create_in(&page, ACTIVATED, &world)), expected);
    assert_eq!(world.last_question().top_origin.as_deref(), Some("https://shop.example:8443"));
    let world = holding();
    assert_eq!(client_data(get_in(&page, ALLOWED, &world)), expected.replace("webauthn.create", "webauthn.get"));
    assert_eq!(world.last_question().top_origin.as_deref(), Some("https://shop.example:8443"));
}

#[test]
fn with_a_foreign_frame_between_the_top_is_named_even_where_it_is_the_callers_own_origin() {
    let data: Value =
        serde_json::from_str(&client_data(get_in(&framed(Some("https://login.example.com")), ALLOWED, &holding())))
            .expect("JSON");
    assert_eq!(data["crossOrigin"], true);
    assert_eq!(data["topOrigin"], "https://login.example.com");
}

#[test]
fn among_its_own_origin_a_page_needs_no_leave_and_no_top_origin_is_named() {
    let world = holding();
    let data = client_data(get_in(&caller("https://login.example.com"), Frame::default(), &world));
    assert!(data.ends_with(r#""crossOrigin":false}"#), "{data}");
    assert_eq!(world.last_question().top_origin, None);
}

#[test]
fn a_frame_that_may_not_or_whose_top_is_unknown_is_the_browsers_with_nothing_asked_and_shown() {
    let (known, unknown) = (framed(Some("https://shop.example")), framed(None));
    let denied = Frame { allowed: Some(false), activated: true };
    for (page, frame) in [(&known, denied), (&known, Frame::default()), (&unknown, ACTIVATED)] {
        for call in [create_in, get_in] {
            let world = holding();
            assert_eq!(call(page, frame, &world), Reply::Native, "{page:?} {frame:?}");
            assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
        }
    }
}

#[test]
fn to_create_in_a_foreign_frame_takes_the_users_activation() {
    let page = framed(Some("https://shop.example"));
    let world = World::default().user([approve()]);
    assert_eq!(create_in(&page, ALLOWED, &world), Reply::Native);
    assert_eq!(world.asked(), 0);
    assert_eq!(Standing::of(&page, ALLOWED, CeremonyType::Create), Err(Error::NotServed(NotServed::MayNotCallHere)));
    assert!(Standing::of(&page, ACTIVATED, CeremonyType::Create).is_ok());
}

#[test]
fn a_policy_that_keeps_a_page_from_the_call_holds_at_the_top_too() {
    let denied = Frame { allowed: Some(false), activated: true };
    for call in [create_in, get_in] {
        let world = holding();
        assert_eq!(call(&caller("https://login.example.com"), denied, &world), Reply::Native);
        assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
    }
}
