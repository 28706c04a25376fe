//! A machine of these tests: the library over a vault, a keychain in files, and a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use keystow::credential::{Extensions, KeyPair, NewCredential, PublicKeyCredentialSource};
use keystow::keychain::{Entries, Entry, Keychain, KeychainError};
use keystow::secret::VaultKey;
use keystow::sync::machine::open_storage;
use keystow::sync::tasks::ThisDevice;
use keystow::sync::{Machine, earlier};
use keystow::vault::Vault;
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::sync::StorageConfig;
use protocol::webauthn::CredentialId;
use rand_core::UnwrapErr;
use sync_engine::engine::{JoinCode, Outcome, PaperKey, Report, Status, Task};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::story::State;

/// A folder with a folder `shared` in it, the storage, and one for each machine.
pub struct Place(TempDir);

/// A machine.
pub struct Keystow(Machine<FileKeychain>);

/// A keychain in files, which outlives the process that is killed.
pub struct FileKeychain(PathBuf);

impl FileKeychain {
    fn read(&self, user: &str) -> Option<Zeroizing<Vec<u8>>> {
        fs::read(self.0.join(user)).ok().map(Zeroizing::new)
    }

    fn write(&self, user: &str, secret: &[u8]) -> Result<(), KeychainError> {
        fs::write(self.0.join(user), secret).map_err(|error| KeychainError::Unavailable(error.to_string()))
    }
}

impl Keychain for FileKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.read("vault-key").map(|bytes| VaultKey::from_slice(&bytes).expect("a whole key")))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        self.write("vault-key", key.expose_secret())
    }
}

impl Entries for FileKeychain {
    fn entry(&self, entry: Entry) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.read(entry.user()))
    }

    fn keep(&self, entry: Entry, secret: &[u8]) -> Result<(), KeychainError> {
        self.write(entry.user(), secret)
    }

    fn remove(&self, entry: Entry) -> Result<(), KeychainError> {
        let _ = fs::remove_file(self.0.join(entry.user()));
        Ok(())
    }
}

