//! A storage as version 1 wrote it, with all keys: every later version reads all of it, and finds in it what was written.
//!
//! `cargo run -p sync-engine --example v1_objects -- FOLDER` made it. What is here stays as it is, even where that would write other bytes by now.

mod contents;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use contents::Keys;
use sync_engine::format::{Ask, CircleObject, Head, HeadObject, PackObject, PackRef, Seen, Yes};
use sync_engine::ids::{DeviceId, ObjectHash, RecordId};
use sync_engine::keys::{Identity, SyncVaultKey};
use sync_engine::record::Record;
use sync_engine::storage::ObjectName;

#[test]
fn the_storage_has_the_objects_that_were_written() {
    let kinds: Vec<_> = names().iter().map(|name| name.path().split('/').nth(1).expect("a kind").to_owned()).collect();
    let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
    assert_eq!(["head", "pack", "circle", "join"].map(count), [3, 3, 3, 2]);
}

#[test]
fn objects_are_what_their_names_say() {
    for name in names() {
        let bytes = read(&name);
        match name {
            ObjectName::Pack(_, hash) | ObjectName::Circle(hash) => assert_eq!(ObjectHash::of_object(&bytes), hash),
            _ => {}
        }
    }
}

#[test]
fn circles_open_for_members_and_say_what_was_said() {
    let keys = keys();
    let mut numbers = BTreeSet::new();
    for name in names() {
        let ObjectName::Circle(_) = name else { continue };
        let object = CircleObject::parse(&read(&name)).expect("a circle object");
        assert_eq!(object.vault, keys.vault());
        let said = object.open(&keys.paper).expect("the recovery key is a member").sentences.len();
        let number = [1, 3, 5].iter().position(|count| *count == said).expect("one of the three") + 1;
        numbers.insert(number);
        let members: &[&Identity] = match number {
            1 => &[&keys.laptop, &keys.paper],
            2 => &[&keys.laptop, &keys.desktop, &keys.tablet, &keys.paper],
            _ => &[&keys.laptop, &keys.desktop, &keys.paper],
        };
        assert_eq!(object.members().collect::<BTreeSet<_>>().len(), members.len());
        for member in members {
            let circle = object.open(member).expect("a member's circle");
            assert_eq!(circle.encode(), keys.circle(number).encode());
        }
        assert_eq!(object.open(&keys.tablet).is_ok(), number == 2);
    }
    assert_eq!(numbers, BTreeSet::from([1, 2, 3]));
}

#[test]
fn sentences_are_signed() {
    let keys = keys();
    let (laptop, paper) = (keys.laptop.card("", false, None), keys.paper.card("", true, None));
    let name = circle_of(&head_object(&keys.laptop.id(), 2));
    let circle = CircleObject::parse(&read(&name)).expect("a circle object").open(&keys.desktop).expect("a member's");
    assert_eq!(circle.sentences.len(), 5);
    assert!(circle.sentences.iter().all(|sentence| sentence.is_signed_by(&laptop)));
    assert!(circle.sentences[0].is_countersigned_by(&paper));
    assert_eq!(circle.sentences[0].body.vault(), keys.vault());
}

