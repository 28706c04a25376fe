//! Why a question of one of our own pages was not answered, and what the page says about it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::host_error::host_error;
use super::view::{NoticeView, Tone, Words, plain};
use crate::client::prompt::Notice;

/// Why a question was not answered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// Stable: the host's own, or [`HOST_MISSING`], or [`NOTICE`].
    pub code: String,
    /// The host's own sentence, in English; empty where it has none.
    pub message: String,
    /// What is wrong with what was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// The host does not answer.
pub const HOST_MISSING: &str = "hostMissing";

/// [`Problem::notice`] says it.
pub const NOTICE: &str = "notice";

impl Problem {
    /// Where there is no host.
    pub fn host_missing() -> Self {
        Self { code: HOST_MISSING.to_owned(), message: String::new(), notice: None }
    }

    /// In words: what happened, and what to do.
    pub fn view(&self) -> NoticeView {
        let problem = |key| NoticeView { tone: Tone::Problem, what: plain(key), remedy: None, verbatim: None };
        match &self.notice {
            Some(notice) => notice_view(notice),
            None if self.code == HOST_MISSING => {
                NoticeView { remedy: Some(plain("remedyDoctor")), ..problem("hostMissing") }
            }
            None => match serde_json::from_value(Value::from(self.code.as_str())) {
                Ok(code) => host_error(code, &self.message),
                Err(_) => NoticeView { verbatim: Some(self.message.clone()), ..problem("managerNotDone") },
            },
        }
    }
}

/// As in the window that asks, but for what is mended right here.
fn notice_view(notice: &Notice) -> NoticeView {
    let (key, argument, remedy) = match notice {
        Notice::WrongPin { retries: 1 } => ("noticeWrongPinLast", None, None),
        Notice::WrongPin { retries } => ("noticeWrongPin", Some(retries.to_string()), None),
        Notice::PinPaused => ("noticePinPaused", None, Some("remedyPinPaused")),
        Notice::PinLocked => ("noticePinLocked", None, Some("remedyPinLocked")),
        Notice::PinMustChange => ("noticePinMustChange", None, None),
        Notice::BuiltInFailed => ("noticeBuiltInFailed", None, Some("remedyBuiltInFailed")),
        Notice::BuiltInBlocked => ("noticeBuiltInBlocked", None, Some("remedyPinPaused")),
        Notice::PinTooShort | Notice::PinRefused | Notice::AlreadyRegistered => ("noticePinRefused", None, None),
        Notice::HostError { code, message } => return host_error(*code, message),
    };
    NoticeView { tone: Tone::Problem, what: Words { key, argument }, remedy: remedy.map(plain), verbatim: None }
}
