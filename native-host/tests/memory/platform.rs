//! The platform's side: a PIN set, passkeys made and used over the host's pipe.

use getrandom::SysRng;
use p256::elliptic_curve::ff::PrimeField;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{FieldBytes, ProjectivePoint, Scalar};
use protocol::cbor::{self, Value, text_map};
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::client_pin::{Request, Response, Subcommand};
use protocol::ctap::extensions::{AssertionInputs, HmacSecretInput};
use protocol::ctap::pin_uv_auth::{
    KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken, SharedSecret, pad_pin, pin_hash,
};
use protocol::ctap::{Command, get_assertion, response_parameters};
use protocol::native_message::{Body, ErrorCode};
use protocol::webauthn::authenticator_data::AuthenticatorData;
use rand_core::UnwrapErr;
use sha2::{Digest, Sha256};

use crate::support::{Host, code, ctap};
use crate::traces::Secret;

/// One platform on one host.
pub struct Platform {
    pub host: Host,
    pub signed: Vec<Signed>,
    users: u8,
}

/// An assertion as it came.
pub struct Signed {
    credential_id: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// CTAP §6.5.5.7.2.
pub fn hash_of(pin: &str) -> [u8; 16] {
    *pin_hash(pin.as_bytes())
}

impl Platform {
    pub fn new(host: Host) -> Self {
        Self { host, signed: Vec::new(), users: 0 }
    }

    /// What the host does once its answer is on its way is done when it answers the next message; this one is nobody's.
    pub fn wait_until_idle(&mut self) {
        assert_eq!(code(&self.host.ask("{}")), ErrorCode::BadMessage);
    }

    pub fn set_pin(&mut self, pin: &str) {
        let (request, secret) = self.encapsulate();
        let new_pin_enc = secret.encrypt(&*pad_pin(pin).unwrap(), &mut rng());
        self.client_pin(&Request {
            subcommand: Subcommand::SetPin.number(),
            pin_uv_auth_param: Some(secret.authenticate(&new_pin_enc)),
            new_pin_enc: Some(new_pin_enc),
            ..request
        });
    }

    /// A passkey of `algorithm`, the user verified by the PIN where there is one.
    pub fn make(&mut self, rp_id: &str, algorithm: CoseAlgorithmIdentifier, pin: Option<&str>) {
        self.users += 1;
        let entry = text_map([("alg", Some(algorithm.number().into())), ("type", Some("public-key".into()))]);
        let message = with(&ctap::make(rp_id, &[self.users]), 4, Value::Array(vec![entry]));
        let message = self.with_proof(message, [8, 9], rp_id, pin);
        ctap::made(&self.host.ctap(&message));
    }

    /// Assertions of all passkeys of `rp_id`.
    pub fn get(&mut self, rp_id: &str, pin: Option<&str>) {
        let message = self.with_proof(ctap::get(rp_id), [6, 7], rp_id, pin);
        self.assertions(&message);
    }

    /// As [`Self::get`], with a secret of each passkey computed for a salt.
    pub fn get_with_hmac_secret(&mut self, rp_id: &str) {
        let (request, secret) = self.encapsulate();
        let salt_enc = secret.encrypt(&[7; 32], &mut rng());
        let input = HmacSecretInput {
            key_agreement: request.key_agreement.unwrap(),
            salt_auth: secret.authenticate(&salt_enc),
            salt_enc,
            pin_uv_auth_protocol: Some(2),
        };
        let extensions = AssertionInputs { hmac_secret: Some(input), ..AssertionInputs::default() };
        let message = with(&ctap::get(rp_id), 4, extensions.to_value().unwrap());
        let data = AuthenticatorData::from_bytes(&self.assertions(&message).auth_data).unwrap();
        assert!(data.extensions.is_some(), "hmac-secret was computed");
    }

    fn assertions(&mut self, message: &[u8]) -> get_assertion::Response {
        let first = self.assertion(message);
        for _ in 1..first.number_of_credentials.unwrap_or(1) {
            self.assertion(&Command::GetNextAssertion.message(&[]));
        }
        first
    }

