//! Storages as the host asks them, against real servers: the four verbs on each, and what goes wrong.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A test fails by panicking.

#[path = "storage/trouble.rs"]
mod trouble;
#[path = "storage/verbs.rs"]
mod verbs;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use protocol::manage::sync::StorageConfig;
use sync_engine::storage::{Answer, Folder, ObjectName, Request};

use servers::{Moto, Syncthings, WebDav, in_child_with_ssh, sftp_of_parent};
use verbs::{ask, device, get, list, noise, open, put};

/// Names that are not ours, in a folder of ours.
const JUNK: [&str; 7] = [
    "desktop.ini",
    "01010101010101010101010101010101.0000000000000001.sync-conflict-20260101-120000-ABCDEFG",
    "03030303030303030303030303030303.0000000000000001.part",
    "01010101010101010101010101010101.1",
    "0101010101010101010101010101010A.0000000000000001",
    "a b%20c&d",
    "ü",
];

fn folder(path: &Path) -> StorageConfig {
    StorageConfig::Folder { path: path.display().to_string() }
}

/// The storage shows none of what others put beside ours, and no folder.
fn junk_is_not_listed(config: &StorageConfig, on_disk: &Path) {
    let heads = on_disk.join("v1/head");
    for name in JUNK {
        fs::write(heads.join(name), b"junk").unwrap();
    }
    fs::create_dir(heads.join("02020202020202020202020202020202.0000000000000001")).unwrap();
    let storage = open(config);
    let ours = ObjectName::Head(device(1), 1);
    put(&storage, &ours, b"ours");
    let listed: Vec<_> = list(&storage, Folder::Heads)
        .into_iter()
        .filter(|name| !matches!(name, ObjectName::Head(_, 0 | 2..)))
        .collect();
    assert_eq!(listed[..1], [ours], "{listed:?}");
    assert!(!listed.contains(&ObjectName::Head(device(2), 1)), "{listed:?}");
}

fn web_dav(server: Option<WebDav>) {
    let Some(server) = server else { return };
    verbs::all(&server.config());
    servers::open_folder(&server.folder().join("v1/head"));
    junk_is_not_listed(&server.config(), &server.folder());
}

#[test]
fn a_folder() {
    let home = tempfile::tempdir().unwrap();
    verbs::all(&folder(home.path()));
    junk_is_not_listed(&folder(home.path()), home.path());
}

#[test]
fn webdav_by_apache() {
    web_dav(WebDav::apache());
}

#[test]
fn webdav_by_nginx() {
    web_dav(WebDav::nginx());
}

#[test]
fn webdav_by_rclone() {
    web_dav(WebDav::rclone());
}

#[test]
fn s3_by_moto() {
    let Some(server) = Moto::start() else { return };
    verbs::all(&server.config());
}

/// S3 answers a list in pages of 1,000 names.
#[test]
fn a_list_in_pages() {
    let Some(server) = Moto::start() else { return };
    let storage = open(&server.config());
    let names: Vec<_> = (0..1100).map(|number| ObjectName::Head(device(1), number)).collect();
    let puts = names.iter().map(|name| Request::Put(name.clone(), vec![1])).collect();
    assert_eq!(storage.carry_out(puts), vec![Answer::Done; names.len()]);
    assert_eq!(list(&storage, Folder::Heads), names);
}

#[test]
fn sftp_by_openssh() {
    let Some((config, on_disk)) = sftp_of_parent() else { return in_child_with_ssh("sftp_by_openssh") };
    verbs::all(&config);
    servers::open_folder(&on_disk.join("v1/head"));
    junk_is_not_listed(&config, &on_disk);
    // In the home folder there, which is where it begins.
    let StorageConfig::Sftp { host, .. } = config else { panic!("{config:?}") };
    for path in ["files/keystow", "~/files/keystow"] {
        let storage = open(&StorageConfig::Sftp { host: host.clone(), path: path.to_owned() });
        assert!(!list(&storage, Folder::Heads).is_empty(), "{path}");
    }
}

/// A folder that Syncthing carries: what one device writes, another finds, and nothing but that.
#[test]
fn a_folder_carried_by_syncthing() {
    let Some(syncthings) = Syncthings::start() else { return };
    let [one, two] = [0, 1].map(|which| open(&folder(&syncthings.folder(which))));
    let names: Vec<_> = (0..20).map(|number| ObjectName::Head(device(1), number)).collect();
    for name in &names {
        put(&one, name, &noise(20_000, 1));
        put(&two, &ObjectName::Head(device(2), 1), b"two");
    }
    let begun = Instant::now();
    let all_there = |storage| list(storage, Folder::Heads).len() == names.len() + 1;
    while !(all_there(&one) && all_there(&two)) {
        assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", list(&two, Folder::Heads));
        thread::sleep(Duration::from_millis(200));
    }
    for name in &names {
        assert_eq!(get(&two, name, 20_000), Answer::Got(noise(20_000, 1)), "{name:?}");
    }
    assert_eq!(get(&one, &ObjectName::Head(device(2), 1), 100), Answer::Got(b"two".to_vec()));
    ask(&two, Request::Delete(names[0].clone()));
    while list(&one, Folder::Heads).contains(&names[0]) {
        assert!(begun.elapsed() < Duration::from_secs(180), "a deletion arrives");
        thread::sleep(Duration::from_millis(200));
    }
}
