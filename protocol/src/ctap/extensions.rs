//! Authenticator extensions (CTAP §12): what a request may carry in its `extensions` map.

mod cred_protect;

pub use cred_protect::CredProtect;

use super::pin_uv_auth::PinUvAuthProtocol;
use crate::cbor::{self, Fields, Value, int_map, text_map};
use crate::cose::CoseKey;

/// Identifiers, in the order in which getInfo tells them.
pub const ALL: [&str; 7] =
    [CRED_BLOB, CRED_PROTECT, HMAC_SECRET, HMAC_SECRET_MC, LARGE_BLOB_KEY, MIN_PIN_LENGTH, THIRD_PARTY_PAYMENT];

/// CTAP §12.2.
pub const CRED_BLOB: &str = "credBlob";
/// CTAP §12.1.
pub const CRED_PROTECT: &str = "credProtect";
/// CTAP §12.7.
pub const HMAC_SECRET: &str = "hmac-secret";
/// CTAP §12.8.
pub const HMAC_SECRET_MC: &str = "hmac-secret-mc";
/// CTAP §12.3.
pub const LARGE_BLOB_KEY: &str = "largeBlobKey";
/// CTAP §12.5.
pub const MIN_PIN_LENGTH: &str = "minPinLength";
/// CTAP §12.9.
pub const THIRD_PARTY_PAYMENT: &str = "thirdPartyPayment";

/// The extension inputs of makeCredential that Keystow knows. Others are ignored.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CreationInputs {
    /// 1 userVerificationOptional, 2 userVerificationOptionalWithCredentialIDList, 3 userVerificationRequired.
    pub cred_protect: Option<i64>,
    /// The bytes to be kept.
    pub cred_blob: Option<Vec<u8>>,
    /// Whether the credential shall have secrets for hmac-secret.
    pub hmac_secret: bool,
    /// The salts to be answered at once.
    pub hmac_secret_mc: Option<HmacSecretInput>,
    /// Whether a large blob shall be possible. Only `true` is defined.
    pub large_blob_key: Option<bool>,
    /// Whether the shortest PIN is asked for.
    pub min_pin_length: bool,
    /// Whether the credential may be used for payments on other sites.
    pub third_party_payment: bool,
}

/// The extension inputs of getAssertion that Keystow knows. Others are ignored.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AssertionInputs {
    /// Whether the credBlob is asked for.
    pub cred_blob: bool,
    /// The salts.
    pub hmac_secret: Option<HmacSecretInput>,
    /// Whether the key of the large blob is asked for. Only `true` is defined.
    pub large_blob_key: Option<bool>,
    /// Whether it is asked if the credential may be used for payments on other sites.
    pub third_party_payment: bool,
}

/// CTAP §12.7: one or two salts of 32 bytes, encrypted to the authenticator.
///
/// ```cddl
/// { 1: keyAgreement (COSE_Key), 2: saltEnc, 3: saltAuth, ? 4: pinUvAuthProtocol }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HmacSecretInput {
    /// The platform's ephemeral public key.
    pub key_agreement: CoseKey,
    /// The salts under the shared secret.
    pub salt_enc: Vec<u8>,
    /// HMAC of `salt_enc` under the shared secret.
    pub salt_auth: Vec<u8>,
    /// The number of the PIN/UV auth protocol; absent: one.
    pub pin_uv_auth_protocol: Option<i64>,
}

impl CreationInputs {
    /// Reads the extensions map of makeCredential.
    ///
    /// # Errors
    /// A known extension with an input of another type.
    pub fn from_value(extensions: Option<Value>) -> Result<Self, cbor::Error> {
        let mut fields = fields(extensions)?;
        Ok(Self {
            cred_protect: fields.int(CRED_PROTECT, CRED_PROTECT)?,
            cred_blob: fields.bytes(CRED_BLOB, CRED_BLOB)?,
            hmac_secret: fields.bool(HMAC_SECRET, HMAC_SECRET)? == Some(true),
            hmac_secret_mc: HmacSecretInput::take(&mut fields, HMAC_SECRET_MC)?,
            large_blob_key: fields.bool(LARGE_BLOB_KEY, LARGE_BLOB_KEY)?,
            min_pin_length: fields.bool(MIN_PIN_LENGTH, MIN_PIN_LENGTH)? == Some(true),
            third_party_payment: fields.bool(THIRD_PARTY_PAYMENT, THIRD_PARTY_PAYMENT)? == Some(true),
        })
    }

