//! Everything that the client needs of the world, in one trait: in the browser it is ports and windows, in a test it is a script.

use std::time::Duration;

use protocol::webauthn::{CredentialId, RpId};
use protocol::{manage, native_message};
use serde::{Deserialize, Serialize};

use super::prompt::{Decision, Question};

/// What the client needs of the world. One value serves one ceremony; dropping the ceremony's future aborts it.
#[allow(async_fn_in_trait)] // Everything runs on the one thread of a browser's background: no `Send` to promise.
pub trait Environment {
    /// Sends a CTAP message (command byte, CBOR) to the host and gives its answer (status byte, CBOR).
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError>;

    /// Sends a `manage` request to the host.
    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError>;

    /// Opens the window, or shows the next question in the one that is open, until the user has decided. A window that was closed or
    /// cannot be opened is [`Decision::Cancel`]; a text that is no decision too.
    async fn ask(&self, question: Question) -> Decision;

    /// Waits until the user, having approved, ends the ceremony in the window all the same: Cancel, another device, or the window is closed.
    /// It is waited for only where the work that was approved leaves the time for it; without that, it never comes.
    async fn withdrawn(&self) -> Decision;

    /// Fetches what is at an https address, as anybody would get it: without credentials and referrer, and by no redirect but to https.
    /// `None` where that fails, takes too long, or is too much.
    async fn fetch(&self, url: &str) -> Option<Fetched>;

    /// URL "URL parser", and the serialization of the result's origin; `None` where it is no URL, or its origin is opaque.
    fn origin_of(&self, url: &str) -> Option<String>;

    /// Sends a `manage` request that is carried out whatever becomes of the ceremony, and whose answer nobody waits for.
    ///
    /// # Errors
    /// [`HostError::Gone`] where it is known already that there is no host.
    fn tell(&self, request: manage::Request) -> Result<(), HostError>;

    /// L3 §5.1.3 step 19: whether a passkey may be made here and now without a question: the user has just signed in at this site in this
    /// tab in another way, and lets sites do it.
    async fn may_upgrade(&self) -> bool;

    /// Takes note of a passkey that was made without a question, so that the user is told of it and can take it back. Another one needs
    /// another sign-in.
    async fn saved(&self, saved: &Saved);

    /// What [`saved`](Self::saved) took note of in an earlier run of this very ceremony, which ended before the page was answered.
    async fn saved_before(&self) -> Option<Saved>;

    /// Takes note that the passkey just made is the only one that the vault holds for its RP ID, and is nowhere else yet: once the page has its
    /// answer, the user may be told of a second way in. Where there is no window there is nobody to tell.
    fn made_the_first(&self) {}

    /// Waits.
    async fn sleep(&self, duration: Duration);

    /// Fills all of `bytes` from the platform's secure generator (`crypto.getRandomValues`). There is no way to fail: an implementation
    /// that cannot fill them must not return.
    fn random(&self, bytes: &mut [u8]);
}

/// What a site answered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetched {
    /// HTTP's, at the end of all redirects.
    pub status: u16,
    /// The header of that name; empty where there is none.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A passkey that was made without a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Saved {
    /// Its RP ID.
    pub rp_id: RpId,
    /// L3 user name, as the page gave it.
    pub user_name: String,
    /// The passkey.
    pub credential_id: CredentialId,
}

/// Why the host gave no answer of its own kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum HostError {
    /// There is no host: not installed, could not be started, exited, silent for too long. The page's call goes to the browser.
    Gone,
    /// The host said that it cannot serve, and why.
    Refused(native_message::Error),
    /// The host answered with something that is no answer to the message.
    Unintelligible,
}
