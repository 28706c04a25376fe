//! base64url without padding (RFC 4648 §5), the form of every binary member in L3's JSON dictionaries and in our native messages.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serializer, de};

/// `bytes` as base64url text without padding.
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes that `text` stands for. Padding, other alphabets, white space and non-zero trailing bits are errors.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Error)
}

/// The text is not base64url without padding. Deliberately without the text: it may be a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not base64url without padding (RFC 4648 section 5)")
    }
}

impl std::error::Error for Error {}

/// For `#[serde(with = "base64url")]` on a member of bytes.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode(bytes))
}

/// For `#[serde(with = "base64url")]` on a member of bytes.
pub fn deserialize<'de, D: Deserializer<'de>, B: From<Vec<u8>>>(deserializer: D) -> Result<B, D::Error> {
    let text = String::deserialize(deserializer)?;
    decode(&text).map(B::from).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests;