    /// The extensions map; nothing where it would be empty.
    pub fn to_value(&self) -> Option<Value> {
        let flag = |set: bool| set.then_some(Value::from(true));
        non_empty(text_map([
            (CRED_PROTECT, self.cred_protect.map(Value::from)),
            (CRED_BLOB, self.cred_blob.clone().map(Value::from)),
            (HMAC_SECRET, flag(self.hmac_secret)),
            (HMAC_SECRET_MC, self.hmac_secret_mc.as_ref().map(HmacSecretInput::to_value)),
            (LARGE_BLOB_KEY, self.large_blob_key.map(Value::from)),
            (MIN_PIN_LENGTH, flag(self.min_pin_length)),
            (THIRD_PARTY_PAYMENT, flag(self.third_party_payment)),
        ]))
    }
}

impl AssertionInputs {
    /// Reads the extensions map of getAssertion.
    ///
    /// # Errors
    /// A known extension with an input of another type.
    pub fn from_value(extensions: Option<Value>) -> Result<Self, cbor::Error> {
        let mut fields = fields(extensions)?;
        Ok(Self {
            cred_blob: fields.bool(CRED_BLOB, CRED_BLOB)? == Some(true),
            hmac_secret: HmacSecretInput::take(&mut fields, HMAC_SECRET)?,
            large_blob_key: fields.bool(LARGE_BLOB_KEY, LARGE_BLOB_KEY)?,
            third_party_payment: fields.bool(THIRD_PARTY_PAYMENT, THIRD_PARTY_PAYMENT)? == Some(true),
        })
    }

    /// The extensions map; nothing where it would be empty.
    pub fn to_value(&self) -> Option<Value> {
        let flag = |set: bool| set.then_some(Value::from(true));
        non_empty(text_map([
            (CRED_BLOB, flag(self.cred_blob)),
            (HMAC_SECRET, self.hmac_secret.as_ref().map(HmacSecretInput::to_value)),
            (LARGE_BLOB_KEY, self.large_blob_key.map(Value::from)),
            (THIRD_PARTY_PAYMENT, flag(self.third_party_payment)),
        ]))
    }
}

impl HmacSecretInput {
    /// The protocol; nothing where it is unknown.
    pub fn protocol(&self) -> Option<PinUvAuthProtocol> {
        PinUvAuthProtocol::from_number(self.pin_uv_auth_protocol.unwrap_or(1))
    }

    fn to_value(&self) -> Value {
        int_map([
            (0x01, Some(self.key_agreement.to_value())),
            (0x02, Some(self.salt_enc.clone().into())),
            (0x03, Some(self.salt_auth.clone().into())),
            (0x04, self.pin_uv_auth_protocol.map(Value::from)),
        ])
    }

    fn take(fields: &mut Fields, name: &'static str) -> Result<Option<Self>, cbor::Error> {
        let Some(mut fields) = fields.map(name, name)? else { return Ok(None) };
        Ok(Some(Self {
            key_agreement: CoseKey::from_value(fields.take(0x01).ok_or(cbor::Error::Missing("keyAgreement"))?)?,
            salt_enc: fields.bytes(0x02, "saltEnc")?.ok_or(cbor::Error::Missing("saltEnc"))?,
            salt_auth: fields.bytes(0x03, "saltAuth")?.ok_or(cbor::Error::Missing("saltAuth"))?,
            pin_uv_auth_protocol: fields.int(0x04, "pinUvAuthProtocol")?,
        }))
    }
}

fn fields(extensions: Option<Value>) -> Result<Fields, cbor::Error> {
    Fields::of(extensions.unwrap_or(Value::Map(Vec::new())), "extensions")
}

/// The map; nothing where it is empty.
pub fn non_empty(map: Value) -> Option<Value> {
    Some(map).filter(|map| map.as_map().is_some_and(|members| !members.is_empty()))
}

#[cfg(test)]
mod tests;
