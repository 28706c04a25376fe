//! Files as the first version wrote them: no table `aside`, and private keys that are not sealed on their own.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::webauthn::CredentialId;
use rusqlite::Connection;

use super::*;
use crate::credential;
use crate::vault::rows::{credentials, random_id};
use crate::vault::seal::Place;

/// A closed vault as version 1 wrote it, with a passkey and one in the trash.
fn first_version() -> (Home, CredentialId, CredentialId) {
    let home = Home::new();
    let vault = home.open();
    let [live, trashed] = ["ada", "bob"].map(|user| {
        let source = source(&vault, "example.com", user, 5);
        let (rp, index) = (vault.keys.rp_index(&source.rp_id), vault.keys.credential_index(&source.credential_id));
        let id = random_id().unwrap();
        let (table, record) = match user {
            "ada" => ("credentials", record_of_version_1(&vault, &source)),
            // {1: 9, 2: 0}: deleted at 9.
            _ => ("trash", [&[0xa2, 0x01, 0x09, 0x02, 0x00], &record_of_version_1(&vault, &source)[..]].concat()),
        };
        let sealed = vault.seal(Place { table, id }, &record).unwrap();
        let sql = format!("INSERT INTO {table} (id, rp, credential, sealed) VALUES (?1, ?2, ?3, ?4)");
        vault.connection.execute(&sql, (id, rp.as_bytes(), index.as_bytes(), sealed)).unwrap();
        source.credential_id
    });
    without_replica(&vault);
    vault.connection.execute_batch("DROP TABLE aside; DROP TABLE history; PRAGMA user_version = 1").unwrap();
    (home, live, trashed)
}

