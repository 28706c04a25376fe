//! What the person does becomes records; what records say becomes what the person sees.

use std::collections::BTreeSet;

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::{Use, UseKind, Verified};
use protocol::webauthn::CredentialId;
use sync_engine::circle::Circle;
use sync_engine::engine::state::State;
use sync_engine::ids::{DeviceId, VaultId};
use sync_engine::record::{DELETED, Record};
use sync_engine::stamp::{Clock, Stamp};

use super::*;
use crate::credential::PublicKeyCredentialSource;
use crate::sync::earlier;
use crate::sync::passkey;
use crate::sync::testing::{Home, source};
use crate::vault::TrashReason;

/// A device that synchronizes with nobody yet.
fn turn_on(vault: &Vault, device: u8) {
    let keys = ([device; 32], DeviceId::from_slice(&[device; 16]).unwrap());
    let circle = Circle::new(VaultId::from_slice(&[9; 16]).unwrap());
    let state = State::new(keys, "Laptop", Clock::default(), circle).encode();
    SqliteMemory::new(vault).transact(|transaction| transaction.set_state(&state)).unwrap();
}

fn insert(vault: &Vault, user: &str, now: u64) -> (RecordId, CredentialId) {
    let made = source(vault, CoseAlgorithmIdentifier::Es256, user);
    vault.insert(&made, now).unwrap();
    (id(&made), made.credential_id)
}

fn id(source: &PublicKeyCredentialSource) -> RecordId {
    RecordId::of_passkey(source.rp_id.as_str(), source.credential_id.as_bytes())
}

/// What is kept once the person's changes are in.
fn kept(vault: &Vault, id: &RecordId) -> Kept {
    SqliteMemory::new(vault).transact(|transaction| transaction.record(id)).unwrap().unwrap()
}

fn unpublished(vault: &Vault) -> Vec<RecordId> {
    SqliteMemory::new(vault).transact(|transaction| transaction.ids(Which::Unpublished)).unwrap()
}

fn all(vault: &Vault) -> BTreeSet<RecordId> {
    SqliteMemory::new(vault).transact(|transaction| transaction.ids(Which::All)).unwrap().into_iter().collect()
}

/// As the engine does once a pack is on the storage.
fn published(vault: &Vault) {
    let publish = |transaction: &mut dyn Transaction<Error = Error>| {
        for id in transaction.ids(Which::Unpublished)? {
            let mut kept = transaction.record(&id)?.unwrap();
            kept.unpublished = false;
            transaction.put_record(&id, &kept)?;
        }
        Ok(())
    };
    SqliteMemory::new(vault).transact(publish).unwrap();
}

/// As the engine does with what another device has published.
fn receive(vault: &Vault, id: &RecordId, record: &Record, now: u64) {
    let merge = |transaction: &mut dyn Transaction<Error = Error>| {
        let mut kept = transaction.record(id)?.unwrap_or_default();
        let was_deleted = kept.record.is_deleted();
        kept.record.merge(record);
        if kept.record.is_deleted() != was_deleted {
            kept.deletion_learned = kept.record.is_deleted().then_some(now);
        }
        transaction.put_record(id, &kept)
    };
    SqliteMemory::new(vault).transact(merge).unwrap();
}

/// Everything of one vault goes to the other.
fn carry(from: &Vault, to: &Vault, now: u64) {
    for id in all(from) {
        receive(to, &id, &kept(from, &id).record, now);
    }
}

fn two() -> (Vault, Vault) {
    let (one, other) = (Home::new().open(), Home::new().open());
    turn_on(&one, 1);
    turn_on(&other, 2);
    (one, other)
}

fn label(vault: &Vault, id: &CredentialId) -> String {
    vault.get(id).unwrap().unwrap().label
}

fn relabel(vault: &Vault, id: &CredentialId, label: &str) {
    assert!(vault.update(id, |source| source.label = label.to_owned()).unwrap());
}

fn live(vault: &Vault) -> Vec<String> {
    let mut users: Vec<_> = vault.find(&"example.com".into()).unwrap();
    users.sort_by(|a, b| a.user_name.cmp(&b.user_name));
    users.into_iter().map(|source| source.user_name).collect()
}

fn used(at: u64) -> Use {
    Use { at, kind: UseKind::SignedIn, browser: None, origin: None, verified: Verified::No }
}

