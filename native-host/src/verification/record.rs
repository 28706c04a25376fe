//! What the vault keeps of a PIN.

use argon2::{Algorithm, Argon2, Params, Version};
use protocol::cbor::{self, Fields, Value, int_map};

use super::{MAX_RETRIES, MIN_PIN_LENGTH, NewPin};
use crate::secret::{NoRandomness, PinDigest, PinHash, fill_random};

/// The PIN at rest: its Argon2id hash and the tries left. It is sealed like every record of the vault.
///
/// ```cddl
/// pin-record = {
///   1: 1,                          ; version of this format
///   2: bstr .size 16,              ; salt
///   3: bstr .size 32,              ; Argon2id(LEFT(SHA-256(PIN), 16), salt)
///   4: [ m: uint, t: uint, p: uint ], ; cost: KiB, passes, lanes
///   5: uint,                       ; tries left
///   ? 6: uint,                     ; code points of the PIN; absent: as few as there may be
///   ? 7: uint,                     ; a reset was asked for, milliseconds since 1970
///   ? 8: true,                     ; it must be changed before it is used again
///   * int => any                   ; of later versions: kept on rewrite
/// }
/// ```
pub struct PinRecord {
    salt: [u8; 16],
    digest: PinDigest,
    cost: Cost,
    retries: u8,
    length: u8,
    reset_asked: Option<u64>,
    must_change: bool,
    unknown: Vec<(Value, Value)>,
}

/// What one Argon2id hash costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Cost {
    /// Memory in KiB.
    memory: u32,
    /// Passes over it.
    passes: u32,
    /// Lanes.
    lanes: u32,
}

impl PinRecord {
    /// Tries left.
    pub fn retries(&self) -> u8 {
        self.retries
    }

    /// Its length in code points.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// CTAP §6.11.4 forceChangePin: whether it must be changed before it is used again.
    pub fn must_change(&self) -> bool {
        self.must_change
    }

    /// When a reset was asked for, milliseconds since 1970.
    pub fn reset_asked(&self) -> Option<u64> {
        self.reset_asked
    }

    /// The record, with another answer to whether the PIN must be changed.
    #[must_use]
    pub fn with_must_change(&self, must_change: bool) -> Self {
        Self { must_change, ..self.duplicate() }
    }

    pub(super) fn derive(new: &NewPin) -> Result<Self, NoRandomness> {
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        let digest = COST.digest(new.hash(), &salt).ok_or(NoRandomness)?;
        let fresh = Self {
            salt,
            digest,
            cost: COST,
            retries: MAX_RETRIES,
            length: new.length(),
            reset_asked: None,
            must_change: false,
            unknown: Vec::new(),
        };
        Ok(fresh)
    }

    pub(super) fn matches(&self, candidate: &PinHash) -> bool {
        let digest = self.cost.digest(candidate, &self.salt);
        digest.is_some_and(|digest| digest.same_as(&self.digest))
    }

    pub(super) fn same_pin(&self, other: &Self) -> bool {
        self.salt == other.salt && self.digest.same_as(&other.digest)
    }

    /// The record, with so many tries left.
    pub(super) fn with_retries(&self, retries: u8) -> Self {
        Self { retries, ..self.duplicate() }
    }

    /// The record, with another answer to whether a reset was asked for.
    pub(super) fn with_reset_asked(&self, reset_asked: Option<u64>) -> Self {
        Self { reset_asked, ..self.duplicate() }
    }

    /// A second copy, for a record that is rewritten with one thing changed.
    fn duplicate(&self) -> Self {
        let (digest, unknown) = (self.digest.duplicate(), self.unknown.clone());
        Self { digest, unknown, ..*self }
    }

    /// The canonical CBOR of the record.
    pub fn encode(&self) -> Vec<u8> {
        let cost = [self.cost.memory, self.cost.passes, self.cost.lanes].map(Value::from).to_vec();
        let mut map = int_map([
            (VERSION, Some(FORMAT.into())),
            (SALT, Some(self.salt.to_vec().into())),
            // EXPOSE: to be sealed; it is a hash, not the PIN.
            (DIGEST, Some(self.digest.expose_secret().to_vec().into())),
            (COST_MEMBER, Some(cost.into())),
            (RETRIES, Some(self.retries.into())),
            (LENGTH, Some(self.length.into())),
            (RESET_ASKED, self.reset_asked.map(Value::from)),
            (MUST_CHANGE, self.must_change.then_some(true.into())),
        ]);
        if let Value::Map(members) = &mut map {
            members.extend(self.unknown.iter().cloned());
        }
        cbor::encode(&map)
    }