#[test]
fn heads_name_the_packs_and_what_was_seen() {
    let keys = keys();
    for (device, n, key) in [(&keys.laptop, 1, 0), (&keys.laptop, 2, 1), (&keys.desktop, 1, 1)] {
        let (bytes, head) = head(&keys, device, n, &keys.vault_keys[key]);
        assert!(
            head.packs.iter().all(|pack| read(&ObjectName::Pack(device.id(), pack.hash)).len() as u64 == pack.length)
        );
        let expected = keys.head(device, n, head.packs.clone(), head.seen.clone());
        assert_eq!(head, expected);
        let circle = circle_of(&bytes);
        assert!(names().contains(&circle));
    }
    // Each has seen the other's first.
    let (bytes, first) = head(&keys, &keys.laptop, 1, &keys.vault_keys[0]);
    assert_eq!((first.seen, first.packs[0].to, first.packs[0].count), (vec![], 1, 1));
    let (_, desktops) = head(&keys, &keys.desktop, 1, &keys.vault_keys[1]);
    let hash = ObjectHash::of_object(&bytes);
    assert_eq!(desktops.seen, [Seen { device: keys.laptop.id(), n: 1, hash }]);
    let (_, second) = head(&keys, &keys.laptop, 2, &keys.vault_keys[1]);
    assert_eq!(second.packs.iter().map(|pack: &PackRef| pack.to).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn packs_hold_the_records() {
    let keys = keys();
    let (_, laptops) = head(&keys, &keys.laptop, 2, &keys.vault_keys[1]);
    let (_, desktops) = head(&keys, &keys.desktop, 1, &keys.vault_keys[1]);
    let pack = |device: &Identity, pack: &PackRef, key: usize| -> Vec<(RecordId, Record)> {
        let bytes = read(&ObjectName::Pack(device.id(), pack.hash));
        let object = PackObject::parse(&bytes).expect("a pack object");
        assert_eq!(object.key, keys.vault_keys[key].id());
        object.open(&keys.vault(), &device.id(), &keys.vault_keys[key]).expect("a pack")
    };
    assert!(pack(&keys.laptop, &laptops.packs[0], 0) == keys.first_pack());
    assert!(pack(&keys.laptop, &laptops.packs[1], 1) == keys.second_pack());
    assert!(pack(&keys.desktop, &desktops.packs[0], 1) == keys.desktop_pack());
    let (_, mut record) = keys.first_pack().remove(0);
    record.merge(&keys.desktop_pack()[0].1);
    let labels: Vec<_> = record.values(64).iter().map(|(_, label)| String::from_utf8_lossy(label)).collect();
    assert_eq!(labels, ["Bank – “gemeinsam”", "label 7", "label 6", "label 5", "label 4"]);
}

#[test]
fn the_mailbox_opens_with_the_code() {
    let keys = keys();
    let mailbox = keys.code.mailbox();
    assert_eq!(Ask::open(&read(&ObjectName::Ask(mailbox.slot)), &mailbox), Ok(keys.ask()));
    let yes = Yes::open(&read(&ObjectName::Yes(mailbox.slot)), &mailbox).expect("an answer");
    assert_eq!(ObjectName::Circle(yes.circle), circle_of(&head_object(&keys.laptop.id(), 2)));
    assert_eq!(yes, keys.yes(yes.circle, yes.seen.clone()));
    assert_eq!(yes.seen.len(), 1);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/v1")
}

fn keys() -> Keys {
    Keys::read(&fs::read_to_string(folder().join("keys.txt")).expect("keys.txt"))
}

/// All files of the storage: each must have a name of ours.
fn names() -> Vec<ObjectName> {
    fn collect(folder: &Path, path: &str, names: &mut Vec<ObjectName>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = format!("{path}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{path}/"), names);
            } else {
                names.push(ObjectName::from_path(&path).unwrap_or_else(|| panic!("{path} is no name")));
            }
        }
    }
    let mut names = Vec::new();
    collect(&folder().join("storage"), "", &mut names);
    names
}

fn read(name: &ObjectName) -> Vec<u8> {
    fs::read(folder().join("storage").join(name.path())).unwrap_or_else(|error| panic!("{}: {error}", name.path()))
}

fn head_object(device: &DeviceId, n: u64) -> Vec<u8> {
    read(&ObjectName::Head(*device, n))
}

fn head(keys: &Keys, device: &Identity, n: u64, key: &SyncVaultKey) -> (Vec<u8>, Head) {
    let bytes = head_object(&device.id(), n);
    let object = HeadObject::parse(&bytes).expect("a head object");
    assert_eq!(object.key, key.id());
    let head = object.open(&keys.vault(), &device.card("", false, None), n, key).expect("a head");
    (bytes, head)
}

fn circle_of(head: &[u8]) -> ObjectName {
    ObjectName::Circle(HeadObject::parse(head).expect("a head object").circle)
}
