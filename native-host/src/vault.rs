//! The vault: one SQLite file of records, each sealed on its own under keys derived from the one key in the OS keychain.
//!
//! Nothing in the file can be read or told without that key: RP IDs and credential IDs are found by keyed hashes. Every change is one
//! `BEGIN IMMEDIATE` transaction, durable before the call returns; two processes may work on one file at once.

mod aside;
mod connection;
mod create;
mod credentials;
mod error;
mod history;
mod integrity;
mod keys;
mod list;
mod order;
mod pin;
mod replica;
mod rows;
mod salvage;
mod seal;
mod signals;
mod trash;
mod unasked;
mod written;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::keychain::Keychain;
use crate::secret::VaultKey;

use keys::Keys;
use order::Order;

pub use aside::Reset;
pub use create::private_file_beside;
pub use credentials::Inserted;
pub use error::Error;
pub use integrity::Integrity;
pub use keys::BlindIndex;
pub use list::Page;
pub use replica::{Change, Replica, Replicated, Standing};
pub use signals::names_forgotten;
pub use trash::{TRASH_DAYS, TrashReason, Trashed};

/// A vault file that is open, and whose records cannot be read yet.
pub struct Locked {
    connection: Connection,
    file: PathBuf,
}

/// An open, unlocked vault. `Send`, not `Sync`: one for each thread, or one behind a lock.
pub struct Vault {
    connection: Connection,
    keys: Keys,
    file: PathBuf,
    /// The order of the list, once it was asked for.
    order: RefCell<Option<Order>>,
}

impl Vault {
    /// Opens the vault in `file` with the key in `keychain`. Where there is neither, both are made, the key first.
    ///
    /// # Errors
    /// [`Error::KeychainEmptied`] where the file is there and its key is not: nothing is then changed.
    pub fn open_or_create(file: &Path, keychain: &dyn Keychain) -> Result<Self, Error> {
        create::open_or_create(file, keychain)
    }

    /// Opens an existing vault.
    ///
    /// # Errors
    /// The file is missing, is not a vault, is of a newer version, or is damaged.
    pub fn open(file: &Path) -> Result<Locked, Error> {
        let connection = connection::open(file)?;
        Ok(Locked { connection, file: file.to_owned() })
    }

    /// Where the vault is.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

impl Locked {
    /// Unlocks the vault with its key.
    ///
    /// # Errors
    /// [`Error::WrongKey`].
    pub fn unlock(self, key: &VaultKey) -> Result<Vault, Error> {
        let vault =
            Vault { connection: self.connection, keys: Keys::derive(key), file: self.file, order: RefCell::default() };
        vault.check_key()?;
        Ok(vault)
    }
}

/// Where this user's vault is: `vault.db` in the platform's data folder for `keystow`. Nothing where the user has no home folder.
pub fn default_path() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("org", "", "keystow")?;
    Some(folders.data_dir().join("vault.db"))
}

#[cfg(test)]
mod tests;
