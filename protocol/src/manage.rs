//! What CTAP has no command for: one typed request and one typed answer, shared by both ends (`{"id": 8, "manage": {...}}`).

mod conditional_create;
mod edit;
mod finding;
mod history;
mod settings;
mod signal;
pub mod sync;
mod trash;

use serde::{Deserialize, Serialize};

use crate::ctap::extensions::CredProtect;
use crate::webauthn::{CredentialId, RpId, UserHandle};

pub use conditional_create::{ConditionalCreate, ConditionallyCreated};
pub use edit::{Earlier, EarlierValue, EditRequest, Edited, MAX_LABEL_LENGTH, MAX_NOTE_LENGTH};
pub use finding::{Finding, FindingCode};
pub use history::{History, HistoryRequest, Use, UseKind, Verified};
pub use settings::{Check, CheckState, Diagnosis, OsVerification, PinUvAuth, SetOsVerification, Settings};
pub use signal::{Noted, Signal};
pub use trash::{Gone, RestoreRequest, Restored, Trash, TrashReason};

/// A request to the vault that is not a CTAP command. On the wire `{"candidates": {"rpId": "example.com"}}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Request {
    /// How the host is: version, user verification. Asks for nothing and changes nothing.
    Status {},
    /// What the vault holds for a request, asked silently before any window is shown.
    Candidates(CandidatesRequest),
    /// A page of all passkeys, ordered by RP ID, then by creation.
    List(ListRequest),
    /// Moves a passkey to "recently deleted".
    Delete(DeleteRequest),
    /// The same for one that was made for a page that had given up meanwhile, and never learned of it. Answered as
    /// [`Delete`](Self::Delete) is.
    Withdraw(DeleteRequest),
    /// A page of what was deleted, replaced, hidden or renamed in the last 30 days, the last first.
    Trash(ListRequest),
    /// Brings a passkey, or the names that it had, back.
    Restore(RestoreRequest),
    /// What a site says of its passkeys (L3 §5.1.10, its signal methods).
    Signal(Signal),
    /// L3 §5.1.3 with `mediation` conditional: makes a passkey without the user's being asked for presence.
    ConditionalCreate(ConditionalCreate),
    /// Writes what the user calls a passkey, and notes with it.
    Edit(EditRequest),
    /// What a passkey has been used for.
    History(HistoryRequest),
    /// How user verification is settled.
    Settings {},
    /// Lets the OS ask instead of the PIN, or no longer.
    SetOsVerification(SetOsVerification),
    /// What is not in order, each with its one fix: what `keystow doctor` tells.
    Diagnose {},
    /// Devices & sync.
    Sync(Box<sync::SyncRequest>),
    /// The labels and notes that a passkey had before: what was typed on two devices at once is all kept (SYNC §7).
    Earlier(HistoryRequest),
}

/// The answer to a [`Request`], under the same name. On the wire `{"candidates": {"accounts": [...], "verification": {...}}}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Response {
    /// To [`Request::Status`].
    Status(Status),
    /// To [`Request::Candidates`].
    Candidates(Candidates),
    /// To [`Request::List`].
    List(List),
    /// To [`Request::Delete`] and [`Request::Withdraw`].
    Delete(Deleted),
    /// To [`Request::Trash`].
    Trash(Trash),
    /// To [`Request::Restore`].
    Restore(Restored),
    /// To [`Request::Signal`]: whatever was found.
    Signal(Noted),
    /// To [`Request::ConditionalCreate`].
    ConditionalCreate(ConditionallyCreated),
    /// To [`Request::Edit`].
    Edit(Edited),
    /// To [`Request::History`].
    History(History),
    /// To [`Request::Settings`].
    Settings(Settings),
    /// To [`Request::SetOsVerification`]: as it is now.
    SetOsVerification(Settings),
    /// To [`Request::Diagnose`].
    Diagnose(Diagnosis),
    /// To [`Request::Sync`].
    Sync(Box<sync::SyncState>),
    /// To [`Request::Earlier`].
    Earlier(Earlier),
}

/// See [`Request::Candidates`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CandidatesRequest {
    /// The RP ID asked for.
    pub rp_id: RpId,
    /// Only these credential IDs, where the request has an allow list or an exclude list; absent or empty: all of the RP ID.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credential_ids: Vec<CredentialId>,
    /// Where a credential is to be made: the algorithms that the relying party takes, as COSE numbers, the most wanted first. The host then
    /// begins what takes time (an RSA key) while the user reads the window. Empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<i64>,
}

/// See [`Request::Candidates`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidates {
    /// Passkeys that match, last used first (never used: newest first).
    pub accounts: Vec<Account>,
    /// How the user can be verified now.
    pub verification: Verification,
}

/// One passkey as the window and the manager show it. No key material.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// L3 credential ID.
    pub credential_id: CredentialId,
    /// The RP ID it belongs to.
    pub rp_id: RpId,
    /// The RP's name for itself, as it was at creation.
    pub rp_name: String,
    /// L3 user handle.
    pub user_handle: UserHandle,
    /// L3 user name, as a rule an e-mail address.
    pub user_name: String,
    /// L3 user display name; may be empty.
    pub user_display_name: String,
    /// When it was made, milliseconds since 1970.
    pub created: u64,
    /// When it last signed, milliseconds since 1970.
    pub last_used: Option<u64>,
    /// CTAP §12.1: to whom the authenticator tells that it is there.
    #[serde(default)]
    pub cred_protect: CredProtect,
    /// What it signs with, a COSEAlgorithmIdentifier.
    #[serde(default)]
    pub algorithm: i64,
    /// L3 §6.1.3 BS: whether a copy exists off this device.
    #[serde(default)]
    pub backed_up: bool,
    /// Whether a site has derived encryption keys from it (`prf`): without it, what they protect may be lost.
    #[serde(default)]
    pub prf_used: bool,
    /// What the user calls it; empty: nothing of their own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What the user notes with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How the user can be verified.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Whether a PIN has been chosen.
    pub pin_set: bool,
    /// Tries left before the PIN is locked (8 when fresh, 0 when locked).
    pub retries: u8,
    /// Fewest code points a PIN may have.
    pub min_pin_length: u8,
    /// Whether the PIN must be changed before it is used again (CTAP forcePINChange).
    #[serde(default)]
    pub must_change_pin: bool,
    /// Whether the OS verifies the user: the user has switched that on, and it can be done now (CTAP option `uv`).
    #[serde(default)]
    pub built_in: bool,
    /// Whether the user is verified even where a relying party does not ask for it (CTAP option `alwaysUv`).
    #[serde(default)]
    pub always: bool,
}

/// See [`Request::Status`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The host's version, semver.
    pub version: String,
    /// How many passkeys the vault holds, without the recently deleted.
    pub passkeys: u64,
    /// How the user can be verified now.
    pub verification: Verification,
}

/// See [`Request::List`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRequest {
    /// The `next` of the page before; absent: from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// See [`Request::List`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// At most a few hundred: a native message to the browser may have 1 MiB.
    pub accounts: Vec<Account>,
    /// Where the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// See [`Request::Delete`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteRequest {
    /// Which passkey.
    pub credential_id: CredentialId,
}

/// See [`Request::Delete`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// Until when it can be restored, milliseconds since 1970.
    pub restorable_until: u64,
}

#[cfg(test)]
mod tests;
