//! Keystow's host over a vault file; only the keychain is in memory.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::Path;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use keystow::credential::{Extensions, KeyPair, NewCredential};
use keystow::keychain::{Keychain, KeychainError};
use keystow::native_messaging::Host;
use keystow::secret::{CredentialPrivateKey, VaultKey};
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::extensions::CredProtect;
use protocol::ctap::{
    Command, Options, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, get_assertion, make_credential,
    response_parameters,
};
use protocol::manage;
use protocol::webauthn::{ClientDataHash, CredentialId};
use tempfile::TempDir;

use crate::table::Operation;
use crate::{Subject, other};

/// A vault that grows from size to size. It is filled in memory where there is a file system for that (durable commits cost nothing
/// there), and then copied to where it is to be measured.
pub struct Filling {
    folder: TempDir,
    keychain: MemoryKeychain,
    key_pair: KeyPair,
    algorithm: CoseAlgorithmIdentifier,
    ids: Vec<CredentialId>,
}

/// Where a vault is measured.
#[derive(Clone, Copy)]
pub enum Place {
    /// The disk that the build is on: every change is durable.
    Disk,
    /// A file system in memory: the same work, without the wait for a disk.
    Memory,
}

/// The host, and what it holds.
pub struct KeystowHost {
    host: Host,
    algorithm: CoseAlgorithmIdentifier,
    ids: Vec<CredentialId>,
    turn: usize,
    _folder: TempDir,
}

impl Filling {
    pub fn new(algorithm: CoseAlgorithmIdentifier) -> Self {
        let folder = tempfile::tempdir_in(if in_memory().is_dir() { in_memory() } else { disk() });
        Self {
            folder: folder.expect("a folder to fill in"),
            keychain: MemoryKeychain::default(),
            key_pair: KeyPair::generate(algorithm).expect("random bytes"),
            algorithm,
            ids: Vec::new(),
        }
    }

    /// A host with `size` passkeys, each of its own relying party. All have one key: only lookups can tell.
    pub fn up_to(&mut self, size: usize, place: Place) -> KeystowHost {
        let file = self.folder.path().join("vault.db");
        let mut host = Host::over(file.clone(), self.keychain.clone());
        let vault = host.vault().expect("a vault to fill");
        for number in self.ids.len()..size {
            let new = new_credential(number, self.algorithm);
            let source = vault.generate(new, copy_of_pair(&self.key_pair), NOW).expect("random bytes");
            vault.insert(&source, NOW).expect("an insert");
            self.ids.push(source.credential_id.clone());
        }
        drop(host);
        let folder = tempfile::tempdir_in(place.folder()).expect("a folder to measure in");
        let copy = folder.path().join("vault.db");
        fs::copy(&file, &copy).expect("a copy of the vault");
        File::open(&copy).and_then(|copy| copy.sync_all()).expect("the copy on the disk");
        let mut host = Host::over(copy, self.keychain.clone());
        let count = host.vault().expect("the vault copied").count().expect("a count");
        assert_eq!(count, size as u64);
        KeystowHost { host, algorithm: self.algorithm, ids: self.ids.clone(), turn: 0, _folder: folder }
    }

    /// As [`up_to`](Self::up_to), where there is a file system in memory.
    pub fn up_to_in_memory(&mut self, size: usize) -> Option<KeystowHost> {
        in_memory().is_dir().then(|| self.up_to(size, Place::Memory))
    }
}

impl Place {
    fn folder(self) -> &'static Path {
        match self {
            Self::Disk => disk(),
            Self::Memory => in_memory(),
        }
    }
}

impl KeystowHost {
    /// The answer to a message, whatever its status.
    pub fn send(&mut self, message: &[u8]) -> Vec<u8> {
        self.host.ctap(message).expect("an open vault")
    }

    /// The next passkey: its number, and its credential ID.
    pub fn next(&mut self) -> (usize, CredentialId) {
        self.turn = other::next_turn(self.turn, self.ids.len());
        (self.turn, self.ids[self.turn].clone())
    }

    /// Adds the passkey of that number; it tells only a verified user that it is there.
    pub fn add_hidden(&mut self, number: usize) -> CredentialId {
        let key_pair = KeyPair::generate(self.algorithm).expect("random bytes");
        let mut new = new_credential(number, self.algorithm);
        new.extensions.cred_protect = CredProtect::UserVerificationRequired;
        let vault = self.host.vault().expect("an open vault");
        let source = vault.generate(new, key_pair, NOW).expect("random bytes");
        vault.insert(&source, NOW).expect("an insert");
        source.credential_id
    }

    /// The host is told that a passkey will be asked for, and has had time to make its key.
    fn announce(&mut self) {
        let request = manage::CandidatesRequest {
            rp_id: other::rp_id(usize::MAX).into(),
            credential_ids: Vec::new(),
            algorithms: vec![self.algorithm.number()],
        };
        self.host.manage(manage::Request::Candidates(request)).expect("an open vault");
        thread::sleep(READING);
    }

