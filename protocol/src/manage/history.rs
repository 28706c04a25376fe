//! What a passkey has been used for.

use serde::{Deserialize, Serialize};

use crate::webauthn::CredentialId;

/// See [`Request::History`](super::Request::History).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HistoryRequest {
    /// Which passkey.
    pub credential_id: CredentialId,
}

/// See [`Request::History`](super::Request::History).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Its uses, the last first. Nothing of private windows.
    pub uses: Vec<Use>,
}

/// One use of a passkey.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    /// When, milliseconds since 1970.
    pub at: u64,
    /// What was done.
    pub kind: UseKind,
    /// The browser, by the name a person knows it by; absent where it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// The caller's origin, as the browser vouches for it; absent where the caller was no browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// How the user was verified.
    pub verified: Verified,
}

/// What was done with a passkey.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UseKind {
    /// It was made.
    Created,
    /// It signed in.
    SignedIn,
}

/// How the user was verified.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verified {
    /// Not at all: a click was enough.
    No,
    /// By the PIN.
    Pin,
    /// By the OS.
    BuiltIn,
}
