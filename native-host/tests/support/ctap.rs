//! CTAP messages as the extension sends them.

use protocol::cbor::{Value, encode, int_map, text_map};
use protocol::ctap::{get_assertion, make_credential, response_parameters};
use protocol::webauthn::CredentialId;

/// makeCredential for `rp_id` and a user handle.
pub fn make(rp_id: &str, user: &[u8]) -> Vec<u8> {
    make_named(rp_id, user, "alice@example.com")
}

/// makeCredential for `rp_id`, a user handle and a user name.
pub fn make_named(rp_id: &str, user: &[u8], name: &str) -> Vec<u8> {
    let parameters = int_map([
        (1, Some(vec![0xcd; 32].into())),
        (2, Some(text_map([("id", Some(rp_id.into()))]))),
        (3, Some(text_map([("id", Some(user.to_vec().into())), ("name", Some(name.into()))]))),
        (4, Some(Value::Array(vec![text_map([("alg", Some((-7).into())), ("type", Some("public-key".into()))])]))),
        (7, Some(text_map([("rk", Some(true.into()))]))),
    ]);
    [&[0x01], &encode(&parameters)[..]].concat()
}

/// getAssertion for `rp_id`.
pub fn get(rp_id: &str) -> Vec<u8> {
    let parameters = int_map([(1, Some(rp_id.into())), (2, Some(vec![0xcd; 32].into()))]);
    [&[0x02], &encode(&parameters)[..]].concat()
}

/// The credential that a makeCredential answer speaks of.
pub fn made(answer: &[u8]) -> CredentialId {
    let response = make_credential::Response::from_bytes(response_parameters(answer).unwrap()).unwrap();
    let data = response.attestation_object.authenticator_data().unwrap();
    data.attested_credential_data.unwrap().credential_id
}

/// The credential that a getAssertion answer is signed by.
pub fn signed_by(answer: &[u8]) -> CredentialId {
    get_assertion::Response::from_bytes(response_parameters(answer).unwrap()).unwrap().credential.id
}
