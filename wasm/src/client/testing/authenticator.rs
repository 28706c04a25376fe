//! An authenticator for the client's tests: clientPIN in earnest, credentials of one fixed key, and a hook to spoil its answers.

mod extensions;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use protocol::cose::CoseKey;
use protocol::ctap::client_pin::{self, Subcommand};
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken, pin_hash};
use protocol::ctap::{
    Command, PinUvAuth, PublicKeyCredentialUserEntity, StatusCode, get_assertion, large_blobs, make_credential,
};
use protocol::manage;
use protocol::webauthn::RpId;
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{AAGUID, AttestedCredentialData, AuthenticatorData, Flags, rp_id_hash};

use super::Unrandom;

pub(in super::super) use extensions::{Extensions, foreign_entry, prf_of};

/// State, and what it was sent.
pub(in super::super) struct Authenticator {
    pub(in super::super) pin: RefCell<Option<String>>,
    pub(in super::super) retries: Cell<u8>,
    pub(in super::super) protocols: Vec<i64>,
    /// Whether the PIN must be changed before it is good again.
    pub(in super::super) must_change_pin: bool,
    /// What becomes of asking the OS, in order; nothing: it cannot be asked, and `candidates` says so.
    pub(in super::super) os: RefCell<VecDeque<OsAnswer>>,
    /// CTAP alwaysUv.
    pub(in super::super) always_uv: bool,
    /// The status of every makeCredential and getAssertion instead of an answer.
    pub(in super::super) status: Option<StatusCode>,
    /// The status of every token request instead of an answer.
    pub(in super::super) token_status: Option<StatusCode>,
    /// Spoils the authenticator data of every answer.
    pub(in super::super) spoil: fn(&mut AuthenticatorData),
    /// The user handle in assertions.
    pub(in super::super) user_handle: Vec<u8>,
    /// The credential in assertions instead of the one allowed.
    pub(in super::super) other_credential: Option<Vec<u8>>,
    pub(in super::super) made: RefCell<Vec<make_credential::Request>>,
    pub(in super::super) asserted: RefCell<Vec<get_assertion::Request>>,
    pub(in super::super) extensions: Extensions,
    /// The status of every largeBlobs request instead of an answer.
    pub(in super::super) large_blob_status: Option<StatusCode>,
    /// What the last token was asked for.
    pub(in super::super) permissions: Cell<i64>,
    pub(in super::super) key: KeyAgreementKey,
    pub(in super::super) token: RefCell<Option<PinUvAuthToken>>,
}

/// What becomes of asking the OS.
#[derive(Clone, Copy)]
pub(in super::super) enum OsAnswer {
    /// The user proved it.
    Verified,
    /// The authenticator's status.
    Status(StatusCode),
    /// The prompt stays open.
    None,
}

/// What every new credential is called.
pub(in super::super) const NEW_CREDENTIAL: [u8; 32] = [9; 32];

impl Default for Authenticator {
    fn default() -> Self {
        Self {
            pin: RefCell::default(),
            retries: Cell::new(8),
            protocols: vec![2, 1],
            must_change_pin: false,
            os: RefCell::default(),
            always_uv: false,
            status: None,
            token_status: None,
            spoil: |_| (),
            user_handle: vec![7],
            other_credential: None,
            made: RefCell::default(),
            asserted: RefCell::default(),
            extensions: Extensions::default(),
            large_blob_status: None,
            permissions: Cell::new(0),
            key: KeyAgreementKey::generate(&mut Unrandom::default()),
            token: RefCell::default(),
        }
    }
}

impl Authenticator {
    /// An authenticator with a PIN.
    pub(in super::super) fn with_pin(pin: &str) -> Self {
        Self { pin: RefCell::new(Some(pin.to_owned())), ..Self::default() }
    }

    pub(super) fn verification(&self) -> manage::Verification {
        manage::Verification {
            pin_set: self.pin.borrow().is_some(),
            retries: self.retries.get(),
            min_pin_length: 4,
            must_change_pin: self.must_change_pin,
            built_in: !self.os.borrow().is_empty(),
            always: self.always_uv,
        }
    }

    /// Whether `message` asks the OS, which then gives no answer.
    pub(super) fn hangs(&self, message: &[u8]) -> bool {
        let asks_the_os = |parameters| {
            let request = client_pin::Request::from_bytes(parameters).expect("canonical");
            request.subcommand == Subcommand::GetPinUvAuthTokenUsingUvWithPermissions.number()
        };
        message[0] == Command::ClientPin.number()
            && asks_the_os(&message[1..])
            && matches!(self.os.borrow().front(), Some(OsAnswer::None))
    }

