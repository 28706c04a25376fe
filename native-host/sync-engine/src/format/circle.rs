//! Circle objects: what was said about who is in, and the vault keys, sealed for those who are (SYNC §4).

use protocol::cbor::{Error, Value};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::sentence::Sentence;
use super::{FormatError, MAX_CIRCLE, Object, stamp_from_value, stamp_to_value, within};
use crate::ids::{DeviceId, VaultId};
use crate::keys::{Card, CircleSecret, Identity, Seal, SyncVaultKey};
use crate::labels;
use crate::stamp::Stamp;
use crate::wire::{self, Unknown};

/// `circle = { 0: [*sentence], 1: [*vaultkey] }`
#[derive(Default)]
pub struct Circle {
    /// All that was said.
    pub sentences: Vec<Sentence>,
    /// All vault keys, old ones too.
    pub keys: Vec<VaultKeyEntry>,
    /// Members that this version does not know.
    pub unknown: Unknown,
}

/// `vaultkey = [ stamp, key, [*removed-devices-it-was-made-without] ]`
pub struct VaultKeyEntry {
    /// When it was made, and by whom.
    pub made: Stamp,
    /// The key.
    pub key: SyncVaultKey,
    /// The removals that were known when it was made.
    pub without: Vec<DeviceId>,
}

/// A circle object that is not opened yet: `{ 0: vault, 1: [*[device, wrap]], 2: sealed }`.
pub struct CircleObject {
    /// The vault that it says it is of.
    pub vault: VaultId,
    wraps: Vec<(DeviceId, Vec<u8>)>,
    sealed: Vec<u8>,
    unknown: Unknown,
}

impl Circle {
    /// The circle object, sealed under a fresh secret that only `members` can unwrap.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`], and [`FormatError::BadKey`] for a card whose key is none.
    pub fn seal<'a>(
        &self,
        vault: &VaultId,
        members: impl IntoIterator<Item = &'a Card>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Object, FormatError> {
        let secret = CircleSecret::generate(rng);
        let mut wraps = Vec::new();
        for card in members {
            wraps.push((card.id(), card.wrap(&secret, vault, rng)?));
        }
        let sealed = secret.seal(&self.encode(), &associated_data(vault), rng);
        let object = CircleObject { vault: *vault, wraps, sealed, unknown: Unknown::default() };
        Object::of(object.encode(), MAX_CIRCLE)
    }

    /// As bytes, for a device's own state. They hold the vault keys.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let sentences = self.sentences.iter().map(Sentence::to_value).collect();
        let keys = self.keys.iter().map(VaultKeyEntry::to_value).collect();
        wire::encode(&wire::map([(0, Some(Value::Array(sentences))), (1, Some(Value::Array(keys)))], &self.unknown))
    }

    /// What [`encode`](Self::encode) gave. No signature is looked at.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut members = wire::fields(wire::decode(bytes)?, "circle")?;
        Ok(Self {
            sentences: wire::take_array(&mut members, 0, "circle.sentences", Sentence::from_value)?,
            keys: wire::take_array(&mut members, 1, "circle.keys", VaultKeyEntry::from_value)?,
            unknown: Unknown::rest(members),
        })
    }
}

impl CircleObject {
    /// The parts of a circle object. That its hash is the one asked for is the caller's to see.
    ///
    /// # Errors
    /// It is too large, or not as it must be.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        within(bytes, MAX_CIRCLE)?;
        let mut members = wire::fields(wire::decode(bytes)?, "circle object")?;
        Ok(Self {
            vault: wire::take_fixed(&mut members, 0, "circle.vault", VaultId::from_slice)?,
            wraps: wire::take_array(&mut members, 1, "circle.wraps", wrap_from_value)?,
            sealed: wire::take_bytes(&mut members, 2, "circle.sealed")?,
            unknown: Unknown::rest(members),
        })
    }

    /// For whom it is sealed.
    pub fn members(&self) -> impl Iterator<Item = &DeviceId> {
        self.wraps.iter().map(|(device, _)| device)
    }

    /// What is in it, for one of its members.
    ///
    /// # Errors
    /// [`FormatError::NotForUs`], or it does not open, or is not as it must be.
    pub fn open(&self, member: &Identity) -> Result<Circle, FormatError> {
        let id = member.id();
        let mut wraps = self.wraps.iter().filter(|(device, _)| *device == id);
        let (_, wrap) = wraps.next().ok_or(FormatError::NotForUs)?;
        let secret = member.unwrap(wrap, &self.vault).ok_or(FormatError::DoesNotOpen)?;
        Circle::decode(&secret.open(&self.sealed, &associated_data(&self.vault))?)
    }

    /// Its one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let wrap = |(device, wrap): &(DeviceId, Vec<u8>)| {
            Value::Array(vec![device.as_bytes().to_vec().into(), wrap.clone().into()])
        };
        let members = [
            (0, Some(self.vault.as_bytes().to_vec().into())),
            (1, Some(Value::Array(self.wraps.iter().map(wrap).collect()))),
            (2, Some(self.sealed.clone().into())),
        ];
        std::mem::take(&mut *wire::encode(&wire::map(members, &self.unknown)))
    }
}

impl VaultKeyEntry {
    /// A second copy.
    pub fn duplicate(&self) -> Self {
        Self { made: self.made, key: self.key.duplicate(), without: self.without.clone() }
    }

    fn to_value(&self) -> Value {
        let without = self.without.iter().map(|id| id.as_bytes().to_vec().into()).collect();
        // EXPOSE: to be sealed for the members.
        let key = self.key.expose_secret().to_vec();
        Value::Array(vec![stamp_to_value(&self.made), key.into(), Value::Array(without)])
    }

    fn from_value(value: Value) -> Result<Self, Error> {
        let [made, key, without] = wire::tuple(value, "vaultkey")?;
        let key = Zeroizing::new(key.into_bytes().map_err(|_| Error::WrongType("vaultkey.key"))?);
        let without = without.into_array().map_err(|_| Error::WrongType("vaultkey.without"))?;
        let without = without.into_iter().map(|id| wire::fixed(id, "vaultkey.without", DeviceId::from_slice));
        Ok(Self {
            made: stamp_from_value(made)?,
            key: SyncVaultKey::from_slice(&key).ok_or(Error::OutOfRange("vaultkey.key"))?,
            without: without.collect::<Result<_, _>>()?,
        })
    }
}

fn wrap_from_value(value: Value) -> Result<(DeviceId, Vec<u8>), Error> {
    let [device, wrap] = wire::tuple(value, "wrap")?;
    let wrap = wrap.into_bytes().map_err(|_| Error::WrongType("wrap"))?;
    Ok((wire::fixed(device, "wrap.device", DeviceId::from_slice)?, wrap))
}

fn associated_data(vault: &VaultId) -> [&[u8]; 2] {
    [labels::CIRCLE_SEAL, vault.as_bytes()]
}
