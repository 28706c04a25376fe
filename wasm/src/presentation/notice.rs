//! What the window says besides its question. Words are keys of `_locales`.

use super::host_error::host_error;
use super::view::{NoticeView, Tone, Words, plain, words};
use crate::client::prompt::{Notice, Question, Verification};

/// What `notice` says, beside `question`.
pub(super) fn notice_view(notice: &Notice, question: &Question) -> NoticeView {
    let problem =
        |key, argument| NoticeView { tone: Tone::Problem, what: Words { key, argument }, remedy: None, verbatim: None };
    match notice {
        Notice::WrongPin { retries: 1 } => problem("noticeWrongPinLast", None),
        Notice::WrongPin { retries } => problem("noticeWrongPin", Some(retries.to_string())),
        Notice::PinPaused => NoticeView { remedy: Some(plain("remedyPinPaused")), ..problem("noticePinPaused", None) },
        Notice::PinLocked => NoticeView { remedy: Some(plain("remedyPinLocked")), ..problem("noticePinLocked", None) },
        Notice::PinMustChange => {
            NoticeView { remedy: Some(plain("remedyPinMustChange")), ..problem("noticePinMustChange", None) }
        }
        Notice::BuiltInFailed => {
            let remedy = if question.can_use_pin() { "remedyBuiltInFailedPin" } else { "remedyBuiltInFailed" };
            NoticeView { remedy: Some(plain(remedy)), ..problem("noticeBuiltInFailed", None) }
        }
        Notice::BuiltInBlocked => {
            let remedy = if question.can_approve() { "remedyBuiltInBlockedPin" } else { "remedyPinPaused" };
            NoticeView { remedy: Some(plain(remedy)), ..problem("noticeBuiltInBlocked", None) }
        }
        Notice::PinTooShort => problem("noticePinTooShort", Some(min_length(question).to_string())),
        Notice::PinRefused => problem("noticePinRefused", None),
        Notice::AlreadyRegistered => NoticeView {
            tone: Tone::Information,
            remedy: Some(plain("remedyAlreadyRegistered")),
            ..problem("noticeAlreadyRegistered", None)
        },
        Notice::HostError { code, message } => host_error(*code, message),
    }
}

/// While the OS asks.
pub(super) fn waiting() -> NoticeView {
    let (what, remedy) = (plain("waitingBuiltIn"), Some(plain("remedyWaitingBuiltIn")));
    NoticeView { tone: Tone::Information, what, remedy, verbatim: None }
}

/// A PIN that is down to its last tries says so before it is entered.
pub(super) fn tries_left(question: &Question) -> Option<NoticeView> {
    let Verification::Pin { retries } = question.verification else {
        return None;
    };
    let what = match retries {
        1 => plain("noticeLastTry"),
        2 | 3 => words("noticeFewTries", &retries.to_string()),
        _ => return None,
    };
    Some(NoticeView { tone: Tone::Information, what, remedy: None, verbatim: None })
}

fn min_length(question: &Question) -> u8 {
    match question.verification {
        Verification::NewPin { min_length } => min_length,
        // CTAP §6.5.1: never fewer
        Verification::None | Verification::BuiltIn { .. } | Verification::Pin { .. } => 4,
    }
}
