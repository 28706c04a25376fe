//! Why the host cannot serve, in words that a person can do something with.

use protocol::native_message::ErrorCode;

use super::view::{NoticeView, Tone, plain};

/// What happened and what to do, by the host's `code`. Where that depends on more
/// than the code, or nobody but us could do anything about it, the host's own `sentence` stays.
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
        ErrorCode::BadText | ErrorCode::NotVerified | ErrorCode::OsVerificationNotSetUp => {
            return in_its_own_words("managerNotDone", sentence);
        }
        ErrorCode::Cancelled | ErrorCode::Internal => return in_its_own_words("noticeHostError", sentence),
    };
    NoticeView { tone: Tone::Problem, what: plain(what), remedy: Some(plain(remedy)), verbatim: None }
}

fn in_its_own_words(what: &'static str, sentence: &str) -> NoticeView {
    NoticeView { tone: Tone::Problem, what: plain(what), remedy: None, verbatim: Some(sentence.to_owned()) }
}

#[cfg(test)]
mod tests;
