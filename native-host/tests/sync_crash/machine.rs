//! A machine of these tests: the library over a vault, a keychain in files, and a folder. And the process that is killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use getrandom::SysRng;
use keystow::credential::{Extensions, KeyPair, NewCredential};
use keystow::keychain::{Entries, Entry, Keychain, KeychainError};
use keystow::secret::VaultKey;
use keystow::sync::Machine;
use keystow::sync::tasks::ThisDevice;
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::sync::StorageConfig;
use rand_core::UnwrapErr;
use sync_engine::engine::{JoinCode, Outcome, PaperKey, Report, Status, Task};
use tempfile::TempDir;
use zeroize::Zeroizing;

pub const FOLDER: &str = "KEYSTOW_TEST_FOLDER";
pub const NAME: &str = "KEYSTOW_TEST_NAME";
pub const STORY: &str = "KEYSTOW_TEST_STORY";

/// A folder with a folder `shared` in it, the storage, and one for each machine.
pub struct Place(TempDir);

/// A machine.
pub struct Keystow(Machine<FileKeychain>);

/// A keychain in files, which outlives the process that is killed.
pub struct FileKeychain(PathBuf);

impl FileKeychain {
    fn file(&self, user: &str) -> PathBuf {
        self.0.join(user)
    }

    fn read(&self, user: &str) -> Option<Zeroizing<Vec<u8>>> {
        fs::read(self.file(user)).ok().map(Zeroizing::new)
    }

    fn write(&self, user: &str, secret: &[u8]) -> Result<(), KeychainError> {
        fs::write(self.file(user), secret).map_err(|error| KeychainError::Unavailable(error.to_string()))
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
        let _ = fs::remove_file(self.file(entry.user()));
        Ok(())
    }
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("faulty/shared")).unwrap();
        Self(folder)
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// Where faults happen: vaults and storage, not the keychains.
    pub fn faulty(&self) -> PathBuf {
        self.root().join("faulty")
    }

    /// `one`, which has founded a vault, and `other`, which has joined it.
    pub fn two_machines(&self) -> (Keystow, Keystow) {
        let [one, other] = ["one", "other"].map(|name| Keystow::open(self.root(), name));
        let mut rng = UnwrapErr(SysRng);
        let shared = self.faulty().join("shared").to_str().unwrap().to_owned();
        for machine in [&one, &other] {
            machine.0.keep_storage(Some(&StorageConfig::Folder { path: shared.clone() })).unwrap();
        }
        one.done(Task::Found { name: "one".to_owned(), paper: PaperKey::generate(&mut rng) });
        let code = JoinCode::generate(&mut rng);
        let again = || JoinCode::from_text(&code.text()).unwrap();
        other.done(Task::Ask { code: again(), name: "other".to_owned() });
        let Outcome::Asked(newcomer) = one.run(Task::AwaitAsk { code: again() }).outcome else { panic!("nobody asks") };
        one.done(Task::Admit { code: again(), newcomer });
        assert!(matches!(other.run(Task::AwaitYes { code: again() }).outcome, Outcome::Joined { .. }));
        one.done(Task::Close { code: again() });
        (one, other)
    }
}

impl Keystow {
    pub fn open(root: PathBuf, name: &str) -> Self {
        let keychain = root.join(format!("keychain of {name}"));
        fs::create_dir_all(&keychain).unwrap();
        let vault = root.join("faulty").join(name).join("vault.db");
        Self(Machine::open(&vault, FileKeychain(keychain)).unwrap())
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
        assert_eq!(report.trouble, None);
        report
    }

    /// Makes a passkey, gives its ID.
    pub fn insert(&self, user: &str) -> String {
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
        let vault = self.0.vault();
        let made = vault.generate(new, KeyPair::generate(CoseAlgorithmIdentifier::EdDsa).unwrap(), 1).unwrap();
        vault.insert(&made, 1).unwrap();
        made.credential_id.to_string()
    }

    /// The passkeys that are here, by ID; those in the trash too.
    pub fn live(&self) -> BTreeSet<String> {
        let vault = self.0.vault();
        let live = vault.list(None, usize::MAX).unwrap().sources.into_iter();
        let trash = vault.trash().unwrap().into_iter().map(|trashed| trashed.source);
        live.chain(trash).map(|source| source.credential_id.to_string()).collect()
    }

    pub fn is_clean(&self) -> bool {
        self.0.vault().integrity().unwrap().is_clean()
    }

    pub fn alarms(&self) -> usize {
        self.status().alarms.len()
    }

    pub fn devices(&self) -> usize {
        self.status().devices.len()
    }

    fn status(&self) -> Status {
        let state = self.0.vault().look_at_replica(|replica| replica.state()).unwrap();
        sync_engine::engine::status(&state.unwrap(), ThisDevice::now(&self.0)).unwrap()
    }
}

/// Is the machine, if this process was started as one.
pub fn run_if_asked() -> bool {
    let Ok(story) = std::env::var(STORY) else { return false };
    let root = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let machine = Keystow::open(root, &std::env::var(NAME).unwrap());
    match story.as_str() {
        "busy" => be_busy(&machine),
        _ => tell(&machine),
    }
    true
}

/// Makes, changes, deletes and restores, a pass after each.
fn tell(machine: &Keystow) {
    let vault = machine.0.vault();
    for user in ["ada", "bob", "eve"] {
        eprintln!("made {}", machine.insert(user));
        machine.sync();
    }
    let ada = vault.find(&"example.com".into()).unwrap().pop().unwrap().credential_id;
    vault.update(&ada, |source| source.label = "Ada's".to_owned()).unwrap();
    vault.delete(&ada, 5).unwrap();
    machine.sync();
    vault.restore(&ada).unwrap();
    machine.sync();
}

/// Until it is killed.
fn be_busy(machine: &Keystow) {
    let process = std::process::id();
    for n in 0.. {
        eprintln!("made {}", machine.insert(&format!("{process} {n}")));
        machine.sync();
    }
}
