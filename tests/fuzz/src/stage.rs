//! A vault with three passkeys, made once and copied for each input.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, Version};
use keystow::keychain::{Keychain, KeychainError};
use keystow::native_messaging::Host;
use keystow::secret::VaultKey;
use keystow::sync::memory::SqliteMemory;
use keystow::vault::Vault;
use keystow::verification::os::{Availability, Outcome, Reason, UserVerifier};
use keystow::verification::{PinRecord, PinStore};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::cbor::{self, Value, int_map, text_map};
use protocol::cose::CoseKey;
use protocol::ctap::pin_uv_auth::pin_hash;
use protocol::ctap::{Command, get_assertion, make_credential, response_parameters};
use sync_engine::circle::Circle;
use sync_engine::engine::state::State;
use sync_engine::ids::{DeviceId, VaultId};
use sync_engine::memory::Memory;
use sync_engine::stamp::Clock;
use tempfile::TempDir;

/// The PIN of a stage that has one.
pub const PIN: &str = "1234";

/// A folder with a vault of its own.
pub struct Stage(TempDir);

/// A passkey that every stage has.
pub struct Passkey {
    pub rp_id: &'static str,
    pub id: Vec<u8>,
    pub public_key: CoseKey,
}

impl Stage {
    /// With the three passkeys, and with a PIN or without.
    pub fn new(with_pin: bool) -> Self {
        let template = template();
        let stage = Self::empty();
        let file = if with_pin { &template.with_pin } else { &template.without_pin };
        fs::write(stage.file(), file).expect("a temporary folder takes files");
        stage
    }

    /// With the three passkeys, each in its record, and sync on; nobody else is in.
    pub fn synced() -> Self {
        let stage = Self::empty();
        fs::write(stage.file(), &template().synced).expect("a temporary folder takes files");
        stage
    }

    /// A host over this vault.
    pub fn host(&self) -> Host {
        Host::over(self.file(), Key).verifying_by(Nobody)
    }

    /// The vault itself.
    pub fn vault(&self) -> Vault {
        Vault::open_or_create(&self.file(), &Key).expect("a sound vault")
    }

    /// Where it is.
    pub fn file(&self) -> PathBuf {
        self.0.path().join("vault.db")
    }

    /// In memory, where the machine has such a place: each change is flushed to the disk.
    fn empty() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self(folder.expect("a temporary folder"))
    }
}

/// Two of `example.com`, one of `example.org`.
pub fn passkeys() -> &'static [Passkey] {
    &template().passkeys
}

struct Template {
    without_pin: Vec<u8>,
    with_pin: Vec<u8>,
    synced: Vec<u8>,
    passkeys: Vec<Passkey>,
}

fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let stage = Stage::empty();
        let mut host = stage.host();
        let passkeys = [("example.com", 1), ("example.com", 2), ("example.org", 3)].map(|(rp_id, user)| {
            let answer = host.ctap(&make(rp_id, user)).expect("an open vault");
            let made = make_credential::Response::from_bytes(response_parameters(&answer).expect("a passkey")).unwrap();
            let data = made.attestation_object.authenticator_data().unwrap();
            let data = data.attested_credential_data.expect("a new credential");
            Passkey { rp_id, id: data.credential_id.as_bytes().to_vec(), public_key: data.public_key }
        });
        drop(host);
        let without_pin = fs::read(stage.file()).unwrap();
        turn_sync_on(&stage.vault());
        let synced = fs::read(stage.file()).unwrap();
        fs::write(stage.file(), &without_pin).unwrap();
        set_cheap_pin(&stage.vault());
        Template { without_pin, with_pin: fs::read(stage.file()).unwrap(), synced, passkeys: passkeys.into() }
    })
}

fn make(rp_id: &str, user: u8) -> Vec<u8> {
    let parameters = int_map([
        (1, Some(vec![0xcd; 32].into())),
        (2, Some(text_map([("id", Some(rp_id.into()))]))),
        (3, Some(text_map([("id", Some(vec![user].into())), ("name", Some("alice".into()))]))),
        (4, Some(Value::Array(vec![text_map([("alg", Some((-7).into())), ("type", Some("public-key".into()))])]))),
        (7, Some(text_map([("rk", Some(true.into()))]))),
    ]);
    [&[0x01], &cbor::encode(&parameters)[..]].concat()
}

fn turn_sync_on(vault: &Vault) {
    let device = DeviceId::from_slice(&[1; 16]).unwrap();
    let circle = Circle::new(VaultId::from_slice(&[9; 16]).unwrap());
    let state = State::new(([1; 32], device), "Laptop", Clock::default(), circle).encode();
    let mut memory = SqliteMemory::new(vault);
    memory.transact(|transaction| transaction.set_state(&state)).unwrap();
    // Now what is there is noted, and with the next one it is in its records.
    memory.transact(|_| Ok(())).unwrap();
}

/// Hashed at a cost that lets a fuzzer try thousands.
fn set_cheap_pin(vault: &Vault) {
    let (memory, passes, lanes) = (8, 1, 1);
    let salt = [7; 16];
    let mut digest = [0; 32];
    let argon2 =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, lanes, Some(32)).unwrap());
    argon2.hash_password_into(&*pin_hash(PIN.as_bytes()), &salt, &mut digest).unwrap();
    let record = int_map([
        (1, Some(1.into())),
        (2, Some(salt.to_vec().into())),
        (3, Some(digest.to_vec().into())),
        (4, Some([memory, passes, lanes].map(Value::from).to_vec().into())),
        (5, Some(8.into())),
    ]);
    vault.update_pin(&mut |_| PinRecord::decode(&cbor::encode(&record)).ok()).unwrap();
    assert!(vault.pin().unwrap().is_some(), "a record of the vault's form");
}

/// A keychain that always holds the same key.
struct Key;

impl Keychain for Key {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(VaultKey::from_slice(&[0x5e; 32]))
    }

    fn store(&self, _: &VaultKey) -> Result<(), KeychainError> {
        Err(KeychainError::Foreign)
    }
}

/// An OS that cannot verify anybody.
struct Nobody;

impl UserVerifier for Nobody {
    fn is_supported(&self) -> bool {
        false
    }

    fn availability(&self) -> Availability {
        Availability::Unsupported
    }

    fn verify(&self, _: Reason<'_>) -> Outcome {
        Outcome::Unavailable
    }
}

/// An assertion, if there is one, verifies with the public key that was told at registration.
pub fn sign(host: &mut Host, passkey: &Passkey) {
    let descriptor = text_map([("id", Some(passkey.id.clone().into())), ("type", Some("public-key".into()))]);
    let hash = [0xcd; 32];
    let parameters = int_map([
        (1, Some(passkey.rp_id.into())),
        (2, Some(hash.to_vec().into())),
        (3, Some(Value::Array(vec![descriptor]))),
    ]);
    let answer = host.ctap(&Command::GetAssertion.message(&cbor::encode(&parameters))).expect("the vault opens");
    let Ok(parameters) = response_parameters(&answer) else { return };
    let response = get_assertion::Response::from_bytes(parameters).expect("the answer's own form");
    assert_eq!(response.credential.id.as_bytes(), passkey.id);
    let key = VerifyingKey::from(passkey.public_key.to_p256().expect("a point on P-256"));
    let signature = Signature::from_der(&response.signature).expect("a signature");
    key.verify(&[&response.auth_data[..], &hash].concat(), &signature).expect("the passkey's own signature");
}
