//! Why a task ended before it was done, in words.

use protocol::manage::sync::{SyncFailure, TroubleKind};
use sync_engine::engine::Refusal;
use sync_engine::keys::{BadCode, BadWords};
use sync_engine::storage::Trouble;

use super::device::Broken;
use super::talk::Left;
use crate::sync::storage::BadStorage;

/// Why a task ended before it was done.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Ended {
    /// The user left it.
    Left,
    /// It cannot be done. The sentence says what happened, and what to do.
    Failed(SyncFailure, String),
}

impl Ended {
    pub(super) fn not_now(sentence: &str) -> Self {
        Self::Failed(SyncFailure::NotNow, sentence.to_owned())
    }

    pub(super) fn occupied() -> Self {
        Self::Failed(
            SyncFailure::Occupied,
            "Devices synchronize on this storage already. If they are yours, join them; else choose another folder."
                .to_owned(),
        )
    }

    pub(super) fn other_words() -> Self {
        Self::Failed(
            SyncFailure::BadWords,
            "These 24 words are not the recovery key of this vault, or not its newest one. Type those of the newest."
                .to_owned(),
        )
    }

    pub(super) fn too_late() -> Self {
        Self::Failed(
            SyncFailure::TooLate,
            "The code came to its end, or another was typed. Show a new one on the device that is in, and type it as it is shown."
                .to_owned(),
        )
    }
}

/// What kind of trouble, for a person.
pub(in crate::sync) fn kind(trouble: &Trouble) -> TroubleKind {
    match trouble {
        Trouble::Unreachable(_) => TroubleKind::Unreachable,
        Trouble::NotAllowed(_) => TroubleKind::NotAllowed,
        Trouble::Full(_) => TroubleKind::Full,
        Trouble::ReadOnly(_) => TroubleKind::ReadOnly,
        Trouble::Gone(_) => TroubleKind::Gone,
        Trouble::Failed(_) => TroubleKind::Failed,
    }
}

/// What happened, and what to do: a task that has ended is not tried again by itself.
fn sentence(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable(detail) => format!(
            "The storage cannot be reached ({detail}). Check its address and this machine's connection, then try again."
        ),
        Trouble::NotAllowed(detail) => {
            format!("The storage does not let Keystow in ({detail}). Check user name and password, then try again.")
        }
        Trouble::Gone(detail) => {
            format!("The folder chosen for sync is not there ({detail}). Make it, or choose another, then try again.")
        }
        Trouble::Failed(detail) => {
            format!("The storage did not do what was asked ({detail}). Look into that, then try again.")
        }
        Trouble::Full(_) | Trouble::ReadOnly(_) => trouble.to_string(),
    }
}

impl From<Left> for Ended {
    fn from(Left: Left) -> Self {
        Self::Left
    }
}

impl From<Broken> for Ended {
    fn from(Broken(sentence): Broken) -> Self {
        Self::Failed(SyncFailure::Other, sentence)
    }
}

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Self {
        Self::Failed(SyncFailure::Storage(kind(&trouble)), sentence(&trouble))
    }
}

impl From<BadStorage> for Ended {
    fn from(bad: BadStorage) -> Self {
        Self::Failed(SyncFailure::BadStorage, bad.to_string())
    }
}

impl From<BadCode> for Ended {
    fn from(bad: BadCode) -> Self {
        Self::Failed(SyncFailure::BadCode, bad.to_string())
    }
}

impl From<BadWords> for Ended {
    fn from(bad: BadWords) -> Self {
        Self::Failed(SyncFailure::BadWords, bad.to_string())
    }
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Self {
        let (why, sentence) = match refusal {
            Refusal::Off => (SyncFailure::NotNow, "Sync is off. Turn it on first."),
            Refusal::On => (SyncFailure::NotNow, "Sync is on already. Turn it off first."),
            Refusal::TooOld => (
                SyncFailure::TooOld,
                "That device joined before this one, so it takes the recovery key. Type its 24 words, or remove it from an \
                 older device.",
            ),
            Refusal::Unknown => (
                SyncFailure::Other,
                "There is no such device, or no such recovery key, any more. Look at the list of devices again.",
            ),
            Refusal::Newer => (
                SyncFailure::Other,
                "Sync on this machine was last used by a newer version of Keystow. Update Keystow, then try again.",
            ),
            Refusal::OtherKeys => (
                SyncFailure::Other,
                "The OS keychain holds another key for sync than this device's. Turn sync off here, then join again.",
            ),
            Refusal::Altered => (
                SyncFailure::Altered,
                "What the other device left on the storage was altered, or made with another code. Begin again with a new code.",
            ),
            Refusal::Declined => {
                (SyncFailure::Declined, "The other device said no. If that was a mistake, begin again with a new code.")
            }
            Refusal::NothingFound => (
                SyncFailure::NothingFound,
                "Nothing on this storage opens with this recovery key. Check the folder, and that it is the newest recovery key.",
            ),
        };
        Self::Failed(why, sentence.to_owned())
    }
}
