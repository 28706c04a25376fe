//! The bench that the tests of every command stand on.

mod platform;

use std::cell::RefCell;
use std::convert::Infallible;
use std::time::Duration;

use protocol::ctap::client_pin;
use protocol::ctap::pin_uv_auth::{
    KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken, SharedSecret, pad_pin, pin_hash,
};
use protocol::ctap::{
    Options, PinUvAuth, PublicKeyCredentialUserEntity, get_assertion, get_info, make_credential, response_parameters,
};
use protocol::webauthn::{ClientDataHash, CredentialId};
use rand_core::utils::next_word_via_fill;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;
use crate::keychain::{Keychain, KeychainError};
use crate::secret::VaultKey;
use crate::vault::Vault;
use crate::verification::os::{Availability, Outcome, Reason, UserVerifier};

pub(super) use platform::proof_of;

/// An authenticator over a fresh vault, with a clock that is turned by hand.
pub(super) struct Bench {
    pub(super) environment: Scripted,
    pub(super) authenticator: Authenticator,
}

/// The world of a test: seeded, and only the test moves its clocks.
pub(super) struct Scripted {
    rng: Seeded,
    pub(super) now: u64,
    pub(super) uptime: Duration,
    pub(super) os: ScriptedOs,
    pub(super) reset_confirmed: bool,
    vault: Vault,
    _folder: TempDir,
}

impl Environment for Scripted {
    type Rng = Seeded;

    fn rng(&mut self) -> &mut Seeded {
        &mut self.rng
    }

    fn now(&self) -> u64 {
        self.now
    }

    fn uptime(&self) -> Duration {
        self.uptime
    }

    fn vault(&self) -> &Vault {
        &self.vault
    }

    fn user_verifier(&self) -> &dyn UserVerifier {
        &self.os
    }

    fn reset_is_confirmed(&self) -> bool {
        self.reset_confirmed
    }
}

/// An OS that answers as the test says, and remembers what it was asked for.
#[derive(Default)]
pub(super) struct ScriptedOs {
    pub(super) outcome: Option<Outcome>,
    pub(super) asked: RefCell<Vec<String>>,
}

impl UserVerifier for ScriptedOs {
    fn is_supported(&self) -> bool {
        true
    }

    fn availability(&self) -> Availability {
        self.outcome.map_or(Availability::Unsupported, |_| Availability::Ready)
    }

    fn verify(&self, reason: Reason<'_>) -> Outcome {
        self.asked.borrow_mut().push(format!("{reason:?}"));
        self.outcome.unwrap_or(Outcome::Unavailable)
    }
}

/// SHA-256 of a counter.
pub(super) struct Seeded(u64);

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&Sha256::digest(self.0.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

/// A keychain in memory.
#[derive(Default)]
pub(crate) struct MemoryKeychain(RefCell<Option<[u8; 32]>>);

impl Keychain for MemoryKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.0.borrow().as_ref().and_then(|bytes| VaultKey::from_slice(bytes)))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.0.borrow_mut() = Some(*key.expose_secret());
        Ok(())
    }
}

