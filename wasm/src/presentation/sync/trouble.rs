//! Why a pass did not come to its end, and why what was begun failed: in words, with what to do.

use protocol::manage::sync::{SyncFailure, SyncTrouble, Synced, TroubleKind};

use super::form::{Kind, first_field, password_field};
use crate::presentation::view::{NoticeView, Tone, Words, plain};

/// Whether it will not pass by itself.
pub fn is_for_a_person(kind: TroubleKind) -> bool {
    match kind {
        TroubleKind::NotAllowed | TroubleKind::Full | TroubleKind::ReadOnly | TroubleKind::Gone => true,
        TroubleKind::Unreachable | TroubleKind::Failed => false,
    }
}

/// Why the last pass did not come to its end: in a quiet line, where it passes by itself, or as a notice.
pub fn told(on: &Synced) -> (Option<Words>, Option<NoticeView>) {
    let said = on.trouble.as_ref().filter(|_| !on.removed).map(|told| (told.kind, trouble(told)));
    match said {
        Some((TroubleKind::Unreachable, NoticeView { remedy, .. })) => (remedy, None),
        said => (None, said.map(|(_, notice)| notice)),
    }
}

fn trouble(trouble: &SyncTrouble) -> NoticeView {
    let tone = if is_for_a_person(trouble.kind) { Tone::Problem } else { Tone::Information };
    let (what, remedy) = match trouble.kind {
        TroubleKind::Unreachable => ("troubleUnreachable", Some("troubleUnreachableLater")),
        TroubleKind::NotAllowed => ("troubleNotAllowed", Some("troubleNotAllowedChange")),
        TroubleKind::Full => ("troubleFull", Some("troubleFullRemedy")),
        TroubleKind::ReadOnly => ("troubleReadOnly", Some("troubleReadOnlyRemedy")),
        TroubleKind::Gone => ("troubleGone", Some("troubleGoneRemedy")),
        TroubleKind::Failed => ("troubleFailed", None),
    };
    let verbatim = remedy.is_none().then(|| trouble.sentence.clone());
    NoticeView { tone, what: plain(what), remedy: remedy.map(plain), verbatim }
}

/// What is said of a failure, and the field of the form where it is mended.
pub fn failure(why: SyncFailure, sentence: &str, kind: Kind) -> (NoticeView, Option<&'static str>) {
    let (what, remedy, field): (_, Option<&'static str>, _) = match why {
        SyncFailure::Storage(TroubleKind::Unreachable) => {
            ("troubleUnreachable", Some("failureUnreachableRemedy"), Some(first_field(kind)))
        }
        SyncFailure::Storage(TroubleKind::NotAllowed) => {
            ("troubleNotAllowed", Some("failureNotAllowedRemedy"), Some(password_field(kind)))
        }
        SyncFailure::Storage(TroubleKind::Full) => ("troubleFull", Some("troubleFullRemedy"), None),
        SyncFailure::Storage(TroubleKind::ReadOnly) => {
            ("troubleReadOnly", Some("troubleReadOnlyRemedy"), Some(first_field(kind)))
        }
        SyncFailure::Storage(TroubleKind::Gone) => ("troubleGone", Some("failureGoneRemedy"), Some(first_field(kind))),
        SyncFailure::Storage(TroubleKind::Failed) => ("troubleFailed", None, Some(first_field(kind))),
        SyncFailure::BadStorage => ("failureBadStorage", None, Some(first_field(kind))),
        SyncFailure::BadCode => ("failureBadCode", Some("failureBadCodeRemedy"), Some("sync-code")),
        SyncFailure::BadWords => ("failureBadWords", Some("failureBadWordsRemedy"), Some("sync-words")),
        SyncFailure::TooLate => ("failureTooLate", Some("failureTooLateRemedy"), Some("sync-code")),
        SyncFailure::Altered => ("failureAltered", Some("failureAlteredRemedy"), Some("sync-code")),
        SyncFailure::Declined => ("failureDeclined", Some("failureDeclinedRemedy"), None),
        SyncFailure::NothingFound => ("failureNothingFound", Some("failureNothingFoundRemedy"), Some("sync-words")),
        SyncFailure::TooOld => ("failureTooOld", Some("failureTooOldRemedy"), Some("sync-words")),
        SyncFailure::Occupied => ("failureOccupied", Some("failureOccupiedRemedy"), Some(first_field(kind))),
        SyncFailure::NotNow => ("failureNotNow", None, None),
        SyncFailure::Other => ("managerNotDone", None, None),
    };
    let verbatim = (remedy.is_none() && !sentence.is_empty()).then(|| sentence.to_owned());
    let remedy: Option<Words> = remedy.map(plain);
    (NoticeView { tone: Tone::Problem, what: plain(what), remedy, verbatim }, field)
}

#[cfg(test)]
mod tests;
