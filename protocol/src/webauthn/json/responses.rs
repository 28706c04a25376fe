//! Responses: what the client gives back to the page, which makes the relying party's objects of it.

use serde::{Deserialize, Serialize};

use super::{AuthenticationExtensionsClientOutputsJson, PUBLIC_KEY};
use crate::base64url;
use crate::webauthn::{CredentialId, UserHandle};

/// L3 §5.1.8 RegistrationResponseJSON.
pub type RegistrationResponseJson = PublicKeyCredentialJson<AuthenticatorAttestationResponseJson>;

/// L3 §5.1.8 AuthenticationResponseJSON.
pub type AuthenticationResponseJson = PublicKeyCredentialJson<AuthenticatorAssertionResponseJson>;

/// L3 §5.1.8 PublicKeyCredentialJSON: what both have in common around their `Response`. The extensions may have given secrets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyCredentialJson<Response> {
    /// The credential ID.
    pub id: CredentialId,
    /// The credential ID again.
    pub raw_id: CredentialId,
    /// What the authenticator made or signed.
    pub response: Response,
    /// `platform`.
    pub authenticator_attachment: String,
    /// Client extension outputs.
    pub client_extension_results: AuthenticationExtensionsClientOutputsJson,
    /// `public-key`.
    #[serde(rename = "type")]
    pub credential_type: String,
}

/// L3 §5.1.8 AuthenticatorAttestationResponseJSON.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorAttestationResponseJson {
    /// The serialized client data (L3 §5.8.1.1).
    #[serde(rename = "clientDataJSON", with = "base64url")]
    pub client_data_json: Vec<u8>,
    /// The authenticator data (L3 §6.1).
    #[serde(with = "base64url")]
    pub authenticator_data: Vec<u8>,
    /// In lexicographic order.
    pub transports: Vec<String>,
    /// DER SubjectPublicKeyInfo.
    #[serde(with = "base64url")]
    pub public_key: Vec<u8>,
    /// COSE number.
    pub public_key_algorithm: i64,
    /// The attestation object (L3 §6.5).
    #[serde(with = "base64url")]
    pub attestation_object: Vec<u8>,
}

/// L3 §5.1.8 AuthenticatorAssertionResponseJSON.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorAssertionResponseJson {
    /// The serialized client data (L3 §5.8.1.1).
    #[serde(rename = "clientDataJSON", with = "base64url")]
    pub client_data_json: Vec<u8>,
    /// The authenticator data (L3 §6.1).
    #[serde(with = "base64url")]
    pub authenticator_data: Vec<u8>,
    /// Over authenticator data and client data hash.
    #[serde(with = "base64url")]
    pub signature: Vec<u8>,
    /// Whose credential it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<UserHandle>,
}

impl<Response> PublicKeyCredentialJson<Response> {
    /// What this machine's authenticator answered for the credential `id`.
    pub fn new(id: CredentialId, response: Response) -> Self {
        Self {
            raw_id: id.clone(),
            id,
            response,
            authenticator_attachment: PLATFORM.to_owned(),
            client_extension_results: AuthenticationExtensionsClientOutputsJson::default(),
            credential_type: PUBLIC_KEY.to_owned(),
        }
    }
}

const PLATFORM: &str = "platform";
