//! User verification by the OS (CTAP §6.5.5.7.3, "built-in user verification"): polkit on Linux, Touch ID on macOS, Windows Hello.
//!
//! Nobody is ever called verified who was not asked. polkit says yes without asking for root, where a rule says so, and for minutes
//! after an action that keeps its yes; so it is looked at first, and asked only where it would ask the user ([`Availability::Ready`]).

mod interrupt;
mod obstacle;
#[cfg(target_os = "linux")]
mod polkit;
mod prompt;

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use prompt::Answer;

pub use interrupt::Interrupt;
pub use obstacle::Obstacle;
#[cfg(target_os = "linux")]
pub use polkit::ACTION_FILE;

/// Whether the OS can verify the user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Availability {
    /// Keystow knows no way on this platform.
    Unsupported,
    /// There is a way, and something stands in it.
    NotSetUp(Obstacle),
    /// The user would be asked, as far as can be known without asking: on Linux there may still be no window to ask in (no polkit
    /// agent), on macOS and Windows only asking tells. [`Outcome::Unavailable`] comes of that.
    Ready,
}

impl Availability {
    /// Why the user cannot be asked, and what to do about it; nothing where the user can.
    pub fn obstacle(self) -> Option<String> {
        match self {
            Self::Ready => None,
            Self::Unsupported => {
                Some("Keystow knows no way to ask on this system. Use the PIN: keystow pin set".to_owned())
            }
            Self::NotSetUp(obstacle) => Some(obstacle.to_string()),
        }
    }
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
    /// Nobody waits for the answer any more. The prompt may still be open; its answer is thrown away.
    Interrupted,
    /// Nobody could be asked.
    Unavailable,
}

/// A way to make sure that the user is who they were, other than the PIN.
pub trait UserVerifier {
    /// Whether Keystow knows a way on this platform. Asks nobody.
    fn is_supported(&self) -> bool;

    /// Whether the user can be asked now. Asks nobody; on Linux one round trip to polkit, five seconds at most.
    fn availability(&self) -> Availability;

    /// Asks the user, and waits for the answer: a minute at most.
    fn verify(&self, reason: Reason<'_>) -> Outcome;
}

/// This machine's own way.
pub struct OsVerifier {
    patience: Duration,
    interrupt: Interrupt,
    /// A prompt that was not answered in time and has not been closed since.
    open: Mutex<Option<Receiver<Answer>>>,
}

impl OsVerifier {
    /// This machine's own way; nobody is asked yet.
    pub fn new() -> Self {
        Self::with_patience(PATIENCE)
    }

    /// As [`new`](Self::new), waiting for each answer no longer than `patience`.
    pub fn with_patience(patience: Duration) -> Self {
        Self { patience, interrupt: Interrupt::default(), open: Mutex::new(None) }
    }

    /// The same, that `interrupt` stops waiting.
    #[must_use]
    pub fn interrupted_by(self, interrupt: Interrupt) -> Self {
        Self { interrupt, ..self }
    }

    /// The prompt's answer, waited for until `deadline`; else why there is none, and the prompt that is still open.
    fn wait(&self, prompt: Receiver<Answer>, deadline: Instant) -> Result<Answer, (Outcome, Option<Receiver<Answer>>)> {
        loop {
            if self.interrupt.is_raised() {
                return Err((Outcome::Interrupted, Some(prompt)));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match prompt.recv_timeout(left.min(ATTENTION)) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err((Outcome::Unavailable, None)),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err((Outcome::TimedOut, Some(prompt))),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Default for OsVerifier {
    fn default() -> Self {
        Self::new()
    }
}

impl UserVerifier for OsVerifier {
    fn is_supported(&self) -> bool {
        prompt::is_supported()
    }

    fn availability(&self) -> Availability {
        if !self.is_supported() {
            return Availability::Unsupported;
        }
        obstacle(self.patience.min(LOOK)).map_or(Availability::Ready, Availability::NotSetUp)
    }

    fn verify(&self, reason: Reason<'_>) -> Outcome {
        let deadline = Instant::now() + self.patience;
        let Ok(mut open) = self.open.lock() else { return Outcome::Unavailable };
        // One prompt at a time. What an earlier one is answered now says nothing about this request.
        if let Some(earlier) = open.take()
            && let Err((outcome, Some(earlier))) = self.wait(earlier, deadline)
        {
            *open = Some(earlier);
            return outcome;
        }
        if self.availability() != Availability::Ready {
            return Outcome::Unavailable;
        }
        let Some(prompt) = prompt::open(reason) else { return Outcome::Unavailable };
        match self.wait(prompt, deadline) {
            Ok(answer) => answer.into(),
            Err((outcome, still_open)) => {
                *open = still_open;
                outcome
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn obstacle(patience: Duration) -> Option<Obstacle> {
    polkit::obstacle(patience)
}

/// Touch ID and Windows Hello ask every time; whether they can is told by asking alone.
#[cfg(not(target_os = "linux"))]
fn obstacle(_: Duration) -> Option<Obstacle> {
    None
}

/// polkit's name for what the user is asked for.
const ACTION: &str = "org.keystow.verify-user";

/// How long the user has.
const PATIENCE: Duration = Duration::from_secs(60);

/// How soon an interrupt is noticed.
const ATTENTION: Duration = Duration::from_millis(50);

/// How long the OS has to say whether it can ask. It may have to start its service first.
const LOOK: Duration = Duration::from_secs(5);
