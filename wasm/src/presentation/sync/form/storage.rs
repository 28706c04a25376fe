//! The storage as the form has it: a kind, and its fields.

use protocol::manage::sync::{Secret, StorageConfig};

use super::{Slip, Typed};
use crate::presentation::view::plain;

/// A kind of storage, in the order of the form.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Kind {
    /// A folder that other software carries about.
    #[default]
    Folder,
    /// `WebDAV`.
    WebDav,
    /// S3 or what speaks like it.
    S3,
    /// SFTP.
    Sftp,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Folder, Self::WebDav, Self::S3, Self::Sftp];

    /// Its name in the form; the fieldset with its fields is `at-` and this.
    pub fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::WebDav => "webdav",
            Self::S3 => "s3",
            Self::Sftp => "sftp",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The field that says where it is.
pub fn first_field(kind: Kind) -> &'static str {
    match kind {
        Kind::Folder => "folder-path",
        Kind::WebDav => "dav-url",
        Kind::S3 => "s3-endpoint",
        Kind::Sftp => "sftp-host",
    }
}

/// The field that a password goes into, or what stands for one.
pub fn password_field(kind: Kind) -> &'static str {
    match kind {
        Kind::WebDav => "dav-password",
        Kind::S3 => "s3-secret",
        Kind::Folder | Kind::Sftp => first_field(kind),
    }
}

/// The storage that was typed.
pub(super) fn read(typed: &impl Typed) -> Result<StorageConfig, Slip> {
    let needed = |field: &'static str| {
        let text = typed.text(field).trim().to_owned();
        if text.is_empty() { Err(Slip { what: plain("slipEmpty"), field }) } else { Ok(text) }
    };
    let free = |field: &str| typed.text(field).trim().to_owned();
    Ok(match typed.kind() {
        Kind::Folder => StorageConfig::Folder { path: needed("folder-path")? },
        Kind::WebDav => StorageConfig::WebDav {
            url: address(needed("dav-url")?),
            user: free("dav-user"),
            password: Secret::new(typed.text("dav-password")),
        },
        Kind::S3 => StorageConfig::S3 {
            endpoint: address(needed("s3-endpoint")?),
            region: Some(free("s3-region")).filter(|region| !region.is_empty()).unwrap_or_else(|| "auto".to_owned()),
            bucket: needed("s3-bucket")?,
            prefix: free("s3-prefix"),
            access_key_id: needed("s3-id")?,
            secret_access_key: Secret::new(needed("s3-secret")?),
        },
        Kind::Sftp => StorageConfig::Sftp { host: needed("sftp-host")?, path: needed("sftp-path")? },
    })
}

/// Where no scheme was typed, the safe one is meant.
fn address(typed: String) -> String {
    if typed.contains("://") { typed } else { format!("https://{typed}") }
}

/// What the form is filled with for `storage`: the kind, and each field's text. Passwords are not known, and left as they are.
pub fn filled(storage: &StorageConfig) -> (Kind, Vec<(&'static str, &str)>) {
    match storage {
        StorageConfig::Folder { path } => (Kind::Folder, vec![("folder-path", path)]),
        StorageConfig::WebDav { url, user, .. } => (Kind::WebDav, vec![("dav-url", url), ("dav-user", user)]),
        StorageConfig::S3 { endpoint, region, bucket, prefix, access_key_id, .. } => {
            let fields = vec![
                ("s3-endpoint", endpoint.as_str()),
                ("s3-region", region),
                ("s3-bucket", bucket),
                ("s3-prefix", prefix),
                ("s3-id", access_key_id),
            ];
            (Kind::S3, fields)
        }
        StorageConfig::Sftp { host, path } => (Kind::Sftp, vec![("sftp-host", host), ("sftp-path", path)]),
    }
}
