//! authenticatorClientPIN (CTAP §6.5).

use std::ops::BitOr;

use crate::cbor::{self, Fields, Value, int_map};
use crate::code_space::code_space;
use crate::cose::CoseKey;
use crate::webauthn::RpId;

code_space! {
    /// A sub-command (CTAP §6.5.5).
    Subcommand: i64 {
        /// How many tries are left.
        GetPinRetries = 0x01,
        /// The authenticator's key agreement key.
        GetKeyAgreement = 0x02,
        /// The first PIN.
        SetPin = 0x03,
        /// Another PIN for the one there is.
        ChangePin = 0x04,
        /// The form without permissions, from CTAP 2.0.
        GetPinToken = 0x05,
        /// A token for the permissions named, by built-in user verification.
        GetPinUvAuthTokenUsingUvWithPermissions = 0x06,
        /// How many tries of built-in user verification are left.
        GetUvRetries = 0x07,
        /// A token for the permissions named.
        GetPinUvAuthTokenUsingPinWithPermissions = 0x09,
    }
}

/// What a PIN/UV auth token may be used for (CTAP §6.5.5.7).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Permissions(u8);

impl Permissions {
    /// makeCredential.
    pub const MC: Self = Self(0x01);
    /// getAssertion.
    pub const GA: Self = Self(0x02);
    /// credentialManagement.
    pub const CM: Self = Self(0x04);
    /// bioEnrollment, which Keystow does not have.
    pub const BE: Self = Self(0x08);
    /// Writing large blobs.
    pub const LBW: Self = Self(0x10);
    /// authenticatorConfig.
    pub const ACFG: Self = Self(0x20);
    /// credentialManagement, reading alone, with a token that lasts.
    pub const PCMR: Self = Self(0x40);

    /// The permissions of `bits`, those we do not know included.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The number on the wire.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether all of `others` are granted.
    pub fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// CTAP §6.5.5. Which members are needed depends on the sub-command.
///
/// ```cddl
/// { ? 1: pinUvAuthProtocol, 2: subCommand, ? 3: keyAgreement (COSE_Key), ? 4: pinUvAuthParam, ? 5: newPinEnc, ? 6: pinHashEnc,
///   ? 9: permissions, ? 10: rpId }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Request {
    /// One or two.
    pub pin_uv_auth_protocol: Option<i64>,
    /// The number, known or not.
    pub subcommand: i64,
    /// The platform's ephemeral public key.
    pub key_agreement: Option<CoseKey>,
    /// HMAC under the shared secret.
    pub pin_uv_auth_param: Option<Vec<u8>>,
    /// The new PIN, padded to 64 bytes, encrypted.
    pub new_pin_enc: Option<Vec<u8>>,
    /// The left 16 bytes of the PIN's SHA-256, encrypted.
    pub pin_hash_enc: Option<Vec<u8>>,
    /// What the token shall be good for.
    pub permissions: Option<i64>,
    /// What RP ID the token shall be good for.
    pub rp_id: Option<RpId>,
}

/// CTAP §6.5.5.
///
/// ```cddl
/// { ? 1: keyAgreement (COSE_Key), ? 2: pinUvAuthToken (encrypted), ? 3: pinRetries, ? 4: powerCycleState,
///   ? 5: uvRetries }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Response {
    /// The authenticator's public key.
    pub key_agreement: Option<CoseKey>,
    /// The token under the shared secret.
    pub pin_uv_auth_token: Option<Vec<u8>>,
    /// Tries left.
    pub pin_retries: Option<i64>,
    /// Whether a new session of the host is needed before the next try.
    pub power_cycle_state: Option<bool>,
    /// Tries of built-in user verification left.
    pub uv_retries: Option<i64>,
}

impl Request {
    /// The CBOR parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&int_map([
            (0x01, self.pin_uv_auth_protocol.map(Value::from)),
            (0x02, Some(self.subcommand.into())),
            (0x03, self.key_agreement.as_ref().map(CoseKey::to_value)),
            (0x04, self.pin_uv_auth_param.clone().map(Value::from)),
            (0x05, self.new_pin_enc.clone().map(Value::from)),
            (0x06, self.pin_hash_enc.clone().map(Value::from)),
            (0x09, self.permissions.map(Value::from)),
            (0x0a, self.rp_id.as_ref().map(|rp_id| rp_id.as_str().into())),
        ]))
    }

    /// Reads the CBOR parameters.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "clientPIN")?;
        Ok(Self {
            pin_uv_auth_protocol: fields.int(0x01, "pinUvAuthProtocol")?,
            subcommand: fields.int(0x02, "subCommand")?.ok_or(cbor::Error::Missing("subCommand"))?,
            key_agreement: fields.take(0x03).map(CoseKey::from_value).transpose()?,
            pin_uv_auth_param: fields.bytes(0x04, "pinUvAuthParam")?,
            new_pin_enc: fields.bytes(0x05, "newPinEnc")?,
            pin_hash_enc: fields.bytes(0x06, "pinHashEnc")?,
            permissions: fields.int(0x09, "permissions")?,
            rp_id: fields.text(0x0a, "rpId")?.map(RpId::from),
        })
    }
}

impl Response {
    /// The CBOR behind the status byte; nothing at all where the answer has no members.
    pub fn to_bytes(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        cbor::encode(&int_map([
            (0x01, self.key_agreement.as_ref().map(CoseKey::to_value)),
            (0x02, self.pin_uv_auth_token.clone().map(Value::from)),
            (0x03, self.pin_retries.map(Value::from)),
            (0x04, self.power_cycle_state.map(Value::from)),
            (0x05, self.uv_retries.map(Value::from)),
        ]))
    }

    /// Reads the CBOR behind the status byte.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "clientPIN response")?;
        Ok(Self {
            key_agreement: fields.take(0x01).map(CoseKey::from_value).transpose()?,
            pin_uv_auth_token: fields.bytes(0x02, "pinUvAuthToken")?,
            pin_retries: fields.int(0x03, "pinRetries")?,
            power_cycle_state: fields.bool(0x04, "powerCycleState")?,
            uv_retries: fields.int(0x05, "uvRetries")?,
        })
    }
}

#[cfg(test)]
mod tests;
