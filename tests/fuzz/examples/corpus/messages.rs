//! Messages as clients send them, and what the authenticator answers.

use fuzz::{Stage, passkeys};
use protocol::cbor::{self, Value, int_map, text_map};
use protocol::ctap::client_pin::{Request, Subcommand};
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol};
use protocol::ctap::{Command, large_blobs, response_parameters};
use protocol::webauthn::authenticator_data::rp_id_hash;

/// CBOR: the parameters of all commands, and of their answers.
pub fn parameters() -> Vec<(&'static str, Vec<u8>)> {
    let stage = Stage::new(true);
    let mut host = stage.host();
    let answers = [
        ("answer_to_make_credential", Command::MakeCredential, make_credential(&[])),
        ("answer_to_get_assertion", Command::GetAssertion, get_assertion(&[])),
        ("answer_to_get_info", Command::GetInfo, Vec::new()),
        ("answer_to_get_key_agreement", Command::ClientPin, subcommand(2, Subcommand::GetKeyAgreement)),
        ("answer_to_get_pin_retries", Command::ClientPin, subcommand(2, Subcommand::GetPinRetries)),
    ];
    let mut all: Vec<_> = commands().into_iter().map(|(name, _, parameters)| (name, parameters)).collect();
    for (name, command, parameters) in answers {
        let answer = host.ctap(&command.message(&parameters)).unwrap();
        all.push((name, response_parameters(&answer).unwrap().to_vec()));
    }
    all.push(("large_blob_array", large_blobs::serialize(vec![blob_entry()])));
    all.push(("large_blob_entry", cbor::encode(&blob_entry())));
    all.push(("cose_key", cbor::encode(&passkeys()[0].public_key.to_value())));
    all.push(("every_type", cbor::encode(&every_type())));
    all
}

/// One message of each kind.
pub fn commands() -> Vec<(&'static str, Command, Vec<u8>)> {
    let algorithms = |number: i64| vec![(4, Value::Array(vec![algorithm(number)]))];
    let extended = |extensions: &[(&str, Value)]| vec![(6, map(extensions))];
    let yes = Value::from(true);
    let mut all = vec![
        ("make_credential", Command::MakeCredential, make_credential(&[])),
        ("make_credential_eddsa", Command::MakeCredential, make_credential(&algorithms(-8))),
        ("make_credential_es384", Command::MakeCredential, make_credential(&algorithms(-35))),
        ("make_credential_ml_dsa_44", Command::MakeCredential, make_credential(&algorithms(-48))),
        ("make_credential_excluded", Command::MakeCredential, make_credential(&[(5, descriptors())])),
        ("make_credential_none", Command::MakeCredential, make_credential(&[(11, Value::Array(vec!["none".into()]))])),
        (
            "make_credential_not_resident",
            Command::MakeCredential,
            make_credential(&[(7, map(&[("rk", false.into())]))]),
        ),
        ("make_credential_uv", Command::MakeCredential, make_credential(&[(7, map(&[("uv", yes.clone())]))])),
        ("make_credential_proof", Command::MakeCredential, make_credential(&[(8, bytes(32)), (9, 2.into())])),
        ("make_credential_is_a_pin_set", Command::MakeCredential, make_credential(&[(8, bytes(0)), (9, 2.into())])),
        (
            "make_credential_extensions",
            Command::MakeCredential,
            make_credential(&extended(&[
                ("credProtect", 2.into()),
                ("credBlob", bytes(8)),
                ("hmac-secret", yes.clone()),
                ("largeBlobKey", yes.clone()),
                ("minPinLength", yes.clone()),
                ("thirdPartyPayment", yes.clone()),
            ])),
        ),
        (
            "make_credential_hmac_secret_mc",
            Command::MakeCredential,
            make_credential(&extended(&[("hmac-secret", yes.clone()), ("hmac-secret-mc", salts())])),
        ),
        ("get_assertion", Command::GetAssertion, get_assertion(&[])),
        ("get_assertion_allow_list", Command::GetAssertion, get_assertion(&[(3, descriptors())])),
        ("get_assertion_silent", Command::GetAssertion, get_assertion(&[(5, map(&[("up", false.into())]))])),
        ("get_assertion_proof", Command::GetAssertion, get_assertion(&[(6, bytes(16)), (7, 1.into())])),
        (
            "get_assertion_extensions",
            Command::GetAssertion,
            get_assertion(&[(
                4,
                map(&[
                    ("credBlob", yes.clone()),
                    ("hmac-secret", salts()),
                    ("largeBlobKey", yes.clone()),
                    ("thirdPartyPayment", yes),
                ]),
            )]),
        ),
        ("get_next_assertion", Command::GetNextAssertion, Vec::new()),
        ("get_info", Command::GetInfo, Vec::new()),
        ("reset", Command::Reset, Vec::new()),
        ("selection", Command::Selection, Vec::new()),
        ("large_blobs_get", Command::LargeBlobs, numbered(&[(1, 960.into()), (3, 0.into())])),
        ("large_blobs_set", Command::LargeBlobs, large_blobs_set()),
        ("config_always_uv", Command::AuthenticatorConfig, managed(2, None)),
        ("config_min_pin_length", Command::AuthenticatorConfig, managed(3, Some(min_pin_length()))),
    ];
    all.extend(client_pin().into_iter().map(|(name, parameters)| (name, Command::ClientPin, parameters)));
    all.extend(credential_management());
    all
}

