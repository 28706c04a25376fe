use protocol::manage::sync::{Secret, StorageConfig};

use super::{BadStorage, checked, describe, from_bytes, to_bytes};

fn web_dav(url: &str) -> StorageConfig {
    StorageConfig::WebDav { url: url.to_owned(), user: " anna ".to_owned(), password: Secret::new("p:w ".to_owned()) }
}

fn folder(path: &str) -> StorageConfig {
    StorageConfig::Folder { path: path.to_owned() }
}

fn sftp(host: &str, path: &str) -> StorageConfig {
    StorageConfig::Sftp { host: host.to_owned(), path: path.to_owned() }
}

fn s3(bucket: &str, prefix: &str) -> StorageConfig {
    StorageConfig::S3 {
        endpoint: "s3.example.org/".to_owned(),
        region: String::new(),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        access_key_id: "AKIA".to_owned(),
        secret_access_key: Secret::new("very secret".to_owned()),
    }
}

fn url_of(config: &StorageConfig) -> Result<String, BadStorage> {
    match checked(config)? {
        StorageConfig::WebDav { url, user, password } => {
            assert_eq!((user.as_str(), password.expose_secret()), ("anna", "p:w "));
            Ok(url)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn addresses_are_made_uniform() {
    for (typed, kept) in [
        (" https://cloud.example.org/dav/Keystow// ", "https://cloud.example.org/dav/Keystow"),
        ("cloud.example.org", "https://cloud.example.org"),
        ("cloud.example.org:8443/a b/ü", "https://cloud.example.org:8443/a%20b/%C3%BC"),
        ("davs://cloud.example.org/x/", "https://cloud.example.org/x"),
        ("HTTPS://Cloud.Example.org/X", "https://cloud.example.org/X"),
        ("http://localhost:8080/dav", "http://localhost:8080/dav"),
        ("dav://127.0.0.1:80/x", "http://127.0.0.1/x"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ] {
        assert_eq!(url_of(&web_dav(typed)).as_deref(), Ok(kept), "{typed}");
    }
}

#[test]
fn addresses_that_make_no_sense() {
    for (typed, why) in [
        ("", BadStorage::NoAddress),
        ("https://", BadStorage::NoAddress),
        ("https://a b", BadStorage::NoAddress),
        ("ftp://example.org", BadStorage::Scheme),
        ("file:///etc", BadStorage::Scheme),
        ("https://anna:secret@example.org/", BadStorage::UserInAddress),
        ("https://example.org/apps/files?dir=/Keystow", BadStorage::NotAFolder),
        ("https://example.org/#files", BadStorage::NotAFolder),
        ("http://example.org/dav", BadStorage::Unprotected),
        ("http://192.168.1.2/dav", BadStorage::Unprotected),
        ("http://localhost.example.org/dav", BadStorage::Unprotected),
        ("http://127.0.0.1.example.org/dav", BadStorage::Unprotected),
    ] {
        assert_eq!(url_of(&web_dav(typed)), Err(why), "{typed}");
    }
    let colon =
        StorageConfig::WebDav { url: "example.org".to_owned(), user: "an:na".to_owned(), password: Secret::default() };
    assert_eq!(checked(&colon), Err(BadStorage::User));
}

#[test]
fn folders() {
    assert_eq!(checked(&folder(" ~/Sync/Keystow/ ")), Ok(folder("~/Sync/Keystow")));
    #[cfg(unix)]
    assert_eq!(checked(&folder("/")), Ok(folder("/")));
    #[cfg(unix)]
    assert_eq!(checked(&folder("/srv/sync//")), Ok(folder("/srv/sync")));
    assert_eq!(checked(&folder("Sync")), Err(BadStorage::RelativeFolder));
    assert_eq!(checked(&folder(" ")), Err(BadStorage::NoFolder));
}

#[test]
fn hosts_of_ssh_are_hosts_and_never_options() {
    for (typed, kept) in [
        ("anna@nas.local", "anna@nas.local"),
        ("sftp://anna@nas.local:2222/", "anna@nas.local:2222"),
        ("nas", "nas"),
        ("anna@[fe80::1]:22", "anna@[fe80::1]:22"),
    ] {
        assert_eq!(checked(&sftp(typed, "Keystow/")), Ok(sftp(kept, "Keystow")), "{typed}");
    }
    for typed in
        ["", "-oProxyCommand=id", "anna@-oProxyCommand", "-x@host", "a b", "host:0", "host:99999", "a@b/c", "$(id)@x"]
    {
        assert_eq!(checked(&sftp(typed, "Keystow")), Err(BadStorage::Host), "{typed}");
    }
    assert_eq!(checked(&sftp("nas", "//srv/keystow//")), Ok(sftp("nas", "/srv/keystow")));
    assert_eq!(checked(&sftp("nas", "")), Err(BadStorage::NoFolder));
    assert_eq!(checked(&sftp("nas", "a/../b")), Err(BadStorage::Path));
}

#[test]
fn buckets() {
    let Ok(StorageConfig::S3 { endpoint, region, prefix, .. }) = checked(&s3("my-bucket", "/Keystow/")) else {
        panic!("a bucket");
    };
    assert_eq!((endpoint.as_str(), region.as_str(), prefix.as_str()), ("https://s3.example.org", "auto", "Keystow"));
    for name in ["", "ab", "a/b", "ä-bucket", "a b c"] {
        assert_eq!(checked(&s3(name, "")), Err(BadStorage::Bucket), "{name}");
    }
    assert_eq!(checked(&s3("my-bucket", "../x")), Err(BadStorage::Path));
}

#[test]
fn described_without_passwords() {
    for (config, words) in [
        (folder("~/Sync"), "Folder, ~/Sync"),
        (web_dav("https://cloud.example.org:8443/x"), "WebDAV, cloud.example.org:8443"),
        (checked(&s3("my-bucket", "x")).unwrap(), "S3, my-bucket at s3.example.org"),
        (sftp("anna@nas:22", "x"), "SFTP, anna@nas:22"),
    ] {
        assert_eq!(describe(&config), words);
    }
}

#[test]
fn kept_and_read_again() {
    for config in [folder("~/Sync"), web_dav("https://example.org"), s3("my-bucket", "x"), sftp("nas", "x")] {
        assert_eq!(from_bytes(&to_bytes(&config)), Some(config));
    }
    assert_eq!(from_bytes(b""), None);
    assert_eq!(from_bytes(&[0x81; 64]), None);
}
