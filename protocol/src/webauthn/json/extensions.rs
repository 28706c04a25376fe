//! Client extension inputs and outputs (L3 §10.1, CTAP §12), those that Keystow knows. Others are ignored (L3 §9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::options::known;
use crate::base64url;
use crate::ctap::extensions::CredProtect;

/// L3 §5.7.1 AuthenticationExtensionsClientInputsJSON, with the inputs that CTAP §12 defines.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationExtensionsClientInputsJson {
    /// L3 §10.1.1, get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    /// L3 §10.1.2, create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid_exclude: Option<String>,
    /// L3 §10.1.3, create.
    pub cred_props: bool,
    /// L3 §10.1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prf: Option<AuthenticationExtensionsPrfInputsJson>,
    /// L3 §10.1.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large_blob: Option<AuthenticationExtensionsLargeBlobInputsJson>,
    /// CTAP §12.2, create: the bytes to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cred_blob: Option<Base64UrlString>,
    /// CTAP §12.2, get.
    pub get_cred_blob: bool,
    /// CTAP §12.5, create.
    pub min_pin_length: bool,
    /// CTAP §12.1, create.
    #[serde(deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub credential_protection_policy: Option<CredProtect>,
    /// CTAP §12.1, create: rather no credential than one without the policy.
    pub enforce_credential_protection_policy: bool,
}

/// L3 §10.1.4 AuthenticationExtensionsPRFInputsJSON.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationExtensionsPrfInputsJson {
    /// For whatever credential it will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eval: Option<AuthenticationExtensionsPrfValuesJson>,
    /// By credential ID in base64url, as the page spelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eval_by_credential: Option<BTreeMap<String, AuthenticationExtensionsPrfValuesJson>>,
}

/// L3 §10.1.4 AuthenticationExtensionsPRFValuesJSON, as an input: of any length.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AuthenticationExtensionsPrfValuesJson {
    /// Always there.
    pub first: Base64UrlString,
    /// To change keys: the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Base64UrlString>,
}

/// L3 §10.1.5 AuthenticationExtensionsLargeBlobInputsJSON. That a member is there counts, whatever its value.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct AuthenticationExtensionsLargeBlobInputsJson {
    /// Create.
    #[serde(deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub support: Option<LargeBlobSupport>,
    /// Get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<bool>,
    /// Get: the blob to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<Base64UrlString>,
}

/// L3 §10.1.5.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LargeBlobSupport {
    /// Or no credential.
    Required,
    /// If possible.
    Preferred,
}

/// L3 §5.7.2 AuthenticationExtensionsClientOutputsJSON, with the outputs that CTAP §12 defines. What was not asked for is absent.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationExtensionsClientOutputsJson {
    /// L3 §10.1.1: whether the AppID was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<bool>,
    /// L3 §10.1.2: the extension was acted upon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid_exclude: Option<bool>,
    /// L3 §10.1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cred_props: Option<CredentialPropertiesOutput>,
    /// L3 §10.1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prf: Option<AuthenticationExtensionsPrfOutputsJson>,
    /// L3 §10.1.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large_blob: Option<AuthenticationExtensionsLargeBlobOutputsJson>,
    /// CTAP §12.2: whether the bytes are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cred_blob: Option<bool>,
    /// CTAP §12.2: the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub get_cred_blob: Option<Base64UrlString>,
}

/// L3 §10.1.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct CredentialPropertiesOutput {
    /// Whether the credential is discoverable.
    pub rk: bool,
}

/// L3 §10.1.4 AuthenticationExtensionsPRFOutputsJSON.
#[derive(Default, Serialize)]
pub struct AuthenticationExtensionsPrfOutputsJson {
    /// Create: whether there is a PRF for the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Its outputs, where there were inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<PrfResultsJson>,
}

/// L3 §10.1.4 AuthenticationExtensionsPRFValuesJSON, as an output: keys as a rule. Zeroized on drop.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
pub struct PrfResultsJson {
    /// For the first input.
    #[serde(with = "base64url")]
    pub first: [u8; 32],
    /// For the second, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "if_any")]
    pub second: Option<[u8; 32]>,
}

/// L3 §10.1.5 AuthenticationExtensionsLargeBlobOutputsJSON.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct AuthenticationExtensionsLargeBlobOutputsJson {
    /// Create: whether the credential can have a blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported: Option<bool>,
    /// Get: what was read, where that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blob: Option<Base64UrlString>,
    /// Get: whether writing succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<bool>,
}

/// L3 §5.1.8 Base64URLString: bytes.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Base64UrlString(#[serde(with = "base64url")] pub Vec<u8>);

fn if_any<S: serde::Serializer>(bytes: &Option<[u8; 32]>, to: S) -> Result<S::Ok, S::Error> {
    base64url::serialize(bytes.as_ref().map_or(&[], |bytes| bytes.as_slice()), to)
}

#[cfg(test)]
mod tests;