/// Messages that go on with one another, as steps.
pub fn conversations() -> Vec<(&'static str, Vec<(u8, Vec<u8>)>)> {
    let step = |command: Command, parameters: Vec<u8>| (command.number(), parameters);
    let next = || step(Command::GetNextAssertion, Vec::new());
    vec![
        ("assertions_one_by_one", vec![step(Command::GetAssertion, get_assertion(&[])), next(), next()]),
        (
            "made_and_used",
            vec![
                step(Command::MakeCredential, make_credential(&[])),
                step(Command::GetAssertion, get_assertion(&[])),
                next(),
                (0xff, Vec::new()),
                next(),
            ],
        ),
        (
            "passkeys_looked_after",
            vec![token(CM, 0), metadata(), rps(), next_rp(), of_rp(), next_credential(), update(), delete()],
        ),
        ("passkeys_looked_at", vec![token(PCMR, 0), metadata(), rps(), of_rp(), delete()]),
        ("passkeys_of_one_rp", vec![token(CM, 1), of_rp(), next_credential(), rps()]),
        ("large_blobs_written", large_blobs_written()),
        ("settings_changed", settings_changed()),
    ]
}

fn large_blobs_written() -> Vec<(u8, Vec<u8>)> {
    let array = large_blobs::serialize(vec![blob_entry()]);
    let (first, second) = array.split_at(array.len() / 2);
    let fragment = |set: &[u8], offset: usize, length: Option<usize>| {
        let number = |number: usize| Value::from(number as u64);
        cbor::encode(&int_map([(2, Some(set.to_vec().into())), (3, Some(number(offset))), (4, length.map(number))]))
    };
    vec![
        token(LBW, 0),
        proven(Command::LargeBlobs, &fragment(first, 0, Some(array.len()))),
        proven(Command::LargeBlobs, &fragment(second, first.len(), None)),
        (Command::LargeBlobs.number(), numbered(&[(1, 960.into()), (3, 0.into())])),
    ]
}

fn settings_changed() -> Vec<(u8, Vec<u8>)> {
    vec![
        token(ACFG, 0),
        proven(Command::AuthenticatorConfig, &managed(2, None)),
        (Command::MakeCredential.number(), make_credential(&[])),
        proven(Command::AuthenticatorConfig, &managed(3, Some(min_pin_length()))),
        token(CM, 0),
        (Command::GetInfo.number(), Vec::new()),
    ]
}

