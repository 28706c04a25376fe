//! Machines that synchronize over a folder, each with its own vault, without a browser.

use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::webauthn::CredentialId;
use sync_engine::engine::Backing;
use sync_engine::storage::{Answer, Request};

use super::*;
use crate::sync::tasks::ThisDevice;
use crate::sync::testing::{MemoryKeychain, World, done, join, run, settle, source};
use crate::vault::TrashReason;

fn insert(machine: &Machine<MemoryKeychain>, user: &str) -> CredentialId {
    let made = source(machine.vault(), CoseAlgorithmIdentifier::Es256, user);
    machine.vault().insert(&made, super::now()).unwrap();
    made.credential_id
}

fn relabel(machine: &Machine<MemoryKeychain>, id: &CredentialId, label: &str) {
    assert!(machine.vault().update(id, |source| source.label = label.to_owned()).unwrap());
}

fn label(machine: &Machine<MemoryKeychain>, id: &CredentialId) -> String {
    machine.vault().get(id).unwrap().unwrap().label
}

fn is_backed_up(machine: &Machine<MemoryKeychain>, id: &CredentialId) -> bool {
    machine.vault().get(id).unwrap().unwrap().backup_state
}

fn is_clean(machine: &Machine<MemoryKeychain>) -> bool {
    machine.vault().integrity().unwrap().is_clean()
}

#[test]
fn two_machines_have_the_same_passkeys_and_each_can_sign_with_them() {
    let world = World::new();
    let one = world.first("one");
    let here = insert(&one, "ada");
    assert!(!is_backed_up(&one, &here));
    let other = world.joined("other", &one);
    let there = insert(&other, "bob");
    settle(&[&other, &one, &other]);
    for machine in [&one, &other] {
        for id in [&here, &there] {
            let source = machine.vault().get(id).unwrap().unwrap();
            let secrets = machine.vault().open_secrets(&source).unwrap();
            assert!(secrets.sign(source.algorithm, b"message").is_ok());
            assert!(source.backup_state, "each is on the other, too");
        }
        assert!(is_clean(machine));
    }
    let deleted = here;
    assert!(other.vault().delete(&deleted, super::now()).unwrap().is_some());
    relabel(&one, &there, "Bob's");
    settle(&[&one, &other, &one]);
    assert_eq!((one.vault().count(), label(&other, &there)), (Ok(1), "Bob's".to_owned()));
    assert_eq!(one.vault().trash().unwrap()[0].reason, TrashReason::Deleted);
    assert!(one.vault().restore(&deleted).unwrap());
    settle(&[&one, &other]);
    assert_eq!((one.vault().count(), other.vault().count()), (Ok(2), Ok(2)));
    assert!(other.vault().trash().unwrap().is_empty() && is_clean(&one) && is_clean(&other));
}

#[test]
fn a_machine_that_comes_with_the_same_passkeys_does_not_undo_what_was_written_since() {
    let world = World::new();
    let one = world.first("one");
    let made = insert(&one, "ada");
    relabel(&one, &made, "newest");
    done(&one, Task::Sync);
    let other = world.machine("other");
    let mut copy = one.vault().get(&made).unwrap().unwrap();
    copy.secrets = other.vault().seal_secrets(&made, &one.vault().open_secrets(&copy).unwrap()).unwrap();
    copy.label = "stale".to_owned();
    other.vault().insert(&copy, 1).unwrap();
    join(&other, "other", &one);
    settle(&[&other, &one]);
    assert_eq!((label(&one, &made), label(&other, &made)), ("newest".to_owned(), "newest".to_owned()));
    assert_eq!((one.vault().count(), other.vault().count()), (Ok(1), Ok(1)));
}

