//! authenticatorGetInfo (CTAP §6.4). The request has no parameters.

use crate::cbor::{self, Fields, Value, int_map, integer, text_map};
use crate::webauthn::json::PUBLIC_KEY;

/// CTAP §6.4, the members that Keystow gives.
///
/// ```cddl
/// { 1: versions, ? 2: extensions, 3: aaguid, ? 4: options, ? 5: maxMsgSize, ? 6: pinUvAuthProtocols, ? 7: maxCredentialCountInList,
///   ? 8: maxCredentialIdLength, ? 9: transports, ? 10: algorithms, ? 11: maxSerializedLargeBlobArray, ? 12: forcePINChange,
///   ? 13: minPINLength, ? 14: firmwareVersion, ? 15: maxCredBlobLength, ? 16: maxRPIDsForSetMinPINLength,
///   ? 20: remainingDiscoverableCredentials, ? 22: attestationFormats, ? 29: maxPINLength }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Response {
    /// Such as `FIDO_2_1`.
    pub versions: Vec<String>,
    /// Identifiers of the extensions served.
    pub extensions: Vec<String>,
    /// The model.
    pub aaguid: [u8; 16],
    /// Each option that is there, with its state now.
    pub options: Vec<(String, bool)>,
    /// Bytes of the largest message.
    pub max_msg_size: Option<i64>,
    /// Numbers, the preferred one first.
    pub pin_uv_auth_protocols: Vec<i64>,
    /// Most entries of an allow list or an exclude list.
    pub max_credential_count_in_list: Option<i64>,
    /// Most bytes of a credential ID.
    pub max_credential_id_length: Option<i64>,
    /// L3 §5.8.4 transports.
    pub transports: Vec<String>,
    /// COSE numbers, the preferred one first.
    pub algorithms: Vec<i64>,
    /// Bytes of the longest serialized large-blob array.
    pub max_serialized_large_blob_array: Option<i64>,
    /// Whether the PIN must be changed before it is used again.
    pub force_pin_change: Option<bool>,
    /// Fewest code points of a PIN.
    pub min_pin_length: Option<i64>,
    /// Rises with each release.
    pub firmware_version: Option<i64>,
    /// Bytes of the longest credBlob.
    pub max_cred_blob_length: Option<i64>,
    /// Most RP IDs that may learn the shortest PIN.
    pub max_rp_ids_for_set_min_pin_length: Option<i64>,
    /// An estimate of how many more discoverable credentials find room.
    pub remaining_discoverable_credentials: Option<i64>,
    /// Attestation formats that can be made.
    pub attestation_formats: Vec<String>,
    /// Most code points of a PIN.
    pub max_pin_length: Option<i64>,
}

impl Response {
    /// The state of the option `name`; nothing where it is not there.
    pub fn option(&self, name: &str) -> Option<bool> {
        self.options.iter().find(|(option, _)| option == name).map(|(_, state)| *state)
    }

