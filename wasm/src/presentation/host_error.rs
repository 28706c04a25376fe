//! Why the host cannot serve, in words that a person can do something with.

use protocol::native_message::ErrorCode;

use super::view::{NoticeView, Tone, plain};

/// What happened and what to do, by the host's `code`. Where nobody but us could do anything about it, the host's own `sentence` stays.
pub fn host_error(code: ErrorCode, sentence: &str) -> NoticeView {
    let (what, remedy) = match code {
        ErrorCode::KeychainUnavailable => ("noticeKeychainUnavailable", "remedyDoctor"),
        ErrorCode::KeychainLocked => ("noticeKeychainLocked", "remedyKeychainLocked"),
        ErrorCode::KeychainEmptied => ("noticeKeychainEmptied", "remedyKeychainEmptied"),
        ErrorCode::VaultWrongKey => ("noticeVaultWrongKey", "remedyVaultWrongKey"),
        ErrorCode::VaultUnreadable => ("noticeVaultUnreadable", "remedyDoctor"),
        ErrorCode::VaultUnwritable => ("noticeVaultUnwritable", "remedyVaultUnwritable"),
        ErrorCode::RecordDamaged => ("noticeRecordDamaged", "remedyRecordDamaged"),
        ErrorCode::NotFound => ("noticeNotFound", "remedyNotFound"),
        ErrorCode::BadMessage => ("noticeBadMessage", "remedyBadMessage"),
        ErrorCode::TooLarge => ("noticeTooLarge", "remedyTooLarge"),
        ErrorCode::Cancelled | ErrorCode::Internal => {
            let (what, verbatim) = (plain("noticeHostError"), Some(sentence.to_owned()));
            return NoticeView { tone: Tone::Problem, what, remedy: None, verbatim };
        }
    };
    NoticeView { tone: Tone::Problem, what: plain(what), remedy: Some(plain(remedy)), verbatim: None }
}

#[cfg(test)]
mod tests;