#[test]
fn two_hosts_of_one_machine_are_one_device_and_pass_one_after_the_other() {
    let world = World::new();
    let one = world.first("one");
    let twin = Machine::open(&world.file("one"), one.keychain.clone()).unwrap();
    for n in 0..3 {
        insert(&one, &format!("one{n}"));
        insert(&twin, &format!("twin{n}"));
    }
    std::thread::scope(|scope| {
        let passes = [one, twin].map(|machine| {
            scope.spawn(move || {
                (0..4).for_each(|_| drop(done(&machine, Task::Sync)));
                machine
            })
        });
        let [one, twin] = passes.map(|pass| pass.join().unwrap());
        let mut twin = twin;
        let status = ThisDevice::status(&mut twin).unwrap().unwrap();
        assert_eq!((status.devices.len(), status.pending, status.alarms.len()), (1, 0, 0));
        assert!(is_clean(&one));
    });
    let heads = std::fs::read_dir(world.folder.path().join("shared/v1/head")).unwrap().count();
    assert!(heads <= 2, "{heads} heads are left");
}

#[test]
fn what_the_storage_does_is_told_and_nothing_is_lost() {
    let world = World::new();
    let one = world.first("one");
    insert(&one, "ada");
    std::fs::rename(world.folder.path().join("shared"), world.folder.path().join("away")).unwrap();
    let report = run(&one, Task::Sync);
    assert!(matches!(report.trouble, Some(Trouble::Gone(_))), "{report:?}");
    std::fs::rename(world.folder.path().join("away"), world.folder.path().join("shared")).unwrap();
    done(&one, Task::Sync);
    assert_eq!(run(&one, Task::Sync).pending, 0);
}

#[test]
fn another_storage_is_told_by_way_of_the_old_one() {
    let world = World::new();
    let mut one = world.first("one");
    let other = world.joined("other", &one);
    settle(&[&one, &other]);
    let moved = world.folder.path().join("moved");
    std::fs::create_dir(&moved).unwrap();
    let moved = StorageConfig::Folder { path: moved.to_str().unwrap().to_owned() };
    one.tell_storage(&moved).unwrap();
    done(&one, Task::Sync);
    ThisDevice::keep_storage(&mut one, Some(&moved)).unwrap();
    assert_eq!(one.untold().unwrap().len(), 1);
    done(&other, Task::Sync);
    assert_eq!(other.storage().unwrap(), Some(moved.clone()));
    let made = insert(&one, "ada");
    settle(&[&one, &other, &one]);
    assert!(other.vault().get(&made).unwrap().is_some());
    assert_eq!((one.untold().unwrap().len(), one.storage().unwrap()), (0, Some(moved)));
    // What was told before the user gave one here does not count.
    other.keep_storage(Some(&world.storage())).unwrap();
    let _ = run(&other, Task::Sync);
    assert_eq!(other.storage().unwrap(), Some(world.storage()));
}

#[test]
fn a_keychain_that_lost_a_secret_is_told() {
    let world = World::new();
    let mut one = world.first("one");
    one.keychain.remove(Entry::Storage).unwrap();
    assert!(matches!(one.run(None, Task::Sync), Err(Error::StorageGone)));
    one.keep_storage(Some(&world.storage())).unwrap();
    one.keychain.remove(Entry::DeviceRoot).unwrap();
    assert!(matches!(one.run(None, Task::Sync), Err(Error::RootGone)));
    assert!(ThisDevice::status(&mut one).unwrap().is_some());
    let sites = (insert(&one, "ada"), ThisDevice::sites(&mut one).unwrap(), ThisDevice::passkeys(&mut one).unwrap());
    assert_eq!((sites.1, sites.2), (vec!["example.com".to_owned()], 1));
    assert!(!ThisDevice::name(&one).is_empty());
}