    /// The CBOR behind the status byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        let algorithm = |alg: &i64| text_map([("alg", Some((*alg).into())), ("type", Some(PUBLIC_KEY.into()))]);
        let options = self.options.iter().map(|(name, state)| (name.as_str().into(), (*state).into())).collect();
        cbor::encode(&int_map([
            (0x01, Some(texts(&self.versions))),
            (0x02, (!self.extensions.is_empty()).then(|| texts(&self.extensions))),
            (0x03, Some(self.aaguid.to_vec().into())),
            (0x04, Some(Value::Map(options))),
            (0x05, self.max_msg_size.map(Value::from)),
            (0x06, non_empty(self.pin_uv_auth_protocols.iter().map(|number| (*number).into()).collect())),
            (0x07, self.max_credential_count_in_list.map(Value::from)),
            (0x08, self.max_credential_id_length.map(Value::from)),
            (0x09, (!self.transports.is_empty()).then(|| texts(&self.transports))),
            (0x0a, non_empty(self.algorithms.iter().map(algorithm).collect())),
            (0x0b, self.max_serialized_large_blob_array.map(Value::from)),
            (0x0c, self.force_pin_change.map(Value::from)),
            (0x0d, self.min_pin_length.map(Value::from)),
            (0x0e, self.firmware_version.map(Value::from)),
            (0x0f, self.max_cred_blob_length.map(Value::from)),
            (0x10, self.max_rp_ids_for_set_min_pin_length.map(Value::from)),
            (0x14, self.remaining_discoverable_credentials.map(Value::from)),
            (0x16, (!self.attestation_formats.is_empty()).then(|| texts(&self.attestation_formats))),
            (0x1d, self.max_pin_length.map(Value::from)),
        ]))
    }

    /// Reads the CBOR behind the status byte. Members that are not listed above are ignored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "getInfo response")?;
        let aaguid = fields.bytes(0x03, "aaguid")?.ok_or(cbor::Error::Missing("aaguid"))?;
        let algorithms = fields.array(0x0a, "algorithms")?.unwrap_or_default();
        Ok(Self {
            versions: take_texts(&mut fields, 0x01, "versions")?,
            extensions: take_texts(&mut fields, 0x02, "extensions")?,
            aaguid: aaguid.try_into().map_err(|_| cbor::Error::OutOfRange("aaguid"))?,
            options: take_options(&mut fields)?,
            max_msg_size: fields.int(0x05, "maxMsgSize")?,
            pin_uv_auth_protocols: take_integers(&mut fields, 0x06, "pinUvAuthProtocols")?,
            max_credential_count_in_list: fields.int(0x07, "maxCredentialCountInList")?,
            max_credential_id_length: fields.int(0x08, "maxCredentialIdLength")?,
            transports: take_texts(&mut fields, 0x09, "transports")?,
            algorithms: algorithms.into_iter().map(algorithm).collect::<Result<_, _>>()?,
            max_serialized_large_blob_array: fields.int(0x0b, "maxSerializedLargeBlobArray")?,
            force_pin_change: fields.bool(0x0c, "forcePINChange")?,
            min_pin_length: fields.int(0x0d, "minPINLength")?,
            firmware_version: fields.int(0x0e, "firmwareVersion")?,
            max_cred_blob_length: fields.int(0x0f, "maxCredBlobLength")?,
            max_rp_ids_for_set_min_pin_length: fields.int(0x10, "maxRPIDsForSetMinPINLength")?,
            remaining_discoverable_credentials: fields.int(0x14, "remainingDiscoverableCredentials")?,
            attestation_formats: take_texts(&mut fields, 0x16, "attestationFormats")?,
            max_pin_length: fields.int(0x1d, "maxPINLength")?,
        })
    }
}

fn texts(items: &[String]) -> Value {
    Value::Array(items.iter().map(|item| item.as_str().into()).collect())
}

fn non_empty(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Array(items))
}

fn take_texts(fields: &mut Fields, key: i64, name: &'static str) -> Result<Vec<String>, cbor::Error> {
    let items = fields.array(key, name)?.unwrap_or_default();
    items.into_iter().map(|item| item.into_text().map_err(|_| cbor::Error::WrongType(name))).collect()
}

fn take_integers(fields: &mut Fields, key: i64, name: &'static str) -> Result<Vec<i64>, cbor::Error> {
    let items = fields.array(key, name)?.unwrap_or_default();
    items.iter().map(|item| integer(item, name)).collect()
}

fn take_options(fields: &mut Fields) -> Result<Vec<(String, bool)>, cbor::Error> {
    let Some(options) = fields.map(0x04, "options")? else { return Ok(Vec::new()) };
    let option = |(name, state): (Value, Value)| Some((name.into_text().ok()?, state.into_bool().ok()?));
    options.rest().into_iter().map(|entry| option(entry).ok_or(cbor::Error::WrongType("options"))).collect()
}

fn algorithm(value: Value) -> Result<i64, cbor::Error> {
    Fields::of(value, "algorithms")?.int("alg", "alg")?.ok_or(cbor::Error::Missing("alg"))
}

#[cfg(test)]
mod tests;
