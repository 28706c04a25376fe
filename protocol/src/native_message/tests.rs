use serde_json::json;

use super::{Body, Error, ErrorCode, FromHost, ToHost};
use crate::manage;

fn refusal(text: &str) -> (Option<u64>, ErrorCode) {
    match ToHost::from_json(text) {
        Err(FromHost { id, body: Body::Error(error) }) => (id, error.code),
        other => panic!("{text} gave {other:?}"),
    }
}

#[test]
fn each_message_is_read_as_it_is_written() {
    let request = manage::Request::Candidates(manage::CandidatesRequest {
        rp_id: "example.org".into(),
        credential_ids: vec![vec![1, 2].into()],
        algorithms: Vec::new(),
    });
    let ctap = |private| ToHost::Ctap { id: 7, message: vec![4], private };
    for message in [ctap(false), ctap(true), ToHost::Manage { id: 8, request }, ToHost::Cancel { id: 7 }] {
        assert_eq!(ToHost::from_json(&message.to_json().to_string()), Ok(message));
    }
}

#[test]
fn the_wire_form_is_fixed() {
    let status = ToHost::Manage { id: 1, request: manage::Request::Status {} };
    assert_eq!(status.to_json(), json!({"id": 1, "manage": {"status": {}}}));
    let ctap = |private| ToHost::Ctap { id: 2, message: vec![4], private }.to_json();
    assert_eq!(ctap(false), json!({"id": 2, "ctap": "BA"}));
    assert_eq!(ctap(true), json!({"id": 2, "ctap": "BA", "private": true}));
    let reply = FromHost { id: Some(2), body: Body::Ctap(vec![0]) };
    assert_eq!(serde_json::to_value(&reply).expect("JSON"), json!({"id": 2, "ctap": "AA"}));
    let error = FromHost { id: None, body: Body::Error(Error::new(ErrorCode::KeychainLocked, "Locked.")) };
    let json = serde_json::to_value(&error).expect("JSON");
    assert_eq!(json, json!({"id": null, "error": {"code": "keychain_locked", "message": "Locked."}}));
    assert_eq!(serde_json::from_value::<FromHost>(json).expect("a reply"), error);
}

#[test]
fn what_is_not_a_message_is_answered_with_the_id_where_there_is_one() {
    for (text, id) in [
        ("", None),
        ("[1]", None),
        ("{\"id\":7", None),
        ("{}", None),
        ("{\"id\":7}", Some(7)),
        ("{\"id\":7,\"ctap\":\"==\"}", Some(7)),
        ("{\"id\":7,\"ctap\":\"BA\",\"extra\":1}", Some(7)),
        ("{\"id\":7,\"ctap\":\"BA\",\"manage\":{\"status\":{}}}", Some(7)),
        ("{\"id\":7,\"manage\":{\"format\":{}}}", Some(7)),
        ("{\"id\":7,\"manage\":{\"status\":{\"extra\":1}}}", Some(7)),
        ("{\"id\":7,\"private\":true,\"manage\":{\"status\":{}}}", Some(7)),
        ("{\"cancel\":7,\"private\":true}", None),
        ("{\"id\":7,\"ctap\":\"BA\",\"private\":1}", Some(7)),
        ("{\"id\":-1,\"ctap\":\"BA\"}", None),
        ("{\"cancel\":7,\"id\":7}", Some(7)),
    ] {
        assert_eq!(refusal(text), (id, ErrorCode::BadMessage), "{text}");
    }
}

#[test]
fn deep_json_is_an_error_not_a_crash() {
    assert_eq!(refusal(&"[".repeat(1_000_000)), (None, ErrorCode::BadMessage));
}

#[test]
fn an_error_never_repeats_what_was_sent() {
    let Err(FromHost { body: Body::Error(error), .. }) =
        ToHost::from_json("{\"id\":7,\"manage\":{\"secret-word\":{}}}")
    else {
        panic!("accepted")
    };
    assert!(!error.message.contains("secret-word"), "{}", error.message);
}
