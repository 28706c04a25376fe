//! authenticatorLargeBlobs (CTAP §6.10): the serialized large-blob array, read and written in fragments.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use sha2::{Digest, Sha256};

use super::{Command, PinUvAuth, StatusCode};
use crate::cbor::{self, Fields, Value, int_map, integer};

/// CTAP §6.10.2. Either `get` or `set` is there.
///
/// ```cddl
/// { ? 1: get, ? 2: set, 3: offset, ? 4: length, ? 5: pinUvAuthParam, ? 6: pinUvAuthProtocol }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Request {
    /// How many bytes to read.
    pub get: Option<i64>,
    /// A fragment to write.
    pub set: Option<Vec<u8>>,
    /// Where the fragment begins, in bytes.
    pub offset: i64,
    /// How many bytes will be written in all; with the first fragment alone.
    pub length: Option<i64>,
    /// The proof of user verification.
    pub pin_uv_auth: Option<PinUvAuth>,
}

/// CTAP §6.10.2.
///
/// ```cddl
/// { 1: config }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Response {
    /// The bytes read; to a write nothing is answered but success.
    pub config: Option<Vec<u8>>,
}

/// One entry of the array: one credential's blob under its largeBlobKey.
///
/// ```cddl
/// { 1: ciphertext, 2: nonce, 3: origSize }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// AES-256-GCM of the compressed blob, tag included (CTAP §6.10.3).
    pub ciphertext: Vec<u8>,
    /// 12 bytes.
    pub nonce: [u8; 12],
    /// Bytes of the blob before it was compressed.
    pub original_size: u64,
}

impl Request {
    /// The CBOR parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&int_map([
            (0x01, self.get.map(Value::from)),
            (0x02, self.set.clone().map(Value::from)),
            (0x03, Some(self.offset.into())),
            (0x04, self.length.map(Value::from)),
            (0x05, self.pin_uv_auth.as_ref().map(|auth| auth.param.clone().into())),
            (0x06, self.pin_uv_auth.as_ref().and_then(|auth| auth.protocol).map(Value::from)),
        ]))
    }

    /// Reads the CBOR parameters. Members that CTAP does not define are ignored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "largeBlobs")?;
        let get = fields.int(0x01, "get")?;
        let protocol = fields.int(0x06, "pinUvAuthProtocol")?;
        let param = fields.bytes(0x05, "pinUvAuthParam")?;
        // CTAP §6.10.2 step 4: reading takes neither. A protocol without its param would be lost in what follows.
        if get.is_some() && param.is_none() && protocol.is_some() {
            return Err(cbor::Error::OutOfRange("pinUvAuthProtocol"));
        }
        Ok(Self {
            get,
            set: fields.bytes(0x02, "set")?,
            offset: fields.int(0x03, "offset")?.ok_or(cbor::Error::OutOfRange("offset"))?,
            length: fields.int(0x04, "length")?,
            pin_uv_auth: param.map(|param| PinUvAuth { param, protocol }),
        })
    }
}

impl Response {
    /// The CBOR behind the status byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        let config = |config: &Vec<u8>| cbor::encode(&int_map([(0x01, Some(config.clone().into()))]));
        self.config.as_ref().map(config).unwrap_or_default()
    }

    /// Reads the CBOR behind the status byte.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        Ok(Self { config: Fields::decode(bytes, "largeBlobs response")?.bytes(0x01, "config")? })
    }
}

impl Entry {
    /// The entry's map.
    pub fn to_value(&self) -> Value {
        int_map([
            (0x01, Some(self.ciphertext.clone().into())),
            (0x02, Some(self.nonce.to_vec().into())),
            (0x03, Some(self.original_size.into())),
        ])
    }

    /// Reads the entry's map; nothing where it is not one of CTAP's form.
    pub fn from_value(value: Value) -> Option<Self> {
        let mut fields = Fields::of(value, "large-blob entry").ok()?;
        let nonce = fields.bytes(0x02, "nonce").ok()??;
        let original_size = fields.take(0x03)?;
        Some(Self {
            ciphertext: fields.bytes(0x01, "ciphertext").ok()??,
            nonce: nonce.try_into().ok()?,
            original_size: u64::try_from(integer(&original_size, "origSize").ok()?).ok()?,
        })
    }

    /// CTAP §6.10.3: `compressed` (DEFLATE, RFC 1951) is a blob of `original_size` bytes; `nonce` is used once.
    pub fn encrypt(key: &[u8; KEY_LENGTH], nonce: [u8; 12], compressed: &[u8], original_size: u64) -> Self {
        let payload = Payload { msg: compressed, aad: &Self::associated_data(original_size) };
        let ciphertext = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload);
        let ciphertext = ciphertext.expect("short"); // safe: fails above 64 GiB only
        Self { ciphertext, nonce, original_size }
    }

    /// The compressed blob; nothing where `key` is another entry's.
    pub fn decrypt(&self, key: &[u8; KEY_LENGTH]) -> Option<Vec<u8>> {
        let payload = Payload { msg: &self.ciphertext, aad: &Self::associated_data(self.original_size) };
        Aes256Gcm::new(key.into()).decrypt(&Nonce::from(self.nonce), payload).ok()
    }

    /// What is authenticated beside the blob (CTAP §6.10.3).
    pub fn associated_data(original_size: u64) -> Vec<u8> {
        [b"blob".as_slice(), &original_size.to_le_bytes()].concat()
    }
}

/// CTAP §6.10.1: the array's CBOR, then the left 16 bytes of its SHA-256.
pub fn serialize(array: Vec<Value>) -> Vec<u8> {
    let mut bytes = cbor::encode(&Value::Array(array));
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest[..CHECK_LENGTH]);
    bytes
}

/// The entries of a serialized array.
///
/// # Errors
/// CTAP2_ERR_INTEGRITY_FAILURE where its end is not the checksum of the rest; CTAP2_ERR_INVALID_CBOR or CTAP2_ERR_CBOR_UNEXPECTED_TYPE where
/// the rest is no array.
pub fn deserialize(bytes: &[u8]) -> Result<Vec<Value>, StatusCode> {
    let end = bytes.len().checked_sub(CHECK_LENGTH).ok_or(StatusCode::IntegrityFailure)?;
    let (array, check) = bytes.split_at(end);
    if Sha256::digest(array)[..CHECK_LENGTH] != *check {
        return Err(StatusCode::IntegrityFailure);
    }
    cbor::decode(array)?.into_array().map_err(|_| StatusCode::CborUnexpectedType)
}

/// CTAP §6.10.2: what pinUvAuthParam authenticates of a fragment.
pub fn authenticated_message(offset: u32, set: &[u8]) -> Vec<u8> {
    let command = [Command::LargeBlobs.number(), 0];
    [&[0xff; 32][..], &command, &offset.to_le_bytes(), &Sha256::digest(set)].concat()
}

/// Bytes of a largeBlobKey (CTAP §12.3).
pub const KEY_LENGTH: usize = 32;

/// CTAP §6.10.2: bytes of a message that are not a fragment's.
pub const FRAGMENT_OVERHEAD: usize = 64;

/// Bytes of the checksum behind the array.
const CHECK_LENGTH: usize = 16;

#[cfg(test)]
mod tests;
