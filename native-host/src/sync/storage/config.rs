//! Where a device synchronizes: what of it makes sense, how it is told, and how the keychain keeps it.

use std::net::IpAddr;
use std::path::PathBuf;

use directories::BaseDirs;
use protocol::manage::sync::StorageConfig;
use reqwest::Url;
use zeroize::Zeroizing;

mod bad;

pub use bad::BadStorage;

/// The description as it is kept and used: without spaces around, without slashes at ends, with a scheme.
///
/// # Errors
/// See [`BadStorage`]. Whether anything is there is not looked at.
pub fn checked(config: &StorageConfig) -> Result<StorageConfig, BadStorage> {
    Ok(match config {
        StorageConfig::Folder { path } => StorageConfig::Folder { path: checked_folder(path)? },
        StorageConfig::WebDav { url, user, password } => {
            // RFC 7617 §2: what is before the first colon is the user.
            let user = plain(user).filter(|user| !user.contains(':')).ok_or(BadStorage::User)?;
            StorageConfig::WebDav { url: checked_url(url)?, user, password: password.clone() }
        }
        StorageConfig::S3 { endpoint, region, bucket, prefix, access_key_id, secret_access_key } => {
            let region = plain(region).ok_or(BadStorage::Region)?;
            StorageConfig::S3 {
                endpoint: checked_url(endpoint)?,
                region: if region.is_empty() { "auto".to_owned() } else { region },
                bucket: plain(bucket).filter(|bucket| is_bucket(bucket)).ok_or(BadStorage::Bucket)?,
                prefix: checked_path(prefix)?.trim_matches('/').to_owned(),
                access_key_id: plain(access_key_id).filter(|id| !id.is_empty()).ok_or(BadStorage::AccessKey)?,
                secret_access_key: secret_access_key.clone(),
            }
        }
        StorageConfig::Sftp { host, path } => {
            let path = checked_path(path)?;
            if path.is_empty() {
                return Err(BadStorage::NoFolder);
            }
            let kept = if path.starts_with('/') { format!("/{}", path.trim_matches('/')) } else { path };
            StorageConfig::Sftp { host: checked_host(host)?, path: kept }
        }
    })
}

/// Where, in words, without any password: `WebDAV, cloud.example.org`.
pub fn describe(config: &StorageConfig) -> String {
    match config {
        StorageConfig::Folder { path } => format!("Folder, {path}"),
        StorageConfig::WebDav { url, .. } => format!("WebDAV, {}", host_of(url)),
        StorageConfig::S3 { endpoint, bucket, .. } => format!("S3, {bucket} at {}", host_of(endpoint)),
        StorageConfig::Sftp { host, .. } => format!("SFTP, {host}"),
    }
}

/// As the keychain keeps it: CBOR. It holds the password.
pub fn to_bytes(config: &StorageConfig) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
    // safe: a vector takes everything, and the type has nothing that CBOR has not
    ciborium::into_writer(config, &mut *bytes).expect("CBOR of a plain type"); // safe: as said
    bytes
}

/// What [`to_bytes`] made; nothing of anything else.
pub fn from_bytes(bytes: &[u8]) -> Option<StorageConfig> {
    ciborium::de::from_reader_with_recursion_limit(bytes, 8).ok()
}

/// The folder that the user chose, for a person.
pub(super) fn folder_name(config: &StorageConfig) -> String {
    match config {
        StorageConfig::Folder { path } | StorageConfig::Sftp { path, .. } => path.clone(),
        StorageConfig::WebDav { url, .. } => {
            let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
            format!("{}{path}", host_of(url))
        }
        StorageConfig::S3 { bucket, .. } => bucket.clone(),
    }
}

/// A folder's path on this machine.
pub(super) fn expanded(path: &str) -> Result<PathBuf, BadStorage> {
    let inside = path.strip_prefix("~/").or_else(|| (path == "~").then_some(""));
    match (inside, BaseDirs::new()) {
        (None, _) => Ok(PathBuf::from(path)),
        (Some(inside), Some(dirs)) => Ok(dirs.home_dir().join(inside)),
        (Some(_), None) => Err(BadStorage::NoFolder),
    }
}

/// Whether it is spoken to without TLS: only this machine is.
pub(super) fn is_plain_http(url: &str) -> bool {
    url.starts_with("http://")
}

fn checked_folder(path: &str) -> Result<String, BadStorage> {
    let path = plain(path).filter(|path| !path.is_empty()).ok_or(BadStorage::NoFolder)?;
    if !expanded(&path)?.is_absolute() {
        return Err(BadStorage::RelativeFolder);
    }
    let short = path.trim_end_matches('/');
    Ok(if short.is_empty() || short.ends_with(':') { path } else { short.to_owned() })
}

fn checked_url(text: &str) -> Result<String, BadStorage> {
    let text = plain(text).filter(|text| !text.is_empty()).ok_or(BadStorage::NoAddress)?;
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" | "davs" | "webdavs" => "https",
        "http" | "dav" | "webdav" => "http",
        _ => return Err(BadStorage::Scheme),
    };
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| BadStorage::NoAddress)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadStorage::UserInAddress);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BadStorage::NotAFolder);
    }
    if scheme == "http" && !is_this_machine(&url) {
        return Err(BadStorage::Unprotected);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// RFC 5735 §3, RFC 4291 §2.5.3, RFC 6761 §6.3.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// `user@host` or `user@host:port`, and nothing that ssh could take for an option.
fn checked_host(text: &str) -> Result<String, BadStorage> {
    let text = plain(text).ok_or(BadStorage::Host)?;
    let text = text.trim_start_matches("sftp://").trim_start_matches("ssh://").trim_end_matches('/');
    let (user, rest) = text.rsplit_once('@').map_or((None, text), |(user, rest)| (Some(user), rest));
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let named = |name: &str, more: &[char]| {
        let mut characters = name.chars();
        characters.next().is_some_and(|first| first != '-')
            && name.chars().all(|character| character.is_alphanumeric() || more.contains(&character))
    };
    let fits = user.is_none_or(|user| named(user, &['.', '_', '-', '+']))
        && named(host, &['.', '_', '-', ':', '[', ']'])
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
    fits.then(|| text.to_owned()).ok_or(BadStorage::Host)
}

/// A path on a server, without slashes at its end.
fn checked_path(text: &str) -> Result<String, BadStorage> {
    let path = plain(text).filter(|path| path.split('/').all(|part| part != "..")).ok_or(BadStorage::Path)?;
    let short = path.trim_end_matches('/');
    Ok(if short.is_empty() { path } else { short.to_owned() })
}

/// As AWS, and those who speak like it, name buckets.
fn is_bucket(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || ".-_".contains(character))
}

/// Trimmed; nothing where it has control characters.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// Host, and port where it is not the usual one.
fn host_of(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests;
