//! Bad frames, one by one, on the real binary: each gets an error reply, and the host lives on.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod support;

use protocol::ctap::StatusCode;
use protocol::native_message::{Body, ErrorCode};
use support::{Desk, code, ctap, frame};

fn base64url(message: &[u8]) -> String {
    protocol::base64url::encode(message)
}

#[test]
fn json_that_is_no_message_is_refused_with_its_id_where_it_has_one() {
    let desk = Desk::without_keychain();
    let mut host = desk.host();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_member = format!(r#"{{"id":3,"manage":{}}}"#, r#"{"a":"#.repeat(10_000));
    let cases: [(&str, Option<u64>); 18] = [
        ("", None),
        ("{", None),
        ("not json", None),
        ("null", None),
        ("[]", None),
        ("{}", None),
        (&deep, None),
        (&deep_member, None),
        (r#"{"id":3}"#, Some(3)),
        (r#"{"id":-3,"manage":{"status":{}}}"#, None),
        (r#"{"id":"3","manage":{"status":{}}}"#, None),
        (r#"{"id":3,"manage":{"status":{}},"extra":1}"#, Some(3)),
        (r#"{"id":3,"manage":{"status":{"extra":1}}}"#, Some(3)),
        (r#"{"id":3,"manage":{"format":{}}}"#, Some(3)),
        (r#"{"id":3,"id":4,"manage":{"status":{}}}"#, Some(4)),
        (r#"{"id":3,"ctap":"BA","manage":{"status":{}}}"#, Some(3)),
        (r#"{"id":3,"ctap":"BA=="}"#, Some(3)),
        (r#"{"id":3,"manage":{"candidates":{"rpId":7}}}"#, Some(3)),
    ];
    for (json, id) in cases {
        let shown: String = json.chars().take(60).collect();
        let reply = host.ask(json);
        assert_eq!((reply.id, code(&reply)), (id, ErrorCode::BadMessage), "{shown}");
        assert!(host.lives(), "{shown}");
    }
}

#[test]
fn a_frame_that_is_not_utf_8_is_refused() {
    let desk = Desk::without_keychain();
    let mut host = desk.host();
    host.send(b"{\"id\":1,\"ctap\":\"\xff\xfe\"}");
    assert_eq!(code(&host.reply()), ErrorCode::BadMessage);
    assert!(host.lives());
}

#[test]
fn an_oversized_frame_is_skipped_to_its_last_byte() {
    let desk = Desk::without_keychain();
    let mut host = desk.host();
    for length in [(2 << 20) + 1, 64 << 20] {
        let json = vec![b' '; length];
        host.send(&json);
        let reply = host.reply();
        assert_eq!((reply.id, code(&reply)), (None, ErrorCode::TooLarge));
        assert!(host.lives());
    }
}

#[test]
fn a_frame_cut_short_by_the_end_is_answered_and_ends_the_host() {
    let desk = Desk::without_keychain();
    for bytes in [&frame(br#"{"id":1,"manage":{"status":{}}}"#)[..20], &[7], &[0xff, 0xff, 0xff, 0x7f, b'x']] {
        let mut host = desk.host();
        host.write(bytes);
        host.close_input();
        let reply = host.reply();
        assert!(reply.id.is_none() && matches!(code(&reply), ErrorCode::BadMessage | ErrorCode::TooLarge));
        assert!(host.close().success());
    }
}

#[test]
fn an_empty_pipe_ends_the_host() {
    assert!(Desk::without_keychain().host().close().success());
}

#[test]
fn a_cancel_of_what_is_not_there_is_not_answered() {
    let desk = Desk::without_keychain();
    let mut host = desk.host();
    host.send(br#"{"cancel":99}"#);
    assert!(host.lives());
}

#[test]
fn a_cancelled_message_that_has_not_begun_is_answered_as_cancelled() {
    let desk = Desk::new();
    let mut host = desk.host();
    let get_info = |id: u32| frame(format!(r#"{{"id":{id},"ctap":"BA"}}"#).as_bytes());
    // The first message opens the keychain and the vault; all others are read meanwhile.
    host.write(&[get_info(1), get_info(2), get_info(3), frame(br#"{"cancel":3}"#)].concat());
    let statuses = [1, 2, 3].map(|id| {
        let reply = host.reply();
        assert_eq!(reply.id, Some(id));
        let Body::Ctap(answer) = reply.body else { panic!("{reply:?}") };
        answer[0]
    });
    assert_eq!(statuses, [0, 0, StatusCode::KeepaliveCancel.byte()]);
}

#[test]
fn what_waits_when_the_pipe_closes_is_not_begun() {
    let desk = Desk::new();
    let mut host = desk.host();
    let make = |user: u8| {
        let message = base64url(&ctap::make("example.com", &[user]));
        frame(format!(r#"{{"id":{user},"ctap":"{message}"}}"#).as_bytes())
    };
    host.write(&(1..=60).flat_map(make).collect::<Vec<_>>());
    assert!(host.close().success());
    let listed = desk.keystow(&["list", "--json"], "");
    let kept: Vec<serde_json::Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert!(kept.len() < 60, "the pipe was closed long before sixty could be made: {}", kept.len());
}

#[test]
fn cbor_that_is_no_message_is_answered_by_its_status() {
    let desk = Desk::new();
    let mut host = desk.host();
    let nested = [&[0x01][..], &[0x81; 500_000]].concat();
    let cases: [(&[u8], StatusCode); 10] = [
        (&[], StatusCode::InvalidLength),
        (&[0xff], StatusCode::InvalidCommand),
        (&[0x09], StatusCode::InvalidCommand),
        (&[0x01], StatusCode::MissingParameter),
        (&[0x01, 0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], StatusCode::InvalidCbor),
        (&[0x01, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], StatusCode::InvalidCbor),
        (&[0x01, 0x9f, 0xff], StatusCode::InvalidCbor),
        (&[0x01, 0xa2, 0x01, 0x40, 0x01, 0x40], StatusCode::InvalidCbor),
        (&[0x02, 0xa1, 0x61, b'a'], StatusCode::InvalidCbor),
        (&nested, StatusCode::InvalidCbor),
    ];
    for (message, status) in cases {
        assert_eq!(host.ctap(message), [status.byte()], "{:?}", &message[..message.len().min(12)]);
    }
    assert!(host.lives());
}

#[test]
fn a_message_behind_bad_ones_is_served() {
    let desk = Desk::new();
    let mut host = desk.host();
    let make = format!(r#"{{"id":5,"ctap":"{}"}}"#, base64url(&ctap::make("example.com", &[1])));
    let all = [frame(b"nonsense"), frame(b"\xff"), frame(&vec![b'x'; 3 << 20]), frame(make.as_bytes())].concat();
    host.write(&all);
    for expected in [ErrorCode::BadMessage, ErrorCode::BadMessage, ErrorCode::TooLarge] {
        assert_eq!(code(&host.reply()), expected);
    }
    let reply = host.reply();
    let Body::Ctap(answer) = reply.body else { panic!("{reply:?}") };
    assert_eq!((reply.id, answer[0]), (Some(5), 0));
}

#[test]
fn what_has_begun_is_kept_when_the_pipe_closes() {
    let desk = Desk::new();
    let mut host = desk.host();
    let id = ctap::made(&host.ctap(&ctap::make("example.com", &[1])));
    assert!(host.close().success());
    assert_eq!(ctap::signed_by(&desk.host().ctap(&ctap::get("example.com"))), id);
}

#[test]
fn without_a_keychain_the_host_says_so_and_ends() {
    let desk = Desk::without_keychain();
    let mut host = desk.host();
    let reply = host.ask(r#"{"id":1,"ctap":"BA"}"#);
    assert_eq!((reply.id, code(&reply)), (Some(1), ErrorCode::KeychainUnavailable));
    assert!(host.reply_or_end().is_none());
    assert!(!desk.vault().exists(), "nothing is written without a key");
}
