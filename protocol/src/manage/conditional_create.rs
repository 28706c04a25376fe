//! Making a passkey where the user is not asked.

use serde::{Deserialize, Serialize};

use crate::base64url;

/// See [`Request::ConditionalCreate`](super::Request::ConditionalCreate). CTAP has no makeCredential without presence (§6.1.2 step 5 refuses
/// `up: false`), so what L3 asks for with `requireUserPresence` false comes by this way, and by no other.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionalCreate {
    /// The parameters of authenticatorMakeCredential (CTAP §6.1.1) with the option `up` false, as CBOR.
    #[serde(with = "base64url")]
    pub parameters: Vec<u8>,
    /// The caller's origin, as beside `ctap` ([`ToHost::Ctap`](crate::native_message::ToHost::Ctap)); absent in a private window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// See [`Request::ConditionalCreate`](super::Request::ConditionalCreate).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ConditionallyCreated {
    /// As authenticatorMakeCredential answers: the status byte, then CBOR.
    #[serde(with = "base64url")]
    pub answer: Vec<u8>,
}
