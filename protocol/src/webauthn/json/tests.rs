use serde_json::{Value, json};

use super::{
    AttestationConveyancePreference, AuthenticationResponseJson, AuthenticatorAssertionResponseJson,
    AuthenticatorAttachment, AuthenticatorAttestationResponseJson, PublicKeyCredentialCreationOptionsJson,
    PublicKeyCredentialRequestOptionsJson, RegistrationResponseJson, ResidentKeyRequirement,
    UserVerificationRequirement,
};

fn creation(with: Value) -> Result<PublicKeyCredentialCreationOptionsJson, serde_json::Error> {
    let mut options = json!({
        "rp": {"name": "Example"},
        "user": {"id": "AQID", "name": "alex@example.org", "displayName": "Alex"},
        "challenge": "AAAA",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    });
    for (name, value) in with.as_object().expect("an object") {
        options[name] = value.clone();
    }
    serde_json::from_value(options)
}

#[test]
fn the_least_a_site_can_send_is_read() {
    let options = creation(json!({})).expect("readable");
    assert_eq!(options.user.id.as_bytes(), [1, 2, 3]);
    assert_eq!(options.timeout, None);
    assert_eq!(options.rp.id, None);
    assert_eq!(options.authenticator_selection.user_verification, None);
}

#[test]
fn enumeration_members_are_read() {
    let options = creation(json!({
        "attestation": "direct",
        "authenticatorSelection": {"authenticatorAttachment": "cross-platform", "residentKey": "required", "userVerification": "discouraged"},
    }))
    .expect("readable");
    assert_eq!(options.attestation, Some(AttestationConveyancePreference::Direct));
    let selection = options.authenticator_selection;
    assert_eq!(selection.authenticator_attachment, Some(AuthenticatorAttachment::CrossPlatform));
    assert_eq!(selection.resident_key, Some(ResidentKeyRequirement::Required));
    assert_eq!(selection.user_verification, Some(UserVerificationRequirement::Discouraged));
}

#[test]
fn unknown_enumeration_members_and_unknown_members_are_ignored() {
    let options = creation(json!({
        "attestation": "sometimes", "invented": 1,
        "authenticatorSelection": {"authenticatorAttachment": "none", "residentKey": "maybe", "userVerification": "often"},
    }))
    .expect("readable");
    assert_eq!(options.attestation, None);
    assert_eq!(options.authenticator_selection, Default::default());
}

#[test]
fn missing_members_are_an_error() {
    assert!(creation(json!({"rp": {}})).is_err());
    assert!(creation(json!({"user": {"id": "AQID", "name": "a"}})).is_err());
    assert!(serde_json::from_value::<PublicKeyCredentialRequestOptionsJson>(json!({})).is_err());
}

#[test]
fn responses_have_the_members_of_l3() {
    let response = AuthenticatorAttestationResponseJson {
        client_data_json: vec![1],
        authenticator_data: vec![2],
        transports: vec!["hybrid".into(), "internal".into()],
        public_key: vec![3],
        public_key_algorithm: -7,
        attestation_object: vec![4],
    };
    assert_eq!(
        serde_json::to_value(RegistrationResponseJson::new(vec![9].into(), response)).expect("JSON"),
        json!({
            "id": "CQ", "rawId": "CQ", "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "AQ", "authenticatorData": "Ag", "transports": ["hybrid", "internal"],
                "publicKey": "Aw", "publicKeyAlgorithm": -7, "attestationObject": "BA",
            },
        })
    );
    let response = AuthenticatorAssertionResponseJson {
        client_data_json: vec![1],
        authenticator_data: vec![2],
        signature: vec![3],
        user_handle: None,
    };
    assert_eq!(
        serde_json::to_value(AuthenticationResponseJson::new(vec![9].into(), response)).expect("JSON"),
        json!({
            "id": "CQ", "rawId": "CQ", "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {"clientDataJSON": "AQ", "authenticatorData": "Ag", "signature": "Aw"},
        })
    );
}
