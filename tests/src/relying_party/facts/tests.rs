use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::Facts;

const AAGUID: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn auth_data(flags: u8) -> Vec<u8> {
    [&[7; 32][..], &[flags], &[0, 0, 1, 2], &AAGUID].concat()
}

#[test]
fn every_flag_is_read_from_its_own_bit() {
    let facts = |flags| {
        let data = BASE64URL_NOPAD.encode(&auth_data(flags));
        let facts =
            Facts::of_sign_in(&json!({ "response": { "authenticatorData": data } })).expect("37 bytes and more");
        (facts.user_present, facts.user_verified, facts.backup_eligible, facts.backup_state)
    };
    assert_eq!(facts(0x00), (false, false, false, false));
    assert_eq!(facts(0x01), (true, false, false, false));
    assert_eq!(facts(0x04), (false, true, false, false));
    assert_eq!(facts(0x08), (false, false, true, false));
    assert_eq!(facts(0x10), (false, false, false, true));
}

#[test]
fn a_registration_names_the_model_and_the_counter() {
    let map = ciborium::Value::Map(vec![
        ("fmt".into(), "none".into()),
        ("attStmt".into(), ciborium::Value::Map(Vec::new())),
        ("authData".into(), ciborium::Value::Bytes(auth_data(0x45))),
    ]);
    let mut object = Vec::new();
    ciborium::into_writer(&map, &mut object).expect("written to memory");
    let object = BASE64URL_NOPAD.encode(&object);
    let facts = Facts::of_registration(&json!({ "response": { "attestationObject": object } })).expect("whole");
    assert_eq!(facts.aaguid.as_deref(), Some("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    assert_eq!(facts.sign_count, 0x102);
}

#[test]
fn what_is_too_short_or_not_there_says_nothing() {
    let short = BASE64URL_NOPAD.encode(&auth_data(1)[..36]);
    assert_eq!(Facts::of_sign_in(&json!({ "response": { "authenticatorData": short } })), None);
    assert_eq!(Facts::of_sign_in(&json!({})), None);
    assert_eq!(Facts::of_registration(&json!({ "response": { "attestationObject": "AAAA" } })), None);
}
