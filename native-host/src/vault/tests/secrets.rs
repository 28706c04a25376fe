//! The secrets of a passkey are sealed a second time inside its record; records of version 1 are not.

use protocol::cbor::{Value, int_map};

use super::rows::credentials;
use super::*;
use crate::credential::SealedSecrets;

fn signs(vault: &Vault, source: &PublicKeyCredentialSource) -> bool {
    vault.open_secrets(source).is_ok_and(|secrets| secrets.sign(source.algorithm, b"message").is_ok())
}

#[test]
fn a_passkey_whose_secrets_are_damaged_is_listed_and_does_not_sign() {
    let home = Home::new();
    let vault = home.open();
    let mut damaged = source(&vault, "example.com", "ada", 1);
    let mut bytes = damaged.secrets.as_sealed().to_vec();
    bytes[30] ^= 1;
    damaged.secrets = SealedSecrets::from_sealed(bytes);
    vault.insert(&damaged, 1).unwrap();
    assert_eq!(users(&vault, "example.com"), ["ada"]);
    assert_eq!(vault.list(None, 10).unwrap().sources.len(), 1);
    assert!(!signs(&vault, &damaged));
    let found = vault.integrity().unwrap();
    assert_eq!((found.records, found.damaged.len()), (0, 1), "keystow doctor names it");
}

#[test]
fn the_secrets_of_one_passkey_do_not_open_for_another() {
    let home = Home::new();
    let vault = home.open();
    let [one, mut other] = ["ada", "bob"].map(|user| source(&vault, "example.com", user, 1));
    assert!(signs(&vault, &one) && signs(&vault, &other));
    other.secrets = one.secrets.clone();
    assert!(!signs(&vault, &other));
}

#[test]
fn the_secrets_move_with_the_record_into_the_trash_and_back() {
    let home = Home::new();
    let vault = home.open();
    let id = insert(&vault, "example.com", "ada", 1);
    vault.delete(&id, 2).unwrap();
    assert!(signs(&vault, &vault.trash().unwrap()[0].source));
    vault.restore(&id).unwrap();
    assert!(signs(&vault, &vault.get(&id).unwrap().unwrap()));
}

/// A vault as version 0.1 first wrote it: no table `aside`, and the private key of `made` in the record itself.
fn of_version_1(home: &Home, made: &PublicKeyCredentialSource) {
    let vault = home.open();
    let secrets = vault.open_secrets(made).unwrap();
    let attributes = int_map([
        (1, Some(1.into())),
        (2, Some(made.credential_id.as_bytes().to_vec().into())),
        (3, Some(made.rp_id.as_str().into())),
        (4, Some(made.rp_name.as_str().into())),
        (5, Some(made.user_handle.as_bytes().to_vec().into())),
        (6, Some(made.user_name.as_str().into())),
        (7, Some(made.user_display_name.as_str().into())),
        (8, Some((-7).into())),
        (9, Some(made.public_key.to_public_bytes().into())),
        (10, Some(made.created.into())),
        (12, Some(true.into())),
        (13, Some(false.into())),
        (14, Some(Value::Array(vec!["internal".into(), "hybrid".into()]))),
    ]);
    let key = secrets.private_key.expose_secret();
    let record = [&[0x58, 32], key, &protocol::cbor::encode(&attributes)].concat();
    let place = credentials(7);
    let sealed = vault.seal(place, &record).unwrap_or_else(|_| panic!("random bytes"));
    let (rp, id) = (vault.keys.rp_index(&made.rp_id), vault.keys.credential_index(&made.credential_id));
    let row = (place.id, rp.as_bytes(), id.as_bytes(), sealed);
    vault
        .connection
        .execute("INSERT INTO credentials (id, rp, credential, sealed) VALUES (?1, ?2, ?3, ?4)", row)
        .unwrap();
    vault.connection.execute_batch("DROP TABLE aside; PRAGMA user_version = 1").unwrap();
}

#[test]
fn a_vault_of_version_1_is_read_signs_and_is_written_as_version_2() {
    let home = Home::new();
    let made = source(&home.open(), "example.com", "ada", 5);
    of_version_1(&home, &made);
    let vault = home.open();
    let read = vault.get(&made.credential_id).unwrap().unwrap();
    assert_eq!(read.account(), made.account());
    assert!(read.discoverable);
    assert!(vault.integrity().unwrap().is_clean());
    let sign = |vault: &Vault, source| vault.open_secrets(source).unwrap().sign(made.algorithm, b"message").unwrap();
    assert_eq!(sign(&vault, &read), sign(&vault, &made), "it is the same key");
    assert!(vault.open_secrets(&read).unwrap().cred_random.is_none(), "there was none then");

    vault.touch(&made.credential_id, 9).unwrap();
    let written: Vec<u8> = vault.connection.query_row("SELECT sealed FROM credentials", [], |row| row.get(0)).unwrap();
    let record = vault.open_sealed(credentials(7), &written).unwrap();
    assert_ne!(record[..2], [0x58, 32], "the key is not in the record itself any more");
    let vault = home.open();
    assert_eq!(sign(&vault, &vault.get(&made.credential_id).unwrap().unwrap()), sign(&vault, &made));
    vault.reset(10).unwrap();
    assert_eq!(vault.last_reset().unwrap().unwrap().passkeys, 1, "the new table is there");
}
