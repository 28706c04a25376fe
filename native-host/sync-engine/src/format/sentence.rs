//! Sentences of the circle: signed, and true for ever (SYNC §8).

use protocol::cbor::{Error, Value};
use zeroize::Zeroizing;

use super::{FormatError, stamp_from_value, stamp_to_value};
use crate::ids::{DeviceId, SentenceId, VaultId};
use crate::keys::{Card, Identity, Signature, Signed};
use crate::stamp::Stamp;
use crate::wire::{self, Unknown};

/// `sentence = { 0: by, 1: at, 2: body, 3: sig, ?4: sig-of-paper, 5: vault }`
///
/// Both signatures are over the sentence without them, each with its own prefix.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sentence {
    /// Who says it.
    pub by: DeviceId,
    /// When: the order of what one device says.
    pub at: Stamp,
    /// What.
    pub body: Body,
    /// The author's signature.
    pub signature: Signature,
    /// The signature of the recovery key that it brings in.
    pub countersignature: Option<Signature>,
    /// The vault that it is about.
    pub vault: VaultId,
    /// Members that this version does not know.
    pub unknown: Unknown,
}

/// `body = { 0: 1, 1: device-card, 2: paper-card, 3: salt } / { 0: 2, 1: card } / { 0: 3, 1: device, 2: [*kept sentence ids] }`
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// The first sentence of a vault.
    Found {
        /// The first device, which says it.
        device: Box<Card>,
        /// The first recovery key, which countersigns it.
        paper: Box<Card>,
        /// Random, so that no two vaults have the same id.
        salt: [u8; 16],
        /// Members that this version does not know.
        unknown: Unknown,
    },
    /// Somebody joins. A recovery key that does countersigns it.
    Invite {
        /// Who.
        card: Box<Card>,
        /// Members that this version does not know.
        unknown: Unknown,
    },
    /// Somebody is out.
    Remove {
        /// Who.
        device: DeviceId,
        /// Those of its sentences that stand.
        kept: Vec<SentenceId>,
        /// Members that this version does not know.
        unknown: Unknown,
    },
    /// What a later version says. It travels on, and means nothing here.
    Other {
        /// Its kind.
        kind: u64,
        /// All other members.
        unknown: Unknown,
    },
}

impl Sentence {
    /// Says something about a vault that is there.
    pub fn sign(vault: VaultId, at: Stamp, body: Body, author: &Identity) -> Self {
        let unsigned = Self {
            by: author.id(),
            at,
            body,
            signature: [0; 64],
            countersignature: None,
            vault,
            unknown: Unknown::default(),
        };
        let signature = author.sign(Signed::Sentence, &[&unsigned.statement()]);
        Self { signature, ..unsigned }
    }

    /// Founds a vault: its id is the body's.
    pub fn found(at: Stamp, body: Body, author: &Identity) -> Self {
        Self::sign(body.vault(), at, body, author)
    }

    /// With the signature of the recovery key that it brings in.
    #[must_use]
    pub fn countersigned(self, paper: &Identity) -> Self {
        let countersignature = Some(paper.sign(Signed::Countersignature, &[&self.statement()]));
        Self { countersignature, ..self }
    }

    /// Whether the device of this card says it.
    pub fn is_signed_by(&self, card: &Card) -> bool {
        card.id() == self.by && card.verify_strict(Signed::Sentence, &[&self.statement()], &self.signature)
    }

    /// Whether the recovery key of this card countersigned it.
    pub fn is_countersigned_by(&self, card: &Card) -> bool {
        let Some(signature) = &self.countersignature else { return false };
        card.verify_strict(Signed::Countersignature, &[&self.statement()], signature)
    }

    /// What a removal names it by: a hash of all of it, signatures too.
    pub fn id(&self) -> SentenceId {
        SentenceId::of_sentence(&self.encode())
    }

