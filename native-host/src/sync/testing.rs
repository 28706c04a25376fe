//! What the tests of sync share.

use std::cell::RefCell;
use std::path::PathBuf;

use protocol::cose::CoseAlgorithmIdentifier;
use tempfile::TempDir;

use crate::credential::{Extensions, KeyPair, NewCredential, PublicKeyCredentialSource};
use crate::keychain::{Keychain, KeychainError};
use crate::secret::VaultKey;
use crate::vault::Vault;

/// A vault's place and its keychain.
pub(super) struct Home {
    folder: TempDir,
    keychain: MemoryKeychain,
}

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

impl Home {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keychain: MemoryKeychain::default() }
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("vault.db")
    }

    pub(super) fn open(&self) -> Vault {
        Vault::open_or_create(&self.file(), &self.keychain).unwrap()
    }
}

/// A passkey that is not kept yet.
pub(super) fn source(vault: &Vault, algorithm: CoseAlgorithmIdentifier, user: &str) -> PublicKeyCredentialSource {
    let new = NewCredential {
        rp_id: "example.com".into(),
        rp_name: "Example".to_owned(),
        user_handle: user.as_bytes().to_vec().into(),
        user_name: format!("{user}@mail.test"),
        user_display_name: format!("Dear {user}"),
        algorithm,
        extensions: Extensions::default(),
        discoverable: true,
    };
    vault.generate(new, KeyPair::generate(algorithm).unwrap(), 4).unwrap()
}
