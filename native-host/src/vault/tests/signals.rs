use protocol::webauthn::CredentialId;
use rusqlite::Connection;

use super::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

const SITE: &str = "example.com";

fn trashed(vault: &Vault) -> Vec<(CredentialId, TrashReason)> {
    vault.trash().unwrap().into_iter().map(|trashed| (trashed.source.credential_id, trashed.reason)).collect()
}

fn held(vault: &Vault) -> Vec<CredentialId> {
    let mut held: Vec<_> = vault.list(None, 100).unwrap().sources.into_iter().map(|it| it.credential_id).collect();
    held.sort();
    held
}

fn sorted(ids: &[&CredentialId]) -> Vec<CredentialId> {
    let mut ids: Vec<_> = ids.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}

/// A second passkey of an account, as restoring makes one.
fn another(vault: &Vault, user: &str, now: u64) -> CredentialId {
    let first = vault.find(&SITE.into()).unwrap().remove(0).credential_id;
    let second = insert(vault, SITE, user, now);
    vault.restore(&first).unwrap();
    second
}

fn accept(vault: &Vault, user: &str, accepted: &[&CredentialId], now: u64) {
    let accepted: Vec<_> = accepted.iter().map(|id| (*id).clone()).collect();
    vault.signal_all_accepted_credentials(&SITE.into(), &user.as_bytes().into(), &accepted, now).unwrap();
}

fn call(vault: &Vault, user: &str, name: &str, now: u64) {
    vault.signal_current_user_details(&SITE.into(), &user.as_bytes().into(), name, "", now).unwrap();
}

#[test]
fn a_credential_that_the_site_does_not_know_goes_to_the_trash_with_that_reason() {
    let vault = Home::new().open();
    let (ada, bob) = (insert(&vault, SITE, "ada", 2), insert(&vault, SITE, "bob", 1));
    vault.signal_unknown_credential(&SITE.into(), &ada, 3).unwrap();
    assert_eq!(held(&vault), [bob]);
    assert_eq!(trashed(&vault), [(ada.clone(), TrashReason::UnknownToSite)]);
    assert!(vault.restore(&ada).unwrap());
    assert_eq!(users(&vault, SITE), ["ada", "bob"]);
}

#[test]
fn a_site_signals_of_its_own_credentials_alone() {
    let vault = Home::new().open();
    let ada = insert(&vault, "elsewhere.com", "ada", 1);
    vault.signal_unknown_credential(&SITE.into(), &ada, 2).unwrap();
    vault.signal_unknown_credential(&SITE.into(), &vec![7; 32].into(), 2).unwrap();
    accept(&vault, "ada", &[], 2);
    call(&vault, "ada", "mallory", 2);
    assert_eq!(held(&vault), std::slice::from_ref(&ada));
    assert!(vault.get(&ada).unwrap().unwrap().earlier_names.is_empty());
    assert!(trashed(&vault).is_empty());
}

#[test]
fn what_is_not_accepted_goes_and_comes_back_once_it_is() {
    let vault = Home::new().open();
    let ada = insert(&vault, SITE, "ada", 1);
    let second = another(&vault, "ada", 2);
    let bob = insert(&vault, SITE, "bob", 3);
    accept(&vault, "ada", &[&second], 4);
    assert_eq!(held(&vault), sorted(&[&second, &bob]));
    assert_eq!(trashed(&vault), [(ada.clone(), TrashReason::NotAcceptedBySite)]);
    accept(&vault, "ada", &[], 5);
    assert_eq!(held(&vault), std::slice::from_ref(&bob));
    accept(&vault, "ada", &[&ada, &second, &vec![9; 32].into()], 6);
    assert_eq!(held(&vault), sorted(&[&ada, &second, &bob]));
    assert!(trashed(&vault).is_empty());
}

