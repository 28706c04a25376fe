//! The record of a credential source as bytes. Its CDDL is on [`PublicKeyCredentialSource`].

use protocol::cbor::{self, Fields, Value, int_map, integer};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use protocol::ctap::extensions::CredProtect;
use protocol::webauthn::CredentialId;
use zeroize::Zeroizing;

use super::{CredentialSecrets, EarlierNames, Extensions, LargeBlob, PublicKeyCredentialSource, SealedSecrets};
use crate::secret::{CredentialPrivateKey, NoRandomness};

/// The record is not one of ours; it names the member.
pub type RecordError = cbor::Error;

/// A record that was read.
pub enum Record {
    /// As it is written today.
    Sealed(PublicKeyCredentialSource),
    /// Of version 1, whose private key is not sealed on its own yet.
    Plain(PlainRecord),
}

/// A record of version 1.
pub struct PlainRecord {
    source: PublicKeyCredentialSource,
    secrets: CredentialSecrets,
}

impl PlainRecord {
    /// The credential source, its secrets sealed by `seal`, the vault's.
    ///
    /// # Errors
    /// What `seal` fails with.
    pub fn seal(
        self,
        seal: impl FnOnce(&CredentialId, &CredentialSecrets) -> Result<SealedSecrets, NoRandomness>,
    ) -> Result<PublicKeyCredentialSource, NoRandomness> {
        let secrets = seal(&self.source.credential_id, &self.secrets)?;
        Ok(PublicKeyCredentialSource { secrets, ..self.source })
    }
}

/// The record's bytes: the sealed secrets as a CBOR byte string, then the attributes.
pub fn encode(source: &PublicKeyCredentialSource) -> Zeroizing<Vec<u8>> {
    join(source.secrets.as_sealed(), &attributes(source))
}

/// Secrets, sealed or not, as a CBOR byte string, and attributes behind them.
pub fn join(secrets: &[u8], attributes: &Value) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([&byte_string_head(secrets.len())[..], secrets, &cbor::encode(attributes)].concat())
}

/// What [`join`] joined.
///
/// # Errors
/// It is not of that form.
pub fn split(bytes: &[u8]) -> Result<(&[u8], Fields), RecordError> {
    let (secrets, attributes) = byte_string(bytes, "secrets")?;
    Ok((secrets, Fields::decode(attributes, "attributes")?))
}

/// The credential source of these [`attributes`], of today's version, and of secrets that the vault has sealed.
///
/// # Errors
/// A member is missing, wrong, or out of range.
pub fn of_attributes(secrets: SealedSecrets, attributes: Value) -> Result<PublicKeyCredentialSource, RecordError> {
    let mut fields = Fields::of(attributes, "attributes")?;
    match required(fields.int(VERSION, "version")?, "version")? {
        FORMAT => Ok(PublicKeyCredentialSource { secrets, ..source(fields)? }),
        _ => Err(cbor::Error::OutOfRange("version")),
    }
}

/// Reads what [`encode`] wrote, now or in version 1.
///
/// # Errors
/// A member is missing, wrong, or out of range.
pub fn decode(bytes: &[u8]) -> Result<Record, RecordError> {
    let (secrets, mut fields) = split(bytes)?;
    match required(fields.int(VERSION, "version")?, "version")? {
        FORMAT => {
            let secrets = SealedSecrets::from_sealed(secrets.to_vec());
            Ok(Record::Sealed(PublicKeyCredentialSource { secrets, ..source(fields)? }))
        }
        PLAIN_FORMAT if secrets.len() == PLAIN_KEY_SIZE => {
            let private_key = CredentialPrivateKey::from_slice(secrets);
            let secrets = CredentialSecrets { private_key, cred_random: None };
            Ok(Record::Plain(PlainRecord { source: source(fields)?, secrets }))
        }
        PLAIN_FORMAT => Err(cbor::Error::OutOfRange("private key")),
        _ => Err(cbor::Error::OutOfRange("version")),
    }
}