    /// Reads the canonical CBOR of a record.
    ///
    /// # Errors
    /// A member is missing, wrong, or out of range.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut fields = Fields::decode(bytes, "PIN record")?;
        if fields.int(VERSION, "version")? != Some(FORMAT) {
            return Err(cbor::Error::OutOfRange("version"));
        }
        let salt = fields.bytes(SALT, "salt")?.ok_or(cbor::Error::Missing("salt"))?;
        let digest = fields.bytes(DIGEST, "digest")?.ok_or(cbor::Error::Missing("digest"))?;
        let retries = fields.int(RETRIES, "retries")?.ok_or(cbor::Error::Missing("retries"))?;
        Ok(Self {
            salt: salt.try_into().map_err(|_| cbor::Error::OutOfRange("salt"))?,
            digest: PinDigest::from_slice(&digest).ok_or(cbor::Error::OutOfRange("digest"))?,
            cost: Cost::from_fields(&mut fields)?,
            retries: tries(retries)?,
            length: byte(fields.int(LENGTH, "length")?.unwrap_or(MIN_PIN_LENGTH.into()), "length")?,
            reset_asked: fields.int(RESET_ASKED, "reset asked")?.map(time).transpose()?,
            must_change: fields.bool(MUST_CHANGE, "must change")?.unwrap_or(false),
            unknown: fields.rest(),
        })
    }
}

fn tries(number: i64) -> Result<u8, RecordError> {
    let retries = u8::try_from(number).ok().filter(|retries| *retries <= MAX_RETRIES);
    retries.ok_or(cbor::Error::OutOfRange("retries"))
}

fn byte(number: i64, name: &'static str) -> Result<u8, RecordError> {
    u8::try_from(number).map_err(|_| cbor::Error::OutOfRange(name))
}

fn time(number: i64) -> Result<u64, RecordError> {
    u64::try_from(number).map_err(|_| cbor::Error::OutOfRange("time"))
}

/// The record is not one of ours; it names the member.
pub type RecordError = cbor::Error;

impl Cost {
    /// Argon2id (RFC 9106). Nothing where the cost is outside its limits.
    fn digest(self, hash: &PinHash, salt: &[u8; 16]) -> Option<PinDigest> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(PinDigest::SIZE)).ok()?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // EXPOSE: to hash.
        PinDigest::init_with(|digest| argon2.hash_password_into(hash.expose_secret(), salt, digest)).ok()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, cbor::Error> {
        let values = fields.array(COST_MEMBER, "cost")?.ok_or(cbor::Error::Missing("cost"))?;
        let numbers: Vec<u32> = values
            .iter()
            .map(|value| u32::try_from(cbor::integer(value, "cost")?).map_err(|_| cbor::Error::OutOfRange("cost")))
            .collect::<Result<_, _>>()?;
        match numbers[..] {
            [memory, passes, lanes] if memory <= MAX_MEMORY => Ok(Self { memory, passes, lanes }),
            _ => Err(cbor::Error::OutOfRange("cost")),
        }
    }
}

/// RFC 9106 §4, second recommended option (64 MiB, three passes), with one lane, since we hash on one thread.
const COST: Cost = Cost { memory: 64 * 1024, passes: 3, lanes: 1 };

/// No record makes the host allocate more than a GiB.
const MAX_MEMORY: u32 = 1024 * 1024;

const FORMAT: i64 = 1;
const VERSION: i64 = 1;
const SALT: i64 = 2;
const DIGEST: i64 = 3;
const COST_MEMBER: i64 = 4;
const RETRIES: i64 = 5;
const LENGTH: i64 = 6;
const RESET_ASKED: i64 = 7;
const MUST_CHANGE: i64 = 8;