impl Bench {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_or_create(&folder.path().join("vault.db"), &MemoryKeychain::default()).unwrap();
        let environment = Scripted {
            rng: Seeded(0),
            now: 1_700_000_000_000,
            uptime: Duration::ZERO,
            os: ScriptedOs::default(),
            reset_confirmed: false,
            vault,
            _folder: folder,
        };
        Self { environment, authenticator: Authenticator::default() }
    }

    /// A new session of the host over the same vault.
    pub(super) fn restart(&mut self) {
        self.authenticator = Authenticator::default();
    }

    /// What is answered to a message written as [`wire`].
    pub(super) fn send(&mut self, message: &str) -> Vec<u8> {
        self.authenticator.process(&mut self.environment, &wire(message))
    }

    /// What the host does once an answer is on its way.
    pub(super) fn after_answer(&mut self) {
        self.authenticator.after_answer(&mut self.environment);
    }

    pub(super) fn command(&mut self, command: Command, parameters: &[u8]) -> Result<Vec<u8>, StatusCode> {
        let answer = self.authenticator.process(&mut self.environment, &command.message(parameters));
        response_parameters(&answer).map(<[u8]>::to_vec)
    }

    pub(super) fn info(&mut self) -> get_info::Response {
        get_info::Response::from_bytes(&self.command(Command::GetInfo, &[]).unwrap()).unwrap()
    }

    pub(super) fn make(&mut self, request: &make_credential::Request) -> Result<make_credential::Response, StatusCode> {
        let answer = self.command(Command::MakeCredential, &request.to_bytes())?;
        Ok(make_credential::Response::from_bytes(&answer).unwrap())
    }

    /// A creation that the user is not asked for.
    pub(super) fn make_unasked(
        &mut self,
        request: &make_credential::Request,
    ) -> Result<make_credential::Response, StatusCode> {
        let answer = self.authenticator.conditional_create(&mut self.environment, &request.to_bytes());
        Ok(make_credential::Response::from_bytes(response_parameters(&answer)?).unwrap())
    }

    pub(super) fn get(&mut self, request: &get_assertion::Request) -> Result<get_assertion::Response, StatusCode> {
        let answer = self.command(Command::GetAssertion, &request.to_bytes())?;
        Ok(get_assertion::Response::from_bytes(&answer).unwrap())
    }

    pub(super) fn get_next(&mut self) -> Result<get_assertion::Response, StatusCode> {
        let answer = self.command(Command::GetNextAssertion, &[])?;
        Ok(get_assertion::Response::from_bytes(&answer).unwrap())
    }

    pub(super) fn pin(&mut self, request: &client_pin::Request) -> Result<client_pin::Response, StatusCode> {
        let answer = self.command(Command::ClientPin, &request.to_bytes())?;
        Ok(client_pin::Response::from_bytes(&answer).unwrap())
    }

    /// Makes a passkey for `rp_id`, the user handle being `user`, one second after the one before.
    pub(super) fn register(&mut self, rp_id: &str, user: u8) -> CredentialId {
        self.environment.now += 1000;
        let made = self.make(&creation(rp_id, user)).unwrap();
        let data = made.attestation_object.authenticator_data().unwrap();
        data.attested_credential_data.unwrap().credential_id
    }

    /// The platform's side of CTAP §6.5.4 encapsulate.
    pub(super) fn encapsulate(&mut self, protocol: PinUvAuthProtocol) -> (client_pin::Request, SharedSecret) {
        let request = client_pin::Request {
            pin_uv_auth_protocol: Some(protocol.number()),
            subcommand: client_pin::Subcommand::GetKeyAgreement.number(),
            ..client_pin::Request::default()
        };
        let authenticator = self.pin(&request).unwrap().key_agreement.unwrap();
        let platform = KeyAgreementKey::generate(&mut self.environment.rng);
        let secret = platform.shared_secret(protocol, &authenticator).unwrap();
        (client_pin::Request { key_agreement: Some(platform.public()), ..request }, secret)
    }

    /// setPIN.
    pub(super) fn set_pin(&mut self, protocol: PinUvAuthProtocol, pin: &str) -> Result<(), StatusCode> {
        let (base, secret) = self.encapsulate(protocol);
        let new_pin_enc = secret.encrypt(&*pad_pin(pin).unwrap(), &mut self.environment.rng);
        let request = client_pin::Request {
            subcommand: client_pin::Subcommand::SetPin.number(),
            pin_uv_auth_param: Some(secret.authenticate(&new_pin_enc)),
            new_pin_enc: Some(new_pin_enc),
            ..base
        };
        self.pin(&request).map(drop)
    }

    /// getPinUvAuthTokenUsingPinWithPermissions.
    pub(super) fn token(
        &mut self,
        protocol: PinUvAuthProtocol,
        pin: &str,
        permissions: i64,
        rp_id: &str,
    ) -> Result<PinUvAuthToken, StatusCode> {
        let (base, secret) = self.encapsulate(protocol);
        let request = client_pin::Request {
            subcommand: client_pin::Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number(),
            pin_hash_enc: Some(secret.encrypt(&*pin_hash(pin.as_bytes()), &mut self.environment.rng)),
            permissions: Some(permissions),
            rp_id: Some(rp_id.into()),
            ..base
        };
        self.take_token(request, &secret)
    }
}

/// The bytes of a message, from lines of hexadecimal digits with a comment behind `#`.
pub(super) fn wire(text: &str) -> Vec<u8> {
    let digits: String = text.lines().map(|line| line.split('#').next().unwrap()).collect();
    let digits: Vec<u8> = digits.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

pub(super) const HASH: ClientDataHash = ClientDataHash([0xcd; 32]);

/// A request for a passkey, as the client sends it.
pub(super) fn creation(rp_id: &str, user: u8) -> make_credential::Request {
    make_credential::Request {
        client_data_hash: HASH,
        rp_id: rp_id.into(),
        rp_name: Some("Example".to_owned()),
        user: PublicKeyCredentialUserEntity {
            id: vec![user].into(),
            name: Some(format!("user {user}")),
            display_name: Some(format!("User {user}")),
        },
        algorithms: vec![-999, -7, -257],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options { rk: Some(true), ..Options::default() },
        pin_uv_auth: None,
        enterprise_attestation: None,
        attestation_formats: Vec::new(),
    }
}

/// A request for an assertion, as the client sends it.
pub(super) fn request(rp_id: &str) -> get_assertion::Request {
    get_assertion::Request {
        rp_id: rp_id.into(),
        client_data_hash: HASH,
        allow_list: Vec::new(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth: None,
    }
}

/// The proof that `token` makes for [`HASH`].
pub(super) fn proof(token: &PinUvAuthToken) -> Option<PinUvAuth> {
    Some(proof_of(token, &HASH.0))
}
