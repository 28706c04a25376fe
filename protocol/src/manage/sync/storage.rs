//! A storage that the user owns, and the invitation to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::base64url;

/// A storage that the user owns.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum StorageConfig {
    /// A folder that other software carries about (Syncthing, Nextcloud's client, Dropbox).
    Folder {
        /// Absolute; `~/` is the home folder.
        path: String,
    },
    /// WebDAV: Nextcloud, Apache, nginx, rclone.
    WebDav {
        /// https, or http on this machine.
        url: String,
        /// May be empty.
        user: String,
        /// May be empty. An app password where there is one.
        password: Secret,
    },
    /// S3 or what speaks like it.
    S3 {
        /// https, or http on this machine.
        endpoint: String,
        /// As the provider calls it; `auto` where it does not matter.
        region: String,
        /// The bucket.
        bucket: String,
        /// A folder in it; may be empty.
        prefix: String,
        /// Access key ID.
        access_key_id: String,
        /// Secret access key.
        secret_access_key: Secret,
    },
    /// SFTP, by the system's own ssh and its keys. Not on Windows.
    Sftp {
        /// `user@host` or `user@host:port`.
        host: String,
        /// The folder there.
        path: String,
    },
}

/// What a device shows for another to join: its code, and where. For a QR code, and for pasting.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invitation {
    /// The code.
    pub code: Secret,
    /// The storage, its password empty.
    pub storage: StorageConfig,
}

/// What the text of an [`Invitation`] begins with; behind it JSON, as base64url.
const SCHEME: &str = "keystow-join:";

/// Most bytes of the text of an [`Invitation`] that are looked at: more than a QR code holds.
const MAX_INVITATION_LENGTH: usize = 4096;

impl StorageConfig {
    /// The same without its password.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let mut storage = self.clone();
        match &mut storage {
            Self::Folder { .. } | Self::Sftp { .. } => {}
            Self::WebDav { password: secret, .. } | Self::S3 { secret_access_key: secret, .. } => {
                *secret = Secret::default()
            }
        }
        storage
    }
}

impl Invitation {
    /// As text. What is secret of the storage is left out.
    pub fn to_text(&self) -> Secret {
        let told = Self { code: self.code.clone(), storage: self.storage.without_secrets() };
        let json = serde_json::to_vec(&told).unwrap_or_default(); // safe: strings alone
        Secret::new(format!("{SCHEME}{}", base64url::encode(&json)))
    }

    /// From text, with whatever white space is around and in it. Nothing where it is no invitation.
    pub fn from_text(text: &str) -> Option<Self> {
        let text: String =
            text.chars().filter(|character| !character.is_whitespace()).take(MAX_INVITATION_LENGTH).collect();
        let json = base64url::decode(text.strip_prefix(SCHEME)?).ok()?;
        let told: Self = serde_json::from_slice(&json).ok()?;
        Some(Self { storage: told.storage.without_secrets(), ..told })
    }
}

impl fmt::Debug for StorageConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder { .. } => "Folder(…)",
            Self::WebDav { .. } => "WebDav(…)",
            Self::S3 { .. } => "S3(…)",
            Self::Sftp { .. } => "Sftp(…)",
        })
    }
}
