//! The bench that the tests of every command stand on, and the tests of what all commands have in common.

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
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;
use crate::keychain::{Keychain, KeychainError};
use crate::secret::VaultKey;
use crate::vault::Vault;

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
}

/// SHA-256 of a counter.
pub(super) struct Seeded(u64);

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
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
        let environment =
            Scripted { rng: Seeded(0), now: 1_700_000_000_000, uptime: Duration::ZERO, vault, _folder: folder };
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

    fn command(&mut self, command: Command, parameters: &[u8]) -> Result<Vec<u8>, StatusCode> {
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
        let encrypted = self.pin(&request)?.pin_uv_auth_token.unwrap();
        Ok(PinUvAuthToken::decrypt(&encrypted, &secret).unwrap())
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
        algorithms: vec![-8, -7, -257],
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
    Some(PinUvAuth { param: token.authenticate(&HASH.0), protocol: Some(token.protocol().number()) })
}

#[test]
fn get_info_on_the_wire() {
    let expected = wire(
        "00                              # success
         ac                              # map of 12
           01 81 68 4649444f5f325f30     # versions: FIDO_2_0
           03 50 8fbd00baea22421e855adb5d23b0ac05  # aaguid
           04 a6                         # options
             62 726b f5                  #   rk: true
             62 7570 f5                  #   up: true
             64 706c6174 f5              #   plat: true
             69 636c69656e7450696e f4    #   clientPin: false, none is set
             6e 70696e557641757468546f6b656e f5      # pinUvAuthToken: true
             70 6d616b654372656455764e6f74527164 f5  # makeCredUvNotRqd: true
           05 1a 0016e360                # maxMsgSize: 1500000
           06 82 02 01                   # pinUvAuthProtocols: two, one
           07 19 0400                    # maxCredentialCountInList: 1024
           08 19 03ff                    # maxCredentialIdLength: 1023
           09 82 68 696e7465726e616c 66 687962726964 # transports: internal, hybrid
           0a 81 a2                      # algorithms
             63 616c67 26                #   alg: -7, ES256
             64 74797065 6a 7075626c69632d6b6579     # type: public-key
           0d 04                         # minPINLength: 4
           0e 18 64                      # firmwareVersion: 100 for 0.1.0
           16 82 66 7061636b6564 64 6e6f6e65         # attestationFormats: packed, none",
    );
    assert_eq!(Bench::new().send("04"), expected);
}

#[test]
fn get_info_tells_whether_a_pin_is_set() {
    let mut bench = Bench::new();
    assert_eq!(bench.info().option("clientPin"), Some(false));
    bench.set_pin(PinUvAuthProtocol::Two, "1234").unwrap();
    assert_eq!(bench.info().option("clientPin"), Some(true));
}

#[test]
fn what_is_no_message_is_answered_by_its_status() {
    let mut bench = Bench::new();
    let cases = [
        ("", StatusCode::InvalidLength),
        ("07", StatusCode::InvalidCommand),                        // reset
        ("0a", StatusCode::InvalidCommand),                        // credential management
        ("0b", StatusCode::InvalidCommand),                        // selection
        ("ff", StatusCode::InvalidCommand),                        // nothing at all
        ("01", StatusCode::MissingParameter),                      // makeCredential without parameters
        ("01 a0", StatusCode::MissingParameter),                   // an empty map
        ("01 80", StatusCode::CborUnexpectedType),                 // an array
        ("01 bf ff", StatusCode::InvalidCbor),                     // indefinite length
        ("01 a1", StatusCode::InvalidCbor),                        // cut short
        ("01 a0 00", StatusCode::InvalidCbor),                     // a byte too many
        ("01 a2 01 40 01 40", StatusCode::InvalidCbor),            // one key twice
        ("01 a1 01 5b ffffffffffffffff", StatusCode::InvalidCbor), // a string of 2^64 bytes
        ("01 bb ffffffffffffffff", StatusCode::InvalidCbor),       // a map of 2^64 members
        ("01 8181818181 00", StatusCode::InvalidCbor),             // nested deeper than 4
        ("02 a1 01 18 17", StatusCode::InvalidCbor),               // 23 in two bytes
        ("02 a1 01 01", StatusCode::CborUnexpectedType),           // rpId is a number
        ("06 a1 02 18 63", StatusCode::InvalidSubcommand),         // clientPIN 99
    ];
    for (message, status) in cases {
        assert_eq!(bench.send(message), [status.byte()], "{message}");
    }
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let mut bench = Bench::new();
    let mut message = vec![0; MAX_MSG_SIZE + 1];
    message[0] = Command::MakeCredential.byte();
    let answer = bench.authenticator.process(&mut bench.environment, &message);
    assert_eq!(answer, [StatusCode::RequestTooLarge.byte()]);
}
