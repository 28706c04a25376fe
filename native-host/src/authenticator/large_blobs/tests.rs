mod fragments;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use protocol::cbor::{Value, int_map};
use protocol::ctap::extensions::{AssertionInputs, CreationInputs};
use protocol::ctap::large_blobs::{Entry, serialize};
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::pin_uv_auth::PinUvAuthToken;
use protocol::ctap::{Command, get_assertion, make_credential};
use protocol::webauthn::CredentialId;
use sha2::{Digest, Sha256};

use super::super::testing::{Bench, creation, request, wire};
use super::*;
use crate::verification::os::Outcome;

const LBW: i64 = 0x10;

/// A passkey that may have a blob: its ID, and the key of the blob.
fn with_blob_key(bench: &mut Bench, user: u8) -> (CredentialId, Vec<u8>) {
    bench.environment.now += 1000;
    let inputs = CreationInputs { large_blob_key: Some(true), ..CreationInputs::default() };
    let request = make_credential::Request { extensions: inputs.to_value(), ..creation("example.com", user) };
    let made = bench.make(&request).unwrap();
    let data = made.attestation_object.authenticator_data().unwrap();
    (data.attested_credential_data.unwrap().credential_id, made.large_blob_key.unwrap())
}

/// The platform's side of CTAP §6.10.3: `blob` is compressed already.
fn entry(key: &[u8], blob: &[u8]) -> Value {
    let original_size = 2 * blob.len() as u64;
    let payload = Payload { msg: blob, aad: &Entry::associated_data(original_size) };
    let nonce = [7; 12];
    let ciphertext = Aes256Gcm::new_from_slice(key).unwrap().encrypt(&Nonce::from(nonce), payload).unwrap();
    Entry { ciphertext, nonce, original_size }.to_value()
}

/// The blob that `key` opens among the entries of the array.
fn blob(array: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let entries = deserialize(array).unwrap().into_iter().map(|entry| Entry::from_value(entry).unwrap());
    entries.into_iter().find_map(|entry| {
        let aad = Entry::associated_data(entry.original_size);
        let payload = Payload { msg: &entry.ciphertext, aad: &aad };
        Aes256Gcm::new_from_slice(key).unwrap().decrypt(&Nonce::from(entry.nonce), payload).ok()
    })
}

fn write(bench: &mut Bench, entries: Vec<Value>) -> Result<(), StatusCode> {
    let array = serialize(entries);
    bench.write_fragment(0, &array, Some(array.len()), None)
}

fn read(bench: &mut Bench) -> Vec<u8> {
    bench.read_fragment(0, 100_000).unwrap()
}

#[test]
fn an_empty_array_on_the_wire() {
    let answer = Bench::new().send(
        "0c                                  # largeBlobs
         a2                                  # map of 2
           01 19 0400                        # get: 1024 bytes
           03 00                             # offset: 0",
    );
    let expected = wire(
        "00                                  # success
         a1                                  # map of 1
           01 51                             # config: 17 bytes
             80                              #   an empty array
             76be8b528d0075f7aae98d6fa57a6d3c #   the left half of its SHA-256",
    );
    assert_eq!(answer, expected);
}

#[test]
fn writing_on_the_wire() {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, LBW, None).unwrap();
    let set = "80 76be8b528d0075f7aae98d6fa57a6d3c"; // an empty array
    let authenticated = [
        vec![0xff; 32],
        wire(
            "0c 00                           # largeBlobs, and a zero
             00000000                        # offset, little-endian",
        ),
        Sha256::digest(wire(set)).to_vec(),
    ];
    let message = [
        wire(&format!(
            "0c                              # largeBlobs
             a5                              # map of 5
               02 51 {set}                   # set: 17 bytes
               03 00                         # offset: 0
               04 11                         # length: 17
               05 58 20                      # pinUvAuthParam: 32 bytes"
        )),
        token.authenticate(&authenticated.concat()),
        wire("06 02                          # pinUvAuthProtocol: two"),
    ];
    let answer = bench.authenticator.process(&mut bench.environment, &message.concat());
    assert_eq!(answer, [0x00], "success alone");
}