/// See the target for what these steps mean.
fn token(permissions: u8, rp_id: u8) -> (u8, Vec<u8>) {
    (0xfe, vec![permissions, rp_id])
}

fn proven(command: Command, parameters: &[u8]) -> (u8, Vec<u8>) {
    (0xfd, command.message(parameters))
}

fn looked_after(number: i64, parameters: Option<Value>) -> (u8, Vec<u8>) {
    proven(Command::CredentialManagement, &managed(number, parameters))
}

fn metadata() -> (u8, Vec<u8>) {
    looked_after(1, None)
}

fn rps() -> (u8, Vec<u8>) {
    looked_after(2, None)
}

fn next_rp() -> (u8, Vec<u8>) {
    looked_after(3, None)
}

fn of_rp() -> (u8, Vec<u8>) {
    looked_after(4, Some(int_map([(1, Some(rp_id_hash(&"example.com".into()).to_vec().into()))])))
}

fn next_credential() -> (u8, Vec<u8>) {
    looked_after(5, None)
}

fn delete() -> (u8, Vec<u8>) {
    looked_after(6, Some(int_map([(2, Some(descriptor(0)))])))
}

fn update() -> (u8, Vec<u8>) {
    let user = text_map([("id", Some(vec![1].into())), ("name", Some("carol".into()))]);
    looked_after(7, Some(int_map([(2, Some(descriptor(0))), (3, Some(user))])))
}

/// Permissions (CTAP §6.5.5.7).
const CM: u8 = 0x04;
const LBW: u8 = 0x10;
const ACFG: u8 = 0x20;
const PCMR: u8 = 0x40;

/// clientPIN, each sub-command.
pub fn client_pin() -> Vec<(&'static str, Vec<u8>)> {
    let key = |request: &Request| Request { key_agreement: Some(platform_key()), ..request.clone() };
    let base = |subcommand: Subcommand| Request {
        pin_uv_auth_protocol: Some(2),
        subcommand: subcommand.number(),
        ..Request::default()
    };
    let full = |subcommand: Subcommand| Request {
        pin_uv_auth_param: Some(vec![7; 32]),
        new_pin_enc: Some(vec![7; 80]),
        pin_hash_enc: Some(vec![7; 32]),
        ..key(&base(subcommand))
    };
    let token = |subcommand: Subcommand| Request {
        permissions: Some(3),
        rp_id: Some("example.com".into()),
        pin_hash_enc: Some(vec![7; 32]),
        ..key(&base(subcommand))
    };
    vec![
        ("get_pin_retries", base(Subcommand::GetPinRetries).to_bytes()),
        ("get_key_agreement", base(Subcommand::GetKeyAgreement).to_bytes()),
        ("set_pin", full(Subcommand::SetPin).to_bytes()),
        ("change_pin", full(Subcommand::ChangePin).to_bytes()),
        (
            "get_pin_token",
            Request { pin_hash_enc: Some(vec![7; 32]), ..key(&base(Subcommand::GetPinToken)) }.to_bytes(),
        ),
        ("get_token_by_pin", token(Subcommand::GetPinUvAuthTokenUsingPinWithPermissions).to_bytes()),
        ("get_token_by_uv", token(Subcommand::GetPinUvAuthTokenUsingUvWithPermissions).to_bytes()),
        ("get_uv_retries", base(Subcommand::GetUvRetries).to_bytes()),
    ]
}

fn credential_management() -> Vec<(&'static str, Command, Vec<u8>)> {
    let descriptor = || int_map([(2, Some(descriptor(0)))]);
    let user = text_map([("id", Some(vec![1].into())), ("name", Some("carol".into()))]);
    let hash = Value::from(vec![0xa3_u8; 32]);
    [
        ("credentials_metadata", managed(1, None)),
        ("credentials_first_rp", managed(2, None)),
        ("credentials_next_rp", managed(3, None)),
        ("credentials_of_rp", managed(4, Some(int_map([(1, Some(hash))])))),
        ("credentials_next", managed(5, None)),
        ("credentials_delete", managed(6, Some(descriptor()))),
        ("credentials_update", managed(7, Some(int_map([(2, Some(self::descriptor(0))), (3, Some(user))])))),
    ]
    .map(|(name, parameters)| (name, Command::CredentialManagement, parameters))
    .into()
}

