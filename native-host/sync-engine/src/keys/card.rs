//! A card: what others know of a device, or of a recovery key (SYNC §5).

use ed25519_dalek::VerifyingKey;
use protocol::cbor::{Error, Value};

use super::wrap;
use crate::ids::DeviceId;
use crate::labels;
use crate::wire::{self, FormatError, Unknown};

/// An Ed25519 public key's length in bytes.
pub const SIGNING_KEY_SIZE: usize = 32;

/// An X-Wing public key's length in bytes.
pub const KEM_KEY_SIZE: usize = 1216;

/// An Ed25519 signature.
pub type Signature = [u8; 64];

/// What a signature is for. Each kind has a prefix of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signed {
    /// A head object, after its path.
    Head,
    /// A sentence, by its author.
    Sentence,
    /// A sentence, by the recovery key that it brings in.
    Countersignature,
}

/// The public half of an [`Identity`](super::Identity).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Card {
    signing: [u8; SIGNING_KEY_SIZE],
    kem: Box<[u8]>,
    paper: bool,
    name: String,
    born_again_of: Option<DeviceId>,
    unknown: Unknown,
}

impl Card {
    pub(super) fn new(
        signing: [u8; SIGNING_KEY_SIZE],
        kem: Box<[u8]>,
        (name, paper): (&str, bool),
        born_again_of: Option<DeviceId>,
    ) -> Self {
        Self { signing, kem, paper, name: name.to_owned(), born_again_of, unknown: Unknown::default() }
    }

    /// Whose it is.
    pub fn id(&self) -> DeviceId {
        DeviceId::of_keys(&self.signing, &self.kem)
    }

    /// What a person called it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a recovery key: a device made of paper.
    pub fn is_paper(&self) -> bool {
        self.paper
    }

    /// The device's name before, if it was restored from a backup or copied (SYNC §6).
    pub fn born_again_of(&self) -> Option<DeviceId> {
        self.born_again_of
    }

    /// The X-Wing public key, [`KEM_KEY_SIZE`] bytes.
    pub fn kem_key(&self) -> &[u8] {
        &self.kem
    }

    /// Whether `signature` is this device's over `parts`, one after the other: RFC 8032 without what it leaves open.
    pub fn verify_strict(&self, what: Signed, parts: &[&[u8]], signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.signing) else { return false };
        let message = [&[what.prefix()], parts].concat().concat();
        key.verify_strict(&message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    }

    /// As CBOR.
    pub fn to_value(&self) -> Value {
        wire::map(
            [
                (0, Some(self.signing.to_vec().into())),
                (1, Some(self.kem.to_vec().into())),
                (2, Some(self.paper.into())),
                (3, Some(self.name.as_str().into())),
                (4, self.born_again_of.map(|id| id.as_bytes().to_vec().into())),
            ],
            &self.unknown,
        )
    }

    /// From CBOR. Both keys are looked at, so that no card stands in the way of those who later wrap something for all.
    ///
    /// # Errors
    /// [`FormatError::BadKey`], or a member is missing, or is not as it must be.
    pub fn from_value(value: Value) -> Result<Self, FormatError> {
        let mut members = wire::fields(value, "card")?;
        let kem = wire::take_bytes(&mut members, 1, "card.x-wing")?.into_boxed_slice();
        if kem.len() != KEM_KEY_SIZE {
            return Err(Error::OutOfRange("card.x-wing").into());
        }
        let signing = wire::take_fixed(&mut members, 0, "card.ed25519", wire::array)?;
        let sound = VerifyingKey::from_bytes(&signing).is_ok_and(|key| !key.is_weak()) && wrap::is_public_key(&kem);
        if !sound {
            return Err(FormatError::BadKey);
        }
        let before = members.take(4).map(|id| wire::fixed(id, "card.born-again-of", DeviceId::from_slice));
        Ok(Self {
            signing,
            kem,
            paper: wire::required(members.bool(2, "card.is-paper")?, "card.is-paper")?,
            name: wire::required(members.text(3, "card.name")?, "card.name")?,
            born_again_of: before.transpose()?,
            unknown: Unknown::rest(members),
        })
    }
}

impl Signed {
    pub(super) fn prefix(self) -> &'static [u8] {
        match self {
            Self::Head => labels::HEAD_SIGNATURE,
            Self::Sentence => labels::SENTENCE_SIGNATURE,
            Self::Countersignature => labels::COUNTERSIGNATURE,
        }
    }
}
