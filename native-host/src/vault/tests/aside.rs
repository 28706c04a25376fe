use super::*;
use crate::secret::PinHash;
use crate::verification::{MIN_PIN_LENGTH, NewPin, PinError, PinStore, PinVerifier, SettingsStore};

const DAY: u64 = 24 * 60 * 60 * 1000;

fn set_pin(vault: &Vault, pin: &str) {
    PinVerifier::default().set_pin(vault, &NewPin::from_text(pin, MIN_PIN_LENGTH).unwrap()).unwrap();
}

fn verify(vault: &Vault, pin: &str) -> Result<(), PinError<Error>> {
    PinVerifier::default().verify(vault, &PinHash::derive(pin.as_bytes()))
}

fn undo_last(vault: &Vault) {
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
}

/// Rows that are kept aside, heads included.
fn rows_aside(vault: &Vault) -> i64 {
    vault.connection.query_row("SELECT count(*) FROM aside", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_reset_takes_everything() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    let deleted = insert(&vault, "example.com", "bob", 2);
    vault.delete(&deleted, 3).unwrap();
    set_pin(&vault, "1234");
    vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
    vault.reset(4).unwrap();
    let vault = home.open();
    assert_eq!(vault.count(), Ok(0));
    assert!(vault.trash().unwrap().is_empty());
    assert!(vault.pin().unwrap().is_none());
    assert!(!vault.settings().unwrap().always_uv);
    assert!(!vault.restore(&deleted).unwrap(), "the trash has gone too");
    assert!(vault.integrity().unwrap().is_clean());
    insert(&vault, "example.com", "ada", 5);
    assert_eq!(users(&vault, "example.com"), ["ada"]);
}

#[test]
fn undone_everything_is_as_it_was() {
    let home = Home::new();
    let vault = home.open();
    let ada = insert(&vault, "example.com", "ada", 1);
    let deleted = insert(&vault, "example.com", "bob", 2);
    vault.delete(&deleted, 3).unwrap();
    set_pin(&vault, "1234");
    assert!(verify(&vault, "0000").is_err());
    vault.update_settings(&mut |settings| settings.min_pin_length = 6).unwrap();
    let made = vault.get(&ada).unwrap().unwrap();
    vault.reset(4).unwrap();
    drop(vault);
    let vault = home.open();
    let reset = vault.last_reset().unwrap().unwrap();
    assert_eq!((reset.at, reset.passkeys, reset.undoable_until()), (4, 1, 4 + 30 * DAY));
    vault.undo_reset(&reset).unwrap();
    let kept = vault.get(&ada).unwrap().unwrap();
    assert_eq!((kept.account(), &kept.secrets), (made.account(), &made.secrets));
    assert!(vault.open_secrets(&kept).is_ok());
    assert_eq!(vault.trash().unwrap()[0].deleted, 3);
    assert_eq!(vault.pin().unwrap().unwrap().retries(), 7, "no try is won by it");
    assert_eq!(vault.settings().unwrap().min_pin_length, 6);
    assert!(verify(&vault, "1234").is_ok());
    assert!(vault.restore(&deleted).unwrap());
    assert_eq!((vault.last_reset(), rows_aside(&vault)), (Ok(None), 0), "it is done");
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn a_locked_pin_is_locked_again() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "ada", 1);
    set_pin(&vault, "1234");
    for _ in 0..8 {
        assert!(verify(&vault, "0000").is_err());
    }
    vault.reset(2).unwrap();
    set_pin(&vault, "9999");
    undo_last(&vault);
    assert!(matches!(verify(&vault, "1234"), Err(PinError::Blocked)));
    assert!(matches!(verify(&vault, "9999"), Err(PinError::Blocked)));
}

#[test]
fn passkeys_made_since_stay() {
    let vault = Home::new().open();
    let then = insert(&vault, "example.com", "ada", 1);
    vault.reset(2).unwrap();
    let since = insert(&vault, "example.com", "ada", 3);
    let deleted = insert(&vault, "example.com", "bob", 4);
    vault.delete(&deleted, 5).unwrap();
    undo_last(&vault);
    let held = vault.find(&"example.com".into()).unwrap();
    assert_eq!(held.into_iter().map(|source| source.credential_id).collect::<Vec<_>>(), [since, then]);
    assert_eq!(vault.trash().unwrap()[0].source.credential_id, deleted);
}

