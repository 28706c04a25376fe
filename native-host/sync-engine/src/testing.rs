//! What the tests of this package share.

use std::convert::Infallible;

use protocol::cbor::Value;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

use crate::keys::{DeviceKeys, DeviceRoot, Identity, PaperKey};

/// Random numbers that are the same each time: SHA-256 of a seed and a counter.
pub(crate) struct Counter(pub(crate) u64, u64);

/// The numbers of a seed.
pub(crate) fn rng(seed: u64) -> Counter {
    Counter(seed, 0)
}

/// The device that was made of this byte.
pub(crate) fn device(byte: u8) -> Identity {
    DeviceKeys::derive(&DeviceRoot::from_slice(&[byte; 32]).expect("32 bytes"), &[byte; 32])
}

/// The recovery key that was made of this byte.
pub(crate) fn paper(byte: u8) -> Identity {
    PaperKey::from_slice(&[byte; 32]).expect("32 bytes").identity()
}

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.1 += 1;
            let block = Sha256::digest([self.0.to_be_bytes(), self.1.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// Bytes, from hexadecimal digits; spaces do not count.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

/// The member of a map, to be changed.
pub(crate) fn member(map: &mut Value, key: i64) -> &mut Value {
    let members = map.as_map_mut().expect("a map in a test");
    members.iter_mut().find(|(name, _)| *name == key.into()).map(|(_, value)| value).expect("a member in a test")
}