    /// `manage`: what the vault holds for `rp_id`, a passkey of one of `algorithms` being wanted.
    pub fn ask(&mut self, rp_id: &str, algorithms: &[CoseAlgorithmIdentifier]) {
        let algorithms: Vec<i64> = algorithms.iter().map(|algorithm| algorithm.number()).collect();
        let request = serde_json::json!({"id": 1, "manage": {"candidates": {"rpId": rp_id, "algorithms": algorithms}}});
        let reply = self.host.ask(&request.to_string());
        assert!(matches!(reply.body, Body::Ok(_)), "{reply:?}");
    }

    pub fn get_info(&mut self) {
        response_parameters(&self.host.ctap(&Command::GetInfo.message(&[]))).unwrap();
    }

    fn assertion(&mut self, message: &[u8]) -> get_assertion::Response {
        let answer = self.host.ctap(message);
        let response = get_assertion::Response::from_bytes(response_parameters(&answer).unwrap()).unwrap();
        self.signed.push(Signed {
            credential_id: response.credential.id.as_bytes().to_vec(),
            message: [&response.auth_data, &CLIENT_DATA_HASH[..]].concat(),
            signature: response.signature.clone(),
        });
        response
    }

    /// The message with pinUvAuthParam and its protocol under these keys.
    fn with_proof(&mut self, message: Vec<u8>, keys: [i64; 2], rp_id: &str, pin: Option<&str>) -> Vec<u8> {
        let Some(pin) = pin else { return message };
        let token = self.token(rp_id, pin);
        let message = with(&message, keys[0], token.authenticate(&CLIENT_DATA_HASH).into());
        with(&message, keys[1], token.protocol().number().into())
    }

    pub fn token(&mut self, rp_id: &str, pin: &str) -> PinUvAuthToken {
        let (request, secret) = self.encapsulate();
        let response = self.client_pin(&Request {
            subcommand: Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number(),
            pin_hash_enc: Some(secret.encrypt(&hash_of(pin), &mut rng())),
            permissions: Some(3),
            rp_id: Some(rp_id.into()),
            ..request
        });
        PinUvAuthToken::decrypt(&response.pin_uv_auth_token.unwrap(), &secret).unwrap()
    }

    fn encapsulate(&mut self) -> (Request, SharedSecret) {
        let subcommand = Subcommand::GetKeyAgreement.number();
        let request = Request { pin_uv_auth_protocol: Some(2), subcommand, ..Request::default() };
        let theirs = self.client_pin(&request).key_agreement.unwrap();
        let ours = KeyAgreementKey::generate(&mut rng());
        let secret = ours.shared_secret(PinUvAuthProtocol::Two, &theirs).unwrap();
        (Request { key_agreement: Some(ours.public()), ..request }, secret)
    }

    fn client_pin(&mut self, request: &Request) -> Response {
        let answer = self.host.ctap(&Command::ClientPin.message(&request.to_bytes()));
        Response::from_bytes(response_parameters(&answer).unwrap()).unwrap()
    }
}

impl Signed {
    /// The number that ES256 used once for this signature: whoever has it has the private key. Nothing where another algorithm signed.
    pub fn nonce(&self, scalars: &[(Vec<u8>, Vec<u8>)]) -> Option<Secret> {
        let (_, key) = scalars.iter().find(|(id, _)| *id == self.credential_id)?;
        let signature = p256::ecdsa::Signature::from_der(&self.signature).unwrap();
        let (r, s) = signature.split_scalars();
        let digest: [u8; 32] = Sha256::digest(&self.message).into();
        let z = <Scalar as Reduce<FieldBytes>>::reduce(&digest.into());
        let d = Scalar::from_repr(<[u8; 32]>::try_from(&key[..]).unwrap().into()).unwrap();
        let k = s.invert().unwrap() * (z + *r * d);
        let x = (ProjectivePoint::GENERATOR * k).to_affine().x();
        assert_eq!(<Scalar as Reduce<FieldBytes>>::reduce(&x), *r, "or it is not the nonce");
        Some(Secret::new("nonce of a signature", &k.to_repr()))
    }
}

/// The message with a member of its map set.
fn with(message: &[u8], key: i64, member: Value) -> Vec<u8> {
    let Value::Map(mut members) = cbor::decode(&message[1..]).unwrap() else { panic!("a map") };
    members.retain(|(name, _)| *name != key.into());
    members.push((key.into(), member));
    [&message[..1], &cbor::encode(&Value::Map(members))].concat()
}

fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// As in [`ctap::make`] and [`ctap::get`].
const CLIENT_DATA_HASH: [u8; 32] = [0xcd; 32];
