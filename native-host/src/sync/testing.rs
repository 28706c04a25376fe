//! What the tests of sync share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use getrandom::SysRng;
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::sync::StorageConfig;
use rand_core::UnwrapErr;
use sync_engine::engine::{JoinCode, Outcome, PaperKey, Report, Task};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::Machine;
use crate::credential::{Extensions, KeyPair, NewCredential, PublicKeyCredentialSource};
use crate::keychain::{Entries, Entry, Keychain, KeychainError};
use crate::secret::VaultKey;
use crate::vault::Vault;

/// A vault's place and its keychain.
pub(super) struct Home {
    folder: TempDir,
    keychain: MemoryKeychain,
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

/// A keychain in memory, of one machine. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct MemoryKeychain(Arc<Mutex<[Option<Vec<u8>>; 3]>>);

fn slot(entry: Entry) -> usize {
    match entry {
        Entry::DeviceRoot => 1,
        Entry::Storage => 2,
    }
}

impl Keychain for MemoryKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.0.lock().unwrap()[0].as_ref().and_then(|bytes| VaultKey::from_slice(bytes)))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        self.0.lock().unwrap()[0] = Some(key.expose_secret().to_vec());
        Ok(())
    }
}

impl Entries for MemoryKeychain {
    fn entry(&self, entry: Entry) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.0.lock().unwrap()[slot(entry)].clone().map(Zeroizing::new))
    }

    fn keep(&self, entry: Entry, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.lock().unwrap()[slot(entry)] = Some(secret.to_vec());
        Ok(())
    }

    fn remove(&self, entry: Entry) -> Result<(), KeychainError> {
        self.0.lock().unwrap()[slot(entry)] = None;
        Ok(())
    }
}

/// A user's machines and the folder between them.
pub(crate) struct World {
    pub(super) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("shared")).unwrap();
        Self { folder }
    }

    pub(crate) fn storage(&self) -> StorageConfig {
        StorageConfig::Folder { path: self.folder.path().join("shared").to_str().unwrap().to_owned() }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name).join("vault.db")
    }

    /// A machine that does not synchronize yet, though it has its storage.
    pub(crate) fn machine(&self, name: &str) -> Machine<MemoryKeychain> {
        let machine = Machine::open(&self.file(name), MemoryKeychain::default()).unwrap();
        machine.keep_storage(Some(&self.storage())).unwrap();
        machine
    }

    /// The first machine of a vault.
    pub(crate) fn first(&self, name: &str) -> Machine<MemoryKeychain> {
        let machine = self.machine(name);
        done(&machine, Task::Found { name: name.to_owned(), paper: paper() });
        machine
    }

    /// One that joins.
    pub(crate) fn joined(&self, name: &str, inviter: &Machine<MemoryKeychain>) -> Machine<MemoryKeychain> {
        let machine = self.machine(name);
        join(&machine, name, inviter);
        machine
    }
}

fn paper() -> PaperKey {
    PaperKey::generate(&mut UnwrapErr(SysRng))
}

pub(super) fn run<K: Keychain + Entries>(machine: &Machine<K>, task: Task) -> Report {
    machine.run(None, task).unwrap()
}

pub(super) fn done<K: Keychain + Entries>(machine: &Machine<K>, task: Task) -> Report {
    let report = run(machine, task);
    assert_eq!((&report.outcome, &report.trouble), (&Outcome::Done, &None));
    report
}

pub(super) fn join(machine: &Machine<MemoryKeychain>, name: &str, inviter: &Machine<MemoryKeychain>) {
    let code = JoinCode::generate(&mut UnwrapErr(SysRng));
    let again = || JoinCode::from_text(&code.text()).unwrap();
    done(machine, Task::Ask { code: again(), name: name.to_owned() });
    let Outcome::Asked(newcomer) = run(inviter, Task::AwaitAsk { code: again() }).outcome else {
        panic!("nobody asks")
    };
    assert_eq!(newcomer.name, name);
    done(inviter, Task::Admit { code: again(), newcomer });
    assert!(matches!(run(machine, Task::AwaitYes { code: again() }).outcome, Outcome::Joined { .. }));
    done(inviter, Task::Close { code: again() });
}

/// Passes on all of them, until everyone knows everything.
pub(super) fn settle(machines: &[&Machine<MemoryKeychain>]) {
    for machine in machines.iter().chain(machines) {
        done(machine, Task::Sync);
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
