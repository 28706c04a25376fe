//! CBOR as all objects of sync have it: CTAP2 canonical form, deeper, and without floats. So whatever is accepted has one encoding only, and is
//! written back byte for byte, members that this version does not know among them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use protocol::cbor::{self, Error, Fields, Rules, Value};
use zeroize::Zeroizing;

/// Of every object: deep enough for what later versions put inside.
pub const RULES: Rules = Rules { depth: 16, floats: false };

/// Why an object is not believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FormatError {
    /// Longer than its kind may be. It was not looked at.
    TooLarge,
    /// Not what its name says, or cut short.
    NotOne,
    /// What is inside the seal is not as it must be.
    Malformed(Error),
    /// It needs features that this version does not have, by their numbers.
    Newer(Vec<u64>),
    /// Sealed under another key, for another place, or altered: not told apart.
    DoesNotOpen,
    /// Not signed by the device that it names.
    BadSignature,
    /// What is inside is of another vault, device or number than its name says.
    OutOfPlace,
    /// A circle that has no wrap for this device.
    NotForUs,
    /// A public key that is none.
    BadKey,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("An object on the storage ")?;
        match self {
            Self::TooLarge => f.write_str("is larger than it may be")?,
            Self::NotOne => f.write_str("is not what its name says, or is cut short")?,
            Self::Malformed(error) => write!(f, "is not as it must be ({error})")?,
            Self::Newer(_) => f.write_str("was written by a newer Keystow (update this one to read it)")?,
            Self::DoesNotOpen => f.write_str("does not open: it is sealed for others, or was altered")?,
            Self::BadSignature => f.write_str("is not signed by the device that it names")?,
            Self::OutOfPlace => f.write_str("belongs under another name")?,
            Self::NotForUs => f.write_str("is not sealed for this device")?,
            Self::BadKey => f.write_str("holds a public key that is none")?,
        }
        f.write_str("; it was left alone.")
    }
}

impl std::error::Error for FormatError {}

impl From<Error> for FormatError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

/// Members of a map that this version does not know. They are kept, and written back. They may be secrets: `Debug` only counts them.
#[derive(Clone, Default, PartialEq)]
pub struct Unknown(Vec<(Value, Value)>);

impl Unknown {
    /// What nobody has taken.
    pub fn rest(members: Fields) -> Self {
        let mut rest = Self(members.rest());
        rest.sort();
        rest
    }

    /// The order in which members were taken, or joined, must not show.
    fn sort(&mut self) {
        self.0.sort_by_cached_key(|(key, _)| cbor::encode(key));
    }

    /// Takes in another's. Of two under one key the one with the greater encoding stays, so that in whatever order things are joined the end is
    /// the same.
    pub fn union(&mut self, other: &Self) {
        let own = std::mem::take(&mut self.0);
        let mut joined: BTreeMap<Vec<u8>, (Value, Value)> = BTreeMap::new();
        for member in own.into_iter().chain(other.0.iter().cloned()) {
            match joined.entry(cbor::encode(&member.0)) {
                Entry::Vacant(vacant) => drop(vacant.insert(member)),
                Entry::Occupied(mut known) if cbor::encode(&known.get().1) < cbor::encode(&member.1) => {
                    known.insert(member);
                }
                Entry::Occupied(_) => {}
            }
        }
        // In the order of the encoded keys, as `sort` has it.
        self.0 = joined.into_values().collect();
    }
}

impl Eq for Unknown {}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown({})", self.0.len())
    }
}

/// A map of the members that are present, and of those that are not known.
pub fn map<const N: usize>(members: [(i64, Option<Value>); N], unknown: &Unknown) -> Value {
    let known = members.into_iter().filter_map(|(key, value)| Some((Value::from(key), value?)));
    Value::Map(known.chain(unknown.0.iter().cloned()).collect())
}

/// The one encoding of a value.
pub fn encode(value: &Value) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(cbor::encode(value))
}

/// The one value that `bytes` are.
///
/// # Errors
/// They break [`RULES`].
pub fn decode(bytes: &[u8]) -> Result<Value, Error> {
    cbor::decode_by(RULES, bytes)
}

/// The map in a value.
///
/// # Errors
/// It is none.
pub fn fields(value: Value, name: &'static str) -> Result<Fields, Error> {
    Fields::of(value, name)
}

/// A member that must be there.
///
/// # Errors
/// It is not.
pub fn required<T>(member: Option<T>, name: &'static str) -> Result<T, Error> {
    member.ok_or(Error::Missing(name))
}

/// A number without a sign, of up to 64 bits.
///
/// # Errors
/// It is none.
pub fn uint(value: &Value, name: &'static str) -> Result<u64, Error> {
    let integer = value.as_integer().ok_or(Error::WrongType(name))?;
    u64::try_from(integer).map_err(|_| Error::OutOfRange(name))
}

/// Takes a number that must be there.
///
/// # Errors
/// It is not, or is none.
pub fn take_uint(members: &mut Fields, key: i64, name: &'static str) -> Result<u64, Error> {
    uint(&required(members.take(key), name)?, name)
}

/// Takes a byte string that must be there.
///
/// # Errors
/// It is not, or is none.
pub fn take_bytes(members: &mut Fields, key: i64, name: &'static str) -> Result<Vec<u8>, Error> {
    required(members.bytes(key, name)?, name)
}

/// Takes an array that must be there, each item by itself.
///
/// # Errors
/// It is not, or is none, or what `item` fails with.
pub fn take_array<T, E: From<Error>>(
    members: &mut Fields,
    key: i64,
    name: &'static str,
    item: impl FnMut(Value) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    required(members.array(key, name)?, name)?.into_iter().map(item).collect()
}

/// A byte string, read by `read`: an id, or another thing of one length.
///
/// # Errors
/// It is none, or has another length.
pub fn fixed<T>(value: Value, name: &'static str, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, Error> {
    let bytes = value.into_bytes().map_err(|_| Error::WrongType(name))?;
    read(&bytes).ok_or(Error::OutOfRange(name))
}

/// Takes a byte string that must be there, as [`fixed`].
///
/// # Errors
/// It is not, or is none, or has another length.
pub fn take_fixed<T>(
    members: &mut Fields,
    key: i64,
    name: &'static str,
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, Error> {
    fixed(required(members.take(key), name)?, name, read)
}

/// Bytes of one length, for [`fixed`].
pub fn array<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// An array of so many items.
///
/// # Errors
/// It is none, or has more or fewer.
pub fn tuple<const N: usize>(value: Value, name: &'static str) -> Result<[Value; N], Error> {
    let items = value.into_array().map_err(|_| Error::WrongType(name))?;
    items.try_into().map_err(|_| Error::OutOfRange(name))
}
