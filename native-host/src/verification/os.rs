//! User verification by the OS.

/// A way to make sure that the user is who they were, other than the PIN.
pub trait UserVerifier {
    /// Whether Keystow knows a way on this platform. Asks nobody.
    fn is_supported(&self) -> bool;

    /// Whether the user can be asked now. Asks nobody; on Linux one round trip to polkit, five seconds at most.
    fn availability(&self) -> Availability;

    /// Asks the user, and waits for the answer: a minute at most.
    fn verify(&self, reason: Reason<'_>) -> Outcome;
}

/// Whether the OS can verify the user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Availability {
    /// Keystow knows no way on this platform.
    Unsupported,
    /// There is a way, and something stands in it.
    NotSetUp,
    /// The user would be asked, as far as can be known without asking: on Linux there may still be no window to ask in (no polkit
    /// agent), on macOS and Windows only asking tells. [`Outcome::Unavailable`] comes of that.
    Ready,
}

/// What the user is asked for. macOS and Windows show it; polkit shows the message of its action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason<'a> {
    /// authenticatorMakeCredential for this RP ID.
    MakeCredential {
        /// The RP ID.
        rp_id: &'a str,
    },
    /// authenticatorGetAssertion for this RP ID.
    GetAssertion {
        /// The RP ID.
        rp_id: &'a str,
    },
    /// Everything else that a PIN/UV auth token permits: passkeys and settings are looked after.
    Management,
}

/// What became of asking.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The user was asked, for this request, and proved it.
    Verified,
    /// The user was asked, and did not prove it.
    Failed,
    /// The prompt was closed without an answer.
    Cancelled,
    /// There was no answer in time. The prompt may still be open; its answer is thrown away.
    TimedOut,
    /// Nobody could be asked.
    Unavailable,
}

/// This machine's own way.
#[derive(Default)]
pub struct OsVerifier;

impl UserVerifier for OsVerifier {
    fn is_supported(&self) -> bool {
        false
    }

    fn availability(&self) -> Availability {
        Availability::Unsupported
    }

    fn verify(&self, _: Reason<'_>) -> Outcome {
        Outcome::Unavailable
    }
}