    pub(super) fn respond(&self, message: &[u8]) -> Vec<u8> {
        let (command, parameters) = message.split_first().expect("a command");
        let answer = match Command::from_number(*command).expect("a known command") {
            Command::MakeCredential => self.make_credential(parameters, Flags::UP),
            Command::GetAssertion => self.get_assertion(parameters),
            Command::GetInfo => Ok(self.info().to_bytes()),
            Command::ClientPin => self.client_pin(client_pin::Request::from_bytes(parameters).expect("canonical")),
            Command::LargeBlobs => self.large_blobs(large_blobs::Request::from_bytes(parameters).expect("canonical")),
            other => panic!("not for the client: {other:?}"),
        };
        answered(answer)
    }

    /// What is no command of CTAP: nobody is asked, and the flags say so.
    pub(super) fn conditional_create(&self, parameters: &[u8]) -> Vec<u8> {
        answered(self.make_credential(parameters, Flags::from(0)))
    }

    fn make_credential(&self, parameters: &[u8], presence: Flags) -> Result<Vec<u8>, StatusCode> {
        let request = make_credential::Request::from_bytes(parameters).expect("canonical");
        let verified = self.verified(request.pin_uv_auth.as_ref(), &request.client_data_hash.0)?;
        let mut data = self.data(&request.rp_id, presence, verified);
        data.attested_credential_data = Some(AttestedCredentialData {
            aaguid: AAGUID,
            credential_id: NEW_CREDENTIAL.to_vec().into(),
            public_key: with_algorithm(&self.key.public(), -7),
        });
        data.extensions = self.creation_outputs(request.extensions.clone(), verified);
        let large_blob_key = self.large_blob_key(request.extensions.clone());
        (self.spoil)(&mut data);
        let packed = request.attestation_formats.first().is_some_and(|format| format == "packed");
        let statement = if packed {
            AttestationStatement::PackedSelf { algorithm: -7, signature: vec![1, 2, 3] }
        } else {
            AttestationStatement::None
        };
        self.made.borrow_mut().push(request);
        let attestation_object = AttestationObject { statement, auth_data: data.to_bytes() };
        let response = make_credential::Response { attestation_object, large_blob_key };
        self.status.map_or(Ok(response.to_bytes()), Err)
    }

    fn get_assertion(&self, parameters: &[u8]) -> Result<Vec<u8>, StatusCode> {
        let request = get_assertion::Request::from_bytes(parameters).expect("canonical");
        let verified = self.verified(request.pin_uv_auth.as_ref(), &request.client_data_hash.0)?;
        let mut data = self.data(&request.rp_id, Flags::UP, verified);
        data.extensions = self.assertion_outputs(request.extensions.clone(), verified);
        let large_blob_key = self.large_blob_key(request.extensions.clone());
        (self.spoil)(&mut data);
        let mut credential = request.allow_list[0].clone();
        if let Some(id) = &self.other_credential {
            credential.id = id.clone().into();
        }
        let id = self.user_handle.clone().into();
        let user = Some(PublicKeyCredentialUserEntity { id, name: None, display_name: None });
        self.asserted.borrow_mut().push(request);
        let (auth_data, signature) = (data.to_bytes(), vec![4, 5, 6]);
        let number_of_credentials = None;
        let response =
            get_assertion::Response { credential, auth_data, signature, user, number_of_credentials, large_blob_key };
        self.status.map_or(Ok(response.to_bytes()), Err)
    }

    fn data(&self, rp_id: &RpId, presence: Flags, verified: bool) -> AuthenticatorData {
        AuthenticatorData {
            rp_id_hash: rp_id_hash(rp_id),
            flags: presence | Flags::UV.when(verified),
            sign_count: 0,
            attested_credential_data: None,
            extensions: None,
        }
    }

    fn verified(&self, auth: Option<&PinUvAuth>, hash: &[u8]) -> Result<bool, StatusCode> {
        let Some(auth) = auth else { return Ok(false) };
        let token = self.token.borrow();
        let right = token.as_ref().is_some_and(|token| token.verify(hash, &auth.param));
        if right { Ok(true) } else { Err(StatusCode::PinAuthInvalid) }
    }

