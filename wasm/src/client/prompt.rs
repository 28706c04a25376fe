//! What the window asks and what the user decides: the one truth for the client and for the screen, as JSON between them.

use protocol::native_message::ErrorCode;
use protocol::webauthn::{CredentialId, RpId};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use super::caller::Tab;
use super::origin::OWN_RP_ID;

/// Everything that the window shows. Texts from the page or the vault are already made safe to show (see `display`), but the screen
/// still sets them as text, each in its own `<bdi>`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// What is asked.
    pub kind: Kind,
    /// The RP ID, checked against the caller's origin.
    pub rp_id: RpId,
    /// The caller's origin as the browser vouches for it, `https://login.example.com`.
    pub origin: String,
    /// The top-level origin where the caller sits in a frame of another origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_origin: Option<String>,
    /// Whether the origin is another site's, and may use the RP ID by what that says of related origins (L3 §5.11).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub related: bool,
    /// The kind of tab that asks.
    #[serde(default, skip_serializing_if = "Tab::is_ordinary")]
    pub tab: Tab,
    /// How the user is to be verified.
    pub verification: Verification,
    /// What the window must say besides, as a rule about the try before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// What a [`Question`] is about. On the wire `{"create": {...}}` or `{"get": {...}}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Kind {
    /// "Create a passkey for …"
    Create {
        /// The RP's name for itself: a claim of the page, never shown in place of the RP ID.
        rp_name: String,
        /// L3 `user.name`.
        user_name: String,
        /// L3 `user.displayName`, may be empty.
        user_display_name: String,
    },
    /// "Sign in to …"
    Get {
        /// At least one, last used first; none only beside [`Notice::HostError`].
        accounts: Vec<Account>,
    },
}

/// One line of the list to choose from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What the decision names.
    pub credential_id: CredentialId,
    /// L3 `user.name`.
    pub user_name: String,
    /// L3 `user.displayName`, may be empty.
    pub user_display_name: String,
    /// When it was made, milliseconds since 1970.
    pub created: u64,
    /// When it last signed, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<u64>,
}

/// How the user is to be verified. On the wire `"none"`, `{"builtIn": {"pin": true}}`, `{"pin": {"retries": 8}}` or
/// `{"newPin": {"minLength": 4}}`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Verification {
    /// Nothing: a click is enough.
    None,
    /// By the OS, which asks once the user has consented in the window.
    BuiltIn {
        /// Whether there is a PIN to be entered instead.
        pin: bool,
    },
    /// By the PIN.
    Pin {
        /// Tries left before it is locked.
        retries: u8,
    },
    /// By a PIN to be chosen now, because the user must be verified and nothing is set up for it.
    NewPin {
        /// Fewest code points it may have.
        min_length: u8,
    },
}

/// What the window says besides. On the wire `"pinLocked"`, `{"wrongPin": {"retries": 7}}` and so on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Notice {
    /// The PIN was not the right one.
    WrongPin {
        /// Tries left before it is locked.
        retries: u8,
    },
    /// Too many wrong PINs for now: it can be tried again after the browser has been restarted (CTAP2_ERR_PIN_AUTH_BLOCKED).
    PinPaused,
    /// The PIN is locked for good; only `keystow pin reset` helps (CTAP2_ERR_PIN_BLOCKED).
    PinLocked,
    /// The PIN must be changed before it is good again; `keystow pin change` does it (CTAP2_ERR_PIN_POLICY_VIOLATION for a token).
    PinMustChange,
    /// The OS has not verified the user: not proven, closed, not answered in time, or nobody could be asked.
    BuiltInFailed,
    /// The OS is asked no more until the browser has been restarted (CTAP2_ERR_UV_BLOCKED); the PIN will do, where there is one.
    BuiltInBlocked,
    /// The new PIN is too short.
    PinTooShort,
    /// The new PIN is over 63 bytes, or the host's policy does not take it.
    PinRefused,
    /// Create: a passkey that the page excludes is already here. Approving tells the page so; nothing is made.
    AlreadyRegistered,
    /// The host cannot serve.
    HostError {
        /// Why; the window has words of its own for what the user can mend.
        code: ErrorCode,
        /// The host's own sentence, which says what happened and what to do: for where the window has none.
        message: String,
    },
}

/// What the user did. On the wire `{"approve": {...}}`, `"usePin"`, `"useAnother"`, `"alwaysUseAnother"` or `"cancel"`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// Consent: user presence (L3 §6.1, the UP flag), and the PIN where one was asked for.
    Approve(Approval),
    /// "Use the PIN instead", where [`Verification::BuiltIn`] has one: the window asks for it next.
    UsePin,
    /// "Use another device or security key": the browser's own call takes over.
    UseAnother,
    /// "Always use the browser's own for this site": as [`UseAnother`](Self::UseAnother), and the site is not served any more.
    AlwaysUseAnother,
    /// Cancel, Escape, or the window was closed.
    Cancel,
}

/// What an approving user entered.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Approval {
    /// Get: the chosen account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// The PIN, where [`Verification::Pin`] was asked.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose_to_own_window")]
    pub pin: Option<Pin>,
    /// The PIN chosen, where [`Verification::NewPin`] was asked.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose_to_own_window")]
    pub new_pin: Option<Pin>,
}

/// A PIN as typed, in Unicode normalization form C (CTAP §6.5.1; the screen does it by `String.prototype.normalize`).
/// Zeroized on drop; no `Debug`, no `Clone`.
#[derive(Deserialize)]
#[serde(from = "String")]
pub struct Pin(Zeroizing<String>);

impl From<String> for Pin {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Pin {
    /// The text; for the PIN protocol only.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl Question {
    /// Whether [`Decision::Approve`] can lead anywhere; if not, the window offers only "use another" and Cancel.
    pub fn can_approve(&self) -> bool {
        match self.notice {
            Some(Notice::PinLocked | Notice::PinPaused | Notice::PinMustChange | Notice::HostError { .. }) => false,
            Some(Notice::BuiltInBlocked) => !matches!(self.verification, Verification::BuiltIn { .. }),
            None
            | Some(
                Notice::WrongPin { .. }
                | Notice::PinTooShort
                | Notice::PinRefused
                | Notice::BuiltInFailed
                | Notice::AlreadyRegistered,
            ) => true,
        }
    }

    /// Whether [`Decision::UsePin`] is one of the answers.
    pub fn can_use_pin(&self) -> bool {
        self.can_approve() && self.verification == Verification::BuiltIn { pin: true }
    }

    /// Whether [`Decision::AlwaysUseAnother`] is one of the answers. Not in a private window, as the rule would outlive it; and not for a
    /// frame of another site, as the toolbar, where the rule is taken back, shows the site of the page around it.
    pub fn can_leave_site(&self) -> bool {
        !self.tab.private && self.top_origin.is_none() && !self.is_our_own()
    }

    /// Whether our own page asks, to try whether a passkey works.
    pub fn is_our_own(&self) -> bool {
        self.rp_id.as_str() == OWN_RP_ID
    }
}

/// The window's decision goes to the background over the extension's own port: the one place where a PIN is serialized.
pub(super) fn expose_to_own_window<S: Serializer>(pin: &Option<Pin>, to: S) -> Result<S::Ok, S::Error> {
    pin.as_ref().map(Pin::expose_secret).serialize(to)
}

#[cfg(test)]
mod tests;
