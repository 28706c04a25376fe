//! User verification as it is settled, and what is not in order.

use serde::{Deserialize, Serialize};

use super::{FindingCode, Verification};
use crate::base64url;

/// See [`Request::Settings`](super::Request::Settings).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// How the user can be verified now.
    pub verification: Verification,
    /// Whether the user has switched verification by the OS on, be it possible now or not.
    pub os_verification: bool,
    /// Whether the OS could verify the user.
    pub os: OsVerification,
}

/// Whether the OS could verify the user. On the wire `"ready"`, `"unsupported"` or `{"notSetUp": {...}}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OsVerification {
    /// It can.
    Ready,
    /// Keystow knows no way on this system.
    Unsupported,
    /// Not yet.
    NotSetUp {
        /// What is in the way; absent: a host that had no codes yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<FindingCode>,
        /// The same, a sentence.
        finding: String,
        /// The command or the step that mends it.
        fix: String,
    },
}

/// See [`Request::SetOsVerification`](super::Request::SetOsVerification). Answered by [`Settings`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetOsVerification {
    /// Whether the OS shall ask instead of the PIN.
    pub on: bool,
    /// Where a PIN is set: the protocol and the parameter over [`SetOsVerification::message`], by a token with the permission acfg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_uv_auth: Option<PinUvAuth>,
}

/// CTAP §6.5.5: pinUvAuthProtocol and pinUvAuthParam.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinUvAuth {
    /// 1 or 2.
    pub protocol: i64,
    /// 16 or 32 bytes.
    #[serde(with = "base64url")]
    pub param: Vec<u8>,
}

impl SetOsVerification {
    /// What the parameter is over: as in authenticatorConfig (CTAP §6.11) 32 bytes of 0xff, here followed by a name and the switch.
    pub fn message(on: bool) -> Vec<u8> {
        let mut message = vec![0xff; 32];
        message.extend_from_slice(b"keystow os verification");
        message.push(on.into());
        message
    }
}

/// See [`Request::Diagnose`](super::Request::Diagnose).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// What was looked at, in the order in which it is to be read. No secret, no RP ID, no user name; the home folder is `~`.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What it is: `keychain`, or a browser's name.
    pub name: String,
    /// How it is.
    pub state: CheckState,
    /// What was found; absent: a host that had no codes yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FindingCode>,
    /// What the words for that need, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The same, in English.
    pub finding: String,
    /// The one thing to do, where something is to be done; for what is absent, the one thing that would put it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckState {
    /// In order.
    Good,
    /// To be mended.
    Mend,
    /// Not there, and nothing is missing by that.
    Absent,
}
