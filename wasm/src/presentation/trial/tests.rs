use protocol::webauthn::client_data::{CeremonyType, CollectedClientData};

use super::*;

const ORIGIN: &str = "chrome-extension://kgckkhcbepgohlebaepifclndmlpapih";

fn client_data(ceremony: CeremonyType, challenge: &[u8], origin: &str) -> Vec<u8> {
    CollectedClientData { ceremony, challenge, origin, cross_origin: false, top_origin: None }.serialize()
}

fn auth_data(rp_id: &str, flags: Flags) -> Vec<u8> {
    let mut data = rp_id_hash(&rp_id.into()).to_vec();
    data.push(flags.byte());
    data.extend([0; 4]);
    data
}

fn answer(client_data: &[u8], auth_data: &[u8], signature: &[u8]) -> Value {
    json!({"id": "AQID", "response": {
        "clientDataJSON": base64url::encode(client_data),
        "authenticatorData": base64url::encode(auth_data),
        "signature": base64url::encode(signature),
    }})
}

/// r of one byte, s of 33 with its leading zero.
fn signature() -> Vec<u8> {
    let mut der = vec![0x30, 3 + 35, 0x02, 1, 7, 0x02, 33, 0];
    der.extend([0x80; 32]);
    der
}

#[test]
fn an_assertion_is_for_this_challenge_origin_and_rp_id_with_the_user_verified() {
    let made = Made { id: "AQID".to_owned(), public_key: vec![] };
    let good = client_data(CeremonyType::Get, &[1; 32], ORIGIN);
    let verified = auth_data(OWN_RP_ID, Flags::UP | Flags::UV);
    let checked = signed(&answer(&good, &verified, &signature()), &made, &[1; 32], ORIGIN).unwrap();
    assert_eq!(checked.data, [&verified[..], &client_data::hash(&good).0].concat());
    assert_eq!((checked.signature.len(), checked.signature[31], checked.signature[32]), (64, 7, 0x80));
    let refused = |client_data: &[u8], auth_data: &[u8]| {
        assert_eq!(signed(&answer(client_data, auth_data, &signature()), &made, &[1; 32], ORIGIN), None);
    };
    refused(&client_data(CeremonyType::Get, &[2; 32], ORIGIN), &verified);
    refused(&client_data(CeremonyType::Create, &[1; 32], ORIGIN), &verified);
    refused(&client_data(CeremonyType::Get, &[1; 32], "https://keystow.test"), &verified);
    refused(&good, &auth_data(OWN_RP_ID, Flags::UP));
    refused(&good, &auth_data("example.com", Flags::UP | Flags::UV));
    let other = Made { id: "AQIE".to_owned(), ..made.clone() };
    assert_eq!(signed(&answer(&good, &verified, &signature()), &other, &[1; 32], ORIGIN), None);
}

#[test]
fn a_signature_is_read_whole_or_not_at_all() {
    assert!(raw_signature(&signature()).is_some());
    assert_eq!(raw_signature(&[]), None);
    assert_eq!(raw_signature(&signature()[..20]), None);
    assert_eq!(raw_signature(&[&signature()[..], &[0]].concat()), None);
    let too_long = [&[0x30, 37, 0x02, 33][..], &[1; 33], &[0x02, 0]].concat();
    assert_eq!(raw_signature(&too_long), None);
}

#[test]
fn what_is_asked_for_names_no_rp_id() {
    assert_eq!(creation(&[1], &[2], "x")["rp"], json!({"name": "x"}));
    assert!(request(&[1], "AQID").get("rpId").is_none());
}
