use protocol::base64url;
use protocol::cose::CoseKey;
use protocol::ctap::StatusCode;
use protocol::native_message::{self, ErrorCode};
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{AAGUID, AuthenticatorData, Flags};
use serde_json::{Value, json};

use super::*;
use crate::client::prompt::Decision;
use crate::client::testing::{
    Authenticator, NEW_CREDENTIAL, World, approve, approve_with_new_pin, approve_with_pin, caller, claimed, credential,
    error_name, finish,
};
use crate::client::{Ancestors, Frame, HostError, Tab};

/// The least a page can ask for, changed by `with`.
pub(super) fn options(with: Value) -> Value {
    let mut options = json!({
        "rp": {"name": "Example", "id": "example.com"},
        "user": {"id": "BwgJ", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "AAEC",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    });
    for (name, value) in with.as_object().expect("an object") {
        options[name] = value.clone();
    }
    options
}

fn uv(requirement: &str) -> Value {
    options(json!({"authenticatorSelection": {"userVerification": requirement}}))
}

fn bytes(value: &Value) -> Vec<u8> {
    base64url::decode(value.as_str().expect("text")).expect("base64url")
}

fn native(world: &World, options: Value) {
    assert_eq!(world.create(options), Reply::Native);
    assert_eq!(world.asked(), 0);
}

#[test]
fn a_registration_has_every_member_of_l3() {
    let world = World::default().user([approve()]);
    let made = credential(world.create(options(json!({}))));
    let response = &made["response"];
    let id = base64url::encode(&NEW_CREDENTIAL);
    assert_eq!(made["id"], json!(id));
    assert_eq!(made["rawId"], json!(id));
    assert_eq!(made["type"], "public-key");
    assert_eq!(made["authenticatorAttachment"], "platform");
    assert_eq!(made["clientExtensionResults"], json!({}));
    assert_eq!(response["transports"], json!(["hybrid", "internal"]));
    assert_eq!(response["publicKeyAlgorithm"], -7);
    let client_data =
        r#"{"type":"webauthn.create","challenge":"AAEC","origin":"https://login.example.com","crossOrigin":false}"#;
    assert_eq!(bytes(&response["clientDataJSON"]), client_data.as_bytes());
    let object = AttestationObject::from_bytes(&bytes(&response["attestationObject"])).expect("canonical");
    assert_eq!(object.statement, AttestationStatement::None);
    assert_eq!(object.auth_data, bytes(&response["authenticatorData"]));
    let attested = object.authenticator_data().expect("readable").attested_credential_data.expect("attested");
    assert_eq!(attested.aaguid, AAGUID);
    assert_eq!(bytes(&response["publicKey"]), attested.public_key.to_spki_der().expect("a point"));
}

#[test]
fn the_host_is_asked_for_what_the_page_wants_and_sees_only_the_hash() {
    let world = World::default().user([approve()]);
    let made = credential(world.create(options(json!({
        "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}, {"type": "other", "alg": -7}],
        "excludeCredentials": [{"type": "public-key", "id": "AQ"}, {"type": "other", "id": "Ag"}],
    }))));
    let request = &world.authenticator.made.borrow()[0];
    let client_data = bytes(&made["response"]["clientDataJSON"]);
    assert_eq!(request.client_data_hash, protocol::webauthn::client_data::hash(&client_data));
    assert_eq!(request.rp_id, "example.com".into());
    assert_eq!(request.rp_name.as_deref(), Some("Example"));
    assert_eq!(request.user.id.as_bytes(), [7, 8, 9]);
    assert_eq!(request.user.name.as_deref(), Some("ada@example.com"));
    assert_eq!(request.algorithms, [-8, -7]);
    assert_eq!(request.exclude_list, [PublicKeyCredentialDescriptor { id: vec![1].into() }]);
    assert_eq!(request.options, Options { rk: Some(false), up: None, uv: None });
    assert_eq!(request.attestation_formats, ["none"]);
    assert_eq!(request.pin_uv_auth, None);
    let looked_for = manage::CandidatesRequest {
        rp_id: "example.com".into(),
        credential_ids: vec![vec![1].into()],
        algorithms: vec![-8, -7],
    };
    assert_eq!(*world.looked_for.borrow(), Some(looked_for), "it can make ready while the user reads");
}

#[test]
fn the_window_shows_the_account_and_the_origin() {
    let world = World::default().user([approve()]);
    world.create(options(
        json!({"user": {"id": "BwgJ", "name": "ada\u{202e}\n@example.com", "displayName": "x".repeat(9999)}}),
    ));
    let question = world.last_question();
    assert_eq!(question.origin, "https://login.example.com");
    assert_eq!(question.rp_id, "example.com".into());
    assert_eq!((question.verification, question.notice), (Verification::None, None));
    let Kind::Create { rp_name, user_name, user_display_name } = question.kind else { panic!("not create") };
    assert_eq!(rp_name, "Example");
    assert_eq!(user_name, "ada @example.com");
    assert_eq!(user_display_name.chars().count(), 129);
}

#[test]
fn cancel_is_not_allowed_and_use_another_is_native() {
    let world = World::default().user([Decision::Cancel]);
    assert_eq!(error_name(&world.create(options(json!({})))), "NotAllowedError");
    let world = World::default().user([Decision::UseAnother]);
    assert_eq!(world.create(options(json!({}))), Reply::Native);
    assert!(world.authenticator.made.borrow().is_empty());
}

#[test]
fn a_user_who_does_nothing_times_out() {
    let world = World { time_is_up: true, ..World::default() };
    assert_eq!(error_name(&world.create(options(json!({"timeout": 400_000})))), "NotAllowedError");
    assert_eq!(world.slept.get().map(|duration| duration.as_millis()), Some(400_000));
}

#[test]
fn required_verification_with_a_pin() {
    let world =
        World { authenticator: Authenticator::with_pin("1234"), ..World::default() }.user([approve_with_pin("1234")]);
    let made = credential(world.create(uv("required")));
    let data = AuthenticatorData::from_bytes(&bytes(&made["response"]["authenticatorData"])).expect("readable");
    assert!(data.flags.contains(Flags::UP | Flags::UV));
    assert_eq!(world.last_question().verification, Verification::Pin { retries: 8 });
    let request = &world.authenticator.made.borrow()[0];
    assert_eq!(request.pin_uv_auth.as_ref().and_then(|auth| auth.protocol), Some(2));
}

#[test]
fn protocol_one_where_the_host_has_no_other() {
    let authenticator = Authenticator { protocols: vec![3, 1], ..Authenticator::with_pin("1234") };
    let world = World { authenticator, ..World::default() }.user([approve_with_pin("1234")]);
    credential(world.create(uv("required")));
    let request = &world.authenticator.made.borrow()[0];
    assert_eq!(request.pin_uv_auth.as_ref().and_then(|auth| auth.protocol), Some(1));
}

#[test]
fn a_host_without_a_protocol_in_common_verifies_nobody() {
    let authenticator = Authenticator { protocols: vec![3], ..Authenticator::with_pin("1234") };
    let world = World { authenticator, ..World::default() }.user([approve_with_pin("1234")]);
    assert_eq!(error_name(&world.create(uv("required"))), "UnknownError");
}

#[test]
fn required_verification_without_a_pin_lets_one_be_chosen() {
    let world = World::default().user([
        approve_with_new_pin("12"),
        approve_with_new_pin(&"1".repeat(64)),
        approve_with_new_pin("ÄÖÜß"),
    ]);
    let made = credential(world.create(uv("required")));
    let data = AuthenticatorData::from_bytes(&bytes(&made["response"]["authenticatorData"])).expect("readable");
    assert!(data.flags.contains(Flags::UV));
    assert_eq!(world.authenticator.pin.borrow().as_deref(), Some("ÄÖÜß"));
    let questions = world.questions.borrow();
    assert!(questions.iter().all(|question| question.verification == Verification::NewPin { min_length: 4 }));
    let notices: Vec<_> = questions.iter().map(|question| question.notice.clone()).collect();
    assert_eq!(notices, [None, Some(Notice::PinTooShort), Some(Notice::PinRefused)]);
}

#[test]
fn a_wrong_pin_asks_again_until_the_pin_is_locked() {
    let world = World { authenticator: Authenticator::with_pin("1234"), ..World::default() };
    world.authenticator.retries.set(3);
    let world =
        world.user([approve_with_pin("0000"), approve_with_pin("1111"), approve_with_pin("2222"), Decision::Cancel]);
    assert_eq!(error_name(&world.create(uv("preferred"))), "NotAllowedError");
    let asked: Vec<_> =
        world.questions.borrow().iter().map(|question| (question.verification, question.notice.clone())).collect();
    assert_eq!(
        asked,
        [
            (Verification::Pin { retries: 3 }, None),
            (Verification::Pin { retries: 2 }, Some(Notice::WrongPin { retries: 2 })),
            (Verification::Pin { retries: 1 }, Some(Notice::WrongPin { retries: 1 })),
            (Verification::Pin { retries: 0 }, Some(Notice::PinLocked)),
        ]
    );
    assert!(world.authenticator.made.borrow().is_empty());
}

#[test]
fn a_wrong_pin_without_a_try_left_is_a_locked_pin() {
    let token_status = Some(StatusCode::PinInvalid);
    let authenticator = Authenticator { token_status, ..Authenticator::with_pin("1234") };
    /// The last try fails, and only then there are none left.
    fn after_the_last_try(question: &Question, world: &World) {
        assert_eq!(question.verification, Verification::Pin { retries: 1 });
        world.authenticator.retries.set(0);
    }
    authenticator.retries.set(1);
    let world = World { authenticator, watch: Some(after_the_last_try), ..World::default() };
    let world = world.user([approve_with_pin("0000"), Decision::UseAnother]);
    assert_eq!(world.create(uv("required")), Reply::Native);
    assert_eq!(world.last_question().notice, Some(Notice::PinLocked));
}

#[test]
fn a_locked_pin_cannot_be_approved_away() {
    let world = World { authenticator: Authenticator::with_pin("1234"), ..World::default() };
    world.authenticator.retries.set(0);
    let world = world.user([approve_with_pin("1234")]);
    assert_eq!(error_name(&world.create(uv("preferred"))), "NotAllowedError");
    assert_eq!(world.last_question().notice, Some(Notice::PinLocked));
    assert!(world.authenticator.made.borrow().is_empty());
}

#[test]
fn three_wrong_pins_in_a_row_pause_the_pin() {
    let token_status = Some(StatusCode::PinAuthBlocked);
    let authenticator = Authenticator { token_status, ..Authenticator::with_pin("1234") };
    let world = World { authenticator, ..World::default() }.user([approve_with_pin("1234"), Decision::UseAnother]);
    assert_eq!(world.create(uv("required")), Reply::Native);
    assert_eq!(world.last_question().notice, Some(Notice::PinPaused));
}

#[test]
fn a_window_that_forgets_the_pin_has_cancelled() {
    let world = World { authenticator: Authenticator::with_pin("1234"), ..World::default() }.user([approve()]);
    assert_eq!(error_name(&world.create(uv("required"))), "NotAllowedError");
}

#[test]
fn an_excluded_credential_is_told_after_consent_only() {
    let account = crate::client::get::tests::account(1, "ada");
    let excluding =
        || options(json!({"excludeCredentials": [{"type": "public-key", "id": base64url::encode(&[1; 32])}]}));
    for (decision, expected) in [(approve(), "InvalidStateError"), (Decision::Cancel, "NotAllowedError")] {
        let world = World { accounts: vec![account.clone()], ..World::default() }.user([decision]);
        assert_eq!(error_name(&world.create(excluding())), expected);
        assert_eq!(world.last_question().notice, Some(Notice::AlreadyRegistered));
        assert!(world.authenticator.made.borrow().is_empty());
    }
    let world = World { accounts: vec![account.clone()], time_is_up: true, ..World::default() };
    assert_eq!(error_name(&world.create(excluding())), "NotAllowedError");
    let world = World { accounts: vec![account], ..World::default() }.user([approve()]);
    credential(world.create(options(json!({}))));
}

#[test]
fn an_exclusion_found_only_by_the_host_is_the_same_error() {
    let authenticator = Authenticator { status: Some(StatusCode::CredentialExcluded), ..Authenticator::default() };
    let world = World { authenticator, ..World::default() }.user([approve()]);
    assert_eq!(error_name(&world.create(options(json!({})))), "InvalidStateError");
}

#[test]
fn algorithms() {
    let with = |parameters: Value| options(json!({"pubKeyCredParams": parameters}));
    let key = |alg: i64| json!({"type": "public-key", "alg": alg});
    for (parameters, expected) in [
        (json!([]), vec![-7, -257]),
        (json!([key(-49), key(-7), key(-48), key(-257), key(-35), key(-8)]), vec![-49, -7, -48, -257, -35, -8]),
        (json!([key(-65535), key(-8), key(-7), key(-37), key(-8), key(-7)]), vec![-8, -7]),
    ] {
        let world = World::default().user([approve()]);
        world.create(with(parameters));
        assert_eq!(world.authenticator.made.borrow()[0].algorithms, expected);
    }
    assert_eq!(error_name(&World::default().create(with(json!([{"type": "other", "alg": -7}])))), "NotSupportedError");
    native(&World::default(), with(json!([key(-65535), key(0)])));
}

#[test]
fn credential_properties_where_asked_for() {
    for (extensions, expected) in [
        (json!({"credProps": true, "invented": {"a": [1]}}), json!({"credProps": {"rk": false}})),
        (json!({"credProps": false}), json!({})),
        (json!({"invented": true}), json!({})),
    ] {
        let made = credential(World::default().user([approve()]).create(options(json!({"extensions": extensions}))));
        assert_eq!(made["clientExtensionResults"], expected);
    }
}

#[test]
fn a_credential_is_discoverable_where_that_is_required_or_preferred() {
    for (selection, expected) in [
        (json!({"residentKey": "required"}), true),
        (json!({"residentKey": "preferred"}), true),
        (json!({"residentKey": "discouraged"}), false),
        (json!({"residentKey": "discouraged", "requireResidentKey": true}), false),
        (json!({"residentKey": "preferred", "requireResidentKey": false}), true),
        (json!({"residentKey": "invented", "requireResidentKey": true}), true),
        (json!({"requireResidentKey": true}), true),
        (json!({"requireResidentKey": false}), false),
        (json!({}), false),
    ] {
        let world = World::default().user([approve()]);
        let asked = options(json!({"authenticatorSelection": selection, "extensions": {"credProps": true}}));
        let made = credential(world.create(asked));
        assert_eq!(world.authenticator.made.borrow()[0].options.rk, Some(expected), "{selection}");
        assert_eq!(made["clientExtensionResults"]["credProps"]["rk"], json!(expected), "{selection}");
    }
}

#[test]
fn attestation_is_conveyed_as_the_page_prefers() {
    for (preference, named, asked, format) in [
        (json!("direct"), json!([]), vec!["packed"], "packed"),
        (json!("enterprise"), json!([]), vec!["packed"], "packed"),
        (json!("direct"), json!(["none", "packed"]), vec!["none", "packed"], "none"),
        (json!("none"), json!(["packed"]), vec!["none"], "none"),
        (json!("indirect"), json!([]), vec!["none"], "none"),
        (json!("invented"), json!([]), vec!["none"], "none"),
    ] {
        let world = World::default().user([approve()]);
        let made = world.create(options(json!({"attestation": preference, "attestationFormats": named})));
        let object = bytes(&credential(made)["response"]["attestationObject"]);
        let statement = AttestationObject::from_bytes(&object).expect("canonical").statement;
        assert_eq!(world.authenticator.made.borrow()[0].attestation_formats, asked, "{preference}");
        assert_eq!(statement.format(), format, "{preference}");
    }
}

#[test]
fn a_statement_that_the_page_did_not_ask_for_is_taken_off() {
    let attested = protocol::webauthn::authenticator_data::AttestedCredentialData {
        aaguid: AAGUID,
        credential_id: NEW_CREDENTIAL.to_vec().into(),
        public_key: CoseKey::P256 { algorithm: -7, x: [1; 32], y: [1; 32] },
    };
    let packed = |algorithm| AttestationObject {
        statement: AttestationStatement::PackedSelf { algorithm, signature: vec![1] },
        auth_data: vec![1, 2, 3],
    };
    let conveyed = attestation::conveyed(packed(-7), &attested, None).expect("conveyed");
    assert_eq!(conveyed, AttestationObject { statement: AttestationStatement::None, auth_data: vec![1, 2, 3] });
    let direct = Some(protocol::webauthn::json::AttestationConveyancePreference::Direct);
    assert_eq!(attestation::conveyed(packed(-7), &attested, direct), Ok(packed(-7)));
    assert!(attestation::conveyed(packed(-8), &attested, direct).is_err());
}

#[test]
fn what_is_not_ours_is_the_browsers_with_nothing_shown() {
    let selection = |attachment: &str| json!({"authenticatorAttachment": attachment});
    native(&World::default(), options(json!({"authenticatorSelection": selection("cross-platform")})));
    native(&World::default(), options(json!({"hints": ["invented", "security-key", "client-device"]})));
    let key = json!({"hints": ["security-key"], "authenticatorSelection": selection("platform")});
    native(&World::default(), options(key));
    native(&World::default(), options(json!({"hints": ["hybrid"], "authenticatorSelection": selection("platform")})));
    native(&World::default(), options(json!({"rp": {"name": "Other", "id": "example.org"}})));
    let hinted = options(json!({"hints": ["client-device"], "authenticatorSelection": selection("cross-platform")}));
    credential(World::default().user([approve()]).create(hinted));
    let unknown = options(json!({"hints": ["invented"], "authenticatorSelection": selection("unknown")}));
    credential(World::default().user([approve()]).create(unknown));
}

#[test]
fn silent_requests_and_foreign_frames_are_the_browsers() {
    let page = caller("https://login.example.com");
    for mediation in ["immediate", "silent"] {
        let request = PageRequest {
            options: options(json!({})),
            mediation: Some(mediation.into()),
            frame: Frame::default(),
            ancestor_origins: Vec::new(),
        };
        assert_eq!(finish(create(&page, Claimed::new(request), &World::default())), Reply::Native);
    }
    for mediation in ["optional", "required"] {
        let request = PageRequest {
            options: options(json!({})),
            mediation: Some(mediation.into()),
            frame: Frame::default(),
            ancestor_origins: Vec::new(),
        };
        credential(finish(create(&page, Claimed::new(request), &World::default().user([approve()]))));
    }
    let frame = Caller { ancestors: Ancestors::CrossOrigin { top: None }, ..page };
    assert_eq!(finish(create(&frame, claimed(options(json!({}))), &World::default())), Reply::Native);
}

#[test]
fn bad_options_are_errors_of_the_page() {
    for (with, expected) in [
        (json!({"user": {"id": "", "name": "a", "displayName": ""}}), "TypeError"),
        (json!({"user": {"id": base64url::encode(&[1; 65]), "name": "a", "displayName": ""}}), "TypeError"),
        (json!({"challenge": null}), "TypeError"),
        (json!({"rp": {"name": "Example", "id": ""}}), "SecurityError"),
        (json!({"rp": {"name": "Example", "id": "com"}}), "SecurityError"),
    ] {
        let world = World::default();
        assert_eq!(error_name(&world.create(options(with.clone()))), expected, "{with}");
        assert_eq!(world.asked(), 0);
    }
    assert_eq!(error_name(&World::default().create(json!("nonsense"))), "TypeError");
}

#[test]
fn without_a_host_it_is_the_browsers() {
    for error in [HostError::Gone, HostError::Unintelligible] {
        native(&World { manage_error: Some(error), ..World::default() }, options(json!({})));
    }
    let world = World { ctap_error: Some((0x01, HostError::Gone)), ..World::default() }.user([approve()]);
    assert_eq!(world.create(options(json!({}))), Reply::Native);
}

#[test]
fn what_the_host_cannot_do_is_said_in_the_window() {
    let refusal = native_message::Error::new(ErrorCode::KeychainLocked, "The keychain is locked. Unlock it.");
    let (code, message) = (refusal.code, refusal.message.clone());
    let notice = Some(Notice::HostError { code, message });
    for (decision, expected) in [(Decision::UseAnother, "native"), (Decision::Cancel, "error"), (approve(), "error")] {
        let world =
            World { manage_error: Some(HostError::Refused(refusal.clone())), ..World::default() }.user([decision]);
        let reply = world.create(options(json!({})));
        assert_eq!(reply == Reply::Native, expected == "native", "{reply:?}");
        assert_eq!((world.last_question().notice, world.asked()), (notice.clone(), 1));
    }
    let world = World { ctap_error: Some((0x01, HostError::Refused(refusal))), ..World::default() };
    let world = world.user([approve(), Decision::Cancel]);
    assert_eq!(error_name(&world.create(options(json!({})))), "NotAllowedError");
    assert_eq!(world.last_question().notice, notice);
}

#[test]
fn only_the_first_passkey_of_an_rp_id_is_told_to_be_that() {
    let held = |accounts| World { accounts, ..World::default() }.user([approve()]);
    let others = json!({"excludeCredentials": [{"type": "public-key", "id": "AQ"}]});
    for with in [json!({}), others] {
        let world = held(Vec::new());
        credential(world.create(options(with.clone())));
        assert_eq!(world.firsts.get(), 1, "{with}");
        let world = held(vec![crate::client::get::tests::account(7, "grace")]);
        credential(world.create(options(with.clone())));
        assert_eq!(world.firsts.get(), 0, "{with}");
        let world = World::default().user([Decision::Cancel]);
        error_name(&world.create(options(with.clone())));
        assert_eq!(world.firsts.get(), 0, "{with}");
        let mut world = held(Vec::new());
        world.authenticator.spoil = |data| data.flags = data.flags | Flags::BE | Flags::BS;
        credential(world.create(options(with.clone())));
        assert_eq!(world.firsts.get(), 0, "synchronized: {with}");
    }
}

#[test]
fn the_browsers_own_for_good_is_the_browsers_own_where_it_was_offered() {
    let world = World::default().user([Decision::AlwaysUseAnother]);
    assert_eq!(world.create(options(json!({}))), Reply::Native);
    let page = caller("https://login.example.com");
    let private = Caller { tab: Tab { private: true, container: false }, ..page };
    let world = World::default().user([Decision::AlwaysUseAnother]);
    let reply = finish(create(&private, claimed(options(json!({}))), &world));
    assert_eq!(error_name(&reply), "NotAllowedError");
}

#[test]
fn a_host_that_breaks_its_contract_gives_the_page_nothing() {
    type Spoiler = fn(&mut AuthenticatorData);
    let spoilers: [(&str, Spoiler); 8] = [
        ("rpIdHash", |data| data.rp_id_hash[0] ^= 1),
        ("UP", |data| data.flags = Flags::from(0)),
        ("UV", |data| data.flags = Flags::UP | Flags::UV),
        ("BS without BE", |data| data.flags = Flags::UP | Flags::BS),
        ("AT", |data| data.attested_credential_data = None),
        ("short id", |data| attested_of(data).credential_id = vec![1; 15].into()),
        ("excluded id", |data| attested_of(data).credential_id = vec![3; 32].into()),
        ("alg", |data| {
            let key = &mut attested_of(data).public_key;
            *key = CoseKey::from_sec1(&key.to_public_bytes(), -25).expect("a point");
        }),
    ];
    for (name, spoil) in spoilers {
        let authenticator = Authenticator { spoil, ..Authenticator::default() };
        let world = World { authenticator, ..World::default() }.user([approve()]);
        let excluded = json!([{"type": "public-key", "id": base64url::encode(&[3; 32])}]);
        assert_eq!(
            error_name(&world.create(options(json!({"excludeCredentials": excluded})))),
            "UnknownError",
            "{name}"
        );
    }
}

fn attested_of(data: &mut AuthenticatorData) -> &mut protocol::webauthn::authenticator_data::AttestedCredentialData {
    data.attested_credential_data.as_mut().expect("attested")
}
