//! Storages, and what is typed and shown and never seen in a log.

use std::fmt;

use serde::{Deserialize, Serialize};

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

/// A storage's password. `Debug` does not show it.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Secret(String);

/// 24 words with single spaces between them. `Debug` does not show them.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct RecoveryWords(String);

macro_rules! hidden {
    ($name:ident) => {
        impl $name {
            /// Keeps it.
            pub fn new(text: String) -> Self {
                Self(text)
            }

            /// The text itself. Every call says why it needs it.
            pub fn expose_secret(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

hidden!(Secret);
hidden!(RecoveryWords);

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
