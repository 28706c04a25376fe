use super::*;
use crate::secret::PinHash;
use crate::verification::{MIN_PIN_LENGTH, NewPin, PinStore, PinVerifier, SettingsStore};

const DAY: u64 = 24 * 60 * 60 * 1000;

fn set_pin(vault: &Vault, pin: &str) {
    PinVerifier::default().set_pin(vault, &NewPin::from_text(pin, MIN_PIN_LENGTH).unwrap()).unwrap();
}

fn accepts(vault: &Vault, pin: &str) -> bool {
    PinVerifier::default().verify(vault, &PinHash::derive(pin.as_bytes())).is_ok()
}

#[test]
fn a_reset_takes_everything_away() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    vault.delete(&insert(&vault, "example.com", "bob", 2), 3).unwrap();
    set_pin(&vault, "1234");
    vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
    let other_host = home.open();
    vault.reset(10).unwrap();
    for vault in [vault, other_host, home.open()] {
        assert_eq!(vault.count(), Ok(0));
        assert!(users(&vault, "example.com").is_empty());
        assert!(vault.trash().unwrap().is_empty());
        assert!(vault.pin().unwrap().is_none());
        assert!(!vault.settings().unwrap().always_uv);
        assert!(vault.integrity().unwrap().is_clean());
        let reset = vault.last_reset().unwrap().unwrap();
        assert_eq!((reset.at, reset.passkeys, reset.undoable_until()), (10, 1, 10 + 30 * DAY));
    }
}

#[test]
fn undoing_it_brings_back_the_pin_of_then_too() {
    let home = Home::new();
    let vault = home.open();
    let ada = insert(&vault, "example.com", "ada", 1);
    let bob = insert(&vault, "example.com", "bob", 2);
    vault.delete(&bob, 3).unwrap();
    set_pin(&vault, "1234");
    vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
    vault.reset(10).unwrap();
    set_pin(&vault, "5678");
    insert(&vault, "example.com", "eve", 11);

    let reset = vault.last_reset().unwrap().unwrap();
    vault.undo_reset(&reset).unwrap();
    let vault = home.open();
    assert_eq!(users(&vault, "example.com"), ["eve", "ada"], "those made since stay");
    let found = vault.get(&ada).unwrap().unwrap();
    assert!(vault.open_secrets(&found).is_ok());
    assert!(vault.restore(&bob).unwrap(), "the trash is back as well");
    assert!(accepts(&vault, "1234"));
    assert!(!accepts(&vault, "5678"));
    assert!(vault.settings().unwrap().always_uv);
    assert!(vault.integrity().unwrap().is_clean());
    assert_eq!(vault.last_reset(), Ok(None));
}

#[test]
fn a_pin_chosen_since_stays_where_there_was_none() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    vault.reset(10).unwrap();
    set_pin(&vault, "5678");
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert!(accepts(&vault, "5678"));
}

#[test]
fn each_of_two_resets_can_be_undone_the_last_one_first() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    vault.reset(10).unwrap();
    insert(&vault, "example.com", "bob", 11);
    vault.reset(20).unwrap();
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!(users(&vault, "example.com"), ["bob"]);
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!(users(&vault, "example.com"), ["bob", "ada"]);
}

#[test]
fn a_passkey_that_is_here_again_is_not_doubled() {
    let home = Home::new();
    let vault = home.open();
    let made = source(&vault, "example.com", "ada", 1);
    vault.insert(&made, 1).unwrap();
    vault.reset(10).unwrap();
    vault.insert(&made, 11).unwrap();
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!(users(&vault, "example.com"), ["ada"]);
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn after_thirty_days_it_cannot_be_undone() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    vault.reset(10).unwrap();
    vault.purge(10 + 30 * DAY - 1).unwrap();
    assert!(vault.last_reset().unwrap().is_some());
    vault.purge(10 + 30 * DAY).unwrap();
    assert_eq!(vault.last_reset(), Ok(None));
    let left: i64 = vault.connection.query_row("SELECT count(*) FROM aside", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
