//! CTAP2 canonical CBOR: what is accepted has one encoding, and the checker and the decoder agree. Every message that can be read
//! can be written, and reads the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::cbor::{self, Fields, Value};
use protocol::cose::CoseKey;
use protocol::ctap::{
    SubcommandRequest, authenticator_config, client_pin, credential_management, extensions, get_assertion, get_info,
    large_blobs, make_credential,
};

fuzz_target!(|data: &[u8]| {
    let decoded = cbor::decode(data);
    assert_eq!(cbor::check(data), decoded.as_ref().map(drop).map_err(|error| *error));
    if let Ok(length) = cbor::check_prefix(data) {
        cbor::check(&data[..length]).expect("what the checker has measured is one item");
    }
    let _ = large_blobs::deserialize(data);
    let Ok(value) = decoded else { return };
    let encoded = cbor::encode(&value);
    // CTAP leaves the width of floats alone; we write the shortest.
    if !has_float(&value) {
        assert_eq!(encoded, data);
    }
    let _ = Fields::decode(data, "fuzzed").map(Fields::rest);
    messages(data);
    members(value);
});

/// `read`, then `write`, then both once more: the same bytes.
macro_rules! comes_back {
    ($data:expr, $read:path, $write:path) => {
        if let Ok(message) = $read($data) {
            let written = $write(&message);
            let again = $read(&written).expect("what we write we can read");
            assert_eq!($write(&again), written);
        }
    };
}

fn messages(data: &[u8]) {
    comes_back!(data, make_credential::Request::from_bytes, make_credential::Request::to_bytes);
    comes_back!(data, make_credential::Response::from_bytes, make_credential::Response::to_bytes);
    comes_back!(data, get_assertion::Request::from_bytes, get_assertion::Request::to_bytes);
    comes_back!(data, get_assertion::Response::from_bytes, get_assertion::Response::to_bytes);
    comes_back!(data, client_pin::Request::from_bytes, client_pin::Request::to_bytes);
    comes_back!(data, client_pin::Response::from_bytes, client_pin::Response::to_bytes);
    comes_back!(data, get_info::Response::from_bytes, get_info::Response::to_bytes);
    comes_back!(data, large_blobs::Request::from_bytes, large_blobs::Request::to_bytes);
    comes_back!(data, large_blobs::Response::from_bytes, large_blobs::Response::to_bytes);
    comes_back!(data, SubcommandRequest::from_bytes, SubcommandRequest::to_bytes);
}

/// What is inside of messages.
fn members(value: Value) {
    if let Ok(key) = CoseKey::from_value(value.clone()) {
        assert_eq!(CoseKey::from_value(key.to_value()), Ok(key));
    }
    if let Ok(inputs) = extensions::CreationInputs::from_value(Some(value.clone())) {
        assert_eq!(extensions::CreationInputs::from_value(inputs.to_value()), Ok(inputs));
    }
    if let Ok(inputs) = extensions::AssertionInputs::from_value(Some(value.clone())) {
        assert_eq!(extensions::AssertionInputs::from_value(inputs.to_value()), Ok(inputs));
    }
    if let Some(entry) = large_blobs::Entry::from_value(value.clone()) {
        assert_eq!(large_blobs::Entry::from_value(entry.to_value()), Some(entry));
    }
    let fields = || Fields::of(value.clone(), "fuzzed");
    let _ = fields().map(authenticator_config::SetMinPinLength::from_fields);
    let _ = fields().map(|mut fields| credential_management::rp_id_hash(&mut fields));
    let _ = fields().map(|mut fields| credential_management::credential_id(&mut fields));
    let _ = fields().map(|mut fields| credential_management::user(&mut fields));
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Float(_) => true,
        Value::Array(items) => items.iter().any(has_float),
        Value::Map(members) => members.iter().any(|(key, value)| has_float(key) || has_float(value)),
        _ => false,
    }
}
