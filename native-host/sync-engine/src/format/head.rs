//! Heads: what a device says it has written and seen. The head is the commit (SYNC §0, rule 2).

use protocol::cbor::{Error, Value};
use rand_core::CryptoRng;

use super::{FormatError, MAX_HEAD, behind, within};
use crate::ids::{DeviceId, KeyId, ObjectHash, VaultId};
use crate::keys::{Card, Identity, Seal, Signature, Signed, SyncVaultKey};
use crate::labels;
use crate::mutations::{Mutation, is_broken};
use crate::storage::ObjectName;
use crate::wire::{self, Unknown};

/// `head = { 0: vault, 1: device, 2: n, 3: content, 4: [*packref], 5: [*seen], 6: time-ms, 7: [*needs] }`
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Head {
    /// The vault.
    pub vault: VaultId,
    /// Whose head.
    pub device: DeviceId,
    /// Its number: 1, 2, 3 …
    pub n: u64,
    /// The number of the newest head that carried news. One that only acknowledges does not raise it.
    pub content: u64,
    /// The device's packs.
    pub packs: Vec<PackRef>,
    /// What it has read of the others.
    pub seen: Vec<Seen>,
    /// When it was written, by the device's own clock, milliseconds since 1970.
    pub time: u64,
    /// Members that this version does not know.
    pub unknown: Unknown,
}

/// `packref = [ sha256, length, to, count ]`
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PackRef {
    /// The pack's name.
    pub hash: ObjectHash,
    /// Its length in bytes.
    pub length: u64,
    /// The number of the head with which its newest record was first published.
    pub to: u64,
    /// How many records are in it.
    pub count: u64,
}

/// `seen = [ device, n, sha256 of that head ]`
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Whose head.
    pub device: DeviceId,
    /// Its number.
    pub n: u64,
    /// The hash of the head object.
    pub hash: ObjectHash,
}

/// A head object that is not opened yet: `'PKH1' circle keyid sealed signature`.
pub struct HeadObject<'a> {
    /// The circle that its author stands by, and that has the key.
    pub circle: ObjectHash,
    /// Under which vault key it is sealed.
    pub key: KeyId,
    sealed: &'a [u8],
    signed: &'a [u8],
    signature: Signature,
}

impl Head {
    /// What it is called on the storage.
    pub fn name(&self) -> ObjectName {
        ObjectName::Head(self.device, self.n)
    }

    /// The head object, sealed and signed.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`], and [`FormatError::OutOfPlace`] where `author` is not its device.
    pub fn seal(
        &self,
        circle: &ObjectHash,
        key: &SyncVaultKey,
        author: &Identity,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, FormatError> {
        if author.id() != self.device {
            return Err(FormatError::OutOfPlace);
        }
        let path = self.name().path();
        let plaintext = wire::encode(&self.to_value());
        let sealed = key.seal(&plaintext, &associated_data(&self.vault, &path), rng);
        let mut object = [labels::HEAD_MAGIC, &circle.as_bytes()[..], key.id().as_bytes(), &sealed].concat();
        let signature = author.sign(Signed::Head, &[path.as_bytes(), &object]);
        object.extend_from_slice(&signature);
        within(&object, MAX_HEAD)?;
        Ok(object)
    }

    /// As CBOR.
    pub fn to_value(&self) -> Value {
        wire::map(
            [
                (0, Some(self.vault.as_bytes().to_vec().into())),
                (1, Some(self.device.as_bytes().to_vec().into())),
                (2, Some(self.n.into())),
                (3, Some(self.content.into())),
                (4, Some(Value::Array(self.packs.iter().copied().map(PackRef::to_value).collect()))),
                (5, Some(Value::Array(self.seen.iter().copied().map(Seen::to_value).collect()))),
                (6, Some(self.time.into())),
                // This version needs nothing that an earlier one has not.
                (7, Some(Value::Array(Vec::new()))),
            ],
            &self.unknown,
        )
    }

    /// From CBOR.
    ///
    /// # Errors
    /// [`FormatError::Newer`] before all else, and what is not as it must be.
    pub fn from_value(value: Value) -> Result<Self, FormatError> {
        let mut members = wire::fields(value, "head")?;
        let needs = wire::take_array(&mut members, 7, "head.needs", |feature| wire::uint(&feature, "head.needs"))?;
        if !needs.is_empty() {
            return Err(FormatError::Newer(needs));
        }
        Ok(Self {
            vault: wire::take_fixed(&mut members, 0, "head.vault", VaultId::from_slice)?,
            device: wire::take_fixed(&mut members, 1, "head.device", DeviceId::from_slice)?,
            n: wire::take_uint(&mut members, 2, "head.n")?,
            content: wire::take_uint(&mut members, 3, "head.content")?,
            packs: wire::take_array(&mut members, 4, "head.packs", PackRef::from_value)?,
            seen: wire::take_array(&mut members, 5, "head.seen", Seen::from_value)?,
            time: wire::take_uint(&mut members, 6, "head.time")?,
            unknown: Unknown::rest(members),
        })
    }
}

impl<'a> HeadObject<'a> {
    /// The parts of a head object. Nothing of it is to be believed yet.
    ///
    /// # Errors
    /// It is too large or too short, or begins otherwise.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        within(bytes, MAX_HEAD)?;
        let (signed, signature) = bytes.split_last_chunk().ok_or(FormatError::NotOne)?;
        let rest = behind(labels::HEAD_MAGIC, signed)?;
        let (circle, rest) = rest.split_at_checked(ObjectHash::SIZE).ok_or(FormatError::NotOne)?;
        let (key, sealed) = rest.split_at_checked(KeyId::SIZE).ok_or(FormatError::NotOne)?;
        Ok(Self {
            circle: ObjectHash::from_slice(circle).ok_or(FormatError::NotOne)?,
            key: KeyId::from_slice(key).ok_or(FormatError::NotOne)?,
            sealed,
            signed,
            signature: *signature,
        })
    }

