//! "Recently deleted", and coming back from there.

use serde::{Deserialize, Serialize};

use super::Account;
use crate::webauthn::CredentialId;

/// See [`Request::Trash`](super::Request::Trash).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trash {
    /// What is gone, the last first; at most a few hundred.
    pub gone: Vec<Gone>,
    /// Where the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A passkey that is gone, or the names that one had before a site changed them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gone {
    /// The passkey as it was.
    pub account: Account,
    /// When it went, milliseconds since 1970.
    pub at: u64,
    /// Until when it can be brought back, milliseconds since 1970.
    pub restorable_until: u64,
    /// Why.
    pub reason: TrashReason,
}

/// Why a passkey, or a name of it, is gone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TrashReason {
    /// The user deleted it.
    Deleted,
    /// The site registered another one for the same account.
    Replaced,
    /// The site signalled that it does not know it (`signalUnknownCredential`).
    UnknownToSite,
    /// The site signalled all that it accepts, and it is not among them (`signalAllAcceptedCredentials`).
    NotAcceptedBySite,
    /// It was made for a page that had given up meanwhile, and never learned of it.
    Unanswered,
    /// The passkey is here; the site changed its names (`signalCurrentUserDetails`).
    RenamedBySite,
}

/// See [`Request::Restore`](super::Request::Restore).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreRequest {
    /// Which passkey. One that is here gets the names back that it had before the site changed them last.
    pub credential_id: CredentialId,
}

/// See [`Request::Restore`](super::Request::Restore).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    /// The passkey as it is now.
    pub account: Box<Account>,
}