/// The attributes, without secrets.
fn source(mut fields: Fields) -> Result<PublicKeyCredentialSource, RecordError> {
    let algorithm = required(fields.int(ALGORITHM, "algorithm")?, "algorithm")?;
    let algorithm = CoseAlgorithmIdentifier::from_number(algorithm).ok_or(cbor::Error::OutOfRange("algorithm"))?;
    let public_key = required(fields.bytes(PUBLIC_KEY, "public key")?, "public key")?;
    let public_key = CoseKey::from_public_bytes(algorithm, &public_key).ok_or(cbor::Error::OutOfRange("public key"))?;
    Ok(PublicKeyCredentialSource {
        credential_id: required(fields.bytes(CREDENTIAL_ID, "credential ID")?, "credential ID")?.into(),
        rp_id: required(fields.text(RP_ID, "RP ID")?, "RP ID")?.into(),
        rp_name: required(fields.text(RP_NAME, "RP name")?, "RP name")?,
        user_handle: required(fields.bytes(USER_HANDLE, "user handle")?, "user handle")?.into(),
        user_name: required(fields.text(USER_NAME, "user name")?, "user name")?,
        user_display_name: required(fields.text(USER_DISPLAY_NAME, "user display name")?, "user display name")?,
        algorithm,
        secrets: SealedSecrets::from_sealed(Vec::new()),
        public_key,
        created: required(time(&mut fields, CREATED, "created")?, "created")?,
        last_used: time(&mut fields, LAST_USED, "last used")?,
        backup_eligible: required(fields.bool(BACKUP_ELIGIBLE, "BE")?, "BE")?,
        backup_state: required(fields.bool(BACKUP_STATE, "BS")?, "BS")?,
        transports: transports(&mut fields)?,
        extensions: extensions(&mut fields)?,
        discoverable: fields.bool(DISCOVERABLE, "discoverable")?.unwrap_or(true),
        earlier_names: fields.array(EARLIER_NAMES, "earlier names")?.map_or(Ok(Vec::new()), earlier_names)?,
        label: fields.text(LABEL, "label")?.unwrap_or_default(),
        note: fields.text(NOTE, "note")?.unwrap_or_default(),
        prf_used: fields.bool(PRF_USED, "PRF used")?.unwrap_or(false),
        unknown: fields.rest(),
    })
}

/// All that is in the record but the secrets, in the CDDL's numbers.
pub fn attributes(source: &PublicKeyCredentialSource) -> Value {
    let transports = source.transports.iter().map(|transport| transport.as_str().into()).collect();
    let Extensions { cred_protect, cred_blob, large_blob_key, large_blob, third_party_payment } = &source.extensions;
    let protects = *cred_protect != CredProtect::default();
    let to_array = |blob: &LargeBlob| Value::Array(vec![blob.compressed.clone().into(), blob.original_size.into()]);
    let mut map = int_map([
        (VERSION, Some(FORMAT.into())),
        (CREDENTIAL_ID, Some(source.credential_id.as_bytes().to_vec().into())),
        (RP_ID, Some(source.rp_id.as_str().into())),
        (RP_NAME, Some(source.rp_name.as_str().into())),
        (USER_HANDLE, Some(source.user_handle.as_bytes().to_vec().into())),
        (USER_NAME, Some(source.user_name.as_str().into())),
        (USER_DISPLAY_NAME, Some(source.user_display_name.as_str().into())),
        (ALGORITHM, Some(source.algorithm.number().into())),
        (PUBLIC_KEY, Some(source.public_key.to_public_bytes().into())),
        (CREATED, Some(source.created.into())),
        (LAST_USED, source.last_used.map(Value::from)),
        (BACKUP_ELIGIBLE, Some(source.backup_eligible.into())),
        (BACKUP_STATE, Some(source.backup_state.into())),
        (TRANSPORTS, Some(Value::Array(transports))),
        (CRED_PROTECT, protects.then(|| cred_protect.number().into())),
        (CRED_BLOB, cred_blob.clone().map(Value::from)),
        (LARGE_BLOB, large_blob.as_ref().map(to_array)),
        (LARGE_BLOB_KEY, large_blob_key.then_some(true.into())),
        (THIRD_PARTY_PAYMENT, third_party_payment.then_some(true.into())),
        (DISCOVERABLE, (!source.discoverable).then_some(false.into())),
        (EARLIER_NAMES, earlier_names_to_value(&source.earlier_names)),
        (LABEL, non_empty(&source.label)),
        (NOTE, non_empty(&source.note)),
        (PRF_USED, source.prf_used.then_some(true.into())),
    ]);
    if let Value::Map(members) = &mut map {
        members.extend(source.unknown.iter().cloned());
    }
    map
}

fn extensions(fields: &mut Fields) -> Result<Extensions, RecordError> {
    let cred_protect = fields.int(CRED_PROTECT, "credProtect")?.unwrap_or(CredProtect::default().number());
    Ok(Extensions {
        cred_protect: CredProtect::from_number(cred_protect).ok_or(cbor::Error::OutOfRange("credProtect"))?,
        cred_blob: fields.bytes(CRED_BLOB, "credBlob")?,
        large_blob_key: fields.bool(LARGE_BLOB_KEY, "largeBlobKey")?.unwrap_or(false),
        large_blob: fields.array(LARGE_BLOB, "large blob")?.map(large_blob).transpose()?,
        third_party_payment: fields.bool(THIRD_PARTY_PAYMENT, "thirdPartyPayment")?.unwrap_or(false),
    })
}

