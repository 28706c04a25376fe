//! Where to synchronize: by options, or by questions at the terminal. Passwords are typed, never an argument.

use std::path::{self, Path};

use clap::Args;
use protocol::manage::sync::{Secret, StorageConfig};

use super::error::Error;
use super::terminal::{is_attended, read_hidden, read_line};

/// Where to synchronize. Without any of these, Keystow asks.
#[derive(Args, Default)]
pub(super) struct StorageArguments {
    /// A folder that other software carries about: Syncthing, Nextcloud's client, Dropbox, iCloud Drive
    #[arg(long, value_name = "FOLDER", group = "storage", help_heading = HEADING)]
    folder: Option<String>,
    /// WebDAV: Nextcloud, Apache, nginx, rclone. Its password is asked for, best an app password
    #[arg(long, value_name = "URL", group = "storage", help_heading = HEADING)]
    webdav: Option<String>,
    /// The user name for WebDAV
    #[arg(long, value_name = "NAME", requires = "webdav", help_heading = HEADING)]
    user: Option<String>,
    /// S3, or what speaks like it, at this address; the secret access key is asked for
    #[arg(long, value_name = "URL", group = "storage", requires_all = ["bucket", "access_key_id"], help_heading = HEADING)]
    s3: Option<String>,
    /// The bucket
    #[arg(long, value_name = "NAME", requires = "s3", help_heading = HEADING)]
    bucket: Option<String>,
    /// The folder in the bucket
    #[arg(long, value_name = "FOLDER", requires = "s3", default_value = "", hide_default_value = true, help_heading = HEADING)]
    prefix: String,
    /// The region, as the provider calls it
    #[arg(long, value_name = "NAME", requires = "s3", default_value = "auto", help_heading = HEADING)]
    region: String,
    /// The access key ID
    #[arg(long, value_name = "ID", requires = "s3", help_heading = HEADING)]
    access_key_id: Option<String>,
    /// SFTP at this host, by the system's ssh and its keys: USER@HOST or USER@HOST:PORT
    #[arg(long, value_name = "HOST", group = "storage", requires = "path", help_heading = HEADING)]
    sftp: Option<String>,
    /// The folder there
    #[arg(long, value_name = "FOLDER", requires = "sftp", help_heading = HEADING)]
    path: Option<String>,
}

impl StorageArguments {
    /// Whether a storage was named.
    pub(super) fn are_given(&self) -> bool {
        self.folder.is_some() || self.webdav.is_some() || self.s3.is_some() || self.sftp.is_some()
    }

    /// The storage named, or else asked for.
    ///
    /// # Errors
    /// Where none is named and there is nobody to ask; where the terminal fails.
    pub(super) fn read(self) -> Result<StorageConfig, Error> {
        match self {
            Self { folder: Some(path), .. } => Ok(folder(&path)),
            Self { webdav: Some(url), user, .. } => webdav(url, user.unwrap_or_default()),
            Self { s3: Some(endpoint), region, bucket, prefix, access_key_id, .. } => Ok(StorageConfig::S3 {
                endpoint,
                region,
                bucket: bucket.unwrap_or_default(),
                prefix,
                access_key_id: access_key_id.unwrap_or_default(),
                secret_access_key: password("Secret access key: ")?,
            }),
            Self { sftp: Some(host), path, .. } => Ok(StorageConfig::Sftp { host, path: path.unwrap_or_default() }),
            _ if is_attended() => ask(),
            _ => Err(Error::NoStorageNamed),
        }
    }
}

/// The same storage, with the password that is asked for. Where it has none, as it was.
///
/// # Errors
/// Where the terminal fails.
pub(super) fn with_password(storage: StorageConfig) -> Result<StorageConfig, Error> {
    Ok(match storage {
        StorageConfig::WebDav { url, user, .. } => webdav(url, user)?,
        StorageConfig::S3 { endpoint, region, bucket, prefix, access_key_id, .. } => StorageConfig::S3 {
            endpoint,
            region,
            bucket,
            prefix,
            access_key_id,
            secret_access_key: password("Secret access key: ")?,
        },
        StorageConfig::Folder { .. } | StorageConfig::Sftp { .. } => storage,
    })
}

fn ask() -> Result<StorageConfig, Error> {
    eprintln!("Where should your devices meet? All that is put there is sealed first.");
    eprintln!("  1  a folder that other software carries about (Syncthing, Nextcloud, Dropbox)");
    eprintln!("  2  WebDAV (Nextcloud and others)");
    eprintln!("  3  S3, or what speaks like it");
    eprintln!("  4  SFTP, a machine that you reach by ssh");
    match question("1, 2, 3 or 4: ")?.as_str() {
        "1" => Ok(folder(&question("Folder: ")?)),
        "2" => webdav(question("Address (https://…): ")?, question("User name: ")?),
        "3" => Ok(StorageConfig::S3 {
            endpoint: question("Address (https://…): ")?,
            region: question("Region (auto where it does not matter): ")?,
            bucket: question("Bucket: ")?,
            prefix: question("Folder in it (may be empty): ")?,
            access_key_id: question("Access key ID: ")?,
            secret_access_key: password("Secret access key: ")?,
        }),
        "4" => Ok(StorageConfig::Sftp { host: question("USER@HOST: ")?, path: question("Folder there: ")? }),
        _ => Err(Error::NoStorageNamed),
    }
}

/// One that was named from where the user stands is the same from everywhere.
fn folder(path: &str) -> StorageConfig {
    let absolute = match path.starts_with("~/") {
        true => path.to_owned(),
        false => path::absolute(Path::new(path)).map_or_else(|_| path.to_owned(), |path| path.display().to_string()),
    };
    StorageConfig::Folder { path: absolute }
}

fn webdav(url: String, user: String) -> Result<StorageConfig, Error> {
    let password = password("App password for the storage: ")?;
    Ok(StorageConfig::WebDav { url, user, password })
}

fn question(prompt: &str) -> Result<String, Error> {
    read_line(prompt, "answer").map(|answer| answer.to_string())
}

fn password(prompt: &str) -> Result<Secret, Error> {
    let mut typed = read_hidden(prompt, "password")?;
    Ok(Secret::new(std::mem::take(&mut *typed)))
}

const HEADING: &str = "Storage (asked for where none is named)";