impl Place {
    /// In memory where that can be: a killed process leaves what it wrote to the page cache, so nothing of this is about the disk.
    fn empty() -> Self {
        Self(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    /// Of two machines: `one` has founded a vault, `other` has joined it; both know all of each other.
    pub fn new() -> Self {
        let place = Self::empty();
        fs::create_dir_all(place.storage()).unwrap();
        let [one, other] = ["one", "other"].map(|name| place.open(name));
        let mut rng = UnwrapErr(SysRng);
        let unused = StorageConfig::Folder { path: "/".to_owned() };
        for machine in [&one, &other] {
            machine.0.keep_storage(Some(&unused)).unwrap();
        }
        one.done(Task::Found { name: "one".to_owned(), paper: PaperKey::generate(&mut rng) });
        one.insert("carl");
        let code = JoinCode::generate(&mut rng);
        let again = || JoinCode::from_text(&code.text()).unwrap();
        other.done(Task::Ask { code: again(), name: "other".to_owned() });
        let Outcome::Asked(newcomer) = one.run(Task::AwaitAsk { code: again() }).outcome else { panic!("nobody asks") };
        one.done(Task::Admit { code: again(), newcomer });
        assert!(matches!(other.run(Task::AwaitYes { code: again() }).outcome, Outcome::Joined { .. }));
        one.done(Task::Close { code: again() });
        for machine in [&other, &one, &other] {
            machine.sync();
        }
        drop((one, other));
        place
    }

    /// The same again, and in the place of this one: nobody has it open.
    pub fn copy(&self) -> Self {
        let copy = Self::empty();
        copy_folder(self.0.path(), copy.0.path());
        copy
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Where faults happen: vaults and storage, not the keychains.
    pub fn faulty(&self) -> PathBuf {
        self.root().join("faulty")
    }

    pub fn storage(&self) -> PathBuf {
        self.faulty().join("shared")
    }

    pub fn open(&self, name: &str) -> Keystow {
        Keystow::open(self.root(), name)
    }

    /// The files of the storage, by their paths under its folder.
    pub fn stored(&self) -> Vec<String> {
        let mut files = Vec::new();
        each_file(&self.storage(), &mut |file| {
            files.push(file.strip_prefix(self.storage()).unwrap().to_str().unwrap().to_owned());
        });
        files
    }
}

impl Keystow {
    pub fn open(root: &Path, name: &str) -> Self {
        let keychain = root.join(format!("keychain of {name}"));
        fs::create_dir_all(&keychain).unwrap();
        let faulty = root.join("faulty");
        let machine = Machine::open(&faulty.join(name).join("vault.db"), FileKeychain(keychain)).unwrap();
        // Wherever the place was copied to.
        let shared = StorageConfig::Folder { path: faulty.join("shared").to_str().unwrap().to_owned() };
        Self(machine.with_storages(move |_| open_storage(&shared)))
    }

    pub fn vault(&self) -> &Vault {
        self.0.vault()
    }

    fn run(&self, task: Task) -> Report {
        self.0.run(None, task).unwrap()
    }

    fn done(&self, task: Task) {
        let report = self.run(task);
        assert_eq!((report.outcome, report.trouble), (Outcome::Done, None));
    }

    pub fn sync(&self) -> Report {
        let report = self.run(Task::Sync);
        assert_eq!((&report.outcome, &report.trouble), (&Outcome::Done, &None));
        report
    }

    /// Makes a passkey.
    pub fn insert(&self, user: &str) {
        let new = NewCredential {
            rp_id: "example.com".into(),
            rp_name: String::new(),
            user_handle: user.as_bytes().to_vec().into(),
            user_name: user.to_owned(),
            user_display_name: String::new(),
            algorithm: CoseAlgorithmIdentifier::EdDsa,
            extensions: Extensions::default(),
            discoverable: true,
        };
        let pair = KeyPair::generate(new.algorithm).unwrap();
        let made = self.vault().generate(new, pair, now()).unwrap();
        self.vault().insert(&made, now()).unwrap();
    }

    /// The passkey of a user, which is here.
    pub fn id(&self, user: &str) -> CredentialId {
        let live = self.vault().list(None, usize::MAX).unwrap().sources.into_iter();
        let trashed = self.vault().trash().unwrap().into_iter().map(|trashed| trashed.source);
        live.chain(trashed).find(|source| source.user_name == user).unwrap().credential_id
    }

    pub fn label(&self, user: &str, label: &str) {
        assert!(self.vault().update(&self.id(user), |source| label.clone_into(&mut source.label)).unwrap());
    }

    pub fn earlier_labels(&self, user: &str) -> Vec<String> {
        earlier(self.vault(), &self.id(user)).unwrap().labels.into_iter().map(|value| value.text).collect()
    }

    /// What is here, each passkey once, and able to sign.
    pub fn holds(&self) -> State {
        let (mut live, mut trash) = (BTreeMap::new(), BTreeSet::new());
        for source in self.vault().list(None, usize::MAX).unwrap().sources {
            self.signs(&source);
            assert_eq!(live.insert(source.user_name, source.label), None, "a passkey is doubled");
        }
        for trashed in self.vault().trash().unwrap() {
            self.signs(&trashed.source);
            assert!(!live.contains_key(&trashed.source.user_name) && trash.insert(trashed.source.user_name));
        }
        State { live, trash }
    }

    fn signs(&self, source: &PublicKeyCredentialSource) {
        assert!(self.vault().open_secrets(source).unwrap().sign(source.algorithm, b"message").is_ok());
    }

    /// Those that are said to be backed up.
    pub fn backed_up(&self) -> BTreeSet<String> {
        let live = self.vault().list(None, usize::MAX).unwrap().sources.into_iter();
        live.filter(|source| source.backup_state).map(|source| source.user_name).collect()
    }

    /// The vault is sound; nobody was born again or cries wolf for having been killed.
    pub fn is_well(&self, when: &str) {
        let found = self.vault().integrity().unwrap();
        assert!(found.is_clean(), "{when}: {found:?}");
        let status = self.status();
        assert_eq!((status.devices.len(), status.alarms), (2, Vec::new()), "{when}");
    }

    fn status(&self) -> Status {
        let state = self.vault().look_at_replica(|replica| replica.state()).unwrap();
        sync_engine::engine::status(&state.unwrap(), ThisDevice::now(&self.0)).unwrap()
    }
}

/// Milliseconds since 1970. What is deleted much earlier is purged.
pub fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    each_file(from, &mut |file| {
        let copy = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(file, copy).unwrap();
    });
}

fn each_file(folder: &Path, work: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, work);
        } else {
            work(&path);
        }
    }
}