#[test]
fn a_passkey_that_is_here_again_stays_as_it_is() {
    let vault = Home::new().open();
    let again = source(&vault, "example.com", "ada", 1);
    vault.insert(&again, 1).unwrap();
    insert(&vault, "example.com", "bob", 2);
    vault.reset(3).unwrap();
    vault.insert(&again, 4).unwrap();
    vault.note_use(&again.credential_id, Some(&sign_in(5)), false).unwrap();
    undo_last(&vault);
    assert_eq!(users(&vault, "example.com"), ["ada", "bob"]);
    assert_eq!(vault.get(&again.credential_id).unwrap().unwrap().last_used, Some(5));
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn the_pin_of_then_takes_the_place_of_the_one_of_now() {
    let vault = Home::new().open();
    set_pin(&vault, "1234");
    vault.reset(1).unwrap();
    set_pin(&vault, "5678");
    vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
    undo_last(&vault);
    assert!(verify(&vault, "5678").is_err());
    assert!(verify(&vault, "1234").is_ok());
    assert!(!vault.settings().unwrap().always_uv, "settled with a PIN that is no more");
}

#[test]
fn nobody_gets_rid_of_a_pin_by_undoing_a_reset_from_before_it() {
    for settled in [false, true] {
        let vault = Home::new().open();
        insert(&vault, "example.com", "ada", 1);
        if settled {
            vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
        }
        vault.reset(2).unwrap();
        set_pin(&vault, "5678");
        undo_last(&vault);
        assert!(verify(&vault, "5678").is_ok(), "settings there were then: {settled}");
        assert_eq!(vault.settings().unwrap().always_uv, settled);
        assert_eq!(users(&vault, "example.com"), ["ada"]);
    }
}

#[test]
fn resets_are_undone_one_by_one_the_last_first() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "first", 1);
    vault.reset(2).unwrap();
    insert(&vault, "example.com", "second", 3);
    insert(&vault, "example.com", "third", 4);
    vault.reset(5).unwrap();
    assert_eq!(vault.last_reset().unwrap().map(|reset| (reset.at, reset.passkeys)), Some((5, 2)));
    undo_last(&vault);
    assert_eq!(users(&vault, "example.com"), ["third", "second"]);
    assert_eq!(vault.last_reset().unwrap().map(|reset| (reset.at, reset.passkeys)), Some((2, 1)));
    undo_last(&vault);
    assert_eq!(users(&vault, "example.com"), ["third", "second", "first"]);
}

#[test]
fn after_thirty_days_it_is_gone_for_good() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "first", 1);
    vault.reset(DAY).unwrap();
    insert(&vault, "example.com", "second", 1);
    vault.reset(2 * DAY).unwrap();
    vault.purge(31 * DAY - 1).unwrap();
    assert_eq!(rows_aside(&vault), 4, "two heads, two passkeys");
    vault.purge(31 * DAY).unwrap();
    assert_eq!(rows_aside(&vault), 2);
    assert_eq!(vault.last_reset().unwrap().map(|reset| reset.at), Some(2 * DAY));
    vault.purge(1).unwrap();
    assert_eq!(rows_aside(&vault), 2, "a clock that was set back purges nothing");
    vault.purge(32 * DAY).unwrap();
    assert_eq!((vault.last_reset(), rows_aside(&vault)), (Ok(None), 0));
}

#[test]
fn a_reset_of_nothing_can_be_undone_too() {
    let vault = Home::new().open();
    vault.reset(1).unwrap();
    assert_eq!(vault.last_reset().unwrap().map(|reset| reset.passkeys), Some(0));
    undo_last(&vault);
    assert_eq!(vault.count(), Ok(0));
}

#[test]
fn undoing_what_is_undone_already_changes_nothing() {
    let home = Home::new();
    let (one, other) = (home.open(), home.open());
    insert(&one, "example.com", "ada", 1);
    set_pin(&one, "1234");
    one.reset(2).unwrap();
    let reset = other.last_reset().unwrap().unwrap();
    undo_last(&one);
    PinVerifier::default()
        .change_pin(&one, &PinHash::derive(b"1234"), &NewPin::from_text("5678", MIN_PIN_LENGTH).unwrap())
        .unwrap();
    other.undo_reset(&reset).unwrap();
    assert_eq!(users(&other, "example.com"), ["ada"]);
    assert!(verify(&other, "5678").is_ok());
}

#[test]
fn what_is_aside_is_looked_at_by_the_integrity_scan() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "ada", 1);
    let deleted = insert(&vault, "example.com", "bob", 2);
    vault.delete(&deleted, 3).unwrap();
    set_pin(&vault, "1234");
    vault.reset(4).unwrap();
    assert!(vault.integrity().unwrap().is_clean());
    for kind in 0..4 {
        let id: i64 =
            vault.connection.query_row("SELECT id FROM aside WHERE kind = ?1", [kind], |row| row.get(0)).unwrap();
        let flip = "UPDATE aside SET sealed = ?2 WHERE id = ?1";
        let sound: Vec<u8> =
            vault.connection.query_row("SELECT sealed FROM aside WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        let mut damaged = sound.clone();
        damaged[30] ^= 1;
        vault.connection.execute(flip, (id, damaged)).unwrap();
        assert_eq!(vault.integrity().unwrap().damaged, [format!("aside {id:016x}")], "kind {kind}");
        vault.connection.execute(flip, (id, sound)).unwrap();
    }
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn a_damaged_passkey_is_kept_aside_as_it_is_and_harms_no_other() {
    let vault = Home::new().open();
    let damaged = insert(&vault, "example.com", "ada", 1);
    insert(&vault, "example.org", "bob", 2);
    let index = vault.keys.credential_index(&damaged);
    let sql = "UPDATE credentials SET sealed = zeroblob(length(sealed)) WHERE credential = ?1";
    vault.connection.execute(sql, [index.as_bytes()]).unwrap();
    vault.reset(3).unwrap();
    undo_last(&vault);
    assert!(matches!(vault.get(&damaged), Err(Error::RecordDamaged { .. })));
    assert_eq!(users(&vault, "example.org"), ["bob"]);
    assert_eq!(vault.integrity().unwrap().damaged.len(), 1);
}
