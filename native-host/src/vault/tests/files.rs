use std::fs;

use rusqlite::Connection;

use super::*;

#[test]
fn nothing_readable_is_on_the_disk() {
    let home = Home::new();
    let vault = home.open();
    let made = source(&vault, "very-private-site.example", "whistleblower", 1);
    vault.insert(&made, 1).unwrap();
    vault.note_use(&made.credential_id, Some(&sign_in(2)), false).unwrap();
    vault.delete(&insert(&vault, "other-private-site.example", "whistleblower", 3), 4).unwrap();
    let secrets = vault.open_secrets(&made).unwrap();
    let hidden: [&[u8]; 6] = [
        b"private-site",
        b"whistleblower",
        b"mail.test",
        made.credential_id.as_bytes(),
        secrets.private_key.expose_secret(),
        &made.public_key.to_public_bytes()[1..33],
    ];
    let mut bytes_seen = 0;
    for file in fs::read_dir(home.file().parent().unwrap()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes_seen += bytes.len();
        for secret in hidden {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    assert!(bytes_seen > 4096, "the journal was looked into");
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    let folder = home.file().parent().unwrap().to_owned();
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["vault.db", "vault.db-shm", "vault.db-wal", "vault.db.lock"]);
    drop(vault);
    fs::set_permissions(home.file(), fs::Permissions::from_mode(0o644)).unwrap();
    home.open();
    assert_eq!(mode(&home.file()), 0o600);
}

#[test]
fn another_key_is_told() {
    let home = Home::new();
    insert(&home.open(), "example.com", "ada", 1);
    *home.keychain.0.borrow_mut() = Some([9; 32]);
    assert_eq!(home.refused(), Error::WrongKey { file: home.file() });
}

#[test]
fn an_emptied_keychain_is_told_and_never_filled_over_a_vault() {
    let home = Home::new();
    insert(&home.open(), "example.com", "ada", 1);
    let key = home.keychain.0.borrow_mut().take();
    let error = home.refused();
    assert_eq!(error, Error::KeychainEmptied { file: home.file() });
    assert!(error.to_string().contains(home.file().to_str().unwrap()));
    assert!(home.keychain.0.borrow().is_none(), "no new key was stored");
    *home.keychain.0.borrow_mut() = key;
    assert_eq!(users(&home.open(), "example.com"), ["ada"]);
}

/// Fails in one of the ways a keychain can, and looks at the vault's file when the key comes.
struct Watching<'a> {
    home: &'a Home,
    fails: bool,
    forgets: bool,
}

impl Keychain for Watching<'_> {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.home.keychain.load()
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        assert!(!self.home.file().exists(), "the key comes before the vault");
        match (self.fails, self.forgets) {
            (true, _) => Err(KeychainError::Locked),
            (_, true) => Ok(()),
            _ => self.home.keychain.store(key),
        }
    }
}

#[test]
fn a_vault_is_made_only_when_its_key_is_safe() {
    let home = Home::new();
    let with = |fails, forgets| Vault::open_or_create(&home.file(), &Watching { home: &home, fails, forgets });
    assert_eq!(with(true, false).err(), Some(Error::Keychain(KeychainError::Locked)));
    assert!(matches!(with(false, true).err(), Some(Error::Keychain(KeychainError::Unavailable(_)))));
    assert!(!home.file().exists());
    with(false, false).unwrap();
}

#[test]
fn a_creation_that_was_cut_short_is_taken_up_with_the_same_key() {
    let home = Home::new();
    home.keychain.store(&VaultKey::from_slice(&[3; 32]).unwrap()).unwrap();
    fs::create_dir_all(home.file().parent().unwrap()).unwrap();
    for left_over in ["vault.db.new", "vault.db.new-wal", "vault.db.new-journal"] {
        fs::write(home.file().with_file_name(left_over), b"half written").unwrap();
    }
    insert(&home.open(), "example.com", "ada", 1);
    assert_eq!(*home.keychain.0.borrow(), Some([3; 32]));
    assert_eq!(users(&home.open(), "example.com"), ["ada"]);
    assert!(!home.file().with_file_name("vault.db.new").exists());
}

#[test]
fn a_journal_without_its_vault_is_not_wiped() {
    let home = Home::new();
    let vault = home.open();
    insert(&vault, "example.com", "ada", 1);
    let journal = home.file().with_file_name("vault.db-wal");
    let bytes = fs::read(&journal).unwrap();
    drop(vault);
    fs::remove_file(home.file()).unwrap();
    fs::write(&journal, &bytes).unwrap();
    assert!(matches!(home.refused(), Error::Unreadable { .. }));
    assert_eq!(fs::read(&journal).unwrap(), bytes);
}

#[test]
fn a_file_that_is_no_vault_is_told_and_kept() {
    let home = Home::new();
    fs::create_dir_all(home.file().parent().unwrap()).unwrap();
    fs::write(home.file(), "Dear diary, ".repeat(1000)).unwrap();
    assert_eq!(home.refused(), Error::NotAVault { file: home.file() });

    fs::remove_file(home.file()).unwrap();
    Connection::open(home.file()).unwrap().execute_batch("CREATE TABLE diary (day)").unwrap();
    assert_eq!(home.refused(), Error::NotAVault { file: home.file() });
}

#[test]
fn a_vault_of_a_newer_version_is_told_and_kept() {
    let home = Home::new();
    insert(&home.open(), "example.com", "ada", 1);
    Connection::open(home.file()).unwrap().execute_batch("PRAGMA user_version = 5").unwrap();
    assert_eq!(home.refused(), Error::NewerVersion { file: home.file(), version: 5 });
}

#[test]
fn a_missing_vault_is_told() {
    let home = Home::new();
    assert_eq!(Vault::open(&home.file()).err(), Some(Error::Missing { file: home.file() }));
}

#[test]
fn every_error_says_what_happened_and_what_to_do() {
    let file = PathBuf::from("vault.db");
    let detail = String::new();
    let errors = [
        Error::Keychain(KeychainError::Unavailable(detail.clone())),
        Error::Keychain(KeychainError::Locked),
        Error::Keychain(KeychainError::TimedOut),
        Error::Keychain(KeychainError::Foreign),
        Error::KeychainEmptied { file: file.clone() },
        Error::WrongKey { file: file.clone() },
        Error::Missing { file: file.clone() },
        Error::NotAVault { file: file.clone() },
        Error::NewerVersion { file: file.clone(), version: 2 },
        Error::Unreadable { file: file.clone(), detail: detail.clone() },
        Error::DiskFull { file: file.clone() },
        Error::ReadOnly { file: file.clone() },
        Error::Unwritable { file, detail: detail.clone() },
        Error::RecordDamaged { record: detail.clone() },
        Error::Duplicate,
        Error::BadCursor,
        Error::NoRandomness,
        Error::Internal(detail),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.ends_with('.') && text.matches(". ").count() >= 1 || text.contains("; "), "{text}");
    }
}
