//! The prompt itself, by `robius-authentication`: it opens on a thread or queue of the OS, and its answer comes through a channel of
//! its own, so that it can only ever be the answer to this prompt.

use std::sync::mpsc::{Receiver, channel};

use robius_authentication::{AndroidText, Context, Error, Policy, PolicyBuilder, Text, WindowsText};

use super::{ACTION, Outcome, Reason};

/// What came of a prompt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Answer(Outcome);

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        answer.0
    }
}

/// Whether there is a way to ask on this platform.
pub(super) fn is_supported() -> bool {
    policy().is_some()
}

/// Opens a prompt; gives nothing where none can be opened.
pub(super) fn open(reason: Reason<'_>) -> Option<Receiver<Answer>> {
    let (sender, receiver) = channel();
    let words = words(reason);
    let text = Text {
        android: AndroidText { title: TITLE, subtitle: None, description: None },
        apple: &words,
        windows: WindowsText::new_truncated(TITLE, &words),
    };
    let answered = move |result| {
        // Nobody may be waiting any longer.
        let _ = sender.send(judge(result));
    };
    Context::new(()).authenticate(text, &policy()?, answered).ok()?;
    Some(receiver)
}

/// Whatever the OS offers: it knows what its user has set up. On Linux what is asked for is polkit's action.
fn policy() -> Option<Policy> {
    PolicyBuilder::new().action_ids([ACTION]).build()
}

/// macOS puts "Keystow is trying to" before it.
fn words(reason: Reason<'_>) -> String {
    match reason {
        Reason::MakeCredential { rp_id } => format!("make a passkey for {rp_id}"),
        Reason::GetAssertion { rp_id } => format!("sign in to {rp_id}"),
        Reason::Management => "look after your passkeys".to_owned(),
    }
}

fn judge(result: Result<(), Error>) -> Answer {
    Answer(match result {
        Ok(()) => Outcome::Verified,
        Err(Error::Authentication | Error::Exhausted) => Outcome::Failed,
        Err(Error::UserCanceled | Error::UserFallback | Error::AppCanceled | Error::SystemCanceled) => {
            Outcome::Cancelled
        }
        Err(Error::Timeout) => Outcome::TimedOut,
        Err(_) => Outcome::Unavailable,
    })
}

const TITLE: &str = "Keystow";

#[cfg(test)]
mod tests;
