//! Every reader against bytes that no one meant: noise, and maps whose members have the right keys and any value.

use proptest::prelude::*;

use crate::cbor::{self, Fields, Value};
use crate::cose::CoseKey;
use crate::ctap::authenticator_config::SetMinPinLength;
use crate::ctap::extensions::{AssertionInputs, CreationInputs};
use crate::ctap::{
    SubcommandRequest, client_pin, credential_management, get_assertion, get_info, large_blobs, make_credential,
};

/// Gives the bytes to every reader of messages and of what is in them.
fn read_all(bytes: &[u8]) {
    let _ = make_credential::Request::from_bytes(bytes);
    let _ = make_credential::Response::from_bytes(bytes);
    let _ = get_assertion::Request::from_bytes(bytes);
    let _ = get_assertion::Response::from_bytes(bytes);
    let _ = get_info::Response::from_bytes(bytes);
    let _ = client_pin::Request::from_bytes(bytes);
    let _ = client_pin::Response::from_bytes(bytes);
    let _ = large_blobs::Request::from_bytes(bytes);
    let _ = large_blobs::deserialize(bytes);
    if let Ok(request) = SubcommandRequest::from_bytes(bytes) {
        let _ = request.authenticated_message(crate::ctap::Command::AuthenticatorConfig);
        let _ = request.fields().map(SetMinPinLength::from_fields);
    }
    if let Ok(value) = cbor::decode(bytes) {
        read_parts(&value);
    }
}

fn read_parts(value: &Value) {
    let _ = CoseKey::from_value(value.clone()).map(|key| (key.to_spki_der(), key.to_public_bytes()));
    let _ = large_blobs::Entry::from_value(value.clone());
    let _ = CreationInputs::from_value(Some(value.clone()));
    let _ = AssertionInputs::from_value(Some(value.clone()));
    if let Ok(mut fields) = Fields::of(value.clone(), "parameters") {
        let _ = credential_management::rp_id_hash(&mut fields);
        let _ = credential_management::credential_id(&mut fields);
        let _ = credential_management::user(&mut fields);
    }
}

/// A value of any type that occurs in messages.
fn member() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (-300_i64..300).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "[a-z]{0,6}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 32).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let text_keys = prop::sample::select(vec!["id", "type", "name", "alg", "credProtect", "hmac-secret"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(1_i64..5, inner.clone(), 0..3).prop_map(int_keyed),
            prop::collection::btree_map(text_keys, inner, 0..3)
                .prop_map(|map| Value::Map(map.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    })
}

fn int_keyed(map: std::collections::BTreeMap<i64, Value>) -> Value {
    Value::Map(map.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// A map with some of `keys` and any values.
fn message(keys: Vec<i64>) -> impl Strategy<Value = Vec<u8>> {
    let most = keys.len();
    prop::collection::btree_map(prop::sample::select(keys), member(), 0..=most)
        .prop_map(|map| cbor::encode(&int_keyed(map)))
}

/// Makes a value of some type from a number.
type Make = fn(u8) -> Value;

/// Values of the types that the members have, so that many are accepted.
fn fitting(keys: &[(i64, Make)]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let keys = keys.to_vec();
    prop::collection::vec(any::<Option<u8>>(), keys.len()).prop_map(move |seeds| {
        let members = keys.iter().zip(seeds).filter_map(|((key, value), seed)| Some((*key, value(seed?)))).collect();
        cbor::encode(&int_keyed(members))
    })
}

fn number(seed: u8) -> Value {
    (i64::from(seed) - 20).into()
}

fn bytes(seed: u8) -> Value {
    vec![seed; usize::from(seed)].into()
}

fn text(seed: u8) -> Value {
    "a".repeat(usize::from(seed)).into()
}

fn parameters(seed: u8) -> Value {
    int_keyed([(1, bytes(seed)), (i64::from(seed), text(seed))].into())
}

fn has(bytes: &[u8], key: i64) -> bool {
    Fields::decode(bytes, "message").expect("a map").take(key).is_some()
}

proptest! {
    #[test]
    fn no_bytes_panic_any_reader(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&noise);
    }

    #[test]
    fn no_map_panics_any_reader(bytes in message((1..=12).chain([-1, -2, -3, 20, 22, 29, 31]).collect())) {
        read_all(&bytes);
    }

    #[test]
    fn a_client_pin_request_that_is_accepted_has_one_encoding(
        bytes in fitting(&[(1, number), (2, number), (4, bytes), (5, bytes), (6, bytes), (9, number), (10, text)]),
    ) {
        prop_assert_eq!(client_pin::Request::from_bytes(&bytes).is_ok(), has(&bytes, 2));
        if let Ok(request) = client_pin::Request::from_bytes(&bytes) {
            prop_assert_eq!(request.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_subcommand_request_that_is_accepted_has_one_encoding(
        bytes in fitting(&[(1, number), (2, parameters), (3, number), (4, bytes)]),
    ) {
        prop_assert_eq!(SubcommandRequest::from_bytes(&bytes).is_ok(), has(&bytes, 1));
        if let Ok(request) = SubcommandRequest::from_bytes(&bytes)
            && (has(&bytes, 4) || !has(&bytes, 3))
        {
            prop_assert_eq!(request.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_large_blobs_request_that_is_accepted_has_one_encoding(
        bytes in fitting(&[(1, number), (2, bytes), (3, number), (4, number), (5, bytes), (6, number)]),
    ) {
        let lone_protocol = has(&bytes, 6) && !has(&bytes, 5);
        let accepted = has(&bytes, 3) && !(has(&bytes, 1) && lone_protocol);
        prop_assert_eq!(large_blobs::Request::from_bytes(&bytes).is_ok(), accepted);
        if let Ok(request) = large_blobs::Request::from_bytes(&bytes)
            && !lone_protocol
        {
            prop_assert_eq!(request.to_bytes(), bytes);
        }
    }

    #[test]
    fn whatever_subcommand_request_is_accepted_has_one_encoding(bytes in message(vec![1, 2, 4])) {
        if let Ok(request) = SubcommandRequest::from_bytes(&bytes) {
            prop_assert_eq!(request.to_bytes(), bytes);
        }
    }

    #[test]
    fn an_entry_is_read_as_it_was_written(
        ciphertext in prop::collection::vec(any::<u8>(), 0..80),
        nonce in any::<[u8; 12]>(),
        original_size in 0..=i64::MAX as u64,
    ) {
        let entry = large_blobs::Entry { ciphertext, nonce, original_size };
        prop_assert_eq!(large_blobs::Entry::from_value(entry.to_value()), Some(entry.clone()));
        let array = vec![entry.to_value()];
        prop_assert_eq!(large_blobs::deserialize(&large_blobs::serialize(array.clone())), Ok(array));
    }

    #[test]
    fn parameters_of_set_min_pin_length_are_read_as_they_were_written(
        new_min_pin_length in any::<Option<i64>>(),
        rp_ids in prop::option::of(prop::collection::vec("[a-z.]{0,20}", 0..5)),
        force_change_pin in any::<Option<bool>>(),
    ) {
        let rp_ids = rp_ids.map(|rp_ids| rp_ids.into_iter().map(Into::into).collect());
        let parameters = SetMinPinLength { new_min_pin_length, rp_ids, force_change_pin };
        let fields = Fields::of(parameters.to_value(), "parameters").expect("a map");
        prop_assert_eq!(SetMinPinLength::from_fields(fields), Ok(parameters));
    }
}
