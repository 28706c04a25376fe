//! A vault that is damaged, or separated from its key, as the real binary meets it.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod support;

use std::fs;

use protocol::ctap::StatusCode;
use protocol::native_message::ErrorCode;
use rusqlite::Connection;
use support::{Desk, code, ctap};

/// Flips the last byte of the first passkey's record, and gives the record's name.
fn damage_one(desk: &Desk) -> String {
    let connection = Connection::open(desk.vault()).unwrap();
    let (id, mut sealed): (i64, Vec<u8>) = connection
        .query_row("SELECT id, sealed FROM credentials ORDER BY rowid LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    connection.execute("UPDATE credentials SET sealed = ?2 WHERE id = ?1", (id, sealed)).unwrap();
    format!("{id:016x}")
}

#[test]
fn a_damaged_record_is_named_and_the_others_work() {
    let desk = Desk::new();
    let sites = ["a.example", "b.example", "c.example"];
    let mut host = desk.host();
    for site in sites {
        ctap::made(&host.ctap(&ctap::make(site, &[1])));
    }
    host.close();
    let damaged = damage_one(&desk);

    let doctor = desk.keystow(&["doctor"], "");
    let report = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    assert!(report.contains(&damaged) && report.contains("2 passkeys"), "{report}");

    let mut host = desk.host();
    let statuses = sites.map(|site| host.ctap(&ctap::get(site))[0]);
    assert_eq!(statuses.iter().filter(|status| **status == 0).count(), 2);
    assert!(statuses.contains(&StatusCode::InvalidCredential.byte()), "{statuses:x?}");
    assert!(sites.iter().all(|site| host.ctap(&ctap::make(site, &[2]))[0] == 0), "new ones can be made for all");
    assert!(desk.keystow(&["list"], "").status.success());
}

#[test]
fn a_vault_whose_keychain_was_emptied_is_kept() {
    let (desk, emptied) = (Desk::new(), Desk::new());
    let mut host = desk.host();
    let id = ctap::made(&host.ctap(&ctap::make("example.com", &[1])));
    host.close();
    fs::create_dir_all(emptied.vault().parent().unwrap()).unwrap();
    fs::copy(desk.vault(), emptied.vault()).unwrap();
    let before = fs::read(emptied.vault()).unwrap();

    let mut host = emptied.host();
    for message in [r#"{"id":1,"ctap":"BA"}"#, r#"{"id":1,"manage":{"status":{}}}"#] {
        assert_eq!(code(&host.ask(message)), ErrorCode::KeychainEmptied);
    }
    let list = emptied.keystow(&["list"], "");
    assert_eq!(list.status.code(), Some(3));
    assert!(String::from_utf8(list.stderr).unwrap().contains(&emptied.vault().display().to_string()), "it is named");
    assert_eq!(emptied.keystow(&["doctor"], "").status.code(), Some(1));
    assert_eq!(fs::read(emptied.vault()).unwrap(), before, "and not written to");
    assert_eq!(ctap::signed_by(&desk.host().ctap(&ctap::get("example.com"))), id);
}

#[test]
fn a_vault_of_another_key_is_kept() {
    let (desk, other) = (Desk::new(), Desk::new());
    for desk in [&desk, &other] {
        let mut host = desk.host();
        ctap::made(&host.ctap(&ctap::make("example.com", &[1])));
        host.close();
    }
    fs::copy(desk.vault(), other.vault()).unwrap();
    let before = fs::read(other.vault()).unwrap();
    assert_eq!(code(&other.host().ask(r#"{"id":1,"ctap":"BA"}"#)), ErrorCode::VaultWrongKey);
    assert_eq!(other.keystow(&["list"], "").status.code(), Some(4));
    assert_eq!(fs::read(other.vault()).unwrap(), before);
}

#[test]
fn a_truncated_vault_is_said_to_be_unreadable() {
    let desk = Desk::new();
    let mut host = desk.host();
    for user in 0..20 {
        ctap::made(&host.ctap(&ctap::make("example.com", &[user])));
    }
    host.close();
    for length in [4096, 100, 0] {
        fs::OpenOptions::new().write(true).open(desk.vault()).unwrap().set_len(length).unwrap();
        let reply = desk.host().ask(r#"{"id":1,"ctap":"BA"}"#);
        assert_eq!(code(&reply), ErrorCode::VaultUnreadable, "{length} bytes: {reply:?}");
        assert_eq!(desk.keystow(&["doctor"], "").status.code(), Some(1));
        assert_eq!(fs::metadata(desk.vault()).unwrap().len(), length, "left as it is");
    }
}
