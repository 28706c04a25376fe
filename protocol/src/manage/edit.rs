//! What the user writes on a passkey.

use serde::{Deserialize, Serialize};

use super::Account;
use crate::webauthn::CredentialId;

/// Most bytes of UTF-8 that a label may have.
pub const MAX_LABEL_LENGTH: usize = 256;

/// Most bytes of UTF-8 that a note may have.
pub const MAX_NOTE_LENGTH: usize = 4096;

/// See [`Request::Edit`](super::Request::Edit). What is absent stays as it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditRequest {
    /// Which passkey.
    pub credential_id: CredentialId,
    /// What the user calls it; empty: nothing of their own. At most [`MAX_LABEL_LENGTH`] bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the user notes with it; may have several lines. At most [`MAX_NOTE_LENGTH`] bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// See [`Request::Edit`](super::Request::Edit).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// The passkey as it is now.
    pub account: Box<Account>,
}

/// See [`Request::Earlier`](super::Request::Earlier).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Earlier {
    /// Labels, without the one of today, the newest first; at most four.
    pub labels: Vec<EarlierValue>,
    /// Notes, likewise.
    pub notes: Vec<EarlierValue>,
}

/// What was typed before.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EarlierValue {
    /// The text; may be empty.
    pub text: String,
    /// When it was typed, milliseconds since 1970.
    pub at: u64,
}
