//! A decoded map whose members are taken out by key, each error naming its member.

use ciborium::Value;

use super::Error;

/// The members of a CBOR map.
pub struct Fields(Vec<(Value, Value)>);

impl Fields {
    /// The members of `value`, which `name` calls in errors.
    pub fn of(value: Value, name: &'static str) -> Result<Self, Error> {
        match value {
            Value::Map(entries) => Ok(Self(entries)),
            _ => Err(Error::WrongType(name)),
        }
    }

    /// The map in `bytes`, which must be canonical; no bytes at all are an empty map (CTAP §8 commands without parameters).
    pub fn decode(bytes: &[u8], name: &'static str) -> Result<Self, Error> {
        match bytes {
            [] => Ok(Self(Vec::new())),
            _ => Self::of(super::decode(bytes)?, name),
        }
    }

    /// Takes the member under `key`, if it is there.
    pub fn take(&mut self, key: impl Into<Value>) -> Option<Value> {
        let key = key.into();
        let at = self.0.iter().position(|(name, _)| *name == key)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a byte string.
    pub fn bytes(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<Vec<u8>>, Error> {
        typed(self.take(key), name, |value| value.into_bytes().ok())
    }

    /// Takes a text string.
    pub fn text(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<String>, Error> {
        typed(self.take(key), name, |value| value.into_text().ok())
    }

    /// Takes a boolean.
    pub fn bool(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<bool>, Error> {
        typed(self.take(key), name, |value| value.into_bool().ok())
    }

    /// Takes an integer that fits 64 bits with a sign.
    pub fn int(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<i64>, Error> {
        self.take(key).map(|value| integer(&value, name)).transpose()
    }

    /// Takes an array.
    pub fn array(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<Vec<Value>>, Error> {
        typed(self.take(key), name, |value| value.into_array().ok())
    }

    /// Takes a map.
    pub fn map(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<Fields>, Error> {
        self.take(key).map(|value| Fields::of(value, name)).transpose()
    }

    /// What has not been taken: members that we do not know.
    pub fn rest(self) -> Vec<(Value, Value)> {
        self.0
    }
}

/// `value` as an integer that fits 64 bits with a sign.
pub fn integer(value: &Value, name: &'static str) -> Result<i64, Error> {
    let integer = value.as_integer().ok_or(Error::WrongType(name))?;
    i64::try_from(integer).map_err(|_| Error::OutOfRange(name))
}

fn typed<T>(
    value: Option<Value>,
    name: &'static str,
    convert: impl FnOnce(Value) -> Option<T>,
) -> Result<Option<T>, Error> {
    match value {
        None => Ok(None),
        Some(value) => convert(value).map(Some).ok_or(Error::WrongType(name)),
    }
}