#[test]
fn one_that_was_unknown_comes_back_too_once_it_is_accepted() {
    let vault = Home::new().open();
    let ada = insert(&vault, SITE, "ada", 1);
    vault.signal_unknown_credential(&SITE.into(), &ada, 2).unwrap();
    accept(&vault, "bob", &[&ada], 3);
    assert!(held(&vault).is_empty(), "it is not of that account");
    accept(&vault, "ada", &[&ada], 4);
    assert_eq!(held(&vault), [ada]);
}

#[test]
fn what_the_user_deleted_and_what_was_replaced_no_signal_brings_back() {
    let vault = Home::new().open();
    let replaced = insert(&vault, SITE, "ada", 1);
    let deleted = insert(&vault, SITE, "ada", 2);
    vault.delete(&deleted, 3).unwrap();
    accept(&vault, "ada", &[&replaced, &deleted], 4);
    assert!(held(&vault).is_empty());
    assert_eq!(trashed(&vault).len(), 2);
}

#[test]
fn names_change_and_the_earlier_ones_are_kept() {
    let home = Home::new();
    let vault = home.open();
    let ada = insert(&vault, SITE, "ada", 1);
    let second = another(&vault, "ada", 2);
    let bob = insert(&vault, SITE, "bob", 3);
    call(&vault, "ada", "countess", 4);
    call(&vault, "ada", "countess", 5);
    drop(vault);
    let vault = home.open();
    for id in [&ada, &second] {
        let source = vault.get(id).unwrap().unwrap();
        assert_eq!((source.user_name.as_str(), source.user_display_name.as_str()), ("countess", ""));
        let [earlier] = &source.earlier_names[..] else { panic!("{:?}", source.earlier_names) };
        assert_eq!((earlier.user_name.as_str(), earlier.replaced), ("ada@mail.test", 4));
        assert_eq!(earlier.user_display_name, "Dear ada");
    }
    assert_eq!(vault.get(&bob).unwrap().unwrap().user_name, "bob@mail.test");
    assert!(vault.update(&ada, |source| assert!(source.rename_back())).unwrap());
    let source = vault.get(&ada).unwrap().unwrap();
    assert_eq!((source.user_name.as_str(), source.earlier_names.len()), ("ada@mail.test", 0));
}

#[test]
fn a_page_that_changes_names_without_end_loses_the_first_one_to_nobody() {
    let home = Home::new();
    let vault = home.open();
    let ada = insert(&vault, SITE, "ada", 1);
    let size = || std::fs::metadata(vault.file()).unwrap().len();
    for n in 0..200 {
        call(&vault, "ada", &format!("name {n}"), 2 + n);
    }
    let before = size();
    let earlier = || -> Vec<_> {
        let source = vault.get(&ada).unwrap().unwrap();
        source.earlier_names.iter().map(|earlier| earlier.user_name.clone()).collect()
    };
    assert_eq!(earlier(), ["ada@mail.test", "name 195", "name 196", "name 197", "name 198"]);
    (0..200).for_each(|n| call(&vault, "ada", &format!("name {n}"), 300 + n));
    assert_eq!(size(), before, "the file does not grow");
    call(&vault, "ada", "after a month", 31 * DAY);
    assert_eq!(earlier(), ["name 199"]);
}

#[test]
fn a_signal_writes_as_durably_where_it_finds_nothing() {
    let home = Home::new();
    let vault = home.open();
    let ada = insert(&vault, SITE, "ada", 1);
    let onlooker = Connection::open(home.file()).unwrap();
    let version = || onlooker.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let nothing: [&dyn Fn(); 3] = [
        &|| vault.signal_unknown_credential(&SITE.into(), &vec![7; 32].into(), 2).unwrap(),
        &|| accept(&vault, "ada", &[&ada], 2),
        &|| call(&vault, "nobody", "x", 2),
    ];
    for signal in nothing {
        let before = version();
        signal();
        assert_ne!(version(), before);
    }
    assert_eq!((held(&vault), trashed(&vault).len()), (vec![ada], 0));
    assert!(vault.integrity().unwrap().is_clean());
}
