//! What is inside of sync's objects: what is accepted has one encoding, members that this version does not know among it, and is written back byte
//! for byte. So a signature over it stays one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::cbor::{self, Value};
use sync_engine::format::{
    Ask, Body, Card, Circle, CircleObject, FormatError, Head, Sentence, Yes, record_from_value, record_to_value,
    stamp_from_value, stamp_to_value,
};
use sync_engine::wire;

fuzz_target!(|data: &[u8]| {
    same(data, Circle::decode(data).map(|circle| circle.encode().to_vec()));
    same(data, CircleObject::parse(data).map(|object| object.encode()));
    same(data, Ask::decode(data).map(|ask| ask.encode().to_vec()));
    same(data, Yes::decode(data).map(|yes| yes.encode().to_vec()));
    same(data, Sentence::decode(data).map(|sentence| sentence.encode().to_vec()));
    let Ok(value) = wire::decode(data) else { return };
    same(data, Ok(wire::encode(&value).to_vec()));
    same(data, Head::from_value(value.clone()).map(|head| cbor::encode(&head.to_value())));
    same(data, Body::from_value(value.clone()).map(|body| cbor::encode(&body.to_value())));
    same(data, Card::from_value(value.clone()).map(|card| cbor::encode(&card.to_value())));
    same(data, stamp_from_value(value.clone()).map(|stamp| cbor::encode(&stamp_to_value(&stamp))).map_err(Into::into));
    record(value);
});

fn same(data: &[u8], written: Result<Vec<u8>, FormatError>) {
    match written {
        Ok(written) => assert_eq!(written, data),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A record is put in order when it is read, and cut to what its fields keep: then it stays as it is.
fn record(value: Value) {
    if let Ok(record) = record_from_value(value) {
        let again = record_from_value(record_to_value(&record)).expect("what we write we can read");
        assert!(again == record);
    }
}
