//! The crates.io `passkey-authenticator` over the store that it comes with: a map in memory, neither sealed nor durable, looked up by
//! credential ID alone. Requests and answers are its structs: nothing is decoded or encoded.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use passkey_authenticator::{Authenticator, MemoryStore, UiHint, UserCheck, UserValidationMethod};
use passkey_crypto::iana::EnumI64;
use passkey_crypto::rust_crypto::RustCryptoBackend;
use passkey_crypto::{CryptoBackend, SecretKeyT, iana};
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error, get_assertion, make_credential};
use passkey_types::webauthn::{
    PublicKeyCredentialDescriptor, PublicKeyCredentialParameters, PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
};
use protocol::cose::CoseAlgorithmIdentifier;

use crate::Subject;
use crate::table::Operation;

/// The authenticator, and what it holds.
pub struct OtherAuthenticator {
    authenticator: Authenticator<MemoryStore, Consenting, RustCryptoBackend>,
    algorithm: iana::Algorithm,
    ids: Vec<Vec<u8>>,
    turn: usize,
}

/// What is asked.
pub enum Request {
    Make(Box<make_credential::Request>),
    Get(Box<get_assertion::Request>),
}

/// What was answered; kept so that dropping it is not measured.
pub enum Answer {
    Made(Box<make_credential::Response>),
    Got { _response: Box<get_assertion::Response> },
}

impl OtherAuthenticator {
    /// One with `size` passkeys, each of its own relying party, if it has the algorithm. All have one key: only lookups can tell.
    pub fn with(algorithm: CoseAlgorithmIdentifier, size: usize) -> Option<Self> {
        let algorithm = iana::Algorithm::from_i64(algorithm.number())?;
        let key = RustCryptoBackend.generate_key(algorithm).ok()?.to_cose_key();
        let ids: Vec<_> = (0..size).map(user_handle).collect();
        let passkey = |(number, id): (usize, &Vec<u8>)| Passkey {
            key: key.clone(),
            credential_id: id.clone().into(),
            rp_id: rp_id(number),
            user_handle: Some(user_handle(number).into()),
            username: Some(USER_NAME.to_owned()),
            user_display_name: Some(USER_DISPLAY_NAME.to_owned()),
            counter: None,
            extensions: Default::default(),
        };
        let store: MemoryStore = ids.iter().enumerate().map(|entry| (entry.1.clone(), passkey(entry))).collect();
        let authenticator = Authenticator::new(Aaguid::new_empty(), store, Consenting, RustCryptoBackend);
        Some(Self { authenticator, algorithm, ids, turn: 0 })
    }
}

impl Subject for OtherAuthenticator {
    type Request = Request;
    type Answer = Answer;

    fn prepare(&mut self, operation: Operation) -> Request {
        match operation {
            Operation::Make | Operation::MakeAnnounced => Request::Make(Box::new(self.creation())),
            Operation::Get | Operation::GetDiscoverable | Operation::Remember => Request::Get(Box::new(self.request())),
        }
    }

    fn answer(&mut self, _: Operation, request: Request) -> Answer {
        match request {
            Request::Make(creation) => {
                Answer::Made(Box::new(at_once(self.authenticator.make_credential(*creation)).expect("a passkey")))
            }
            Request::Get(request) => {
                let response = at_once(self.authenticator.get_assertion(*request)).expect("an assertion");
                Answer::Got { _response: Box::new(response) }
            }
        }
    }

    fn settle(&mut self, _: Operation, answer: Answer) {
        let Answer::Made(made) = answer else { return };
        let data = made.auth_data.attested_credential_data.expect("a credential");
        self.authenticator.store_mut().remove(data.credential_id()).expect("a passkey to remove");
    }
}

impl OtherAuthenticator {
    fn creation(&self) -> make_credential::Request {
        make_credential::Request {
            client_data_hash: HASH.to_vec().into(),
            rp: make_credential::PublicKeyCredentialRpEntity {
                id: rp_id(usize::MAX),
                name: Some("Example".to_owned()),
            },
            user: PublicKeyCredentialUserEntity {
                id: user_handle(usize::MAX).into(),
                name: USER_NAME.to_owned(),
                display_name: USER_DISPLAY_NAME.to_owned(),
            },
            pub_key_cred_params: vec![PublicKeyCredentialParameters {
                ty: PublicKeyCredentialType::PublicKey,
                alg: self.algorithm,
            }],
            exclude_list: None,
            extensions: None,
            options: make_credential::Options { rk: true, up: true, uv: false },
            pin_auth: None,
            pin_protocol: None,
        }
    }

    fn request(&mut self) -> get_assertion::Request {
        self.turn = next_turn(self.turn, self.ids.len());
        get_assertion::Request {
            rp_id: rp_id(self.turn),
            client_data_hash: HASH.to_vec().into(),
            allow_list: Some(vec![PublicKeyCredentialDescriptor {
                ty: PublicKeyCredentialType::PublicKey,
                id: self.ids[self.turn].clone().into(),
                transports: None,
            }]),
            extensions: None,
            options: get_assertion::Options { up: true, uv: false },
            pin_auth: None,
            pin_protocol: None,
        }
    }
}

/// A user who is always there: that is what this authenticator asks its embedder.
struct Consenting;

#[async_trait::async_trait]
impl UserValidationMethod for Consenting {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        None
    }
}

/// Nothing here ever waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory waited"),
    }
}

/// Steps through all passkeys, never to a neighbour: each size above 1 is prime to the step.
pub fn next_turn(turn: usize, size: usize) -> usize {
    (turn + 7919) % size
}

pub fn rp_id(number: usize) -> String {
    format!("site-{number}.example")
}

pub fn user_handle(number: usize) -> Vec<u8> {
    [&number.to_be_bytes()[..], &[0; 8]].concat()
}

pub const USER_NAME: &str = "someone@mail.example";
pub const USER_DISPLAY_NAME: &str = "Someone With a Name";
pub const HASH: [u8; 32] = [0xcd; 32];