/// As before version 4.
fn without_replica(vault: &Vault) {
    let triggers =
        ["credentials_inserted", "credentials_updated", "credentials_deleted", "trash_inserted", "trash_deleted"];
    for trigger in triggers {
        vault.connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    for table in ["changes", "replica", "replica_state", "outbox"] {
        vault.connection.execute_batch(&format!("DROP TABLE {table}")).unwrap();
    }
}

/// ( bstr .size 32 (the key), { 1: 1 (version), ... } )
fn record_of_version_1(vault: &Vault, source: &PublicKeyCredentialSource) -> Vec<u8> {
    let today = credential::encode(source);
    let attributes = &today[2 + source.secrets.as_sealed().len()..];
    assert_eq!(attributes[..3], [0xad, 0x01, 0x02], "a map of 13, its version 2");
    let key = vault.open_secrets(source).unwrap().private_key;
    [&[0x58, 32], key.expose_secret(), &[0xad, 0x01, 0x01], &attributes[3..]].concat()
}

fn version(home: &Home) -> u32 {
    Connection::open(home.file()).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// The version in the record of `id`, as it stands in the file.
fn record_version(vault: &Vault, id: &CredentialId) -> u8 {
    let row = vault.row(&vault.connection, id).unwrap().unwrap();
    let record = vault.open_sealed(credentials(row.id), &row.sealed).unwrap();
    // A byte string of under 256 bytes, then the head of the map and the key of its version.
    record[2 + usize::from(record[1]) + 2]
}

fn signs(vault: &Vault, id: &CredentialId) -> bool {
    let source = vault.get(id).unwrap().unwrap();
    let secrets = vault.open_secrets(&source).unwrap();
    assert!(secrets.cred_random.is_none(), "there was none then");
    let signature = secrets.sign(source.algorithm, b"message").unwrap();
    let key = VerifyingKey::from(source.public_key.to_p256().unwrap());
    key.verify(b"message", &Signature::from_der(&signature).unwrap()).is_ok()
}

#[test]
fn a_file_of_version_1_is_opened_and_becomes_version_4() {
    let (home, live, _) = first_version();
    assert_eq!(version(&home), 1);
    let vault = home.open();
    assert_eq!(version(&home), 4);
    assert_eq!(users(&vault, "example.com"), ["ada"]);
    assert_eq!(vault.list(None, 10).unwrap().sources.len(), 1);
    assert!(vault.integrity().unwrap().is_clean());
    assert!(signs(&vault, &live));
    vault.reset(10).unwrap();
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert!(signs(&vault, &live));
}

/// A vault as version 2 wrote it: without a history. What was reset then can be undone.
#[test]
fn a_file_of_version_2_is_opened_and_becomes_version_4() {
    let home = Home::new();
    let vault = home.open();
    let gone = insert(&vault, "example.com", "ada", 1);
    vault.reset(2).unwrap();
    let live = insert(&vault, "example.com", "bob", 3);
    without_replica(&vault);
    vault.connection.execute_batch("DROP TABLE history; PRAGMA user_version = 2").unwrap();
    drop(vault);
    let vault = home.open();
    assert_eq!(version(&home), 4);
    assert_eq!(vault.history(&live), Ok(Vec::new()));
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    for id in [&live, &gone] {
        vault.note_use(id, Some(&sign_in(7)), false).unwrap();
        assert_eq!(vault.history(id), Ok(vec![sign_in(7)]));
    }
    assert_eq!(users(&vault, "example.com").len(), 2);
    assert!(vault.integrity().unwrap().is_clean());
}

/// A vault as version 3 wrote it, to which changes were nothing to be noted.
#[test]
fn a_file_of_version_3_is_opened_and_notes_changes_where_somebody_asks() {
    let home = Home::new();
    let vault = home.open();
    let live = insert(&vault, "example.com", "ada", 1);
    without_replica(&vault);
    vault.connection.execute_batch("PRAGMA user_version = 3").unwrap();
    drop(vault);
    let vault = home.open();
    assert_eq!(version(&home), 4);
    vault.replicate(|replica| replica.set_state(b"on")).unwrap();
    let changes = vault.look_at_replica(|replica| replica.changes(9)).unwrap();
    assert_eq!(changes, [Change { credential: vault.keys.credential_index(&live), at: None }]);
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn a_record_of_version_1_is_written_anew_when_it_changes() {
    let (home, live, _) = first_version();
    let vault = home.open();
    assert_eq!(record_version(&vault, &live), 1, "reading changes nothing");
    vault.note_use(&live, Some(&sign_in(7)), false).unwrap();
    assert_eq!(record_version(&vault, &live), 2);
    drop(vault);
    let vault = home.open();
    let source = vault.get(&live).unwrap().unwrap();
    assert_eq!((source.user_name.as_str(), source.created, source.last_used), ("ada@mail.test", 5, Some(7)));
    assert!(source.discoverable);
    assert!(signs(&vault, &live));
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn what_version_1_put_into_the_trash_can_be_restored() {
    let (home, _, trashed) = first_version();
    let vault = home.open();
    assert_eq!(vault.trash().unwrap()[0].deleted, 9);
    assert!(vault.restore(&trashed).unwrap());
    assert_eq!(record_version(&vault, &trashed), 2);
    assert!(signs(&vault, &trashed));
}

#[test]
fn hosts_that_open_it_at_once_change_it_once() {
    let (home, live, _) = first_version();
    let key = *home.keychain.0.borrow();
    let opening = [0; 4].map(|_| {
        let file = home.file();
        std::thread::spawn(move || {
            Vault::open(&file).unwrap().unlock(&VaultKey::from_slice(&key.unwrap()).unwrap()).unwrap().count()
        })
    });
    for opened in opening {
        assert_eq!(opened.join().unwrap(), Ok(1));
    }
    assert!(signs(&home.open(), &live));
}

#[test]
fn a_host_that_has_it_open_meanwhile_goes_on() {
    let (home, live, _) = first_version();
    let file = home.file();
    let old = Connection::open(&file).unwrap();
    let count = || old.query_row("SELECT count(*) FROM credentials", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count(), 1);
    let vault = home.open();
    assert_eq!(count(), 1);
    insert(&vault, "example.com", "eve", 8);
    assert_eq!(count(), 2);
    assert!(signs(&vault, &live));
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let (home, ..) = first_version();
    Connection::open(home.file()).unwrap().execute_batch("PRAGMA user_version = 5").unwrap();
    assert_eq!(home.refused(), Error::NewerVersion { file: home.file(), version: 5 });
}
