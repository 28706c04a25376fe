//! Commands to a host over a vault with three passkeys and a PIN: each gets an answer in CTAP's form, and in no ceremony is anybody
//! taken for verified. A step is a command byte and its parameters, or one of the three below.

#![no_main]

use fuzz::{PIN, Platform, Stage, Step, passkeys, split};
use keystow::native_messaging::Host;
use libfuzzer_sys::fuzz_target;
use protocol::cbor;
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken, pin_hash};
use protocol::ctap::{
    Command, PinUvAuth, StatusCode, SubcommandRequest, get_assertion, large_blobs, make_credential, response_parameters,
};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

fuzz_target!(|data: &[u8]| {
    let stage = Stage::new(true);
    let mut host = stage.host();
    let mut token = None;
    for Step { what, data } in split(data) {
        let data = with_known_ids(data);
        match (what, &token) {
            (NEW_SESSION, _) => host = stage.host(),
            (TOKEN, _) => token = take_token(&mut host, &data),
            (PROVEN, Some(token)) => send(&mut host, &proven(token, &data)),
            _ => send(&mut host, &[&[what], &data[..]].concat()),
        }
    }
});

/// No commands of CTAP's: a new host, without what the one before remembered;
const NEW_SESSION: u8 = 0xff;
/// a token by the right PIN, for permissions (one byte) and an RP ID (one byte, even: none);
const TOKEN: u8 = 0xfe;
/// a command and its parameters, proven with that token: not those of a ceremony, where nobody is to be taken for verified.
const PROVEN: u8 = 0xfd;

/// -257 in CBOR. To find an RSA key's primes takes seconds in this build.
const RS256: [u8; 3] = [0x39, 0x01, 0x00];

/// Credential IDs are random; in an input 32 bytes 0xa0 stand for that of the first passkey, 0xa1 for the second's, and so on.
fn with_known_ids(data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    for (passkey, byte) in passkeys().iter().zip(0xa0..) {
        while let Some(at) = data.windows(32).position(|window| window == [byte; 32]) {
            data[at..at + 32].copy_from_slice(&passkey.id);
        }
    }
    data
}

fn take_token(host: &mut Host, data: &[u8]) -> Option<PinUvAuthToken> {
    let (permissions, rp_id) = (*data.first()?, data.get(1).is_some_and(|choice| choice % 2 == 1));
    let rp_id = rp_id.then_some("example.com");
    let pin_hash = pin_hash(PIN.as_bytes());
    Platform::default().token(host, PinUvAuthProtocol::Two, &pin_hash, permissions, rp_id).ok()
}

/// The message with the proof that its command takes, where it can be read; as it is where not.
fn proven(token: &PinUvAuthToken, message: &[u8]) -> Vec<u8> {
    let with_proof = |command: Command, parameters: &[u8]| {
        let proof = |message: &[u8]| Some(PinUvAuth { param: token.authenticate(message), protocol: Some(2) });
        match command {
            Command::CredentialManagement | Command::AuthenticatorConfig => {
                let mut request = SubcommandRequest::from_bytes(parameters).ok()?;
                request.pin_uv_auth = proof(&request.authenticated_message(command));
                Some(command.message(&request.to_bytes()))
            }
            Command::LargeBlobs => {
                let mut request = large_blobs::Request::from_bytes(parameters).ok()?;
                let (offset, set) = (u32::try_from(request.offset).ok()?, request.set.as_ref()?);
                request.pin_uv_auth = proof(&large_blobs::authenticated_message(offset, set));
                Some(command.message(&request.to_bytes()))
            }
            _ => None,
        }
    };
    let (command, parameters) = message.split_first().unwrap_or((&0, &[]));
    let proven = Command::from_number(*command).and_then(|command| with_proof(command, parameters));
    proven.unwrap_or_else(|| message.to_vec())
}

fn send(host: &mut Host, message: &[u8]) {
    if message.windows(3).any(|window| window == RS256) {
        return;
    }
    let answer = host.ctap(message).expect("the vault opens");
    judge(message.first().copied().unwrap_or_default(), &answer);
}

fn judge(command: u8, answer: &[u8]) {
    let parameters = match response_parameters(answer) {
        Ok(parameters) => parameters,
        Err(status) => {
            assert!(!matches!(status, StatusCode::Unknown(_)) && answer.len() == 1, "{answer:02x?}");
            return;
        }
    };
    assert!(parameters.is_empty() || cbor::check(parameters).is_ok(), "{parameters:02x?}");
    match Command::from_number(command) {
        Some(Command::MakeCredential) => {
            let response = make_credential::Response::from_bytes(parameters).expect("the answer's own form");
            not_verified(&response.attestation_object.authenticator_data().expect("authenticator data"));
        }
        Some(Command::GetAssertion | Command::GetNextAssertion) => {
            let response = get_assertion::Response::from_bytes(parameters).expect("the answer's own form");
            not_verified(&AuthenticatorData::from_bytes(&response.auth_data).expect("authenticator data"));
        }
        _ => {}
    }
}

/// No proof is ever made for a ceremony.
fn not_verified(data: &AuthenticatorData) {
    assert!(!data.flags.contains(Flags::UV), "UV without a proof");
}