#[test]
fn a_passkey_made_here_is_there_with_its_secrets() {
    let (one, other) = two();
    let (_, made) = insert(&one, "ada", 1);
    assert_eq!(unpublished(&one).len(), 1);
    carry(&one, &other, 2);
    let [here, there] = [&one, &other].map(|vault| vault.get(&made).unwrap().unwrap());
    assert_eq!(here.account(), there.account());
    let [here, there] = [(&one, here), (&other, there)].map(|(vault, source)| vault.open_secrets(&source).unwrap());
    assert_eq!(*here.encode(), *there.encode());
    assert!(unpublished(&other).is_empty(), "what came is no change of its own");
    assert!([&one, &other].map(|vault| vault.integrity().unwrap().is_clean()).iter().all(|clean| *clean));
}

#[test]
fn what_was_here_before_is_a_record_too_and_as_old_as_it_is() {
    let (one, other) = (Home::new().open(), Home::new().open());
    let (there, shared) = insert(&other, "ada", 1);
    turn_on(&other, 2);
    relabel(&other, &shared, "newer");
    let stale = PublicKeyCredentialSource { label: "older".to_owned(), ..copy(&other, &one, &shared) };
    one.insert(&stale, 1).unwrap();
    let (trashed, gone) = insert(&one, "bob", 1);
    one.delete(&gone, 3).unwrap();
    turn_on(&one, 1);
    assert_eq!(unpublished(&one).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([there, trashed]));
    assert_eq!(kept(&one, &trashed).deletion_learned, Some(3));
    carry(&one, &other, 9);
    carry(&other, &one, 9);
    for vault in [&one, &other] {
        assert_eq!(label(vault, &shared), "newer", "whoever comes later does not undo what was written since");
        assert_eq!(vault.trash().unwrap()[0].source.credential_id, gone);
        assert_eq!(earlier(vault, &shared).unwrap().labels[0].text, "older");
    }
}

/// The passkey of one vault, sealed for another.
fn copy(from: &Vault, to: &Vault, id: &CredentialId) -> PublicKeyCredentialSource {
    let mut source = from.get(id).unwrap().unwrap();
    source.secrets = to.seal_secrets(id, &from.open_secrets(&source).unwrap()).unwrap();
    source
}

#[test]
fn a_deletion_travels_with_its_reason_and_is_learned_of_when_it_is() {
    let (one, other) = two();
    let (record, made) = insert(&one, "ada", 1);
    carry(&one, &other, 2);
    one.signal_unknown_credential(&"example.com".into(), &made, 10).unwrap();
    carry(&one, &other, 77);
    let trash = other.trash().unwrap();
    assert_eq!((trash[0].reason, trash[0].deleted, other.count()), (TrashReason::UnknownToSite, 77, Ok(0)));
    assert_eq!(kept(&one, &record).deletion_learned, Some(10));
    assert_eq!(kept(&other, &record).deletion_learned, Some(77));
    // Restored anywhere, it is back everywhere.
    assert!(other.restore(&made).unwrap());
    carry(&other, &one, 80);
    for vault in [&one, &other] {
        assert_eq!((live(vault), vault.trash().unwrap().len()), (vec!["ada@mail.test".to_owned()], 0));
        assert_eq!(kept(vault, &record).deletion_learned, None);
    }
}

#[test]
fn a_restore_beats_a_purge() {
    let (one, other) = two();
    let (record, made) = insert(&one, "ada", 1);
    relabel(&one, &made, "kept");
    carry(&one, &other, 2);
    one.delete(&made, 10).unwrap();
    carry(&one, &other, 11);
    purge(&one, &record);
    assert!(one.trash().unwrap().is_empty());
    assert_eq!(all(&one).len(), 1, "the tombstone stays");
    carry(&one, &other, 12);
    assert_eq!(other.trash().unwrap().len(), 1, "each device purges for itself");
    assert!(other.restore(&made).unwrap());
    carry(&other, &one, 13);
    assert_eq!((live(&one).len(), label(&one, &made)), (1, "kept".to_owned()));
    assert!(one.open_secrets(&one.get(&made).unwrap().unwrap()).is_ok());
}

