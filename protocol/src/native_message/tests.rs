use serde_json::json;

use super::{Body, Error, ErrorCode, FromHost, MAX_ORIGIN_LENGTH, ToHost};
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
    let ctap = |private, origin: Option<&str>| ToHost::Ctap {
        id: 7,
        message: vec![4],
        private,
        origin: origin.map(str::to_owned),
    };
    let ctap = [ctap(false, None), ctap(true, None), ctap(false, Some("https://example.org"))];
    for message in ctap.into_iter().chain([ToHost::Manage { id: 8, request }, ToHost::Cancel { id: 7 }]) {
        assert_eq!(ToHost::from_json(&message.to_json().to_string()), Ok(message));
    }
}

#[test]
fn the_wire_form_is_fixed() {
    let status = ToHost::Manage { id: 1, request: manage::Request::Status {} };
    assert_eq!(status.to_json(), json!({"id": 1, "manage": {"status": {}}}));
    let ctap = |private, origin: Option<&str>| {
        ToHost::Ctap { id: 2, message: vec![4], private, origin: origin.map(str::to_owned) }.to_json()
    };
    assert_eq!(ctap(false, None), json!({"id": 2, "ctap": "BA"}));
    assert_eq!(ctap(true, None), json!({"id": 2, "ctap": "BA", "private": true}));
    let origin = json!({"id": 2, "ctap": "BA", "origin": "https://example.org:8443"});
    assert_eq!(ctap(false, Some("https://example.org:8443")), origin);
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
        ("{\"id\":7,\"ctap\":\"BA\",\"origin\":1}", Some(7)),
        ("{\"id\":7,\"ctap\":\"BA\",\"origin\":\"\"}", Some(7)),
        ("{\"id\":7,\"ctap\":\"BA\",\"origin\":\"https://a\\n\"}", Some(7)),
        ("{\"id\":7,\"ctap\":\"BA\",\"private\":true,\"origin\":\"https://example.org\"}", Some(7)),
        ("{\"id\":7,\"origin\":\"https://example.org\",\"manage\":{\"status\":{}}}", Some(7)),
        ("{\"cancel\":7,\"origin\":\"https://example.org\"}", None),
        ("{\"id\":-1,\"ctap\":\"BA\"}", None),
        ("{\"cancel\":7,\"id\":7}", Some(7)),
    ] {
        assert_eq!(refusal(text), (id, ErrorCode::BadMessage), "{text}");
    }
}

#[test]
fn an_origin_has_at_most_2_kib() {
    let message = |length| format!("{{\"id\":7,\"ctap\":\"BA\",\"origin\":\"{}\"}}", "a".repeat(length));
    assert!(ToHost::from_json(&message(MAX_ORIGIN_LENGTH)).is_ok());
    assert_eq!(refusal(&message(MAX_ORIGIN_LENGTH + 1)), (Some(7), ErrorCode::BadMessage));
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
