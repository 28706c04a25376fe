use std::fs;

use rusqlite::Connection;

use super::*;
use crate::secret::PinHash;
use crate::verification::MIN_PIN_LENGTH;
use crate::verification::{NewPin, PinError, PinVerifier};

/// A closed vault with the passkeys of `ada` (to be damaged), `bob` and `eve`.
fn three() -> Home {
    let home = Home::new();
    let vault = home.open();
    for (n, user) in ["ada", "bob", "eve"].iter().enumerate() {
        insert(&vault, &format!("{user}.com"), user, n as u64);
    }
    home
}

/// The record of `user` as SQLite sees it: id and sealed bytes.
fn record(home: &Home, user: &str) -> (i64, Vec<u8>) {
    let vault = home.open();
    let rp = vault.keys.rp_index(&format!("{user}.com").as_str().into());
    let sql = "SELECT id, sealed FROM credentials WHERE rp = ?1";
    vault.connection.query_row(sql, [rp.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

fn position(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).position(|window| window == needle).unwrap()
}

fn with_byte_flipped(sound: &[u8], at: usize) -> Vec<u8> {
    let mut damaged = sound.to_vec();
    damaged[at] ^= 1;
    damaged
}

#[test]
fn any_flipped_byte_of_a_record_is_refused_and_named_and_the_others_work() {
    let home = three();
    let (id, sealed) = record(&home, "ada");
    let sound = fs::read(home.file()).unwrap();
    let start = position(&sound, &sealed);
    // In the file: the blind indexes, 16 bytes each, then the sealed bytes.
    for at in start - 32..start + sealed.len() {
        fs::write(home.file(), with_byte_flipped(&sound, at)).unwrap();
        let vault = home.open();
        let found = vault.integrity().unwrap();
        assert_eq!(found.damaged, [format!("credentials {id:016x}")], "byte {at}");
        assert_eq!(found.records, 2);
        assert_eq!(users(&vault, "bob.com"), ["bob"]);
        assert_eq!(users(&vault, "eve.com"), ["eve"]);
        assert_eq!(vault.list(None, 10).unwrap().damaged, 1);
    }
}

#[test]
fn a_damaged_record_is_not_taken_for_none() {
    let home = three();
    let (id, sealed) = record(&home, "ada");
    let sound = fs::read(home.file()).unwrap();
    fs::write(home.file(), with_byte_flipped(&sound, position(&sound, &sealed) + 30)).unwrap();
    let vault = home.open();
    let damaged = Error::RecordDamaged { record: format!("credentials {id:016x}") };
    assert_eq!(vault.find(&"ada.com".into()).err(), Some(damaged));
    // Beside a sound one of the same site it is left out, and a new registration works.
    insert(&vault, "ada.com", "ada", 9);
    assert_eq!(users(&vault, "ada.com"), ["ada"]);
}

#[test]
fn a_flipped_byte_in_a_records_head_leaves_the_others_readable() {
    let home = three();
    let (_, sealed) = record(&home, "ada");
    let sound = fs::read(home.file()).unwrap();
    let start = position(&sound, &sealed) - 32;
    // Before the indexes: size, id and column types, 16 bytes in all.
    for (at, bits) in (1..=16).flat_map(|back| [1, 4, 0x40, 0x80, 0xff].map(|bits| (start - back, bits))) {
        let mut damaged = sound.clone();
        damaged[at] ^= bits;
        fs::write(home.file(), damaged).unwrap();
        let vault = home.open();
        assert!(!vault.integrity().unwrap().is_clean(), "byte {at} {bits:x}");
        assert_eq!(users(&vault, "bob.com"), ["bob"], "byte {} {bits:x}", start - at);
        assert_eq!(users(&vault, "eve.com"), ["eve"], "byte {} {bits:x}", start - at);
    }
}

#[test]
fn a_record_cannot_be_moved_under_another_site() {
    let home = three();
    let (id, _) = record(&home, "ada");
    let bob = home.open().keys.rp_index(&"bob.com".into());
    let connection = Connection::open(home.file()).unwrap();
    connection.execute("UPDATE credentials SET rp = ?2 WHERE id = ?1", (id, bob.as_bytes())).unwrap();
    drop(connection);
    assert_eq!(users(&home.open(), "bob.com"), ["bob"]);
}

#[test]
fn an_index_that_has_lost_a_record_is_named() {
    let home = three();
    let (id, _) = record(&home, "ada");
    let vault = home.open();
    let index = vault.keys.rp_index(&"ada.com".into());
    drop(vault);
    let sound = fs::read(home.file()).unwrap();
    // The index's own copy of the blind index, not the table's.
    let copies: Vec<_> = (0..sound.len() - 16).filter(|at| sound[*at..at + 16] == *index.as_bytes()).collect();
    assert_eq!(copies.len(), 2);
    let found: Vec<_> = copies
        .into_iter()
        .map(|at| {
            fs::write(home.file(), with_byte_flipped(&sound, at)).unwrap();
            home.open().integrity().unwrap()
        })
        .collect();
    let name = format!("credentials {id:016x}");
    assert!(found.iter().any(|found| found.damaged == [name.clone()]), "the table's copy");
    assert!(
        found.iter().any(|found| found.damaged.is_empty() && found.structure[0].contains(&name)),
        "the index's copy"
    );
}

#[test]
fn a_damaged_key_check_does_not_lock_the_vault() {
    let home = three();
    let sealed: Vec<u8> = home.open().connection.query_row("SELECT sealed FROM vault", [], |row| row.get(0)).unwrap();
    let sound = fs::read(home.file()).unwrap();
    fs::write(home.file(), with_byte_flipped(&sound, position(&sound, &sealed))).unwrap();
    let vault = home.open();
    assert_eq!(users(&vault, "ada.com"), ["ada"]);
    assert_eq!(vault.integrity().unwrap().damaged, ["vault 0000000000000001"]);
}

#[test]
fn a_damaged_pin_is_refused_and_named() {
    let home = three();
    let vault = home.open();
    let mut session = PinVerifier::default();
    session.set_pin(&vault, &NewPin::from_text("1234", MIN_PIN_LENGTH).unwrap()).unwrap();
    assert!(vault.integrity().unwrap().is_clean());
    session.verify(&vault, &PinHash::derive(b"1234")).unwrap();
    vault.connection.execute("UPDATE verification SET sealed = zeroblob(length(sealed))", []).unwrap();
    let record = "verification 0000000000000001".to_owned();
    assert_eq!(vault.integrity().unwrap().damaged, std::slice::from_ref(&record));
    let refused = session.verify(&vault, &PinHash::derive(b"1234"));
    assert!(matches!(refused, Err(PinError::Store(Error::RecordDamaged { record: named })) if named == record));
    assert_eq!(users(&vault, "ada.com"), ["ada"]);
}

#[test]
fn damage_in_the_trash_is_named() {
    let home = three();
    let vault = home.open();
    let id = insert(&vault, "mal.com", "mal", 1);
    vault.delete(&id, 2).unwrap();
    vault.connection.execute("UPDATE trash SET sealed = zeroblob(length(sealed))", []).unwrap();
    let found = vault.integrity().unwrap();
    assert!(found.damaged.len() == 1 && found.damaged[0].starts_with("trash "));
    assert!(vault.trash().unwrap().is_empty());
    assert!(matches!(vault.restore(&id), Err(Error::RecordDamaged { .. })));
}

#[test]
fn a_truncated_file_is_told_and_kept() {
    let home = three();
    let sound = fs::read(home.file()).unwrap();
    for length in [0, 1, 50, 99, 100, 1000, 4096, 5000, sound.len() / 2, sound.len() - 4096, sound.len() - 1] {
        fs::write(home.file(), &sound[..length]).unwrap();
        let error = home.refused();
        assert!(matches!(error, Error::Unreadable { .. } | Error::NotAVault { .. }), "{length} bytes: {error:?}");
    }
    fs::write(home.file(), sound).unwrap();
    assert_eq!(users(&home.open(), "ada.com"), ["ada"]);
}