#[test]
fn each_credential_finds_its_own_blob_again() {
    let mut bench = Bench::new();
    let (_, ada) = with_blob_key(&mut bench, 1);
    let (_, bob) = with_blob_key(&mut bench, 2);
    write(&mut bench, vec![entry(&bob, b"of bob"), entry(&ada, b"of ada")]).unwrap();
    bench.restart();
    let array = read(&mut bench);
    assert_eq!(blob(&array, &ada).unwrap(), b"of ada");
    assert_eq!(blob(&array, &bob).unwrap(), b"of bob");
    let sizes = deserialize(&array).unwrap().into_iter().map(|entry| Entry::from_value(entry).unwrap().original_size);
    assert_eq!(sizes.collect::<Vec<_>>(), [12, 12], "as the client told it");
}

#[test]
fn what_is_left_out_of_the_array_is_gone() {
    let mut bench = Bench::new();
    let (_, ada) = with_blob_key(&mut bench, 1);
    let (_, bob) = with_blob_key(&mut bench, 2);
    write(&mut bench, vec![entry(&ada, b"first"), entry(&bob, b"of bob")]).unwrap();
    write(&mut bench, vec![entry(&ada, b"second")]).unwrap();
    let array = read(&mut bench);
    assert_eq!((blob(&array, &ada).as_deref(), blob(&array, &bob)), (Some(&b"second"[..]), None));
}

#[test]
fn an_entry_that_no_key_opens_is_dropped() {
    let mut bench = Bench::new();
    let (_, ada) = with_blob_key(&mut bench, 1);
    let no_entry = int_map([(0x01, Some(vec![1].into()))]);
    let odd = vec![entry(&[9; 32], b"nobody's"), entry(&ada, b"of ada"), no_entry, Value::from("text")];
    write(&mut bench, odd).unwrap();
    let array = read(&mut bench);
    assert_eq!(deserialize(&array).unwrap().len(), 1);
    assert_eq!(blob(&array, &ada).unwrap(), b"of ada");
}

#[test]
fn a_blob_goes_and_comes_back_with_its_passkey() {
    let mut bench = Bench::new();
    let (id, ada) = with_blob_key(&mut bench, 1);
    write(&mut bench, vec![entry(&ada, b"of ada")]).unwrap();
    bench.environment.vault().delete(&id, 1).unwrap();
    assert_eq!(blob(&read(&mut bench), &ada), None);
    write(&mut bench, Vec::new()).unwrap();
    bench.environment.vault().restore(&id).unwrap();
    assert_eq!(blob(&read(&mut bench), &ada).unwrap(), b"of ada");
}

#[test]
fn the_key_is_given_to_whoever_may_use_the_credential_where_it_was_asked_for() {
    let mut bench = Bench::new();
    let (id, key) = with_blob_key(&mut bench, 1);
    bench.register("example.org", 1);
    let inputs = AssertionInputs { large_blob_key: Some(true), ..AssertionInputs::default() };
    let ask = |rp_id: &str| get_assertion::Request { extensions: inputs.to_value(), ..request(rp_id) };
    let response = bench.get(&ask("example.com")).unwrap();
    assert_eq!((response.credential.id, response.large_blob_key), (id, Some(key.clone())));
    assert_eq!(bench.get(&request("example.com")).unwrap().large_blob_key, None, "not asked for now");
    assert_eq!(bench.get(&ask("example.org")).unwrap().large_blob_key, None, "not asked for at creation");
    let info = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap();
    assert!(info.extensions.large_blob_key);
    assert_eq!(key.len(), 32);
}

