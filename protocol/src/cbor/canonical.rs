//! The canonical form itself: a checker that allocates nothing, and the order of map keys.

use ciborium::Value;

use super::{Error, encode};

/// CTAP §8: how deep arrays and maps may nest.
pub const MAX_DEPTH: u8 = 4;

/// What a format asks of its encodings beyond the canonical form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rules {
    /// How deep arrays and maps may nest.
    pub depth: u8,
    /// Whether there may be floats. CTAP §8 leaves their width alone, so a value that holds one has more than one encoding.
    pub floats: bool,
}

/// CTAP §8.
const CTAP: Rules = Rules { depth: MAX_DEPTH, floats: true };

/// Whether `bytes` are exactly one canonical item.
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    check_by(CTAP, bytes)
}

/// As [`check`], by another format's rules.
pub fn check_by(rules: Rules, bytes: &[u8]) -> Result<(), Error> {
    let mut reader = Reader { bytes, at: 0, floats: rules.floats };
    reader.item(rules.depth)?;
    reader.end()
}

/// The length in bytes of the one canonical item that `bytes` begin with.
pub fn check_prefix(bytes: &[u8]) -> Result<usize, Error> {
    let mut reader = Reader { bytes, at: 0, floats: CTAP.floats };
    reader.item(CTAP.depth)?;
    Ok(reader.at)
}

/// The encoded items of the one canonical array that `bytes` are: for arrays too long to be decoded at once.
pub fn array_items(rules: Rules, bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let mut reader = Reader { bytes, at: 0, floats: rules.floats };
    let initial = reader.take(1)?[0];
    if initial >> 5 != ARRAY {
        return Err(Error::WrongType("array"));
    }
    let depth = deeper(rules.depth)?;
    let count = reader.argument(initial & 0x1f)?;
    reader.at_least(count)?;
    let item = |reader: &mut Reader<'_>| {
        let start = reader.at;
        reader.item(depth)?;
        Ok(start..reader.at)
    };
    let items = (0..count).map(|_| item(&mut reader)).collect::<Result<Vec<_>, Error>>()?;
    reader.end()?;
    Ok(items.into_iter().map(|range| &bytes[range]).collect())
}

/// `value` with the keys of every map in canonical order: by their encodings, shorter first, then bytewise (CTAP §8; for the keys
/// that CTAP uses this is the same as comparing major type, then length, then bytes).
pub(super) fn sort(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sort).collect()),
        Value::Map(entries) => {
            let mut keyed: Vec<_> =
                entries.into_iter().map(|(key, value)| (encode(&key), (key, sort(value)))).collect();
            keyed.sort_by(|(a, _), (b, _)| key_order(a, b));
            Value::Map(keyed.into_iter().map(|(_, entry)| entry).collect())
        }
        other => other,
    }
}

/// CTAP §8: a lower major type first, then the shorter key, then the lower bytes.
fn key_order(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let major = |key: &[u8]| key.first().map(|byte| byte >> 5);
    (major(a), a.len(), a).cmp(&(major(b), b.len(), b))
}

/// RFC 8949 §3.1: the major type of arrays.
const ARRAY: u8 = 4;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    floats: bool,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: u8) -> Result<(), Error> {
        let initial = self.take(1)?[0];
        let (major, info) = (initial >> 5, initial & 0x1f);
        match major {
            0 | 1 => self.argument(info).map(drop),
            2 => {
                let length = self.argument(info)?;
                self.take_length(length).map(drop)
            }
            3 => {
                let length = self.argument(info)?;
                let text = self.take_length(length)?;
                std::str::from_utf8(text).map(drop).map_err(|_| Error::NotCanonical("text is not UTF-8"))
            }
            ARRAY => self.array(info, deeper(depth)?),
            5 => self.map(info, deeper(depth)?),
            6 => Err(Error::NotCanonical("a tag")),
            _ => self.simple(info),
        }
    }

    fn array(&mut self, info: u8, depth: u8) -> Result<(), Error> {
        let count = self.argument(info)?;
        self.at_least(count)?;
        (0..count).try_for_each(|_| self.item(depth))
    }

    fn map(&mut self, info: u8, depth: u8) -> Result<(), Error> {
        let count = self.argument(info)?;
        self.at_least(count.saturating_mul(2))?;
        let mut before: Option<&'a [u8]> = None;
        for _ in 0..count {
            let start = self.at;
            self.item(depth)?;
            let key = &self.bytes[start..self.at];
            if before.is_some_and(|before| key_order(before, key).is_ge()) {
                return Err(Error::NotCanonical("map keys are not sorted and unique"));
            }
            before = Some(key);
            self.item(depth)?;
        }
        Ok(())
    }

    /// `false`, `true`, `null`, and where there may be any, floats in any width. `undefined` stands in no message of CTAP's, and
    /// is read as `null`: with it one value had two encodings.
    fn simple(&mut self, info: u8) -> Result<(), Error> {
        let width = match info {
            20..=22 => 0,
            23 => return Err(Error::NotCanonical("undefined")),
            25..=27 if !self.floats => return Err(Error::NotCanonical("a float")),
            25 => 2,
            26 => 4,
            27 => 8,
            31 => return Err(Error::NotCanonical("indefinite length")),
            _ => return Err(Error::NotCanonical("an unassigned simple value")),
        };
        self.take(width).map(drop)
    }

    /// The argument of an item's head, which must be in its shortest form.
    fn argument(&mut self, info: u8) -> Result<u64, Error> {
        let (width, floor) = match info {
            0..=23 => return Ok(u64::from(info)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            31 => return Err(Error::NotCanonical("indefinite length")),
            _ => return Err(Error::NotCanonical("a reserved length")),
        };
        let argument = self.take(width)?.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        if argument < floor {
            return Err(Error::NotCanonical("not the shortest form"));
        }
        Ok(argument)
    }

    fn end(&self) -> Result<(), Error> {
        match self.at == self.bytes.len() {
            true => Ok(()),
            false => Err(Error::NotCanonical("bytes follow the item")),
        }
    }

    fn take_length(&mut self, length: u64) -> Result<&'a [u8], Error> {
        self.at_least(length)?;
        self.take(length as usize)
    }

    /// Every item has at least one byte, so a count beyond what is left is a lie told before any allocation.
    fn at_least(&self, count: u64) -> Result<(), Error> {
        match count <= (self.bytes.len() - self.at) as u64 {
            true => Ok(()),
            false => Err(Error::NotCanonical("shorter than it says")),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length);
        let taken =
            end.and_then(|end| self.bytes.get(self.at..end)).ok_or(Error::NotCanonical("shorter than it says"))?;
        self.at += length;
        Ok(taken)
    }
}

fn deeper(depth: u8) -> Result<u8, Error> {
    depth.checked_sub(1).ok_or(Error::NotCanonical("nested too deep"))
}