fn purge(vault: &Vault, id: &RecordId) {
    let purge = |transaction: &mut dyn Transaction<Error = Error>| {
        assert_eq!(transaction.ids(Which::DeletedBefore(u64::MAX))?, [*id]);
        let mut kept = transaction.record(id)?.unwrap();
        kept.record.purge();
        kept.deletion_learned = None;
        transaction.put_record(id, &kept)
    };
    SqliteMemory::new(vault).transact(purge).unwrap();
}

#[test]
fn the_vaults_own_purge_leaves_what_sync_purges() {
    let (one, _) = two();
    let (record, made) = insert(&one, "ada", 1);
    unpublished(&one);
    one.note_use(&made, Some(&used(5)), false).unwrap();
    one.delete(&made, 10).unwrap();
    assert_eq!(one.purge(u64::MAX), Ok(0));
    unpublished(&one);
    purge(&one, &record);
    assert!(one.trash().unwrap().is_empty() && one.history(&made).unwrap().is_empty());
    assert!(one.integrity().unwrap().is_clean());
}

#[test]
fn who_takes_anothers_place_here_does_so_there_and_two_made_apart_both_stay() {
    let (one, other) = two();
    let (first, _) = insert(&one, "ada", 1);
    carry(&one, &other, 2);
    insert(&one, "ada", 3);
    carry(&one, &other, 4);
    assert_eq!((live(&other).len(), other.trash().unwrap()[0].reason), (1, TrashReason::Replaced));
    assert_eq!(id(&other.trash().unwrap()[0].source), first);
    for (vault, now) in [(&one, 5), (&other, 6)] {
        insert(vault, "eve", now);
    }
    carry(&one, &other, 7);
    carry(&other, &one, 7);
    for vault in [&one, &other] {
        assert_eq!(live(vault), ["ada@mail.test", "eve@mail.test", "eve@mail.test"]);
    }
}

#[test]
fn of_two_labels_the_later_shows_and_the_other_is_kept() {
    let (one, other) = two();
    let (_, made) = insert(&one, "ada", 1);
    carry(&one, &other, 2);
    relabel(&one, &made, "one");
    all(&one);
    std::thread::sleep(Duration::from_millis(2));
    relabel(&other, &made, "other");
    carry(&one, &other, 3);
    carry(&other, &one, 3);
    for vault in [&one, &other] {
        assert_eq!(label(vault, &made), "other");
        let earlier = earlier(vault, &made).unwrap();
        assert_eq!(earlier.labels.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(), ["one"]);
        assert!(earlier.labels[0].at > 1_600_000_000_000 && earlier.notes.is_empty());
    }
    for label in ["a", "b", "c", "d", "e"] {
        relabel(&one, &made, label);
        all(&one);
    }
    let labels: Vec<_> = earlier(&one, &made).unwrap().labels.into_iter().map(|value| value.text).collect();
    assert_eq!(labels, ["d", "c", "b", "a"]);
    assert!(earlier(&Home::new().open(), &made).unwrap().labels.is_empty(), "sync is off");
}

#[test]
fn a_use_alone_is_news_once_a_day_and_nothing_of_it_is_lost() {
    let (one, other) = two();
    let (record, made) = insert(&one, "ada", 1);
    published_by(&one);
    let day = 24 * 60 * 60 * 1000;
    let now = kept(&one, &record).record.newest_stamp().unwrap().ms;
    one.note_use(&made, Some(&used(now + 5)), false).unwrap();
    assert!(unpublished(&one).is_empty(), "not news yet");
    relabel(&one, &made, "with another change it goes along");
    carry(&one, &other, 2);
    assert_eq!(other.get(&made).unwrap().unwrap().last_used, Some(now + 5));
    published(&one);
    one.note_use(&made, Some(&used(now + 9)), false).unwrap();
    assert!(unpublished(&one).is_empty());
    relabel(&other, &made, "from there");
    carry(&other, &one, 3);
    assert_eq!(one.get(&made).unwrap().unwrap().last_used, Some(now + 9), "an older one from there does not undo it");
    one.note_use(&made, Some(&used(now + 2 * day)), false).unwrap();
    assert_eq!(unpublished(&one), [record]);
}

fn published_by(vault: &Vault) {
    all(vault);
    published(vault);
}

