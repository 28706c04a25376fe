//! Options: what a relying party asks for.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use super::{AuthenticationExtensionsClientInputsJson, PUBLIC_KEY};
use crate::base64url;
use crate::webauthn::{CredentialId, UserHandle};

/// L3 §5.1.9 PublicKeyCredentialCreationOptionsJSON.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyCredentialCreationOptionsJson {
    /// Who asks.
    pub rp: PublicKeyCredentialRpEntity,
    /// For which account.
    pub user: PublicKeyCredentialUserEntityJson,
    /// Chosen by the server, for this ceremony.
    #[serde(with = "base64url")]
    pub challenge: Vec<u8>,
    /// Types and algorithms, the most wanted first; empty: ES256 and RS256.
    pub pub_key_cred_params: Vec<PublicKeyCredentialParameters>,
    /// Milliseconds, a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The account's credentials that exist already.
    #[serde(default)]
    pub exclude_credentials: Vec<PublicKeyCredentialDescriptorJson>,
    /// What authenticator is wanted.
    #[serde(default)]
    pub authenticator_selection: AuthenticatorSelectionCriteria,
    /// L3 §5.8.7, the most wanted first.
    #[serde(default)]
    pub hints: Vec<String>,
    /// What attestation is wanted.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub attestation: Option<AttestationConveyancePreference>,
    /// Formats, the most wanted first.
    #[serde(default)]
    pub attestation_formats: Vec<String>,
    /// Client extension inputs.
    #[serde(default)]
    pub extensions: AuthenticationExtensionsClientInputsJson,
}

/// L3 §5.1.10 PublicKeyCredentialRequestOptionsJSON.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyCredentialRequestOptionsJson {
    /// Chosen by the server, for this ceremony.
    #[serde(with = "base64url")]
    pub challenge: Vec<u8>,
    /// Milliseconds, a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Absent: the caller's own domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rp_id: Option<String>,
    /// Only these credentials; empty: any discoverable one.
    #[serde(default)]
    pub allow_credentials: Vec<PublicKeyCredentialDescriptorJson>,
    /// Whether the user must be verified.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub user_verification: Option<UserVerificationRequirement>,
    /// L3 §5.8.7, the most wanted first.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Client extension inputs.
    #[serde(default)]
    pub extensions: AuthenticationExtensionsClientInputsJson,
}

/// L3 §5.4.2 PublicKeyCredentialRpEntity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PublicKeyCredentialRpEntity {
    /// Absent: the caller's own domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For people.
    pub name: String,
}

/// L3 §5.1.9 PublicKeyCredentialUserEntityJSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyCredentialUserEntityJson {
    /// The user handle, 1 to 64 bytes.
    pub id: UserHandle,
    /// Tells one account from another, for people.
    pub name: String,
    /// A friendly name, may be empty.
    pub display_name: String,
}

/// L3 §5.3 PublicKeyCredentialParameters.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PublicKeyCredentialParameters {
    /// `public-key`; others are ignored.
    #[serde(rename = "type")]
    pub credential_type: String,
    /// COSE number.
    pub alg: i64,
}

impl PublicKeyCredentialParameters {
    /// Whether the type is one that L3 defines.
    pub fn is_public_key(&self) -> bool {
        self.credential_type == PUBLIC_KEY
    }
}

/// L3 §5.1.9 PublicKeyCredentialDescriptorJSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PublicKeyCredentialDescriptorJson {
    /// The credential.
    pub id: CredentialId,
    /// `public-key`; others are ignored.
    #[serde(rename = "type")]
    pub credential_type: String,
    /// A hint that Keystow does not filter by.
    #[serde(default)]
    pub transports: Vec<String>,
}

impl PublicKeyCredentialDescriptorJson {
    /// Whether the type is one that L3 defines.
    pub fn is_public_key(&self) -> bool {
        self.credential_type == PUBLIC_KEY
    }
}

/// L3 §5.4.4 AuthenticatorSelectionCriteria.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelectionCriteria {
    /// Which kind of authenticator.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub authenticator_attachment: Option<AuthenticatorAttachment>,
    /// Whether the credential must be discoverable.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub resident_key: Option<ResidentKeyRequirement>,
    /// Counts only where `resident_key` is absent.
    #[serde(default)]
    pub require_resident_key: bool,
    /// Whether the user must be verified.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub user_verification: Option<UserVerificationRequirement>,
}

/// L3 §5.4.5.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthenticatorAttachment {
    /// This machine.
    Platform,
    /// Something that can be carried: a security key, a phone.
    CrossPlatform,
}

/// L3 §5.4.6.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResidentKeyRequirement {
    /// Rather not discoverable.
    Discouraged,
    /// Rather discoverable.
    Preferred,
    /// Discoverable, or none.
    Required,
}

/// L3 §5.8.6.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserVerificationRequirement {
    /// Or fail.
    Required,
    /// If possible.
    Preferred,
    /// Rather not.
    Discouraged,
}

/// L3 §5.4.7.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttestationConveyancePreference {
    /// No attestation.
    None,
    /// Any form will do.
    Indirect,
    /// As the authenticator makes it.
    Direct,
    /// For an organization's own authenticators.
    Enterprise,
}

/// An enumeration member: absent, null and unknown strings are all `None`.
pub(super) fn known<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(T::deserialize(value).ok())
}
