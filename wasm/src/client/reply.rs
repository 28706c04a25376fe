//! What the page gets.

use serde::Serialize;
use serde_json::{Value, json};

use super::environment::Saved;

/// The one answer to a page's call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reply {
    /// L3 §5.1 `RegistrationResponseJSON` or `AuthenticationResponseJSON`.
    Credential(Value),
    /// As [`Self::Credential`], where it was made without a question (L3 §5.1.3, `mediation` conditional): the user is told.
    Saved {
        /// The credential.
        credential: Value,
        /// What was made.
        saved: Saved,
    },
    /// The page's promise rejects with this.
    Error(DomError),
    /// What [`super::capabilities`] says, as L3 §5.1.7 `PublicKeyCredentialClientCapabilities`.
    Capabilities(Value),
    /// A signal was taken note of (L3 §5.1.10, its signal methods): the page learns nothing else.
    Done,
    /// The browser's own call runs, as if Keystow were not there.
    Native,
}

/// What a promise of the page rejects with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DomError {
    /// Which exception.
    pub name: DomErrorName,
    /// For developers; says nothing of what the vault holds.
    pub message: &'static str,
}

/// The exceptions that L3 §5.1.3 and §5.1.4 let a client raise. All are `DOMException`s but [`Self::TypeError`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DomErrorName {
    /// A required option is missing or of the wrong type. JavaScript's own `TypeError`.
    TypeError,
    /// The user declined, or the time is over, or nothing else may be told.
    NotAllowedError,
    /// The user consented, and an excluded credential is already here.
    InvalidStateError,
    /// The origin may not use the RP ID.
    SecurityError,
    /// Nothing that the page would accept can be made.
    NotSupportedError,
    /// An identifier in the options cannot be.
    SyntaxError,
    /// The authenticator cannot do what the page requires.
    ConstraintError,
    /// The authenticator failed.
    UnknownError,
}

impl Reply {
    /// The credential in its JSON form.
    pub(super) fn credential(response: &impl Serialize) -> Self {
        let failed =
            DomError { name: DomErrorName::UnknownError, message: "The credential could not be written as JSON." };
        serde_json::to_value(response).map_or(Self::Error(failed), Self::Credential)
    }

    /// The same, with what was saved.
    pub(super) fn saved(response: &impl Serialize, saved: Saved) -> Self {
        match Self::credential(response) {
            Self::Credential(credential) => Self::Saved { credential, saved },
            other => other,
        }
    }

    /// As Wire 3 wants it: `{"credential": …}` (with `"saved": {"rpId"}` where nobody was asked), `{"error": {"name", "message"}}` or `{"native": true}`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Credential(credential) => json!({"credential": credential}),
            Self::Saved { credential, saved } => json!({"credential": credential, "saved": {"rpId": saved.rp_id}}),
            Self::Error(error) => json!({"error": {"name": error.name.as_str(), "message": error.message}}),
            Self::Capabilities(capabilities) => json!({"capabilities": capabilities}),
            Self::Done => json!({"done": true}),
            Self::Native => json!({"native": true}),
        }
    }
}

impl DomErrorName {
    /// The name as JavaScript spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TypeError => "TypeError",
            Self::NotAllowedError => "NotAllowedError",
            Self::InvalidStateError => "InvalidStateError",
            Self::SecurityError => "SecurityError",
            Self::NotSupportedError => "NotSupportedError",
            Self::SyntaxError => "SyntaxError",
            Self::ConstraintError => "ConstraintError",
            Self::UnknownError => "UnknownError",
        }
    }
}