    fn client_pin(&self, request: client_pin::Request) -> Result<Vec<u8>, StatusCode> {
        let mut response = client_pin::Response::default();
        match Subcommand::from_number(request.subcommand).expect("a known sub-command") {
            Subcommand::GetPinRetries => response.pin_retries = Some(self.retries.get().into()),
            Subcommand::GetKeyAgreement => response.key_agreement = Some(self.key.public()),
            Subcommand::SetPin => self.set_pin(&request)?,
            Subcommand::GetPinUvAuthTokenUsingPinWithPermissions => {
                response.pin_uv_auth_token = Some(self.token_using_pin(&request)?);
            }
            Subcommand::GetPinUvAuthTokenUsingUvWithPermissions => {
                response.pin_uv_auth_token = Some(self.token_using_uv(&request)?);
            }
            other => panic!("{other:?}"),
        }
        Ok(response.to_bytes())
    }

    fn set_pin(&self, request: &client_pin::Request) -> Result<(), StatusCode> {
        let (_, secret) = self.session(request);
        let new_pin_enc = request.new_pin_enc.as_ref().expect("newPinEnc");
        let param = request.pin_uv_auth_param.as_ref().expect("pinUvAuthParam");
        if self.pin.borrow().is_some() || !secret.verify(new_pin_enc, param) {
            return Err(StatusCode::PinAuthInvalid);
        }
        let padded = secret.decrypt(new_pin_enc).expect("64 bytes");
        let pin =
            String::from_utf8(padded.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()).expect("UTF-8");
        *self.pin.borrow_mut() = Some(pin);
        Ok(())
    }

    fn token_using_pin(&self, request: &client_pin::Request) -> Result<Vec<u8>, StatusCode> {
        let (_, secret) = self.session(request);
        if let Some(status) = self.token_status {
            return Err(status);
        }
        let pin = self.pin.borrow().clone().ok_or(StatusCode::PinNotSet)?;
        let given = secret.decrypt(request.pin_hash_enc.as_ref().expect("pinHashEnc")).expect("16 bytes");
        if given[..] != pin_hash(pin.as_bytes())[..] {
            self.retries.set(self.retries.get() - 1);
            return Err(if self.retries.get() == 0 { StatusCode::PinBlocked } else { StatusCode::PinInvalid });
        }
        self.retries.set(8);
        if self.must_change_pin {
            return Err(StatusCode::PinPolicyViolation);
        }
        Ok(self.give_token(request))
    }

    fn token_using_uv(&self, request: &client_pin::Request) -> Result<Vec<u8>, StatusCode> {
        assert!(request.pin_hash_enc.is_none());
        match self.os.borrow_mut().pop_front() {
            Some(OsAnswer::Verified) => Ok(self.give_token(request)),
            Some(OsAnswer::Status(status)) => Err(status),
            Some(OsAnswer::None) | None => Err(StatusCode::NotAllowed),
        }
    }

    fn give_token(&self, request: &client_pin::Request) -> Vec<u8> {
        let permissions = request.permissions.expect("permissions");
        assert!([0x01, 0x02, 0x12].contains(&permissions));
        self.permissions.set(permissions);
        assert!(request.rp_id.is_some());
        let (protocol, secret) = self.session(request);
        let token = PinUvAuthToken::generate(protocol, &mut Unrandom::default());
        let encrypted = token.encrypt(&secret, &mut Unrandom::default());
        *self.token.borrow_mut() = Some(token);
        encrypted
    }

    fn session(&self, request: &client_pin::Request) -> (PinUvAuthProtocol, protocol::ctap::pin_uv_auth::SharedSecret) {
        let number = request.pin_uv_auth_protocol.expect("a protocol");
        assert!(self.protocols.contains(&number));
        let protocol = PinUvAuthProtocol::from_number(number).expect("a known protocol");
        let peer = request.key_agreement.as_ref().expect("a key agreement key");
        (protocol, self.key.shared_secret(protocol, peer).expect("a point"))
    }
}

fn answered(answer: Result<Vec<u8>, StatusCode>) -> Vec<u8> {
    match answer {
        Ok(parameters) => [&[0], &parameters[..]].concat(),
        Err(status) => vec![status.byte()],
    }
}

/// The same point, for another use.
fn with_algorithm(key: &CoseKey, algorithm: i64) -> CoseKey {
    CoseKey::from_sec1(&key.to_public_bytes(), algorithm).expect("a point")
}
