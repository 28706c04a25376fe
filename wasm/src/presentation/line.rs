//! What goes over the line between our own pages and the background (the port "manager"), beside what the host is asked.

use protocol::manage;
use serde::{Deserialize, Serialize};

use super::host_error::host_error;
use super::view::{NoticeView, Tone, Words};
use crate::admission::preferences::Preferences;
use crate::admission::rules::{Rules, SiteRule};
use crate::client::Settlement;
use crate::client::prompt::Notice;

/// A question of a page. On the wire `{"request": {"list": {}}}`, `{"pin": {...}}` or `{"choices": {}}`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Ask {
    /// What the host is asked, as it is.
    Request(manage::Request),
    /// What takes the PIN, or the OS's yes.
    Pin(Settlement),
    /// How the extension's own choices are, after what is to be changed of them.
    Choices(Change),
}

/// What is to be changed of [`Choices`]; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Change {
    /// The preferences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
    /// Whether passkeys may be saved without a window, anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrades: Option<bool>,
    /// What is switched for one site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<(String, SiteRule)>,
}

/// What the extension itself was told by the user.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Choices {
    /// Everywhere.
    pub preferences: Preferences,
    /// At sites.
    pub rules: Rules,
}

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
            None => NoticeView { verbatim: Some(self.message.clone()), ..problem("managerNotDone") },
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

fn plain(key: &'static str) -> Words {
    Words { key, argument: None }
}
