//! What the QR code beside a join code holds: the code, and the storage without its password.

use protocol::manage::sync::{Secret, StorageConfig};
use reqwest::Url;

use super::config::checked;

/// Longer ones are not read, bytes.
const LONGEST: usize = 4096;

/// `keystow:join?code=…&at=webdav&url=…&user=…`. It holds the join code: for a screen, not for a log.
pub fn invitation(code: &Secret, config: &StorageConfig) -> Secret {
    let mut pairs = vec![("code", code.expose_secret())]; // EXPOSE: to be shown, as the code beside it is
    match config {
        StorageConfig::Folder { path } => pairs.extend([("at", "folder"), ("path", path)]),
        StorageConfig::WebDav { url, user, password: _ } => {
            pairs.extend([("at", "webdav"), ("url", url), ("user", user)]);
        }
        StorageConfig::S3 { endpoint, region, bucket, prefix, access_key_id, secret_access_key: _ } => {
            pairs.extend([("at", "s3"), ("url", endpoint), ("region", region), ("bucket", bucket)]);
            pairs.extend([("path", prefix.as_str()), ("user", access_key_id)]);
        }
        StorageConfig::Sftp { host, path } => pairs.extend([("at", "sftp"), ("host", host), ("path", path)]),
    }
    let url = Url::parse_with_params("keystow:join", pairs).map(String::from);
    Secret::new(url.unwrap_or_default())
}

/// The code and the storage of an [`invitation`], passwords empty; nothing where it is none.
pub fn read_invitation(text: &str) -> Option<(Secret, StorageConfig)> {
    let url = Some(text.trim()).filter(|text| text.len() <= LONGEST).and_then(|text| Url::parse(text).ok())?;
    if url.scheme() != "keystow" || url.path() != "join" {
        return None;
    }
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let config = match value("at")?.as_str() {
        "folder" => StorageConfig::Folder { path: value("path")? },
        "webdav" => StorageConfig::WebDav { url: value("url")?, user: value("user")?, password: Secret::default() },
        "s3" => StorageConfig::S3 {
            endpoint: value("url")?,
            region: value("region")?,
            bucket: value("bucket")?,
            prefix: value("path")?,
            access_key_id: value("user")?,
            secret_access_key: Secret::default(),
        },
        "sftp" => StorageConfig::Sftp { host: value("host")?, path: value("path")? },
        _ => return None,
    };
    Some((Secret::new(value("code")?), checked(&config).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn the_other_device_reads_everything_but_the_password() {
        let s3 = |password| StorageConfig::S3 {
            endpoint: "https://s3.example.org".to_owned(),
            region: "auto".to_owned(),
            bucket: "my-bucket".to_owned(),
            prefix: "Keystow".to_owned(),
            access_key_id: "AKIA".to_owned(),
            secret_access_key: secret(password),
        };
        let web_dav = |password| StorageConfig::WebDav {
            url: "https://cloud.example.org/a%20b&c=d".to_owned(),
            user: "änna & co".to_owned(),
            password: secret(password),
        };
        let folder = StorageConfig::Folder { path: "~/Sync?#&".to_owned() };
        let sftp = StorageConfig::Sftp { host: "anna@nas:2222".to_owned(), path: "/srv/keystow".to_owned() };
        for (mine, theirs) in
            [(s3("hunter2"), s3("")), (web_dav("hunter2"), web_dav("")), (folder.clone(), folder), (sftp.clone(), sftp)]
        {
            let text = invitation(&secret("7QK4-M2XB-P9DT-3HWE"), &mine);
            assert!(!text.expose_secret().contains("hunter2"));
            let (code, read) = read_invitation(text.expose_secret()).unwrap();
            assert_eq!(code.expose_secret(), "7QK4-M2XB-P9DT-3HWE");
            assert_eq!(read, theirs);
        }
    }

    #[test]
    fn other_texts_are_no_invitations() {
        for text in [
            "",
            "7QK4-M2XB-P9DT-3HWE",
            "https://example.org/join?code=x&at=folder&path=/x",
            "keystow:other?code=x&at=folder&path=/x",
            "keystow:join?at=folder&path=/x",
            "keystow:join?code=x&at=elsewhere",
            "keystow:join?code=x&at=webdav&url=http://example.org&user=",
            "keystow:join?code=x&at=sftp&host=-oProxyCommand%3Did&path=x",
        ] {
            assert_eq!(read_invitation(text).map(|(_, config)| config), None, "{text}");
        }
        assert!(read_invitation(&format!("keystow:join?code={}&at=folder&path=/x", "x".repeat(5000))).is_none());
    }
}
