use serde_json::{Value, json};

use super::*;

fn inputs(value: Value) -> Result<AuthenticationExtensionsClientInputsJson, serde_json::Error> {
    serde_json::from_value(value)
}

#[test]
fn all_inputs_under_the_names_that_pages_use() {
    let all = inputs(json!({
        "appid": "https://example.com", "appidExclude": "https://example.org", "credProps": true,
        "prf": {"eval": {"first": "AQ", "second": "Ag"}, "evalByCredential": {"AAAA": {"first": ""}}},
        "largeBlob": {"support": "required", "read": false, "write": "Aw"},
        "credBlob": "BA", "getCredBlob": true, "minPinLength": true,
        "credentialProtectionPolicy": "userVerificationOptionalWithCredentialIDList",
        "enforceCredentialProtectionPolicy": true, "invented": {"a": 1},
    }))
    .expect("readable");
    let bytes = |bytes: &[u8]| Base64UrlString(bytes.to_vec());
    let value = |first, second| AuthenticationExtensionsPrfValuesJson { first, second };
    let expected = AuthenticationExtensionsClientInputsJson {
        appid: Some("https://example.com".into()),
        appid_exclude: Some("https://example.org".into()),
        cred_props: true,
        prf: Some(AuthenticationExtensionsPrfInputsJson {
            eval: Some(value(bytes(&[1]), Some(bytes(&[2])))),
            eval_by_credential: Some([("AAAA".into(), value(bytes(&[]), None))].into()),
        }),
        large_blob: Some(AuthenticationExtensionsLargeBlobInputsJson {
            support: Some(LargeBlobSupport::Required),
            read: Some(false),
            write: Some(bytes(&[3])),
        }),
        cred_blob: Some(bytes(&[4])),
        get_cred_blob: true,
        min_pin_length: true,
        credential_protection_policy: Some(CredProtect::UserVerificationOptionalWithCredentialIdList),
        enforce_credential_protection_policy: true,
    };
    assert_eq!(all, expected);
}

#[test]
fn the_three_policies() {
    for (name, number) in [
        ("userVerificationOptional", 1),
        ("userVerificationOptionalWithCredentialIDList", 2),
        ("userVerificationRequired", 3),
    ] {
        let policy =
            inputs(json!({"credentialProtectionPolicy": name})).expect("readable").credential_protection_policy;
        assert_eq!(policy.map(CredProtect::number), Some(number));
        assert_eq!(policy, CredProtect::from_number(number));
    }
}

/// L3 §9.3, and §2.1.1 for enumerations that are strings in WebIDL.
#[test]
fn unknown_enumeration_members_are_ignored() {
    let ignored = inputs(json!({"credentialProtectionPolicy": "never", "largeBlob": {"support": "perhaps"}}));
    let ignored = ignored.expect("readable");
    assert_eq!(ignored.credential_protection_policy, None);
    assert_eq!(ignored.large_blob, Some(AuthenticationExtensionsLargeBlobInputsJson::default()));
}

#[test]
fn what_has_another_type_is_an_error() {
    for wrong in [
        json!({"credProps": 1}),
        json!({"prf": {"eval": {}}}),
        json!({"prf": {"eval": {"first": "not base64url!"}}}),
        json!({"prf": {"evalByCredential": ["AAAA"]}}),
        json!({"largeBlob": {"write": 1}}),
        json!({"credBlob": [1, 2]}),
    ] {
        assert!(inputs(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn outputs_carry_only_what_is_there() {
    let json = |outputs: &AuthenticationExtensionsClientOutputsJson| serde_json::to_value(outputs).expect("JSON");
    assert_eq!(json(&AuthenticationExtensionsClientOutputsJson::default()), json!({}));
    let results = PrfResultsJson { first: [1; 32], second: None };
    let outputs = AuthenticationExtensionsClientOutputsJson {
        appid: Some(false),
        appid_exclude: Some(true),
        cred_props: Some(CredentialPropertiesOutput { rk: true }),
        prf: Some(AuthenticationExtensionsPrfOutputsJson { enabled: Some(true), results: Some(results) }),
        large_blob: Some(AuthenticationExtensionsLargeBlobOutputsJson {
            blob: Some(Base64UrlString(vec![2])),
            ..AuthenticationExtensionsLargeBlobOutputsJson::default()
        }),
        cred_blob: Some(false),
        get_cred_blob: Some(Base64UrlString(vec![])),
    };
    let first = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let expected = json!({
        "appid": false, "appidExclude": true, "credProps": {"rk": true},
        "prf": {"enabled": true, "results": {"first": first}},
        "largeBlob": {"blob": "Ag"}, "credBlob": false, "getCredBlob": "",
    });
    assert_eq!(json(&outputs), expected);
}
