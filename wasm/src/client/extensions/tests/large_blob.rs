//! largeBlob (L3 §10.1.5).

use std::iter::successors;

use protocol::cbor::Value as Cbor;
use protocol::ctap::StatusCode;
use protocol::ctap::extensions::LARGE_BLOB_KEY;
use protocol::ctap::large_blobs::{deserialize, serialize};

use super::*;
use crate::client::prompt::Verification;
use crate::client::testing::{approve_with_pin, foreign_entry};

fn support(support: &str) -> Value {
    json!({"largeBlob": {"support": support}})
}

fn discoverable() -> Value {
    json!({"authenticatorSelection": {"residentKey": "required"}})
}

fn write(blob: &[u8]) -> Value {
    json!({"largeBlob": {"write": base64url::encode(blob)}})
}

fn read() -> Value {
    json!({"largeBlob": {"read": true}})
}

#[test]
fn a_discoverable_credential_supports_it() {
    for asked in [support("required"), support("preferred"), json!({"largeBlob": {}}), support("unheard of")] {
        let world = world(Authenticator::default());
        assert_eq!(results(world.create(creation(asked, discoverable()))), json!({"largeBlob": {"supported": true}}));
        assert_eq!(creation_inputs(&world).large_blob_key, Some(true));
    }
}

#[test]
fn another_credential_or_authenticator_does_not() {
    let server_side = world(Authenticator::default());
    let made = server_side.create(creation(support("preferred"), json!({})));
    assert_eq!(results(made), json!({"largeBlob": {"supported": false}}));
    assert_eq!(creation_inputs(&server_side).large_blob_key, None, "CTAP2_ERR_INVALID_OPTION otherwise");
    let extensions = Extensions { large_blob_key: None, ..Extensions::default() };
    let old = world(Authenticator { extensions, ..Authenticator::default() });
    let made = old.create(creation(support("preferred"), discoverable()));
    assert_eq!(results(made), json!({"largeBlob": {"supported": false}}));
}

