//! A machine with a vault of its own, and a keychain that is not the OS's.

#![allow(dead_code)] // Each test file is a crate of its own and uses a part.

use std::cell::RefCell;
use std::collections::BTreeMap;

use getrandom::SysRng;
use keystow::credential::{Extensions, KeyPair, NewCredential};
use keystow::keychain::{Entries, Entry, Keychain, KeychainError};
use keystow::secret::VaultKey;
use keystow::sync::machine::CarriesOut;
use keystow::sync::{Machine, earlier};
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::sync::StorageConfig;
use protocol::webauthn::CredentialId;
use rand_core::UnwrapErr;
use sync_engine::engine::{JoinCode, Outcome, PaperKey, Report, Task};
use sync_engine::ids::DeviceId;
use sync_engine::storage::Trouble;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A machine.
pub struct Device {
    name: String,
    storage: StorageConfig,
    machine: Machine<Keys>,
    _folder: TempDir,
}

/// A keychain in memory.
#[derive(Default)]
pub struct Keys {
    vault: RefCell<Option<[u8; 32]>>,
    entries: RefCell<BTreeMap<&'static str, Vec<u8>>>,
}

/// A recovery key, as its words too.
pub fn paper_key() -> (String, PaperKey) {
    let paper = PaperKey::generate(&mut UnwrapErr(SysRng));
    (paper.words().to_string(), paper)
}

/// Lets `newcomer` in, by a code that `member` shows (SYNC §9). The answer is the newcomer's id.
pub fn join(member: &Device, newcomer: &Device) -> DeviceId {
    let (code, id) = admit(member, newcomer);
    let joined = newcomer.runs(Task::AwaitYes { code: code() });
    assert!(matches!(joined, Outcome::Joined { .. }), "{joined:?}");
    newcomer.syncs();
    member.syncs();
    assert_eq!(member.runs(Task::Close { code: code() }), Outcome::Done);
    id
}

/// The same up to where `newcomer` only has to come in, by the code.
pub fn admit(member: &Device, newcomer: &Device) -> (impl Fn() -> JoinCode + use<>, DeviceId) {
    let text = JoinCode::generate(&mut UnwrapErr(SysRng)).text().to_string();
    let code = move || JoinCode::from_text(&text).unwrap();
    assert_eq!(newcomer.runs(Task::Ask { code: code(), name: newcomer.name.clone() }), Outcome::Done);
    assert_eq!(newcomer.runs(Task::AwaitYes { code: code() }), Outcome::NotYet);
    let Outcome::Asked(asking) = member.runs(Task::AwaitAsk { code: code() }) else { panic!("nobody asks") };
    assert_eq!(asking.name, newcomer.name);
    let id = asking.device;
    assert_eq!(member.runs(Task::Admit { code: code(), newcomer: asking }), Outcome::Done);
    (code, id)
}

impl Device {
    pub fn new(name: &str, storage: &StorageConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::open(&folder.path().join("vault.db"), Keys::default()).unwrap();
        Self { name: name.to_owned(), storage: storage.clone(), machine, _folder: folder }
    }

    /// With another way to open storages.
    pub fn opening(
        self,
        open: impl Fn(&StorageConfig) -> Result<Box<dyn CarriesOut>, Trouble> + Send + 'static,
    ) -> Self {
        Self { machine: self.machine.with_storages(open), ..self }
    }

    /// The machine itself.
    pub fn machine(&self) -> &Machine<Keys> {
        &self.machine
    }

    /// One pass, which must come to its end.
    pub fn runs(&self, task: Task) -> Outcome {
        let report = self.machine.run(Some(&self.storage), task).unwrap();
        assert_eq!(report.trouble, None, "{}", self.name);
        report.outcome
    }

    /// Synchronizes.
    pub fn syncs(&self) {
        assert_eq!(self.runs(Task::Sync), Outcome::Done, "{}", self.name);
    }

    /// Synchronizes as far as it may.
    pub fn tries_to_sync(&self) -> Report {
        self.machine.run(Some(&self.storage), Task::Sync).unwrap()
    }

    /// On a new machine, with nothing but the storage and the words.
    pub fn recovers(&self, words: &str, passkeys: u64) {
        let paper = || PaperKey::from_words(words).unwrap();
        let Outcome::Looked(found) = self.runs(Task::Look { paper: paper() }) else { panic!("nothing was looked at") };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].records, passkeys, "{found:?}");
        let recovered = self.runs(Task::Recover { paper: paper(), vault: found[0].vault, name: self.name.clone() });
        assert!(matches!(recovered, Outcome::Joined { records } if records == passkeys), "{recovered:?}");
    }

    /// A new passkey.
    pub fn adds(&self, rp_id: &str) -> CredentialId {
        let new = NewCredential {
            rp_id: rp_id.into(),
            rp_name: rp_id.to_owned(),
            user_handle: b"anna".to_vec().into(),
            user_name: "anna".to_owned(),
            user_display_name: "Anna".to_owned(),
            algorithm: CoseAlgorithmIdentifier::Es256,
            extensions: Extensions::default(),
            discoverable: true,
        };
        let key_pair = KeyPair::generate(new.algorithm).unwrap();
        let source = self.machine.vault().generate(new, key_pair, 1).unwrap();
        self.machine.vault().insert(&source, 1).unwrap();
        source.credential_id
    }

    pub fn deletes(&self, id: &CredentialId) {
        assert!(self.machine.vault().delete(id, 2).unwrap().is_some());
    }

    pub fn labels(&self, id: &CredentialId, label: &str) {
        assert!(self.machine.vault().update(id, |source| label.clone_into(&mut source.label)).unwrap());
    }

    pub fn label_of(&self, id: &CredentialId) -> String {
        let mut found = String::new();
        let look = |source: keystow::credential::PublicKeyCredentialSource| {
            if source.credential_id == *id {
                found = source.label;
            }
        };
        self.machine.vault().for_each(look).unwrap();
        found
    }

    pub fn earlier_labels_of(&self, id: &CredentialId) -> Vec<String> {
        earlier(self.machine.vault(), id).unwrap().labels.into_iter().map(|value| value.text).collect()
    }

    /// Site and ID of each passkey.
    pub fn passkeys(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let look = |source: keystow::credential::PublicKeyCredentialSource| {
            all.push((source.rp_id.as_str().to_owned(), source.credential_id.to_string()));
        };
        self.machine.vault().for_each(look).unwrap();
        all.sort();
        all
    }
}

impl Keychain for Keys {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.vault.borrow().as_ref().and_then(|bytes| VaultKey::from_slice(bytes)))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.vault.borrow_mut() = Some(*key.expose_secret());
        Ok(())
    }
}

impl Entries for Keys {
    fn entry(&self, entry: Entry) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.entries.borrow().get(entry.user()).cloned().map(Zeroizing::new))
    }

    fn keep(&self, entry: Entry, secret: &[u8]) -> Result<(), KeychainError> {
        self.entries.borrow_mut().insert(entry.user(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, entry: Entry) -> Result<(), KeychainError> {
        self.entries.borrow_mut().remove(entry.user());
        Ok(())
    }
}
