//! CTAP2 canonical CBOR (CTAP §8): definite lengths, shortest forms, sorted and unique map keys, no tags, depth at most 4.

mod canonical;
mod fields;

use std::fmt;

pub use ciborium::Value;

pub use canonical::{MAX_DEPTH, Rules, array_items, check, check_by, check_prefix};
pub use fields::{Fields, integer};

/// Why bytes are not what a message needs, with the member concerned where there is one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Error {
    /// Not CBOR, or not in CTAP2 canonical form; the reason in words.
    NotCanonical(&'static str),
    /// A member that must be there is not.
    Missing(&'static str),
    /// A member has another CBOR type than it must have.
    WrongType(&'static str),
    /// A member has the right type and a value out of range.
    OutOfRange(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCanonical(reason) => write!(f, "not CTAP2 canonical CBOR: {reason}"),
            Self::Missing(member) => write!(f, "{member} is missing"),
            Self::WrongType(member) => write!(f, "{member} has the wrong type"),
            Self::OutOfRange(member) => write!(f, "{member} is out of range"),
        }
    }
}

impl std::error::Error for Error {}

/// The one canonical encoding of `value`: map keys are sorted here, so callers may build maps in any order.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let sorted = canonical::sort(value.clone());
    ciborium::into_writer(&sorted, &mut bytes).expect("a Vec takes any length"); // safe: io errors cannot come from a Vec
    bytes
}

/// The value in `bytes`, which must be canonical and have nothing behind it. Lengths are checked against what is really there
/// before anything is allocated.
pub fn decode(bytes: &[u8]) -> Result<Value, Error> {
    check(bytes)?;
    read(bytes)
}

/// As [`decode`], by another format's rules.
pub fn decode_by(rules: Rules, bytes: &[u8]) -> Result<Value, Error> {
    check_by(rules, bytes)?;
    read(bytes)
}

/// What has been checked.
fn read(bytes: &[u8]) -> Result<Value, Error> {
    ciborium::from_reader(bytes).map_err(|_| Error::NotCanonical("unreadable"))
}

/// A map with integer keys, from the members that are present.
pub fn int_map<const N: usize>(members: [(i64, Option<Value>); N]) -> Value {
    Value::Map(members.into_iter().filter_map(|(key, value)| Some((Value::from(key), value?))).collect())
}

/// A map with text keys, from the members that are present.
pub fn text_map<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    Value::Map(members.into_iter().filter_map(|(key, value)| Some((Value::from(key), value?))).collect())
}

#[cfg(test)]
mod tests;
