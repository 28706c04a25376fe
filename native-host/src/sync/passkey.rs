//! A passkey as the fields of a record (SYNC §7), and back. A field's value is CBOR: those members of the vault's own record that belong to it, in
//! their numbers ([`PublicKeyCredentialSource`]'s CDDL), so that what one version adds another carries on.
//!
//! ```cddl
//! deleted = false / reason            ; field 0: the reason as in `Trashed`'s CDDL
//! core = ( secrets: bstr, members )   ; field 1: written once. The secrets are open in here; what is around a record is sealed
//! members = { * int => any }          ; the others
//! ```

use std::collections::BTreeMap;

use protocol::cbor::{self, Value};
use protocol::webauthn::CredentialId;
use sync_engine::ids::RecordId;
use sync_engine::record::{DELETED, FieldNumber, Record};
use zeroize::Zeroizing;

use crate::credential::{self, CredentialSecrets, PublicKeyCredentialSource, SealedSecrets};
use crate::vault::{self, TrashReason, Vault};

/// What never changes, the secrets among it.
const CORE: FieldNumber = 1;

/// When it last signed.
pub(super) const LAST_USED: FieldNumber = 3;

/// What the user calls it.
pub(super) const LABEL: FieldNumber = 64;

/// What the user notes with it.
pub(super) const NOTE: FieldNumber = 65;

/// Members that this version does not know.
const UNKNOWN: FieldNumber = 7;

/// Which members of the vault's record each field has. Version (1) and BS (13) are each device's own.
const MEMBERS: [(FieldNumber, &[i64]); 8] = [
    (CORE, &[2, 3, 4, 5, 8, 9, 10, 12, 14, 15, 16, 18, 19, 20]),
    // The names that the site told, and those of before.
    (2, &[6, 7, 21]),
    (LAST_USED, &[11]),
    // The large blob.
    (4, &[17]),
    // Whether hmac-secret was evaluated.
    (5, &[24]),
    (LABEL, &[22]),
    (NOTE, &[23]),
    (UNKNOWN, &[]),
];
const VERSION: i64 = 1;
const BACKUP_STATE: i64 = 13;

/// The value of a field: it may hold secrets.
pub(super) type FieldValue = Zeroizing<Vec<u8>>;

/// The fields of a passkey that a record does not have as they are: `record` is the one of before, or a fresh one. What a later version has put
/// into a field stays in it.
///
/// # Errors
/// Its secrets are damaged.
pub(super) fn changed_fields(
    vault: &Vault,
    source: &PublicKeyCredentialSource,
    record: &Record,
) -> Result<BTreeMap<FieldNumber, FieldValue>, vault::Error> {
    let mut changed = BTreeMap::new();
    for (field, own) in split(source) {
        let before = record.newest(field).map(|(_, value)| value);
        match (field, before) {
            (CORE, Some(_)) => {}
            (CORE, None) => drop(changed.insert(CORE, core(vault, source, own)?)),
            (_, before) => drop(changed_members(field, own, before).map(|value| changed.insert(field, value))),
        }
    }
    Ok(changed)
}

/// The value of [`DELETED`] in a record that is.
pub(super) fn deleted(reason: TrashReason) -> FieldValue {
    Zeroizing::new(cbor::encode(&reason.number().into()))
}

/// Why a record is deleted; nothing where it is not. A reason of a later version is the plainest.
pub(super) fn deletion(record: &Record) -> Option<TrashReason> {
    let (_, value) = record.newest(DELETED).filter(|_| record.is_deleted())?;
    let number = cbor::decode(value).ok().and_then(|value| cbor::integer(&value, "deleted").ok());
    Some(number.and_then(TrashReason::from_number).unwrap_or(TrashReason::Deleted))
}

/// The text of a label's or a note's value.
pub(super) fn text(field: FieldNumber, value: &[u8]) -> Option<String> {
    match members(field, value)?.pop() {
        Some((_, text)) => text.into_text().ok(),
        None => Some(String::new()),
    }
}

/// The passkey that a record tells of, its secrets not sealed for any vault yet.
pub(super) struct Told {
    source: PublicKeyCredentialSource,
    secrets: CredentialSecrets,
}

