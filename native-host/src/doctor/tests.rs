use std::io::{Read, Seek, SeekFrom, Write};

use super::*;
use crate::authenticator::MemoryKeychain;
use crate::keychain::KeychainError;
use crate::verification::os::Obstacle;

struct Broken(KeychainError);

impl Keychain for Broken {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Err(self.0.clone())
    }

    fn store(&self, _: &VaultKey) -> Result<(), KeychainError> {
        Err(self.0.clone())
    }
}

#[test]
fn a_keychain_that_fails_is_to_be_mended_by_its_one_fix() {
    let folder = tempfile::tempdir().unwrap();
    let (check, key) = examine_keychain(&Broken(KeychainError::Locked), Some(&folder.path().join("vault.db")));
    assert_eq!(check.state, CheckState::Mend);
    assert!(check.finding.starts_with("The OS keychain is locked") && check.finding.ends_with('.'), "{check:?}");
    assert_eq!(format!("{} {}", check.finding, check.fix.unwrap()), KeychainError::Locked.to_string());
    assert!(key.is_none());
}

#[test]
fn an_emptied_keychain_beside_a_vault_is_to_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let works = MemoryKeychain::default();
    assert_eq!(examine_keychain(&works, Some(&file)).0.state, CheckState::Good);
    drop(Vault::open_or_create(&file, &works).unwrap());
    assert_eq!(examine_keychain(&MemoryKeychain::default(), Some(&file)).0.state, CheckState::Mend);
    assert!(examine_keychain(&works, Some(&file)).1.is_some());
}

#[test]
fn a_vault_is_good_absent_or_to_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let keychain = MemoryKeychain::default();
    assert_eq!(examine_vault(Some(&file), None).0.state, CheckState::Absent);
    assert_eq!(examine_vault(None, None).0.state, CheckState::Mend);
    drop(Vault::open_or_create(&file, &keychain).unwrap());
    let (check, _) = examine_vault(Some(&file), keychain.load().unwrap());
    assert_eq!(check.state, CheckState::Good, "{check:?}");
    assert_eq!(examine_vault(Some(&file), Some(VaultKey::generate().unwrap())).0.state, CheckState::Mend);
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let keychain = MemoryKeychain::default();
    drop(Vault::open_or_create(&path, &keychain).unwrap());
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    // The key check's record is the last thing in the second page; its last byte is part of the seal.
    let page = 4096;
    let mut byte = [0];
    file.seek(SeekFrom::Start(2 * page - 1)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(2 * page - 1)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
    let (check, _) = examine_vault(Some(&path), keychain.load().unwrap());
    assert_eq!(check.state, CheckState::Mend, "{check:?}");
}

#[test]
fn damage_is_named_record_by_record() {
    let integrity = Integrity {
        records: 3,
        damaged: vec!["credentials 7".to_owned(), "trash 9".to_owned()],
        structure: Vec::new(),
    };
    let check = judge(Path::new("vault.db"), &integrity);
    assert_eq!(check.state, CheckState::Mend);
    assert!(check.finding.contains("3 passkeys") && check.finding.contains("record credentials 7 is damaged"));
    assert!(check.finding.contains("record trash 9 is damaged"), "{}", check.finding);
}

#[test]
fn the_system_s_user_verification_is_to_be_mended_only_where_it_is_switched_on() {
    let check = |availability, switched_on| {
        let check = examine_verification(availability, switched_on);
        (check.state, check.fix)
    };
    let missing = Availability::NotSetUp(Obstacle::NoAction);
    let fix =
        Some("keystow polkit-action | sudo tee /usr/share/polkit-1/actions/org.keystow.policy >/dev/null".to_owned());
    assert_eq!(check(Availability::Ready, true), (CheckState::Good, None));
    assert_eq!(check(Availability::Ready, false), (CheckState::Absent, Some("keystow verification os on".to_owned())));
    assert_eq!(check(missing, true), (CheckState::Mend, fix.clone()));
    assert_eq!(check(missing, false), (CheckState::Absent, fix));
    assert_eq!(check(Availability::Unsupported, true).0, CheckState::Mend);
    assert_eq!(check(Availability::Unsupported, false), (CheckState::Absent, None));
}

#[test]
fn verification_by_the_system_is_switched_on_in_the_vault() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let keychain = MemoryKeychain::default();
    let vault = Vault::open_or_create(&file, &keychain).unwrap();
    let switched_on = || examine_vault(Some(&file), keychain.load().unwrap()).1;
    assert!(!switched_on());
    vault.update_settings(&mut |settings| settings.os_verification = true).unwrap();
    assert!(switched_on());
}
