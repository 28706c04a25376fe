//! What a person does with several devices, whole, on real machines' vaults over each real server: founding, joining by code, conflicting edits,
//! removing, recovering from paper (SYNC §8 to §11).

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A test fails by panicking.

#[path = "sync_servers/device.rs"]
mod device;

use std::thread;
use std::time::Duration;

use protocol::manage::sync::StorageConfig;
use protocol::webauthn::CredentialId;
use sync_engine::engine::{Outcome, Refusal, Task};

use device::{Device, join, paper_key};
use servers::{Moto, WebDav, in_child_with_ssh, sftp_of_parent};

fn whole_story(config: &StorageConfig) {
    let (words, paper) = paper_key();
    let laptop = Device::new("Laptop", config);
    let first = laptop.adds("a.example");
    laptop.adds("b.example");
    assert_eq!(laptop.runs(Task::Check), Outcome::Checked { heads: 0 });
    assert_eq!(laptop.runs(Task::Found { name: "Laptop".to_owned(), paper }), Outcome::Done);
    laptop.syncs();

    let desktop = Device::new("Desktop", config);
    let own = desktop.adds("c.example");
    let desktop_id = join(&laptop, &desktop);
    assert_eq!(laptop.passkeys(), desktop.passkeys());
    assert_eq!(desktop.passkeys().len(), 3);

    an_edit_on_both(&laptop, &desktop, &first);
    laptop.deletes(&own);
    laptop.syncs();
    desktop.syncs();
    assert_eq!(desktop.passkeys().len(), 2);

    let tablet = Device::new("Tablet", config);
    join(&desktop, &tablet);
    // Who came later cannot remove who came earlier; the other way round it can, and the rest go on.
    let evicts = tablet.runs(Task::Remove { devices: vec![desktop_id], paper: None });
    assert_eq!(evicts, Outcome::Refused(Refusal::TooOld));
    laptop.syncs();
    assert_eq!(laptop.runs(Task::Remove { devices: vec![desktop_id], paper: None }), Outcome::Done);
    laptop.adds("d.example");
    laptop.syncs();
    tablet.syncs();
    desktop.tries_to_sync();
    assert_eq!(tablet.passkeys(), laptop.passkeys());
    assert_eq!(tablet.passkeys().len(), 3);
    assert_eq!(desktop.passkeys().len(), 2);

    let phone = Device::new("Phone", config);
    phone.recovers(&words, 3);
    assert_eq!(phone.passkeys(), laptop.passkeys());
    phone.adds("e.example");
    phone.syncs();
    laptop.syncs();
    tablet.syncs();
    assert_eq!(laptop.passkeys().len(), 4);
    assert_eq!(laptop.passkeys(), phone.passkeys());
    assert_eq!(laptop.passkeys(), tablet.passkeys());
}

/// Both name a passkey before either knows of the other: the later name shows on both, the earlier one is kept.
fn an_edit_on_both(laptop: &Device, desktop: &Device, passkey: &CredentialId) {
    laptop.labels(passkey, "from the laptop");
    thread::sleep(Duration::from_millis(5));
    desktop.labels(passkey, "from the desktop");
    laptop.syncs();
    desktop.syncs();
    laptop.syncs();
    for device in [laptop, desktop] {
        assert_eq!(device.label_of(passkey), "from the desktop");
        assert_eq!(device.earlier_labels_of(passkey), ["from the laptop"]);
    }
}

#[test]
fn over_a_folder() {
    let home = tempfile::tempdir().unwrap();
    whole_story(&StorageConfig::Folder { path: home.path().display().to_string() });
}

#[test]
fn over_apache() {
    if let Some(server) = WebDav::apache() {
        whole_story(&server.config());
    }
}

#[test]
fn over_nginx() {
    if let Some(server) = WebDav::nginx() {
        whole_story(&server.config());
    }
}

#[test]
fn over_rclone() {
    if let Some(server) = WebDav::rclone() {
        whole_story(&server.config());
    }
}

#[test]
fn over_s3() {
    if let Some(server) = Moto::start() {
        whole_story(&server.config());
    }
}

#[test]
fn over_sftp() {
    match sftp_of_parent() {
        Some((config, _)) => whole_story(&config),
        None => in_child_with_ssh("over_sftp"),
    }
}