    /// Whether `author` signed it as its own head of this number.
    pub fn is_signed_by(&self, author: &Card, n: u64) -> bool {
        let path = ObjectName::Head(author.id(), n).path();
        author.verify_strict(Signed::Head, &[path.as_bytes(), self.signed], &self.signature)
            || is_broken(Mutation::SignatureNotChecked)
    }

    /// Verifies and opens it, as the head of this author and number.
    ///
    /// # Errors
    /// It is not signed by `author`, does not open with `key`, or is something else than its name says.
    pub fn open(&self, vault: &VaultId, author: &Card, n: u64, key: &SyncVaultKey) -> Result<Head, FormatError> {
        if !self.is_signed_by(author, n) {
            return Err(FormatError::BadSignature);
        }
        let path = ObjectName::Head(author.id(), n).path();
        let plaintext = key.open(self.sealed, &associated_data(vault, &path))?;
        let head = Head::from_value(wire::decode(&plaintext)?)?;
        let numbers = head.packs.iter().map(|pack| pack.to).chain([head.content]);
        let in_place = head.vault == *vault && head.device == author.id() && head.n == n && numbers.max() <= Some(n);
        if in_place { Ok(head) } else { Err(FormatError::OutOfPlace) }
    }
}

impl PackRef {
    fn to_value(self) -> Value {
        let hash = self.hash.as_bytes().to_vec();
        Value::Array(vec![hash.into(), self.length.into(), self.to.into(), self.count.into()])
    }

    fn from_value(value: Value) -> Result<Self, Error> {
        let [hash, length, to, count] = wire::tuple(value, "packref")?;
        Ok(Self {
            hash: wire::fixed(hash, "packref.hash", ObjectHash::from_slice)?,
            length: wire::uint(&length, "packref.length")?,
            to: wire::uint(&to, "packref.to")?,
            count: wire::uint(&count, "packref.count")?,
        })
    }
}

impl Seen {
    /// As CBOR.
    pub fn to_value(self) -> Value {
        let [device, hash] = [self.device.as_bytes().to_vec(), self.hash.as_bytes().to_vec()];
        Value::Array(vec![device.into(), self.n.into(), hash.into()])
    }

    /// From CBOR.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn from_value(value: Value) -> Result<Self, Error> {
        let [device, n, hash] = wire::tuple(value, "seen")?;
        Ok(Self {
            device: wire::fixed(device, "seen.device", DeviceId::from_slice)?,
            n: wire::uint(&n, "seen.n")?,
            hash: wire::fixed(hash, "seen.hash", ObjectHash::from_slice)?,
        })
    }
}

fn associated_data<'a>(vault: &'a VaultId, path: &'a str) -> [&'a [u8]; 3] {
    [labels::HEAD_SEAL, vault.as_bytes(), path.as_bytes()]
}
