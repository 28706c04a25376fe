//! What two devices leave for each other while one joins: sealed under the code that both know (SYNC §9).

use protocol::cbor::Value;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::head::Seen;
use super::{FormatError, MAX_MAILBOX, behind, within};
use crate::ids::{DeviceId, ObjectHash, Slot, VaultId};
use crate::keys::{Card, Mailbox, Seal, Subkey};
use crate::labels;
use crate::wire::{self, Unknown};

/// `ask = { 0: card }`: what the new device puts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ask {
    /// Who wants to join.
    pub card: Card,
    /// Members that this version does not know.
    pub unknown: Unknown,
}

/// `yes = { 0: vault, 1: inviter, 2: circle, 3: n, 4: [*seen] }`: what the inviting device answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Yes {
    /// The vault.
    pub vault: VaultId,
    /// Who lets the device in.
    pub inviter: DeviceId,
    /// The circle in which the new device is.
    pub circle: ObjectHash,
    /// The number of the inviter's head that stands by it.
    pub n: u64,
    /// The newest heads of the others that the inviter has read.
    pub seen: Vec<Seen>,
    /// Members that this version does not know.
    pub unknown: Unknown,
}

impl Ask {
    /// The object: `'PKA1' sealed`.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`].
    pub fn seal(&self, mailbox: &Mailbox, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, FormatError> {
        seal(labels::ASK_MAGIC, labels::ASK_SEAL, (&mailbox.ask, &mailbox.slot), &self.encode(), rng)
    }

    /// What [`seal`](Self::seal) was given.
    ///
    /// # Errors
    /// It was made with another code, was altered, or is not as it must be.
    pub fn open(bytes: &[u8], mailbox: &Mailbox) -> Result<Self, FormatError> {
        Self::decode(&open(labels::ASK_MAGIC, labels::ASK_SEAL, (&mailbox.ask, &mailbox.slot), bytes)?)
    }

    /// Its one encoding, before it is sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(&wire::map([(0, Some(self.card.to_value()))], &self.unknown))
    }

    /// What [`encode`](Self::encode) gave.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut members = wire::fields(wire::decode(bytes)?, "ask")?;
        let card = Card::from_value(wire::required(members.take(0), "ask.card")?)?;
        Ok(Self { card, unknown: Unknown::rest(members) })
    }
}

impl Yes {
    /// The object: `'PKY1' sealed`.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`].
    pub fn seal(&self, mailbox: &Mailbox, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, FormatError> {
        seal(labels::YES_MAGIC, labels::YES_SEAL, (&mailbox.yes, &mailbox.slot), &self.encode(), rng)
    }

    /// What [`seal`](Self::seal) was given.
    ///
    /// # Errors
    /// It was made with another code, was altered, or is not as it must be.
    pub fn open(bytes: &[u8], mailbox: &Mailbox) -> Result<Self, FormatError> {
        Self::decode(&open(labels::YES_MAGIC, labels::YES_SEAL, (&mailbox.yes, &mailbox.slot), bytes)?)
    }

    /// Its one encoding, before it is sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(&wire::map(
            [
                (0, Some(self.vault.as_bytes().to_vec().into())),
                (1, Some(self.inviter.as_bytes().to_vec().into())),
                (2, Some(self.circle.as_bytes().to_vec().into())),
                (3, Some(self.n.into())),
                (4, Some(Value::Array(self.seen.iter().copied().map(Seen::to_value).collect()))),
            ],
            &self.unknown,
        ))
    }

    /// What [`encode`](Self::encode) gave.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut members = wire::fields(wire::decode(bytes)?, "yes")?;
        Ok(Self {
            vault: wire::take_fixed(&mut members, 0, "yes.vault", VaultId::from_slice)?,
            inviter: wire::take_fixed(&mut members, 1, "yes.inviter", DeviceId::from_slice)?,
            circle: wire::take_fixed(&mut members, 2, "yes.circle", ObjectHash::from_slice)?,
            n: wire::take_uint(&mut members, 3, "yes.n")?,
            seen: wire::take_array(&mut members, 4, "yes.seen", Seen::from_value)?,
            unknown: Unknown::rest(members),
        })
    }
}

type KeyAndSlot<'a> = (&'a Subkey, &'a Slot);

fn seal(
    magic: &[u8; 4],
    label: &[u8],
    (key, slot): KeyAndSlot<'_>,
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, FormatError> {
    let object = [magic.as_slice(), &key.seal(plaintext, &[label, slot.as_bytes()], rng)].concat();
    within(&object, MAX_MAILBOX)?;
    Ok(object)
}

fn open(
    magic: &[u8; 4],
    label: &[u8],
    (key, slot): KeyAndSlot<'_>,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, FormatError> {
    within(bytes, MAX_MAILBOX)?;
    key.open(behind(magic, bytes)?, &[label, slot.as_bytes()])
}
