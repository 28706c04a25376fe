//! The envelope of a native message: JSON, one object per frame, ids chosen by the extension's background alone.

use serde::{Deserialize, Serialize};

use crate::{base64url, manage};

/// What the browser may send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ToHost {
    /// `{"id": 7, "ctap": "<base64url>"}`, with `"private": true` or with `"origin": "https://example.com"`: a CTAP command byte and its
    /// CBOR parameters.
    Ctap {
        /// Echoed in the reply.
        id: u64,
        /// Command byte, then canonical CBOR (CTAP §8).
        message: Vec<u8>,
        /// Whether it comes from a private window: then it is not remembered when a passkey was used. On the wire only where it is true.
        private: bool,
        /// The caller's origin, as the browser vouches for it, for the history of the passkey that is made or used, and for nothing else. At
        /// most [`MAX_ORIGIN_LENGTH`] bytes, none of them a control character. Absent in a private window.
        origin: Option<String>,
    },
    /// `{"id": 8, "manage": {...}}`.
    Manage {
        /// Echoed in the reply.
        id: u64,
        /// What is asked.
        request: manage::Request,
    },
    /// `{"cancel": 7}`: what CTAPHID_CANCEL means (CTAP §11.2.9.1.5), for the message of that id.
    Cancel {
        /// The id of the message that is no longer wanted.
        id: u64,
    },
}

/// Most bytes of an origin beside `ctap`.
pub const MAX_ORIGIN_LENGTH: usize = 2048;

/// What the host answers.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct FromHost {
    /// The id of the message answered; `null` where the frame could not be read that far.
    pub id: Option<u64>,
    /// The one answer.
    #[serde(flatten)]
    pub body: Body,
}

/// The answer in a [`FromHost`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Body {
    /// CTAP status byte, then CBOR.
    Ctap(#[serde(with = "base64url")] Vec<u8>),
    /// The answer to a `manage` request.
    Ok(manage::Response),
    /// Nothing was done, and why.
    Error(Error),
}

/// Why the host did not do what was asked, in a stable code and in a sentence for the user.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Error {
    /// Stable; what programs decide by.
    pub code: ErrorCode,
    /// What happened, and what to do next. Never holds a secret, an RP ID or a user name.
    pub message: String,
}

/// The codes of [`Error`], each written once.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The message is not one of ours: not JSON, unknown members, wrong types.
    BadMessage,
    /// The message, or the answer to it, is over the size that native messaging allows.
    TooLarge,
    /// The message was cancelled before it was begun.
    Cancelled,
    /// No such passkey.
    NotFound,
    /// What is to be written is longer than it may be, or has characters that it may not have.
    BadText,
    /// The user has not been verified for this, and must be.
    NotVerified,
    /// The OS cannot verify the user as it is set up.
    OsVerificationNotSetUp,
    /// No OS keychain answers.
    KeychainUnavailable,
    /// The OS keychain is locked, and was not unlocked.
    KeychainLocked,
    /// A vault file is here, but the keychain no longer holds its key.
    KeychainEmptied,
    /// The keychain's key does not open this vault.
    VaultWrongKey,
    /// The vault file is damaged, truncated or of a newer version.
    VaultUnreadable,
    /// The record asked for is damaged; others are not touched by that.
    RecordDamaged,
    /// The vault could not be written: disk full, read-only folder.
    VaultUnwritable,
    /// A mistake of ours.
    Internal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    id: Option<u64>,
    ctap: Option<String>,
    manage: Option<manage::Request>,
    cancel: Option<u64>,
    #[serde(default)]
    private: bool,
    origin: Option<String>,
}

impl ToHost {
    /// Reads one frame's JSON text.
    ///
    /// # Errors
    /// The id where it could be read, and [`ErrorCode::BadMessage`] with a sentence that names the mistake, never the content.
    pub fn from_json(text: &str) -> Result<Self, FromHost> {
        let envelope: Envelope = serde_json::from_str(text).map_err(|error| {
            bad_message(
                readable_id(text),
                &format!(
                    "The message is not a Keystow message ({:?} error, column {}).",
                    error.classify(),
                    error.column()
                ),
            )
        })?;
        match envelope {
            Envelope { id: Some(id), ctap: Some(text), manage: None, cancel: None, private, origin } => {
                let message = base64url::decode(&text)
                    .map_err(|error| bad_message(Some(id), &format!("The member ctap is {error}.")))?;
                if origin.as_ref().is_some_and(|origin| private || !is_origin(origin)) {
                    return Err(bad_message(
                        Some(id),
                        "The member origin is too long or not one, or the message is private.",
                    ));
                }
                Ok(Self::Ctap { id, message, private, origin })
            }
            Envelope {
                id: Some(id),
                manage: Some(request),
                ctap: None,
                cancel: None,
                private: false,
                origin: None,
            } => Ok(Self::Manage { id, request }),
            Envelope { cancel: Some(id), id: None, ctap: None, manage: None, private: false, origin: None } => {
                Ok(Self::Cancel { id })
            }
            Envelope { id, .. } => Err(bad_message(
                id,
                "A message has an id and either ctap (it may be private, or name an origin) or manage, or cancel alone.",
            )),
        }
    }

    /// The JSON text of this message.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Ctap { id, message, private, origin } => {
                let mut json = serde_json::json!({"id": id, "ctap": base64url::encode(message)});
                if *private {
                    json["private"] = true.into();
                }
                if let Some(origin) = origin {
                    json["origin"] = origin.as_str().into();
                }
                json
            }
            Self::Manage { id, request } => serde_json::json!({"id": id, "manage": request}),
            Self::Cancel { id } => serde_json::json!({"cancel": id}),
        }
    }
}

impl Error {
    /// An error of `code` that says `message`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Whether it can be one: what the browser vouches for is not judged again here, it is only shown.
fn is_origin(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_ORIGIN_LENGTH && !text.chars().any(char::is_control)
}

fn bad_message(id: Option<u64>, what: &str) -> FromHost {
    let message = format!("{what} Reload the extension, and update it and the host to the same version.");
    FromHost { id, body: Body::Error(Error::new(ErrorCode::BadMessage, message)) }
}

/// The id of a message that is otherwise wrong, so that its sender is not left waiting.
fn readable_id(text: &str) -> Option<u64> {
    serde_json::from_str::<serde_json::Value>(text).ok()?.get("id")?.as_u64()
}

#[cfg(test)]
mod tests;