#[test]
fn where_it_is_required_and_cannot_be_had_another_authenticator_may_have_it() {
    for (authenticator, with) in [(Authenticator::default(), json!({})), (knowing(&["credProtect"]), discoverable())] {
        let world = world(authenticator);
        assert_eq!(world.create(creation(support("required"), with)), Reply::Native);
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn what_is_for_the_other_call_or_contradicts_itself_is_refused() {
    for asked in [json!({"read": false}), json!({"read": true}), json!({"write": "AQ"})] {
        refused("NotSupportedError", |world| world.create(creation(json!({"largeBlob": asked}), discoverable())));
    }
    for asked in [
        json!({"support": "preferred"}),
        json!({"support": "required", "read": true}),
        json!({"read": true, "write": "AQ"}),
        json!({"read": false, "write": "AQ"}),
    ] {
        refused("NotSupportedError", |world| world.get(request(json!({"largeBlob": asked}), allowing(&[1]))));
    }
    for list in [json!({}), allowing(&[]), allowing(&[1, 2])] {
        refused("NotSupportedError", |world| world.get(request(write(b"blob"), list.clone())));
    }
}

#[test]
fn what_was_written_is_read() {
    for blob in [&b""[..], b"blob", &[7; 100_000]] {
        let world = world(Authenticator::default()).user([approve()]);
        let written = world.get(request(write(blob), allowing(&[1])));
        assert_eq!(results(written), json!({"largeBlob": {"written": true}}));
        let expected = json!({"largeBlob": {"blob": base64url::encode(blob)}});
        assert_eq!(results(world.get(request(read(), json!({})))), expected);
    }
}

#[test]
fn what_was_never_written_is_not_there() {
    assert_eq!(results(world(Authenticator::default()).get(request(read(), json!({})))), json!({"largeBlob": {}}));
    let not_read = request(json!({"largeBlob": {"read": false}}), json!({}));
    assert_eq!(results(world(Authenticator::default()).get(not_read)), json!({}));
}

#[test]
fn other_entries_stay_and_the_own_one_is_replaced() {
    let foreign: Vec<Cbor> = (0..3).map(|_| foreign_entry()).collect();
    let world = world(Authenticator::default()).user([approve(), approve()]);
    *world.authenticator.extensions.array.borrow_mut() = serialize(foreign.clone());
    for blob in [b"one", b"two"] {
        results(world.get(request(write(blob), allowing(&[1]))));
    }
    assert_eq!(results(world.get(request(read(), json!({})))), json!({"largeBlob": {"blob": "dHdv"}}));
    let entries = deserialize(&world.authenticator.extensions.array.borrow()).expect("an array");
    assert_eq!((entries.len(), &entries[..3]), (4, &foreign[..]));
    assert_eq!(world.authenticator.extensions.fragments.get(), 8, "3 KB in fragments of 960 bytes, twice");
}

#[test]
fn an_array_that_is_damaged_counts_as_empty() {
    let world = world(Authenticator::default()).user([approve(), approve()]);
    *world.authenticator.extensions.array.borrow_mut() = vec![0x80; 40];
    assert_eq!(results(world.get(request(read(), json!({})))), json!({"largeBlob": {}}));
    assert_eq!(results(world.get(request(write(b"blob"), allowing(&[1])))), json!({"largeBlob": {"written": true}}));
}

/// Marsaglia's: bytes that DEFLATE makes no shorter.
fn xorshift(mut n: u64) -> u64 {
    n ^= n << 13;
    n ^= n >> 7;
    n ^ (n << 17)
}

#[test]
fn what_finds_no_room_or_no_key_is_not_written_and_the_assertion_stands() {
    let noise: Vec<u8> =
        successors(Some(1_u64), |n| Some(xorshift(*n))).map(|n| (n >> 32) as u8).take(10_000).collect();
    let full = world(Authenticator::default());
    assert_eq!(results(full.get(request(write(&noise), allowing(&[1])))), json!({"largeBlob": {"written": false}}));
    assert_eq!(full.authenticator.extensions.fragments.get(), 0);
    let extensions = Extensions { large_blob_key: None, ..Extensions::default() };
    let without = world(Authenticator { extensions, ..Authenticator::default() });
    let written = without.get(request(write(b"blob"), allowing(&[1])));
    assert_eq!(results(written), json!({"largeBlob": {"written": false}}));
    let too_long = world(Authenticator::default());
    let written = too_long.get(request(write(&vec![0; 1024 * 1024 + 1]), allowing(&[1])));
    assert_eq!(results(written), json!({"largeBlob": {"written": false}}));
}

#[test]
fn an_authenticator_that_fails_at_it_does_not_take_the_assertion_away() {
    let failing = || Authenticator { large_blob_status: Some(StatusCode::Other), ..Authenticator::default() };
    let written = world(failing()).get(request(write(b"blob"), allowing(&[1])));
    assert_eq!(results(written), json!({"largeBlob": {"written": false}}));
    assert_eq!(results(world(failing()).get(request(read(), json!({})))), json!({"largeBlob": {}}));
}

#[test]
fn the_user_is_asked_once_for_the_assertion_and_for_writing() {
    let authenticator = Authenticator::with_pin("1234");
    let world = World { authenticator, accounts: vec![account(1, "ada")], ..World::default() };
    let world = world.user([approve_with_pin("1234")]);
    let discouraged = merged(allowing(&[1]), json!({"userVerification": "discouraged"}));
    let written = world.get(request(write(b"blob"), discouraged));
    assert_eq!(results(written), json!({"largeBlob": {"written": true}}));
    assert_eq!(world.asked(), 1);
    assert_eq!(world.authenticator.permissions.get(), 0x12, "getAssertion and lbw");
}

#[test]
fn a_token_that_writes_is_for_writing_alone() {
    let authenticator = Authenticator::with_pin("1234");
    let world = World { authenticator, accounts: vec![account(1, "ada")], ..World::default() };
    let world = world.user([approve_with_pin("1234"), approve()]);
    results(world.get(request(read(), json!({}))));
    assert_eq!(world.authenticator.permissions.get(), 0x02);
    results(world.get(request(read(), json!({"userVerification": "discouraged"}))));
    assert_eq!(world.last_question().verification, Verification::None, "reading needs nobody verified");
}

#[test]
fn the_key_is_not_asked_for_without_need() {
    let world = world(Authenticator::default());
    results(world.get(request(json!({"largeBlob": {}}), json!({}))));
    assert_eq!(assertion_inputs(&world).large_blob_key, None);
    assert_eq!(LARGE_BLOB_KEY, "largeBlobKey");
}