fn large_blob(members: Vec<Value>) -> Result<LargeBlob, RecordError> {
    let wrong = cbor::Error::WrongType("large blob");
    let [compressed, original_size]: [Value; 2] = members.try_into().map_err(|_| wrong)?;
    let original_size = integer(&original_size, "large blob")?;
    Ok(LargeBlob {
        compressed: compressed.into_bytes().map_err(|_| wrong)?,
        original_size: u64::try_from(original_size).map_err(|_| cbor::Error::OutOfRange("large blob"))?,
    })
}

fn earlier_names(values: Vec<Value>) -> Result<Vec<EarlierNames>, RecordError> {
    let wrong = cbor::Error::WrongType("earlier names");
    let names = |value: Value| {
        let members = value.into_array().map_err(|_| wrong)?;
        let [user_name, user_display_name, replaced]: [Value; 3] = members.try_into().map_err(|_| wrong)?;
        Ok(EarlierNames {
            user_name: user_name.into_text().map_err(|_| wrong)?,
            user_display_name: user_display_name.into_text().map_err(|_| wrong)?,
            replaced: u64::try_from(integer(&replaced, "earlier names")?).map_err(|_| wrong)?,
        })
    };
    values.into_iter().map(names).collect()
}

fn earlier_names_to_value(earlier: &[EarlierNames]) -> Option<Value> {
    let names = earlier.iter().map(|EarlierNames { user_name, user_display_name, replaced }| {
        Value::Array(vec![user_name.as_str().into(), user_display_name.as_str().into(), (*replaced).into()])
    });
    (!earlier.is_empty()).then(|| Value::Array(names.collect()))
}

fn non_empty(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

fn time(fields: &mut Fields, key: i64, name: &'static str) -> Result<Option<u64>, RecordError> {
    let time = fields.int(key, name)?;
    time.map(|time| u64::try_from(time).map_err(|_| cbor::Error::OutOfRange(name))).transpose()
}

fn transports(fields: &mut Fields) -> Result<Vec<String>, RecordError> {
    let values = required(fields.array(TRANSPORTS, "transports")?, "transports")?;
    let text = |value: Value| value.into_text().map_err(|_| cbor::Error::WrongType("transports"));
    values.into_iter().map(text).collect()
}

fn required<T>(member: Option<T>, name: &'static str) -> Result<T, RecordError> {
    member.ok_or(cbor::Error::Missing(name))
}

/// The head of a CBOR byte string of `length` bytes, under 64 KiB.
pub(super) fn byte_string_head(length: usize) -> Vec<u8> {
    let [high, low] = (length as u16).to_be_bytes();
    match length {
        0..24 => vec![BYTE_STRING | low],
        24..0x100 => vec![BYTE_STRING | 24, low],
        _ => vec![BYTE_STRING | 25, high, low],
    }
}

/// The content of the canonical byte string that `bytes` begin with, and what is behind it. Nothing is copied: it may be a secret.
pub(super) fn byte_string<'a>(bytes: &'a [u8], name: &'static str) -> Result<(&'a [u8], &'a [u8]), RecordError> {
    let (item, rest) = bytes.split_at(cbor::check_prefix(bytes)?);
    let head = match item.first().map(|initial| (initial & 0xe0, initial & 0x1f)) {
        Some((BYTE_STRING, 0..24)) => 1,
        Some((BYTE_STRING, 24)) => 2,
        Some((BYTE_STRING, 25)) => 3,
        _ => return Err(cbor::Error::WrongType(name)),
    };
    Ok((&item[head..], rest))
}

/// CBOR major type 2.
const BYTE_STRING: u8 = 2 << 5;

/// The version of this format.
pub const FORMAT: i64 = 2;
/// Version 1.
const PLAIN_FORMAT: i64 = 1;
/// Bytes of the private key in version 1.
const PLAIN_KEY_SIZE: usize = 32;

const VERSION: i64 = 1;
const CREDENTIAL_ID: i64 = 2;
const RP_ID: i64 = 3;
const RP_NAME: i64 = 4;
const USER_HANDLE: i64 = 5;
const USER_NAME: i64 = 6;
const USER_DISPLAY_NAME: i64 = 7;
const ALGORITHM: i64 = 8;
const PUBLIC_KEY: i64 = 9;
const CREATED: i64 = 10;
const LAST_USED: i64 = 11;
const BACKUP_ELIGIBLE: i64 = 12;
const BACKUP_STATE: i64 = 13;
const TRANSPORTS: i64 = 14;
const CRED_PROTECT: i64 = 15;
const CRED_BLOB: i64 = 16;
const LARGE_BLOB: i64 = 17;
const LARGE_BLOB_KEY: i64 = 18;
const THIRD_PARTY_PAYMENT: i64 = 19;
const DISCOVERABLE: i64 = 20;
const EARLIER_NAMES: i64 = 21;
const LABEL: i64 = 22;
const NOTE: i64 = 23;
const PRF_USED: i64 = 24;
