//! One OpenDAL operator for each kind of storage.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::lock::Mutex;
use opendal::services::{Fs, S3, Webdav};
use opendal::{OperationContext, Operator};
use protocol::manage::sync::StorageConfig;
use sync_engine::storage::Trouble;

use super::config::{expanded, folder_name};
use super::transport::{Dialect, transporter};

/// Where a storage's files are.
pub(super) enum Place {
    /// A folder of this machine.
    Folder { operator: Operator, path: PathBuf },
    /// The folder is part of the operator's address. Who makes a folder in it holds `making`.
    WebDav { operator: Operator, folder: String, making: Mutex<()> },
    /// The folder is part of the operator's address.
    S3 { operator: Operator, folder: String },
    /// The folder is part of every path: with it as its root, the operator would make it.
    #[cfg_attr(not(unix), allow(dead_code))]
    Sftp { operator: Operator, base: String },
}

impl Place {
    /// Of a [checked](super::checked) description.
    pub(super) fn of(config: &StorageConfig, patience: Duration) -> Result<Self, Trouble> {
        match config {
            StorageConfig::Folder { path } => folder(&expanded(path).map_err(|bad| Trouble::Failed(bad.to_string()))?),
            StorageConfig::WebDav { url, user, password } => {
                // EXPOSE: for the Authorization header of the user's own server
                let service = Webdav::default().endpoint(url).username(user).password(password.expose_secret());
                // The parent of a new file is looked for only where the file cannot be put.
                let operator = online(service.disable_create_dir(true), url, Dialect::WebDav, patience)?;
                Ok(Self::WebDav { operator, folder: folder_name(config), making: Mutex::default() })
            }
            StorageConfig::S3 { endpoint, region, bucket, prefix, access_key_id, secret_access_key } => {
                let service = S3::default().endpoint(endpoint).region(region).bucket(bucket).root(prefix);
                // EXPOSE: signs the requests to the user's own storage
                let service = service.access_key_id(access_key_id).secret_access_key(secret_access_key.expose_secret());
                let service = service.disable_config_load().disable_ec2_metadata();
                let operator = online(service, endpoint, Dialect::S3, patience)?;
                Ok(Self::S3 { operator, folder: folder_name(config) })
            }
            StorageConfig::Sftp { host, path } => sftp(host, path),
        }
    }

    pub(super) fn operator(&self) -> &Operator {
        match self {
            Self::Folder { operator, .. }
            | Self::WebDav { operator, .. }
            | Self::S3 { operator, .. }
            | Self::Sftp { operator, .. } => operator,
        }
    }

    /// A path for the operator, from one under the user's folder.
    pub(super) fn path(&self, path: &str) -> String {
        match self {
            Self::Sftp { base, .. } => format!("{base}{path}"),
            _ => path.to_owned(),
        }
    }

    /// The user's folder, for a person.
    pub(super) fn folder(&self) -> String {
        match self {
            Self::Folder { path, .. } => path.display().to_string(),
            Self::WebDav { folder, .. } | Self::S3 { folder, .. } => folder.clone(),
            Self::Sftp { base, .. } => base.clone(),
        }
    }

    /// Whether a file appears under its name only once it is whole, if it is written under another first: where writing is not atomic and
    /// renaming is.
    pub(super) fn renames(&self) -> bool {
        matches!(self, Self::Folder { .. } | Self::Sftp { .. })
    }
}

fn folder(path: &Path) -> Result<Place, Trouble> {
    // Looked for first: the operator would make it.
    if !path.is_dir() {
        return Err(Trouble::Gone(path.display().to_string()));
    }
    let Some(root) = path.to_str() else {
        return Err(Trouble::Failed("the folder's name is no Unicode".to_owned()));
    };
    let operator = Operator::new(Fs::default().root(root)).map_err(|error| Trouble::Failed(error.to_string()))?;
    Ok(Place::Folder { operator, path: path.to_owned() })
}

fn online(
    service: impl opendal::Builder,
    url: &str,
    dialect: Dialect,
    patience: Duration,
) -> Result<Operator, Trouble> {
    let context = OperationContext::new().with_http_transport(transporter(url, dialect, patience)?);
    // Not with the error's own text: it may hold what it was built of.
    let operator = Operator::new(service).map_err(|error| Trouble::Failed(error.kind().to_string()))?;
    Ok(operator.with_context(context))
}

#[cfg(unix)]
fn sftp(host: &str, path: &str) -> Result<Place, Trouble> {
    let service = opendal::services::Sftp::default().endpoint(&format!("ssh://{host}")).known_hosts_strategy("strict");
    // Without a root, paths begin in the user's home there.
    let service = if path.starts_with('/') { service.root("/") } else { service };
    let operator = Operator::new(service).map_err(|error| Trouble::Failed(error.kind().to_string()))?;
    let base = path.trim_start_matches("~/").trim_matches('/');
    let base = if base.is_empty() || base == "~" { String::new() } else { format!("{base}/") };
    Ok(Place::Sftp { operator, base })
}

#[cfg(not(unix))]
fn sftp(_: &str, _: &str) -> Result<Place, Trouble> {
    Err(Trouble::Failed("SFTP works on Linux and macOS alone".to_owned()))
}