#[test]
fn nothing_readable_and_no_secret_lies_in_the_folder_or_beside_the_vault() {
    let world = World::new();
    let one = world.first("one");
    let id = insert(&one, "whistleblower");
    relabel(&one, &id, "very private label");
    done(&one, Task::Sync);
    let source = one.vault().get(&id).unwrap().unwrap();
    let secrets = one.vault().open_secrets(&source).unwrap();
    let hidden: [&[u8]; 5] =
        [b"example.com", b"whistleblower", b"very private label", id.as_bytes(), secrets.private_key.expose_secret()];
    let mut seen = 0;
    for file in files(world.folder.path()) {
        let bytes = std::fs::read(file).unwrap();
        seen += bytes.len();
        assert!(hidden.iter().all(|secret| !bytes.windows(secret.len()).any(|window| window == *secret)));
    }
    assert!(seen > 8192, "vault and folder were looked into");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A storage that takes its time: what a ceremony meanwhile waits for is the vault alone.
struct Slow(Box<dyn CarriesOut>);

impl CarriesOut for Slow {
    fn carry_out(&mut self, requests: Vec<sync_engine::storage::Request>) -> Vec<sync_engine::storage::Answer> {
        std::thread::sleep(Duration::from_millis(200));
        self.0.carry_out(requests)
    }

    fn backing(&self) -> sync_engine::engine::Backing {
        self.0.backing()
    }
}

#[test]
fn a_ceremony_goes_on_while_a_storage_takes_its_time() {
    let world = World::new();
    let one = world.first("one");
    let id = insert(&one, "ada");
    let other_host = Vault::open_or_create(&world.file("one"), &one.keychain).unwrap();
    let slow = one.with_storages(|config| Ok(Box::new(Slow(open_storage(config)?))));
    std::thread::scope(|scope| {
        let pass = scope.spawn(move || run(&slow, Task::Sync));
        let mut ceremonies = 0;
        while !pass.is_finished() {
            assert!(other_host.find(&"example.com".into()).unwrap().iter().any(|source| source.credential_id == id));
            other_host.update(&id, |source| source.note = format!("{ceremonies}")).unwrap();
            ceremonies += 1;
        }
        assert_eq!(pass.join().unwrap().trouble, None);
        assert!(ceremonies > 10, "{ceremonies} while a pass of several waits went on");
    });
}

#[test]
fn a_reset_in_the_middle_of_a_pass_ends_it_and_nothing_comes_back() {
    let world = World::new();
    let one = world.first("one");
    let other = world.joined("other", &one);
    insert(&other, "ada");
    settle(&[&other]);
    let (file, keychain) = (world.file("one"), one.keychain().clone());
    let one = one.with_storages(move |config| {
        let vault = Vault::open_or_create(&file, &keychain).unwrap();
        Ok(Box::new(Resetting(open_storage(config)?, vault)))
    });
    let ended = Machine::run(&one, None, Task::Sync);
    assert!(matches!(ended, Err(Error::Vault(vault::Error::ReplicaGone))), "{ended:?}");
    assert!(!one.vault().is_replicated().unwrap());
    assert_eq!(one.vault().count(), Ok(0));
}

/// A storage under which the vault is reset once a list was asked for.
struct Resetting(Box<dyn CarriesOut>, Vault);

impl CarriesOut for Resetting {
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        if requests.iter().any(|request| matches!(request, Request::List(_))) {
            self.1.reset(1).unwrap();
        }
        self.0.carry_out(requests)
    }

    fn backing(&self) -> Backing {
        Backing::Server
    }
}

#[test]
fn a_storage_that_the_user_gives_is_not_overwritten_by_a_look_at_who_knows_of_it() {
    let world = World::new();
    let one = world.first("one");
    one.tell_storage(&world.storage()).unwrap();
    let before = one.keychain().entry(Entry::Storage).unwrap();
    assert!(one.untold().unwrap().is_empty());
    assert_eq!(one.keychain().entry(Entry::Storage).unwrap(), before, "a look changes nothing");
    done(&one, Task::Sync);
    assert_ne!(one.keychain().entry(Entry::Storage).unwrap(), before, "all have heard");
}

#[test]
fn what_was_made_since_the_last_pass_waits_to_be_sent() {
    let world = World::new();
    let mut one = world.first("one");
    done(&one, Task::Sync);
    let pending = |one: &mut Machine<_>| ThisDevice::status(one).unwrap().unwrap().pending;
    assert_eq!(pending(&mut one), 0);
    for user in ["ada", "bob"] {
        insert(&one, user);
    }
    assert_eq!(pending(&mut one), 2);
    done(&one, Task::Sync);
    assert_eq!(pending(&mut one), 0);
}
