//! Packs: sealed records, as one device last wrote them.

use std::collections::BTreeSet;

use protocol::cbor::{self, Error, Value};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{FormatError, MAX_PACK, Object, behind, stamp_from_value, stamp_to_value, within};
use crate::ids::{DeviceId, KeyId, RecordId, VaultId};
use crate::keys::{SEAL_OVERHEAD, Seal, SyncVaultKey, padded_size};
use crate::labels;
use crate::record::Record;
use crate::wire;

/// A record in a pack.
pub type Entry = (RecordId, Record);

/// Builds a pack, record by record, so that its size is known before it is full.
#[derive(Default)]
pub struct PackBuilder {
    ids: BTreeSet<RecordId>,
    entries: Zeroizing<Vec<u8>>,
}

/// A pack object that is not opened yet: `'PKP1' keyid sealed`.
pub struct PackObject<'a> {
    /// Under which vault key it is sealed.
    pub key: KeyId,
    sealed: &'a [u8],
}

impl PackBuilder {
    /// Adds a record. Each may be added once: a second time changes nothing.
    pub fn push(&mut self, id: RecordId, record: &Record) {
        if self.ids.insert(id) {
            let entry = Value::Array(vec![id.as_bytes().to_vec().into(), record_to_value(record)]);
            self.entries.extend_from_slice(&wire::encode(&entry));
        }
    }

    /// How many records are in it.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// The records in it.
    pub fn ids(&self) -> impl Iterator<Item = &RecordId> {
        self.ids.iter()
    }

    /// How many bytes the object has if no more is added.
    pub fn size(&self) -> usize {
        let header = header(self.ids.len()).len();
        labels::PACK_MAGIC.len() + KeyId::SIZE + SEAL_OVERHEAD + padded_size(header + self.entries.len())
    }

    /// The pack object.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`].
    pub fn seal(
        &self,
        vault: &VaultId,
        author: &DeviceId,
        key: &SyncVaultKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<Object, FormatError> {
        let plaintext = Zeroizing::new([header(self.ids.len()).as_slice(), &self.entries].concat());
        let sealed = key.seal(&plaintext, &associated_data(vault, author), rng);
        Object::of([labels::PACK_MAGIC, &key.id().as_bytes()[..], &sealed].concat(), MAX_PACK)
    }
}

impl<'a> PackObject<'a> {
    /// The parts of a pack object. That its hash is the one asked for is the caller's to see.
    ///
    /// # Errors
    /// It is too large or too short, or begins otherwise.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        within(bytes, MAX_PACK)?;
        let rest = behind(labels::PACK_MAGIC, bytes)?;
        let (key, sealed) = rest.split_at_checked(KeyId::SIZE).ok_or(FormatError::NotOne)?;
        Ok(Self { key: KeyId::from_slice(key).ok_or(FormatError::NotOne)?, sealed })
    }

    /// The records in it.
    ///
    /// # Errors
    /// It does not open, or one of them is not as it must be.
    pub fn open(&self, vault: &VaultId, author: &DeviceId, key: &SyncVaultKey) -> Result<Vec<Entry>, FormatError> {
        let plaintext = key.open(self.sealed, &associated_data(vault, author))?;
        let entries = cbor::array_items(wire::RULES, &plaintext)?;
        entries.into_iter().map(entry).collect()
    }
}

/// `record = { * field-number => [* [stamp, bytes]] }`, the newest first.
pub fn record_to_value(record: &Record) -> Value {
    let value = |(stamp, value): &(_, Zeroizing<Vec<u8>>)| {
        Value::Array(vec![stamp_to_value(stamp), Value::Bytes(value.to_vec())])
    };
    let field = |(number, values): (u64, &[_])| (number.into(), Value::Array(values.iter().map(value).collect()));
    Value::Map(record.fields().map(field).collect())
}

/// From CBOR. What stands there in another order than by its stamps is put in order.
///
/// # Errors
/// It is not as it must be.
pub fn record_from_value(value: Value) -> Result<Record, Error> {
    let fields = value.into_map().map_err(|_| Error::WrongType("record"))?;
    let mut record = Record::default();
    for (number, values) in fields {
        let number = wire::uint(&number, "record.field")?;
        for value in values.into_array().map_err(|_| Error::WrongType("record.values"))? {
            let [stamp, bytes] = wire::tuple(value, "record.value")?;
            let bytes = bytes.into_bytes().map_err(|_| Error::WrongType("record.value"))?;
            record.set(number, stamp_from_value(stamp)?, Zeroizing::new(bytes));
        }
    }
    Ok(record)
}

fn entry(bytes: &[u8]) -> Result<Entry, FormatError> {
    let [id, record] = wire::tuple(wire::decode(bytes)?, "pack.entry")?;
    Ok((wire::fixed(id, "pack.record-id", RecordId::from_slice)?, record_from_value(record)?))
}

/// The head of an array of so many items: an array's encoding but for the items.
fn header(count: usize) -> Vec<u8> {
    let mut header = cbor::encode(&(count as u64).into());
    header[0] |= ARRAY;
    header
}

/// RFC 8949 §3.1: the major type of arrays, where a number's is zero.
const ARRAY: u8 = 4 << 5;

fn associated_data<'a>(vault: &'a VaultId, author: &'a DeviceId) -> [&'a [u8]; 3] {
    [labels::PACK_SEAL, vault.as_bytes(), author.as_bytes()]
}
