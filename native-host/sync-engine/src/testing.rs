//! What the tests of this package share.

mod counter;

use protocol::cbor::Value;

use crate::keys::{DeviceKeys, DeviceRoot, Identity, PaperKey};
use counter::Counter;

/// The random numbers of a seed.
pub(crate) fn rng(seed: u64) -> Counter {
    Counter::of(seed)
}

/// The device that was made of this byte.
pub(crate) fn device(byte: u8) -> Identity {
    DeviceKeys::derive(&DeviceRoot::from_slice(&[byte; 32]).expect("32 bytes"), &[byte; 32])
}

/// The recovery key that was made of this byte.
pub(crate) fn paper(byte: u8) -> Identity {
    PaperKey::from_slice(&[byte; 32]).expect("32 bytes").identity()
}

/// Bytes, from hexadecimal digits; spaces do not count.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

/// The member of a map, to be changed.
pub(crate) fn member(map: &mut Value, key: i64) -> &mut Value {
    let members = map.as_map_mut().expect("a map in a test");
    members.iter_mut().find(|(name, _)| *name == key.into()).map(|(_, value)| value).expect("a member in a test")
}