#[test]
fn bs_is_each_devices_own_and_no_change() {
    let (one, other) = two();
    let (record, made) = insert(&one, "ada", 1);
    carry(&one, &other, 2);
    published_by(&one);
    let back_up = |transaction: &mut dyn Transaction<Error = Error>| {
        let kept = Kept { backed_up: true, ..transaction.record(&record)?.unwrap() };
        transaction.put_record(&record, &kept)
    };
    SqliteMemory::new(&one).transact(back_up).unwrap();
    assert!(one.get(&made).unwrap().unwrap().backup_state && unpublished(&one).is_empty());
    carry(&one, &other, 3);
    assert!(!other.get(&made).unwrap().unwrap().backup_state);
    relabel(&other, &made, "from there");
    carry(&other, &one, 4);
    let here = one.get(&made).unwrap().unwrap();
    assert!(here.backup_state && here.label == "from there");
}

#[test]
fn what_a_later_version_deletes_or_makes_travels_on() {
    let (one, _) = two();
    let (record, made) = insert(&one, "ada", 1);
    let mut later = kept(&one, &record).record;
    let stamp = |ms| Stamp { ms, counter: 0, device: [7; 8] };
    later.set(40, stamp(5), Zeroizing::new(vec![1]));
    later.set(DELETED, stamp(u64::MAX / 2), Zeroizing::new(vec![0x18, 99]));
    receive(&one, &record, &later, 6);
    assert_eq!(one.trash().unwrap()[0].reason, TrashReason::Deleted);
    one.restore(&made).unwrap();
    let restored = kept(&one, &record).record;
    assert!(!restored.is_deleted() && restored.newest(40).is_some_and(|(stamp, _)| stamp.ms > 5));
    let other_kind = RecordId::of_single("bookmarks");
    let mut record = Record::default();
    record.set(1, stamp(5), Zeroizing::new(vec![0xff; 9]));
    receive(&one, &other_kind, &record, 7);
    assert!(kept(&one, &other_kind).record == record);
    assert_eq!(one.count(), Ok(1));
}

#[test]
fn a_passkey_that_is_damaged_here_is_mended_by_what_comes() {
    let home = Home::new();
    let (one, other) = (home.open(), Home::new().open());
    turn_on(&one, 1);
    turn_on(&other, 2);
    let (_, made) = insert(&one, "ada", 1);
    carry(&one, &other, 2);
    let file = rusqlite::Connection::open(home.file()).unwrap();
    file.execute_batch("UPDATE credentials SET sealed = zeroblob(length(sealed))").unwrap();
    assert!(one.get(&made).is_err());
    assert_eq!(all(&one).len(), 1, "and is not taken for deleted");
    relabel(&other, &made, "from there");
    carry(&other, &one, 3);
    assert_eq!(label(&one, &made), "from there");
    assert!(one.integrity().unwrap().is_clean());
}

#[test]
fn what_fails_leaves_nothing_behind_and_forgetting_leaves_the_passkeys() {
    let (one, _) = two();
    let (record, _) = insert(&one, "ada", 1);
    let failed: Result<(), _> = SqliteMemory::new(&one).transact(|transaction| {
        let kept = Kept { record: deleted(transaction.record(&record)?.unwrap().record), ..Kept::default() };
        transaction.put_record(&record, &kept)?;
        Err(Error::BadCursor)
    });
    assert_eq!((failed, live(&one).len()), (Err(Error::BadCursor), 1));
    SqliteMemory::new(&one).transact(|transaction| transaction.forget()).unwrap();
    assert_eq!((all(&one).len(), live(&one).len(), one.is_replicated()), (0, 1, Ok(false)));
}

fn deleted(mut record: Record) -> Record {
    let stamp = Stamp { ms: u64::MAX / 2, counter: 0, device: [7; 8] };
    record.set(DELETED, stamp, passkey::deleted(TrashReason::Deleted));
    record
}

#[test]
fn more_changes_than_one_transaction_takes_are_all_taken_in() {
    let vault = Home::new().open();
    let many = STAMPED_AT_ONCE * 2 + 10;
    let insert = |replica: &Replica<'_>| {
        (0..many).try_for_each(|_| replica.put_live(&source(&vault, CoseAlgorithmIdentifier::EdDsa, "ada")))
    };
    vault.replicate(insert).unwrap();
    turn_on(&vault, 1);
    assert_eq!(unpublished(&vault).len(), many);
}
