//! Nextcloud's users know the address of their cloud, and not that of its WebDAV.

use protocol::manage::sync::StorageConfig;
use reqwest::Url;
use serde::Deserialize;
use sync_engine::storage::Trouble;

use super::config::checked;
use super::transport::client;
use super::{PATIENCE, Quiet};

/// A longer answer is not the one looked for, bytes.
const LONGEST: usize = 16 * 1024;

/// What Nextcloud, and ownCloud before it, says of itself to everybody.
#[derive(Deserialize)]
struct Status {
    installed: bool,
    #[serde(rename = "versionstring")]
    _version: String,
}

/// The [checked] description; where it is the address of a Nextcloud and not of its WebDAV, with a user, the folder of that user:
/// `https://HOST/remote.php/dav/files/USER`. The server itself says what it is; it is asked without the password.
///
/// # Errors
/// [`Trouble::Failed`] where the description makes no sense. That the server does not answer is none: it is told when it is used.
pub fn settled(config: &StorageConfig) -> Result<StorageConfig, Trouble> {
    let mut config = checked(config).map_err(|bad| Trouble::Failed(bad.to_string()))?;
    if let StorageConfig::WebDav { url, user, .. } = &mut config
        && !user.is_empty()
        && !url.contains("/remote.php")
        && Quiet::start()?.block_on(is_nextcloud(url))
    {
        *url = of_user(url, user).unwrap_or_else(|| url.clone());
    }
    Ok(config)
}

fn of_user(url: &str, user: &str) -> Option<String> {
    let mut address = Url::parse(url).ok()?;
    address.path_segments_mut().ok()?.pop_if_empty().extend(["remote.php", "dav", "files", user]);
    Some(address.into())
}

async fn is_nextcloud(url: &str) -> bool {
    let Ok(client) = client(url, PATIENCE) else { return false };
    let Ok(mut response) = client.get(format!("{url}/status.php")).timeout(PATIENCE).send().await else { return false };
    let mut answer = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        answer.extend_from_slice(&piece);
        if answer.len() > LONGEST {
            return false;
        }
    }
    response.status().is_success() && serde_json::from_slice::<Status>(&answer).is_ok_and(|status| status.installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_user() {
        for (url, user, folder) in [
            ("https://cloud.example.org", "anna", "https://cloud.example.org/remote.php/dav/files/anna"),
            ("https://example.org/cloud", "anna b/c", "https://example.org/cloud/remote.php/dav/files/anna%20b%2Fc"),
        ] {
            assert_eq!(of_user(url, user).as_deref(), Some(folder));
        }
    }
}
