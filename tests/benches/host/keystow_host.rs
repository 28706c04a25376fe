//! Keystow's host over a vault file on the disk that the build is on, every change durable; only the keychain is in memory.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::Path;
use std::rc::Rc;

use keystow::credential::{Extensions, KeyPair, NewCredential};
use keystow::keychain::{Keychain, KeychainError};
use keystow::native_messaging::Host;
use keystow::secret::VaultKey;
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::{
    Command, Options, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, get_assertion, make_credential,
    response_parameters,
};
use protocol::webauthn::{ClientDataHash, CredentialId};
use tempfile::TempDir;

use crate::table::Operation;
use crate::{Subject, other};

/// A vault that grows from size to size. It is filled in memory where there is a file system for that (durable commits cost nothing
/// there), and then copied to the disk to be measured.
pub struct Filling {
    folder: TempDir,
    keychain: MemoryKeychain,
    ids: Vec<CredentialId>,
}

/// The host, and what it holds.
pub struct KeystowHost {
    host: Host,
    ids: Vec<CredentialId>,
    turn: usize,
    _folder: TempDir,
}

impl Filling {
    pub fn new() -> Self {
        let in_memory = Path::new("/dev/shm");
        let folder = tempfile::tempdir_in(if in_memory.is_dir() { in_memory } else { disk() });
        Self { folder: folder.expect("a folder to fill in"), keychain: MemoryKeychain::default(), ids: Vec::new() }
    }

    /// A host with `size` passkeys, each of its own relying party.
    pub fn up_to(&mut self, size: usize) -> KeystowHost {
        let file = self.folder.path().join("vault.db");
        let mut host = Host::over(file.clone(), self.keychain.clone());
        let vault = host.vault().expect("a vault to fill");
        for number in self.ids.len()..size {
            let new = new_credential(number);
            let key_pair = KeyPair::generate(new.algorithm).expect("random bytes");
            let source = vault.generate(new, key_pair, NOW).expect("random bytes");
            vault.insert(&source, NOW).expect("an insert");
            self.ids.push(source.credential_id.clone());
        }
        drop(host);
        let folder = tempfile::tempdir_in(disk()).expect("a folder on the disk");
        let copy = folder.path().join("vault.db");
        fs::copy(&file, &copy).expect("a copy of the vault");
        File::open(&copy).and_then(|copy| copy.sync_all()).expect("the copy on the disk");
        let mut host = Host::over(copy, self.keychain.clone());
        let count = host.vault().expect("the vault copied").count().expect("a count");
        assert_eq!(count, size as u64);
        KeystowHost { host, ids: self.ids.clone(), turn: 0, _folder: folder }
    }
}

impl KeystowHost {
    fn send(&mut self, message: &[u8]) -> Vec<u8> {
        let answer = self.host.ctap(message).expect("an open vault");
        assert_eq!(answer.first(), Some(&0), "the status of an answer");
        answer
    }
}

impl Subject for KeystowHost {
    type Creation = Vec<u8>;
    type Request = Vec<u8>;
    type Answer = Vec<u8>;

    fn prepare_make(&mut self) -> Vec<u8> {
        let new = new_credential(usize::MAX);
        let request = make_credential::Request {
            client_data_hash: ClientDataHash(HASH),
            rp_id: new.rp_id,
            rp_name: Some(new.rp_name),
            user: PublicKeyCredentialUserEntity {
                id: new.user_handle,
                name: Some(new.user_name),
                display_name: Some(new.user_display_name),
            },
            algorithms: vec![new.algorithm.number()],
            exclude_list: Vec::new(),
            extensions: None,
            options: Options { rk: Some(true), ..Options::default() },
            pin_uv_auth: None,
            enterprise_attestation: None,
            attestation_formats: Vec::new(),
        };
        Command::MakeCredential.message(&request.to_bytes())
    }

    fn make(&mut self, creation: Vec<u8>) -> Vec<u8> {
        self.send(&creation)
    }

    fn forget(&mut self, made: Vec<u8>) {
        let parameters = response_parameters(&made).expect("success");
        let made = make_credential::Response::from_bytes(parameters).expect("a response");
        let data = made.attestation_object.authenticator_data().expect("authenticator data");
        let id = data.attested_credential_data.expect("a credential").credential_id;
        let vault = self.host.vault().expect("an open vault");
        vault.delete(&id, 0).expect("a deletion").expect("a passkey to delete");
        assert_eq!(vault.purge(NOW).expect("a purge"), 1);
    }

    fn prepare_get(&mut self, operation: Operation) -> Vec<u8> {
        self.turn = other::next_turn(self.turn, self.ids.len());
        let allowed = PublicKeyCredentialDescriptor { id: self.ids[self.turn].clone() };
        let request = get_assertion::Request {
            rp_id: other::rp_id(self.turn).into(),
            client_data_hash: ClientDataHash(HASH),
            allow_list: if operation == Operation::GetDiscoverable { Vec::new() } else { vec![allowed] },
            extensions: None,
            options: Options { up: (operation == Operation::GetSilently).then_some(false), ..Options::default() },
            pin_uv_auth: None,
        };
        Command::GetAssertion.message(&request.to_bytes())
    }

    fn get(&mut self, request: Vec<u8>) -> Vec<u8> {
        self.send(&request)
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

fn new_credential(number: usize) -> NewCredential {
    NewCredential {
        rp_id: other::rp_id(number).into(),
        rp_name: "Example".to_owned(),
        user_handle: other::user_handle(number).into(),
        user_name: other::USER_NAME.to_owned(),
        user_display_name: other::USER_DISPLAY_NAME.to_owned(),
        algorithm: CoseAlgorithmIdentifier::Es256,
        extensions: Extensions::default(),
        discoverable: true,
    }
}

/// Beside the build, and so not on a file system in memory, as the folder for temporary files may be.
fn disk() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

const HASH: [u8; 32] = other::HASH;

/// When all passkeys are made, milliseconds since 1970.
const NOW: u64 = 1_700_000_000_000;
