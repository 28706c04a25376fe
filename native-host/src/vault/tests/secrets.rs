//! A credential's secrets are sealed on their own, inside its record.

use protocol::webauthn::CredentialId;

use super::*;
use crate::credential::SealedSecrets;
use crate::vault::seal::{Place, open};

/// A record that is whole, but for the secrets in it.
fn with_damaged_secrets(vault: &Vault) -> CredentialId {
    let id = insert(vault, "example.com", "ada", 1);
    let damage = |source: &mut PublicKeyCredentialSource| {
        let mut sealed = source.secrets.as_sealed().to_vec();
        sealed[30] ^= 1;
        source.secrets = SealedSecrets::from_sealed(sealed);
    };
    assert!(vault.update(&id, damage).unwrap());
    id
}

#[test]
fn whoever_lists_or_chooses_opens_no_secrets() {
    let vault = Home::new().open();
    let id = with_damaged_secrets(&vault);
    assert_eq!(users(&vault, "example.com"), ["ada"]);
    assert_eq!(vault.find_among(&"example.com".into(), std::slice::from_ref(&id)).unwrap().len(), 1);
    let page = vault.list(None, 10).unwrap();
    assert_eq!((page.sources.len(), page.damaged), (1, 0));
    let mut seen = 0;
    vault.for_each(|_| seen += 1).unwrap();
    assert_eq!(seen, 1);
    let source = vault.get(&id).unwrap().unwrap();
    assert!(matches!(vault.open_secrets(&source), Err(Error::RecordDamaged { .. })));
}

#[test]
fn the_integrity_scan_does_open_them() {
    let vault = Home::new().open();
    insert(&vault, "example.org", "bob", 1);
    let id = with_damaged_secrets(&vault);
    let row = vault.row(&vault.connection, &id).unwrap().unwrap();
    let found = vault.integrity().unwrap();
    assert_eq!((found.records, found.damaged), (1, vec![format!("credentials {:016x}", row.id)]));
}

#[test]
fn they_open_under_their_own_credential_id_alone() {
    let vault = Home::new().open();
    let mut mine = source(&vault, "example.com", "ada", 1);
    let other = source(&vault, "example.com", "bob", 1);
    assert!(vault.open_secrets(&mine).is_ok());
    mine.secrets = other.secrets.clone();
    assert!(matches!(vault.open_secrets(&mine), Err(Error::RecordDamaged { .. })));
    mine.credential_id = other.credential_id.clone();
    assert!(vault.open_secrets(&mine).is_ok());
}

#[test]
fn they_open_under_their_own_key_alone() {
    let vault = Home::new().open();
    let source = source(&vault, "example.com", "ada", 1);
    let sealed = source.secrets.as_sealed();
    assert!(open(&vault.keys.secrets, &source.credential_id, sealed).is_ok());
    assert!(open(&vault.keys.seal, &source.credential_id, sealed).is_err());
    assert!(open(&vault.keys.secrets, Place { table: "secrets", id: 0 }, sealed).is_err());
    let elsewhere = Home::new().open();
    assert!(elsewhere.open_secrets(&source).is_err());
}

#[test]
fn they_stay_the_same_bytes_through_trash_and_back() {
    let vault = Home::new().open();
    let made = source(&vault, "example.com", "ada", 1);
    let id = &made.credential_id;
    vault.insert(&made, 1).unwrap();
    vault.note_use(id, Some(&sign_in(2)), false).unwrap();
    vault.delete(id, 3).unwrap();
    assert_eq!(vault.trash().unwrap()[0].source.secrets, made.secrets);
    vault.restore(id).unwrap();
    assert_eq!(vault.get(id).unwrap().unwrap().secrets, made.secrets);
}