    /// Its one encoding.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(&self.to_value())
    }

    /// What [`encode`](Self::encode) gave. Its signatures are not looked at.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::from_value(wire::decode(bytes)?)
    }

    /// As CBOR.
    pub fn to_value(&self) -> Value {
        self.with_signatures(Some(self.signature), self.countersignature)
    }

    /// From CBOR. Its signatures are not looked at.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn from_value(value: Value) -> Result<Self, FormatError> {
        let mut members = wire::fields(value, "sentence")?;
        let countersignature = members.take(4).map(|value| wire::fixed(value, "sentence.sig-of-paper", wire::array));
        Ok(Self {
            by: wire::take_fixed(&mut members, 0, "sentence.by", DeviceId::from_slice)?,
            at: stamp_from_value(wire::required(members.take(1), "sentence.at")?)?,
            body: Body::from_value(wire::required(members.take(2), "sentence.body")?)?,
            signature: wire::take_fixed(&mut members, 3, "sentence.sig", wire::array)?,
            countersignature: countersignature.transpose()?,
            vault: wire::take_fixed(&mut members, 5, "sentence.vault", VaultId::from_slice)?,
            unknown: Unknown::rest(members),
        })
    }

    /// What is signed.
    fn statement(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(&self.with_signatures(None, None))
    }

    fn with_signatures(&self, signature: Option<Signature>, countersignature: Option<Signature>) -> Value {
        wire::map(
            [
                (0, Some(self.by.as_bytes().to_vec().into())),
                (1, Some(stamp_to_value(&self.at))),
                (2, Some(self.body.to_value())),
                (3, signature.map(|signature| signature.to_vec().into())),
                (4, countersignature.map(|signature| signature.to_vec().into())),
                (5, Some(self.vault.as_bytes().to_vec().into())),
            ],
            &self.unknown,
        )
    }
}

impl Body {
    /// The id of the vault that it founds.
    pub fn vault(&self) -> VaultId {
        VaultId::of_founding(&wire::encode(&self.to_value()))
    }

    /// As CBOR.
    pub fn to_value(&self) -> Value {
        let kind = |kind: u64| (0, Some(kind.into()));
        match self {
            Self::Found { device, paper, salt, unknown } => {
                let [device, paper] = [device, paper].map(|card| Some(card.to_value()));
                wire::map([kind(FOUND), (1, device), (2, paper), (3, Some(salt.to_vec().into()))], unknown)
            }
            Self::Invite { card, unknown } => wire::map([kind(INVITE), (1, Some(card.to_value()))], unknown),
            Self::Remove { device, kept, unknown } => {
                let kept = kept.iter().map(|id| id.as_bytes().to_vec().into()).collect();
                let device = device.as_bytes().to_vec();
                wire::map([kind(REMOVE), (1, Some(device.into())), (2, Some(Value::Array(kept)))], unknown)
            }
            Self::Other { kind: number, unknown } => wire::map([kind(*number)], unknown),
        }
    }

    /// From CBOR.
    ///
    /// # Errors
    /// It is not as it must be.
    pub fn from_value(value: Value) -> Result<Self, FormatError> {
        let mut members = wire::fields(value, "body")?;
        Ok(match wire::take_uint(&mut members, 0, "body.kind")? {
            FOUND => Self::Found {
                device: take_card(&mut members, 1, "found.device-card")?,
                paper: take_card(&mut members, 2, "found.paper-card")?,
                salt: wire::take_fixed(&mut members, 3, "found.salt", wire::array)?,
                unknown: Unknown::rest(members),
            },
            INVITE => {
                Self::Invite { card: take_card(&mut members, 1, "invite.card")?, unknown: Unknown::rest(members) }
            }
            REMOVE => Self::Remove {
                device: wire::take_fixed(&mut members, 1, "remove.device", DeviceId::from_slice)?,
                kept: wire::take_array(&mut members, 2, "remove.kept", |id| {
                    wire::fixed(id, "remove.kept", SentenceId::from_slice)
                })?,
                unknown: Unknown::rest(members),
            },
            kind => Self::Other { kind, unknown: Unknown::rest(members) },
        })
    }
}

fn take_card(members: &mut protocol::cbor::Fields, key: i64, name: &'static str) -> Result<Box<Card>, FormatError> {
    let card = members.take(key).ok_or(Error::Missing(name))?;
    Card::from_value(card).map(Box::new)
}

const FOUND: u64 = 1;
const INVITE: u64 = 2;
const REMOVE: u64 = 3;