impl Told {
    /// Nothing where the record is no passkey, is another than `id` says, or is of a later version. BS is each device's own.
    pub(super) fn read(id: &RecordId, record: &Record, backed_up: bool) -> Option<Self> {
        let (_, core) = record.newest(CORE)?;
        let (secrets, core_members) = credential::split(core).ok()?;
        let secrets = CredentialSecrets::decode(secrets).ok()?;
        let mut attributes = own_members(CORE, core_members.rest());
        for (field, _) in &MEMBERS[1..] {
            let value = record.newest(*field);
            attributes.extend(value.and_then(|(_, value)| members(*field, value)).unwrap_or_default());
        }
        attributes.push((VERSION.into(), credential::FORMAT.into()));
        attributes.push((BACKUP_STATE.into(), backed_up.into()));
        let unsealed = SealedSecrets::from_sealed(Vec::new());
        let source = credential::of_attributes(unsealed, Value::Map(attributes)).ok()?;
        let named = RecordId::of_passkey(source.rp_id.as_str(), source.credential_id.as_bytes());
        (named == *id).then_some(Self { source, secrets })
    }

    /// Which.
    pub(super) fn credential_id(&self) -> &CredentialId {
        &self.source.credential_id
    }

    /// The passkey, where it is in this vault already: its secrets are the same, and it may have been used later here.
    pub(super) fn beside(self, here: &PublicKeyCredentialSource) -> PublicKeyCredentialSource {
        let last_used = self.source.last_used.max(here.last_used);
        PublicKeyCredentialSource { secrets: here.secrets.clone(), last_used, ..self.source }
    }

    /// The passkey, its secrets sealed for this vault.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub(super) fn sealed(self, vault: &Vault) -> Result<PublicKeyCredentialSource, vault::Error> {
        let secrets = vault.seal_secrets(&self.source.credential_id, &self.secrets)?;
        Ok(PublicKeyCredentialSource { secrets, ..self.source })
    }
}

/// The members of a passkey's record, field by field.
fn split(source: &PublicKeyCredentialSource) -> Vec<(FieldNumber, Vec<(Value, Value)>)> {
    let all = credential::attributes(source).into_map().unwrap_or_default();
    MEMBERS.iter().map(|(field, _)| (*field, own_members(*field, all.clone()))).collect()
}

/// Those members that belong to a field.
fn own_members(field: FieldNumber, mut members: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    members.retain(|(key, _)| belongs(key, field));
    members
}

fn belongs(key: &Value, field: FieldNumber) -> bool {
    let has = |numbers: &[i64]| numbers.iter().any(|number| *key == Value::from(*number));
    match field {
        UNKNOWN => !MEMBERS.iter().any(|(_, numbers)| has(numbers)) && !has(&[VERSION, BACKUP_STATE]),
        _ => MEMBERS.iter().any(|(other, numbers)| *other == field && has(numbers)),
    }
}

fn core(
    vault: &Vault,
    source: &PublicKeyCredentialSource,
    members: Vec<(Value, Value)>,
) -> Result<FieldValue, vault::Error> {
    let secrets = vault.open_secrets(source)?;
    Ok(credential::join(&secrets.encode(), &Value::Map(members)))
}

/// A field's new value, where its members are others than those of the value of before. What cannot be read there is left alone.
fn changed_members(field: FieldNumber, own: Vec<(Value, Value)>, before: Option<&[u8]>) -> Option<FieldValue> {
    let all_before = match before {
        None => Vec::new(),
        Some(value) => cbor::decode(value).ok()?.into_map().ok()?,
    };
    let encoded = |members: &[(Value, Value)]| cbor::encode(&Value::Map(members.to_vec()));
    if encoded(&own) == encoded(&own_members(field, all_before.clone())) {
        return None;
    }
    let foreign = all_before.into_iter().filter(|(key, _)| !belongs(key, field));
    Some(Zeroizing::new(encoded(&own.into_iter().chain(foreign).collect::<Vec<_>>())))
}

/// The members that belong to a field, in one of its values.
fn members(field: FieldNumber, value: &[u8]) -> Option<Vec<(Value, Value)>> {
    Some(own_members(field, cbor::decode(value).ok()?.into_map().ok()?))
}

#[cfg(test)]
mod tests;
