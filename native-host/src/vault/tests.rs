//! What the tests of the vault share.

mod aside;
mod damage;
mod files;
mod history;
mod list;
mod migration;
mod model;
mod pins;
mod records;
mod replica;
mod secrets;
mod signals;
mod trash;
mod unasked;

use std::cell::RefCell;
use std::path::PathBuf;

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::{Use, UseKind, Verified};
use tempfile::TempDir;

use super::*;
use crate::credential::{Extensions, KeyPair, NewCredential, PublicKeyCredentialSource};
use crate::keychain::KeychainError;

/// A keychain in memory. `None`: it is empty.
#[derive(Default)]
struct MemoryKeychain(RefCell<Option<[u8; 32]>>);

impl Keychain for MemoryKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.0.borrow().as_ref().and_then(|bytes| VaultKey::from_slice(bytes)))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.0.borrow_mut() = Some(*key.expose_secret());
        Ok(())
    }
}

/// A vault's place and its keychain.
#[derive(Default)]
struct Home {
    folder: Option<TempDir>,
    keychain: MemoryKeychain,
}

impl Home {
    fn new() -> Self {
        Self { folder: Some(tempfile::tempdir().unwrap()), ..Self::default() }
    }

    fn file(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("keystow").join("vault.db")
    }

    fn open(&self) -> Vault {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<Vault, Error> {
        Vault::open_or_create(&self.file(), &self.keychain)
    }

    /// The error of opening; nothing may have changed in the file.
    fn refused(&self) -> Error {
        let before = std::fs::read(self.file()).ok();
        let error = self.try_open().err().expect("the vault should not open");
        assert_eq!(std::fs::read(self.file()).ok(), before, "the file was touched");
        error
    }
}

fn source(vault: &Vault, rp_id: &str, user: &str, now: u64) -> PublicKeyCredentialSource {
    let new = NewCredential {
        rp_id: rp_id.into(),
        rp_name: format!("The site {rp_id}"),
        user_handle: user.as_bytes().to_vec().into(),
        user_name: format!("{user}@mail.test"),
        user_display_name: format!("Dear {user}"),
        algorithm: CoseAlgorithmIdentifier::Es256,
        extensions: Extensions::default(),
        discoverable: true,
    };
    let key_pair = KeyPair::generate(new.algorithm).unwrap();
    vault.generate(new, key_pair, now).unwrap()
}

fn insert(vault: &Vault, rp_id: &str, user: &str, now: u64) -> protocol::webauthn::CredentialId {
    let source = source(vault, rp_id, user, now);
    vault.insert(&source, now).unwrap();
    source.credential_id
}

/// A sign-in at `at`.
fn sign_in(at: u64) -> Use {
    let origin = Some("https://example.com".to_owned());
    Use { at, kind: UseKind::SignedIn, browser: Some("Firefox".to_owned()), origin, verified: Verified::Pin }
}

/// User names of `rp_id` in the order that the vault gives them.
fn users(vault: &Vault, rp_id: &str) -> Vec<String> {
    let found = vault.find(&rp_id.into()).unwrap();
    found.into_iter().map(|source| source.user_name.split('@').next().unwrap().to_owned()).collect()
}