    fn forget(&mut self, made: &[u8]) {
        let parameters = response_parameters(made).expect("success");
        let made = make_credential::Response::from_bytes(parameters).expect("a response");
        let data = made.attestation_object.authenticator_data().expect("authenticator data");
        let id = data.attested_credential_data.expect("a credential").credential_id;
        let vault = self.host.vault().expect("an open vault");
        vault.delete(&id, 0).expect("a deletion").expect("a passkey to delete");
        assert_eq!(vault.purge(NOW).expect("a purge"), 1);
    }
}

impl Subject for KeystowHost {
    type Request = Vec<u8>;
    type Answer = Vec<u8>;

    fn prepare(&mut self, operation: Operation) -> Vec<u8> {
        let (number, id) = self.next();
        match operation {
            Operation::Make => make_message(usize::MAX, self.algorithm, Vec::new()),
            Operation::MakeAnnounced => {
                self.announce();
                make_message(usize::MAX, self.algorithm, Vec::new())
            }
            Operation::Get => get_message(number, vec![id]),
            Operation::GetDiscoverable => get_message(number, Vec::new()),
            Operation::Remember => {
                assert_eq!(self.send(&get_message(number, vec![id])).first(), Some(&0), "the status of an answer");
                Vec::new()
            }
        }
    }

    fn answer(&mut self, operation: Operation, request: Vec<u8>) -> Vec<u8> {
        if operation == Operation::Remember {
            self.host.after_answer();
            return Vec::new();
        }
        self.send(&request)
    }

    fn settle(&mut self, operation: Operation, answer: Vec<u8>) {
        self.host.after_answer();
        match operation {
            Operation::Make | Operation::MakeAnnounced => self.forget(&answer),
            Operation::Get | Operation::GetDiscoverable => assert_eq!(answer.first(), Some(&0), "its status"),
            Operation::Remember => {}
        }
    }
}

/// A keychain in memory; clones are the same keychain.
#[derive(Clone, Default)]
struct MemoryKeychain(Rc<RefCell<Option<VaultKey>>>);

impl Keychain for MemoryKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.0.borrow().as_ref().and_then(copy))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.0.borrow_mut() = copy(key);
        Ok(())
    }
}

/// EXPOSE: a keychain hands out copies.
fn copy(key: &VaultKey) -> Option<VaultKey> {
    VaultKey::from_slice(key.expose_secret())
}

/// EXPOSE: all passkeys of a bench have one key.
fn copy_of_pair(pair: &KeyPair) -> KeyPair {
    let private_key = CredentialPrivateKey::from_slice(pair.private_key.expose_secret());
    KeyPair { private_key, public_key: pair.public_key.clone() }
}

fn new_credential(number: usize, algorithm: CoseAlgorithmIdentifier) -> NewCredential {
    NewCredential {
        rp_id: other::rp_id(number).into(),
        rp_name: "Example".to_owned(),
        user_handle: other::user_handle(number).into(),
        user_name: other::USER_NAME.to_owned(),
        user_display_name: other::USER_DISPLAY_NAME.to_owned(),
        algorithm,
        extensions: Extensions::default(),
        discoverable: true,
    }
}

/// authenticatorMakeCredential for the relying party of that number.
pub fn make_message(number: usize, algorithm: CoseAlgorithmIdentifier, excluded: Vec<CredentialId>) -> Vec<u8> {
    let new = new_credential(number, algorithm);
    let request = make_credential::Request {
        client_data_hash: ClientDataHash(other::HASH),
        rp_id: new.rp_id,
        rp_name: Some(new.rp_name),
        user: PublicKeyCredentialUserEntity {
            id: new.user_handle,
            name: Some(new.user_name),
            display_name: Some(new.user_display_name),
        },
        algorithms: vec![new.algorithm.number()],
        exclude_list: descriptors(excluded),
        extensions: None,
        options: Options { rk: Some(true), ..Options::default() },
        pin_uv_auth: None,
        enterprise_attestation: None,
        attestation_formats: Vec::new(),
    };
    Command::MakeCredential.message(&request.to_bytes())
}

/// authenticatorGetAssertion for the relying party of that number.
pub fn get_message(number: usize, allowed: Vec<CredentialId>) -> Vec<u8> {
    let request = get_assertion::Request {
        rp_id: other::rp_id(number).into(),
        client_data_hash: ClientDataHash(other::HASH),
        allow_list: descriptors(allowed),
        extensions: None,
        options: Options::default(),
        pin_uv_auth: None,
    };
    Command::GetAssertion.message(&request.to_bytes())
}

fn descriptors(ids: Vec<CredentialId>) -> Vec<PublicKeyCredentialDescriptor> {
    ids.into_iter().map(|id| PublicKeyCredentialDescriptor { id }).collect()
}

/// Beside the build, and so not on a file system in memory, as the folder for temporary files may be.
fn disk() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn in_memory() -> &'static Path {
    Path::new("/dev/shm")
}

/// When all passkeys are made, milliseconds since 1970.
const NOW: u64 = 1_700_000_000_000;

/// How long the user reads the window before the click.
const READING: Duration = Duration::from_secs(1);
