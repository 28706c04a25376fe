//! The first creation of a vault: free of races between two hosts, and safe against a crash at any point.
//!
//! Under a file lock: the key is put into the keychain and read back, the file is completed under another name, and only then renamed.
//! So a file of the vault's name is always a whole vault, and its key has always been in the keychain before.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::Vault;
use super::connection::{APPLICATION_ID, SCHEMA, SCHEMA_VERSION, connect};
use super::error::{Error, Fault, explain_io};
use super::keys::Keys;
use super::replica::REPLICA_SCHEMA;
use super::rows::rows;
use super::seal::{Nonce, Place, seal};
use crate::keychain::{Keychain, KeychainError};
use crate::secret::VaultKey;

pub(super) fn open_or_create(file: &Path, keychain: &dyn Keychain) -> Result<Vault, Error> {
    if exists(file)? {
        return open_existing(file, keychain);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder).map_err(|error| explain_io(&error, file))?;
    let _lock = lock(&beside(file, ".lock")).map_err(|error| explain_io(&error, file))?;
    if exists(file)? {
        return open_existing(file, keychain);
    }
    refuse_orphaned_journal(file)?;
    let key = key_for_a_fresh_vault(keychain)?;
    create(file, folder, &key)?;
    Vault::open(file)?.unlock(&key)
}

fn open_existing(file: &Path, keychain: &dyn Keychain) -> Result<Vault, Error> {
    let locked = Vault::open(file)?;
    match keychain.load()? {
        Some(key) => locked.unlock(&key),
        None => Err(Error::KeychainEmptied { file: file.to_owned() }),
    }
}

/// The keychain's key where it has one (a creation that was cut short, or a vault that was moved away), else a fresh one.
fn key_for_a_fresh_vault(keychain: &dyn Keychain) -> Result<VaultKey, Error> {
    if let Some(key) = keychain.load()? {
        return Ok(key);
    }
    let key = VaultKey::generate()?;
    keychain.store(&key)?;
    match keychain.load()? {
        Some(kept) if kept.same_as(&key) => Ok(key),
        _ => Err(KeychainError::Unavailable("it did not keep the key it was given".to_owned()).into()),
    }
}

/// Completes the file under another name, then gives it its own.
fn create(file: &Path, folder: &Path, key: &VaultKey) -> Result<(), Error> {
    let draft = beside(file, ".new");
    let io = |error: io::Error| explain_io(&error, file);
    for suffix in ["", "-journal", "-wal", "-shm"] {
        remove_if_there(&beside(&draft, suffix)).map_err(io)?;
    }
    create_private(&draft).map_err(io)?;
    fill(&draft, key).map_err(|fault| fault.explain(file))?;
    File::open(&draft).and_then(|draft| draft.sync_all()).map_err(io)?;
    fs::rename(&draft, file).map_err(io)?;
    sync_folder(folder).map_err(io)
}

/// Writes schema and key check into an empty file, and leaves no journal beside it.
fn fill(draft: &Path, key: &VaultKey) -> Result<(), Fault> {
    let connection = connect(draft)?;
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; {SCHEMA} {REPLICA_SCHEMA}"
    ))?;
    let sealed = seal(&Keys::derive(key).seal, Nonce::generate()?, KEY_CHECK, KEY_CHECK_RECORD);
    connection.execute("INSERT INTO vault (id, sealed) VALUES (?1, ?2)", (KEY_CHECK.id, sealed))?;
    connection.execute_batch("COMMIT")?;
    let (): () = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| match row.get(0)? {
        0 => Ok(()),
        _ => Err(rusqlite::Error::QueryReturnedNoRows),
    })?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

impl Vault {
    /// Whether our key is this vault's: the key check opens; or, where that one record is damaged, any other does.
    pub(super) fn check_key(&self) -> Result<(), Error> {
        let opens =
            self.read(|connection| Ok(self.key_check_opens(connection)? || self.some_record_opens(connection)?))?;
        match opens {
            true => Ok(()),
            false => Err(Error::WrongKey { file: self.file.clone() }),
        }
    }

    pub(super) fn key_check_opens(&self, connection: &Connection) -> Result<bool, Fault> {
        let sealed = self.sealed_at(connection, KEY_CHECK)?;
        Ok(sealed.is_some_and(|sealed| self.open_sealed(KEY_CHECK, &sealed).is_ok()))
    }

    fn some_record_opens(&self, connection: &Connection) -> Result<bool, Fault> {
        let mut opens = false;
        let sql = "SELECT id, rp, credential, sealed FROM credentials NOT INDEXED LIMIT 16";
        rows(connection, sql, (), |row| opens |= self.open_row(&row).is_ok())?;
        Ok(opens)
    }
}

fn exists(file: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(file) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(explain_io(&error, file)),
    }
}

/// A journal without its vault: passkeys may be in it that a fresh vault would wipe.
fn refuse_orphaned_journal(file: &Path) -> Result<(), Error> {
    match exists(&beside(file, "-wal"))? {
        false => Ok(()),
        true => Err(Error::Unreadable {
            file: file.to_owned(),
            detail: "the file is gone, and its journal of the same name with -wal is still here".to_owned(),
        }),
    }
}

/// Waits until no other host is creating the vault. The lock ends with the file handle, also when the process is killed.
fn lock(path: &Path) -> io::Result<File> {
    let file = private_options().create(true).truncate(false).open(path)?;
    file.lock()?;
    Ok(file)
}

/// A file of this user alone beside the vault `file`, `suffix` behind its name; made where it is not there.
///
/// # Errors
/// It cannot be opened.
pub fn private_file_beside(file: &Path, suffix: &str) -> io::Result<File> {
    private_options().create(true).truncate(false).open(beside(file, suffix))
}

fn create_private(path: &Path) -> io::Result<File> {
    private_options().create_new(true).open(path)
}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    options
}

/// Makes the folder, and those above it, for this user alone. One that exists keeps its mode.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a rename durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// `file` with `suffix` behind its name.
pub(super) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub(super) const KEY_CHECK: Place = Place { table: "vault", id: 1 };
const KEY_CHECK_RECORD: &[u8] = b"keystow vault key check";