#[test]
fn a_credential_without_a_key_gets_no_blob() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let (_, ada) = with_blob_key(&mut bench, 2);
    write(&mut bench, vec![entry(&ada, b"of ada")]).unwrap();
    let source = bench.environment.vault().get(&id).unwrap().unwrap();
    assert_eq!(source.extensions.large_blob, None);
}

#[test]
fn signing_and_renaming_leave_the_blob_alone() {
    let mut bench = Bench::new();
    let (id, ada) = with_blob_key(&mut bench, 1);
    write(&mut bench, vec![entry(&ada, b"of ada")]).unwrap();
    bench.get(&request("example.com")).unwrap();
    bench.after_answer();
    bench.environment.vault().update(&id, |source| source.user_name = "ada".to_owned()).unwrap();
    assert_eq!(blob(&read(&mut bench), &ada).unwrap(), b"of ada");
}

#[test]
fn writing_takes_a_token_with_the_permission_where_there_is_a_way_to_verify() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        let array = serialize(Vec::new());
        let length = Some(array.len());
        bench.switch_always_uv_on();
        assert_eq!(bench.write_fragment(0, &array, length, None), Err(StatusCode::PuatRequired), "always, by no way");
        bench.switch_os_on(Outcome::Verified);
        assert_eq!(bench.write_fragment(0, &array, length, None), Err(StatusCode::PuatRequired));
        let other = bench.token_by_uv(protocol, 0x24, None).unwrap();
        let refused = bench.write_fragment(0, &array, length, Some(&other));
        assert_eq!(refused, Err(StatusCode::PinAuthInvalid), "cm and acfg are not lbw");
        let token = bench.token_by_uv(protocol, LBW, None).unwrap();
        assert_eq!(bench.write_fragment(0, &array, length, Some(&token)), Ok(()));
        assert!(bench.read_fragment(0, 17).is_ok(), "reading takes none");
    }
}

#[test]
fn the_permission_outlives_the_ceremony_that_gave_the_key() {
    let mut bench = Bench::new();
    let (_, key) = with_blob_key(&mut bench, 1);
    bench.switch_os_on(Outcome::Verified);
    let token: PinUvAuthToken = bench.token_by_uv(Two, LBW | 0x02, Some("example.com")).unwrap();
    let get = get_assertion::Request { pin_uv_auth: super::super::testing::proof(&token), ..request("example.com") };
    bench.get(&get).unwrap();
    let array = serialize(vec![entry(&key, b"written after signing in")]);
    assert_eq!(bench.write_fragment(0, &array, Some(array.len()), Some(&token)), Ok(()));
    assert_eq!(bench.get(&get), Err(StatusCode::PinAuthInvalid), "lbw alone is left");
}

#[test]
fn get_info_tells_how_long_the_array_may_be() {
    assert_eq!(Bench::new().info().max_serialized_large_blob_array, Some(1024 * 1024));
}

#[test]
fn a_request_either_reads_or_writes() {
    let mut bench = Bench::new();
    let get = (0x01, Some(Value::from(17)));
    let set = (0x02, Some(Value::from(vec![0x80; 17])));
    let offset = (0x03, Some(Value::from(0)));
    let auth = (0x05, Some(Value::from(vec![0; 32])));
    let cases = [
        int_map([offset.clone()]),
        int_map([get.clone(), set, offset.clone()]),
        int_map([get.clone(), offset.clone(), (0x04, Some(17.into()))]),
        int_map([get.clone(), offset.clone(), auth]),
        int_map([get.clone(), offset.clone(), (0x06, Some(2.into()))]),
        int_map([get.clone()]),
        int_map([get.clone(), (0x03, Some((-1).into()))]),
        int_map([get, (0x03, Some((1_i64 << 32).into()))]),
    ];
    for parameters in cases {
        let answer = bench.command(Command::LargeBlobs, &protocol::cbor::encode(&parameters));
        assert_eq!(answer, Err(StatusCode::InvalidParameter), "{parameters:?}");
    }
}
