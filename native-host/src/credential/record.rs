//! The record of a credential source as bytes. Its CDDL is on [`PublicKeyCredentialSource`].

use protocol::cbor::{self, Fields, Value, int_map};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use zeroize::Zeroizing;

use super::PublicKeyCredentialSource;
use crate::secret::CredentialPrivateKey;

/// The record is not one of ours; it names the member.
pub type RecordError = cbor::Error;

/// The record's bytes: the private key as a CBOR byte string, then the attributes.
pub fn encode(source: &PublicKeyCredentialSource) -> Zeroizing<Vec<u8>> {
    let attributes = cbor::encode(&attributes(source));
    let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_END + attributes.len()));
    bytes.extend_from_slice(&KEY_HEAD);
    // EXPOSE: to be sealed.
    bytes.extend_from_slice(source.private_key.expose_secret());
    bytes.extend_from_slice(&attributes);
    bytes
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// A member is missing, wrong, or out of range.
pub fn decode(bytes: &[u8]) -> Result<PublicKeyCredentialSource, RecordError> {
    let (key, attributes) = bytes.split_at_checked(KEY_END).ok_or(cbor::Error::Missing("private key"))?;
    let key = key.strip_prefix(&KEY_HEAD).ok_or(cbor::Error::WrongType("private key"))?;
    let private_key = CredentialPrivateKey::from_slice(key).ok_or(cbor::Error::OutOfRange("private key"))?;
    let mut fields = Fields::decode(attributes, "attributes")?;
    if required(fields.int(VERSION, "version")?, "version")? != FORMAT {
        return Err(cbor::Error::OutOfRange("version"));
    }
    let algorithm = required(fields.int(ALGORITHM, "algorithm")?, "algorithm")?;
    let algorithm = CoseAlgorithmIdentifier::from_number(algorithm).ok_or(cbor::Error::OutOfRange("algorithm"))?;
    let public_key = required(fields.bytes(PUBLIC_KEY, "public key")?, "public key")?;
    Ok(PublicKeyCredentialSource {
        credential_id: required(fields.bytes(CREDENTIAL_ID, "credential ID")?, "credential ID")?.into(),
        rp_id: required(fields.text(RP_ID, "RP ID")?, "RP ID")?.into(),
        rp_name: required(fields.text(RP_NAME, "RP name")?, "RP name")?,
        user_handle: required(fields.bytes(USER_HANDLE, "user handle")?, "user handle")?.into(),
        user_name: required(fields.text(USER_NAME, "user name")?, "user name")?,
        user_display_name: required(fields.text(USER_DISPLAY_NAME, "user display name")?, "user display name")?,
        algorithm,
        private_key,
        public_key: CoseKey::from_sec1(&public_key, algorithm.number()).ok_or(cbor::Error::OutOfRange("public key"))?,
        created: required(time(&mut fields, CREATED, "created")?, "created")?,
        last_used: time(&mut fields, LAST_USED, "last used")?,
        backup_eligible: required(fields.bool(BACKUP_ELIGIBLE, "BE")?, "BE")?,
        backup_state: required(fields.bool(BACKUP_STATE, "BS")?, "BS")?,
        transports: transports(&mut fields)?,
        unknown: fields.rest(),
    })
}

fn attributes(source: &PublicKeyCredentialSource) -> Value {
    let transports = source.transports.iter().map(|transport| transport.as_str().into()).collect();
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
    ]);
    if let Value::Map(members) = &mut map {
        members.extend(source.unknown.iter().cloned());
    }
    map
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

/// CBOR's head of a byte string of 32 bytes.
const KEY_HEAD: [u8; 2] = [0x58, 32];
const KEY_END: usize = KEY_HEAD.len() + CredentialPrivateKey::SIZE;

const FORMAT: i64 = 1;
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