fn make_credential(changes: &[(i64, Value)]) -> Vec<u8> {
    let user =
        text_map([("id", Some(vec![9].into())), ("name", Some("bob".into())), ("displayName", Some("Bob".into()))]);
    numbered_with(
        &[
            (1, bytes(32)),
            (2, text_map([("id", Some("example.com".into())), ("name", Some("Example".into()))])),
            (3, user),
            (4, Value::Array([-7, -8].map(algorithm).to_vec())),
            (7, map(&[("rk", true.into())])),
        ],
        changes,
    )
}

fn get_assertion(changes: &[(i64, Value)]) -> Vec<u8> {
    numbered_with(&[(1, "example.com".into()), (2, bytes(32))], changes)
}

fn managed(number: i64, parameters: Option<Value>) -> Vec<u8> {
    cbor::encode(&int_map([(1, Some(number.into())), (2, parameters), (3, Some(2.into())), (4, Some(bytes(32)))]))
}

fn large_blobs_set() -> Vec<u8> {
    numbered(&[(2, bytes(16)), (3, 0.into()), (4, 32.into()), (5, bytes(32)), (6, 2.into())])
}

fn min_pin_length() -> Value {
    int_map([(1, Some(6.into())), (2, Some(Value::Array(vec!["example.com".into()]))), (3, Some(true.into()))])
}

fn subcommand(protocol: i64, subcommand: Subcommand) -> Vec<u8> {
    Request { pin_uv_auth_protocol: Some(protocol), subcommand: subcommand.number(), ..Request::default() }.to_bytes()
}

fn algorithm(number: i64) -> Value {
    text_map([("alg", Some(number.into())), ("type", Some("public-key".into()))])
}

/// The first two passkeys: the target puts their IDs in.
fn descriptors() -> Value {
    Value::Array(vec![descriptor(0), descriptor(1)])
}

fn descriptor(passkey: u8) -> Value {
    text_map([("id", Some(vec![0xa0 + passkey; 32].into())), ("type", Some("public-key".into()))])
}

fn salts() -> Value {
    int_map([
        (1, Some(platform_key().to_value())),
        (2, Some(bytes(48))),
        (3, Some(bytes(32))),
        (4, Some(PinUvAuthProtocol::Two.number().into())),
    ])
}

fn platform_key() -> protocol::cose::CoseKey {
    KeyAgreementKey::generate(&mut fuzz::Counter::default()).public()
}

fn blob_entry() -> Value {
    large_blobs::Entry { ciphertext: vec![7; 24], nonce: [7; 12], original_size: 8 }.to_value()
}

fn every_type() -> Value {
    Value::Array(vec![
        0.into(),
        (-1).into(),
        1_000_000_000_000_i64.into(),
        bytes(3),
        "text".into(),
        true.into(),
        Value::Null,
        1.5.into(),
        int_map([(1, Some(Value::Array(Vec::new()))), (-1, Some(text_map([])))]),
    ])
}

fn bytes(length: usize) -> Value {
    vec![0xcd; length].into()
}

fn map(members: &[(&str, Value)]) -> Value {
    Value::Map(members.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
}

fn numbered(members: &[(i64, Value)]) -> Vec<u8> {
    numbered_with(members, &[])
}

/// The map of `members`, with others added or in the place of those of the same key.
fn numbered_with(members: &[(i64, Value)], changes: &[(i64, Value)]) -> Vec<u8> {
    let kept = members.iter().filter(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
    let all = kept.chain(changes).map(|(key, value)| ((*key).into(), value.clone()));
    cbor::encode(&Value::Map(all.collect()))
}
